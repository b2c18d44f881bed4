"""/v1/disputes."""

from __future__ import annotations

from web.sandbox.api.asked import Asked, Listing, Route
from web.sandbox.api.problems import unexpected
from web.sandbox.truth import disputes
from web.sandbox.truth.disputes import Dispute

VERDICTS = {"winning_evidence": "won", "losing_evidence": "lost"}
"""Evidence text -> how the bank decides at once, as in Stripe's test mode."""
OPEN = {"needs_response", "warning_needs_response", "under_review", "warning_under_review"}


def retrieve(asked: Asked) -> Dispute:
    """One dispute."""
    return asked.named(Dispute, "dispute")


def update(asked: Asked) -> Dispute:
    """Evidence is handed in; some of it decides the matter."""
    dispute, params = _open(asked), asked.params
    if "metadata" in params:
        dispute = asked.truth.change(dispute, metadata=params.metadata(dispute.metadata))
    evidence = params.part("evidence")
    if "evidence" not in params or params.flag("submit") is False:
        return asked.truth.change(dispute, "charge.dispute.updated")
    dispute = disputes.respond(asked.truth, dispute)
    verdict = VERDICTS.get(evidence.text("uncategorized_text") or "")
    if verdict is None:
        return dispute
    return disputes.close(asked.truth, dispute, _word(dispute, verdict))


def close(asked: Asked) -> Dispute:
    """We give in."""
    dispute = _open(asked)
    return disputes.close(asked.truth, dispute, _word(dispute, "lost"))


def listing(asked: Asked) -> Listing:
    """Disputes, of one payment if one is named."""
    charge, intent = asked.params.text("charge"), asked.params.text("payment_intent")
    return Listing(
        [
            each
            for each in asked.all(Dispute)
            if charge in (None, each.charge) and intent in (None, each.intent)
        ]
    )


def _open(asked: Asked) -> Dispute:
    dispute = asked.named(Dispute, "dispute")
    if dispute.status not in OPEN:
        raise unexpected("dispute_closed", "This dispute is already closed.")
    return dispute


def _word(dispute: Dispute, verdict: str) -> str:
    return "warning_closed" if dispute.inquiry else verdict


ROUTES = (
    Route("GET", "/v1/disputes", listing, "charge payment_intent created.*", lists=True),
    Route("GET", "/v1/disputes/<id_>", retrieve),
    Route("POST", "/v1/disputes/<id_>", update, "evidence.* metadata.* submit"),
    Route("POST", "/v1/disputes/<id_>/close", close),
)
