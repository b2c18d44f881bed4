"""Saves users' cards with the provider; their numbers never come here."""

from __future__ import annotations

from datetime import datetime

from ledger.aggregates.shopper_events import CardAsked, SetupAsked
from ledger.checkout.refusals import CardNotSaved, NotYours
from ledger.checkout.registration import Person, enrolled
from ledger.checkout.shop import Shop
from ledger.checkout.visit import Visit, visit
from ledger.checkout.words import checked_id
from ledger.providers.outbound import Card, OpenSetup


def add_card(shop: Shop, person: Person, key: str, now: datetime) -> OpenSetup:
    """A card to be saved in the page; once for each `key` of the caller's.

    Raises InvalidTerms, Contended, StoreUnavailable and ProviderProblem.
    """
    subject = f"card:{checked_id('key', key)}"

    def work(at: Visit) -> OpenSetup:
        customer = enrolled(at, person)
        order = at.order(SetupAsked, subject, customer)
        if order.provider_id is not None:
            return at.outbound.setup(order.provider_id)
        found = at.ask(order, lambda: at.outbound.open_setup(order.key, order.new))
        at.opened(order, found.id)
        return found

    return visit(shop, person.user_id, now, work)


def use_new_card(shop: Shop, user_id: str, setup_id: str, now: datetime) -> Card:
    """Pays the user's future bills with the card that was saved.

    Raises NotYours, CardNotSaved, NotRegistered, Contended, StoreUnavailable and ProviderProblem.
    """

    def work(at: Visit) -> Card:
        if setup_id not in at.shopper.provider_ids:
            raise NotYours(user_id, setup_id)
        setup = at.outbound.setup(setup_id)
        if setup.card_id is None or setup.state != "succeeded":
            raise CardNotSaved(setup_id, setup.state)
        return _default(at, setup.card_id)

    return visit(shop, user_id, now, work)


def saved_cards(shop: Shop, user_id: str) -> list[Card]:
    """The user's saved cards, the one that pays first; none for who is not registered.

    Raises ProviderProblem.
    """
    customer = Visit(shop, user_id).shopper.provider_customer_id
    return shop.outbound.cards(customer) if customer else []


def _default(at: Visit, card_id: str) -> Card:
    """Makes one of the saved cards the one that pays."""
    known = {card.id: card for card in at.outbound.cards(at.customer)}.get(card_id)
    if known is not None and known.is_default:
        at.done("default card")
        return known
    at.errand(
        CardAsked,
        "default card",
        card_id,
        lambda key: at.outbound.use_card(key, at.customer, card_id),
    )
    found = (each for each in at.outbound.cards(at.customer) if each.id == card_id)
    card = next(found, None)
    if card is None:
        raise NotYours(at.user_id, card_id)
    return card
