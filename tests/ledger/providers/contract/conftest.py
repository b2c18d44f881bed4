"""Each provider in turn: a test that asks for `provider` is run with every one of them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager

import pytest

from tests.ledger.providers.contract.playing_paypal_like import paypal_like
from tests.ledger.providers.contract.playing_stripe import stripe_stand_in
from tests.ledger.providers.contract.provider import Provider

PROVIDERS: dict[str, Callable[[], AbstractContextManager[Provider]]] = {
    "stripe": stripe_stand_in,
    "paypal_like": paypal_like,
}


@pytest.fixture(params=PROVIDERS)
def provider(request: pytest.FixtureRequest) -> Iterator[Provider]:
    with PROVIDERS[request.param]() as found:
        yield found
