"""What the figures were measured on: a figure without its machine says nothing."""

from __future__ import annotations

import os
import platform
from pathlib import Path
from typing import Any

import psutil
import psycopg

GIBIBYTE = 2**30
SETTINGS = (
    "fsync",
    "synchronous_commit",
    "full_page_writes",
    "wal_sync_method",
    "shared_buffers",
    "max_wal_size",
)
DURABLE = ("fsync", "synchronous_commit", "full_page_writes")


class NotDurable(Exception):
    """Figures of a server that may lose what it acknowledged would flatter."""

    def __init__(self, name: str) -> None:
        super().__init__(f"{name} is off: nothing is measured on a server that may lose commits")


def machine(connection: psycopg.Connection[Any], place: Path) -> dict[str, str]:
    """Names and values, fit to be printed. Raises NotDurable."""
    return {
        "CPU": f"{_cpu()}, {os.cpu_count()} cores",
        "memory": f"{psutil.virtual_memory().total / GIBIBYTE:.0f} GiB",
        "disk": f"{_filesystem(place)} at {place}",
        "system": f"{platform.system()} {platform.release()}",
        "Python": platform.python_version(),
        "PostgreSQL": f"{_one(connection, 'server_version')} ({_settings(connection)})",
    }


def _settings(connection: psycopg.Connection[Any]) -> str:
    values = {name: _one(connection, name) for name in SETTINGS}
    for name in DURABLE:
        if values[name] == "off":
            raise NotDurable(name)
    return ", ".join(f"{name} {value}" for name, value in values.items())


def _one(connection: psycopg.Connection[Any], name: str) -> str:
    (value,) = connection.execute("SELECT current_setting(%s)", [name]).fetchone() or ("",)
    return str(value)


def _cpu() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text().splitlines()
    except OSError:
        return platform.processor() or platform.machine()
    named = (line.partition(":")[2].strip() for line in lines if line.startswith("model name"))
    return next(named, platform.machine())


def _filesystem(place: Path) -> str:
    """Of the innermost mount that holds `place`."""
    mounts = {Path(each.mountpoint): each.fstype for each in psutil.disk_partitions(all=True)}
    return next(mounts[each] for each in (place, *place.parents) if each in mounts)
