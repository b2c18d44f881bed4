"""Every command of docs/api.md, run in its order, answers what is written under it."""

from __future__ import annotations

import json
import re
import shlex
from pathlib import Path
from typing import Any

from ledger.aggregates.api_key import Terms
from ledger.keys import issue_key, keys_stream
from tests.support.fake_outbound import FakeOutbound
from tests.support.fake_provider import FakeProvider
from tests.web.api.calling import NOW, NewApi
from tests.web.api.storefront import Storefront
from web.access.scopes import SCOPES
from web.api.endpoints import ENDPOINTS

TEXT = (Path(__file__).parents[3] / "docs/api.md").read_text()
PAID = "Ann pays in the page, and Stripe's webhook comes in."
STEP = re.compile(rf"^\$ curl (.*)\n({{.*}}\n)?|^{PAID}$", re.MULTILINE)
KEY = "bk_docs_secret"


def test_every_command_answers_what_is_written(new_api: NewApi) -> None:
    provider = FakeProvider()
    shop = Storefront(new_api(FakeOutbound(provider)), provider)
    stream = keys_stream(livemode=False)
    issue_key(shop.api.office.ledger, stream, "docs", "secret", Terms("docs", tuple(SCOPES)), NOW)

    steps = [(step[0], step[1], step[2]) for step in STEP.finditer(TEXT)]
    assert len(steps) >= 20
    for whole, command, written in steps:
        if whole == PAID:
            provider.pay(provider.all("payment_intent")[-1]["id"])
            shop.deliver()
            continue
        response = run(shop, command)
        if written is None:
            assert response.status_code == 204, (whole, response.get_data(as_text=True))
        else:
            assert alike(json.loads(written), response.get_json(force=True)), (
                *(whole, response.get_data(as_text=True)),
            )


def run(shop: Storefront, command: str) -> Any:
    """What curl would be answered."""
    words = shlex.split(command.replace("$BILLING", "").replace("$KEY", KEY))
    method, path, headers, body = "GET", "", {}, None
    while words:
        word = words.pop(0)
        if word == "-X":
            method = words.pop(0)
        elif word == "-H":
            name, _, value = words.pop(0).partition(": ")
            headers[name] = value
        elif word == "-d":
            body = words.pop(0)
        else:
            path = word
    return shop.api.client().open(path, method=method, headers=headers, data=body)


def alike(written: Any, told: Any) -> bool:
    """Whether an answer is the one written; dots in a text stand for what goes on there."""
    if isinstance(written, dict):
        return list(written) == list(told) and all(alike(written[k], told[k]) for k in written)
    if isinstance(written, list):
        return len(written) == len(told) and all(map(alike, written, told))
    if isinstance(written, str) and "..." in written:
        return str(told).startswith(written.partition("...")[0])
    return bool(written == told)


def test_what_the_document_names_is_served() -> None:
    served = {re.sub(r"{\w+}", "*", endpoint.path) for endpoint in ENDPOINTS}

    called = re.findall(r"\$BILLING(/v1/[^\s\"?]+)", TEXT)

    assert len(called) >= 20
    for path in called:
        assert any(re.fullmatch(each.replace("*", "[^/]+"), path) for each in served), path
