"""A mail goes to the customer's own address as it is now, in their language, or to nobody."""

from __future__ import annotations

from pathlib import Path

import jinja2
import pytest

from ledger.aggregates.customer import Deleted, Identified, Reported
from ledger.aggregates.invoice_events import Attributed as InvoiceAttributed
from ledger.aggregates.invoice_events import Finalized, Paid, PaymentFailed
from ledger.aggregates.offering import Offer, Offered
from ledger.aggregates.purchase_events import Attributed, Receipted
from ledger.aggregates.subscription import Attributed as SubscriptionAttributed
from ledger.aggregates.subscription import Changed, Started, StatusChanged
from ledger.checkout.brand import Brand
from ledger.event import Event
from ledger.mail.letter import Letter
from ledger.mail.sending import TEMPLATES
from ledger.mail.templates import written
from ledger.mail.words import NO_BREAK
from ledger.money import Money
from ledger.observations import CustomerDetails
from ledger.reactions.effects import EffectFailed
from ledger.settings.mail import LANGUAGES
from tests.ledger.given import SCOPE, START, day, usd
from tests.ledger.mail.given import Life, body, mails
from tests.ledger.mail.test_telling import ANNS, INVOICE, PURCHASE, SUBSCRIPTION, bill, newest, plan

CUSTOMER = SCOPE.stream("customer", "cus_1")
ALL = Letter(
    about=PURCHASE,
    at=START,
    amounts=dict.fromkeys(
        ("paid", "owed", "refunded", "in_all", "disputed", "next_bill"), usd(1234)
    ),
    times=dict.fromkeys(
        (
            *("paid_at", "next_try_at", "ends_at", "started_at"),
            *("trial_ends_at", "ended_at", "renews_at"),
        ),
        START,
    ),
    words={
        **{"number": "A-1", "attempt": 2, "status": "open", "brand": "visa", "last4": "4242"},
        **{"item": "<b>Pro</b>", "quantity": 2, "credits": 50, "available": 70},
    },
)


def details(email: str | None = "ann@customers.example", locale: str | None = None) -> Reported:
    return Reported(standing=newest(CustomerDetails(START, "ann", email, "Ann", locale)))


def bought(*customer: Event) -> Life:
    """A payment of Ann's, who is known by these events."""
    life = Life()
    life.happen(CUSTOMER, *(customer or (details(), Identified(customer_id="ann"))))
    life.happen(
        PURCHASE,
        Attributed(customer_id="ann", provider_customer_id="cus_1"),
        Receipted(receipt=ANNS),
    )
    return life


def test_a_receipt_reaches_the_customer_in_text_and_html(tmp_path: Path) -> None:
    life = bought().into(tmp_path)

    assert life.send("mail.receipt:pi_1") is None
    assert life.send("mail.receipt:pi_1") is None

    (mail,) = mails(tmp_path)
    assert mail["To"] == "ann@customers.example"
    assert mail["From"] == "Learn <billing@localhost>"
    assert mail["Subject"] == "Receipt from Learn: $9.00"
    assert mail["X-Billing-Mail"] == "receipt"
    assert mail["Auto-Submitted"] == "auto-generated"
    assert "We received your payment of $9.00." in body(mail)
    assert "Paid on: 1 September 2026" in body(mail)
    assert "http://localhost" in body(mail)
    assert '<a href="http://localhost"' in body(mail, "html")


def test_the_address_is_the_one_they_have_when_it_is_sent(tmp_path: Path) -> None:
    life = bought().into(tmp_path)
    life.happen(CUSTOMER, details("new@customers.example"))

    life.send("mail.receipt:pi_1")

    assert mails(tmp_path)[0]["To"] == "new@customers.example"


@pytest.mark.parametrize(
    ("customer", "reason"),
    [
        ((details(None), Identified(customer_id="ann")), "the customer has no e-mail address"),
        ((details("ann"), Identified(customer_id="ann")), "the customer's e-mail address is none"),
        ((details("a@b\r\nBcc: c@d.example"), Identified(customer_id="ann")), "is none"),
        ((details("ä nn@b.example"), Identified(customer_id="ann")), "address is none"),
        ((details(), Identified(customer_id="bob")), "no address of theirs is known"),
        ((Identified(customer_id="ann"),), "no address of theirs is known"),
        (
            (details(), Identified(customer_id="ann"), Deleted(deleted_at=day(1))),
            "the customer was deleted",
        ),
    ],
)
def test_nobody_is_written_to_for_a_reason(
    tmp_path: Path, customer: tuple[Event, ...], reason: str
) -> None:
    life = bought(*customer).into(tmp_path)
    life.turn(0.1)

    assert reason in (life.send("mail.receipt:pi_1") or "")
    assert mails(tmp_path) == []


def test_a_payer_nobody_knows_is_never_written_to(tmp_path: Path) -> None:
    life = bought().into(tmp_path)
    life.happen(PURCHASE, Attributed(customer_id=None, provider_customer_id=None))
    life.turn(0.1)

    assert life.send("mail.receipt:pi_1") == "nobody knows whose it is"


@pytest.mark.parametrize(
    "known",
    [(Identified(customer_id="ann"),), (details(),), (Deleted(deleted_at=START),)],
    ids=["no address", "nobody", "deleted"],
)
def test_an_address_that_may_be_on_its_way_is_waited_for(
    tmp_path: Path, known: tuple[Event, ...]
) -> None:
    life = bought(*known).into(tmp_path)

    with pytest.raises(EffectFailed) as failure:
        life.send("mail.receipt:pi_1")
    assert failure.value.passing
    assert failure.value.alone, "nobody else waits for it"

    rest = (details(), Identified(customer_id="ann"))
    life.happen(CUSTOMER, *(each for each in rest if each not in known))
    life.turn(0.01)
    said = life.send("mail.receipt:pi_1")
    assert said == (None if len(mails(tmp_path)) == 1 else "the customer was deleted")


def test_who_has_no_address_is_not_waited_for(tmp_path: Path) -> None:
    life = bought(details(None), Identified(customer_id="ann")).into(tmp_path)

    assert life.send("mail.receipt:pi_1") == "the customer has no e-mail address"


def test_what_is_too_long_ago_is_not_told(tmp_path: Path) -> None:
    life = bought().into(tmp_path)
    life.turn(8)

    assert life.send("mail.receipt:pi_1") == "it is too long ago to be told"


@pytest.mark.parametrize(("locale", "subject"), [("de-AT", "Beleg von"), ("fr", "Receipt from")])
def test_a_mail_is_in_the_language_its_reader_prefers(
    tmp_path: Path, locale: str, subject: str
) -> None:
    life = bought(details(locale=locale), Identified(customer_id="ann")).into(tmp_path)

    life.send("mail.receipt:pi_1")

    assert subject in mails(tmp_path)[0]["Subject"]


def test_a_failed_payment_that_was_made_good_meanwhile_is_not_told(tmp_path: Path) -> None:
    life = bought().into(tmp_path)
    whose = InvoiceAttributed(customer_id="ann", provider_customer_id="cus_1")
    failed = PaymentFailed(standing=bill(1, next_at=day(3)))
    life.happen(INVOICE, Finalized(standing=bill()), whose, failed)

    assert life.send("mail.payment_failed:in_1:1") is None
    assert "Next attempt: 4 September 2026, 12:00 UTC" in body(mails(tmp_path)[0])

    life.happen(INVOICE, Paid(standing=bill(1, "paid")))
    assert life.send("mail.payment_failed:in_1:1") == "it does not hold any more"


@pytest.mark.parametrize(
    ("status", "said"),
    [("past_due", None), ("active", "it does not hold any more"), ("incomplete", "it does not")],
)
def test_a_last_try_has_failed_if_the_subscription_suffers_by_it(
    tmp_path: Path, status: str, said: str | None
) -> None:
    life = bought().into(tmp_path)
    whose = InvoiceAttributed(customer_id="ann", provider_customer_id="cus_1")
    life.happen(SUBSCRIPTION, Started(standing=plan()), StatusChanged(standing=plan(status)))
    life.happen(INVOICE, Finalized(standing=bill(subscription_id="sub_1")), whose)
    life.happen(INVOICE, PaymentFailed(standing=bill(1, subscription_id="sub_1")))

    without_effect = life.send("mail.payment_failed:in_1:1")

    assert (without_effect or "").startswith(said or "")
    assert len(mails(tmp_path)) == (said is None)


def test_of_several_tries_that_failed_meanwhile_the_last_is_told(tmp_path: Path) -> None:
    life = bought().into(tmp_path)
    whose = InvoiceAttributed(customer_id="ann", provider_customer_id="cus_1")
    life.happen(INVOICE, Finalized(standing=bill()), whose)
    life.happen(INVOICE, PaymentFailed(standing=bill(1, next_at=day(1))))
    life.happen(INVOICE, PaymentFailed(standing=bill(2, next_at=day(4))))

    assert life.send("mail.payment_failed:in_1:1") == "it does not hold any more"
    assert life.send("mail.payment_failed:in_1:2") is None


def test_a_bill_of_its_own_that_is_open_has_not_failed(tmp_path: Path) -> None:
    life = bought().into(tmp_path)
    whose = InvoiceAttributed(customer_id="ann", provider_customer_id="cus_1")
    life.happen(INVOICE, Finalized(standing=bill()), whose, PaymentFailed(standing=bill(1)))

    assert life.send("mail.payment_failed:in_1:1") == "it does not hold any more"


def test_a_renewal_is_announced_unless_it_is_cancelled_by_then(tmp_path: Path) -> None:
    life = bought().into(tmp_path)
    whose = SubscriptionAttributed(customer_id="ann", provider_customer_id="cus_1")
    life.happen(SUBSCRIPTION, Started(standing=plan()), whose)
    life.happen(SCOPE.stream("plan", "pro"), Offered(offer=Offer("Pro <3", features=("a",))))
    life.turn(27)

    assert life.send("mail.will_renew:sub_1:20261001T120000") is None
    assert "Your subscription to Pro <3 renews on" in body(mails(tmp_path)[0])
    assert "Pro &lt;3" in body(mails(tmp_path)[0], "html")

    life.happen(SUBSCRIPTION, Changed(standing=plan(cancel_at=day(30))))
    assert life.send("mail.will_renew:sub_1:20261001T120000") == "it does not hold any more"


def test_what_costs_nothing_renews_in_silence(tmp_path: Path) -> None:
    life = bought().into(tmp_path)
    whose = SubscriptionAttributed(customer_id="ann", provider_customer_id="cus_1")
    life.happen(SUBSCRIPTION, Started(standing=plan()), whose)
    life.happen(SCOPE.stream("plan", "pro"), Offered(offer=Offer("Starter", price=usd(0))))
    life.turn(27)

    assert life.send("mail.will_renew:sub_1:20261001T120000") == "it does not hold any more"


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("template", TEMPLATES)
def test_every_mail_there_is_can_be_read_in_every_language(template: str, language: str) -> None:
    brand = Brand("Learn & Co", "https://learn.example")

    words = written(template, language, ALL, brand)

    assert words.subject
    assert "\n" not in words.subject
    assert "https://learn.example" in words.text
    assert "Learn &amp; Co" in words.html
    assert "<b>Pro</b>" not in words.html
    assert f'lang="{language}"' in words.html
    assert "{" not in words.text + words.html


def test_languages_differ_and_amounts_are_whole_units_of_their_currency() -> None:
    brand = Brand("Learn", "https://learn.example")
    yen = Letter(PURCHASE, START, {"paid": Money(900, "jpy")}, {"paid_at": START}, {"number": "1"})

    english, german = (written("receipt", each, yen, brand) for each in ("en", "de"))

    assert english.text != german.text
    assert "900 JPY" in english.subject.replace(NO_BREAK, " ")
    assert "900 JPY" in german.subject.replace(NO_BREAK, " ")
    assert "1 September 2026" in english.text
    assert "1. September 2026" in german.text


def test_a_template_that_needs_more_than_is_said_is_no_mail() -> None:
    with pytest.raises(jinja2.UndefinedError):
        written("refund", "en", Letter(PURCHASE, START), Brand("Learn", "https://learn.example"))
