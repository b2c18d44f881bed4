"""What a payment in the live sandbox cost, asked for as the ledger asks Stripe."""

from __future__ import annotations

from contextlib import closing

import msgspec
import stripe

from ledger.observations import MirrorObserved
from ledger.providers.stripe.gateway import StripeGateway
from tests.ledger.providers.stripe.payloads import event, said
from web.sandbox.api import World, create_stand_in
from web.sandbox.api.server import serving

START = 1_700_000_000
KEY = "sk_test_house"


def test_the_ledger_reads_what_the_sandbox_answers() -> None:
    world = World(clock=lambda: START)
    with (
        serving(create_stand_in(world)) as url,
        closing(StripeGateway(KEY, url, retries=0)) as gateway,
    ):
        client = stripe.StripeClient(KEY, base_addresses={"api": url}, max_network_retries=0)
        paid = client.v1.payment_intents.create(
            {"amount": 4900, "currency": "usd", "payment_method": "pm_card_visa", "confirm": True}
        )
        world.move(5)
        charge = client.v1.charges.retrieve(str(paid.latest_charge))
        answer = gateway.balance_transaction(str(charge.balance_transaction))

    [seen] = said(event("balance_transaction.fetched", msgspec.json.decode(answer.body)))
    assert isinstance(seen, MirrorObserved)
    assert seen.snapshot is not None
    moved = seen.snapshot.state
    assert (moved.source_id, moved.purchase_id) == (charge.id, paid.id)
    assert (moved.amount_minor, moved.fee_minor, moved.net_minor) == (4900, 172, 4728)
