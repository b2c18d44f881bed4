"""Objects as deliveries: as of when they count, and which answers are none."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing, contextmanager
from datetime import UTC, datetime
from email.utils import format_datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any

import pytest

from ledger.ids import Scope
from ledger.providers.problems import ProviderUnavailable
from ledger.providers.stripe.gateway import StripeGateway
from ledger.providers.stripe.inventory import Inventory, said
from tests.ledger.given import day
from tests.ledger.providers.stripe.mirrored_objects import balance_transaction
from tests.ledger.providers.stripe.objects import Json, charge, customer, session
from tests.ledger.providers.stripe.stand_in import KEY

STRIPES_TIME, OURS = datetime(2026, 9, 10, 12, tzinfo=UTC), datetime(2027, 9, 10, 12, tzinfo=UTC)
DATE = format_datetime(STRIPES_TIME, usegmt=True)
Asked = Callable[..., Inventory]


@pytest.fixture
def answering() -> Iterator[Asked]:
    """Makes an inventory of a Stripe that always answers the same, by its own clock."""
    with ExitStack() as stack:

        def made(answer: Json, livemode: bool = False, date: str = DATE) -> Inventory:
            class Same(BaseHTTPRequestHandler):
                def do_GET(self) -> None:
                    self.send_response(200)
                    self.end_headers()
                    self.wfile.write(json.dumps(answer).encode())

                def date_time_string(self, timestamp: float | None = None) -> str:
                    return date

                def log_message(self, format: str, *args: object) -> None:
                    """Nothing."""

            url = stack.enter_context(_served(Same))
            gateway = stack.enter_context(closing(StripeGateway(KEY, url, retries=0)))
            return Inventory(gateway, Scope("stripe", livemode))

        yield made


@contextmanager
def _served(handler: type[BaseHTTPRequestHandler]) -> Iterator[str]:
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
        thread.join()


def page(*objects: Json, more: bool = False) -> Json:
    return {"object": "list", "data": list(objects), "has_more": more}


def test_what_may_change_counts_from_when_stripe_answered_by_its_clock(answering: Asked) -> None:
    found = answering(customer()).one("customers", "cus_1", OURS)

    assert found.delivery.envelope.created == STRIPES_TIME
    assert found.delivery.received_at == OURS
    assert found.delivery.envelope.event_id.startswith("cus_1:")
    assert found.delivery.headers == {"Fetched-From": "/v1/customers/cus_1"}


@pytest.mark.parametrize("date", ["", "yesterday", "Thu, 10 Sep 2026 12:00:00 -0000"])
def test_where_stripe_does_not_say_when_our_clock_counts(answering: Asked, date: str) -> None:
    found = answering(customer(), date=date).one("customers", "cus_1", OURS)

    assert found.delivery.envelope.created == OURS


def test_what_happens_once_counts_from_when_it_was_made(answering: Asked) -> None:
    found = answering(charge()).one("charges", "ch_1", OURS)

    assert found.delivery.envelope.created == found.created == day(0)


def test_a_customer_deleted_since_it_was_listed_is_told_as_such(answering: Asked) -> None:
    gone = {"id": "cus_1", "object": "customer", "deleted": True}

    [told] = said(answering(gone).one("customers", "cus_1", OURS))

    assert getattr(told, "deleted", None) is True


def test_an_open_session_says_nothing(answering: Asked) -> None:
    [listed] = next(answering(page(session(status="open"))).pages("checkout_sessions", OURS))

    assert said(listed) == ()


def test_what_something_cost_is_kept_as_the_worker_for_it_keeps_it(answering: Asked) -> None:
    found = answering(balance_transaction()).one("balance_transactions", "txn_1", OURS)

    assert found.delivery.originator_id == "delivery/stripe/test//txn_1"
    assert found.delivery.envelope.type == "balance_transaction.fetched"


def test_objects_of_the_other_mode_are_no_answer(answering: Asked) -> None:
    with pytest.raises(ProviderUnavailable, match="of the other mode"):
        next(answering(page(customer(livemode=False)), livemode=True).pages("customers", OURS))


def test_a_page_that_comes_twice_is_no_list(answering: Asked) -> None:
    pages = answering(page(customer(), more=True)).pages("customers", OURS)

    assert [each.key for each in next(pages)] == ["cus_1"]
    with pytest.raises(ProviderUnavailable, match="the same page twice"):
        next(pages)


@pytest.mark.parametrize("odd", [{}, {"object": "customer"}, "cus_1", None])
def test_an_object_in_no_shape_to_be_read_is_an_error_and_no_absence(
    odd: Any, answering: Asked
) -> None:
    with pytest.raises(ProviderUnavailable):
        next(answering(page(customer(), odd)).pages("customers", OURS))
