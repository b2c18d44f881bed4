"""What can go wrong, each with a name, its values, and its sentence written once."""

from __future__ import annotations


class LedgerError(Exception):
    """The root of all errors this package raises on purpose."""

    @property
    def code(self) -> str:
        """The name a machine reads, such as `UnknownCurrency`."""
        return type(self).__name__


class Refusal(LedgerError):
    """A delivery or command that will not be accepted: bad input is data, not a bug."""


class InvalidMoney(Refusal):
    def __init__(self, minor: object, currency: str) -> None:
        super().__init__(
            f"{minor!r} {currency} is not an amount: a whole number of minor units "
            "from 0 to 2^63-1 is needed"
        )


class UnknownCurrency(Refusal):
    def __init__(self, currency: object) -> None:
        super().__init__(f"{currency!r} is not a currency this ledger knows")


class CurrencyMismatch(Refusal):
    def __init__(self, one: str, other: str) -> None:
        super().__init__(f"amounts in {one} and {other} cannot be added up")


class Unreadable(Refusal):
    """The payload has not the shape its type promises."""

    def __init__(self, type_: str, problem: str) -> None:
        super().__init__(f"the payload of this {type_} cannot be read: {problem}")


class CannotBeKept(Refusal):
    """Keeping the delivery met a fault of our own: it can be retried once that is mended."""

    def __init__(self, fault: Exception) -> None:
        super().__init__(f"keeping this delivery failed with {type(fault).__name__}: {fault}")


class InsufficientCredits(Refusal):
    """A wallet cannot spend what it has not."""

    def __init__(self, customer_id: str, wanted: int, available: int) -> None:
        self.wanted = wanted
        self.available = available
        super().__init__(f"{customer_id} has {available} credits, {wanted} were asked for")


class InvalidCredits(Refusal):
    def __init__(self, credits: object) -> None:
        super().__init__(
            f"{credits!r} is not a number of credits: a whole number above 0 is needed"
        )


class UnknownPayment(Refusal):
    def __init__(self, payment_id: str) -> None:
        super().__init__(f"no payment {payment_id!r} was ever reported")


class AlreadyOwned(Refusal):
    """A claim fills a gap; it never moves money from one customer to another."""

    def __init__(self, payment_id: str, customer_id: str | None) -> None:
        super().__init__(f"payment {payment_id} is {customer_id}'s already")


class KeyReused(Refusal):
    """An idempotency key names one command only."""

    def __init__(self, key: str, before: int, now: int) -> None:
        super().__init__(f"key {key!r} already spent {before} credits, it cannot spend {now}")


class KeyExists(Refusal):
    def __init__(self, key_id: str) -> None:
        super().__init__(f"there is an API key {key_id!r} already")


class UnknownKey(Refusal):
    def __init__(self, key_id: str) -> None:
        super().__init__(f"there is no API key {key_id!r}")


class KeyGone(Refusal):
    """A key that has ended stays so: another is issued instead."""

    def __init__(self, key_id: str) -> None:
        super().__init__(f"API key {key_id!r} was revoked or has expired")


class NotRefused(Refusal):
    """Only what was refused can be tried again."""

    def __init__(self, delivery_id: str) -> None:
        super().__init__(f"{delivery_id} is not refused")


class NotVerified(LedgerError):
    """The bytes do not carry a valid signature of the provider (answered 400)."""


class NotADelivery(LedgerError):
    """The signed bytes are no event of the provider (answered 400)."""


class SettingsError(LedgerError):
    """A setting is missing or wrong: the program refuses to start."""


class Contended(LedgerError):
    """Others kept changing the same stream; nothing was done, and the caller may try again."""

    def __init__(self, stream: str, tries: int) -> None:
        super().__init__(f"{stream} kept changing under us, gave up after {tries} tries")
