"""Random histories for hypothesis: any events in any order, in a handful of streams."""

from datetime import datetime

from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

from ledger import mirrors
from ledger.aggregates import credit_wallet, customer, subscription
from ledger.aggregates import invoice_events as invoice
from ledger.aggregates import purchase_events as purchase
from ledger.aggregates.bookkeeping import BatchKept, Entry, Refused
from ledger.aggregates.mirrors import ActiveEntitlementsReported, PayoutReported
from ledger.effects import Access, Grant, Receipt, Receivable
from ledger.event import Cause, Event
from ledger.money import Money
from ledger.observations import (
    Bill,
    CustomerDetails,
    Dispute,
    Payer,
    Period,
    Plan,
    Refund,
    Terms,
)
from ledger.snapshots import Newest, Snapshot
from tests.projections.given import DAY, JAN_1

# Whatever text a provider may send, quotes and other alphabets included; the store itself refuses
# surrogates, and the translation of payloads the character 0.
words = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=8)
ids = st.sampled_from(["a", 'b"', "c,d", "{e}", "é\\"])
moments = st.integers(0, 400).map(lambda day: JAN_1 + day * DAY)
moneys = st.builds(Money, st.integers(0, 5000) | st.just(2**63 - 1), st.just("eur"))
periods = st.builds(Period, moments, moments)
features = st.lists(ids, max_size=3, unique=True).map(tuple)
owners = st.none() | ids


def standings(states: SearchStrategy[object]) -> SearchStrategy[Newest[object]]:
    """A state as the newest there is, at times ambiguous."""
    return st.builds(
        lambda state, at, doubt: Newest((Snapshot(state, at),), doubt),
        states,
        moments,
        st.booleans(),
    )


sources = st.sampled_from(["intent", "checkout", "charge"])
payers = st.builds(Payer, owners, owners, st.none() | words)
terms = st.builds(Terms, moments, payers, st.none() | moneys, st.none() | words, features=features)
refunds = st.builds(Refund, moneys, st.sampled_from(["pending", "succeeded", "failed"]), moments)
disputes = st.builds(Dispute, moneys, st.sampled_from(["open", "won", "lost"]))
plans = st.builds(Plan, words, payers, moments, features, period=st.none() | periods)
details = st.builds(CustomerDetails, moments, owners, st.none() | words, st.none() | words)
receipts = st.none() | st.builds(
    Receipt, owners, moneys, moments, st.integers(0, 99), period=st.none() | periods
)
accesses = st.none() | st.builds(Access, ids, features, moments, st.none() | moments)
amounts = st.integers(0, 5000)
bills = st.builds(
    Bill, st.sampled_from(["open", "paid"]), payers, moneys, moneys, period=st.none() | periods
)
payouts = st.builds(
    mirrors.Payout, status=words, amount=moneys, created=moments, withdrawn=st.booleans()
)
summaries = st.builds(mirrors.ActiveEntitlements, features=features)
totals = st.builds(credit_wallet.Totals, *[st.integers(0, 3)] * 3)
entries = st.builds(
    Entry, *(ids, ids, words, words, moments, moments), st.sampled_from(["applied", "refused"])
)

KINDS: dict[str, SearchStrategy[Event]] = {
    "customer": st.one_of(
        st.builds(customer.Reported, standing=standings(details)),
        st.builds(customer.Deleted, deleted_at=moments),
        st.builds(customer.Identified, customer_id=ids),
        st.builds(customer.Engaged, stream=ids),
    ),
    "purchase": st.one_of(
        st.builds(
            purchase.Described,
            source=sources,
            standing=standings(terms),
            terms=terms,
            ours=st.booleans(),
        ),
        st.builds(
            purchase.Paid,
            source=sources,
            reported=moneys,
            received=moneys,
            paid_at=moments,
            conflict=st.none() | words,
        ),
        st.builds(purchase.Contradicted, conflict=st.none() | words),
        st.builds(purchase.PaymentClosed, outcome=st.sampled_from(["failed", "canceled"])),
        st.builds(
            purchase.RefundReported,
            refund_id=ids,
            refund=refunds,
            refunded_minor=st.integers(0, 5000),
        ),
        st.builds(
            purchase.DisputeReported,
            dispute_id=ids,
            standing=standings(disputes),
            disputed_minor=st.integers(0, 9),
            lost_minor=st.integers(0, 9),
        ),
        st.builds(purchase.InvoiceSettled, invoice_id=ids),
        st.builds(purchase.Attributed, customer_id=owners, provider_customer_id=owners),
        st.builds(purchase.Receipted, receipt=receipts),
        st.builds(purchase.Entitled, access=accesses, dropped=features),
        st.builds(purchase.CreditsResolved, grant=st.builds(Grant, ids, st.integers(1, 9))),
    ),
    "invoice": st.one_of(
        st.builds(invoice.Receipted, receipt=receipts),
        st.builds(
            invoice.Billed,
            receivable=st.builds(Receivable, owners, bills, amounts, st.booleans()),
        ),
        st.builds(invoice.Attributed, customer_id=owners, provider_customer_id=owners),
    ),
    "subscription": st.one_of(
        st.builds(subscription.Started, standing=standings(plans)),
        st.builds(subscription.Ended, standing=standings(plans)),
        st.builds(
            subscription.Covered,
            invoice_id=ids,
            coverage=st.none(),
            paid_until=st.none() | moments,
        ),
        st.builds(subscription.CoverageSettled, paid_until=st.none() | moments),
        st.builds(subscription.Attributed, customer_id=owners, provider_customer_id=owners),
        st.builds(subscription.Entitled, access=accesses, dropped=features),
    ),
    "payout": st.builds(
        PayoutReported,
        standing=st.none() | standings(payouts),
        since=st.dictionaries(st.sampled_from(["paid", "failed"]), moments),
    ),
    "active_entitlements": st.builds(
        ActiveEntitlementsReported, standing=standings(summaries), customer_id=owners
    ),
    "wallet": st.builds(credit_wallet.Spent, key=ids, credits=st.integers(1, 9), totals=totals),
    "bookkeeping": st.builds(
        BatchKept, entries=st.lists(entries, max_size=3).map(tuple), inbox_position=st.just(1)
    ),
    "refusal": st.builds(Refused, code=words, reason=words),
}

happenings = st.sampled_from(sorted(KINDS)).flatmap(
    lambda category: st.tuples(
        st.sampled_from([f"{category}/stripe/live//1", f"{category}/stripe/test/acct_9/%C3%A9"]),
        KINDS[category],
    )
)


@st.composite
def histories(draw: st.DrawFn, most: int = 40) -> list[Event]:
    """Events stamped into their streams, one recorded each day."""
    versions: dict[str, int] = {}
    events = []
    for day, (stream, event) in enumerate(draw(st.lists(happenings, max_size=most))):
        versions[stream] = versions.get(stream, 0) + 1
        events.append(event.stamped(stream, versions[stream], _why(JAN_1 + day * DAY)))
    return events


def _why(moment: datetime) -> Cause:
    return Cause("evt_1", JAN_1, moment)
