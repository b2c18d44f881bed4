"""The table of what is served names endpoints, pages, commands and tests that are there."""

from __future__ import annotations

import re
from pathlib import Path

from click import Context

from ledger.cli import main
from web.api.endpoints import ENDPOINTS

ROOT = Path(__file__).parents[2]
TEXT = (ROOT / "docs/four-systems.md").read_text()
CUSTOMER = "/v1/customers/{user_id}"


def test_each_endpoint_is_served() -> None:
    named = set(re.findall(r"`((?:GET|PUT|POST|DELETE) /[^`?]*)`", TEXT))
    served = {each.call for each in ENDPOINTS}

    assert {_whole(each) for each in named} <= served
    assert len(named) > 20


def test_each_test_and_command_is_there() -> None:
    files = set(re.findall(r"`(test_\w+\.py)`", TEXT))
    commands = set(re.findall(r"`billing (\w+)`", TEXT))

    assert files <= {each.name for each in (ROOT / "tests/systems").glob("test_*.py")}
    assert commands <= set(main.list_commands(Context(main)))


def _whole(call: str) -> str:
    method, path = call.split()
    return call if path.startswith("/v1/") else f"{method} {CUSTOMER}{path}"
