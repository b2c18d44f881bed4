"""Every provider's webhooks are checked, told apart by their own ids, and said in our words."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from types import NoneType

import msgspec
import pytest

from ledger.errors import NotADelivery, NotVerified
from tests.ledger.providers.contract.provider import Posted, Provider, everything_once, said

PLAIN = (str, int, bool, float, datetime, NoneType, tuple, dict)


@pytest.fixture
def busy(provider: Provider) -> Provider:
    """A provider at which everything happened once."""
    everything_once(provider)
    return provider


def test_each_webhook_is_a_delivery_of_its_own_in_the_providers_scope(busy: Provider) -> None:
    deliveries = [busy.receiver.receive(*each, busy.now) for each in busy.posted]

    assert {each.envelope.scope for each in deliveries} == {busy.scope}
    assert len({each.originator_id for each in deliveries}) == len(busy.posted)
    assert [each.body for each in deliveries] == [each.body for each in busy.posted]
    assert all(each.envelope.created.tzinfo for each in deliveries)


def test_a_webhook_somebody_else_wrote_or_changed_is_not_taken(busy: Provider) -> None:
    one, other = busy.posted[:2]
    forged = (
        Posted(one.body, {}),
        Posted(one.body + b" ", one.headers),
        Posted(one.body, dict.fromkeys(one.headers, "x")),
        Posted(other.body, one.headers),
        Posted(b"", one.headers),
    )
    for each in forged:
        with pytest.raises((NotVerified, NotADelivery)):
            busy.receiver.receive(*each, busy.now)


def test_what_is_observed_has_no_types_of_the_provider(busy: Provider) -> None:
    for value in inside(said(busy)):
        kind = type(value)
        ours = kind.__module__.startswith("ledger.") and ".providers" not in kind.__module__
        assert kind in PLAIN or ours, kind


def test_the_same_webhook_says_the_same(busy: Provider) -> None:
    assert said(busy) == said(busy)


def inside(value: object) -> Iterator[object]:
    """A value and all that is in it."""
    if isinstance(value, list | tuple):
        for each in value:
            yield from inside(each)
    elif isinstance(value, dict):
        yield from inside([*value, *value.values()])
    else:
        yield value
        if isinstance(value, msgspec.Struct):
            yield from inside([getattr(value, name) for name in value.__struct_fields__])
