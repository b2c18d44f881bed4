"""Two ways to the pages of a folder of mails: a server's answers, and files beside the mails."""

from __future__ import annotations

from pathlib import Path

from flask import Blueprint, Response, redirect, send_from_directory
from werkzeug.wrappers import Response as Answer

from web.sandbox.mails.folder import SUFFIX
from web.sandbox.mails.pages import END, INDEX, Page, missing, names, page

STATIC = Path(__file__).with_name("static")
HEADERS = {
    "Cache-Control": "no-store",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
}


def blueprint(folder: Path) -> Blueprint:
    """The pages at `/mails/`, as the folder is at each look."""
    routes = Blueprint("mails", __name__, static_folder=None)

    @routes.get("/mails")
    def door() -> Answer:
        return redirect("/mails/", 303)

    @routes.get("/mails/")
    @routes.get("/mails/<name>")
    def shown(name: str = INDEX) -> Response:
        found = page(folder, name, served=True)
        return _answer(found, 200) if found else _answer(missing(), 404)

    @routes.get("/mails/newest.js")
    def newest() -> Response:
        return send_from_directory(STATIC, "newest.js", mimetype="text/javascript", max_age=0)

    return routes


def _answer(found: Page, status: int) -> Response:
    policy = f"{found.policy}; frame-ancestors 'none'"
    headers = {**HEADERS, "Content-Security-Policy": policy}
    return Response(found.html, status, headers, mimetype="text/html")


def write(folder: Path) -> Path:
    """Writes all pages beside the mails, in the place of earlier ones; returns the first."""
    folder.mkdir(parents=True, exist_ok=True)
    _remove(folder, END)
    for name in names(folder):
        found = page(folder, name)
        if found is not None:
            (folder / name).write_text(found.html, encoding="utf-8")
    return folder / INDEX


def empty(folder: Path) -> Path:
    """The folder, without the mails of an earlier run and what was written of them."""
    _remove(folder, SUFFIX, END)
    return folder


def _remove(folder: Path, *suffixes: str) -> None:
    for suffix in suffixes:
        for each in folder.glob(f"*{suffix}"):
            each.unlink(missing_ok=True)  # another run may be at it too
