"""The stand-in's API pages, filters and refuses as Stripe's does."""

from __future__ import annotations

from typing import Any

import pytest
from flask.testing import FlaskClient

from web.sandbox.api import Failures, Shelf, create_api, notification
from web.sandbox.truth.calendar import DAY

NOW = 100 * DAY
EVENTS = [
    {
        "id": f"evt_{number}",
        "object": "event",
        "type": "customer.updated" if number % 2 else "customer.created",
        "created": NOW - 40 * DAY + number * DAY,
        "livemode": False,
        "data": {"object": {"id": f"cus_{number}", "object": "customer"}},
    }
    for number in range(1, 41)
]


@pytest.fixture
def shelf() -> Shelf:
    return Shelf(EVENTS, now=lambda: NOW)


@pytest.fixture
def app(shelf: Shelf) -> FlaskClient:
    return create_api(shelf, Failures()).test_client()


def get(app: FlaskClient, path: str, status: int = 200) -> dict[str, Any]:
    response = app.get(path, headers={"Authorization": "Bearer sk_test_1"})
    assert response.status_code == status, response.text
    told = response.get_json()
    assert isinstance(told, dict)
    return told


def numbers(listed: dict[str, Any]) -> list[int]:
    return [int(each["id"].removeprefix("evt_")) for each in listed["data"]]


def test_a_list_has_ten_events_the_newest_first(app: FlaskClient) -> None:
    listed = get(app, "/v1/events")

    assert numbers(listed) == list(range(40, 30, -1))
    assert (listed["object"], listed["has_more"], listed["url"]) == ("list", True, "/v1/events")


def test_cursors_lead_on_in_both_directions(app: FlaskClient) -> None:
    older = get(app, "/v1/events?limit=3&starting_after=evt_14")
    newer = get(app, "/v1/events?limit=3&ending_before=evt_37")

    assert (numbers(older), older["has_more"]) == ([13, 12, 11], True)
    assert (numbers(newer), newer["has_more"]) == ([40, 39, 38], False)


def test_what_is_older_than_30_days_is_gone(app: FlaskClient) -> None:
    listed = get(app, "/v1/events?limit=100")

    assert (numbers(listed)[-1], listed["has_more"]) == (10, False)
    assert get(app, "/v1/events/evt_10")["id"] == "evt_10"
    assert get(app, "/v1/events/evt_9", 404)["error"]["code"] == "resource_missing"


def test_a_list_can_be_narrowed(app: FlaskClient, shelf: Shelf) -> None:
    shelf.undelivered |= {"evt_39", "evt_38"}
    since = NOW - 3 * DAY

    assert numbers(get(app, f"/v1/events?created[gte]={since}")) == [40, 39, 38, 37]
    assert numbers(get(app, f"/v1/events?created[lte]={since}&limit=1")) == [37]
    assert numbers(get(app, "/v1/events?types[]=customer.updated&limit=2")) == [39, 37]
    assert numbers(get(app, "/v1/events?delivery_success=false")) == [39, 38]
    assert numbers(get(app, "/v1/events?delivery_success=true&limit=2")) == [40, 37]


@pytest.mark.parametrize(
    "query",
    ["limit=0", "limit=101", "limit=x", "delivery_success=maybe", "starting_after=evt_x", "a=b"],
)
def test_what_stripe_would_not_take_is_a_bad_request(query: str, app: FlaskClient) -> None:
    error = get(app, f"/v1/events?{query}", 400)["error"]

    assert (error["type"], error["param"]) == ("invalid_request_error", query.partition("=")[0])


def test_a_thin_event_is_found_by_its_own_id_and_names_its_snapshot(app: FlaskClient) -> None:
    posted = notification(EVENTS[-1])
    found = get(app, f"/v2/core/events/{posted['id']}")

    assert {name: found[name] for name in posted} == posted
    assert found["snapshot_event"] == "evt_40"
    assert get(app, "/v2/core/events/evt_40", 404)


@pytest.mark.parametrize("key", [None, "Bearer pk_test_1", "Bearer sk_live_1"])
def test_without_a_secret_test_key_nothing_is_shown(key: str | None, app: FlaskClient) -> None:
    response = app.get("/v1/events", headers={"Authorization": key} if key else {})

    assert response.status_code == 401


def test_an_unknown_address_is_told_in_json_too(app: FlaskClient) -> None:
    assert get(app, "/v1/customers", 404)["error"]["type"] == "invalid_request_error"
