"""Why a command of checkout is refused; each is the caller's to mend, and nothing was done."""

from __future__ import annotations

from ledger.errors import Refusal


class NotRegistered(Refusal):
    """Nobody can buy before they were registered."""

    def __init__(self, user_id: str) -> None:
        self.user_id = user_id
        super().__init__(f"user {user_id!r} is not registered")


class NotOffered(Refusal):
    """The catalog has no such thing, or does not sell it this way."""

    def __init__(self, kind: str, id: str) -> None:
        self.kind = kind
        self.id = id
        super().__init__(f"{kind} {id!r} is not offered for this")


class InvalidTerms(Refusal):
    """An offer, charge or grant that contradicts itself."""

    def __init__(self, what: str, problem: str) -> None:
        self.what = what
        super().__init__(f"{what}: {problem}")


class InvalidQuantity(Refusal):
    def __init__(self, quantity: object) -> None:
        super().__init__(f"{quantity!r} is not a quantity: a whole number from 1 to 1000000 is")


class AlreadyBought(Refusal):
    """It was paid for, and nothing of that was taken back: paying again would be for nothing."""

    def __init__(self, subject: str, payment_id: str) -> None:
        self.payment_id = payment_id
        super().__init__(f"{subject} was bought already, by payment {payment_id}")


class AlreadySubscribed(Refusal):
    """A user has each plan once; another quantity is a change of that subscription."""

    def __init__(self, subject: str, subscription_id: str) -> None:
        self.subscription_id = subscription_id
        super().__init__(f"{subject} is subscribed to already, by {subscription_id}")


class NotSubscribed(Refusal):
    """There is no subscription to change."""

    def __init__(self, user_id: str) -> None:
        self.user_id = user_id
        super().__init__(f"user {user_id!r} has no plan that could be changed")


class CardNeeded(Refusal):
    """The new plan costs money, and there is no saved card to pay it with."""

    def __init__(self, user_id: str) -> None:
        self.user_id = user_id
        super().__init__(f"user {user_id!r} has to save a card first")


class BillUnpaid(Refusal):
    """Nothing is billed for the running time until its bill is paid, so it may not get dearer."""

    def __init__(self, subscription_id: str) -> None:
        self.subscription_id = subscription_id
        super().__init__(
            f"the last bill of {subscription_id} is unpaid: pay it before a plan that costs more"
        )


class CardNotSaved(Refusal):
    """The page has not finished saving this card."""

    def __init__(self, setup_id: str, state: str) -> None:
        self.setup_id = setup_id
        self.state = state
        super().__init__(f"the card of {setup_id} is not saved: {state}")


class NotYours(Refusal):
    """It belongs to somebody else, or to nobody known."""

    def __init__(self, user_id: str, id: str) -> None:
        self.user_id = user_id
        self.id = id
        super().__init__(f"{id} is not {user_id}'s")


class NothingDue(Refusal):
    """There is no unpaid charge to pay."""

    def __init__(self, user_id: str) -> None:
        self.user_id = user_id
        super().__init__(f"user {user_id!r} has nothing to pay")


class UnknownCharge(Refusal):
    def __init__(self, charge_id: str) -> None:
        self.charge_id = charge_id
        super().__init__(f"there is no charge {charge_id!r}")


class ChargeSettled(Refusal):
    """It is not open (any more), so nothing can be done about it."""

    def __init__(self, charge_id: str) -> None:
        self.charge_id = charge_id
        super().__init__(f"{charge_id!r} is settled already")


class WrongAmount(Refusal):
    """Money pays charges of its own amount, not of another."""

    def __init__(self, payment_id: str, received: str, wanted: str) -> None:
        self.payment_id = payment_id
        super().__init__(f"payment {payment_id} brought {received}, these charges are {wanted}")


class UnknownGrant(Refusal):
    def __init__(self, grant_id: str) -> None:
        self.grant_id = grant_id
        super().__init__(f"there is no grant {grant_id!r}")


class KeyTaken(Refusal):
    """An id or idempotency key names one thing only."""

    def __init__(self, key: str) -> None:
        self.key = key
        super().__init__(f"{key!r} stands for something else already")
