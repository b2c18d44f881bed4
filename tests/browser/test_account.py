"""Customers subscribe, change their plan, save a card and cancel, in a real browser."""

from __future__ import annotations

from tests.browser.test_paying import ASKS, DECLINES, PAYS
from tests.browser.window import Window


def may_use(window: Window, user_id: str, feature: str) -> bool:
    return bool(
        window.house.api(f"GET /v1/customers/{user_id}/access?feature={feature}")["allowed"]
    )


def upgraded(window: Window, number: str = PAYS) -> str:
    """A customer on the plan Pro, who saved this card on the way."""
    ann = window.house.customer()
    window.enter(ann, "/account")
    window.press("Change to Pro")
    window.heading("Change to Pro")
    window.press("Continue to your card")
    window.heading("Add a card")
    window.card(number)
    return ann


def test_a_product_is_subscribed_to_with_a_quantity(window: Window) -> None:
    ann = window.house.customer()
    window.enter(ann, "/account")
    assert not window.has("[href='/account/plan/box']")
    window.press("Subscribe to Monthly box")
    window.heading("Monthly box")
    window.go("/checkout/plans/box?quantity=3")
    window.shoot("subscribe")
    window.press("Subscribe")
    window.says(".amount", "$36.00 to pay now")
    window.says("main", "$36.00 a month for 3, until you cancel.")
    window.shoot("subscribe-pay")
    window.card(PAYS)
    window.says("#standing", "active")
    window.shoot("subscribed")
    assert may_use(window, ann, "plan:box")
    (box,) = [
        each
        for each in window.house.api(f"GET /v1/customers/{ann}/subscriptions")["data"]
        if each["features"] == ["plan:box"]
    ]
    assert box["quantity"] == 3


def test_a_declined_first_bill_leaves_the_form_and_another_card_pays(window: Window) -> None:
    ann = window.house.customer()
    window.enter(ann, "/checkout/plans/box")
    window.press("Subscribe")
    window.card(DECLINES)
    window.says("#card-problem", "declined")
    assert not may_use(window, ann, "plan:box")
    window.card(ASKS)
    window.heading("Your bank asks")
    window.press("Complete")
    window.says("#standing", "active")
    assert may_use(window, ann, "plan:box")


def test_a_group_that_recurs_is_subscribed_to_for_a_registration(window: Window) -> None:
    ann = window.house.customer()
    window.enter(ann, "/checkout/groups/10?cart_id=cart-1")
    window.heading("Morning club")
    window.press("Subscribe")
    window.card(PAYS)
    window.says("#standing", "active")
    assert may_use(window, ann, "group:10")


def test_upgrading_without_a_card_asks_for_one_and_saves_it(window: Window) -> None:
    ann = upgraded(window)
    window.says("#standing", "active")
    window.heading("Pro")
    assert may_use(window, ann, "plan:pro")
    window.go("/account")
    window.says("main", "ending in 4242")
    window.shoot("account")


def test_upgrading_with_a_saved_card_shows_what_it_costs_first(window: Window) -> None:
    ann = upgraded(window)
    window.says("#standing", "active")
    window.go("/account")
    window.press("Change to Team")
    window.says("#preview", "To pay now")
    window.shoot("plan")
    window.press("Change to Team")
    window.heading("Team")
    window.says("#standing", "active")
    assert may_use(window, ann, "plan:team")
    assert not may_use(window, ann, "plan:pro")
    cards = window.house.api(f"GET /v1/customers/{ann}/cards")["data"]
    assert [each["last4"] for each in cards] == ["4242"]


def test_a_bank_that_asks_when_the_card_is_saved_is_answered(window: Window) -> None:
    ann = upgraded(window, "4000002500003155")
    window.heading("Your bank asks")
    window.press("Complete")
    window.says("#standing", "active")
    assert may_use(window, ann, "plan:pro")


def test_a_saved_card_that_is_declined_leaves_the_plan_as_it_was(window: Window) -> None:
    ann = upgraded(window, "4000000000000341")
    window.heading("Change to Pro")
    window.says("#problem", "declined")
    window.shoot("plan-declined")
    assert not may_use(window, ann, "plan:pro")
    with window.turning():
        window.press("Change to Pro")
    window.says("#problem", "declined")
    assert not may_use(window, ann, "plan:pro")
    window.click("input[value=new]")
    window.press("Change to Pro")
    window.heading("Add a card")
    window.card(PAYS)
    window.says("#standing", "active")
    assert may_use(window, ann, "plan:pro")


def test_a_bank_that_asks_about_the_first_bill_is_answered_before_the_plan_changes(
    window: Window,
) -> None:
    ann = upgraded(window, "4000002760003184")
    window.heading("Your bank asks")
    window.press("Complete")
    window.heading("Pro")
    window.says(".amount", "$9.00 to pay now")
    window.says("main", "The plan changes once this is paid.")
    window.shoot("bill")
    assert not may_use(window, ann, "plan:pro")
    window.card(ASKS)
    window.heading("Your bank asks")
    window.press("Complete")
    window.heading("Pro")
    window.says("#standing", "active")
    assert may_use(window, ann, "plan:pro")


def test_a_product_is_subscribed_to_with_the_saved_card(window: Window) -> None:
    ann = upgraded(window)
    window.says("#standing", "active")
    window.go("/checkout/plans/box")
    window.says("form", "ending in 4242")
    window.shoot("subscribe-saved")
    window.press("Subscribe")
    window.heading("Monthly box")
    window.says("#standing", "active")
    assert may_use(window, ann, "plan:box")
    assert may_use(window, ann, "plan:pro")


def test_what_a_smaller_plan_gives_back_is_said_before_and_pays_later(window: Window) -> None:
    upgraded(window)
    window.says("#standing", "active")
    window.go("/account/plan/starter")
    window.says("#preview", "To pay now")
    window.says("#kept", "is kept for your next bills")
    window.shoot("plan-down")
    window.press("Change to Starter")
    window.heading("Starter")
    window.go("/account/plan/pro")
    window.says("#preview", "Kept for you from before")


def test_downgrading_goes_back_to_the_free_plan(window: Window) -> None:
    ann = upgraded(window)
    window.says("#standing", "active")
    window.go("/account")
    window.press("Change to Starter")
    window.says("#preview", "To pay now")
    window.press("Change to Starter")
    window.heading("Starter")
    window.says("#standing", "active")
    assert not may_use(window, ann, "plan:pro")


def test_a_subscription_is_cancelled_and_kept_after_all(window: Window) -> None:
    ann = upgraded(window)
    window.says("#standing", "active")
    window.click("summary")
    window.shoot("cancel")
    window.press("Cancel the subscription")
    window.says("dl", "Ends on")
    window.shoot("cancelled")
    assert may_use(window, ann, "plan:pro")
    window.press("Keep it after all")
    window.says("dl", "Renews on")
    window.click("summary")
    window.click("input[value=now]")
    window.press("Cancel the subscription")
    window.says("#standing", "ended")
    assert not may_use(window, ann, "plan:pro")


def test_a_card_is_added_to_the_account(window: Window) -> None:
    window.enter(window.house.customer(), "/account")
    window.press("Add a card")
    window.heading("Add a card")
    window.shoot("add-card")
    window.card(DECLINES)
    window.says("#card-problem", "declined")
    window.card(PAYS)
    window.heading("Your account")
    window.says("main", "ending in 4242")


def test_leaving_ends_the_visit(window: Window) -> None:
    window.enter(window.house.customer(), "/account")
    window.press("Leave")
    window.heading("Goodbye")
    window.go("/account")
    window.heading("Your visit is over")
    window.shoot("visit-over")
