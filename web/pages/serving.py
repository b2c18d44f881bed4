"""All pages as one blueprint; what goes wrong is told in a page too."""

from __future__ import annotations

from eventsourcing.persistence import PersistenceError
from flask import Blueprint, Response
from psycopg.errors import UndefinedTable
from werkzeug.exceptions import InternalServerError

from ledger.errors import LedgerError
from web.pages import (
    account,
    cards,
    charges,
    credits,
    entering,
    held,
    plans,
    results,
    sales,
    troubles,
)
from web.pages.desk import Desk
from web.pages.troubles import nowhere

PLACES = ("checkout", "account", "payments", "subscriptions", "credits")
"""Where pages are: what else is asked for there has a page that says so."""
FAMILIES = (entering, sales, credits, results, held, account, plans, cards, charges)
"""Each registers its own addresses."""


def blueprint(desk: Desk) -> Blueprint:
    """Every page for customers, and what the pages load."""
    routes = Blueprint(
        "pages",
        __name__,
        template_folder="templates",
        static_folder="static",
        static_url_path="/pages",
    )
    for family in FAMILIES:
        family.register(routes, desk)

    for place in PLACES:
        routes.add_url_rule(f"/{place}/<path:rest>", f"no {place}", lambda **_: nowhere(desk))

    def told(error: Exception) -> Response:
        return troubles.page(desk, error)

    for kind in (LedgerError, PersistenceError, UndefinedTable, InternalServerError):
        routes.register_error_handler(kind, told)
    return routes
