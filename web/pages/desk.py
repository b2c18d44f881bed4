"""What every page works with: who is visiting, the word in their forms, and how a page is made."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

import msgspec
from flask import Response, redirect, render_template, request
from markupsafe import Markup
from werkzeug.wrappers import Response as Answer

from ledger.checkout.registration import Person
from ledger.checkout.shop import Shop
from ledger.providers.stripe.in_page import InPage
from projections.queries import Queries
from web.access.csrf import Csrf
from web.access.guard import Need
from web.access.headers import page as page_headers
from web.access.headers import with_headers
from web.access.problems import NotAuthenticated, NotConfigured
from web.access.tokens import Bearer
from web.api.endpoint import Office
from web.api.serving import caller_address
from web.pages import words

COOKIE = "billing_visit"
FIELD = "form_word"
FIELD_HTML = Markup('<input type="hidden" name="{}" value="{}">')
LOOPBACK = re.compile(r"(127(\.\d+){3}|localhost|\[::1\])(:\d+)?")
NEED = Need("checkout", token=True)


class Visitor(msgspec.Struct, frozen=True):
    """A customer in their browser, by the token they came in with."""

    bearer: Bearer
    visit: str

    @property
    def user_id(self) -> str:
        return self.bearer.user_id

    @property
    def person(self) -> Person:
        return Person(self.bearer.user_id, self.bearer.email, self.bearer.name)


class Desk(msgspec.Struct, frozen=True):
    """What pages share; `public_url` is where visitors reach them, if that is said."""

    office: Office
    csrf: Csrf | None = None
    in_page: InPage | None = None
    public_url: str | None = None
    livemode: bool = False

    @property
    def shop(self) -> Shop:
        return self.office.shop

    @property
    def queries(self) -> Queries:
        return self.office.queries

    def now(self) -> datetime:
        return self.office.clock()

    # ---- who is visiting ----

    def visitor(self) -> Visitor:
        """Whose browser this is. Raises NotAuthenticated and TooManyRequests."""
        text = request.cookies.get(COOKIE)
        if text is None:
            raise NotAuthenticated
        return self.admitted(text)

    def admitted(self, text: str) -> Visitor:
        """Who came in with a token. Raises NotAuthenticated and TooManyRequests."""
        address = caller_address(self.office.trusted_proxies)
        caller = self.office.guard.admit(text, NEED, None, address, self.now())
        if caller.bearer is None:  # an application's key is no visit
            raise NotAuthenticated
        return Visitor(caller.bearer, text)

    def sender(self) -> Visitor:
        """Who sent this form, which is from a page of theirs. Raises ForeignForm besides."""
        visitor = self.visitor()
        self._csrf().check(visitor.visit, request.form.get(FIELD, ""))
        self.paying()
        return visitor

    def paying(self) -> InPage:
        """How cards are taken. Raises NotConfigured."""
        if self.office.without:
            raise NotConfigured(self.office.without)
        if self.in_page is None:
            raise NotConfigured("STRIPE_PUBLISHABLE_KEY")
        return self.in_page

    # ---- what they are answered ----

    def page(
        self, template: str, visitor: Visitor | None, status: int = 200, **told: Any
    ) -> Response:
        """A page by its template."""
        text = render_template(
            template,
            brand=self.shop.brand,
            visitor=visitor,
            field=FIELD_HTML.format(FIELD, self._csrf().word(visitor.visit)) if visitor else "",
            in_page=self.in_page,
            livemode=self.livemode,
            words=words,
            **told,
        )
        return with_headers(Response(text, status), page_headers(self.in_page))

    def go(self, path: str) -> Answer:
        """On to another page of ours, which is then asked for by GET."""
        answer = redirect(path, 303)
        for name, value in page_headers(None).items():
            answer.headers.setdefault(name, value)
        return answer

    def address(self) -> str:
        """Where visitors reach these pages, without a slash at the end."""
        return self.public_url or request.host_url.rstrip("/")

    def is_secure(self) -> bool:
        """Whether cookies are for HTTPS only: always, but on this very machine."""
        url = urlsplit(self.address())
        return url.scheme == "https" or not LOOPBACK.fullmatch(url.netloc)

    def _csrf(self) -> Csrf:
        if self.csrf is None:
            raise NotConfigured("BILLING_TOKEN_SECRET")
        return self.csrf


def catalog(queries: Queries) -> dict[str, Mapping[str, Any]]:
    """Feature, such as `plan:pro` -> what the catalog has of it."""
    return {f"{row['kind']}:{row['offering_id']}": row for row in queries.catalog()}
