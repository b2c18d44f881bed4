"""The purchases table, and what of a purchase the other tables need."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from web.sandbox.oracle.facts import Known
from web.sandbox.oracle.money import Money
from web.sandbox.oracle.rows import Row, Table, keyed, moment
from web.sandbox.truth.intents import Intent
from web.sandbox.truth.sessions import Session

CONTRACT = {"user_id", "platform", "learning_path_id", "group_id", "credits"}
GRANTING = (("learning_path_id", "learning_path"), ("group_id", "group"))


@dataclass(frozen=True, slots=True)
class Purchase:
    """One payment, by payment intent, by Checkout Session or by both."""

    id: str
    intent: Intent | None
    session: Session | None
    money: Money
    metadata: Mapping[str, str]
    customer_id: str | None
    invoice_id: str | None
    foreign: bool
    told_as_sale: bool

    @property
    def credits(self) -> int:
        """Credits bought in all."""
        return int(self.metadata.get("credits", "0"))

    @property
    def features(self) -> list[str]:
        """Features bought, sorted."""
        named = ((kind, self.metadata.get(key)) for key, kind in GRANTING)
        return sorted(f"{kind}:{value}" for kind, value in named if value)

    @property
    def grants(self) -> bool:
        """Whether it was paid, to us."""
        return self.money.paid_at is not None and not self.foreign

    @property
    def one_off(self) -> bool:
        """Whether it is a sale of its own rather than the payment of an invoice."""
        ours = self.session is not None or bool(CONTRACT & self.metadata.keys())
        return (ours or self.told_as_sale) and self.invoice_id is None

    @property
    def source(self) -> Intent | Session:
        """The object that says most about it."""
        found = self.intent or self.session
        assert found is not None, "a purchase has an intent or a session"
        return found


def all_purchases(known: Known) -> Iterator[Purchase]:
    """Every payment intent, and every session for a payment that never had one."""
    for intent in known.view.all(Intent):
        yield _purchase(known, intent, known.session_of.get(intent.id))
    for session in known.view.all(Session):
        if session.intent is None and session.mode == "payment":
            yield _purchase(known, None, session)


def purchases(known: Known) -> Table:
    """One row for each purchase."""
    return keyed((_row(each) for each in all_purchases(known)), "purchase_id")


def _purchase(known: Known, intent: Intent | None, session: Session | None) -> Purchase:
    source = intent or session
    assert source is not None, "a purchase has an intent or a session"
    metadata = {**(session.metadata if session else {}), **(intent.metadata if intent else {})}
    reference = session.client_reference_id if session else None
    platform = metadata.get("platform")
    foreign = None not in (known.platform, platform) and platform != known.platform
    owner = known.owner(metadata.get("user_id") or reference, source.customer)
    return Purchase(
        id=source.id,
        intent=intent,
        session=session,
        money=known.money(intent) if intent else Money(0, session.paid_at if session else None),
        metadata=metadata,
        customer_id=None if foreign else owner,
        invoice_id=known.invoice_of(intent) if intent else None,
        foreign=foreign,
        told_as_sale=source.id in known.told.sales,
    )


def _row(each: Purchase) -> Row:
    source = each.source
    opened = [noun.created for noun in (each.intent, each.session) if noun is not None]
    return {
        "purchase_id": each.id,
        "account": source.account,
        "customer_id": each.customer_id,
        "provider_customer_id": source.customer,
        "status": next(word for word, holds in STATUSES if holds(each)),
        "currency": source.currency,
        "amount_minor": source.amount if isinstance(source, Intent) else source.amount_total,
        "paid_minor": each.money.paid_minor,
        "refunded_minor": each.money.refunded_minor,
        "disputed_minor": each.money.open_minor + each.money.lost_minor,
        "credits": each.credits,
        "features": each.features,
        "description": each.intent.description if each.intent else None,
        "invoice_id": each.invoice_id,
        "opened_at": moment(min(opened)),
        "paid_at": moment(each.money.paid_at),
        "ambiguous": False,
    }


def _refunded(each: Purchase) -> bool:
    return each.money.refunded_minor >= each.money.paid_minor > 0


def _failed(each: Purchase) -> bool:
    return each.intent is not None and each.intent.error is not None


def _canceled(each: Purchase) -> bool:
    return each.intent is not None and each.intent.status == "canceled"


def _abandoned(each: Purchase) -> bool:
    return each.session is not None and each.session.given_up_at is not None


STATUSES: tuple[tuple[str, Callable[[Purchase], bool]], ...] = (
    ("other_platform", lambda each: each.foreign),
    ("dispute_lost", lambda each: each.money.lost_minor > 0),
    ("disputed", lambda each: each.money.open_minor > 0),
    ("refunded", _refunded),
    ("partially_refunded", lambda each: each.money.refunded_minor > 0),
    ("paid", lambda each: each.money.paid_at is not None),
    ("canceled", _canceled),
    ("abandoned", _abandoned),
    ("failed", _failed),
    ("pending", lambda _: True),
)
"""The first that holds is the status."""
