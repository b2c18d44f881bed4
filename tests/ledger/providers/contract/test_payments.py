"""Every provider keeps customers, cards and payments as the ledger asks it to."""

from __future__ import annotations

import pytest

from ledger.money import Money
from ledger.observations import CustomerObserved, PaymentObserved, RefundObserved
from ledger.providers.outbound import (
    NewCustomer,
    NewPayment,
    NewProduct,
    NewSession,
    PricePackage,
    Words,
)
from ledger.providers.problems import ProviderBadRequest, ProviderKeyRefused, ProviderNotFound
from ledger.snapshots import newest
from tests.ledger.providers.contract.provider import ANN, Provider, card_of, package, said

SOLD = {"user_id": "ann", "platform": "LEAD", "learning_path_id": "7"}


def sale(customer_id: str, minor: int = 1999, currency: str = "usd") -> NewPayment:
    return NewPayment(customer_id, Money(minor, currency), "LEAD - a path", SOLD)


def test_a_customer_is_made_once_for_each_key(provider: Provider) -> None:
    first = provider.outbound.create_customer("ann", ANN)
    again = provider.outbound.create_customer("ann", ANN)
    other = provider.outbound.create_customer("ann-2", ANN)

    assert first == again != other


def test_a_customer_is_told_as_the_application_named_them(provider: Provider) -> None:
    made = provider.outbound.create_customer("ann", ANN)

    [seen] = [it for it in said(provider) if isinstance(it, CustomerObserved)]
    assert seen.provider_customer_id == made
    assert seen.snapshot
    state = seen.snapshot.state
    assert (state.user_id, state.email, state.name) == ("ann", "ann@example.org", "Ann")


def test_a_customer_gets_another_address_and_keeps_what_is_not_said(provider: Provider) -> None:
    made = provider.outbound.create_customer("ann", ANN)
    moved = NewCustomer("ann", "ann@new.example")

    for _ in range(2):
        provider.outbound.update_customer("ann-2", made, moved)

    known = None
    for seen in said(provider):
        if isinstance(seen, CustomerObserved) and seen.snapshot:
            known = newest(known, seen.snapshot)
    assert known is not None
    assert (known.state.email, known.state.name) == ("ann@new.example", "Ann")
    assert known.state.user_id == "ann"


def test_a_product_and_its_price_are_renamed(provider: Provider) -> None:
    product = provider.outbound.create_product("credits", NewProduct("Credits", "", {}))
    price = package(provider, product, 50, 500)

    for _ in range(2):
        provider.outbound.rename("r", product, price, Words("Coins", "To play", "Fifty coins"))

    [found] = provider.outbound.packages(product)
    assert (found.price_id, found.units, found.description) == (price, 50, "Fifty coins")


@pytest.mark.parametrize(("minor", "currency"), [(1999, "usd"), (500, "jpy"), (12_340, "kwd")])
def test_a_payment_keeps_its_amount_and_what_it_is_for(
    minor: int, currency: str, provider: Provider
) -> None:
    customer = provider.outbound.create_customer("ann", ANN)

    opened = provider.outbound.open_payment("order", sale(customer, minor, currency))

    assert opened.amount == Money(minor, currency)
    assert opened.state == "requires_payment_method"
    assert opened.metadata == SOLD
    assert opened.client_secret
    assert provider.outbound.payment(opened.id) == opened


def test_a_payment_is_opened_once_for_each_key(provider: Provider) -> None:
    customer = provider.outbound.create_customer("ann", ANN)

    first = provider.outbound.open_payment("order", sale(customer))
    again = provider.outbound.open_payment("order", sale(customer))
    other = provider.outbound.open_payment("order-2", sale(customer))

    assert first == again
    assert other.id != first.id


def test_a_key_asks_for_one_thing_only(provider: Provider) -> None:
    customer = provider.outbound.create_customer("ann", ANN)
    provider.outbound.open_payment("order", sale(customer))

    with pytest.raises(ProviderBadRequest):
        provider.outbound.open_payment("order", sale(customer, minor=1))


def test_a_payment_made_in_the_page_is_told_with_its_money_and_its_payer(
    provider: Provider,
) -> None:
    customer = provider.outbound.create_customer("ann", ANN)
    opened = provider.outbound.open_payment("order", sale(customer))

    provider.pay(opened)

    assert provider.outbound.payment(opened.id).state == "succeeded"
    paid = [it for it in said(provider) if isinstance(it, PaymentObserved) and it.received]
    assert {it.payment_id for it in paid} == {opened.id}
    assert {it.received for it in paid} == {Money(1999, "usd")}
    terms = next(it.terms.state for it in paid if it.source == "intent" and it.terms)
    assert terms.payer.user_id == "ann"
    assert terms.payer.provider_customer_id == customer
    assert terms.features == ("learning_path:7",)
    assert terms.platform == "LEAD"
    assert terms.description == "LEAD - a path"


def test_a_payment_that_is_declined_can_be_made_with_another_card(provider: Provider) -> None:
    customer = provider.outbound.create_customer("ann", ANN)
    opened = provider.outbound.open_payment("order", sale(customer))

    provider.pay(opened, declined=True)
    assert provider.outbound.payment(opened.id).state == "requires_payment_method"
    provider.pay(opened)

    assert provider.outbound.payment(opened.id).state == "succeeded"
    told = [it.outcome for it in said(provider) if isinstance(it, PaymentObserved)]
    assert told.index("failed") < told.index("paid")


def test_a_payment_is_given_up_unless_it_was_made(provider: Provider) -> None:
    customer = provider.outbound.create_customer("ann", ANN)
    given_up = provider.outbound.open_payment("order", sale(customer))
    paid = provider.outbound.open_payment("order-2", sale(customer))
    provider.pay(paid)

    assert provider.outbound.cancel_payment("cancel", given_up.id).state == "canceled"
    with pytest.raises(ProviderBadRequest):
        provider.outbound.cancel_payment("cancel-2", paid.id)

    told = [it for it in said(provider) if isinstance(it, PaymentObserved)]
    assert {it.payment_id for it in told if it.outcome == "canceled"} == {given_up.id}


def test_money_given_back_is_told(provider: Provider) -> None:
    customer = provider.outbound.create_customer("ann", ANN)
    opened = provider.outbound.open_payment("order", sale(customer))
    provider.pay(opened)

    provider.refund(opened, Money(500, "usd"))

    told = [it for it in said(provider) if isinstance(it, RefundObserved)]
    assert {(it.payment_id, it.refund.amount) for it in told} == {(opened.id, Money(500, "usd"))}
    assert "succeeded" in {it.refund.status for it in told}


def test_a_card_is_saved_without_its_number_and_the_chosen_one_comes_first(
    provider: Provider,
) -> None:
    customer = provider.outbound.create_customer("ann", ANN)
    assert provider.outbound.cards(customer) == []

    first, second = card_of(provider, customer, "a"), card_of(provider, customer, "b")
    provider.outbound.use_card("use", customer, second)
    provider.outbound.use_card("use", customer, second)

    cards = provider.outbound.cards(customer)
    assert [each.id for each in cards] == [second, first]
    assert {(each.brand, each.last4) for each in cards} == {("visa", "4242")}
    assert all(len(each.expires) == len("2030-04") for each in cards)


def test_packages_come_the_cheapest_first_and_are_bought_on_the_providers_page(
    provider: Provider,
) -> None:
    customer = provider.outbound.create_customer("ann", ANN)
    product = provider.outbound.create_product("credits", NewProduct("Credits", "One each", {}))
    large = package(provider, product, units=500, minor=4000)
    small = package(provider, product, units=50, minor=500)

    assert provider.outbound.packages(product) == [
        PricePackage(small, Money(500, "usd"), 50, "50 credits"),
        PricePackage(large, Money(4000, "usd"), 500, "500 credits"),
    ]
    bought = {"user_id": "ann", "credits": "100"}
    new = NewSession(customer, small, 100, bought, "ann", "https://app.test/done")
    opened = provider.outbound.open_session("visit", new)
    assert provider.outbound.open_session("visit", new).id == opened.id
    assert (opened.status, bool(opened.client_secret), opened.url) == ("open", True, None)

    provider.visit(opened)

    assert provider.outbound.session(opened.id).status == "complete"
    paid = [it for it in said(provider) if isinstance(it, PaymentObserved) and it.received]
    assert {it.received for it in paid} == {Money(1000, "usd")}
    assert len({it.payment_id for it in paid}) == 1
    assert {it.terms.state.credits for it in paid if it.terms} == {100}


def test_a_hosted_page_has_an_address(provider: Provider) -> None:
    customer = provider.outbound.create_customer("ann", ANN)
    product = provider.outbound.create_product("credits", NewProduct("Credits", "One each", {}))
    price = package(provider, product, units=50, minor=500)
    new = NewSession(customer, price, 50, {}, "ann", "https://app.test/done", hosted=True)

    assert "://" in (provider.outbound.open_session("visit", new).url or "")


def test_what_is_not_there_is_named(provider: Provider) -> None:
    calls = (
        provider.outbound.payment,
        provider.outbound.subscription,
        provider.outbound.session,
        provider.outbound.setup,
        provider.outbound.cards,
    )
    for call in calls:
        with pytest.raises(ProviderNotFound):
            call("nothing_1")


def test_a_wrong_key_is_named(provider: Provider) -> None:
    with pytest.raises(ProviderKeyRefused):
        provider.with_wrong_key().create_customer("ann", ANN)
