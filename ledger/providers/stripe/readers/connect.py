"""transfer.* and application_fee.*: what of a payment is a connected account's, and what ours."""

from __future__ import annotations

from ledger.aggregates import mirrors
from ledger.mirrors import ApplicationFee, Part, Transfer
from ledger.money import Minor, Money
from ledger.observations import MirrorObserved, Observation
from ledger.providers.stripe.observer import StripeEvent, at, maybe_at
from ledger.providers.stripe.payloads import Link, Seconds, Text, link
from ledger.providers.stripe.readers.mirrored import Named, reader


class Moved(Named, frozen=True):
    amount: Minor
    currency: str
    created: Seconds | None = None  # since 2017
    amount_reversed: Minor = 0
    destination: Link = None
    source_transaction: Link = None
    transfer_group: Text | None = None


class Fee(Named, frozen=True):
    """`originating_transaction` is the platform's own charge, where it made a destination charge;
    `charge` is the connected account's."""

    amount: Minor
    currency: str
    created: Seconds
    account: Link = None
    amount_refunded: Minor = 0
    charge: Link = None
    originating_transaction: Link = None


class FeeRefund(Named, frozen=True):
    amount: Minor
    currency: str
    fee: Link


def transfer(moved: Moved) -> Transfer:
    """A transfer in our words."""
    return Transfer(
        amount=Money(moved.amount, moved.currency),
        created=maybe_at(moved.created),
        destination=link(moved.destination),
        reversed_minor=moved.amount_reversed,
        charge_id=link(moved.source_transaction),
        group=moved.transfer_group,
    )


def fee(found: Fee) -> ApplicationFee:
    """An application fee in our words."""
    own, account = link(found.originating_transaction), link(found.account)
    return ApplicationFee(
        amount=Money(found.amount, found.currency),
        created=at(found.created),
        connected_account=account,
        refunded_minor=found.amount_refunded,
        charge_id=own or link(found.charge),
        charge_account="" if own else account or "",
    )


def fee_refunded(event: StripeEvent) -> tuple[Observation, ...]:
    """The fee with the sum of its refunds; of some endpoints only the refund itself."""
    return (_part if event.kind == "fee_refund" else _fee)(event)


def _part(event: StripeEvent) -> tuple[Observation, ...]:
    refund = event.object(FeeRefund)
    fee_id = link(refund.fee)
    part = Part("refund", refund.id, Money(refund.amount, refund.currency))
    noun = mirrors.ApplicationFee.CATEGORY
    return (MirrorObserved(noun, fee_id, part=part),) if fee_id else ()


_fee = reader(mirrors.ApplicationFee, Fee, fee, rank=lambda it: 1 + it.amount_refunded)

created = reader(mirrors.Transfer, Moved, transfer, rank=0)
reported = reader(mirrors.Transfer, Moved, transfer, rank=lambda it: 1 + it.amount_reversed)
fee_created = reader(mirrors.ApplicationFee, Fee, fee, rank=0)
