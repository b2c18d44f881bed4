"""What pages show without scripts, whose it is, and what they tell a browser not to do."""

from __future__ import annotations

import re
from typing import cast

import pytest
from msgspec.structs import replace

from ledger.providers.outbound import Outbound
from ledger.providers.problems import ProviderUnavailable
from ledger.providers.stripe.client import API_VERSION
from ledger.providers.stripe.in_page import RELEASE, STRIPE_API, in_page
from tests.web.pages.conftest import STAND_IN, NewVisit, Visit

PATH = "/checkout/learning-paths/7"


def payment_of(visit: Visit, user_id: str = "ann") -> str:
    told = visit.shop.told(f"POST /v1/customers/{user_id}/learning-paths/7/payment")
    return str(told["id"])


def test_a_page_runs_no_script_of_its_own_text_and_is_in_no_frame(visit: Visit) -> None:
    answer = visit.enter("ann", PATH)
    policy = answer.headers["Content-Security-Policy"]

    assert f"script-src 'self' {STAND_IN};" in policy
    assert f"frame-src {STAND_IN};" in policy
    assert "style-src 'self';" in policy
    assert "frame-ancestors 'none'" in policy
    assert "form-action 'self'" in policy
    assert "unsafe" not in policy
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert not re.search(r"<script(?! src=)|<style| style=| on\w+=", answer.text)


def test_the_stand_ins_script_is_never_used_with_live_keys() -> None:
    for base in (STAND_IN, "https://stand-in.example", STRIPE_API):
        live = in_page("pk_live_1", base, livemode=True)
        assert live.script_url == f"https://js.stripe.com/{RELEASE}/stripe.js"
        assert all(".stripe.com" in each for each in (*live.scripts, *live.frames, *live.calls))
    assert in_page("pk_test_1", STRIPE_API, livemode=False).script_url.startswith("https://js.")
    assert in_page("pk_test_1", STAND_IN, livemode=False).script_url == f"{STAND_IN}/stripe.js"


def test_the_release_of_the_script_goes_with_the_version_of_the_api() -> None:
    assert API_VERSION.endswith(f".{RELEASE}")


def test_a_payment_is_pending_until_the_webhook_is_in(visit: Visit) -> None:
    visit.enter("ann")
    payment_id = payment_of(visit)
    visit.shop.provider.pay(payment_id)
    page = visit.get(f"/payments/{payment_id}?redirect_status=succeeded")

    assert "Waiting for your payment" in page.text
    assert '<noscript><meta http-equiv="refresh" content="3"></noscript>' in page.text
    assert visit.get(f"/payments/{payment_id}/status").get_json() == {"state": "pending"}

    visit.shop.deliver()

    assert visit.get(f"/payments/{payment_id}/status").get_json() == {"state": "paid"}
    assert "Paid. Thank you!" in visit.get(f"/payments/{payment_id}").text


def test_opening_the_page_twice_opens_one_payment(visit: Visit) -> None:
    first, second = visit.enter("ann", PATH), visit.get(PATH)
    secrets = [re.findall(r'data-secret="(\w+)"', page.text) for page in (first, second)]

    assert secrets[0] == secrets[1] != []


def test_nobody_sees_the_payment_of_another(visit: Visit) -> None:
    payment_id = payment_of(visit, "bob")
    visit.enter("ann")

    assert visit.get(f"/payments/{payment_id}").status_code == 404
    visit.shop.provider.pay(payment_id)
    visit.shop.deliver()
    assert visit.get(f"/payments/{payment_id}").status_code == 404
    assert visit.get(f"/payments/{payment_id}/status").get_json() == {"state": "pending"}


def test_nobody_sees_or_ends_the_subscription_of_another(visit: Visit) -> None:
    found = visit.shop.told("POST /v1/customers/bob/subscriptions", {"plan_id": "pro"})
    visit.enter("ann")

    assert visit.get(f"/subscriptions/{found['id']}").status_code == 404
    ended = visit.send(f"/subscriptions/{found['id']}/cancel", on="/account", when="now")
    assert ended.status_code == 404


@pytest.mark.parametrize("path", ["/checkout/learning-paths/none", "/checkout/plans/none"])
def test_what_is_not_offered_is_said_in_a_page(visit: Visit, path: str) -> None:
    answer = visit.enter("ann", path)

    assert (answer.status_code, answer.mimetype) == (404, "text/html")
    assert "Not for sale" in answer.text


@pytest.mark.parametrize("path", ["/account/none", "/checkout/none/1", "/payments/a/b"])
def test_an_address_that_has_no_page_is_said_in_one(visit: Visit, path: str) -> None:
    visit.enter("ann")
    answer = visit.get(path)

    assert (answer.status_code, answer.mimetype) == (404, "text/html")
    assert "Not found" in answer.text
    assert 'href="/account"' in answer.text


def test_a_membership_that_recurs_is_not_offered_without_its_registration(visit: Visit) -> None:
    answer = visit.enter("ann", "/checkout/groups/3")

    assert answer.status_code == 422
    assert "<form" not in answer.text


def test_a_receipt_says_what_was_paid_for_and_leads_there(visit: Visit) -> None:
    payment = visit.shop.told("POST /v1/customers/ann/learning-paths/7/payment")["id"]
    visit.shop.provider.pay(payment)
    visit.shop.deliver()

    shown = visit.enter("ann").text

    link = f'<a href="/payments/{payment}">LEAD - Premium Learning Path - Python (ID 7)</a>'
    assert link in shown


def test_a_free_group_is_joined_by_its_button_only(visit: Visit) -> None:
    visit.enter("ann", "/checkout/groups/5")
    access = "GET /v1/customers/ann/access?feature=group:5"
    visit.shop.api.work()
    assert not visit.shop.told(access)["allowed"]

    assert "It is free" in visit.send("/checkout/groups/5").text
    visit.shop.api.work()
    assert visit.shop.told(access)["allowed"]


@pytest.mark.parametrize("quantity", ["0", "-1", "two", "1e3", "99999999999"])
def test_a_quantity_that_is_none_is_refused(visit: Visit, quantity: str) -> None:
    visit.enter("ann")
    answer = visit.send("/checkout/plans/pro", quantity=quantity)

    assert answer.status_code == 422
    assert "That did not fit" in answer.text


def test_a_bill_that_was_paid_late_is_pending_until_the_webhook_is_in(visit: Visit) -> None:
    provider, card = visit.shop.provider, visit.shop.saved_card()
    held = visit.shop.told("PUT /v1/customers/ann/plan", {"plan_id": "pro", "card_id": card})
    provider.change(held["id"], "customer.subscription.updated", status="past_due")
    visit.shop.deliver()
    path = f"/subscriptions/{held['id']}"
    assert "Pay the bill" in visit.enter("ann").text
    assert "payment overdue" in visit.get(path).text

    provider.at += 60
    provider.change(held["id"], "customer.subscription.updated", status="active")
    waiting = visit.get(path)
    assert "Pending" in waiting.text
    assert visit.get(f"{path}/status").get_json() == {"state": "pending"}
    visit.shop.deliver()

    assert visit.get(f"{path}/status").get_json() == {"state": "active"}
    assert "Your subscription is active" in visit.get(path).text


def test_sending_the_form_twice_subscribes_once(visit: Visit) -> None:
    visit.enter("ann")
    first, second = [visit.send("/checkout/plans/pro", quantity="1") for _ in range(2)]

    assert first.request.path == second.request.path
    assert first.request.path.startswith("/subscriptions/")


def test_without_a_publishable_key_pages_say_that_nothing_is_sold_yet(
    new_visit: NewVisit,
) -> None:
    visit = new_visit(key=None)
    answer = visit.enter("ann", PATH)

    assert answer.status_code == 503
    assert "Not open yet" in answer.text


class _Silent:
    """A provider that does not answer."""

    def __getattr__(self, name: str) -> object:
        raise ProviderUnavailable("Stripe", "no answer")


def test_the_account_is_shown_while_the_provider_does_not_answer(
    visit: Visit, new_visit: NewVisit
) -> None:
    office = visit.shop.api.office
    away = replace(office, shop=replace(office.shop, outbound=cast("Outbound", _Silent())))
    visit.shop.api.office = away
    page = new_visit().enter("ann")

    assert page.status_code == 200
    assert "Cards cannot be shown just now." in page.text
    assert new_visit().enter("ann", PATH).status_code == 503


def test_names_are_shown_as_text(visit: Visit) -> None:
    name = "<b>Bold</b> & co"
    visit.shop.told(
        "PUT /v1/catalog/learning-paths/8",
        {"name": name, "price": {"minor": 100, "currency": "usd"}},
    )
    page = visit.enter("ann", "/checkout/learning-paths/8")

    assert "<b>" not in page.text
    assert "&lt;b&gt;Bold&lt;/b&gt; &amp; co" in page.text
