"""Visitors come in with a token, see only what is theirs, and are sent nowhere else."""

from __future__ import annotations

import pytest

from tests.ledger.given import day
from tests.web.api.calling import KEYS
from tests.web.pages.conftest import NewVisit, Visit
from web.pages.entering import own_path


def test_a_token_becomes_a_cookie_scripts_cannot_read_of_the_same_life(visit: Visit) -> None:
    token = visit.shop.api.token("ann")
    answer = visit.client.get(f"/enter?token={token}&next=/checkout/credits")

    cookie = answer.headers["Set-Cookie"]
    assert (answer.status_code, answer.headers["Location"]) == (303, "/checkout/credits")
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie
    assert "Max-Age=900" in cookie
    assert answer.headers["Referrer-Policy"] == "no-referrer"
    assert answer.headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize(
    ("public_url", "host", "is_secure"),
    [
        (None, "localhost:8000", False),
        (None, "pay.example", True),
        ("https://pay.example", "localhost:8000", True),
        ("http://localhost:8000", "localhost:8000", False),
    ],
)
def test_the_cookie_is_for_https_only_but_on_this_machine(
    new_visit: NewVisit, public_url: str | None, host: str, is_secure: bool
) -> None:
    visit = new_visit(public_url=public_url)
    token = visit.shop.api.token("ann")
    answer = visit.client.get(f"/enter?token={token}", headers={"Host": host})

    assert ("Secure" in answer.headers["Set-Cookie"]) is is_secure


@pytest.mark.parametrize(
    "path",
    [
        *("https://evil.example", "//evil.example", "/\\evil.example", "evil.example"),
        *("/account\\x", "/accounts", "/webhooks/stripe", "/enter?token=x", "/account\n", ""),
        *("/checkout@evil.example", "javascript:alert(1)", "/account/../v1", "/account/%2E%2e/v1"),
    ],
)
def test_nobody_is_sent_to_another_site(path: str) -> None:
    assert own_path(path) == "/account"


@pytest.mark.parametrize("path", ["/account", "/checkout/plans/pro?quantity=2", "/payments/pi_1"])
def test_visitors_go_on_to_the_page_they_were_sent_to(path: str) -> None:
    assert own_path(path) == path


@pytest.mark.parametrize("token", ["", "nonsense", KEYS["checkout"]])
def test_what_is_no_token_of_ours_lets_nobody_in(visit: Visit, token: str) -> None:
    answer = visit.client.get("/enter", query_string={"token": token})

    assert answer.status_code == 401
    assert "Set-Cookie" not in answer.headers
    assert "Your visit is over" in answer.text


def test_a_token_that_is_over_lets_nobody_in(visit: Visit) -> None:
    token = visit.shop.api.token("ann", at=day(9))

    assert visit.client.get("/enter", query_string={"token": token}).status_code == 401


@pytest.mark.parametrize("path", ["/account", "/account/charges", "/checkout/plans/pro"])
def test_without_a_visit_nothing_is_shown(visit: Visit, path: str) -> None:
    answer = visit.get(path)

    assert answer.status_code == 401
    assert answer.mimetype == "text/html"


@pytest.mark.parametrize("word", [None, "", "0" * 64])
def test_a_form_of_another_site_changes_nothing(visit: Visit, word: str | None) -> None:
    visit.enter("ann")
    fields = {} if word is None else {"form_word": word}
    answer = visit.client.post("/account/plan/pro", data=fields)

    assert answer.status_code == 403
    assert "Please send it again" in answer.text


def test_a_form_of_another_visit_changes_nothing(visit: Visit, new_visit: NewVisit) -> None:
    visit.enter("ann")
    bobs = new_visit()
    page = bobs.enter("bob")
    word = page.text.split('name="form_word" value="')[1][:64]

    assert visit.client.post("/leave", data={"form_word": word}).status_code == 403


def test_leaving_takes_the_cookie_away(visit: Visit) -> None:
    visit.enter("ann")
    visit.send("/leave", on="/account")

    assert visit.get("/account").status_code == 401


def test_every_page_says_that_it_is_a_sandbox_but_with_live_keys(new_visit: NewVisit) -> None:
    assert "no money moves" in new_visit().enter("ann").text
    live = new_visit(key="pk_live_1", livemode=True)
    assert "no money moves" not in live.enter("ann").text
