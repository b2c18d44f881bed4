"""Every kind of event as a sentence: a new kind is one line in the table of its noun."""

from __future__ import annotations

from ledger.event import Event
from replay.sentences.accounts import ACCOUNTS
from replay.sentences.catalog import CATALOG
from replay.sentences.customers import CUSTOMERS
from replay.sentences.invoices import INVOICES
from replay.sentences.mirrors import MIRRORED
from replay.sentences.purchases import PURCHASES
from replay.sentences.reactions import REACTIONS
from replay.sentences.shoppers import SHOPPERS
from replay.sentences.subscriptions import SUBSCRIPTIONS
from replay.sentences.words import Sentences

SENTENCES: Sentences = {
    **CUSTOMERS,
    **PURCHASES,
    **INVOICES,
    **SUBSCRIPTIONS,
    **MIRRORED,
    **SHOPPERS,
    **CATALOG,
    **ACCOUNTS,
    **REACTIONS,
}


def sentence(event: Event) -> str:
    """What happened, in words."""
    return SENTENCES[type(event)](event)
