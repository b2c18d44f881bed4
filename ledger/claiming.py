"""`billing claim`: a person says whose a payment is that nobody knew."""

from __future__ import annotations

from contextlib import closing

import click

from ledger.application import Ledger
from ledger.assembly import clock
from ledger.bookkeeper import stored_streams
from ledger.commands import Claim, claim_payment
from ledger.database import database_url
from ledger.ids import Scope
from ledger.settings import Settings
from ledger.store.log import LogReader


@click.command()
@click.argument("payment_id")
@click.argument("customer_id")
@click.option("--account", default="", help="The connected account, if it is one's payment.")
def claim(payment_id: str, customer_id: str, account: str) -> None:
    """Say that PAYMENT_ID is CUSTOMER_ID's; it then counts from the time it was paid."""
    settings = Settings.from_environment()
    url = database_url(settings)
    names = settings.names
    scope = Scope("stripe", settings.livemode, account)
    given = Claim(payment_id, customer_id, clock())
    with Ledger(url, names, pool_size=1) as ledger, closing(LogReader(url, names.ledger)) as log:
        claim_payment(ledger, stored_streams(log), settings.policy, scope, given)
    click.echo(f"{payment_id} is {customer_id}'s")
