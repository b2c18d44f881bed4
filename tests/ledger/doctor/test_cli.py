"""`billing doctor`, run as an operator runs it."""

import json

from tests.system.patience import LONGEST_SECONDS
from tests.web.server import billing
from web.sandbox.api import World
from web.sandbox.api.endpoints import Endpoint
from web.sandbox.api.running import running

SECRET = "whsec_" + "s" * 32


def doctor(database_url: str, **settings: str) -> tuple[int, str]:
    process = billing(
        "doctor", *settings.pop("options", "").split(), DATABASE_URL=database_url, **settings
    )
    out, err = process.communicate(timeout=LONGEST_SECONDS)
    assert SECRET not in out + err
    return process.returncode, out


def test_it_says_what_to_do_and_fails_when_something_is_wrong(database_url: str) -> None:
    status, said = doctor(database_url)
    assert status == 1
    assert "WRONG STRIPE_WEBHOOK_SECRET: not set" in said
    assert "-> set it to the endpoint's signing secret" in said


def test_a_database_that_does_not_answer_is_told_without_its_password() -> None:
    url = "postgresql://user:hunter2@127.0.0.1:9/nothing"
    status, said = doctor(url, STRIPE_WEBHOOK_SECRET=SECRET)
    assert status == 1
    assert "WRONG database: does not answer" in said
    assert "hunter2" not in said


def test_machines_read_json(database_url: str) -> None:
    _, said = doctor(database_url, STRIPE_WEBHOOK_SECRET=SECRET, options="--json")
    found = {each["subject"]: each["level"] for each in json.loads(said)}
    assert found["STRIPE_WEBHOOK_SECRET"] == "good"
    assert found["STRIPE_SECRET_KEY"] == "odd"
    assert found["schemas"] == "good"


def test_a_stripe_that_does_not_answer_is_wrong(database_url: str) -> None:
    settings = {"STRIPE_SECRET_KEY": "sk_test_hunter2", "STRIPE_API_BASE": "http://127.0.0.1:9"}
    status, said = doctor(database_url, STRIPE_WEBHOOK_SECRET=SECRET, **settings)
    assert status == 1
    assert "WRONG Stripe:" in said
    assert "hunter2" not in said


def test_the_stand_in_tells_where_it_sends_webhooks(database_url: str) -> None:
    here = Endpoint("http://127.0.0.1:9/webhooks/stripe", SECRET)
    settings = {"STRIPE_SECRET_KEY": "sk_test_1", "STRIPE_WEBHOOK_SECRET": SECRET}
    with running(World(), [here]) as url:
        _, said = doctor(database_url, STRIPE_API_BASE=url, options="--json", **settings)
    found = {each["subject"]: (each["level"], each["said"]) for each in json.loads(said)}
    assert found["webhook endpoint"] == ("good", here.url)
    assert found["API version"] == ("good", here.api_version)
    assert {found[each][0] for each in ("event types", "clock")} == {"good"}
