"""Whatever is posted: never a 500, and what is answered 200 is kept byte for byte."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime
from random import Random
from typing import Any, cast

from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from ledger.application import Inbox
from ledger.delivery import Delivery
from ledger.providers.stripe.receiver import StripeReceiver
from ledger.providers.stripe.signature import HEADER, header
from ledger.store.log import LogReader
from ledger.store.names import Names
from tests.fuzz.mutator import Mutator
from web.app import create_app

SECRET, PATH, THEN = "whsec_fuzz", "/webhooks/stripe", 1_790_000_000
LIMIT_BYTES = 6_000  # some of the seeds are longer
AT_THE_STORE = 2_000
ANSWERS = {200, 400, 413}
ODD_HEADERS = (
    *("", "t=", "v1=", ",", "t=1", f"t={THEN}", f"t={THEN},v1=", f"t={THEN},v1=00", "t=x,v1=y"),
    *(
        f"t={10**400},v1=ab",
        f"t=-{THEN},v1=ab",
        "t=1,t=2,v1=ab",
        "v1=é",
        "\N{LATIN SMALL LETTER Y}" * 9000,
    ),
    *(f"t={THEN}.5,v1=ab", "t=٣,v1=ab", "t==,v1==", "=" * 500),
)


class MemoryInbox:
    """Keeps deliveries by their stream, each in its stored form, as the Inbox does."""

    def __init__(self) -> None:
        self.states: dict[str, bytes] = {}

    def receive(self, delivery: Delivery) -> bool:
        stream = delivery.originator_id
        if stream in self.states:
            return False
        self.states[stream] = delivery.to_state()
        return True


def test_whatever_is_posted_gets_its_answer(inputs: int, mutator: Mutator) -> None:
    inbox, statuses = MemoryInbox(), Counter[int]()
    client = endpoint(cast("Inbox", inbox))
    for body, signature in requests(mutator, inputs):
        answer = post(client, body, signature)
        statuses[answer.status_code] += 1
        assert_answered(answer, body)
        if answer.status_code == 200:
            assert_kept(inbox.states[answer.get_json()["delivery"]], body, answer)

    assert set(statuses) == ANSWERS


def test_the_real_inbox_takes_what_the_endpoint_takes(
    inputs: int, mutator: Mutator, database_url: str
) -> None:
    taken: dict[str, bytes] = {}
    with Inbox(database_url, Names(), pool_size=1) as inbox:
        client = endpoint(inbox)
        for body, signature in requests(mutator, min(inputs, AT_THE_STORE)):
            answer = post(client, body, signature)
            assert_answered(answer, body)
            if answer.status_code == 200:
                taken.setdefault(answer.get_json()["delivery"], body)
    with closing(LogReader(database_url, Names.inbox)) as log:
        kept = [Delivery.from_state(state) for page in log.pages(0) for *_, state in page]

    assert {each.originator_id: each.body for each in kept} == taken


def requests(mutator: Mutator, inputs: int) -> Iterator[tuple[bytes, str]]:
    """Bodies with their signatures; some signatures are no such thing."""
    random = Random("headers")
    for _ in range(inputs):
        body = mutator.body()
        odd = random.random() < 0.1
        yield body, random.choice(ODD_HEADERS) if odd else header(body, SECRET, THEN)


def endpoint(inbox: Inbox) -> FlaskClient:
    now = datetime.fromtimestamp(THEN, UTC)
    return create_app(inbox, StripeReceiver([SECRET]), lambda: now, LIMIT_BYTES, PATH).test_client()


def post(client: FlaskClient, body: bytes, signature: str) -> TestResponse:
    return client.post(PATH, data=body, headers={HEADER: signature})


def assert_answered(answer: TestResponse, body: bytes) -> None:
    assert answer.status_code in ANSWERS, (answer.status_code, body)
    if answer.status_code != 200:
        problem: dict[str, Any] = answer.get_json()
        assert answer.mimetype == "application/problem+json"
        assert problem["status"] == answer.status_code
        assert problem["detail"]


def assert_kept(state: bytes, body: bytes, answer: TestResponse) -> None:
    """What is stored can be read again; of two with one id the first counts."""
    kept = Delivery.from_state(state)
    assert kept.body == body or answer.get_json()["duplicate"]
    assert kept.to_state() == state
