"""The effects of dunning: what they find in the books, and the commands they give."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing, contextmanager

import msgspec

from ledger.aggregates.invoice import Invoice
from ledger.aggregates.subscription import Subscription
from ledger.application import Ledger
from ledger.assembly import stripe_outbound
from ledger.checkout.shop import Shop
from ledger.checkout.visit import FINAL
from ledger.dunning.deciding import DOWNGRADE, RESTORE, Unpaid
from ledger.dunning.restoring import back
from ledger.dunning.steps import to_starter
from ledger.errors import Contended, Refusal
from ledger.providers.problems import ProviderProblem
from ledger.reactions.backoff import asked_for
from ledger.reactions.effects import EffectFailed, Effects, Task, World

NOT_OWED = "the invoice is not owed any more"
NOT_PAID = "the invoice is not paid"
NOBODYS = "nobody is known whose subscription it is"


def downgrade(task: Task, world: World) -> str | None:
    """Brings whoever did not pay to the starter plan."""
    unpaid = msgspec.convert(task.data, Unpaid)
    bill = world.get(Invoice, task.scope.stream(Invoice.CATEGORY, unpaid.invoice_id)).bill
    if bill is None or bill.status not in ("open", "uncollectible"):
        return NOT_OWED
    user_id = _user(task, world, unpaid)
    if user_id is None:
        return NOBODYS
    with _shop(task, world) as shop:
        return to_starter(shop, user_id, unpaid, task.id, world.clock())


def restore(task: Task, world: World) -> str | None:
    """Gives whoever paid after all the plan again they had."""
    unpaid = msgspec.convert(task.data, Unpaid)
    bill = world.get(Invoice, task.scope.stream(Invoice.CATEGORY, unpaid.invoice_id)).bill
    if bill is None or bill.status != "paid":
        return NOT_PAID
    user_id = _user(task, world, unpaid)
    if user_id is None:
        return NOBODYS
    until = bill.covers.end if bill.covers else world.clock()
    with _shop(task, world) as shop:
        return back(shop, user_id, unpaid, task.id, until, world.clock())


def _user(task: Task, world: World, unpaid: Unpaid) -> str | None:
    """The application's user whose subscription is billed."""
    stream = task.scope.stream(Subscription.CATEGORY, unpaid.subscription_id)
    found = world.get(Subscription, stream)
    return found.payer.user_id or found.customer_id


@contextmanager
def _shop(task: Task, world: World) -> Iterator[Shop]:
    """The shop of the scope. Raises EffectFailed for all that goes wrong in it."""
    settings = world.settings
    try:
        with (
            Ledger(world.url, settings.names, pool_size=1) as ledger,
            closing(stripe_outbound(settings, task.scope.account)) as outbound,
        ):
            yield Shop(ledger, world.load, outbound, settings.brand, settings.policy, task.scope)
    except ProviderProblem as problem:
        raise EffectFailed(
            f"the provider refused: {problem.code}",
            passing=not isinstance(problem, FINAL),
            not_before=asked_for(problem.retry_after, world.clock()),
        ) from problem
    except Contended as problem:
        raise EffectFailed(problem.code) from problem
    except Refusal as refusal:
        raise EffectFailed(f"refused: {refusal.code}", passing=False) from refusal


DUNNING: Effects = {DOWNGRADE: downgrade, RESTORE: restore}
"""Kind of reaction -> its effect."""
