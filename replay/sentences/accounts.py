"""What happens on accounts of charges, in words."""

from __future__ import annotations

from ledger.aggregates import charge_account as accounts
from replay.sentences.words import Sentences, key, listed, when


def added(event: accounts.ChargeAdded) -> str:
    debt = event.debt
    return (
        f"{key(event)} owes {debt.amount} from {when(debt.due_at)} on"
        f" for {debt.description!r}: charge {event.charge_id}"
    )


def requested(event: accounts.PaymentRequested) -> str:
    request = event.request
    return (
        f"{key(event)} is asked for {request.amount} by {event.request_id},"
        f" for {listed(request.charge_ids)}"
    )


def credited(event: accounts.Credited) -> str:
    if event.credit is None:
        return f"payment {event.purchase_id} brings {key(event)}'s account nothing any more"
    went = "went back from" if event.credit.taken_back_at else "came in on"
    return f"{event.credit.received} of {event.purchase_id} {went} the account of {key(event)}"


def settled(event: accounts.Settled) -> str:
    charges = [f"charge {name} is {each.status}" for name, each in event.charges.items()]
    payments = [f"payment {name} is {each.status}" for name, each in event.payments.items()]
    gone = [f"payment {name} is gone" for name in event.gone]
    return f"on the account of {key(event)}, {listed([*charges, *payments, *gone])}"


ACCOUNTS: Sentences = {
    accounts.ChargeAdded: added,
    accounts.ChargeWaived: lambda e: f"charge {e.charge_id} of {key(e)} is waived",
    accounts.PaymentRequested: requested,
    accounts.PaymentOpened: lambda e: f"{e.request_id} of {key(e)} is payment {e.payment_id}",
    accounts.PaymentGivenUp: lambda e: f"{e.request_id} of {key(e)} is given up: {e.why}",
    accounts.Credited: credited,
    accounts.Assigned: lambda e: (
        f"a person said that {e.purchase_id} pays {listed(e.charge_ids)} of {key(e)}"
    ),
    accounts.Settled: settled,
}
