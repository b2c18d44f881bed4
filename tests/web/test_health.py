"""Health is asked of the database, not of the process."""

from flask.testing import FlaskClient

from tests.ledger.providers.stripe.payloads import EVENTS, body
from tests.web.conftest import Outage, Post


def test_a_healthy_process_tells_how_far_the_inbox_is(client: FlaskClient, post: Post) -> None:
    assert client.get("/health").get_json() == {"status": "ok", "inbox_head": 0}

    post(body(EVENTS["invoice.paid"]))

    assert client.get("/health").get_json() == {"status": "ok", "inbox_head": 1}


def test_without_its_database_a_process_is_not_healthy(
    client: FlaskClient, short_outage: Outage
) -> None:
    with short_outage():
        response = client.get("/health")

    assert response.status_code == 503
    assert response.headers["Retry-After"] == "5"
    assert client.get("/health").status_code == 200
