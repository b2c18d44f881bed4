"""Cards are saved with the provider, once for each click, and pay once they are chosen."""

from __future__ import annotations

import pytest

from ledger.checkout.cards import add_card, saved_cards, use_new_card
from ledger.checkout.refusals import CardNotSaved, InvalidTerms, NotYours
from ledger.checkout.registration import Person
from ledger.providers.problems import ProviderUnavailable
from tests.ledger.checkout.world import ANN, World


def test_a_click_opens_one_setup_and_registers_who_clicks() -> None:
    world = World()

    first, again = (add_card(world.shop, ANN, "click-1", world.on(n)) for n in (0, 1))

    assert first == again
    assert first.client_secret
    assert add_card(world.shop, ANN, "click-2", world.on(2)).id != first.id
    assert len(world.provider.all("customer")) == 1


def test_a_lost_answer_is_asked_for_again() -> None:
    world = World()
    world.registered()
    world.provider.lose_answer.append(ProviderUnavailable("Fake", "no answer"))
    with pytest.raises(ProviderUnavailable):
        add_card(world.shop, ANN, "click-1", world.on(0))

    add_card(world.shop, ANN, "click-1", world.on(1))
    assert len(world.provider.all("setup_intent")) == 1


def test_a_new_card_pays_once_the_page_has_saved_it() -> None:
    world = World()
    old = world.provider.save_card(world.registered())
    setup = add_card(world.shop, ANN, "click-1", world.on(0))
    with pytest.raises(CardNotSaved, match="requires_action"):
        use_new_card(world.shop, "ann", setup.id, world.on(0))

    new = world.outbound.finish_setup(setup.id)
    for _ in range(2):
        assert use_new_card(world.shop, "ann", setup.id, world.on(1)).id == new

    assert [each.id for each in saved_cards(world.shop, "ann")] == [new, old]
    assert len(world.provider.asked_for("use_card")) == 1


def test_the_only_card_pays_no_bills_before_it_is_chosen() -> None:
    world = World()
    world.registered()
    setup = add_card(world.shop, ANN, "click-1", world.on(0))
    card = world.outbound.finish_setup(setup.id)
    assert [each.is_default for each in saved_cards(world.shop, "ann")] == [False]

    assert use_new_card(world.shop, "ann", setup.id, world.on(1)).id == card
    assert [each.is_default for each in saved_cards(world.shop, "ann")] == [True]


def test_a_card_may_pay_again_after_another_did() -> None:
    world = World()
    setups = [add_card(world.shop, ANN, f"click-{n}", world.on(0)) for n in range(2)]
    cards = [world.outbound.finish_setup(each.id) for each in setups]

    for number in (0, 1, 0):
        use_new_card(world.shop, "ann", setups[number].id, world.on(1))
        assert saved_cards(world.shop, "ann")[0].id == cards[number]


def test_what_was_healed_is_done_again_after_somebody_undid_it_elsewhere() -> None:
    world = World()
    old = world.provider.save_card(world.registered())
    setup = add_card(world.shop, ANN, "click-1", world.on(0))
    new = world.outbound.finish_setup(setup.id)
    world.provider.lose_answer.append(ProviderUnavailable("Fake", "no answer"))
    with pytest.raises(ProviderUnavailable):
        use_new_card(world.shop, "ann", setup.id, world.on(1))
    use_new_card(world.shop, "ann", setup.id, world.on(2))
    world.provider.get("cus_1")["_card"] = old

    use_new_card(world.shop, "ann", setup.id, world.on(3))
    assert saved_cards(world.shop, "ann")[0].id == new


def test_the_setup_of_somebody_else_is_not_used() -> None:
    world = World()
    setup = add_card(world.shop, Person("bob"), "click-1", world.on(0))

    with pytest.raises(NotYours, match=setup.id):
        use_new_card(world.shop, "ann", setup.id, world.on(0))


def test_who_is_not_registered_has_no_cards() -> None:
    assert saved_cards(World().shop, "ann") == []


def test_a_click_needs_a_key() -> None:
    world = World()

    with pytest.raises(InvalidTerms, match="key"):
        add_card(world.shop, ANN, "", world.on(0))
