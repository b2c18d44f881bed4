"""The table of life stories and how often each is lived."""

from __future__ import annotations

from collections.abc import Callable, Generator
from typing import NamedTuple

from web.sandbox.lives import credits, memberships, purchases, strangers, troubles
from web.sandbox.lives.person import Person

Tale = Callable[[Person], Generator[int, None, object]]


class Story(NamedTuple):
    """A story and its weight. `named` is where it needs the user id to be ('' = anywhere);
    a story told `alone` leaves room for no other in the same life."""

    tale: Tale
    weight: int
    named: str = ""
    alone: bool = False

    @property
    def name(self) -> str:
        """What the story is called."""
        return f"{self.tale.__module__.rsplit('.', 1)[-1]}.{self.tale.__name__}"


STORIES = (
    Story(purchases.learning_path, 10),
    Story(purchases.group_registration, 6),
    Story(purchases.second_card_works, 2),
    Story(purchases.declined_for_good, 2),
    Story(purchases.changes_mind, 1),
    Story(purchases.full_refund, 2),
    Story(purchases.partial_refunds, 2),
    Story(purchases.refund_in_parts, 1),
    Story(purchases.slow_refund, 1),
    Story(purchases.bounced_refund, 1),
    Story(purchases.dispute_won, 1),
    Story(purchases.dispute_lost, 1),
    Story(purchases.inquiry, 1),
    Story(credits.credit_packs, 14),
    Story(credits.by_reference, 2),
    Story(credits.slow_money_comes, 3),
    Story(credits.slow_money_fails, 1),
    Story(credits.free_by_coupon, 2),
    Story(credits.walks_away, 3),
    Story(credits.refunded_pack, 2),
    Story(credits.disputed_pack, 1),
    Story(memberships.monthly, 7),
    Story(memberships.yearly, 6),
    Story(memberships.by_checkout, 5),
    Story(memberships.group_membership, 4),
    Story(memberships.other_features, 2),
    Story(memberships.trial_then_paid, 4),
    Story(memberships.trial_then_paused, 2),
    Story(memberships.trial_then_canceled, 3),
    Story(memberships.upgrade, 3),
    Story(memberships.downgrade, 3),
    Story(memberships.more_seats, 2),
    Story(memberships.leaves_at_period_end, 6),
    Story(memberships.leaves_and_stays, 2),
    Story(memberships.leaves_now, 4),
    Story(troubles.card_recovers, 3),
    Story(troubles.card_fails_for_good, 3),
    Story(troubles.card_fails_to_unpaid, 1),
    Story(troubles.never_completed, 1),
    Story(troubles.completed_late, 1),
    Story(troubles.refunded_invoice, 2),
    Story(troubles.disputed_invoice, 1),
    Story(troubles.paid_by_cheque, 1),
    Story(troubles.paid_by_link, 2),
    Story(troubles.voided, 1),
    Story(troubles.written_off, 1),
    Story(strangers.named_late, 2, named="nowhere", alone=True),
    Story(strangers.named_by_reference, 1, named="nowhere", alone=True),
    Story(strangers.only_an_address, 2),
    Story(strangers.other_platform, 2),
    Story(strangers.asked_by_hand, 1),
    Story(strangers.deleted, 2, alone=True),
)
