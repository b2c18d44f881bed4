"""When the garbage collector looks, and at what: not in a batch, and not at what is kept."""

from __future__ import annotations

import gc


def settle() -> None:
    """Collects what a batch left behind; what is still alive is never looked at again.

    A pass over all aggregates at hand takes up to a fifth of a second, and comes every few
    thousand deliveries, whose rows are late then. Aggregates hold no cycles: they go without the
    collector as soon as they are let go of.
    """
    gc.collect()
    gc.freeze()
