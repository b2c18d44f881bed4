"""Customers pay by card, in a real browser, and what they see follows the webhook."""

from __future__ import annotations

from tests.browser.window import Window


def test_a_card_pays_for_a_learning_path(window: Window) -> None:
    ann = window.house.customer()
    window.enter(ann, "/checkout/learning-paths/7")
    window.heading("Chess openings")
    window.shoot("pay-empty")
    window.card("4242424242424242")
    window.heading("Paid. Thank you!")
    window.says("#paid", "$49.00")
    window.shoot("paid")
    access = window.house.api(f"GET /v1/customers/{ann}/access?feature=learning_path:7")
    assert access["allowed"]
