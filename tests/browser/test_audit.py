"""An auditor searches, moves through time, compares and verifies, in a real browser."""

from __future__ import annotations

from collections.abc import Iterator

import psycopg
import pytest

from tests.browser.conftest import MISSING, SCREENSHOTS
from tests.browser.house import House
from tests.browser.window import Window, chromium
from tests.replay.conftest import lived_database
from tests.web.audit.reacting import react, react_otherwise
from tests.web.server import billing, serving

SETTINGS = {
    "STRIPE_WEBHOOK_SECRET": "whsec_audit",
    "BILLING_TOKEN_SECRET": "of-the-browser-s-audit-and-of-nobody-else",
    "BILLING_SEAL_KEY": "5e" * 32,
}


@pytest.fixture(scope="module")
def lived_here(server_url: str, template: str) -> Iterator[str]:
    """A ledger that has lived for a year and was reacted to, sealed."""
    if MISSING:
        pytest.skip(f"there is no {' and no '.join(MISSING)} here")
    with lived_database(server_url, template) as url:
        react(url)
        react_otherwise(url)
        said(url, "seal")
        yield url


@pytest.fixture(scope="module")
def auditing(lived_here: str) -> Iterator[Window]:
    """Its server, and a browser for the auditor."""
    with serving("--workers", "1", DATABASE_URL=lived_here, **SETTINGS) as server:
        key = said(lived_here, "keys", "issue", "Ada", "--scope", "audit")
        house = House(f"http://127.0.0.1:{server.port}", "", key)
        with chromium(house, SCREENSHOTS) as window:
            yield window


@pytest.fixture
def window(auditing: Window) -> Iterator[Window]:
    """An auditor who has come in; the browser must have nothing to complain of afterwards."""
    auditing.forget()
    auditing.go("/audit/")
    auditing.heading("Look into history")
    auditing.fill("#key", auditing.house.key)
    auditing.press("Come in")
    auditing.heading("What happened, when, and why")
    yield auditing
    assert auditing.complaints() == []


@pytest.fixture(scope="module")
def ended(lived_here: str) -> tuple[str, str]:
    """A customer and something they bought that was taken back."""
    query = (
        "SELECT customer_id, feature FROM finance.entitlements WHERE NOT active"
        " AND source_kind = 'purchase' AND ends_at < now() ORDER BY 1, 2"
    )
    with psycopg.connect(lived_here) as connection:
        row = connection.execute(query).fetchone()
    assert row is not None
    return str(row[0]), str(row[1])


def said(url: str, *command: str) -> str:
    """What a command printed."""
    told, problem = billing(*command, DATABASE_URL=url, **SETTINGS).communicate()
    assert told, problem
    return told.strip()


def search(window: Window, word: str) -> None:
    window.fill("#q", word)
    window.press("Look up")
    window.heading(word)


def slide(window: Window, to: int) -> None:
    """Drags the slider; browsers tell scripts of that by this event."""
    window.look(
        "const it = document.getElementById('slider'); it.value = arguments[0];"
        "it.dispatchEvent(new Event('input'))",
        to,
    )


def first_with(window: Window, feature: str) -> int:
    """Where on the slider a feature is there first."""
    low, high = 0, int(window.attribute("#slider", "max")) - 1
    while high - low > 1:
        middle = (low + high) // 2
        stands(window, middle)
        low, high = (low, middle) if feature in window.text("#rows") else (middle, high)
    return high


def stands(window: Window, at: int) -> None:
    """Moves the slider and waits until the rows are of that moment."""
    window.look("document.getElementById('moment')?.remove()")
    slide(window, at)
    window.there("#moment")


def through_time(window: Window, who: str) -> None:
    search(window, who)
    window.press("Through time")
    window.heading(f"{who} through time")
    window.there("#sliding:not([hidden])")


def test_a_customer_is_searched_and_a_sentence_followed_to_its_delivery(
    window: Window, ended: tuple[str, str]
) -> None:
    window.shoot("audit-search")
    search(window, ended[0])
    window.says("main", ended[1])
    window.shoot("audit-timeline")
    window.click("a[href*='/audit/delivery?']")
    window.says("main", "bytes that were kept")
    window.says("main", "Rows they touched")
    window.shoot("audit-delivery")
    window.go("/audit/event?at=5")
    window.heading("Event @5")
    window.shoot("audit-event")


def test_the_slider_shows_an_entitlement_appear_and_end(
    window: Window, ended: tuple[str, str]
) -> None:
    who, feature = ended
    through_time(window, who)
    window.shoot("audit-then")
    at = first_with(window, feature)
    stands(window, at)
    window.says("#rows", feature)
    window.says("#rows", "active")
    window.shoot("audit-slider")
    window.press("Earlier")
    window.wait(lambda _: feature not in window.text("#rows"))
    window.press("Later")
    window.says("#rows", feature)
    slide(window, 10_000)
    window.says("#rows", "not active")


def test_what_was_so_then_can_be_asked_for_too(window: Window, ended: tuple[str, str]) -> None:
    through_time(window, ended[0])
    window.click("#another > summary")
    window.click("input[value=effective]")
    window.says("#moment", "What was so by")
    window.there("#sliding:not([hidden])")
    at = first_with(window, ended[1])
    stands(window, at)
    window.says("#rows", ended[1])


def test_two_times_are_compared(window: Window, ended: tuple[str, str]) -> None:
    search(window, ended[0])
    window.press("Difference")
    window.heading(f"What changed for {ended[0]}")
    window.fill("#before", "2026-01-01")
    window.fill("#after", "now")
    window.press("Compare")
    window.says("main", "Added")
    window.says("main", ended[1])
    window.shoot("audit-difference")


def test_the_seals_are_verified(window: Window) -> None:
    window.press("Seals")
    window.heading("Seals")
    window.press("Verify every hash now")
    window.says("#verdict", "Everything that is sealed fits.")
    window.shoot("audit-seals")
    window.press("Refused")
    window.heading("Refused deliveries")
    window.shoot("audit-refused")


def test_reactions_are_chosen_by_state_and_followed_to_their_event(window: Window) -> None:
    window.press("Reactions")
    window.heading("Reactions")
    window.shoot("audit-reactions")
    window.press("Parked 1")
    window.says(".places [aria-current]", "Parked 1")
    window.says("main", "To try it again: billing reactions retry reaction/")
    window.shoot("audit-reactions-parked")
    window.click("main a[href*='/audit/event?']")
    window.says("main", "What we did because of it")
    window.says("main", "it is parked until a person decides")
    window.go("/audit/reactions?status=parked")
    window.heading("Reactions")
    window.click("main a[href*='/audit/history?who=u']")
    window.says(".places [aria-current]", "Timeline")


def test_leaving_closes_the_door(window: Window) -> None:
    window.press("Leave")
    window.heading("Look into history")
    window.shoot("audit-door")
    window.go("/audit/seals")
    window.heading("Look into history")
