"""Auditors look at what was to be done because of events, and at how it stands."""

from __future__ import annotations

import html
import re
import shlex
from collections.abc import Iterator, Mapping
from contextlib import closing
from urllib.parse import urlencode
from urllib.request import HTTPCookieProcessor, build_opener

import pytest

from ledger.reactions.listing import STATUSES, counts, latest
from ledger.store.log import LogReader
from ledger.store.names import Names
from replay.past import Past
from tests.web.audit.conftest import KEY, Browser
from tests.web.audit.reacting import SECRETS, react_otherwise
from tests.web.server import PATIENCE_SECONDS, serving
from web.audit import reactions, words

ITEM = re.compile(r"<li>.*?</li>", re.DOTALL)
NAMED = re.compile(r">(reaction/[^<]+)</a>, step")
STATES = {
    "intended": "waiting",
    "failed": "waiting",
    "parked": "parked",
    "dismissed": "dismissed",
    "imported": "dismissed",
    "without effect": "done",
}


@pytest.fixture(scope="module")
def ends(audited_url: str) -> dict[str, str]:
    """One reaction for each way to end, by that, besides all the receipts that were mailed."""
    return react_otherwise(audited_url)


@pytest.fixture(scope="module")
def log(audited_url: str, ends: Mapping[str, str]) -> Iterator[LogReader]:
    with closing(LogReader(audited_url, Names().reactions)) as found:
        yield found


def items(text: str) -> dict[str, str]:
    """What a page says of each reaction, by its id and in the page's order."""
    return {NAMED.findall(each)[0]: html.unescape(each) for each in ITEM.findall(text)}


def test_each_is_told_with_its_state_and_why(auditor: Browser, ends: Mapping[str, str]) -> None:
    said = {
        end: items(auditor.get("reactions", status=STATES[end]).text)[ends[end]] for end in ends
    }

    for end, text in said.items():
        assert f'<span class="tag {STATES[end]}">{STATES[end]}</span>' in text, end
    assert "is to be delivered" in said["intended"]
    assert "the endpoint answered 500; the next try is at " in said["failed"]
    assert "the endpoint answered 410" in said["parked"]
    assert "Dismissed by an operator" in said["dismissed"]
    assert "the last try had failed: the endpoint answered 410" in said["dismissed"]
    assert "Dismissed by the import" in said["imported"]
    assert "had failed" not in said["imported"]
    assert "was not delivered: the endpoint is called no longer" in said["without effect"]


def test_what_is_parked_says_what_to_type(auditor: Browser, ends: Mapping[str, str]) -> None:
    texts = items(auditor.get("reactions").text)
    commands = {id_: re.findall(r"<code>([^<]+)</code>", text) for id_, text in texts.items()}

    parked = ends["parked"]
    assert {id_: said for id_, said in commands.items() if said} == {
        parked: [f"billing reactions {word} {parked}" for word in ("retry", "dismiss")]
    }


def test_an_odd_id_is_typed_as_one_word() -> None:
    odd = "reaction/stripe/test//mail.receipt:in 7;rm"

    assert shlex.split(words.decision("retry", odd)) == ["billing", "reactions", "retry", odd]


def test_each_state_is_counted_and_chosen(auditor: Browser, log: LogReader) -> None:
    expected = counts(log)
    text = auditor.get("reactions").text

    assert re.search(rf'aria-current="page">All {sum(expected.values())}</a>', text)
    for status, count in expected.items():
        assert count >= 1
        assert f">{status.title()} {count}</a>" in text
        chosen = auditor.get("reactions", status=status).text
        assert f'aria-current="page">{status.title()} {count}</a>' in chosen
        shown = latest(log, [status], reactions.PAGE_REACTIONS)
        assert [*items(chosen)] == shown


@pytest.mark.parametrize("status", ["", "dismissed"])
def test_pages_lose_none_and_begin_with_the_newest(
    auditor: Browser, log: LogReader, monkeypatch: pytest.MonkeyPatch, status: str
) -> None:
    monkeypatch.setattr(reactions, "PAGE_REACTIONS", 4 if not status else 1)
    seen: list[str] = []
    address: str | None = f"/audit/reactions?status={status}"
    while address:
        text = auditor.client.get(address).text
        seen += items(text)
        more = re.search(r'href="([^"]+before=\d+)">Older ones', text)
        address = html.unescape(more[1]) if more else None

    assert seen == latest(log, [status] if status else STATUSES, 10**6)
    assert len(seen) == len(set(seen)) > 1
    assert f'href="/audit/reactions{"?status=" if status else ""}{status}">The newest</a>' in text


def test_each_leads_to_the_event_that_called_for_it_and_to_the_customer(
    auditor: Browser, ends: Mapping[str, str]
) -> None:
    id_ = ends["failed"]
    text = items(auditor.get("reactions", status="waiting").text)[id_]
    event, customer = (
        re.search(rf'href="(/audit/{page}\?[^"]+)">{says}', text)
        for page, says in (("event", "purchase/"), ("history", "Timeline of u"))
    )

    assert event is not None
    assert customer is not None
    assert id_ in html.unescape(auditor.client.get(event[1]).text)
    assert id_ in html.unescape(auditor.client.get(customer[1]).text)


def test_nothing_is_shown_of_what_an_effect_knows(
    auditor: Browser, ends: Mapping[str, str]
) -> None:
    texts = [auditor.get("reactions", status=status).text for status in ("", *STATUSES)]

    assert all(id_ in html.unescape("".join(texts)) for id_ in ends.values())
    assert [secret for secret in SECRETS for text in texts if secret in text] == []


@pytest.mark.parametrize(
    "asked", [{"status": "lost"}, {"status": "<script>"}, {"before": "-1"}, {"before": "soon"}]
)
def test_what_makes_no_sense_is_told(auditor: Browser, asked: dict[str, str]) -> None:
    answer = auditor.get("reactions", **asked)

    assert answer.status_code == 422
    assert "<script>" not in answer.text


def test_where_there_are_none_it_says_so(
    auditor: Browser, ends: Mapping[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    assert (
        "There is none that is parked." in auditor.get("reactions", status="parked", before=1).text
    )

    monkeypatch.setattr(Past, "reacts", False)
    text = auditor.get("reactions").text
    assert "There is none." in text
    assert "All 0" in text


def test_a_running_server_shows_them(audited_url: str, ends: Mapping[str, str]) -> None:
    settings = {"DATABASE_URL": audited_url, "STRIPE_WEBHOOK_SECRET": "whsec_one"}
    secret = {"BILLING_TOKEN_SECRET": "of-the-tests-and-of-nobody-else-really"}
    opener = build_opener(HTTPCookieProcessor())
    with serving("--workers", "1", **settings, **secret) as server:
        audit = f"http://localhost:{server.port}/audit"

        def page(path: str, **fields: str) -> str:
            sent = urlencode(fields).encode() if fields else None
            with opener.open(f"{audit}/{path}", sent, timeout=PATIENCE_SECONDS) as answer:
                return html.unescape(answer.read().decode())

        word = re.search(r'name="form_word" value="(\w+)"', page("in"))
        assert word is not None
        assert ">Reactions</a>" in page("in", key=KEY, form_word=word[1])
        shown = page("reactions?status=parked")

    assert [*items(shown)] == [ends["parked"]]
