"""What a customer is told when something cannot be done, and what they can do about it."""

from __future__ import annotations

import logging

import msgspec
from flask import Response, request

from ledger.checkout import refusals
from ledger.errors import Contended
from ledger.providers import problems as providers
from web.access import problems as access
from web.pages.desk import COOKIE, Desk
from web.problems import status_of

_log = logging.getLogger(__name__)


class Words(msgspec.Struct, frozen=True):
    """A heading, and a sentence or two below it."""

    title: str
    sentence: str


LATER = Words("Please come again in a minute", "We could not do this just now. Nothing was lost.")
SOLD_OUT = Words("Not for sale", "This is not offered (any more).")
NOT_FOUND = Words("Not found", "There is no such thing in your account.")
WRONG = Words("That did not fit", "Please go back and look at what you entered.")

WORDS: dict[type[Exception], Words] = {
    access.NotAuthenticated: Words(
        "Your visit is over", "For your safety it lasts minutes only. Go back and come in again."
    ),
    access.ForeignForm: Words("Please send it again", "Go back, reload the page, and try again."),
    access.TooManyRequests: LATER,
    access.NotConfigured: Words("Not open yet", "Payments have not been set up here."),
    refusals.NotRegistered: NOT_FOUND,
    refusals.NotYours: NOT_FOUND,
    refusals.NotOffered: SOLD_OUT,
    refusals.AlreadySubscribed: Words(
        "You have this already", "Your account shows it, and lets you change it."
    ),
    refusals.BillUnpaid: Words(
        "A bill is overdue", "Your account shows it. Once it is paid, the plan can be changed."
    ),
    refusals.NotSubscribed: Words("No plan to change", "You have no plan that could be changed."),
    refusals.NothingDue: Words("Nothing to pay", "All your charges are settled."),
    refusals.CardNotSaved: Words("The card was not saved", "Please enter it once more."),
    refusals.InvalidQuantity: WRONG,
    refusals.InvalidTerms: WRONG,
    refusals.KeyTaken: Words("Please begin again", "This page was used for something else."),
    providers.ProviderNotFound: NOT_FOUND,
    providers.ProviderBadRequest: WRONG,
    Contended: LATER,
}
"""Error -> words, of the nearest class that is named; for any other, LATER."""


def page(desk: Desk, error: Exception) -> Response:
    """The page for an error, with the status the API gives it."""
    status = status_of(error)
    if status >= 500:
        _log.warning("answered %s: %s", status, error)
    kind = next((each for each in type(error).__mro__ if each in WORDS), Exception)
    return _told(desk, status, WORDS.get(kind, LATER))


def nowhere(desk: Desk) -> Response:
    """The page for an address that has none."""
    return _told(desk, 404, NOT_FOUND)


def _told(desk: Desk, status: int, words: Words) -> Response:
    """Who is not known (any more) is not sent on to the account, which would only say so again."""
    known = status != 401 and COOKIE in request.cookies
    return desk.page("trouble.html", None, status, told=words, known=known)
