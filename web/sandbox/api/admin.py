"""/sandbox: what Stripe has no call for: time, mishaps, and what payers and banks do."""

from __future__ import annotations

from web.sandbox.api.asked import Answered, Asked, Json, Route
from web.sandbox.api.methods import entered
from web.sandbox.api.params import Params
from web.sandbox.api.problems import missing, needed, unexpected, wrong
from web.sandbox.render.versions import VERSIONS
from web.sandbox.truth import confirmation, disputes, refunds, setups, visits
from web.sandbox.truth.disputes import Dispute
from web.sandbox.truth.intents import Charge, Intent
from web.sandbox.truth.refunds import Refund
from web.sandbox.truth.sessions import Session
from web.sandbox.truth.setups import Setup

MISHAPS = ("drop", "delay", "reorder", "duplicate")


def state(asked: Asked) -> Json:
    """The time, and how the webhooks are getting on."""
    sender = asked.world.sender
    told = {"delivered": sender.delivered, "failed": sender.failed, "pending": sender.pending}
    return {"object": "sandbox", "now": asked.truth.now, "webhooks": told}


def advance(asked: Asked) -> Json:
    """Lets `seconds` pass at once, or all until `to` (Unix seconds)."""
    seconds, until = asked.params.positive("seconds"), asked.params.number("to")
    if seconds is None and until is None:
        raise needed("seconds")
    asked.world.move(seconds or max(0, (until or 0) - asked.truth.now))
    return state(asked)


def faults(asked: Asked) -> Json:
    """What is to go wrong from now on; see docs/operating.md."""
    params, mishaps, failures = asked.params, asked.world.sender.mishaps, asked.world.failures
    for name in MISHAPS:
        setattr(mishaps, name, params.number(name) or 0)
    mishaps.delay_seconds = float(params.number("delay_seconds") or 1)
    mishaps.api_version = _version(params)
    failures.soon.clear()
    failures.soon.extend(_status(text) for text in params.texts("answers"))
    failures.lost = params.number("lost") or 0
    return state(asked)


def answer_bank(asked: Asked) -> Answered:
    """The payer answers their bank: as it wants (`ok`), or not."""
    ok, key = asked.params.flag("ok") is not False, asked.ids["id_"]
    return answer(asked, key, ok)


def answer(asked: Asked, key: str, ok: bool) -> Intent | Setup:
    """A payment, or a setup, after the payer answered. Raises Problem where no bank asks."""
    setup = asked.truth.find(Setup, key)
    found = setup or asked.find(Intent, "payment_intent", key)
    if found.status != "requires_action":
        raise unexpected("payment_intent_unexpected_state", f"No bank asks about {key}.")
    if isinstance(found, Setup):
        return setups.answer(asked.truth, found, ok)
    intent = confirmation.answer(asked.truth, found, ok)
    visits.answered(asked.truth, intent)
    return asked.truth.fresh(intent)


def settle(asked: Asked) -> Intent:
    """A bank account pays at once or, with a `code`, does not."""
    intent = asked.named(Intent, "payment_intent")
    charge = asked.truth.find(Charge, intent.latest_charge)
    if charge is None or intent.status != "processing":
        raise unexpected("payment_intent_unexpected_state", f"{intent.id} is not processing.")
    settled = confirmation.settle(asked.truth, charge, asked.params.text("code"))
    visits.settled(asked.truth, settled)
    return settled


def pay(asked: Asked) -> Session:
    """The visitor of a Checkout Session enters a `card` number."""
    session = asked.named(Session, "checkout.session")
    if session.status != "open":
        raise unexpected("resource_state", f"{session.id} is {session.status}.")
    kind = entered(asked.params.text("card") or "4242424242424242")
    return visits.pay(asked.truth, session, kind, asked.params.text("email"))


def dispute(asked: Asked) -> Dispute:
    """The payer goes to the bank about a payment; with `inquiry` it only asks."""
    intent = asked.given(Intent, "payment_intent", "payment_intent")
    if intent is None:
        raise needed("payment_intent")
    if intent.status != "succeeded":
        raise missing("charge", intent.id, "payment_intent")
    reason = asked.params.text("reason") or "fraudulent"
    return disputes.dispute(asked.truth, intent, bool(asked.params.flag("inquiry")), reason)


def decide(asked: Asked) -> Dispute:
    """The bank decides a dispute: `won`, `lost` or `warning_closed`."""
    found = asked.named(Dispute, "dispute")
    status = asked.params.choice("status", ("won", "lost", "warning_closed"), "lost")
    return disputes.close(asked.truth, found, status)


def return_refund(asked: Asked) -> Refund:
    """The payer's bank sends a refund back."""
    found = asked.named(Refund, "refund")
    return refunds.fail(asked.truth, found, asked.params.text("reason") or "lost_or_stolen_card")


def _version(params: Params) -> str | None:
    version = params.text("api_version")
    if version is not None and version not in VERSIONS:
        raise wrong("api_version", f"Unknown API version: {version}")
    return version


def _status(text: str) -> int | None:
    """The status of an answer to come; 200 leaves it as it should be."""
    if not text.isdigit() or not 200 <= int(text) <= 599:
        raise wrong("answers", f"Invalid status: {text}")
    return None if int(text) < 300 else int(text)


FAULTS = "duplicate reorder delay delay_seconds drop api_version answers.# lost"
ROUTES = (
    Route("GET", "/sandbox", state),
    Route("POST", "/sandbox/advance", advance, "seconds to"),
    Route("POST", "/sandbox/faults", faults, FAULTS),
    Route("POST", "/sandbox/payment_intents/<id_>/authenticate", answer_bank, "ok"),
    Route("POST", "/sandbox/setup_intents/<id_>/authenticate", answer_bank, "ok"),
    Route("POST", "/sandbox/payment_intents/<id_>/settle", settle, "code"),
    Route("POST", "/sandbox/checkout/sessions/<id_>/pay", pay, "card email"),
    Route("POST", "/sandbox/disputes", dispute, "payment_intent inquiry reason"),
    Route("POST", "/sandbox/disputes/<id_>/decide", decide, "status"),
    Route("POST", "/sandbox/refunds/<id_>/fail", return_refund, "reason"),
)
