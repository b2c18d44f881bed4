"""Connections do not survive a fork: what holds some is told when it wakes up in a child."""

from __future__ import annotations

import os
from typing import Protocol
from weakref import WeakSet


class Renewable(Protocol):
    """Something whose connections, locks and queues belong to the process that made them."""

    def renew(self) -> None:
        """Start afresh in a child process, without touching what the parent still uses."""


_holders: WeakSet[Renewable] = WeakSet()
_abandoned: list[object] = []


def renew_after_fork(holder: Renewable) -> None:
    """Call `holder.renew()` first thing in every child."""
    _holders.add(holder)


def abandon(*belongings: object) -> None:
    """Keep the parent's belongings for ever: collecting them here could close its sockets."""
    _abandoned.extend(belongings)


def _renew_all() -> None:
    for holder in list(_holders):
        holder.renew()


os.register_at_fork(after_in_child=_renew_all)
