"""A declined card's whole way: mail, retries, grace, the starter plan, payment, and back again."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from web.sandbox.demo.ways.calls import CARD, DECLINED_LATER, Json, until
from web.sandbox.demo.ways.furnish import offer_plan
from web.sandbox.demo.ways.reacting import GRACE_DAYS, Reactor
from web.sandbox.demo.ways.steps import Scene, Step, Way

DAY_SECONDS = 86_400
PLANS = {"starter": 0, "premium": 1900}
PERSON = {"email": "eli@example.com", "name": "Eli"}


def dunning(reactor: Reactor) -> Way:
    """The way of somebody whose card pays no more, seen through by this reactor."""

    def walk(scene: Scene) -> Iterator[Step]:
        yield from _Way(scene, reactor).walk()

    return walk


class _Way:
    def __init__(self, scene: Scene, reactor: Reactor) -> None:
        self.scene = scene
        self.reactor = reactor
        self.user = f"customers/{scene.user}"

    def walk(self) -> Iterator[Step]:
        yield self._subscribes()
        yield self._is_declined()
        yield self._is_declined_again()
        yield self._falls_back()
        yield self._pays()

    def _subscribes(self) -> Step:
        app = self.scene.app
        self.reactor.react()
        for plan_id, minor in PLANS.items():
            offer_plan(app, plan_id, plan_id.title(), minor)
        app.call(f"PUT {self.user}", PERSON)
        self._saves_card(CARD)
        app.call(f"PUT {self.user}/plan", {"plan_id": "premium"})
        self._until("premium is there", lambda: self._plan() == "premium")
        self._until("a mail tells so", lambda: self.reactor.mails > 0)
        return Step("premium is paid for, and a mail says so")

    def _is_declined(self) -> Step:
        self._saves_card(DECLINED_LATER)
        before = self._known_mails()
        self._days_pass(32)
        self._until("the failure is known", lambda: self._subscription()["status"] == "past_due")
        self._until("a mail tells so", lambda: self.reactor.mails > before)
        return Step("a month later the card is declined: a mail, and premium in grace", self._has())

    def _is_declined_again(self) -> Step:
        before = self._known_mails()
        self._days_pass(2)
        self._until("a mail tells so", lambda: self.reactor.mails > before)
        return Step("Stripe tries again, and fails: one more mail, still premium", self._has())

    def _falls_back(self) -> Step:
        self._days_pass(GRACE_DAYS)
        self._until("the starter plan is there", lambda: self._plan() == "starter")
        owed = self._open_bills()
        return Step("grace is over: the starter plan, by itself; the bill stays open", bool(owed))

    def _pays(self) -> Step:
        [bill] = self._open_bills()
        paid_before = self._paid()
        card = self._saves_card(CARD)
        self.scene.payer.post(f"/v1/invoices/{bill['id']}/pay", payment_method=card)
        self._until("premium is back", lambda: self._plan() == "premium")
        once = self._paid() == paid_before + PLANS["premium"]
        return Step("the bill is paid after all: premium again, and nothing paid twice", once)

    # ---- what is asked ----

    def _until(self, what: str, holds: Callable[[], bool]) -> None:
        """Reacts until it holds."""

        def reacted() -> bool:
            self.reactor.react()
            return holds()

        until(what, reacted)

    def _known_mails(self) -> int:
        self.reactor.react()
        return self.reactor.mails

    def _days_pass(self, days: int) -> None:
        self.scene.payer.post("/sandbox/advance", seconds=days * DAY_SECONDS)

    def _saves_card(self, card: str) -> str:
        setup = self.scene.app.call(
            f"POST {self.user}/card-setups", PERSON, Idempotency_Key=f"{card}-{self._paid()}"
        )
        self.scene.payer.pay(setup["client_secret"], card)
        saved: str = self.scene.app.call(f"POST {self.user}/card-setups/{setup['id']}/use")["id"]
        return saved

    def _has(self) -> bool:
        return self._plan() == "premium"

    def _plan(self) -> str | None:
        held = self.scene.app.rows(f"{self.user}/plan-periods")
        return next((each["plan_id"] for each in held if each["held_until"] is None), None)

    def _subscription(self) -> Json:
        return self.scene.app.rows(f"{self.user}/subscriptions")[0]

    def _open_bills(self) -> list[Json]:
        key = self._subscription()["subscription_id"]
        asked = {"subscription": key, "status": "open"}
        found: list[Json] = self.scene.payer.get("/v1/invoices", **asked)["data"]
        return found

    def _paid(self) -> int:
        return sum(
            each["amount_paid_minor"] for each in self.scene.app.rows(f"{self.user}/receipts")
        )
