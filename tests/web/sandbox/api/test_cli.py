"""`billing sandbox` as a program: it says where it is, posts webhooks, stops when asked."""

from __future__ import annotations

import signal
import subprocess
import sys
from pathlib import Path
from threading import Event

import stripe
from click.testing import CliRunner

from ledger.settings import MissingSetting
from tests.system.patience import LONGEST_SECONDS
from tests.web.sandbox.fake_endpoint import endpoint
from web.sandbox.api.cli import sandbox

BILLING = Path(sys.executable).with_name("billing")


def test_it_serves_and_posts_until_it_is_stopped() -> None:
    heard = Event()

    def take(body: bytes, signature: str) -> tuple[int, bytes]:
        stripe.WebhookSignature.verify_header(body.decode(), signature, "whsec_1", 300)
        heard.set()
        return 200, b""

    with endpoint(take) as url:
        options = ("--port", "0", "--webhook", url, "--secret", "whsec_1")
        command = [str(BILLING), "sandbox", *options]
        with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
            assert process.stdout is not None
            base = process.stdout.readline().strip().removeprefix("STRIPE_API_BASE=")
            client = stripe.StripeClient("sk_test_1", base_addresses={"api": base})
            client.v1.customers.create({"name": "Ada"})
            assert heard.wait(LONGEST_SECONDS)
            process.send_signal(signal.SIGTERM)
            assert process.wait(LONGEST_SECONDS) == 0


def test_webhooks_need_a_secret() -> None:
    result = CliRunner(env={"STRIPE_WEBHOOK_SECRET": None}).invoke(
        sandbox, ["--webhook", "http://127.0.0.1:1/"]
    )

    assert isinstance(result.exception, MissingSetting)
