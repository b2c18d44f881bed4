"""`billing simulate` posts a whole year."""

import json

import pytest
from click.testing import CliRunner

from ledger.settings import MissingSetting
from tests.web.sandbox.fake_endpoint import endpoint
from web.sandbox.cli import simulate

ARGUMENTS = ["--customers", "3", "--seed", "5", "--duplicates", "0.5", "--concurrency", "2"]


def accept(body: bytes, signature: str) -> tuple[int, bytes]:
    return 200, b"{}"


def test_it_posts_every_event_and_says_how_it_went(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("STRIPE_WEBHOOK_SECRET", "whsec_sandbox")
    with endpoint(accept) as url:
        result = CliRunner().invoke(simulate, [*ARGUMENTS, "--url", url, "--json"])
    assert result.exit_code == 0, result.output
    totals = json.loads(result.output)
    assert totals["new"] > 100
    assert totals["refused"] == totals["lost"] == 0


def test_without_a_secret_it_refuses(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("STRIPE_WEBHOOK_SECRET", raising=False)
    result = CliRunner().invoke(simulate, ARGUMENTS)
    assert isinstance(result.exception, MissingSetting)
