"""What a payment cost is fetched once, tells the table, and never holds up a payment."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from typing import Any
from urllib.parse import unquote

import pytest

from ledger.aggregates.mirrors import BalanceTransaction
from ledger.commands import loaded
from ledger.ids import Scope
from ledger.providers.problems import ProviderKeyRefused, ProviderProblem, ProviderUnavailable
from ledger.providers.stripe.fees import Fees, named
from ledger.providers.stripe.fetched import FETCHED_FROM
from tests.ledger.given import day
from tests.ledger.providers.stripe.following import NEVER, Following
from tests.ledger.providers.stripe.mirrored_objects import balance_transaction
from tests.ledger.providers.stripe.objects import Json, charge, dispute, payment_intent, refund
from tests.ledger.providers.stripe.payloads import delivery, event
from tests.ledger.providers.stripe.stand_in import stand_in

PAID = event("charge.updated", charge(balance_transaction="txn_1"), 0.1)
SUCCEEDED = event("charge.succeeded", charge(balance_transaction=None))
THEIRS = PAID | {"id": "evt_theirs", "account": "acct_9"}
BACK = event("refund.created", refund(balance_transaction="txn_2"), 2)


@pytest.fixture
def world(database_url: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[Following]:
    monkeypatch.setattr(Fees, "pause_seconds", 0.0)
    source = {"id": "re_1", "object": "refund", "charge": "ch_1", "payment_intent": "pi_1"}
    with ExitStack() as stack:
        stripe = stack.enter_context(stand_in())
        stripe.movements["", "txn_1"] = balance_transaction()
        stripe.movements["acct_9", "txn_1"] = balance_transaction(fee=0, net=1000, fee_details=[])
        stripe.movements["", "txn_2"] = balance_transaction(
            id="txn_2", amount=-1000, fee=0, fee_details=[], net=-1000, source=source, type="refund"
        )
        yield Following(database_url, stripe, stack)


def known(world: Following, key: str, account: str = "") -> Any:
    """What the ledger knows of a balance transaction."""
    stream = Scope("stripe", False, account).stream(BalanceTransaction.CATEGORY, key)
    standing = loaded(world.ledger, BalanceTransaction, stream).facts.standing
    return standing.state if standing else None


def test_what_a_payment_cost_becomes_a_delivery_that_tells_the_table(world: Following) -> None:
    world.receive(SUCCEEDED, PAID)
    world.keep_books()

    world.fetch(kind=Fees)
    world.keep_books()

    *_, fees = world.kept()
    path = "/v1/balance_transactions/txn_1?expand[]=source"
    assert fees.headers == {FETCHED_FROM: path}
    assert (fees.envelope.event_id, fees.envelope.type) == ("txn_1", "balance_transaction.fetched")
    assert (fees.envelope.created, fees.envelope.livemode) == (day(0), False)
    assert fees.envelope.api_version == "2026-10-28.endive"
    assert world.said()[fees.originator_id].outcome == "applied"
    found = known(world, "txn_1")
    assert (found.amount_minor, found.fee_minor, found.net_minor) == (1000, 59, 941)
    assert (found.source_id, found.purchase_id) == ("ch_1", "pi_1")


def test_the_answer_is_kept_byte_for_byte(world: Following) -> None:
    world.receive(PAID)
    world.keep_books()
    answer = world.stripe.gateway().balance_transaction("txn_1").body

    world.fetch(kind=Fees)

    *_, fees = world.kept()
    assert fees.body == answer
    assert b"\n" in answer, "as Stripe lays it out, not as we would"


def test_of_a_charge_that_was_fetched_itself_what_it_cost_is_fetched_too(
    world: Following,
) -> None:
    world.receive(event("charge.fetched", charge(balance_transaction="txn_1")))
    world.keep_books()

    world.fetch(kind=Fees)
    world.keep_books()

    assert known(world, "txn_1").fee_minor == 59


def test_each_is_asked_for_once_however_many_events_name_it(world: Following) -> None:
    world.receive(PAID, event("charge.refunded", charge(balance_transaction="txn_1"), 1), BACK)
    world.keep_books()
    world.fetch(kind=Fees)
    world.receive(event("charge.updated", charge(balance_transaction="txn_1"), 3))
    world.keep_books()
    world.fetch(kind=Fees)

    assert len(world.stripe.asked) == 2
    assert len(world.kept()) == 6


def test_one_id_in_two_accounts_is_two_transactions(world: Following) -> None:
    world.receive(PAID, THEIRS)
    world.keep_books()

    world.fetch(kind=Fees)
    world.keep_books()

    assert (known(world, "txn_1").fee_minor, known(world, "txn_1", "acct_9").fee_minor) == (59, 0)


def test_those_of_the_other_mode_are_left_alone(world: Following) -> None:
    world.receive(PAID)
    world.keep_books(livemode=True)

    world.fetch(livemode=True, kind=Fees)

    assert world.stripe.asked == []


FAILURES = [(401, ProviderKeyRefused), (503, ProviderUnavailable), (429, ProviderProblem)]


@pytest.mark.parametrize(("status", "problem"), FAILURES)
def test_while_stripe_does_not_answer_the_books_are_kept_and_fees_are_tried_again(
    status: int, problem: type[ProviderProblem], world: Following
) -> None:
    world.receive(PAID, BACK)
    world.stripe.failures.soon.extend([None, status])
    world.keep_books()
    with pytest.raises(problem):
        world.fetch(kind=Fees)
    world.keep_books()
    assert known(world, "txn_2") is None
    assert {entry.outcome for entry in world.said().values()} == {"applied"}

    world.fetch(kind=Fees)
    world.keep_books()

    assert known(world, "txn_2").amount_minor == -1000
    assert len(world.stripe.asked) == 3


def test_one_that_cannot_be_had_is_shown_and_the_next_is_fetched(world: Following) -> None:
    world.receive(event("charge.updated", charge(balance_transaction="txn_gone")), BACK)
    world.keep_books()

    world.fetch(kind=Fees)
    world.keep_books()

    (gone,) = [each for each in world.said().values() if each.event_id == "txn_gone"]
    assert gone.outcome == "refused"
    assert "cannot be had: Stripe has no such thing" in str(gone.reason)
    assert known(world, "txn_2").net_minor == -1000


def test_an_answer_about_something_else_is_no_answer(world: Following) -> None:
    world.stripe.movements["", "txn_1"] = balance_transaction(id="txn_other")
    world.receive(PAID)
    world.keep_books()

    with pytest.raises(ProviderUnavailable, match="txn_other"):
        world.fetch(kind=Fees)

    assert len(world.kept()) == 1


def test_fees_and_thin_events_are_followed_apart(world: Following) -> None:
    world.receive(PAID)
    world.keep_books()
    world.fetch()

    fees = world.fetcher(kind=Fees)

    assert fees.work_batch(NEVER) == 1
    assert [unquote(each) for each in world.stripe.asked] == [
        "/v1/balance_transactions/txn_1?expand[0]=source"
    ]


def old_charge() -> Json:
    """Until 2022-11-15 a charge enclosed its refunds."""
    refunds = {"data": [refund(balance_transaction="txn_3")]}
    return charge(balance_transaction="txn_1", refunds=refunds)


NAMED: list[tuple[Json, list[str]]] = [
    (PAID, ["txn_1"]),
    (SUCCEEDED, []),
    (
        event("refund.failed", refund(balance_transaction="a", failure_balance_transaction="b")),
        ["a", "b"],
    ),
    (event("charge.refunded", old_charge()), ["txn_1", "txn_3"]),
    (event("charge.dispute.closed", dispute(balance_transactions=[balance_transaction()])), []),
    (event("charge.dispute.closed", dispute(balance_transaction="txn_4")), ["txn_4"]),
    (event("charge.updated", charge(balance_transaction=balance_transaction())), []),
    (event("charge.updated", charge(balance_transaction="a b")), []),
    (event("charge.updated", charge(balance_transaction=7, refunds=7)), []),
    (event("payment_intent.succeeded", payment_intent(balance_transaction="txn_1")), []),
    (event("charge.fetched", charge(balance_transaction="txn_1")), ["txn_1"]),
    (event("refund.fetched", refund(balance_transaction="txn_2")), ["txn_2"]),
    (event("customer.fetched", {"id": "cus_1", "balance_transaction": "txn_1"}), []),
]


@pytest.mark.parametrize(("told", "ids"), NAMED)
def test_what_encloses_a_transaction_needs_none_fetched(told: Json, ids: list[str]) -> None:
    assert named(delivery(told)) == ids
