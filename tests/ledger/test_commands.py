"""Commands are kept once by their key, and race the bookkeeper without losing anything."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from ledger.aggregates.credit_wallet import CreditWallet, Totals
from ledger.aggregates.purchase import Purchase
from ledger.application import Inbox, Ledger
from ledger.bookkeeper import stored_streams
from ledger.commands import Claim, claim_payment, loaded, spend_credits
from ledger.errors import AlreadyOwned, InsufficientCredits, KeyReused, UnknownPayment
from ledger.policy import Policy
from ledger.store.log import LogReader
from tests.ledger.conftest import NewBookkeeper
from tests.ledger.given import SCOPE, day
from tests.ledger.providers.stripe.objects import Json, payment_intent, session
from tests.ledger.providers.stripe.payloads import delivery, event

ANN = SCOPE.stream(CreditWallet.CATEGORY, "ann")


def pack(number: int, **metadata: str) -> Json:
    """One of many payments for a pack of ten credits."""
    bought = payment_intent(
        id=f"pi_{number}",
        amount_received=1000,
        customer=None,
        metadata={"credits": "10", **metadata},
    )
    return event("payment_intent.succeeded", bought)


def spend(ledger: Ledger, credits: int, key: str) -> Totals:
    return spend_credits(ledger, SCOPE, "ann", credits, key, day(1))


@pytest.fixture
def bought(inbox: Inbox, new_bookkeeper: NewBookkeeper) -> None:
    """Ann has ten credits."""
    inbox.receive(delivery(pack(0, user_id="ann")))
    new_bookkeeper().run_until_idle()


@pytest.mark.usefixtures("bought")
def test_a_key_spends_once_and_says_what_is_left(ledger: Ledger) -> None:
    answers = [spend(ledger, 4, "job-1"), spend(ledger, 4, "job-1"), spend(ledger, 6, "job-2")]

    assert [totals.available for totals in answers] == [6, 6, 0]
    assert loaded(ledger, CreditWallet, ANN).totals == Totals(granted=10, spent=10)


@pytest.mark.usefixtures("bought")
def test_a_refused_command_leaves_nothing(ledger: Ledger) -> None:
    spend(ledger, 4, "job-1")

    with pytest.raises(InsufficientCredits):
        spend(ledger, 7, "job-2")
    with pytest.raises(KeyReused):
        spend(ledger, 5, "job-1")
    assert loaded(ledger, CreditWallet, ANN).version == 2


@pytest.mark.usefixtures("bought")
def test_many_at_once_never_spend_more_than_there_is(ledger: Ledger) -> None:
    def try_to(number: int) -> bool:
        try:
            spend(ledger, 1, f"job-{number}")
        except InsufficientCredits:
            return False
        return True

    with ThreadPoolExecutor(4) as pool:
        spent = list(pool.map(try_to, range(16)))

    assert sum(spent) == 10
    assert loaded(ledger, CreditWallet, ANN).totals == Totals(granted=10, spent=10)


@pytest.mark.usefixtures("bought")
def test_the_same_key_at_once_spends_once(ledger: Ledger) -> None:
    with ThreadPoolExecutor(4) as pool:
        answers = list(pool.map(lambda _: spend(ledger, 3, "job-1").available, range(8)))

    assert set(answers) == {7}
    assert loaded(ledger, CreditWallet, ANN).totals == Totals(granted=10, spent=3)


@pytest.mark.usefixtures("bought")
def test_spending_and_bookkeeping_on_one_wallet_lose_nothing(
    ledger: Ledger, inbox: Inbox, new_bookkeeper: NewBookkeeper
) -> None:
    for number in range(1, 61):
        inbox.receive(delivery(pack(number, user_id="ann")))
    bookkeeper = new_bookkeeper()

    with ThreadPoolExecutor(1) as pool:
        spending = pool.submit(lambda: [spend(ledger, 1, f"job-{n}") for n in range(10)])
        while bookkeeper.work_batch(3):
            pass
        spending.result()
    bookkeeper.run_until_idle()

    assert loaded(ledger, CreditWallet, ANN).totals == Totals(granted=610, spent=10)


def test_a_payment_of_nobody_is_claimed_once_and_then_counts(
    ledger: Ledger, inbox: Inbox, history: LogReader, new_bookkeeper: NewBookkeeper
) -> None:
    def claim(payment_id: str, customer_id: str) -> None:
        word = Claim(payment_id, customer_id, day(3))
        claim_payment(ledger, stored_streams(history), Policy(), SCOPE, word)

    inbox.receive(delivery(pack(7)))
    new_bookkeeper().run_until_idle()
    claim("pi_7", "ann")
    claim("pi_7", "ann")

    assert loaded(ledger, CreditWallet, ANN).totals == Totals(granted=10)
    with pytest.raises(AlreadyOwned, match="pi_7"):
        claim("pi_7", "bob")
    with pytest.raises(UnknownPayment, match="pi_8"):
        claim("pi_8", "ann")


def test_what_a_payment_says_itself_comes_before_a_claim(
    ledger: Ledger, inbox: Inbox, history: LogReader, new_bookkeeper: NewBookkeeper
) -> None:
    bookkeeper = new_bookkeeper()
    inbox.receive(delivery(pack(1)))
    bookkeeper.run_until_idle()
    word = Claim("pi_1", "ann", day(3))
    claim_payment(ledger, stored_streams(history), Policy(), SCOPE, word)

    inbox.receive(
        delivery(
            event("checkout.session.completed", session(customer=None, client_reference_id="bob"))
        )
    )
    bookkeeper.run_until_idle()

    purchase = loaded(ledger, Purchase, SCOPE.stream(Purchase.CATEGORY, "pi_1"))
    assert purchase.customer_id == "bob"
    assert loaded(ledger, CreditWallet, ANN).totals == Totals()
