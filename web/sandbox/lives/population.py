"""The customers: who they are, when they come and which stories they live."""

from __future__ import annotations

from collections import Counter
from collections.abc import Generator
from random import Random

from web.sandbox.lives.person import Person
from web.sandbox.lives.shop import CONNECTED_ACCOUNTS, Shop, open_shop
from web.sandbox.lives.stories import STORIES, Story
from web.sandbox.truth import customers
from web.sandbox.truth.calendar import DAY
from web.sandbox.truth.world import Truth

CONNECTED_SHARE = 0.12
STARTER_SHARE = 0.1


def populate(truth: Truth, seed: int, count: int, days: int) -> Counter[str]:
    """Let `count` customers come into the world and schedule their lives from now on.

    Returns how often each story will be told.

    The first customers are dealt one story each in the table's order, so that a world of as many
    customers as there are stories has them all.
    """
    shops = [open_shop(truth, account) for account in ("", *CONNECTED_ACCOUNTS)]
    told: Counter[str] = Counter()
    for number in range(count):
        random = Random(f"{seed}:{number}")  # noqa: S311 - repeatable on purpose
        shop = random.choice(shops[1:]) if random.random() < CONNECTED_SHARE else shops[0]
        stories = _stories(random, STORIES[number] if number < len(STORIES) else None)
        arrival = truth.now + random.randrange(1, max(2, days * DAY // 3))
        truth.later(arrival, _Arrival(truth, shop, random, number, stories))
        told.update(story.name for story in stories)
    return told


def _stories(random: Random, first: Story | None) -> list[Story]:
    """One story, sometimes two; `first` is one of them."""
    weights = [story.weight for story in STORIES]
    drawn = random.choices(STORIES, weights, k=random.choice((1, 1, 2)))
    chosen = [first, *drawn[1:]] if first else drawn
    alone = [story for story in chosen if story.alone]
    return alone[:1] or chosen


class _Arrival:
    """Somebody registers; their stories begin."""

    def __init__(
        self, truth: Truth, shop: Shop, random: Random, number: int, stories: list[Story]
    ) -> None:
        self.truth, self.shop, self.random = truth, shop, random
        self.number, self.stories = number, stories

    def __call__(self) -> None:
        me = self._register()
        if me.named == "customer" and self.random.random() < STARTER_SHARE:
            me.subscribes(me.shop.plan("starter"))
        for story in self.stories:
            _live(self.truth, story.tale(me))

    def _register(self) -> Person:
        user_id = f"u{self.number:05d}"
        named = self.stories[0].named or self.random.choice(("customer", "customer", "objects"))
        metadata = {"user_id": user_id} if named == "customer" else {}
        self.truth.request = self.truth.new_id("req_")
        name = self.random.choice(("Ada", "Emmy", "Grace", "Mary", "Sofja")) + f" {self.number}"
        email = f"{user_id}@example.com"
        customer = customers.register(self.truth, self.shop.account, email, name, metadata)
        return Person(self.truth, self.shop, self.random, user_id, named, customer)


def _live(truth: Truth, script: Generator[int, None, object]) -> None:
    """Go on with a story; each of its steps is one call of the application to Stripe."""

    def step() -> None:
        truth.request = truth.new_id("req_")
        wait = next(script, None)
        truth.request = None
        if wait is not None:
            truth.later(truth.now + wait, step)

    step()
