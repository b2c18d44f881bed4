"""A provider that keeps its word in memory: one answer for each key, and an event for each change.

It fails on demand, before doing anything or after having done it (the answer is lost), and calls
`on_answer` between doing something and saying so, which is where a webhook may overtake it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from threading import RLock
from typing import Any, TypeVar

from ledger.providers.problems import CardDeclined, ProviderBadRequest, ProviderNotFound
from tests.ledger.providers.stripe.objects import NOW, Json
from tests.ledger.providers.stripe.payloads import event

T = TypeVar("T")

NAME = "Fake"
DECLINED = "pm_declined"


class FakeProvider:
    """What is at the provider, and what it tells of it."""

    def __init__(self) -> None:
        self.at = NOW
        self.events: list[Json] = []
        self.objects: dict[str, Json] = {}
        self.asked: list[tuple[str, str]] = []
        self.fail_before: list[Exception] = []
        self.lose_answer: list[Exception] = []
        self.on_answer: Callable[[], None] = lambda: None
        self._answers: dict[str, tuple[Any, Any]] = {}
        self._counts: Counter[str] = Counter()
        self.lock = RLock()

    def once(self, name: str, key: str, request: Any, do: Callable[[], T]) -> T:
        """Does what `key` asks for once, and answers alike ever after."""
        with self.lock:
            self.asked.append((name, key))
            if self.fail_before:
                raise self.fail_before.pop(0)
            if key not in self._answers:
                self._answers[key] = (request, _outcome(do))
            before, answer = self._answers[key]
            if before != request:
                raise ProviderBadRequest(NAME, f"{key} was used for something else")
            if self.lose_answer:
                raise self.lose_answer.pop(0)
        self.on_answer()
        if isinstance(answer, Exception):
            raise answer
        done: T = answer
        return done

    def new_id(self, prefix: str) -> str:
        self._counts[prefix] += 1
        return f"{prefix}_{self._counts[prefix]}"

    def put(self, noun: str, obj: Json) -> Json:
        """A new object."""
        self.objects[obj["id"]] = {"object": noun, **obj}
        return self.objects[obj["id"]]

    def get(self, id_: str) -> Json:
        if id_ not in self.objects:
            raise ProviderNotFound(NAME, id_)
        return self.objects[id_]

    def all(self, noun: str) -> list[Json]:
        """All objects of a kind, the oldest first."""
        return [each for each in self.objects.values() if each["object"] == noun]

    def tell(self, type_: str, obj: Json, before: Json | None = None) -> None:
        """Queues an event about an object as it stands now."""
        told = _copied({name: value for name, value in obj.items() if not name.startswith("_")})
        event_id = f"evt_{len(self.events) + 1}"
        made = event(type_, told, before=_copied(before), created=self.at, id=event_id)
        self.events.append(made)

    def change(self, id_: str, type_: str, **changes: Any) -> Json:
        """An object changes, and is told of."""
        obj = self.get(id_)
        before = {name: obj.get(name) for name in changes}
        obj |= changes
        self.tell(type_, obj, before if type_.endswith(".updated") else None)
        return obj

    def asked_for(self, name: str) -> list[str]:
        """The keys of all calls with this name."""
        return [key for called, key in self.asked if called == name]

    # ---- what payers and sellers do elsewhere ----

    def pay(self, payment_id: str) -> None:
        """The payer pays in the page."""
        amount = self.get(payment_id)["amount"]
        self.change(
            payment_id, "payment_intent.succeeded", status="succeeded", amount_received=amount
        )

    def refund(self, payment_id: str, minor: int | None = None) -> None:
        """Money goes back."""
        paid = self.get(payment_id)
        made = {
            "id": self.new_id("re"),
            "amount": paid["amount"] if minor is None else minor,
            "currency": paid["currency"],
            "payment_intent": payment_id,
            "charge": None,
            "status": "succeeded",
        }
        self.tell("refund.created", self.put("refund", made))

    def save_card(self, customer_id: str, card_id: str | None = None) -> str:
        """A card is saved outside of our commands."""
        card = {"id": card_id or self.new_id("pm"), "customer": customer_id}
        return str(self.put("payment_method", card)["id"])

    def pay_bill(self, subscription_id: str) -> None:
        """The first bill of a subscription is paid in the page."""
        found = self.change(subscription_id, "customer.subscription.updated", status="active")
        self.tell_paid(found)

    def tell_paid(self, subscription: Json) -> None:
        """The bill of a subscription's period was paid."""
        made = _invoice(self.new_id("in"), subscription, self.at)
        self.tell("invoice.paid", self.put("invoice", made))

    def end(self, subscription_id: str) -> None:
        """A subscription ends by itself."""
        over = {"status": "canceled", "ended_at": self.at, "canceled_at": self.at}
        self.change(subscription_id, "customer.subscription.deleted", **over)


def declined() -> CardDeclined:
    return CardDeclined(NAME, "insufficient_funds", "Your card has insufficient funds.")


def _outcome(do: Callable[[], Any]) -> Any:
    """A declined card is an answer like any other: the same key is answered alike."""
    try:
        return do()
    except CardDeclined as problem:
        return problem


def _copied(obj: Any) -> Any:
    if isinstance(obj, dict):
        return {name: _copied(value) for name, value in obj.items()}
    return [_copied(each) for each in obj] if isinstance(obj, list) else obj


def _invoice(id_: str, subscription: Json, at: int) -> Json:
    item = subscription["items"]["data"][0]
    amount = item["price"]["_amount"] * item["quantity"]
    period = {"start": item["current_period_start"], "end": item["current_period_end"]}
    details = {"subscription": subscription["id"], "subscription_item": "si_1", "proration": False}
    line = {
        "id": f"il_{id_}",
        "amount": amount,
        "period": period,
        "parent": {"type": "subscription_item_details", "subscription_item_details": details},
    }
    return {
        "id": id_,
        "amount_paid": amount,
        "total": amount,
        "currency": item["price"]["_currency"],
        "customer": subscription["customer"],
        "lines": {"object": "list", "data": [line]},
        "metadata": {},
        "status": "paid",
        "number": id_,
        "status_transitions": {"finalized_at": at, "paid_at": at},
        "parent": {
            "type": "subscription_details",
            "subscription_details": {"metadata": {}, "subscription": subscription["id"]},
        },
    }
