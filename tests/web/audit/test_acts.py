"""Auditors see what we did ourselves between what happened, and go from one to the other."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator

import pytest

from ledger.store.names import Names
from replay.past import Past
from replay.whose import Place, Whose
from tests.replay.living import SCOPE
from tests.web.audit.conftest import Browser
from web.audit import looking

STEP = re.compile(r">(reaction/[^<]+)</a>, step (\d)")
EITHER = re.compile(r">@(\d+)</a>|>(reaction/[^<]+)</a>, step (\d)")


@pytest.fixture(scope="module")
def past(audited_url: str) -> Iterator[Past]:
    with Past(audited_url, Names()) as found:
        yield found


@pytest.fixture(scope="module")
def buyer(past: Past, audited_url: str) -> str:
    """Who paid most often."""
    whose = Whose(past, Place(audited_url, Names(), SCOPE))
    users = [f"u{n:05}" for n in range(6)]
    return max(users, key=lambda each: len(past.called_for(whose.about(each))))


def test_pages_of_a_timeline_lose_none_of_our_acts(
    auditor: Browser, past: Past, audited_url: str, buyer: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(looking, "PAGE_EVENTS", 3)
    streams = Whose(past, Place(audited_url, Names(), SCOPE)).about(buyer)
    acts = [
        (each.event.originator_id, str(each.event.originator_version))
        for each in past.acts(past.called_for(streams))
    ]
    events = [str(each.position) for each in past.events(streams)]
    seen: list[tuple[str, str, str]] = []
    address: str | None = f"/audit/history?who={buyer}"
    while address:
        text = html.unescape(auditor.client.get(address).text)
        page = EITHER.findall(text)
        assert len(page) <= 3
        seen += page
        more = re.search(r'href="([^"]+after=[^"]*)">What came next', text)
        address = more[1] if more else None

    assert len(acts) >= 4
    assert [position for position, *_ in seen if position] == events
    assert [(stream, step) for position, stream, step in seen if not position] == acts
    first = next(n for n, (position, *_) in enumerate(seen) if not position)
    assert any(position for position, *_ in seen[first:]), "between events, not after all"


def test_an_act_leads_to_its_own_story_and_to_the_event_it_is_because_of(
    auditor: Browser, past: Past, buyer: str
) -> None:
    text = auditor.get("history", who=buyer).text
    stream, _ = STEP.findall(text)[0]
    assert 'class="ours"' in text

    own = auditor.get("history", who=stream).text
    found = auditor.get("search", q=stream)

    assert "was mailed" in own
    assert "Through time" not in own
    assert "reaction" in found.headers["Location"]
    because = re.search(r'because of\s+<a href="([^"]+)">', own)
    assert because is not None
    event = auditor.client.get(html.unescape(because[1])).text
    assert "What we did because of it" in event
    assert stream in event
    delivery = re.search(r'href="(/audit/delivery\?[^"]+)"', event)
    assert delivery is not None
    assert stream in auditor.client.get(html.unescape(delivery[1])).text


def test_an_unknown_reaction_is_not_found(auditor: Browser) -> None:
    assert auditor.get("history", who="reaction/stripe/test//mail.receipt:x").status_code == 404
    assert auditor.get("search", q="reaction/stripe/test//mail.receipt:x").status_code == 404


def test_the_seals_of_our_own_acts_are_shown(auditor: Browser) -> None:
    assert "Our own acts" in auditor.get("seals").text
