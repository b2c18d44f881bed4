"""The subscriptions table, and until when each is paid."""

from __future__ import annotations

from collections.abc import Iterator

from web.sandbox.oracle.facts import Known
from web.sandbox.oracle.rows import Row, Table, keyed, moment
from web.sandbox.truth.catalog import Price
from web.sandbox.truth.invoices import Invoice, Line
from web.sandbox.truth.subscriptions import Subscription

FROM_SUBSCRIPTION = (("learning_path_id", "learning_path:{}"), ("group_id", "group:{}"))
FROM_PRICE = (*FROM_SUBSCRIPTION, ("feature", "{}"))


def subscriptions(known: Known) -> Table:
    """One row for each subscription."""
    rows = (_row(known, each) for each in known.view.all(Subscription))
    return keyed(rows, "subscription_id")


def features(noun: Subscription) -> list[str]:
    """What the subscription stands for: its price's features and its own, sorted."""
    own = {
        form.format(noun.metadata[key]) for key, form in FROM_SUBSCRIPTION if key in noun.metadata
    }
    return sorted(own | _price_features(noun.item.price))


def covering(known: Known, noun: Subscription) -> Iterator[tuple[Invoice, int]]:
    """Paid invoices, each with the end of what it paid for."""
    for invoice in known.invoices_of.get(noun.id, ()):
        lines = [line for line in invoice.lines if line.subscription == noun.id]
        if lines:
            most = max(_sign(line) for line in lines)  # credit pays for no time
            yield invoice, max(line.period_end for line in lines if _sign(line) == most)


def paid_until(known: Known, noun: Subscription) -> int | None:
    """The end of the last period that is paid for with money that stayed with us."""
    kept = (end for paid, end in covering(known, noun) if known.taken_back(paid) is None)
    return max(kept, default=None)


def _sign(line: Line) -> int:
    return (line.amount > 0) - (line.amount < 0)


def _price_features(price: Price) -> set[str]:
    named = {form.format(price.metadata[key]) for key, form in FROM_PRICE if key in price.metadata}
    plan = f"plan:{price.lookup_key}" if price.lookup_key else f"product:{price.product}"
    return named or {plan}


def _row(known: Known, noun: Subscription) -> Row:
    return {
        "subscription_id": noun.id,
        "account": noun.account,
        "customer_id": known.owner(noun.metadata.get("user_id"), noun.customer),
        "provider_customer_id": noun.customer,
        "status": noun.status,
        "features": features(noun),
        "quantity": noun.item.quantity,
        "current_period_start": moment(noun.item.period_start),
        "current_period_end": moment(noun.item.period_end),
        "paid_until": moment(paid_until(known, noun)),
        "cart_id": noun.metadata.get("cart_id"),
        "started_at": moment(noun.created),
        "trial_ends_at": moment(noun.trial_end),
        "cancel_at": moment(noun.cancel_at),
        "canceled_at": moment(noun.canceled_at),
        "ended_at": moment(noun.ended_at),
        "ambiguous": False,
    }
