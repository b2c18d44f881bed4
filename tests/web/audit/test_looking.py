"""Auditors find customers, read what happened to them, move in time, and see what is sealed."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime

import psycopg
import pytest
from flask import Flask, render_template
from msgspec.structs import replace
from psycopg.sql import SQL, Identifier

from ledger.store.connection import conninfo, only_reading
from ledger.store.names import Names
from replay import history
from replay.cut import Cut
from replay.happened import Happened
from replay.past import Past, Recorded
from replay.whose import Place, Whose
from tests.replay.living import SCOPE
from tests.web.audit.conftest import Browser
from web.audit import looking, seals, then, words
from web.audit.asked import EFFECTIVE, KNOWN


@pytest.fixture(scope="module")
def past(audited_url: str) -> Iterator[Past]:
    with Past(audited_url, Names()) as found:
        yield found


@pytest.fixture(scope="module")
def whose(past: Past, audited_url: str) -> Whose:
    return Whose(past, Place(audited_url, Names(), SCOPE))


@pytest.fixture(scope="module")
def one(audited_url: str) -> tuple[str, str]:
    """Somebody with an entitlement that has ended, and what of."""
    query = (
        "SELECT customer_id, feature FROM finance.entitlements WHERE NOT active"
        " AND source_kind = 'purchase' ORDER BY 1, 2"
    )
    with psycopg.connect(audited_url) as connection:
        row = connection.execute(query).fetchone()
    assert row is not None
    return str(row[0]), str(row[1])


def test_a_customer_is_found_by_all_that_is_theirs(
    auditor: Browser, audited_url: str, one: tuple[str, str]
) -> None:
    user_id, _ = one
    with psycopg.connect(audited_url) as connection:
        (email, cus_id), *_ = connection.execute(
            "SELECT email, provider_customer_id FROM finance.customers WHERE customer_id = %s",
            [user_id],
        ).fetchall()
    for word in (user_id, cus_id, *([email.upper()] if email else [])):
        found = auditor.get("search", q=word)
        assert found.headers["Location"].startswith("/audit/history?who="), word
        assert auditor.client.get(found.headers["Location"]).status_code == 200


@pytest.mark.parametrize("kind", ["purchase", "invoice", "subscription"])
def test_the_id_of_an_object_leads_to_its_history_and_to_whose_it_is(
    auditor: Browser, audited_url: str, kind: str
) -> None:
    query = SQL("SELECT {}, customer_id FROM finance.{} WHERE customer_id IS NOT NULL")
    with psycopg.connect(audited_url) as connection:
        names = Identifier(f"{kind}_id"), Identifier(f"{kind}s")
        row = connection.execute(query.format(*names)).fetchone()
    assert row is not None
    found = auditor.client.get(auditor.get("search", q=row[0]).headers["Location"]).text

    assert f"who={row[1]}" in found


def test_every_sentence_links_to_its_delivery_and_to_the_signed_bytes(
    auditor: Browser, past: Past, one: tuple[str, str]
) -> None:
    text = auditor.get("history", who=one[0]).text
    hrefs = [html.unescape(each) for each in re.findall(r'href="(/audit/delivery[^"]+)"', text)]
    bodies = {each for each in hrefs if each.startswith("/audit/delivery/body")}
    assert bodies

    for each in sorted(bodies)[:3]:
        answer = auditor.client.get(each)
        stream = html.unescape(each).partition("id=")[2]
        kept = past.deliveries([stream])[stream]
        assert answer.data == kept.body
        assert answer.headers["Content-Disposition"].startswith("attachment")
        shown = auditor.get("delivery", id=stream).text
        assert kept.envelope.type in shown
        assert "Rows they touched" in shown


def test_long_histories_come_in_pages_that_lose_nothing(
    auditor: Browser,
    past: Past,
    whose: Whose,
    one: tuple[str, str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(looking, "PAGE_EVENTS", 3)
    expected = [each.position for each in past.events(whose.about(one[0]))]
    seen: list[int] = []
    address: str | None = f"/audit/history?who={one[0]}"
    while address:
        text = auditor.client.get(address).text
        seen += [int(each) for each in re.findall(r">@(\d+)</a>", text)]
        more = re.search(r'href="([^"]+after=\d+[^"]*)">What came next', text)
        address = html.unescape(more[1]) if more else None

    assert seen == expected
    assert len(seen) > 6


def test_the_slider_stops_where_an_entitlement_appears_and_where_it_ends(
    auditor: Browser, past: Past, whose: Whose, one: tuple[str, str]
) -> None:
    user_id, feature = one
    for how in (KNOWN, EFFECTIVE):
        places = then.stops(past.events(whose.about(user_id)), how)
        at = [places[0], *places[: -1 : len(places) // 5], places[-2]]  # a life is told till 2027
        told = [auditor.get("then/rows", who=user_id, at=each.at, by=how).text for each in at]
        has = [feature in each for each in told]
        assert not has[0]
        assert has[-1]
        assert has == sorted(has)
    assert "not active" in told[-1]


def test_without_scripts_the_form_asks_for_a_moment(auditor: Browser, one: tuple[str, str]) -> None:
    text = auditor.get("then", who=one[0], at="2020-01-01", by=EFFECTIVE).text

    assert one[1] not in text.partition('id="rows"')[2]
    assert 'value="2020-01-01"' in text
    assert one[1] in auditor.get("then", who=one[0], at="").text


def test_a_slider_of_very_many_changes_stops_at_some_and_at_the_last(past: Past) -> None:
    one_event = past.event(1) or past.events_after(["x"], 0, 1)[0]
    found = then.stops([one_event] * 1001, KNOWN)

    assert len(found) <= then.MOST_STOPS + 1
    assert found[-1].at == "now"
    assert found[-2].at == "@1"


def test_the_difference_between_two_times_is_what_came_between(
    auditor: Browser, one: tuple[str, str]
) -> None:
    text = auditor.get("difference", who=one[0], before="2020-01-01", after="now").text
    nothing = auditor.get("difference", who=one[0], before="now", after="now").text

    assert "Added" in text
    assert one[1] in text
    assert nothing.count("No difference.") == 3


def test_what_is_refused_is_listed_with_its_reason(auditor: Browser, whose: Whose) -> None:
    text = auditor.get("refused").text

    assert f"{len(whose.refused())} in all" in text or "Nothing is refused" in text


def test_the_seals_are_verified_on_demand_and_within_a_limit(
    auditor: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert "none yet" in auditor.get("seals").text
    word = auditor.word("seals")
    assert "nothing is sealed yet" in auditor.send("seals", form_word=word).text

    monkeypatch.setattr(seals, "MOST_ENTRIES", 1)
    refused = auditor.send("seals", form_word=word)
    assert refused.status_code == 503
    assert "billing verify" in refused.text


@pytest.mark.parametrize(
    ("page", "asked", "status"),
    [
        ("history", {"who": "nobody"}, 404),
        ("search", {"q": "nobody"}, 404),
        ("search", {"q": "nobody@example.org"}, 404),
        ("search", {"q": ""}, 422),
        ("search", {"q": "x" * 301}, 422),
        ("search", {"q": "a\0b"}, 422),
        ("search", {"q": "a/b"}, 404),
        ("event", {"at": "-1"}, 422),
        ("event", {"at": "9" * 18}, 404),
        ("event", {"at": "9" * 19}, 422),
        ("delivery", {"id": "evt_nobody_ever"}, 404),
        ("delivery/body", {"id": "delivery/a/b"}, 404),
        ("then", {"who": "nobody"}, 404),
        ("difference", {"who": "nobody"}, 404),
        ("then", {"who": "u00001", "at": "yesterday"}, 422),
        ("then", {"who": "u00001", "at": "0001-01-01T00:00:00+14:00"}, 422),
        ("then", {"who": "u00001", "at": "@5", "by": "effective"}, 422),
    ],
)
def test_what_makes_no_sense_is_told(
    auditor: Browser, page: str, asked: dict[str, str], status: int
) -> None:
    answer = auditor.get(page, **asked)

    assert answer.status_code == status
    assert "<h1>" in answer.text


def test_hostile_words_are_shown_as_they_are_and_never_as_markup(
    auditor: Browser, app: Flask
) -> None:
    hostile = '"><script>alert(1)</script>'
    for page, asked in (("search", {"q": hostile}), ("then", {"who": "u1", "at": hostile})):
        text = auditor.get(page, account=hostile, **asked).text
        assert "<script>alert" not in text
    assert "Ada &lt;b&gt;the auditor" in auditor.get("").text
    at = datetime(2026, 1, 1, tzinfo=UTC)
    row = {"feature": hostile, "active": True, "reason": hostile, "note": hostile}
    with app.test_request_context():
        told = render_template(
            "audit/rows.html",
            words=words,
            by="known",
            cut=Cut(at, 1),
            tables={hostile: [{("x", hostile): row}]},
        )
    assert "<script>" not in told
    assert told.count("&lt;script&gt;") >= 4


def test_its_connections_cannot_write(audited_url: str) -> None:
    url = conninfo(only_reading(audited_url), {})
    with (
        psycopg.connect(url) as connection,
        pytest.raises(psycopg.errors.ReadOnlySqlTransaction),
    ):
        connection.execute("CREATE TABLE mine (id int)")


def test_a_database_out_of_reach_is_told(auditor: Browser, monkeypatch: pytest.MonkeyPatch) -> None:
    def fails(*_: object) -> None:
        raise psycopg.OperationalError("the password is swordfish")

    monkeypatch.setattr(Whose, "refused", fails)
    answer = auditor.get("refused")

    assert answer.status_code == 503
    assert "swordfish" not in answer.text


def test_a_customer_s_own_words_cannot_become_markup_in_a_sentence(
    auditor: Browser, monkeypatch: pytest.MonkeyPatch, one: tuple[str, str]
) -> None:
    hostile = "<img src=x onerror=alert(1)>@example.org"

    def told(where: Past, events: Sequence[Recorded]) -> list[Happened]:
        return [replace(each, sentence=f"is {hostile}") for each in history.told(where, events)]

    monkeypatch.setattr(looking, "told", told)
    text = auditor.get("history", who=one[0]).text

    assert "<img" not in text
    assert html.escape(hostile) in text


def test_a_seal_that_was_rewritten_is_told_and_found(auditor: Browser, audited_url: str) -> None:
    with psycopg.connect(audited_url, autocommit=True) as superuser:
        superuser.execute("INSERT INTO billing_ledger.seals VALUES ('ledger', 1, 'none', '')")
        try:
            text = auditor.get("seals").text
            found = auditor.send("seals", form_word=auditor.word("seals")).text
        finally:
            superuser.execute("DELETE FROM billing_ledger.seals")

    assert "is no seal any more" in text
    assert "Something does not fit." in found
    assert "seal unreadable" in found
