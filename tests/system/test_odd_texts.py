"""Whatever a text consists of, it reaches finance and stops nobody; only a NUL is replaced."""

from __future__ import annotations

from typing import Any

from tests.system.installation import NAMES, Installation
from tests.system.odd_events import Event, made
from tests.system.posting import post_event
from web.sandbox.demo.comparison import rows

TEXTS = [
    *("a\0b", "\0", "\ufffe\uffff", "\ufeffbom", "\u202egnitirw", "e\u0301", "\N{GRINNING FACE}"),
    *("'; DROP SCHEMA finance; --", '"', "\\", "\\u0000", "{0}%s", "{a,b}", "NULL", "\x1b[31m\x07"),
    *("a\nb\tc\r", " ", "a/b%2Fc//", "x" * 400, "\N{GREEK SMALL LETTER ALPHA}" * 250),
]


def paid(text: str) -> Event:
    """A payment that says `text` wherever the seller may say something."""
    return made(
        "payment_intent.succeeded",
        customer=None,
        amount_received=100,
        description=text,
        metadata={"user_id": text, "learning_path_id": text, "credits": "5", text: text},
    )


def named(text: str) -> Event:
    """A customer called `text`."""
    return made("customer.created", name=text, email=text, metadata={"user_id": text})


def kept(text: str) -> str:
    return text.replace("\0", "\ufffd")


def test_odd_texts_reach_finance_and_stop_nobody(installation: Installation) -> None:
    programs = [installation.serve(), installation.work()]
    events = [make(text) for text in TEXTS for make in (paid, named)]

    answers = [post_event(installation, event) for event in events]

    assert {answer.status for answer in answers} == {200}
    installation.until_idle()
    assert all(program.alive and "Traceback" not in program.said for program in programs)
    texts = {kept(text) for text in TEXTS}
    found = tables(installation)
    assert {row["outcome"] for row in found["deliveries"]} == {"applied"}
    assert {row["description"] for row in found["purchases"]} == texts
    assert {row["name"] for row in found["customers"]} == texts
    assert {row["customer_id"] for row in found["balances"]} == texts
    features = {f"learning_path:{text}" for text in texts}
    assert {row["feature"] for row in found["entitlements"]} == features
    assert len(installation.fingerprint()) == 64


def tables(installation: Installation) -> dict[str, list[dict[str, Any]]]:
    names = ("deliveries", "purchases", "customers", "balances", "entitlements")
    with installation.finance() as finance:
        return {name: rows(finance, NAMES.finance, name) for name in names}
