"""A user is one customer of the provider's, however often and from wherever they register."""

from __future__ import annotations

import pytest

from ledger.checkout.catalog import PlanTerms, offer_plan
from ledger.checkout.refusals import InvalidTerms
from ledger.checkout.registration import Person, register
from ledger.providers.problems import ProviderBadRequest, ProviderUnavailable
from tests.ledger.checkout.world import ANN, World
from tests.ledger.given import usd
from tests.ledger.providers.stripe.objects import customer
from tests.ledger.providers.stripe.payloads import event

STARTER = PlanTerms("starter", "Starter", usd(0), "month", starter=True)


def test_registering_twice_makes_one_customer() -> None:
    world = World()

    first, again = (register(world.shop, ANN, world.on(n)) for n in (0, 1))

    assert first == again
    (made,) = world.provider.all("customer")
    assert (made["id"], made["email"], made["metadata"]) == (
        first.provider_customer_id,
        "ann@example.org",
        {"user_id": "ann"},
    )


def test_another_address_or_name_is_told_to_the_provider_once() -> None:
    world = World()
    first = register(world.shop, ANN, world.on(0))

    for moved in (Person("ann", "ann@new.example"), Person("ann", "ann@new.example"), ANN, ANN):
        assert register(world.shop, moved, world.on(1)) == first

    (made,) = world.provider.all("customer")
    assert (made["email"], made["name"]) == (ANN.email, ANN.name)
    assert len(set(world.provider.asked_for("update_customer"))) == 2
    world.deliver()
    (row,) = world.rows("customers")
    assert (row.email, row.customer_id) == (ANN.email, "ann")


@pytest.mark.parametrize("fails", ["fail_before", "lose_answer"])
def test_a_crash_while_telling_an_address_is_healed_by_the_next_try(fails: str) -> None:
    world = World()
    register(world.shop, ANN, world.on(0))
    getattr(world.provider, fails).append(ProviderUnavailable("Fake", "no answer"))

    moved = Person("ann", "ann@new.example")
    with pytest.raises(ProviderUnavailable):
        register(world.shop, moved, world.on(1))
    register(world.shop, moved, world.on(2))

    (made,) = world.provider.all("customer")
    assert (made["email"], made["name"]) == ("ann@new.example", "Ann")
    assert len(set(world.provider.asked_for("update_customer"))) == 1


@pytest.mark.parametrize("fails", ["fail_before", "lose_answer"])
def test_a_crash_while_registering_is_healed_by_the_next_try(fails: str) -> None:
    world = World()
    getattr(world.provider, fails).append(ProviderUnavailable("Fake", "no answer"))

    with pytest.raises(ProviderUnavailable):
        register(world.shop, ANN, world.on(0))
    changed = Person("ann", "ann@new.example", "Ann")
    registered = register(world.shop, changed, world.on(1))

    (made,) = world.provider.all("customer")
    assert made["id"] == registered.provider_customer_id
    assert len(set(world.provider.asked_for("create_customer"))) == 1


def test_what_the_provider_refuses_for_good_is_asked_anew_with_another_key() -> None:
    world = World()
    world.provider.fail_before.append(ProviderBadRequest("Fake", "no such e-mail address"))

    with pytest.raises(ProviderBadRequest):
        register(world.shop, Person("ann", "ann@"), world.on(0))
    register(world.shop, ANN, world.on(1))

    assert len(set(world.provider.asked_for("create_customer"))) == 2
    (made,) = world.provider.all("customer")
    assert made["email"] == "ann@example.org"


def test_who_registers_starts_with_the_free_plan_once() -> None:
    world = World()
    offer_plan(world.shop, STARTER, world.on(0))

    first, again = (register(world.shop, ANN, world.on(n)) for n in (0, 1))
    world.deliver()

    (made,) = world.provider.all("subscription")
    assert first == again
    assert first.starter_subscription_id == made["id"]
    assert made["metadata"] == {"user_id": "ann", "platform": "LEAD", "slot": "plan"}
    (access,) = world.rows("entitlements")
    assert (access.customer_id, access.feature) == ("ann", "plan:starter")


def test_a_starter_plan_offered_later_reaches_who_registers_again() -> None:
    world = World()
    assert register(world.shop, ANN, world.on(0)).starter_subscription_id is None
    offer_plan(world.shop, STARTER, world.on(1))

    assert register(world.shop, ANN, world.on(2)).starter_subscription_id is not None


def test_a_plan_whose_answer_was_lost_is_the_same_plan_after_the_next_try() -> None:
    world = World()
    offer_plan(world.shop, STARTER, world.on(0))
    world.registered(Person("bob"))
    world.provider.at += 1
    register(world.shop, ANN, world.on(1))  # so that ann's customer is not what fails
    assert len(world.provider.all("subscription")) == 2

    other = World()
    other.registered()
    offer_plan(other.shop, STARTER, other.on(0))
    other.provider.lose_answer.append(ProviderUnavailable("Fake", "no answer"))
    with pytest.raises(ProviderUnavailable):
        register(other.shop, ANN, other.on(1))
    healed = register(other.shop, ANN, other.on(2))

    assert [each["id"] for each in other.provider.all("subscription")] == [
        healed.starter_subscription_id
    ]


def test_a_customer_the_provider_told_of_already_is_not_made_again() -> None:
    world = World()
    world.deliver(event("customer.created", customer(id="cus_old", metadata={"user_id": "ann"})))

    assert world.registered() == "cus_old"
    assert world.provider.all("customer") == []


def test_a_stranger_with_the_same_address_is_not_taken_for_the_user() -> None:
    world = World()
    world.deliver(event("customer.created", customer(id="cus_old", metadata={"user_id": "eve"})))

    assert world.registered() != "cus_old"


def test_a_customer_deleted_at_the_provider_is_made_again() -> None:
    world = World()
    gone = world.registered()
    world.deliver()
    world.deliver(event("customer.deleted", world.provider.get(gone), 1))

    assert world.registered() != gone


@pytest.mark.parametrize("user_id", ["", "a\nb", "x" * 201])
def test_an_id_nobody_can_keep_is_refused(user_id: str) -> None:
    world = World()

    with pytest.raises(InvalidTerms, match="user_id"):
        register(world.shop, Person(user_id), world.on(0))
    assert world.provider.asked == []
