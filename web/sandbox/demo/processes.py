"""The ledger's own processes, started as an operator starts them and stopped by SIGTERM."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Collection, Mapping
from pathlib import Path
from types import TracebackType
from typing import Self
from urllib.error import HTTPError, URLError
from urllib.request import urlopen

from ledger.embedded import ports
from ledger.errors import LedgerError
from ledger.settings import child_environment

START_SECONDS = 120.0
STOP_SECONDS = 40.0
PORTS = range(30_000, 32_000)  # between those of private databases and those systems hand out


class ProcessFailed(LedgerError):
    def __init__(self, command: str, status: object) -> None:
        super().__init__(f"`billing {command}` ended with {status}; its own words are above")


SANDBOX_KEY = "sk_test_sandbox"


class System:
    """`billing serve` and `billing work` as child processes with the settings in `environment`.

    With a `sandbox_port`, `billing sandbox` stands in for Stripe there, and is asked instead; with
    `mails` as well, mails are kept in that folder, and shown by it.
    """

    def __init__(
        self,
        environment: Mapping[str, str],
        port: int,
        webhook_path: str,
        sandbox_port: int | None = None,
        mails: Path | None = None,
    ) -> None:
        self.port = port
        self.address = f"http://127.0.0.1:{port}"
        self.webhook_url = self.address + webhook_path
        self.sandbox = None if sandbox_port is None else f"http://127.0.0.1:{sandbox_port}"
        self.mails = mails
        self._environment = child_environment({**environment, **self.stand_in})
        self._children: dict[str, subprocess.Popen[bytes]] = {}

    @property
    def stand_in(self) -> dict[str, str]:
        """What makes our programs ask the stand-in, and not Stripe."""
        if self.sandbox is None:
            return {}
        return {
            "STRIPE_API_BASE": self.sandbox,
            "STRIPE_SECRET_KEY": SANDBOX_KEY,
            "STRIPE_PUBLISHABLE_KEY": SANDBOX_KEY.replace("sk_", "pk_"),
            "BILLING_SMTP_URL": "",  # nobody is written to of what is made up
            "BILLING_MAIL_DIR": str(self.mails or ""),
        }

    def __enter__(self) -> Self:
        self.run("migrate")
        try:
            if self.sandbox is not None:
                port = self.sandbox.rpartition(":")[2]
                shown = ("--mails", str(self.mails)) if self.mails else ()
                self._start("sandbox", "--port", port, "--webhook", self.webhook_url, *shown)
            self._start("serve", "--port", str(self.port))
            self._start("work")
            self._wait_until_served()
        except BaseException:
            self.stop()
            raise
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.stop()

    def run(self, *command: str) -> str:
        """What a command prints, once it is done. Raises ProcessFailed."""
        done = subprocess.run(
            [billing(), *command], env=self._environment, stdout=subprocess.PIPE, check=False
        )
        if done.returncode:
            raise ProcessFailed(" ".join(command), done.returncode)
        return done.stdout.decode()

    def check(self) -> None:
        """Raises ProcessFailed when a process is gone that should be running."""
        for command, child in self._children.items():
            if child.poll() is not None:
                raise ProcessFailed(command, child.returncode)

    def stop(self) -> None:
        """Asks each process to finish what it is at, and waits; who may be asked, goes last."""
        asked = self._children.pop("sandbox", None)
        _end(self._children.values())
        self._children.clear()
        if asked is not None:
            _end([asked])

    def _start(self, command: str, *options: str) -> None:
        self._children[command] = subprocess.Popen(
            [billing(), command, *options],
            env=self._environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,  # all of them speak on stderr
        )

    def _wait_until_served(self) -> None:
        give_up = time.monotonic() + START_SECONDS
        while time.monotonic() < give_up:
            self.check()
            if _answers(self.address) and (self.sandbox is None or _answers(self.sandbox)):
                return
            time.sleep(0.05)
        raise ProcessFailed("serve", f"no answer in {START_SECONDS:g} s")


def _end(children: Collection[subprocess.Popen[bytes]]) -> None:
    for child in children:
        child.terminate()
    for child in children:
        try:
            child.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            child.kill()
            child.wait()


def _answers(address: str) -> bool:
    """Whether somebody serves HTTP there, whatever they say."""
    try:
        with urlopen(address + "/health", timeout=2):  # noqa: S310 - our own address
            return True
    except HTTPError:
        return True
    except (URLError, OSError):
        return False


def billing() -> str:
    """The `billing` program of this very environment."""
    return str(Path(sys.executable).with_name("billing"))


def free_port() -> int:
    """A port nobody listens on now, and which nobody else is given before our program listens."""
    return ports.free_port(PORTS)
