"""Why nothing, or nothing more, is done about a plan whose bill was not paid."""

from __future__ import annotations

from ledger.aggregates.dunning import Dunning
from ledger.checkout.visit import Visit
from ledger.dunning.deciding import Unpaid
from ledger.errors import Refusal
from ledger.event import Cause

NOT_THEIR_PLAN = "it bills no plan that is held now"
NOT_BEGUN = "the subscription was never begun"
PAID_MEANWHILE = "what is billed last is paid at the provider"
STARTER_ALREADY = "the starter plan is held already"
CHANGED_SINCE = "another plan was chosen since"
NOTHING_LAPSED = "no plan ended because of it"
TIME_OVER = "the time that was paid for is over"
LEFT = "the subscription is over"
LEAVING = "the subscription is to end, and is not billed anew"
DECLINED = "the card did not pay for a new period"
WAITS = "it comes back once its new bill is paid in the page"


class NoStarterPlan(Refusal):
    """Plans are to end in the starter plan, and the catalog has none."""

    def __init__(self) -> None:
        super().__init__("the catalog has no starter plan for an unpaid plan to end in")


def why(at: Visit, key: str) -> Cause:
    """The reaction with this id, as the cause of what it comes to."""
    return Cause(key, at.now, at.now)


def dropped(at: Visit, unpaid: Unpaid, key: str, because: str, *, stays_ended: bool = False) -> str:
    """Lets go of it in the books too, if it was begun."""
    dunning = at.get(Dunning, at.user_id)
    dunning.drop(unpaid.invoice_id, because, why(at, key), stays_ended=stays_ended)
    at.store()
    return because
