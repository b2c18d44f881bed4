"""`billing seal`, `verify` and `prove`, as an operator, an auditor and a stranger use them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import psycopg
import pytest
from click.testing import CliRunner, Result
from msgspec.structs import replace

from ledger.application import Inbox
from ledger.cli import main
from ledger.delivery import Delivery
from ledger.providers.stripe.signature import HEADER, header
from ledger.store.leadership import Leadership
from tests.ledger.sealing.given import KEY, NAMES, OTHER_KEY, SECRET, append
from tests.replay.given import year

WEBHOOK_SECRET = "whsec_made_up"


@pytest.fixture
def environment(database_url: str, tmp_path: Path) -> dict[str, str]:
    return {
        "DATABASE_URL": database_url,
        "BILLING_SEAL_KEY": SECRET,
        "BILLING_SEAL_DIR": str(tmp_path / "seals"),
    }


def billing(environment: dict[str, str], *arguments: str, status: int = 0) -> Result:
    result = CliRunner(env=environment).invoke(main, arguments)
    assert result.exit_code == status, result.output
    return result


def signed(delivery: Delivery, secret: str = WEBHOOK_SECRET) -> Delivery:
    time = int(delivery.received_at.timestamp())
    return replace(delivery, headers={HEADER: header(delivery.body, secret, time)})


def receive(url: str, *deliveries: Delivery) -> None:
    with Inbox(url, NAMES, pool_size=1) as inbox:
        for delivery in deliveries:
            inbox.receive(delivery)


def edit(url: str, statement: str) -> None:
    with psycopg.connect(url) as superuser:
        superuser.execute(statement.encode())


def test_a_key_is_made_once_and_seals(database_url: str, tmp_path: Path) -> None:
    append(database_url, range(3))
    environment = {
        "DATABASE_URL": database_url,
        "BILLING_SEAL_KEY_FILE": str(tmp_path / "seal.key"),
    }
    public = billing(environment, "seal", "--new-key").stdout.split()[-1]

    assert billing(environment, "seal").stdout == f"1 seals made, by key {public}\n"
    assert billing(environment, "seal").stdout == f"0 seals made, by key {public}\n"
    assert "exists already" in billing(environment, "seal", "--new-key", status=1).stderr


def test_without_a_key_nothing_is_sealed(database_url: str) -> None:
    environment = {"DATABASE_URL": database_url}

    assert "BILLING_SEAL_KEY_FILE" in billing(environment, "seal", status=1).stderr
    assert "BILLING_SEAL_KEY_FILE" in billing(environment, "seal", "--new-key", status=1).stderr
    assert billing(environment, "verify").stdout.endswith("nothing is sealed yet\n")


def test_beside_a_sealer_that_runs_the_command_refuses(
    database_url: str, environment: dict[str, str]
) -> None:
    lead = Leadership(database_url, f"sealer of {NAMES.ledger}")
    assert lead.acquire(timeout=60.0)
    try:
        assert "a sealer runs already" in billing(environment, "seal", status=1).stderr
    finally:
        lead.release()


def test_verify_says_what_it_looked_at(database_url: str, environment: dict[str, str]) -> None:
    append(database_url, range(3))
    billing(environment, "seal")
    append(database_url, range(3, 5))

    result = billing(environment, "verify")

    assert result.stdout.splitlines() == [
        "inbox     0 seals, 0 copies outside, 0 deliveries looked at",
        "ledger    1 seals, 1 copies outside, 5 events looked at, sealed until 3",
        "          not sealed yet: 4 to 5 (2)",
        "reactions 0 seals, 0 copies outside, 0 events looked at",
        f"key       {KEY.public}, trusted",
        "history is what was sealed",
    ]
    assert result.stderr == "", "quiet where nobody watches"


def test_verify_names_the_place_and_fails(database_url: str, environment: dict[str, str]) -> None:
    append(database_url, range(3))
    billing(environment, "seal")
    edit(database_url, "UPDATE billing_ledger.events SET state = '{}' WHERE notification_id > 1")

    first = billing(environment, "verify", status=1).stdout.splitlines()
    every = json.loads(billing(environment, "verify", "--full", "--json", status=1).stdout)

    assert first[-1] == "history does not fit its seals"
    assert (
        "does not fit: ledger, position 2 (thing/1), seal 1: changed: "
        "what stands here is not what was sealed" in first
    )
    places: list[Any] = [(each["position"], each["problem"]) for each in every[1]["findings"]]
    assert places == [(2, "changed"), (3, "changed")]


def test_somebody_elses_copies_and_key_will_do(
    database_url: str, environment: dict[str, str], tmp_path: Path
) -> None:
    append(database_url, range(3))
    billing(environment, "seal")
    theirs = {"DATABASE_URL": database_url}
    seals = ("--seals", environment["BILLING_SEAL_DIR"])

    assert "did not say whose" in billing(theirs, "verify", *seals).stdout
    assert "trusted" in billing(theirs, "verify", *seals, "--key", KEY.public).stdout
    unknown = billing(theirs, "verify", "--key", OTHER_KEY.public, status=1)
    assert f"signed by {KEY.public}, which is not a key that is trusted" in unknown.stdout
    missing = billing(theirs, "verify", "--seals", str(tmp_path / "empty"), status=1)
    assert "copy missing" in missing.stdout


def test_copies_out_of_reach_are_told_in_a_sentence(
    database_url: str, environment: dict[str, str]
) -> None:
    append(database_url, range(3))
    folder = Path(environment["BILLING_SEAL_DIR"])
    folder.write_text("a file where a folder belongs")
    sealing = billing(environment, "seal", status=1)

    folder.unlink()
    billing(environment, "seal")
    copy = folder / "ledger-000000001.seal"
    copy.unlink()
    copy.mkdir()
    verifying = billing(environment, "verify", status=1)

    assert sealing.stderr == f"Error: {folder} is out of reach: File exists\n"
    assert verifying.stderr == f"Error: {copy} is out of reach: Is a directory\n"


def test_stripes_own_signatures_are_checked_again(
    database_url: str, environment: dict[str, str]
) -> None:
    one, other, third, *_ = year()
    receive(database_url, signed(one), signed(other), third)
    environment["STRIPE_WEBHOOK_SECRET"] = f"whsec_new,{WEBHOOK_SECRET}"
    billing(environment, "seal")

    assert (
        "stripe    signature checked again: 2 fit, 0 do not; 1 were fetched and have none"
        in billing(environment, "verify").stdout.splitlines()
    )

    forged = replace(signed(one, "whsec_other"), envelope=replace(one.envelope, event_id="evt_x"))
    receive(database_url, forged)
    billing(environment, "seal")
    assert (
        "does not fit: inbox, position 4, seal 2: provider signature wrong: "
        "no secret given signed this delivery's body"
        in billing(environment, "verify", status=1).stdout.splitlines()
    )
    assert "stripe" not in billing(environment, "verify", "--without-stripe").stdout


def test_prove_prints_a_proof(database_url: str, environment: dict[str, str]) -> None:
    append(database_url, range(3))
    assert "not sealed yet" in billing(environment, "prove", "thing/1", status=1).stderr
    billing(environment, "seal")

    proof = json.loads(billing(environment, "prove", "thing/1").stdout)

    assert (proof["position"], proof["seal"]["log"]) == (2, "ledger")
