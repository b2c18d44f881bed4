"""The shop run as an operator would: stand-in, server and workers, and an application beside it."""

from __future__ import annotations

import json
import re
import subprocess
import time
import uuid
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass
from http.client import HTTPConnection
from typing import Any
from urllib.parse import quote, urlencode, urlsplit

from tests.support.ports import free_port
from tests.web.server import BILLING, billing
from web.sandbox.signing import signature_header

SECRET_KEY = "sk_test_browser"
WEBHOOK_SECRET = "whsec_browser"
WEBHOOK_PATH = "/webhooks/stripe"
SCOPES = ("read", "checkout", "catalog", "charges", "credits", "grants")
PATIENCE_SECONDS = 120.0

Json = dict[str, Any]


@dataclass(frozen=True)
class House:
    """Where the shop and the stand-in are, and the key the application calls with."""

    address: str
    sandbox: str
    key: str

    def customer(self) -> str:
        """A new user of the application, registered."""
        user_id = f"user-{uuid.uuid4().hex[:8]}"
        self.api(f"PUT /v1/customers/{user_id}", {"email": f"{user_id}@example.org"})
        return user_id

    def link(self, user_id: str, path: str) -> str:
        """What the application sends its customer's browser to."""
        token = self.api(f"POST /v1/customers/{user_id}/tokens", {})["token"]
        return f"{self.address}/enter?token={quote(token)}&next={quote(path)}"

    def api(self, call: str, body: object = None, **headers: str) -> Json:
        """Calls the API as the application."""
        sent = None if body is None else json.dumps(body)
        return self._call(self.address, call, self.key, sent, "application/json", headers)

    def charge(self, user_id: str, charge_id: str, minor: int, due_at: str) -> None:
        """Says that a customer owes something."""
        charge = {"amount": _usd(minor), "description": f"Lesson {charge_id}", "due_at": due_at}
        self.api(f"PUT /v1/customers/{user_id}/charges/{charge_id}", charge)

    def stripe(self, call: str, **params: object) -> Json:
        """Calls the stand-in, as Stripe's dashboard would."""
        sent = urlencode(params)
        kind = "application/x-www-form-urlencoded"
        return self._call(self.sandbox, call, SECRET_KEY, sent, kind, {})

    @contextmanager
    def webhooks_held(self) -> Iterator[None]:
        """Stripe tells nothing until the block ends, and then all that happened meanwhile."""
        self.stripe("POST /sandbox/faults", drop=1000)
        try:
            yield
        finally:
            self.stripe("POST /sandbox/faults")
            untold = self.stripe("GET /v1/events?delivery_success=false&limit=100")["data"]
            for event in reversed(untold):
                self._tell(event)

    def _tell(self, event: Json) -> None:
        body = json.dumps(event).encode()
        signature = signature_header(body, WEBHOOK_SECRET, int(time.time()))
        with closing(
            HTTPConnection(urlsplit(self.address).netloc, timeout=PATIENCE_SECONDS)
        ) as way:
            way.request("POST", WEBHOOK_PATH, body, {"Stripe-Signature": signature})
            assert way.getresponse().status == 200

    @staticmethod
    def _call(
        address: str, call: str, key: str, body: str | None, kind: str, headers: dict[str, str]
    ) -> Json:
        method, path = call.split()
        connection = HTTPConnection(urlsplit(address).netloc, timeout=PATIENCE_SECONDS)
        told = {"Authorization": f"Bearer {key}", "Content-Type": kind, **headers}
        connection.request(method, path, body, told)
        answer = connection.getresponse()
        text = answer.read()
        connection.close()
        assert answer.status < 300, (call, answer.status, text)
        return json.loads(text) if text else {}


@contextmanager
def running(url: str) -> Iterator[House]:
    """All programs as child processes, until the block ends."""
    port, sandbox_port = free_port(), free_port()
    sandbox = f"http://127.0.0.1:{sandbox_port}"
    hook = f"http://127.0.0.1:{port}{WEBHOOK_PATH}"
    settings = {
        "DATABASE_URL": url,
        "STRIPE_API_BASE": sandbox,
        "STRIPE_SECRET_KEY": SECRET_KEY,
        "STRIPE_PUBLISHABLE_KEY": "pk_test_browser",
        "STRIPE_WEBHOOK_SECRET": WEBHOOK_SECRET,
        "BILLING_TOKEN_SECRET": uuid.uuid4().hex,
        "BILLING_APP_NAME": "LEAD",
        "BILLING_APP_URL": f"http://127.0.0.1:{port}",
        "PLATFORM": "LEAD",
    }
    with ExitStack() as stack:
        options = ("--port", str(sandbox_port), "--webhook", hook, "--secret", WEBHOOK_SECRET)
        stand_in = _program(settings, "sandbox", *options, "--retry-scale", "0.001")
        standing_in = stack.enter_context(stand_in)
        _until_answered(sandbox_port, standing_in)
        house = House(f"http://127.0.0.1:{port}", sandbox, _key(settings))
        settings["STRIPE_CREDITS_PRODUCT_ID"] = _credits(house)
        server = _program(settings, "serve", "--port", str(port), "--workers", "1")
        serving = stack.enter_context(server)
        stack.enter_context(_program(settings, "work"))
        _until_answered(port, serving)
        _offer(house)
        yield house


@contextmanager
def _program(settings: dict[str, str], *command: str) -> Iterator[subprocess.Popen[bytes]]:
    process = subprocess.Popen(
        [str(BILLING), *command], env=settings, stdout=subprocess.DEVNULL, stdin=subprocess.DEVNULL
    )
    try:
        yield process
    finally:
        process.terminate()
        try:
            process.wait(PATIENCE_SECONDS)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _until_answered(port: int, process: subprocess.Popen[bytes]) -> None:
    while process.poll() is None:
        with closing(HTTPConnection("127.0.0.1", port, timeout=5)) as connection:
            try:
                connection.request("GET", "/health")
                connection.getresponse().read()
            except OSError:
                time.sleep(0.1)
            else:
                return
    raise AssertionError("it ended by itself; its own words are above")


def _key(settings: dict[str, str]) -> str:
    scopes = [word for scope in SCOPES for word in ("--scope", scope)]
    told, problem = billing("keys", "issue", "shop", *scopes, **settings).communicate()
    assert re.fullmatch(r"bk_\S+", told.strip()), problem
    return told.strip()


def _credits(house: House) -> str:
    product = house.stripe("POST /v1/products", name="Credits")["id"]
    for amount, units in ((500, 50), (2000, 250)):
        house.stripe(
            "POST /v1/prices",
            product=product,
            currency="usd",
            unit_amount=amount,
            nickname=f"{units} credits",
            **{"transform_quantity[divide_by]": units, "transform_quantity[round]": "up"},
        )
    return str(product)


def _offer(house: House) -> None:
    """What is for sale."""
    house.api("PUT /v1/catalog/learning-paths/7", {"name": "Chess openings", "price": _usd(4900)})
    group: Json = {"name": "Evening club", "premium": "one_time", "price": _usd(1500)}
    house.api("PUT /v1/catalog/groups/9", group)
    monthly = {"premium": "recurring", "price": _usd(800), "interval": "month"}
    house.api("PUT /v1/catalog/groups/10", {"name": "Morning club", **monthly})
    for plan_id, minor in (("starter", 0), ("pro", 900), ("team", 2900)):
        plan = {"name": plan_id.title(), "price": _usd(minor), "interval": "month"}
        house.api(f"PUT /v1/catalog/plans/{plan_id}", {**plan, "starter": minor == 0})
    box = {"name": "Monthly box", "price": _usd(1200), "interval": "month", "beside": True}
    house.api("PUT /v1/catalog/plans/box", box)


def _usd(minor: int) -> Json:
    return {"minor": minor, "currency": "usd"}
