"""A ledger with a stand-in for Stripe behind it, a bookkeeper, and as many fetchers as asked."""

from __future__ import annotations

from contextlib import ExitStack
from threading import Event

from ledger.aggregates.bookkeeping import BatchKept, Entry
from ledger.aggregates.credit_wallet import CreditWallet
from ledger.application import Inbox, Ledger
from ledger.bookkeeper import Bookkeeper
from ledger.clerk import Rules
from ledger.commands import loaded
from ledger.delivery import Delivery
from ledger.events import decode
from ledger.policy import Policy
from ledger.providers.stripe.fees import Fees
from ledger.providers.stripe.fetcher import Fetcher
from ledger.providers.stripe.observer import StripeObserver
from ledger.providers.stripe.readers import READERS
from ledger.providers.stripe.snapshots import Snapshots
from ledger.store.log import LogReader
from ledger.store.names import Names
from tests.ledger.given import SCOPE, day
from tests.ledger.providers.stripe.objects import Json
from tests.ledger.providers.stripe.payloads import delivery
from tests.ledger.providers.stripe.stand_in import StandIn

NAMES = Names()
NEVER = Event()
Kind = type[Snapshots] | type[Fees]


class Following:
    """What a delivery goes through, one step at a time."""

    def __init__(self, url: str, stripe: StandIn, stack: ExitStack) -> None:
        self.url = url
        self.stripe = stripe
        self._stack = stack
        self.inbox = stack.enter_context(Inbox(url, NAMES, pool_size=1))
        self.ledger = stack.enter_context(Ledger(url, NAMES, pool_size=1))
        self.history = self._reader(NAMES.ledger)
        self._log = self._reader(NAMES.inbox)

    def receive(self, *events: Json) -> list[bool]:
        """As webhooks; which of them were new."""
        return [self.inbox.receive(delivery(each)) for each in events]

    def keep_books(self, livemode: bool = False) -> None:
        rules = Rules({"stripe": StripeObserver(READERS)}, Policy(), livemode)
        Bookkeeper(self._log, self.history, self.ledger, rules, lambda: day(99)).run_until_idle()

    def fetcher(
        self, livemode: bool = False, ledger: Ledger | None = None, kind: Kind = Snapshots
    ) -> Fetcher:
        """One that knows nothing of any other."""
        inbox = Inbox(self.url, NAMES, pool_size=1)
        errands = kind(self.stripe.gateway(), inbox, self._reader(NAMES.inbox), lambda: day(99))
        stores = (*(self._reader(NAMES.inbox), self._reader(NAMES.ledger), ledger or self.ledger),)
        made = Fetcher(errands, stores, livemode, lambda: day(99))
        self._stack.callback(made.close)
        return made

    def fetch(self, livemode: bool = False, kind: Kind = Snapshots) -> None:
        self.fetcher(livemode, kind=kind).run_until_idle()

    def kept(self) -> list[Delivery]:
        """All there is in the Inbox, in its order."""
        return [Delivery.from_state(state) for *_, state in self._log.after(0)]

    def said(self) -> dict[str, Entry]:
        """The last word on each delivery, by its stream."""
        events = (
            decode(topic, state) for page in self.history.pages(0) for _, topic, state in page
        )
        batches = (each for each in events if isinstance(each, BatchKept))
        return {entry.delivery_id: entry for each in batches for entry in each.entries}

    def reason(self, told: Json) -> str:
        """Why a delivery was ignored."""
        entry = self.said()[delivery(told).originator_id]
        assert entry.outcome == "ignored"
        return str(entry.reason)

    def granted(self) -> int:
        """The credits Ann was given."""
        stream = SCOPE.stream(CreditWallet.CATEGORY, "ann")
        return loaded(self.ledger, CreditWallet, stream).totals.granted

    def _reader(self, schema: str) -> LogReader:
        reader = LogReader(self.url, schema)
        self._stack.callback(reader.close)
        return reader
