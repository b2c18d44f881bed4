"""What checkout asks of a provider: its calls out, in our words.

Every write takes a `key` of ours: asked again with the same key, the provider does it once and
answers as before. Times are aware and in UTC, money is in minor units. Every method raises a
ProviderProblem when it fails, and then nothing was changed that a repeat with the same key would
not find again.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Literal, Protocol

import msgspec

from ledger.money import Money

PaymentState = Literal[
    "requires_payment_method", "requires_action", "processing", "succeeded", "canceled"
]
Interval = Literal["day", "week", "month", "year"]


class NewCustomer(msgspec.Struct, frozen=True):
    """Somebody who is to pay; `user_id` is the application's own."""

    user_id: str
    email: str | None = None
    name: str | None = None


class Card(msgspec.Struct, frozen=True):
    """A saved payment method: never more of a card's number than its last four digits."""

    id: str
    brand: str
    last4: str
    expires: str
    """Month and year, `2030-04`."""
    is_default: bool = False
    """Future bills are paid by it; none of the saved cards may be."""


class Destination(msgspec.Struct, frozen=True):
    """The connected account a payment is passed on to, and what the platform keeps of it."""

    account: str
    fee_minor: int = 0


class NewPayment(msgspec.Struct, frozen=True):
    """A payment to be collected in the page, by a client secret."""

    provider_customer_id: str
    amount: Money
    description: str
    metadata: Mapping[str, str]
    destination: Destination | None = None
    keep_card: bool = False


class OpenPayment(msgspec.Struct, frozen=True):
    """A payment as the provider has it now."""

    id: str
    state: PaymentState
    amount: Money
    client_secret: str
    metadata: Mapping[str, str] = {}


class OpenSetup(msgspec.Struct, frozen=True):
    """A card to be saved in the page, by a client secret."""

    id: str
    state: str
    client_secret: str
    card_id: str | None = None


class NewProduct(msgspec.Struct, frozen=True):
    """Something to be sold."""

    name: str
    description: str
    metadata: Mapping[str, str]


class Words(msgspec.Struct, frozen=True):
    """What a product and its price are called: payers and other platforms read it."""

    name: str
    description: str
    nickname: str


class NewPrice(msgspec.Struct, frozen=True):
    """What a product costs, each `interval` or once (None); `lookup_key` is unique if given."""

    product_id: str
    amount: Money
    interval: Interval | None
    nickname: str
    metadata: Mapping[str, str]
    lookup_key: str | None = None


class PricePackage(msgspec.Struct, frozen=True):
    """A price of so many units at once; `price_id` is the provider's."""

    price_id: str
    amount: Money
    units: int
    description: str


class NewSubscription(msgspec.Struct, frozen=True):
    """What somebody subscribes to; without a saved card they pay the first bill in the page."""

    provider_customer_id: str
    price_id: str
    quantity: int
    metadata: Mapping[str, str]
    card_id: str | None = None
    trial_days: int = 0
    destination: Destination | None = None


UNPAID = ("past_due", "unpaid")
"""How a subscription stands while its newest bill could not be collected."""
OVER = ("canceled", "incomplete_expired")
"""How it stands once it bills nobody any more."""


class OpenSubscription(msgspec.Struct, frozen=True):
    """A subscription as the provider has it now.

    `client_secret` is there while its newest bill waits for a payment in the page, and `due` is
    what is to be paid then.
    """

    id: str
    status: str
    price_id: str
    quantity: int
    client_secret: str | None = None
    cancel_at: datetime | None = None
    ends_period_at: datetime | None = None
    due: Money | None = None


class PlanChange(msgspec.Struct, frozen=True):
    """Another price, quantity or card for a subscription; unused time is prorated.

    What is `paid_until` some time is not billed before then. Not `prorated`, nothing is given back;
    nor is it while the newest bill is unpaid, but where the running time is known to be `paid_for`.
    """

    subscription_id: str
    price_id: str
    quantity: int
    card_id: str | None = None
    prorated: bool = True
    paid_until: datetime | None = None
    paid_for: bool = False


class PreviewLine(msgspec.Struct, frozen=True):
    """One line of a bill to come; `minor` is negative for a credit."""

    description: str
    minor: int


class Preview(msgspec.Struct, frozen=True):
    """What a plan change would cost: `due_minor` now, in `currency`, and the lines behind it.

    Of what is given back, `kept_minor` waits for the next bills; `used_minor` of what was kept
    before pays for this one.
    """

    currency: str
    due_minor: int
    lines: Sequence[PreviewLine]
    kept_minor: int = 0
    used_minor: int = 0


class NewSession(msgspec.Struct, frozen=True):
    """A visit to the provider's own payment page for `units` of a package price, in whole packages.

    The page is embedded in ours, unless it is `hosted`.
    """

    provider_customer_id: str
    price_id: str
    units: int
    metadata: Mapping[str, str]
    client_reference_id: str
    return_url: str
    hosted: bool = False


class OpenSession(msgspec.Struct, frozen=True):
    """A payment page that waits for its visitor: embedded by its secret, hosted at its address.

    `payment_id` is the payment it led to; without one, a free session is its own.
    """

    id: str
    client_secret: str | None
    url: str | None
    status: Literal["open", "complete", "expired"]
    payment_id: str | None = None


class Outbound(Protocol):
    """One provider's API, for one account (`scope.account`) and one mode."""

    def create_customer(self, key: str, new: NewCustomer) -> str:
        """The provider's id of a new customer."""

    def update_customer(self, key: str, provider_customer_id: str, new: NewCustomer) -> None:
        """Takes over a customer's address and name; one that is not said stays as it is."""

    def cards(self, provider_customer_id: str) -> list[Card]:
        """The saved cards, the default one first."""

    def open_setup(self, key: str, provider_customer_id: str) -> OpenSetup:
        """A card to be saved."""

    def setup(self, setup_id: str) -> OpenSetup:
        """How saving a card stands."""

    def use_card(self, key: str, provider_customer_id: str, card_id: str) -> None:
        """Pays future bills with this card of the customer's."""

    def open_payment(self, key: str, new: NewPayment) -> OpenPayment:
        """A payment to be collected in the page."""

    def payment(self, payment_id: str) -> OpenPayment:
        """How a payment stands."""

    def cancel_payment(self, key: str, payment_id: str) -> OpenPayment:
        """Gives a payment up that was not made."""

    def create_product(self, key: str, new: NewProduct) -> str:
        """The provider's id of a new product."""

    def create_price(self, key: str, new: NewPrice) -> str:
        """The provider's id of a new price."""

    def rename(self, key: str, product_id: str, price_id: str, words: Words) -> None:
        """Calls a product and its price otherwise; what was sold before is what it was."""

    def packages(self, product_id: str) -> list[PricePackage]:
        """The active package prices of a product, the cheapest first."""

    def subscribe(self, key: str, new: NewSubscription) -> OpenSubscription:
        """A new subscription; its first bill is paid by the saved card, or in the page.

        Raises CardDeclined for a saved card that does not pay; then there is no subscription. A
        card whose holder has to be asked pays in the page as well.
        """

    def subscription(self, subscription_id: str) -> OpenSubscription:
        """How a subscription stands."""

    def change_plan(self, key: str, change: PlanChange) -> OpenSubscription:
        """Another price, quantity or card, from now on.

        Raises CardDeclined, and then nothing changed. Where the card's holder has to be asked, it
        comes back as it was with a `client_secret`, and changes once that is paid in the page.
        """

    def preview_change(self, change: PlanChange) -> Preview:
        """What that change would cost now."""

    def cancel(self, key: str, subscription_id: str, at_period_end: bool) -> OpenSubscription:
        """Ends a subscription, now or when what was paid for is over."""

    def resume(self, key: str, subscription_id: str) -> OpenSubscription:
        """Takes a cancellation back that has not come to pass."""

    def open_session(self, key: str, new: NewSession) -> OpenSession:
        """A visit to the provider's payment page."""

    def session(self, session_id: str) -> OpenSession:
        """How that visit stands."""
