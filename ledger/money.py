"""Money is an integer of minor units in one currency; everything else is refused."""

from __future__ import annotations

from typing import Annotated

import msgspec

from ledger.errors import CurrencyMismatch, InvalidMoney, UnknownCurrency

MAX_MINOR = 2**63 - 1  # what a Postgres bigint holds

Minor = Annotated[int, msgspec.Meta(ge=0, le=MAX_MINOR)]


class Money(msgspec.Struct, frozen=True, order=True):
    """An amount that is never negative: the name of the event says which way it went.

    `minor` counts the currency's smallest unit (cents, yen, fils); `currency` is its lower-case
    ISO 4217 code. Raises InvalidMoney for floats, bools, negative and too large amounts, and
    UnknownCurrency for a code that is not in use.
    """

    minor: Minor
    currency: str

    def __post_init__(self) -> None:
        if type(self.minor) is not int or not 0 <= self.minor <= MAX_MINOR:
            raise InvalidMoney(self.minor, self.currency)
        if self.currency not in MINOR_DIGITS:
            raise UnknownCurrency(self.currency)

    def __add__(self, other: Money) -> Money:
        self._same(other)
        return Money(self.minor + other.minor, self.currency)

    def __sub__(self, other: Money) -> Money:
        self._same(other)
        return Money(self.minor - other.minor, self.currency)

    def __str__(self) -> str:
        digits = MINOR_DIGITS[self.currency]
        whole, rest = divmod(self.minor, 10**digits)
        number = f"{whole}.{rest:0{digits}d}" if digits else str(whole)
        return f"{number} {self.currency.upper()}"

    def _same(self, other: Money) -> None:
        if self.currency != other.currency:
            raise CurrencyMismatch(self.currency, other.currency)


_TWO = (
    "aed afn all amd ang aoa ars aud awg azn bam bbd bdt bgn bmd bnd bob brl bsd btn bwp byn bzd "
    "cad cdf chf cny cop crc cup cve czk dkk dop dzd egp ern etb eur fjd fkp gbp gel ghs gip gmd "
    "gtq gyd hkd hnl hrk htg huf idr ils inr irr isk jmd kes kgs khr kpw kyd kzt lak lbp lkr lrd "
    "lsl ltl lvl mad mdl mkd mmk mnt mop mru mur mvr mwk mxn myr mzn nad ngn nio nok npr nzd pab "
    "pen pgk php pkr pln qar ron rsd rub sar sbd scr sdg sek sgd shp sle sll sos srd ssp std stn "
    "svc syp szl thb tjs tmt top try ttd twd tzs uah ugx usd uyu uzs ved ves wst xcd xcg yer zar "
    "zmw"
)
_NONE = "bif clp djf eek gnf jpy kmf krw mga pyg rwf vnd vuv xaf xof xpf"
_THREE = "bhd iqd jod kwd lyd omr tnd usdc"

MINOR_DIGITS: dict[str, int] = {
    **dict.fromkeys(_TWO.split(), 2),
    **dict.fromkeys(_NONE.split(), 0),
    **dict.fromkeys(_THREE.split(), 3),
}
"""Digits after the point, used only to render.

ISO 4217, except that Stripe counts ariary whole, and króna and Uganda's shilling in hundredths as
they once were (docs.stripe.com/currencies).
"""
