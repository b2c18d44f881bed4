"""The Inbox keeps every delivery once; the Ledger keeps all of a call's events or none."""

import pytest
from eventsourcing.persistence import IntegrityError

from ledger.aggregates.credit_wallet import CreditWallet
from ledger.aggregates.customer import Identified
from ledger.application import Inbox, Ledger
from ledger.commands import decided, loaded
from ledger.delivery import Delivery
from ledger.effects import Grant
from ledger.errors import Contended
from ledger.event import Event
from ledger.store.log import LogReader
from ledger.store.names import Names
from tests.ledger.given import SCOPE, START, why
from tests.ledger.providers.stripe.payloads import EVENTS, delivery

ANN = SCOPE.stream(CreditWallet.CATEGORY, "ann")


def identified(version: int, stream: str = "customer/stripe/test//cus_1") -> Event:
    return Identified(customer_id="ann").stamped(stream, version, why())


def test_a_delivery_is_kept_once(inbox: Inbox, database_url: str) -> None:
    told = delivery(EVENTS["invoice.paid"])
    other = Delivery(told.envelope, START, {"x": "y"}, b"another body")

    assert [inbox.receive(told), inbox.receive(told), inbox.receive(other)] == [True, False, False]

    reader = LogReader(database_url, Names.inbox)
    assert [Delivery.from_state(state) for *_, state in reader.after(0)] == [told]
    reader.close()


def test_a_body_of_any_bytes_comes_back_as_it_was(inbox: Inbox) -> None:
    told = delivery(EVENTS["invoice.paid"])
    odd = Delivery(told.envelope, START, {"Stripe-Signature": "t=1"}, bytes(range(256)) + b"\n\n")

    inbox.receive(odd)

    [stored] = inbox.recorder.select_events(odd.originator_id)
    assert Delivery.from_state(stored.state) == odd
    assert list(inbox.events.get(odd.originator_id)) == [odd]


def test_all_events_of_a_call_are_stored_or_none(ledger: Ledger) -> None:
    ledger.append([identified(1)])

    with pytest.raises(IntegrityError):
        ledger.append([identified(1, "customer/stripe/test//cus_2"), identified(1)])

    assert list(ledger.events.get("customer/stripe/test//cus_1")) == [identified(1)]
    assert list(ledger.events.get("customer/stripe/test//cus_2")) == []


def test_a_command_that_loses_every_race_gives_up_by_name(ledger: Ledger) -> None:
    def overtaken(wallet: CreditWallet) -> None:
        rival = loaded(ledger, CreditWallet, ANN)
        rival.hold(f"pi_{rival.version}", Grant("ann", 1), why())
        ledger.append(list(rival.collect_events()))
        wallet.hold("pi_x", Grant("ann", 1), why())

    with pytest.raises(Contended, match="kept changing under us, gave up after 10 tries"):
        decided(ledger, CreditWallet, ANN, overtaken)

    assert "pi_x" not in loaded(ledger, CreditWallet, ANN).grants
