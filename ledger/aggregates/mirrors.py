"""The mirrored objects: each a kind of event under its own stored name, and a stream of them."""

from __future__ import annotations

from ledger import mirrors
from ledger.aggregates.mirror import Mirror, Reported


class CreditNoteReported(Reported[mirrors.CreditNote], frozen=True):
    TOPIC = "CreditNote.Reported"


class CreditNote(Mirror):
    CATEGORY = "credit_note"
    REPORTED = CreditNoteReported


class PaymentMethodReported(Reported[mirrors.PaymentMethod], frozen=True):
    TOPIC = "PaymentMethod.Reported"


class PaymentMethod(Mirror):
    """`since` has attached and detached; what is detached never comes back."""

    CATEGORY = "payment_method"
    REPORTED = PaymentMethodReported


class SetupIntentReported(Reported[mirrors.SetupIntent], frozen=True):
    TOPIC = "SetupIntent.Reported"


class SetupIntent(Mirror):
    CATEGORY = "setup_intent"
    REPORTED = SetupIntentReported


class MandateReported(Reported[mirrors.Mandate], frozen=True):
    TOPIC = "Mandate.Reported"


class Mandate(Mirror):
    CATEGORY = "mandate"
    REPORTED = MandateReported


class TransferReported(Reported[mirrors.Transfer], frozen=True):
    TOPIC = "Transfer.Reported"


class Transfer(Mirror):
    CATEGORY = "transfer"
    REPORTED = TransferReported


class ApplicationFeeReported(Reported[mirrors.ApplicationFee], frozen=True):
    TOPIC = "ApplicationFee.Reported"


class ApplicationFee(Mirror):
    """Its parts are single refunds; the provider's own sum of them is in its snapshots."""

    CATEGORY = "application_fee"
    REPORTED = ApplicationFeeReported


class PayoutReported(Reported[mirrors.Payout], frozen=True):
    TOPIC = "Payout.Reported"


class Payout(Mirror):
    """`since` has paid and failed: a paid one may fail days later."""

    CATEGORY = "payout"
    REPORTED = PayoutReported


class BalanceTransactionReported(Reported[mirrors.BalanceTransaction], frozen=True):
    TOPIC = "BalanceTransaction.Reported"


class BalanceTransaction(Mirror):
    """It never changes once it is there; who encloses or fetches it reports the same."""

    CATEGORY = "balance_transaction"
    REPORTED = BalanceTransactionReported


class ActiveEntitlementsReported(Reported[mirrors.ActiveEntitlements], frozen=True):
    TOPIC = "ActiveEntitlements.Reported"


class ActiveEntitlements(Mirror):
    """One customer's, whose id is the key."""

    CATEGORY = "active_entitlements"
    REPORTED = ActiveEntitlementsReported


class CreditGrantReported(Reported[mirrors.CreditGrant], frozen=True):
    TOPIC = "CreditGrant.Reported"


class CreditGrant(Mirror):
    """Its parts are the balance transactions: applied, expired, voided, and given back."""

    CATEGORY = "credit_grant"
    REPORTED = CreditGrantReported


class ScheduleReported(Reported[mirrors.Schedule], frozen=True):
    TOPIC = "SubscriptionSchedule.Reported"


class Schedule(Mirror):
    CATEGORY = "subscription_schedule"
    REPORTED = ScheduleReported


MIRRORS: dict[str, type[Mirror]] = {
    kind.CATEGORY: kind
    for kind in (
        *(CreditNote, PaymentMethod, SetupIntent, Mandate, Transfer, ApplicationFee, Payout),
        *(BalanceTransaction, ActiveEntitlements, CreditGrant, Schedule),
    )
}
"""Category -> aggregate. A new mirrored object is one state, one event, one class and its name."""

EVENTS = tuple(kind.REPORTED for kind in MIRRORS.values())
