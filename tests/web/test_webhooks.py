"""The endpoint answers 200 once a delivery is durable, and says clearly why otherwise."""

from collections.abc import Callable
from io import BytesIO

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from ledger.delivery import Delivery
from ledger.providers.stripe.signature import HEADER, header
from tests.ledger.providers.stripe.payloads import EVENTS, body
from tests.web.conftest import LIMIT_BYTES, PATH, SECRET, THEN, Outage, Post

Kept = Callable[[], list[Delivery]]

PAID = body(EVENTS["invoice.paid"])
THIN = {
    "id": "evt_65",
    "object": "v2.core.event",
    "type": "v1.invoice.paid",
    "created": "2026-09-01T12:00:00.000Z",
    "livemode": False,
    "context": "acct_9",
    "related_object": {"id": "in_1", "type": "invoice", "url": "/v1/invoices/in_1"},
}
PAID_STREAM = f"delivery/stripe/test//{EVENTS['invoice.paid']['id']}"


def problem(response: TestResponse) -> tuple[int, str, str]:
    """Status, title and detail of a problem document."""
    assert response.mimetype == "application/problem+json"
    told = response.get_json(force=True)
    assert told["status"] == response.status_code
    assert told["type"] == "about:blank"
    return response.status_code, told["title"], told["detail"]


def test_a_new_delivery_is_kept_byte_for_byte_with_its_signature(post: Post, kept: Kept) -> None:
    raw = b"\n " + PAID.replace(b": ", b" :\t") + b"\r\n"

    response = post(raw)

    assert response.status_code == 200
    assert response.get_json() == {
        "received": True, "duplicate": False, "delivery": PAID_STREAM,
    }  # fmt: skip
    [delivery] = kept()
    assert delivery.body == raw
    assert delivery.headers == {HEADER: header(raw, SECRET, THEN)}
    assert delivery.received_at.timestamp() == THEN


def test_a_duplicate_is_answered_like_the_first_and_kept_once(post: Post, kept: Kept) -> None:
    post(PAID)

    again = post(PAID + b" ", at=THEN + 60)

    assert again.status_code == 200
    assert again.get_json() == {"received": True, "duplicate": True, "delivery": PAID_STREAM}
    assert [delivery.body for delivery in kept()] == [PAID]


def test_the_same_event_of_another_account_is_another_delivery(post: Post, kept: Kept) -> None:
    for account in (None, "acct_9"):
        assert post(body(EVENTS["invoice.paid"] | {"account": account})).status_code == 200

    assert [delivery.envelope.account for delivery in kept()] == ["", "acct_9"]


@pytest.mark.parametrize("type_", ["product.created", "v1.invoice.paid", "unheard.of"])
def test_an_unknown_type_is_kept_too(type_: str, post: Post, kept: Kept) -> None:
    assert post(body(EVENTS["invoice.paid"] | {"type": type_})).status_code == 200
    assert [delivery.envelope.type for delivery in kept()] == [type_]


def test_a_thin_event_is_kept_like_any_other(post: Post, kept: Kept) -> None:
    raw = body(THIN)

    assert post(raw).get_json()["delivery"] == "delivery/stripe/test/acct_9/evt_65"
    assert post(raw).get_json()["duplicate"]
    assert [delivery.body for delivery in kept()] == [raw]


def test_a_corrupted_thin_event_is_refused(post: Post, kept: Kept) -> None:
    assert problem(post(body(THIN)[:-9]))[:2] == (400, "NotADelivery")
    assert problem(post(body(THIN | {"created": 7})))[:2] == (400, "NotADelivery")
    assert problem(post(body(THIN), secret="whsec_two"))[:2] == (400, "NotVerified")
    assert kept() == []


def test_a_payload_nobody_can_read_is_kept_too(post: Post, kept: Kept) -> None:
    assert post(body(EVENTS["invoice.paid"] | {"data": {"object": [None]}})).status_code == 200
    assert len(kept()) == 1


def test_a_forged_request_is_refused(post: Post, kept: Kept) -> None:
    assert problem(post(PAID, secret="whsec_two")) == (
        *(400, "NotVerified", "no signature matches a secret of this endpoint"),
    )
    assert kept() == []


def test_a_stale_request_is_refused_by_its_age(post: Post) -> None:
    status, title, detail = problem(post(PAID, at=THEN - 301))

    assert (status, title) == (400, "NotVerified")
    assert "+301 s off" in detail


def test_a_request_without_a_signature_is_refused(client: FlaskClient) -> None:
    assert problem(client.post(PATH, data=PAID)) == (
        *(400, "NotVerified", "there is no Stripe-Signature header"),
    )


@pytest.mark.parametrize("raw", [b"", b"{", b"[]", b"\xff", PAID[:-2]])
def test_signed_bytes_that_are_no_event_are_refused(raw: bytes, post: Post) -> None:
    status, title, detail = problem(post(raw))

    assert (status, title) == (400, "NotADelivery")
    assert detail.startswith("the body is no Stripe event: ")


@pytest.mark.parametrize("method", ["GET", "PUT", "PATCH", "DELETE"])
def test_another_method_is_told_which_one_is_allowed(method: str, client: FlaskClient) -> None:
    response = client.open(PATH, method=method)

    assert problem(response)[0] == 405
    assert set(response.allow) == {"OPTIONS", "POST"}


def test_another_path_is_not_found(client: FlaskClient) -> None:
    assert problem(client.post("/webhooks", data=PAID))[0] == 404


def padded(size: int) -> bytes:
    return PAID + b" " * (size - len(PAID))


def test_a_body_up_to_the_limit_is_taken(post: Post) -> None:
    assert post(padded(LIMIT_BYTES)).status_code == 200


def test_a_larger_body_is_refused_unread(post: Post, kept: Kept) -> None:
    assert problem(post(padded(LIMIT_BYTES + 1)))[0] == 413
    assert kept() == []


@pytest.mark.parametrize(("size", "status"), [(LIMIT_BYTES, 200), (LIMIT_BYTES + 1, 413)])
def test_a_chunked_body_has_the_same_limit(size: int, status: int, client: FlaskClient) -> None:
    raw = padded(size)

    response = client.post(
        PATH,
        input_stream=BytesIO(raw),
        headers={HEADER: header(raw, SECRET, THEN)},
        environ_overrides={"wsgi.input_terminated": True, "HTTP_TRANSFER_ENCODING": "chunked"},
    )

    assert response.status_code == status


def test_a_store_out_of_reach_asks_to_come_again(
    post: Post, kept: Kept, short_outage: Outage, caplog: pytest.LogCaptureFixture
) -> None:
    assert post(PAID).status_code == 200
    with short_outage():
        response = post(body(EVENTS["refund.created"]))

    assert problem(response) == (503, "StoreUnavailable", "the store cannot take it now")
    assert response.headers["Retry-After"] == "5"
    assert "the store could not do it in 0.5 s" in caplog.text
    assert post(body(EVENTS["refund.created"])).status_code == 200
    assert len(kept()) == 2


def test_a_bug_is_a_plain_500_that_tells_the_caller_nothing(client: FlaskClient) -> None:
    @client.application.get("/broken")
    def broken() -> str:
        raise RuntimeError("hunter2")

    status, title, detail = problem(client.get("/broken"))

    assert (status, title) == (500, "Internal Server Error")
    assert "hunter2" not in detail
