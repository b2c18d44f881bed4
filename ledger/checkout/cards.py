"""Saves users' cards with the provider."""

from __future__ import annotations

from datetime import datetime

from ledger.checkout.registration import Person
from ledger.checkout.shop import Shop
from ledger.providers.outbound import Card, OpenSetup


def add_card(shop: Shop, person: Person, key: str, now: datetime) -> OpenSetup:
    raise NotImplementedError


def use_new_card(shop: Shop, user_id: str, setup_id: str, now: datetime) -> Card:
    raise NotImplementedError


def saved_cards(shop: Shop, user_id: str) -> list[Card]:
    raise NotImplementedError
