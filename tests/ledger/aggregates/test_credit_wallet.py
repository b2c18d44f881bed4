"""A wallet of credits: granted, spent and taken back, each once by its key."""

from typing import Any

import pytest

from ledger.aggregates.credit_wallet import (
    CreditWallet,
    Granted,
    GrantWithdrawn,
    Revoked,
    Spent,
    Totals,
)
from ledger.effects import Grant
from ledger.errors import InsufficientCredits, InvalidCredits, KeyReused
from tests.ledger.given import given, why

FIFTY = Granted(grant_id="pi_1", credits=50, totals=Totals(granted=50))
TWENTY_SPENT = Spent(key="job-1", credits=20, totals=Totals(granted=50, spent=20))


def grant(credits: int, revoked: int = 0) -> Grant:
    return Grant("ann", credits, revoked)


def test_a_purchase_gives_its_credits_once() -> None:
    wallet = given(CreditWallet, "ann").when(lambda it: it.hold("pi_1", grant(50), why()))
    again = given(CreditWallet, "ann", FIFTY).when(lambda it: it.hold("pi_1", grant(50), why()))

    wallet.then(FIFTY)
    again.then()


def test_a_purchase_that_gives_more_than_was_known_gives_the_rest() -> None:
    wallet = given(CreditWallet, "ann", FIFTY, TWENTY_SPENT)

    wallet.when(lambda it: it.hold("pi_1", grant(80), why())).then(
        Granted(grant_id="pi_1", credits=80, totals=Totals(granted=80, spent=20))
    )


def test_spending_takes_what_is_there() -> None:
    wallet = given(CreditWallet, "ann", FIFTY).when(lambda it: it.spend("job-1", 20, why()))

    assert wallet.then(TWENTY_SPENT).totals.available == 30


def test_the_last_credit_can_be_spent_and_no_more() -> None:
    wallet = given(CreditWallet, "ann", FIFTY).when(lambda it: it.spend("job-1", 50, why()))
    assert wallet.aggregate.totals.available == 0
    wallet.aggregate.collect_events()

    sentence = wallet.then_refused(InsufficientCredits, lambda it: it.spend("job-2", 1, why()))

    assert sentence == "ann has 0 credits, 1 were asked for"


def test_a_key_spends_once() -> None:
    wallet = given(CreditWallet, "ann", FIFTY, TWENTY_SPENT)

    wallet.when(lambda it: it.spend("job-1", 20, why())).then()


def test_a_key_cannot_spend_another_number() -> None:
    wallet = given(CreditWallet, "ann", FIFTY, TWENTY_SPENT)

    sentence = wallet.then_refused(KeyReused, lambda it: it.spend("job-1", 21, why()))

    assert "'job-1' already spent 20 credits, it cannot spend 21" in sentence


@pytest.mark.parametrize("credits", [0, -5, 1.5, True, "3", None])
def test_only_whole_credits_can_be_spent(credits: Any) -> None:
    given(CreditWallet, "ann", FIFTY).then_refused(
        InvalidCredits, lambda it: it.spend("job-1", credits, why())
    )


def test_what_is_taken_back_after_it_was_spent_shows_as_a_shortfall() -> None:
    wallet = given(CreditWallet, "ann", FIFTY, TWENTY_SPENT)

    totals = (
        wallet.when(lambda it: it.hold("pi_1", grant(50, revoked=50), why()))
        .then(Revoked(grant_id="pi_1", revoked=50, totals=Totals(50, 20, 50)))
        .totals
    )

    assert (totals.available, totals.shortfall) == (0, 20)


def test_a_refund_that_failed_gives_the_credits_back() -> None:
    revoked = Revoked(grant_id="pi_1", revoked=30, totals=Totals(50, 0, 30))
    wallet = given(CreditWallet, "ann", FIFTY, revoked)

    wallet.when(lambda it: it.hold("pi_1", grant(50), why())).then(
        Revoked(grant_id="pi_1", revoked=0, totals=Totals(50, 0, 0))
    )


def test_a_grant_of_another_customer_is_let_go_with_what_was_revoked_of_it() -> None:
    other = Granted(grant_id="pi_2", credits=7, totals=Totals(57))
    revoked = Revoked(grant_id="pi_1", revoked=30, totals=Totals(57, 0, 30))
    wallet = given(CreditWallet, "ann", FIFTY, other, revoked)

    wallet.when(lambda it: it.withdraw("pi_1", why())).then(
        GrantWithdrawn(grant_id="pi_1", totals=Totals(7, 0, 0))
    )
    wallet.when(lambda it: it.withdraw("pi_1", why())).then()
