"""Who says that a repair may be done: a person who is asked, or the number of what differs."""

from __future__ import annotations

import click

from ledger.errors import LedgerError
from replay.reconcile.differences import Compared


class TooManyDifferences(LedgerError):
    """So many are rather a fault of the question than of the answers."""

    def __init__(self, compared: Compared) -> None:
        count = self.differences = len(compared.differences)
        said = (
            f"{count} differences are more than the {compared.most} that are repaired of "
            f"{compared.compared} rows without looking: nothing was changed; "
            f"--yes {count} repairs them"
        )
        if compared.missed:
            said += f"; {compared.missed} are events that never came: `billing backfill` fetches "
            said += "these alone"
        super().__init__(said)


class OtherNumber(LedgerError):
    """What was approved is not what there is (any more)."""

    def __init__(self, approved: int, differences: int) -> None:
        super().__init__(
            f"{approved} repairs were approved, and there are {differences}: nothing was changed"
        )


def approve(compared: Compared, yes: int | None, as_json: bool) -> None:
    """Raises TooManyDifferences, OtherNumber, and Abort when a person says no."""
    count = len(compared.differences)
    if yes is not None:
        if yes != count:
            raise OtherNumber(yes, count)
        return
    if count > compared.most:
        raise TooManyDifferences(compared)
    if as_json:
        raise click.UsageError("with --json, --yes says how many repairs are approved")
    click.confirm(f"Fetch what Stripe has of {count} differences?", abort=True)
