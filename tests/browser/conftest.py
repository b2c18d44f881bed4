"""The real programs on a throw-away PostgreSQL, and a real browser to use them with."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.browser.house import House, running
from tests.browser.window import CHROMEDRIVER, CHROMIUM, Window, chromium
from tests.support.databases import fresh_database

MISSING = [path for path in (CHROMIUM, CHROMEDRIVER) if not Path(path).exists()]
SCREENSHOTS = Path(__file__).parent / "screenshots"


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """All of them share one set of programs, and so one test process."""
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker("browser")
            item.add_marker(pytest.mark.xdist_group("browser"))


@pytest.fixture(scope="session")
def house(server_url: str, template: str) -> Iterator[House]:
    """The shop as an operator runs it, with the stand-in for Stripe."""
    if MISSING:
        pytest.skip(f"there is no {' and no '.join(MISSING)} here")
    with fresh_database(server_url, "browser", template) as url, running(url) as house:
        yield house


@pytest.fixture(scope="session")
def browser(house: House) -> Iterator[Window]:
    """One browser for all tests; starting it takes seconds."""
    with chromium(house, SCREENSHOTS) as window:
        yield window


@pytest.fixture
def window(browser: Window) -> Iterator[Window]:
    """That browser, knowing nobody yet; it must have nothing to complain of afterwards."""
    browser.forget()
    yield browser
    assert browser.complaints() == []
