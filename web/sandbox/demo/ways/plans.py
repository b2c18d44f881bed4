"""Plans: free at sign-up, upgraded with a card, renewed, declined, and back to free."""

from __future__ import annotations

from collections.abc import Iterator

from web.sandbox.demo.ways.calls import CARD, DECLINED_LATER, CallFailed, until
from web.sandbox.demo.ways.furnish import offer_plan
from web.sandbox.demo.ways.steps import Scene, Step

STARTER, PREMIUM = "plan:starter", "plan:premium"
MONTH_SECONDS = 32 * 86_400
PERSON = {"email": "dora@example.com", "name": "Dora"}


def plans(scene: Scene) -> Iterator[Step]:
    """One subscription all along; what is paid for decides, not a constant."""
    yield from _sign_up(scene)
    yield from _upgrade(scene)
    yield from _renew(scene)
    yield from _decline(scene)


def _sign_up(scene: Scene) -> Iterator[Step]:
    app, user = scene.app, f"customers/{scene.user}"
    for plan_id, minor in (("starter", 0), ("premium", 1900)):
        offer_plan(app, plan_id, plan_id.title(), minor)
    first = app.call(f"PUT {user}", PERSON)
    again = app.call(f"PUT {user}", PERSON)
    until("the starter plan is there", lambda: app.may_use(scene.user, STARTER))
    yield Step("signing up, twice, makes one customer on the free plan", first == again)


def _upgrade(scene: Scene) -> Iterator[Step]:
    yield _card_needed(scene)
    _save_card(scene, CARD)
    scene.app.call(f"PUT customers/{scene.user}/plan", {"plan_id": "premium"})
    until("premium is there", lambda: scene.app.may_use(scene.user, PREMIUM))
    plain = not scene.app.may_use(scene.user, STARTER)
    yield Step("with a card saved the plan is changed: premium, and starter no more", plain)


def _renew(scene: Scene) -> Iterator[Step]:
    before = _paid_until(scene)
    scene.payer.post("/sandbox/advance", seconds=MONTH_SECONDS)
    until("the renewal is paid", lambda: _paid_until(scene) > before)
    yield Step("a month passes: renewed, and paid for until a month later")


def _decline(scene: Scene) -> Iterator[Step]:
    _save_card(scene, DECLINED_LATER)
    scene.payer.post("/sandbox/advance", seconds=MONTH_SECONDS)
    until("the failure is known", lambda: _status(scene) == "past_due")
    yield Step("the next bill is declined: past due, and still in grace")

    scene.app.call(f"PUT customers/{scene.user}/plan", {"plan_id": "starter"})
    until("she is on the free plan", lambda: not scene.app.may_use(scene.user, PREMIUM))
    yield Step("she goes back to the free plan")


def _save_card(scene: Scene, card: str) -> None:
    """Saves a card in the page, and has it pay from now on."""
    app, user = scene.app, f"customers/{scene.user}"
    setup = app.call(f"POST {user}/card-setups", PERSON, Idempotency_Key=card)
    scene.payer.pay(setup["client_secret"], card)
    app.call(f"POST {user}/card-setups/{setup['id']}/use")


def _card_needed(scene: Scene) -> Step:
    try:
        scene.app.call(f"PUT customers/{scene.user}/plan", {"plan_id": "premium"})
    except CallFailed as failed:
        return Step("an upgrade without a card asks for one", failed.status in (402, 409))
    return Step("an upgrade without a card asks for one", held=False)


def _subscription(scene: Scene) -> dict[str, str]:
    return dict(scene.app.rows(f"customers/{scene.user}/subscriptions")[0])


def _paid_until(scene: Scene) -> str:
    return _subscription(scene)["paid_until"]


def _status(scene: Scene) -> str:
    return _subscription(scene)["status"]
