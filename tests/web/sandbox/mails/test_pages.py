"""A folder of mails as pages: all are listed, each can be read, and none can do any harm."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from email.message import EmailMessage
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.web.sandbox.mails.given import put, put_bytes
from web.sandbox.mails import folder as mails
from web.sandbox.mails.pages import A_PAGE, INDEX, names, page

EVIL = '<script>alert("1")</script>'
WHOLE = (
    b"To: ann@customers.example\r\nSubject: Hi\r\nContent-Type: text/plain; charset=%b\r\n\r\nHi"
)


def html(folder: Path, name: str = INDEX) -> str:
    found = page(folder, name)
    assert found is not None
    return found.html


def test_mails_are_listed_with_time_recipient_and_subject_the_newest_first(tmp_path: Path) -> None:
    put(tmp_path, "b.eml", 1, subject="The first")
    put(tmp_path, "a.eml", 2, subject="The second", to="bob@customers.example")

    text = html(tmp_path)

    assert text.index("The second") < text.index("The first")
    assert "to bob@customers.example" in text
    assert "1 Sep 2026, 12:02 UTC" in text
    assert 'href="a.eml.html"' in text
    assert "2 mails" in text


@pytest.mark.parametrize("there", [True, False])
def test_a_folder_without_mails_says_so(tmp_path: Path, there: bool) -> None:
    assert "There is no mail yet." in html(tmp_path if there else tmp_path / "none")


def test_a_mail_is_shown_with_its_headers_and_both_its_parts(tmp_path: Path) -> None:
    put(tmp_path, "a.eml", html="<p>We received <b>9.00 USD</b>.</p>", subject="Grüße")

    text = html(tmp_path, "a.eml.html")

    assert "<dt>To</dt><dd>ann@customers.example</dd>" in text
    assert "<h1>Grüße</h1>" in text
    assert "we received 9.00 USD." in text
    assert 'srcdoc="&lt;p&gt;We received &lt;b&gt;9.00 USD' in text
    assert "All mails" in text


def test_nothing_in_a_mail_is_part_of_the_page(tmp_path: Path) -> None:
    name = '"><b>.eml'
    put(tmp_path, name, subject=EVIL, to=f'"{EVIL}" <eve@customers.example>', html=EVIL)

    for text in (html(tmp_path), html(tmp_path, f"{name}.html")):
        assert "<script" not in text
        assert "alert(" in text
        assert "<b>" not in text


def test_a_mail_is_shown_in_a_frame_that_fetches_and_runs_nothing(tmp_path: Path) -> None:
    put(tmp_path, "a.eml", html='<img src="https://elsewhere.example/seen.png">')

    found = page(tmp_path, "a.eml.html")

    assert found is not None
    (allowed,) = re.findall(r'<iframe[^>]* sandbox="([^"]*)"', found.html)
    assert "allow-scripts" not in allowed
    assert "allow-same-origin" not in allowed
    assert "default-src &#39;none&#39;" in found.html
    assert "script-src" not in found.policy
    assert "http" not in found.policy


def test_a_list_is_paged_and_reads_no_more_than_its_page(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(A_PAGE * 2 + 1):
        put(tmp_path, f"{number:03}.eml", number % 60)
    opened: list[str] = []
    headers = mails._headers

    def counted(path: Path) -> EmailMessage:
        opened.append(path.name)
        return headers(path)

    monkeypatch.setattr(mails, "_headers", counted)

    shown = [set(re.findall(r'href="(\d+\.eml)\.html"', html(tmp_path, each))) for each in LISTS]

    assert [len(each) for each in shown] == [A_PAGE, A_PAGE, 1]
    assert len(set.union(*shown)) == A_PAGE * 2 + 1
    assert len(opened) == A_PAGE * 2 + 1
    assert 'href="page-2.html">Older' in html(tmp_path)
    assert 'href="index.html">Newer' in html(tmp_path, "page-2.html")
    assert "Page 3 of 3" in html(tmp_path, "page-3.html")


LISTS = (INDEX, "page-2.html", "page-3.html")


@pytest.mark.parametrize(
    "name",
    [
        *("../secret.eml.html", "/etc/passwd", "..", "", "secret.eml.html", "link.eml.html"),
        *("a.eml", "page-0.html", "page-1.html", "page-2.html", "page-x.html", ".half.eml.html"),
        *("folder.eml.html", "a.eml\0.html", "%2e%2e/secret.eml.html"),
    ],
)
def test_only_mails_of_the_folder_have_pages(tmp_path: Path, name: str) -> None:
    put(tmp_path, "secret.eml", subject="secret")
    folder = tmp_path / "mails"
    put(folder, "a.eml")
    put(folder, ".half.eml")
    (folder / "link.eml").symlink_to(tmp_path / "secret.eml")
    (folder / "folder.eml").mkdir()

    assert page(folder, name) is None
    assert names(folder) == [INDEX, "a.eml.html"]


@pytest.mark.parametrize(
    "content",
    [
        *(b"", b"\0\xff\xfe", b"Subject: for nobody\r\n\r\nHi", WHOLE % b"klingon"),
        WHOLE % b"utf-8" + b"x" * mails.MOST_BYTES,
    ],
    ids=("empty", "bytes", "nobody", "charset", "large"),
)
def test_a_broken_file_is_said_to_be_one(tmp_path: Path, content: bytes) -> None:
    put(tmp_path, "good.eml", 1)
    put_bytes(tmp_path, "broken.eml", content, 2)

    assert "broken.eml" in html(tmp_path)
    assert "to ann@customers.example" in html(tmp_path)
    assert "This file cannot be read as a mail." in html(tmp_path, "broken.eml.html")


@settings(max_examples=300)
@given(
    st.lists(st.sampled_from((b"To", b"Subject", b"Date", b"Content-Type", b"X-Billing-Mail"))),
    st.lists(st.binary(max_size=60), min_size=5, max_size=5),
)
def test_no_file_breaks_the_list_or_its_page(heads: list[bytes], odd: list[bytes]) -> None:
    lines = (head + b": " + value for head, value in zip(heads, odd, strict=False))
    with TemporaryDirectory() as made:
        folder = Path(made)
        put_bytes(folder, "odd.eml", b"\r\n".join(lines) + b"\r\n\r\n" + odd[-1])
        for name in names(folder):
            assert html(folder, name).encode()


def test_a_mail_that_is_gone_again_is_no_error(tmp_path: Path) -> None:
    (found,) = mails.listed(tmp_path, [mails.File("gone.eml", datetime.now(UTC))])

    assert found.broken


def test_kinds_are_counted(tmp_path: Path) -> None:
    put(tmp_path, "a.eml")
    put(tmp_path, "b.eml")
    put_bytes(tmp_path, "c.eml", b"To: ann@customers.example\r\n\r\n")
    put_bytes(tmp_path, "d.eml", b"")

    assert mails.kinds(tmp_path) == {"receipt": 2, "other": 1}
