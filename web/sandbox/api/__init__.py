"""The stand-in's API: what Stripe's library asks over HTTP, answered from the sandbox's truth."""

from web.sandbox.api.app import create_api, create_stand_in
from web.sandbox.api.failures import Call, Failures
from web.sandbox.api.shelf import Shelf
from web.sandbox.api.thin import notification
from web.sandbox.api.world import World

__all__ = [
    "Call",
    "Failures",
    "Shelf",
    "World",
    "create_api",
    "create_stand_in",
    "notification",
]
