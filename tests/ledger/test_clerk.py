"""The clerk works a delivery off wholly or not at all, and says what became of it."""

from collections.abc import Mapping
from dataclasses import dataclass, field

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from ledger.aggregates.bookkeeping import Entry, Refusal, Refused
from ledger.aggregates.credit_wallet import CreditWallet
from ledger.aggregates.purchase import Purchase
from ledger.books import Books
from ledger.clerk import Clerk, Rules
from ledger.delivery import Delivery
from ledger.errors import UnknownCurrency
from ledger.observations import InvoiceObserved, Observed, RefundObserved
from ledger.policy import Policy
from ledger.providers.stripe.observer import StripeObserver
from ledger.providers.stripe.readers import READERS
from tests.ledger.given import SCOPE, day
from tests.ledger.providers.stripe.objects import Json, customer, payment_intent, refund, session
from tests.ledger.providers.stripe.payloads import EVENTS, delivery, event
from tests.ledger.stories import Ending

PAID = event(
    "payment_intent.succeeded",
    payment_intent(amount_received=1000, metadata={"user_id": "ann", "credits": "50"}),
)
UNREADABLE = event("invoice.paid", {})


@dataclass
class Faulty:
    """An observer with a fault for some types, else Stripe's own."""

    faults: Mapping[str, Exception] = field(default_factory=dict)

    def observe(self, told: Delivery) -> Observed:
        fault = self.faults.get(told.envelope.type)
        if fault is not None:
            raise fault
        return StripeObserver(READERS).observe(told)


class Office:
    """A clerk with books of their own."""

    def __init__(self, livemode: bool = False, **faults: Exception) -> None:
        self.books = Books(lambda _: {})
        named = {name.replace("_", "."): fault for name, fault in faults.items()}
        self.clerk = Clerk(self.books, Rules({"stripe": Faulty(named)}, Policy(), livemode))

    def keep(self, *events: Json) -> list[Entry]:
        return list(self.clerk.keep([delivery(each) for each in events], day(9)))

    def outcomes(self, *events: Json) -> list[str]:
        return [entry.outcome for entry in self.keep(*events)]


def test_an_entry_says_what_became_of_a_delivery() -> None:
    [entry] = Office().keep(PAID)

    told = delivery(PAID)
    assert entry == Entry(
        delivery_id=told.originator_id,
        event_id=PAID["id"],
        type="payment_intent.succeeded",
        account="",
        created=told.envelope.created,
        received_at=told.received_at,
        outcome="applied",
    )


def test_an_event_of_an_unknown_version_is_applied_and_marked() -> None:
    future = PAID | {"api_version": "2031-01-01.xyz"}
    again = future | {"id": "evt_again"}

    entries = Office().keep(future, again)

    assert [(entry.outcome, entry.reason) for entry in entries] == [
        ("applied", "read as API 2026-10-28.endive"),
        ("unchanged", "read as API 2026-10-28.endive"),
    ]


def test_applied_unchanged_ignored_and_refused_are_told_apart() -> None:
    other = event("product.created", {"id": "prod_1"})

    assert Office().outcomes(PAID, PAID, other, UNREADABLE) == [
        *("applied", "unchanged", "ignored", "refused"),
    ]


@pytest.mark.parametrize(
    ("livemode", "reason"),
    [(True, "a test event on a live ledger"), (False, "a live event on a test ledger")],
)
def test_an_event_of_the_other_mode_is_ignored_unread(livemode: bool, reason: str) -> None:
    office = Office(livemode)

    [entry] = office.keep(UNREADABLE | {"livemode": not livemode})

    assert (entry.outcome, entry.reason) == ("ignored", reason)
    assert office.books.collect_events() == []


def test_a_refusal_is_an_event_and_leaves_no_other_trace() -> None:
    office = Office()

    [entry] = office.keep(UNREADABLE)

    [refused] = office.books.collect_events()
    assert isinstance(refused, Refused)
    assert refused.originator_id == f"{Refusal.CATEGORY}/stripe/test//{UNREADABLE['id']}"
    assert (refused.code, refused.reason) == ("Unreadable", entry.reason)
    assert refused.cause == delivery(UNREADABLE).originator_id


def test_a_refusal_in_the_midst_undoes_its_own_delivery_only() -> None:
    class HalfSaid:
        """Says one thing that holds and one that is refused while it is written down."""

        def observe(self, told: Delivery) -> Observed:
            said = StripeObserver(READERS).observe(told)
            if told.envelope.type != "refund.created":
                return said
            [refunded] = said.observations
            assert isinstance(refunded, RefundObserved)
            return Observed(said.scope, (refunded, Broken()))  # type: ignore[arg-type]  # on purpose

    class Broken:
        """An observation nobody can take."""

    books = Books(lambda _: {})
    clerk = Clerk(books, Rules({"stripe": HalfSaid()}, Policy(), livemode=False))
    told = [PAID, event("refund.created", refund()), event("customer.created", customer())]

    entries = clerk.keep([delivery(each) for each in told], day(9))

    assert [entry.outcome for entry in entries] == ["applied", "refused", "applied"]
    assert "KeyError" in str(entries[1].reason)
    ending = Ending(books, books.collect_events())
    assert ending.get(Purchase, "pi_1").sums.refunded == 0
    assert ending.get(CreditWallet, "ann").totals.revoked == 0


@pytest.mark.parametrize(
    "fault",
    [
        *(KeyError("x"), ValueError("x"), ZeroDivisionError("x"), TypeError("x")),
        *(AssertionError("x"), AttributeError("x"), IndexError("x"), RecursionError("x")),
    ],
)
def test_a_fault_of_ours_refuses_one_delivery_and_blocks_no_other(fault: Exception) -> None:
    entries = Office(refund_created=fault).keep(EVENTS["refund.created"], PAID)

    assert [entry.outcome for entry in entries] == ["refused", "applied"]
    assert type(fault).__name__ in str(entries[0].reason)


def test_a_refusal_of_the_observer_keeps_its_own_name() -> None:
    office = Office(refund_created=UnknownCurrency("xyz"))
    office.keep(EVENTS["refund.created"])

    [refused] = office.books.collect_events()
    assert isinstance(refused, Refused)
    assert refused.code == "UnknownCurrency"


class Unwritable:
    """An observer that says what no event can hold."""

    def observe(self, told: Delivery) -> Observed:
        [seen] = StripeObserver(READERS).observe(told).observations
        assert isinstance(seen, InvoiceObserved)
        odd = replace(seen.snapshot.state, status="no status of ours")
        snapshot = replace(seen.snapshot, prior=odd)
        return Observed(SCOPE, (replace(seen, snapshot=snapshot),))


def test_what_could_not_be_read_again_is_never_stored() -> None:
    books = Books(lambda _: {})
    clerk = Clerk(books, Rules({"stripe": Unwritable()}, Policy(), livemode=False))
    [entry] = clerk.keep([delivery(EVENTS["invoice.paid"])], day(9))

    assert entry.outcome == "refused"
    assert "failed with ValidationError" in str(entry.reason)
    assert [type(each) for each in books.collect_events()] == [Refused]


def test_the_database_going_away_is_no_refusal() -> None:
    office = Office(refund_created=ConnectionError("gone"))

    with pytest.raises(ConnectionError):
        office.keep(EVENTS["refund.created"])


STORY = (
    PAID,
    event("checkout.session.completed", session(client_reference_id="ann"), 1),
    event("refund.created", refund(amount=300), 2),
    event("customer.updated", customer(metadata={"user_id": "bob"}), 3),
    EVENTS["customer.subscription.created"],
    EVENTS["invoice.paid"],
    EVENTS["invoice_payment.paid"],
    EVENTS["charge.dispute.closed"],
    UNREADABLE,
)


@given(st.permutations(STORY), st.lists(st.sampled_from(STORY), max_size=5), st.integers(1, 14))
def test_any_order_repetition_and_batches_end_alike(
    order: list[Json], again: list[Json], size: int
) -> None:
    straight, other = Office(), Office()
    straight.keep(*STORY)
    ending = Ending(straight.books, straight.books.collect_events())

    arrived, events = [*order, *again], []
    for start in range(0, len(arrived), size):
        other.keep(*arrived[start : start + size])
        events += other.books.collect_events()

    known = [each for each in events if not isinstance(each, Refused)]
    expected = [each for each in ending.events if not isinstance(each, Refused)]
    assert Ending(other.books, known).effects == Ending(straight.books, expected).effects


def test_a_delivery_of_another_provider_is_refused_by_name() -> None:
    books = Books(lambda _: {})
    [entry] = Clerk(books, Rules({}, Policy(), livemode=False)).keep([delivery(PAID)], day(9))

    assert (entry.outcome, SCOPE.provider in str(entry.reason)) == ("refused", True)
