"""What surrounds the endpoints: other origins, webhooks untouched, and a database that is away."""

from __future__ import annotations

import psycopg
import pytest

from tests.ledger.outage import out_of_reach
from tests.web.api.calling import KEYS, Api
from web.access.origin import origin_of

BALANCE = "/v1/customers/ann/balance"
OURS = "https://lead.example"


def test_a_page_of_the_application_may_read_answers_and_refusals(api: Api) -> None:
    for auth, status in ((api.token("ann"), 200), ("", 401)):
        answer = api.client().get(
            BALANCE, headers={"Origin": OURS, "Authorization": f"Bearer {auth}"}
        )
        assert answer.status_code == status
        assert answer.headers["Access-Control-Allow-Origin"] == OURS
        assert "Origin" in answer.headers["Vary"]
        assert "Access-Control-Allow-Credentials" not in answer.headers


def test_a_page_of_the_application_may_ask_before_it_calls(api: Api) -> None:
    answer = api.client().options(
        BALANCE, headers={"Origin": OURS, "Access-Control-Request-Method": "GET"}
    )

    assert answer.status_code == 200
    assert answer.headers["Access-Control-Allow-Origin"] == OURS
    assert "Authorization" in answer.headers["Access-Control-Allow-Headers"]


@pytest.mark.parametrize(
    "origin",
    ["https://evil.example", "http://lead.example", "https://lead.example:444", "null", ""],
)
def test_another_pages_script_is_shown_nothing(origin: str, api: Api) -> None:
    for method in ("GET", "OPTIONS"):
        answer = api.client().open(BALANCE, method=method, headers={"Origin": origin})
        assert not [name for name, _ in answer.headers if name.startswith("Access-Control")]


def test_an_origin_is_written_as_browsers_write_it() -> None:
    assert origin_of("https://Lead.Example:8443/app?x=1") == "https://lead.example:8443"


def test_nothing_runs_before_or_after_a_webhook(api: Api) -> None:
    for hooks in (api.app.before_request_funcs, api.app.after_request_funcs):
        assert {name for name in hooks if hooks[name]} <= {"api", "reference"}
    answer = api.client().post("/webhooks/stripe", data=b"{}", headers={"Origin": OURS})
    assert not [name for name, _ in answer.headers if name.startswith("Access-Control")]


def test_a_database_out_of_reach_asks_to_come_again(
    api: Api, server_url: str, database_url: str
) -> None:
    call, body = "POST /v1/customers/ann/credits/spend", {"credits": 1}
    assert api.call(call, body, auth=KEYS["credits"], key="k").status_code == 409
    api.office.ledger.recorder.datastore.limit_seconds = 0.5

    with out_of_reach(server_url, database_url):
        answer = api.call(call, body, auth=KEYS["credits"], key="k")

    told = answer.get_json(force=True)
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "5")
    assert told["detail"] == "the store cannot take it now"


def test_without_tables_it_says_what_makes_them(api: Api, database_url: str) -> None:
    with psycopg.connect(database_url) as connection:
        connection.execute("DROP VIEW finance.balances")

    answer = api.call(f"GET {BALANCE}", auth=KEYS["read"])

    told = answer.get_json(force=True)
    assert (told["status"], told["title"]) == (503, "UndefinedTable")
    assert "`billing migrate`" in told["detail"]
