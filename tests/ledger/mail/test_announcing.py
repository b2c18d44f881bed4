"""A mail that announces a bill names its amount where the provider has said it, and only there."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import pytest

from ledger.aggregates.subscription import Attributed, Changed, NextBillAnnounced, Started
from ledger.event import Event
from ledger.observations import Period
from ledger.snapshots import Newest, Snapshot
from ledger.upcoming import NextBill
from tests.ledger.given import day, usd
from tests.ledger.mail.given import body, mails
from tests.ledger.mail.test_sending import bought
from tests.ledger.mail.test_telling import SUBSCRIPTION, newest, plan

DOUBLED = Changed(standing=Newest((Snapshot(plan(quantity=2).state, day(21), prior=plan().state),)))


def announced(minor: int, ends_at: datetime, on: float) -> NextBillAnnounced:
    return NextBillAnnounced(announced=newest(NextBill(ends_at, usd(minor)), day(on)))


@pytest.mark.parametrize(
    ("happened", "said"),
    [
        ([announced(900, day(30), 20)], "renews on 1 October 2026 for $9.00, and is"),
        ([], "renews on 1 October 2026, and is"),
        ([announced(900, day(60), 20)], "renews on 1 October 2026, and is"),
        ([announced(900, day(30), 20), DOUBLED], "renews on 1 October 2026, and is"),
    ],
    ids=["as announced", "unknown", "of another period", "changed since"],
)
def test_a_renewal_names_the_amount_only_where_it_is_known(
    happened: list[Event], said: str, tmp_path: Path
) -> None:
    life = bought().into(tmp_path)
    whose = Attributed(customer_id="ann", provider_customer_id="cus_1")
    life.happen(SUBSCRIPTION, Started(standing=plan()), whose, *happened)
    life.turn(27)

    assert life.send("mail.will_renew:sub_1:20261001T120000") is None
    mail = mails(tmp_path)[0]
    assert said in " ".join(body(mail).split())
    assert ("Amount as it stands: $9.00" in body(mail)) == ("$9.00" in said)
    assert ("$9.00" in body(mail, "html")) == ("$9.00" in said)


def test_the_end_of_a_trial_names_what_is_paid_from_then_on(tmp_path: Path) -> None:
    life = bought().into(tmp_path)
    whose = Attributed(customer_id="ann", provider_customer_id="cus_1")
    month = Period(day(0), day(30))
    life.happen(SUBSCRIPTION, Started(standing=plan("trialing", trial=month)), whose)
    life.happen(SUBSCRIPTION, announced(1900, day(30), 23))
    life.happen(
        SUBSCRIPTION, Changed(standing=newest(plan("trialing", trial=month).state, day(27)))
    )
    life.turn(27)

    assert life.send("mail.trial_ending:sub_1:20261001T120000") is None
    assert "payment method, $19.00 the first time." in " ".join(body(mails(tmp_path)[0]).split())
