"""Servers and workers as processes of their own, ended by their number when the block ends."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

import psutil

from benchmarks.requests import SECRET
from ledger.embedded.ports import free_port

PATIENCE_SECONDS = 120.0
BILLING = str(Path(sys.executable).with_name("billing"))
WORKERS, THREADS = 2, 16
PORTS = range(32_000, 32_700)  # nobody else is given one before our server listens


class DidNotStart(Exception):
    """A process ended, or never answered."""

    def __init__(self, command: Sequence[str]) -> None:
        super().__init__(f"did not start: {' '.join(command)}")


@contextmanager
def running(command: Sequence[str], url: str) -> Iterator[subprocess.Popen[bytes]]:
    """A process with the ledger's settings for `url`; asked to end, then made to."""
    settings = {"DATABASE_URL": url, "STRIPE_WEBHOOK_SECRET": SECRET, "BILLING_MODE": "test"}
    with subprocess.Popen(command, env={**os.environ, **settings}) as process:
        try:
            yield process
        finally:
            process.send_signal(signal.SIGTERM)
            try:
                process.wait(PATIENCE_SECONDS)
            except subprocess.TimeoutExpired:
                process.kill()


class Served(NamedTuple):
    """An endpoint on this machine, and gunicorn's main process."""

    port: int
    process: psutil.Process


@contextmanager
def serving(url: str, threads: int = THREADS, bare: bool = False) -> Iterator[Served]:
    """Our endpoint, or the bare one, under the same gunicorn settings."""
    port = free_port(PORTS)
    size = [str(WORKERS), str(threads)]
    command = (
        [sys.executable, "-m", "benchmarks.bare", url, str(port), *size]
        if bare
        else [BILLING, "serve", "--port", str(port), "--workers", size[0], "--threads", size[1]]
    )
    with running(command, url) as process:
        _until_answering(process, port, command)
        yield Served(port, psutil.Process(process.pid))


def _until_answering(process: subprocess.Popen[bytes], port: int, command: Sequence[str]) -> None:
    deadline = time.monotonic() + PATIENCE_SECONDS
    while process.poll() is None and time.monotonic() < deadline:
        try:
            socket.create_connection(("127.0.0.1", port)).close()
        except OSError:
            time.sleep(0.05)
        else:
            return
    raise DidNotStart(command)
