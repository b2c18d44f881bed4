"""Every type of event Stripe knows is either read, or ignored for a reason that is written down."""

from typing import get_args, get_type_hints

import pytest
import stripe

from ledger.providers.stripe.fetched import OBJECTS
from ledger.providers.stripe.meaningless import MEANINGLESS, UNKNOWN, why_ignored
from ledger.providers.stripe.readers import READERS
from tests.ledger.providers.stripe.payloads import EVENTS, observe

KNOWN_TO_STRIPE = {str(each) for each in get_args(get_type_hints(stripe.Event)["type"])}
OF_OLD = {
    *("invoiceitem.updated", "transfer.failed", "transfer.paid"),
    "payment_method.card_automatically_updated",
}


def test_the_library_tells_all_types_of_snapshot_events() -> None:
    assert len(KNOWN_TO_STRIPE) > 250
    assert "invoice.paid" in KNOWN_TO_STRIPE


def test_every_type_is_read_or_named_as_meaningless_and_never_both() -> None:
    undecided = {each for each in KNOWN_TO_STRIPE - READERS.keys() if why_ignored(each) == UNKNOWN}
    both = {each for each in READERS if why_ignored(each) != UNKNOWN}

    assert (undecided, both) == (set(), set())


def test_every_type_that_is_read_is_known_to_stripe() -> None:
    assert READERS.keys() - OBJECTS <= KNOWN_TO_STRIPE | OF_OLD


def test_every_reason_is_of_use() -> None:
    named = [each for each in MEANINGLESS if each.endswith((".", "_"))]
    exact = MEANINGLESS.keys() - set(named)

    assert exact <= KNOWN_TO_STRIPE | OF_OLD
    assert all(any(type_.startswith(each) for type_ in KNOWN_TO_STRIPE) for each in named)


@pytest.mark.parametrize(
    ("type_", "named"),
    [
        ("product.created", "product."),
        ("invoice.deleted", "invoice.deleted"),
        ("issuing_authorization.request", "issuing_"),
        ("radar.early_fraud_warning.created", "radar."),
        ("invoiceitem.updated", "invoiceitem."),
    ],
)
def test_what_is_meaningless_is_ignored_with_its_reason(type_: str, named: str) -> None:
    observed = observe(EVENTS["invoice.paid"] | {"type": type_})

    assert (observed.observations, observed.ignored) == ((), MEANINGLESS[named])


@pytest.mark.parametrize("type_", ["x", "invoice", "customer.subscription", "invoice.sold", "a.b_"])
def test_what_nobody_knows_is_ignored_as_unknown(type_: str) -> None:
    observed = observe(EVENTS["invoice.paid"] | {"type": type_})

    assert (observed.observations, observed.ignored) == ((), UNKNOWN)
