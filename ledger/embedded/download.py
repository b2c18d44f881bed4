"""Fetches one pinned file from a Python package index; standard library of Python 3.7 only."""

from __future__ import annotations

import base64
import hashlib
import html.parser
import ssl
import time
import urllib.error
import urllib.parse
import urllib.request
from pathlib import Path
from typing import IO, Mapping, NamedTuple

PYPI = "https://pypi.org/simple"
INDEX_SETTINGS = ("UV_DEFAULT_INDEX", "UV_INDEX_URL", "PIP_INDEX_URL")
CERTIFICATE_SETTINGS = ("SSL_CERT_FILE", "PIP_CERT", "REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE")
ATTEMPTS = 3
TIMEOUT_SECONDS = 60


class SetUpFailed(Exception):
    """Set-up cannot go on; its text is one line for the person at the terminal."""


class Wheel(NamedTuple):
    """One file of the package index, and the only content it may have."""

    filename: str
    sha256: str


class Index(NamedTuple):
    """Where packages come from, and the certificates to trust where the system's will not do."""

    url: str
    certificate_file: str | None = None

    @classmethod
    def named_by(cls, environment: Mapping[str, str]) -> Index:
        """The index and certificates the user set, in uv's, pip's or OpenSSL's manner."""
        index = (environment[name] for name in INDEX_SETTINGS if environment.get(name))
        files = (environment[name] for name in CERTIFICATE_SETTINGS if environment.get(name))
        return cls(_without_name(next(index, PYPI)), next(files, None))


def _without_name(index: str) -> str:
    """The address in uv's `name=address`, or the address alone."""
    name, _, url = index.strip().partition("=")
    return (index.strip() if "://" in name or not url else url).rstrip("/")


def download(wheel: Wheel, index: Index, folder: Path) -> Path:
    """Fetch the wheel into the folder and check its content; raises SetUpFailed."""
    target = folder / wheel.filename
    digest = hashlib.sha256()
    with _fetched(_file_url(wheel, index), index) as source, open(str(target), "wb") as file:
        for block in iter(lambda: source.read(1 << 16), b""):
            digest.update(block)
            file.write(block)
    if digest.hexdigest() != wheel.sha256:
        raise SetUpFailed(
            f"{wheel.filename} from {_shown(index.url)} has sha256 {digest.hexdigest()} "
            f"instead of {wheel.sha256}; nothing was installed"
        )
    return target


def _file_url(wheel: Wheel, index: Index) -> str:
    page_url = f"{index.url}/uv/"
    links = _Links()
    with _fetched(page_url, index) as page:
        links.feed(page.read().decode())
    for link in links.found:
        url = urllib.parse.urljoin(page_url, link.split("#")[0])
        if urllib.parse.unquote(url).endswith("/" + wheel.filename):
            return url
    raise SetUpFailed(f"{_shown(index.url)} has no {wheel.filename}")


class _Links(html.parser.HTMLParser):
    """Collects the links of a package index page (PEP 503)."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note where a link leads."""
        self.found.extend(value or "" for name, value in attrs if (tag, name) == ("a", "href"))


def _fetched(url: str, index: Index) -> IO[bytes]:
    """Open an address, trying again where the network and not the server said no."""
    for attempt in range(1, ATTEMPTS + 1):
        try:
            return _opened(url, index)
        except (OSError, ValueError) as error:
            said_no = isinstance(error, (urllib.error.HTTPError, ValueError))
            if said_no or attempt == ATTEMPTS:
                raise SetUpFailed(f"cannot fetch {_shown(url)}: {error}{_hint(error)}") from error
            time.sleep(attempt)
    raise AssertionError("the last attempt returns or raises")


def _hint(error: Exception) -> str:
    untrusted = "CERTIFICATE_VERIFY_FAILED" in str(error)
    return "; install ca-certificates, or set SSL_CERT_FILE to your own" if untrusted else ""


def _opened(url: str, index: Index) -> IO[bytes]:
    trusted = ssl.create_default_context(cafile=index.certificate_file)
    answer: IO[bytes] = urllib.request.urlopen(  # noqa: S310 - the user names the index
        _request(url, index), timeout=TIMEOUT_SECONDS, context=trusted
    )
    return answer


def _request(url: str, index: Index) -> urllib.request.Request:
    """A request with the index's user and password as HTTP wants them, for the index only."""
    headers = {"Accept": "text/html, */*;q=0.1"}
    request = urllib.request.Request(_shown(url), headers=headers)  # noqa: S310 - as above
    home, there = (urllib.parse.urlsplit(address) for address in (index.url, url))
    if home.username and (home.scheme, _host(home)) == (there.scheme, _host(there)):
        words = (urllib.parse.unquote(word or "") for word in (home.username, home.password))
        token = base64.b64encode(":".join(words).encode()).decode()
        request.add_unredirected_header("Authorization", f"Basic {token}")
    return request


def _host(parts: urllib.parse.SplitResult) -> str:
    return parts.netloc.rpartition("@")[2]


def _shown(url: str) -> str:
    """The address without its user and password."""
    parts = urllib.parse.urlsplit(url)
    return urllib.parse.urlunsplit(parts._replace(netloc=_host(parts)))
