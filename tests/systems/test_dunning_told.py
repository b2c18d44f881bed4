"""What somebody is told by mail while their card does not pay, and once it does again."""

from __future__ import annotations

from collections import defaultdict
from pathlib import Path

import pytest

from tests.ledger.mail.given import body, mails
from tests.systems.customers import Customer
from tests.systems.installation import Installation
from tests.systems.lapsing import OWN, cy, fails, moves, pays, reacting
from tests.systems.test_dunning import covered_until

__all__ = ("cy",)


@pytest.mark.parametrize("days", [0.1, 5], ids=["its tries go on", "Stripe has ended it"])
def test_each_mail_names_the_plan_that_was_billed_and_what_is_to_be_done(
    house: Installation, cy: Customer, tmp_path: Path, days: float
) -> None:
    with reacting(house, BILLING_MAIL_DIR=str(tmp_path), **OWN) as worker:
        invoice = fails(house, cy)
        for each in (0.1, 5.2, days):
            moves(house, worker, each)
        pays(house, cy, invoice)
        moves(house, worker, 0.1)
        house.days_pass((covered_until(house, invoice) - house.now()).days - 2)
        moves(house, worker, 0.1)

    about = defaultdict[str, list[str]](list)
    for mail in (each for each in mails(tmp_path) if each["To"] == cy.email):
        about[mail["X-Billing-Mail"]].append(body(mail))
    assert all("for pro" in text for text in about["payment_failed"])
    owing = {text for text in about["subscription_changed"] if "A bill is past due" in text}
    assert ["You have starter now" in text for text in owing] == [True]
    assert any("You have pro now" in text for text in about["subscription_changed"])
    assert all("For: pro" in text for text in about["receipt"])
    assert ["to pro renews" in text for text in about["will_renew"]] == [True]
    assert "trial_ending" not in about
