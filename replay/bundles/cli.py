"""`billing export` and `import`: history in plain files, and back into an empty database."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import click

from ledger.assembly import clock
from ledger.ids import Scope
from ledger.settings import Settings
from projections.cli import connected, migrated
from replay.seals.cli import progress, reading, trusted_keys
from replay.terminal import answer, as_json

FOLDER = click.Path(file_okay=False, path_type=Path)
DAY = click.DateTime(["%Y-%m-%d", "%Y-%m-%dT%H:%M:%S"])


@click.command()
@click.argument("folder", metavar="DIR", type=FOLDER)
@click.option("--customer", help="Only what is theirs: a user id, or cus_...")
@click.option("--account", default="", help="The connected account, acct_..., if any.")
@click.option("--from", "begin", type=DAY, help="Only what was received or recorded from then on.")
@click.option("--to", "end", type=DAY, help="... and before then.")
@as_json
def export(
    folder: Path,
    customer: str | None,
    account: str,
    begin: datetime | None,
    end: datetime | None,
    as_json: bool,
) -> None:
    """Write history with its seals into the new folder DIR: all of it, a period, or a customer's.

    Deliveries, events, reactions and the rows they come to, as JSON lines and as CSV; seals, or
    for a customer a proof of each entry; and a manifest, signed with the key of the seals.
    """
    from ledger.sealing.keys import needed_seal_key
    from replay.bundles.export import Export
    from replay.bundles.wording import exported

    begin, end = (each and each.replace(tzinfo=UTC) for each in (begin, end))
    if customer and (begin or end):
        raise click.UsageError("either --customer, or --from and --to")
    settings, url = connected()
    key, choice = needed_seal_key(settings), _choice(settings, url, customer, account, begin, end)
    with reading(settings, url) as connection:
        run = Export(connection, settings.names, choice)
        with progress(0 if customer else run.count(), "exporting") as tick:
            manifest = run.write(folder, key, clock(), tick)
    answer(as_json, manifest, exported(manifest))


@click.command("import")
@click.argument("folder", metavar="DIR", type=click.Path(exists=True, path_type=Path))
@click.option("--check", is_flag=True, help="Only check it, whatever bundle it is.")
@click.option("--key", "keys", multiple=True, metavar="HEX", help="Believe this public key only.")
@as_json
def import_(folder: Path, check: bool, keys: tuple[str, ...], as_json: bool) -> None:
    """Check the bundle in DIR, and take it into an empty database.

    Every hash, seal and signature is checked first, and the rows' fingerprint computed. Then
    history is stored with its positions and seals, and the tables are made from it. Nobody is
    told anything: reactions that waited or were parked are dismissed.
    """
    from replay.bundles.check import Bundle
    from replay.bundles.importing import refuse_unless_whole, take_in
    from replay.bundles.wording import Found

    bundle = Bundle(folder)
    if not check:
        refuse_unless_whole(bundle.manifest)
    entries = sum(each.count for each in bundle.manifest.spans.values())
    with progress(entries, "checking") as tick:
        checked = bundle.check(trusted_keys(Settings.from_environment(), keys), tick)
    found = Found.of(checked)
    if not check:
        settings, url = migrated()
        with progress(entries, "storing") as tick:
            taken = take_in(bundle, checked, url, settings.names, tick)
        found = found.imported(taken)
    answer(as_json, found, found.lines())


def _choice(
    settings: Settings,
    url: str,
    customer: str | None,
    account: str,
    begin: datetime | None,
    end: datetime | None,
) -> Any:
    from replay.bundles.choice import Choice
    from replay.history import UnknownSubject
    from replay.past import Past
    from replay.whose import Place, Whose

    if customer is None:
        return Choice(begin=begin, end=end)
    place = Place(url, settings.names, Scope("stripe", settings.livemode, account))
    with Past(url, settings.names) as past:
        whose = Whose(past, place)
        streams = tuple(whose.customer(customer))
        if not streams:
            raise UnknownSubject(customer, "customer")
        return Choice(
            customer=customer,
            ids=frozenset(whose.ids(customer)),
            streams=streams,
            reactions=tuple(past.called_for(streams)),
        )
