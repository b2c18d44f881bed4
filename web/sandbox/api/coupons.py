"""/v1/coupons."""

from __future__ import annotations

from web.sandbox.api.asked import Asked, Listing, Route
from web.sandbox.api.problems import needed, wrong
from web.sandbox.truth.coupons import Coupon


def create(asked: Asked) -> Coupon:
    """Something to be taken off: a percentage or an amount."""
    params, truth = asked.params, asked.truth
    percent, amount = params.text("percent_off"), params.positive("amount_off")
    if percent is None and amount is None:
        raise needed("percent_off")
    coupon = Coupon(
        id=params.text("id") or truth.new_id("")[:8],
        account=asked.account,
        created=truth.now,
        name=params.text("name"),
        percent_off=None if percent is None else _percent(percent),
        amount_off=amount,
        currency=params.text("currency"),
        duration=params.choice("duration", ("forever", "once", "repeating"), "once"),
        metadata=params.metadata(),
    )
    return truth.add(coupon, "coupon.created")


def retrieve(asked: Asked) -> Coupon:
    """One coupon."""
    return asked.named(Coupon, "coupon")


def listing(asked: Asked) -> Listing:
    """All coupons."""
    return Listing(list(asked.all(Coupon)))


def _percent(text: str) -> float:
    try:
        percent = float(text)
    except ValueError:
        percent = 0.0
    if not 0 < percent <= 100:
        raise wrong("percent_off", f"Invalid decimal: {text}; must be greater than 0, at most 100")
    return percent


NEW = "id name percent_off amount_off currency duration duration_in_months metadata.*"
ROUTES = (
    Route("POST", "/v1/coupons", create, NEW),
    Route("GET", "/v1/coupons", listing, "created.*", lists=True),
    Route("GET", "/v1/coupons/<id_>", retrieve),
)
