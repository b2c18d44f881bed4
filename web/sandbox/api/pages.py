"""Pages of the stand-in's own: Stripe's payment page, and a bank that asks the payer."""

from __future__ import annotations

from collections.abc import Mapping
from urllib.parse import urlencode

from flask import Blueprint, redirect, render_template_string, request
from werkzeug.wrappers import Response

from web.sandbox.api.admin import answer
from web.sandbox.api.asked import Asked
from web.sandbox.api.methods import entered
from web.sandbox.api.params import decode
from web.sandbox.api.problems import Problem, missing
from web.sandbox.api.templates import CHALLENGE, DONE, VISIT
from web.sandbox.api.world import World
from web.sandbox.render.payments import message
from web.sandbox.truth import visits
from web.sandbox.truth.intents import Intent
from web.sandbox.truth.sessions import Session
from web.sandbox.truth.setups import Setup
from web.sandbox.truth.world import Truth

Page = tuple[str, int] | Response


def blueprint(world: World) -> Blueprint:
    """The pages over one world; they need no key, but the id of what they are about."""
    pages = Blueprint("pages", __name__)

    @pages.get("/c/pay/<key>")
    def visit(key: str) -> Page:
        with world.turn() as truth:
            return _visit(truth, _session(truth, key))

    @pages.post("/c/pay/<key>")
    def pay(key: str) -> Page:
        with world.turn() as truth:
            truth.site = request.host_url.rstrip("/")
            return _pay(truth, _session(truth, key))

    @pages.get("/sandbox/challenge/<key>")
    def asks(key: str) -> Page:
        with world.turn() as truth:
            found = _challenged(truth, key)
            return (render_template_string(CHALLENGE, found=found), 200)

    @pages.post("/sandbox/challenge/<key>")
    def answered(key: str) -> Page:
        with world.turn() as truth:
            found = _challenged(truth, key)
            asked = Asked(world, decode(()), found.account, world.version)
            return _after(truth, answer(asked, key, request.form.get("answer") == "ok"))

    return pages


def _session(truth: Truth, key: str) -> Session:
    session = truth.find(Session, key)
    if session is None:
        raise missing("checkout.session", key)
    return session


def _challenged(truth: Truth, key: str) -> Intent | Setup:
    found = truth.find(Intent, key) or truth.find(Setup, key)
    if found is None:
        raise missing("payment_intent", key)
    return found


def _visit(truth: Truth, session: Session, problem: str = "", status: int = 200) -> Page:
    if session.status != "open":
        return _over(session)
    text = render_template_string(VISIT, session=session, problem=problem, form=request.form)
    return text, status


def _pay(truth: Truth, session: Session) -> Page:
    """What comes of the card that was entered: the end, the bank's page, or the form again."""
    if session.status != "open":
        return _over(session)
    try:
        kind = entered(request.form.get("number", ""))
    except Problem as problem:
        return _visit(truth, session, problem.error["message"], problem.status)
    if kind.type not in session.offered:
        return _visit(truth, session, "This payment method is not accepted here.", 402)
    session = visits.pay(truth, session, kind, request.form.get("email") or None)
    intent = truth.find(Intent, session.intent)
    if session.status == "open" and intent is not None and intent.challenge:
        return redirect(intent.challenge, 303)
    if session.status == "open":
        reason = (intent.error if intent else None) or "generic_decline"
        return _visit(truth, session, message(reason), 402)
    return _over(session)


def _after(truth: Truth, found: Intent | Setup) -> Page:
    """Where the payer goes once the bank has its answer."""
    for session in truth.all(Session):
        if session.intent == found.id or (session.invoice and session.invoice == _bill(found)):
            problem = message(found.error) if found.error else ""
            return _visit(truth, session, problem, 402 if problem else 200)
    if found.return_url is None:
        return _done({"id": found.id, "status": found.status})
    name = "payment_intent" if isinstance(found, Intent) else "setup_intent"
    told = {
        name: found.id,
        f"{name}_client_secret": found.secret,
        "redirect_status": "failed" if found.error else "succeeded",
    }
    return redirect(_with(found.return_url, told), 303)


def _bill(found: Intent | Setup) -> str | None:
    return found.invoice if isinstance(found, Intent) else None


def _over(session: Session) -> Page:
    """The visit is over: on to the application, from within its page by way of a message."""
    places = session.places
    link = (places.success_url or places.return_url) if places else None
    url = (link or "").replace("{CHECKOUT_SESSION_ID}", session.id)
    embedded = places is not None and places.ui_mode != "hosted_page"
    if session.status == "complete" and url and not embedded:
        return redirect(url, 303)
    return _done({"id": session.id, "status": session.status, "url": url})


def _done(told: Mapping[str, str]) -> Page:
    return render_template_string(DONE, told=told), 200


def _with(url: str, query: Mapping[str, str]) -> str:
    return url + ("&" if "?" in url else "?") + urlencode(query)
