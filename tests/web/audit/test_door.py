"""Only an auditor's key opens the audit, and only as long as it is good."""

from __future__ import annotations

import re
import uuid
from datetime import timedelta

import pytest

from ledger.aggregates.api_key import Terms
from ledger.application import Ledger
from ledger.keys import all_keys, issue_key, revoke_key, rotate_key
from ledger.store.names import Names
from tests.web.audit.conftest import ENDED, KEY, NOW, OTHER, STREAM, Browser
from web.access.keys import MOST_AGE, KeyRing, key_text
from web.access.limits import RATES
from web.access.problems import NotAuthenticated
from web.audit.sessions import LIFETIME, Sessions

PAGES = ("", "search?q=x", "history?who=x", "event?at=1", "delivery?id=evt_1", "delivery/body?id=x")
MORE = ("then?who=x", "then/rows?who=x", "difference?who=x", "seals", "refused", "reactions")


@pytest.mark.parametrize("page", [*PAGES, *MORE])
def test_without_a_session_every_page_leads_to_the_door(stranger: Browser, page: str) -> None:
    answer = stranger.client.get(f"/audit/{page}")

    assert (answer.status_code, answer.headers["Location"]) == (303, "/audit/in")


def test_a_key_opens_it_and_leaving_closes_it(stranger: Browser) -> None:
    answer = stranger.come_in()
    cookie = next(each for each in answer.headers.getlist("Set-Cookie") if "billing_audit=" in each)

    assert answer.headers["Location"] == "/audit/"
    assert {"HttpOnly", "SameSite=Strict", "Path=/audit", "Max-Age=3600"} <= set(cookie.split("; "))
    assert "secret" not in cookie
    assert stranger.get("").status_code == 200

    stranger.send("out", form_word=stranger.word(""))
    assert stranger.get("").status_code == 303


@pytest.mark.parametrize(
    ("key", "status"),
    [("", 401), ("bk_auditor_wrong", 401), ("nonsense", 401), (ENDED, 401), (OTHER, 403)],
)
def test_no_other_key_opens_it(stranger: Browser, key: str, status: int) -> None:
    answer = stranger.come_in(key)

    assert answer.status_code == status
    assert "no key that opens the audit" in answer.text
    assert stranger.get("").status_code == 303


def test_a_form_of_another_site_is_not_taken(stranger: Browser, auditor: Browser) -> None:
    assert stranger.send("in", key=KEY, form_word="0" * 64).status_code == 403
    assert auditor.send("out", form_word="0" * 64).status_code == 403
    assert auditor.send("seals").status_code == 403
    assert auditor.get("").status_code == 200


def test_guessing_is_slowed_down(stranger: Browser) -> None:
    statuses = [stranger.come_in("bk_auditor_wrong").status_code for _ in range(11)]

    assert RATES["sign_in"].amount == 10
    assert statuses == [401] * 10 + [429]
    assert stranger.come_in().headers["Retry-After"]


def test_a_session_of_a_key_that_was_revoked_or_has_another_secret_is_over(
    audited_url: str,
) -> None:
    names = [uuid.uuid4().hex[:8] for _ in range(2)]
    with Ledger(audited_url, Names(), pool_size=1) as ledger:
        for name in names:
            issue_key(ledger, STREAM, name, "secret", Terms(name, ("audit",)), NOW)
        sessions, later = _sessions(ledger), NOW + 2 * MOST_AGE
        opened = [sessions.open(key_text(name, "secret"), NOW) for name in names]
        assert [sessions.key(each, NOW).key_id for each in opened] == names

        revoke_key(ledger, STREAM, names[0], NOW)
        rotate_key(ledger, STREAM, names[1], "another", timedelta(0), NOW)

        for each in opened:
            with pytest.raises(NotAuthenticated):
                sessions.key(each, later)


def test_a_session_ends_by_itself_and_cannot_be_made_up(audited_url: str) -> None:
    with Ledger(audited_url, Names(), pool_size=1) as ledger:
        sessions = _sessions(ledger)
        opened = sessions.open(KEY, NOW)

        assert sessions.key(opened, NOW + LIFETIME / 2).key_id == "auditor"
        for text, at in ((opened, NOW + LIFETIME), (opened[:-1], NOW), ("", NOW)):
            with pytest.raises(NotAuthenticated):
                sessions.key(text, at)


def test_pages_forbid_all_but_their_own_files(auditor: Browser) -> None:
    answer = auditor.get("")
    policy = answer.headers["Content-Security-Policy"]

    assert "unsafe" not in policy
    assert "frame-ancestors 'none'" in policy
    assert answer.headers["Cache-Control"] == "no-store"
    assert re.search(r"<script>|style=|onclick", answer.text) is None


def _sessions(ledger: Ledger) -> Sessions:
    return Sessions(KeyRing(lambda: all_keys(ledger, STREAM)), ["one"], livemode=False)
