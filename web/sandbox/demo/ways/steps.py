"""A way is a row of steps; each says what happened and whether what must hold did."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import NamedTuple

from web.sandbox.demo.ways.calls import Application, Payer


class Step(NamedTuple):
    """One thing a customer did or saw."""

    said: str
    held: bool = True


class Scene(NamedTuple):
    """Who takes part: the application, the payer, and the customer's user id."""

    app: Application
    payer: Payer
    user: str


Way = Callable[[Scene], Iterator[Step]]
