"""The stand-in's API: what Stripe's library asks over HTTP, answered from simulated events."""

from web.sandbox.api.app import create_api
from web.sandbox.api.failures import Call, Failures
from web.sandbox.api.shelf import Shelf
from web.sandbox.api.thin import notification

__all__ = ["Call", "Failures", "Shelf", "create_api", "notification"]
