"""Deliveries are signed, repeated until answered, and counted."""

from threading import Lock

import stripe

from tests.web.sandbox.fake_endpoint import endpoint
from web.sandbox.deliver import Course, Receiver, Totals, deliver
from web.sandbox.faults import Attempt
from web.sandbox.truth.spends import Spend

SECRET = "whsec_sandbox"


class Inbox:
    """Answers 200, saying whether it had the body before; fails the first `failures` tries."""

    def __init__(self, failures: int = 0, status: int = 500) -> None:
        self.bodies: set[bytes] = set()
        self.failures, self.status, self.lock = failures, status, Lock()

    def __call__(self, body: bytes, signature: str) -> tuple[int, bytes]:
        assert stripe.WebhookSignature.verify_header(body.decode(), signature, SECRET)
        with self.lock:
            if self.failures:
                self.failures -= 1
                return self.status, b""
            known = body in self.bodies
            self.bodies.add(body)
            return 200, b'{"duplicate":true}' if known else b'{"duplicate":false}'


def course(*events: int) -> Course:
    return Course([b"0", b"1", b"2"], [Attempt(0, event) for event in events])


def receiver(url: str, waits: list[float] | None = None) -> Receiver:
    return Receiver(url, SECRET, sleep=(waits if waits is not None else []).append)


def test_every_attempt_is_delivered_and_its_answer_counted() -> None:
    inbox = Inbox()
    with endpoint(inbox) as url:
        totals = deliver(course(0, 1, 2, 1), receiver(url), concurrency=1)
    assert totals == Totals(new=3, duplicate=1)
    assert inbox.bodies == {b"0", b"1", b"2"}


def test_many_threads_deliver_everything_too() -> None:
    inbox = Inbox()
    with endpoint(inbox) as url:
        totals = deliver(course(*[0, 1, 2] * 40), receiver(url), concurrency=4)
    assert totals == Totals(new=3, duplicate=117)


def test_an_error_of_the_server_is_tried_again_later() -> None:
    waits: list[float] = []
    with endpoint(Inbox(failures=2)) as url:
        totals = deliver(course(0), receiver(url, waits), concurrency=1)
    assert totals == Totals(new=1, retried=2)
    assert waits == [0.1, 0.3]


def test_a_broken_connection_is_made_again() -> None:
    with endpoint(Inbox(failures=1, status=0)) as url:
        totals = deliver(course(0, 1), receiver(url), concurrency=1)
    assert totals == Totals(new=2, retried=1)


def test_a_refusal_is_final() -> None:
    with endpoint(Inbox(failures=1, status=400)) as url:
        totals = deliver(course(0), receiver(url), concurrency=1)
    assert totals == Totals(refused=1)


def test_retries_are_bounded() -> None:
    with endpoint(Inbox(failures=100)) as url:
        totals = deliver(course(0), receiver(url), concurrency=1)
    assert totals == Totals(retried=5, lost=1)


def test_commands_are_given_to_the_application_in_their_place() -> None:
    seen: list[str] = []
    ticks: list[int] = []

    def spend(command: Spend) -> bool:
        seen.append(command.key)
        return command.credits < 10

    entries: list[Attempt | Spend] = [
        Attempt(0, 0),
        Spend(1, "u1", 5, "a"),
        Spend(1, "u1", 50, "b"),
    ]
    with endpoint(Inbox()) as url:
        given = Course([b"0"], entries, spend=spend, tick=lambda: ticks.append(1))
        totals = deliver(given, receiver(url), concurrency=1)
    assert totals == Totals(new=1, spent=1, unspent=1)
    assert seen == ["a", "b"]
    assert len(ticks) == 3


def test_the_status_of_every_answer_is_told() -> None:
    statuses: list[int] = []
    with endpoint(Inbox(failures=1)) as url:
        receiving = Receiver(url, SECRET, sleep=lambda _: None, heard=statuses.append)
        deliver(course(0, 1), receiving, concurrency=1)
    assert statuses == [500, 200, 200]
