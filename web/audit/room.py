"""What every page of the audit works with: who is looking, the history, and how a page is made."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from typing import Any

import msgspec
from flask import Response, redirect, render_template, request
from markupsafe import Markup
from werkzeug.wrappers import Response as Answer

from ledger.ids import Scope
from ledger.keys import all_keys, keys_stream
from ledger.settings import Sealing, Settings
from ledger.store.connection import only_reading
from ledger.store.names import Names
from replay.past import Past
from replay.whose import Place, Whose
from web.access.csrf import Csrf
from web.access.headers import page as page_headers
from web.access.headers import with_headers
from web.access.keys import KeyRing
from web.access.limits import Limits
from web.access.problems import NotAuthenticated, NotConfigured
from web.api.endpoint import Office
from web.api.serving import caller_address
from web.audit import words
from web.audit.sessions import Sessions

COOKIE = "billing_audit"
PATH = "/audit"
FIELD = "form_word"
FIELD_HTML = Markup('<input type="hidden" name="{}" value="{}">')


class Looker(msgspec.Struct, frozen=True):
    """An auditor in their browser: the key they came in with, by its name, and their session."""

    key_id: str
    name: str
    session: str


class Room(msgspec.Struct, frozen=True):
    """What pages share. `url` is of connections that cannot write."""

    url: str
    names: Names
    livemode: bool
    clock: Callable[[], datetime]
    limits: Limits
    trusted_proxies: int
    is_secure: Callable[[], bool]
    sealing: Sealing
    trusted_keys: Sequence[str]
    sessions: Sessions | None = None
    csrf: Csrf | None = None

    def looker(self) -> Looker:
        """Who is looking. Raises NotAuthenticated, ScopeMissing and TooManyRequests."""
        text = request.cookies.get(COOKIE)
        if text is None:
            raise NotAuthenticated
        key = self.opened().key(text, self.clock())
        self.limits.count("audit", key.key_id)
        return Looker(key.key_id, key.terms.name, text)

    def sender(self) -> Looker:
        """Who sent this form, which is from a page of theirs. Raises ForeignForm besides."""
        looker = self.looker()
        self.words().check(looker.session, request.form.get(FIELD, ""))
        return looker

    @contextmanager
    def history(self) -> Iterator[tuple[Past, Whose]]:
        """The history, and what finds streams in it, of the account that is asked for."""
        scope = Scope("stripe", self.livemode, request.args.get("account", "").strip())
        with Past(self.url, self.names) as past:
            yield past, Whose(past, Place(self.url, self.names, scope))

    def page(
        self, template: str, looker: Looker | None, status: int = 200, **told: Any
    ) -> Response:
        """A page, or a part of one, by its template."""
        text = render_template(
            f"audit/{template}",
            looker=looker,
            field=self.field(looker.session) if looker else "",
            account=request.args.get("account") or None,
            livemode=self.livemode,
            words=words,
            **told,
        )
        return with_headers(Response(text, status), page_headers(None))

    def go(self, path: str) -> Answer:
        """On to another page of ours."""
        answer = redirect(path, 303)
        for name, value in page_headers(None).items():
            answer.headers.setdefault(name, value)
        return answer

    def field(self, visit: str) -> Markup:
        """What each form has in it so that no other site can send it."""
        return FIELD_HTML.format(FIELD, self.words().word(visit))

    def address(self) -> str:
        """Where a request comes from."""
        return caller_address(self.trusted_proxies)

    def opened(self) -> Sessions:
        """Raises NotConfigured without a secret to sign sessions with."""
        if self.sessions is None:
            raise NotConfigured("BILLING_TOKEN_SECRET")
        return self.sessions

    def words(self) -> Csrf:
        if self.csrf is None:
            raise NotConfigured("BILLING_TOKEN_SECRET")
        return self.csrf


def room(
    settings: Settings, url: str, inside: Office, limits: Limits, is_secure: Callable[[], bool]
) -> Room:
    """The room by the settings; `is_secure` tells whether cookies are for HTTPS only."""
    secrets, stream = settings.token_secrets, keys_stream(settings.livemode)
    keys = KeyRing(lambda: all_keys(inside.ledger, stream))
    return Room(
        url=only_reading(url),
        names=settings.names,
        livemode=settings.livemode,
        clock=inside.clock,
        limits=limits,
        trusted_proxies=settings.trusted_proxies,
        is_secure=is_secure,
        sealing=settings.sealing,
        trusted_keys=settings.sealing.trusted_keys,
        sessions=Sessions(keys, secrets, settings.livemode) if secrets else None,
        csrf=Csrf(secrets) if secrets else None,
    )
