"""A customer of the application: what is asked for them, and how they pay at Stripe."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

import pytest

from tests.systems.calling import Json, Refused
from tests.systems.installation import PUBLISHABLE_KEY, Installation

VISA = "pm_card_visa"
DECLINED = "pm_card_chargeDeclined"
DECLINED_LATER = "pm_card_chargeCustomerFail"  # it can be saved


class Customer:
    """Somebody with an id of the application's own, who may not be registered yet."""

    def __init__(self, house: Installation, user_id: str) -> None:
        self.house = house
        self.user_id = user_id
        self.email = f"{user_id}@example.org"

    # ---- through our API ----

    def call(self, call: str, body: object = None, key: str = "") -> Json:
        """`call("POST groups/3/payment")` is about this customer. Raises Refused."""
        method, _, path = call.partition(" ")
        return self.house.call(f"{method} customers/{self.user_id}{path and '/'}{path}", body, key)

    def refused(self, call: str, body: object = None, key: str = "") -> tuple[int, str]:
        """Status and title of the problem a call meets."""
        with pytest.raises(Refused) as refusal:
            self.call(call, body, key)
        return refusal.value.told

    def registers(self) -> Json:
        """With their own address and name."""
        return self.call("PUT", {"email": self.email, "name": self.user_id.title()})

    def rows(self, path: str) -> list[Json]:
        """What a list of ours has of them."""
        found: list[Json] = self.call(f"GET {path}")["data"]
        return found

    def may_use(self, feature: str) -> bool:
        """Whether they may right now."""
        return bool(self.call(f"GET access?{urlencode({'feature': feature})}")["allowed"])

    @property
    def balance(self) -> int:
        """The credits they have left."""
        return int(self.call("GET balance")["available"])

    # ---- at Stripe ----

    def pays(self, client_secret: str, card: str = VISA) -> None:
        """In the page: with the publishable key, the secret, and a card our server never sees."""
        intent = client_secret.split("_secret_", maxsplit=1)[0]
        page: Any = self.house.library(PUBLISHABLE_KEY).v1
        kind = page.setup_intents if intent.startswith("seti_") else page.payment_intents
        kind.confirm(intent, {"client_secret": client_secret, "payment_method": card})

    def saves_card(self, card: str = VISA) -> str:
        """In the page, and has it pay from now on; the id of the saved card."""
        setup = self.call("POST card-setups", {}, key=self.house.new_id("card-"))
        self.pays(setup["client_secret"], card)
        saved: str = self.call(f"POST card-setups/{setup['id']}/use")["id"]
        return saved

    # ---- in finance's views ----

    def finance(self, view: str) -> list[Json]:
        """Their rows of a view of finance's, by what it orders by first."""
        return self.house.finance(
            f"SELECT * FROM finance.{view} WHERE customer_id = %s",  # noqa: S608 - our own names
            self.user_id,
        )
