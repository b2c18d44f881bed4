"""Customers pay by card, in a real browser, and what they see follows the webhook."""

from __future__ import annotations

from tests.browser.window import Window

PAYS, DECLINES, ASKS = "4242424242424242", "4000000000000002", "4000000000003220"
PATH = "/checkout/learning-paths/7"


def has_path(window: Window, user_id: str) -> bool:
    found = window.house.api(f"GET /v1/customers/{user_id}/access?feature=learning_path:7")
    return bool(found["allowed"])


def test_a_card_pays_for_a_learning_path(window: Window) -> None:
    ann = window.house.customer()
    window.enter(ann, PATH)
    window.heading("Chess openings")
    window.shoot("pay")
    window.card(PAYS)
    window.heading("Paid. Thank you!")
    window.says("#paid", "$49.00")
    window.shoot("paid")
    assert has_path(window, ann)

    window.go(PATH)
    window.heading("Paid. Thank you!")


def test_it_is_pending_until_the_webhook_is_in_whatever_the_address_says(window: Window) -> None:
    ann = window.house.customer()
    with window.house.webhooks_held():
        window.enter(ann, PATH)
        window.card(PAYS)
        window.heading("Waiting for your payment")
        window.shoot("pending")
        assert not has_path(window, ann)
        window.driver.get(window.driver.current_url + "?redirect_status=succeeded")
        window.heading("Waiting for your payment")
    window.heading("Paid. Thank you!")
    assert has_path(window, ann)


def test_without_scripts_the_page_moves_on_too(window: Window) -> None:
    ann = window.house.customer()
    payment = window.house.api(f"POST /v1/customers/{ann}/learning-paths/7/payment")["id"]
    with window.without_scripts():
        with window.house.webhooks_held():
            window.enter(ann, f"/payments/{payment}")
            window.says("noscript", "switch JavaScript on")
            confirm, back = f"POST /v1/payment_intents/{payment}/confirm", "https://a.example"
            window.house.stripe(confirm, payment_method="pm_card_visa", return_url=back)
            window.go(f"/payments/{payment}")
            window.heading("Waiting for your payment")
        window.heading("Paid. Thank you!")


def test_a_declined_card_is_told_next_to_the_form_and_another_pays(window: Window) -> None:
    ann = window.house.customer()
    window.enter(ann, PATH)
    window.card(DECLINES)
    window.says("#card-problem", "declined")
    window.shoot("declined")
    with window.frame("#card-element iframe"):
        window.says_value("#number", "4000 0000 0000 0002")
    assert not has_path(window, ann)
    window.card(PAYS)
    window.heading("Paid. Thank you!")
    assert has_path(window, ann)


def test_an_incomplete_card_is_not_sent(window: Window) -> None:
    window.enter(window.house.customer(), PATH)
    window.type_card("4242")
    window.submit_card()
    window.says("#card-problem", "incomplete")


def test_the_bank_asks_and_is_answered(window: Window) -> None:
    ann = window.house.customer()
    window.enter(ann, PATH)
    window.card(ASKS)
    window.heading("Your bank asks")
    window.press("Complete")
    window.heading("Paid. Thank you!")
    assert has_path(window, ann)


def test_the_bank_asks_and_is_not_answered_as_it_wants(window: Window) -> None:
    ann = window.house.customer()
    window.enter(ann, PATH)
    window.card(ASKS)
    window.heading("Your bank asks")
    window.press("Fail")
    window.heading("Chess openings")
    assert not has_path(window, ann)
    window.card(PAYS)
    window.heading("Paid. Thank you!")


def test_pressing_twice_pays_once(window: Window) -> None:
    ann = window.house.customer()
    window.enter(ann, PATH)
    window.type_card(PAYS)
    script = "const b = document.getElementById('card-submit'); b.click(); b.click(); b.click()"
    window.driver.execute_script(script)
    window.heading("Paid. Thank you!")
    receipts = window.house.api(f"GET /v1/customers/{ann}/receipts")["data"]
    assert [each["amount_paid_minor"] for each in receipts if each["amount_paid_minor"]] == [4900]


def test_no_card_number_reaches_the_page_around_the_frame(window: Window) -> None:
    window.enter(window.house.customer(), PATH)
    window.type_card(DECLINES)
    frame = window.attribute("#card-element iframe", "src")
    assert frame.startswith(window.house.sandbox + "/")
    assert DECLINES not in window.driver.page_source.replace(" ", "")


def test_a_group_is_paid_once(window: Window) -> None:
    window.enter(window.house.customer(), "/checkout/groups/9")
    window.heading("Evening club")
    window.card(PAYS)
    window.heading("Paid. Thank you!")
    assert "Evening club" in window.read()


def test_charges_past_due_are_paid(window: Window) -> None:
    ann = window.house.customer()
    for charge_id, minor, due in (("1", 5000, "2026-01-01"), ("2", 2500, "2100-01-01")):
        window.house.charge(ann, charge_id, minor, f"{due}T00:00:00Z")
    window.enter(ann, "/account/charges")
    window.heading("Make a payment")
    window.says("main", "past due")
    window.shoot("charges")
    window.press("Continue to your card")
    window.heading("Your charges")
    window.says(".amount", "$50.00")
    window.card(PAYS)
    window.heading("Paid. Thank you!")
    window.go("/account/charges")
    assert "$25.00" in window.read()
    assert "past due" not in window.read()


def test_credits_are_bought_and_seen(window: Window) -> None:
    ann = window.house.customer()
    window.enter(ann, "/checkout/credits")
    window.heading("Buy credits")
    window.shoot("credits")
    window.fill("#quantity", "2")
    window.press("Continue to payment")
    window.heading("Pay for your credits")
    with window.frame("#embedded iframe"):
        window.there("#number")
    window.shoot("credits-pay")
    with window.frame("#embedded iframe"):
        window.fill("#number", PAYS)
        window.click("#pay")
    window.heading("Paid. Thank you!")
    window.says("#balance", "100 credits")
    window.shoot("credits-paid")
    window.go("/account")
    window.says("#balance", "100")
