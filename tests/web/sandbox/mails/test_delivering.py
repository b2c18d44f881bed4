"""The same pages by a server and as files; the server is there on the stand-in only."""

from __future__ import annotations

import re
from pathlib import Path

from flask.testing import FlaskClient

from tests.web.sandbox.mails.given import put
from web.sandbox.api import World, create_stand_in
from web.sandbox.mails.delivering import empty, write


def serving(folder: Path | None) -> FlaskClient:
    return create_stand_in(World(), folder).test_client()


def test_the_stand_in_shows_a_folder_as_it_is_at_each_look(tmp_path: Path) -> None:
    client = serving(tmp_path)
    assert "There is no mail yet." in client.get("/mails/").text

    put(tmp_path, "a.eml", html="<p>Hi</p>")

    for path in ("/mails", "/mails/", "/mails/index.html"):
        assert "a.eml.html" in client.get(path, follow_redirects=True).text
    assert "ann@customers.example" in client.get("/mails/a.eml.html").text


def test_nothing_is_served_where_no_folder_is_named() -> None:
    assert serving(None).get("/mails/").status_code == 401


def test_what_is_not_there_is_told_on_a_page(tmp_path: Path) -> None:
    put(tmp_path, "secret.eml")
    client = serving(tmp_path / "mails")

    for path in ("gone.eml.html", "../secret.eml.html", "..%2fsecret.eml.html", "page-9.html"):
        answer = client.get(f"/mails/{path}")
        assert answer.status_code in (401, 404), path
        assert "ann@" not in answer.text
    assert "There is no such mail" in client.get("/mails/gone.eml.html").text


def test_a_browser_is_told_what_pages_may_do_and_that_no_other_may_read_them(
    tmp_path: Path,
) -> None:
    put(tmp_path, "a.eml")
    client = serving(tmp_path)

    for path in ("/mails/", "/mails/a.eml.html"):
        headers = client.get(path).headers
        assert headers["Content-Security-Policy"].startswith("default-src 'none';")
        assert "frame-ancestors 'none'" in headers["Content-Security-Policy"]
        assert "Access-Control-Allow-Origin" not in headers
    with client.get("/mails/newest.js") as script:
        assert script.mimetype == "text/javascript"


def test_files_say_what_the_server_says_and_link_to_each_other(tmp_path: Path) -> None:
    for number in range(51):
        put(tmp_path, f"{number}.eml", number, html="<p>Hi</p>")

    first = write(tmp_path)

    assert first == tmp_path / "index.html"
    pages = {each.name: each.read_text() for each in tmp_path.glob("*.html")}
    assert len(pages) == 2 + 51
    links = {link for text in pages.values() for link in re.findall(r'href="([^"]+\.html)"', text)}
    assert links == pages.keys()
    assert not any("<script" in text for text in pages.values())
    assert pages["7.eml.html"] == serving(tmp_path).get("/mails/7.eml.html").text


def test_an_emptied_folder_keeps_nothing_of_an_earlier_run(tmp_path: Path) -> None:
    put(tmp_path, "a.eml")
    write(tmp_path)
    (tmp_path / "theirs.txt").write_text("not ours")

    assert empty(tmp_path) == tmp_path
    assert [each.name for each in tmp_path.iterdir()] == ["theirs.txt"]
    assert not empty(tmp_path / "none").exists()
