"""/v1/webhook_endpoints: where the stand-in sends its webhooks, as it was started."""

from __future__ import annotations

from web.sandbox.api.answers import listed
from web.sandbox.api.asked import Asked, Json, Route
from web.sandbox.api.endpoints import Endpoint

PATH = "/v1/webhook_endpoints"
ALL_TYPES = "*"


def every(asked: Asked) -> Json:
    """The platform's endpoints; connected accounts have none of their own."""
    endpoints = [] if asked.account else asked.world.sender.endpoints
    return listed([_told(number, each) for number, each in enumerate(endpoints, 1)], PATH)


def _told(number: int, endpoint: Endpoint) -> Json:
    return {
        "id": f"we_1Sandbox{number:016}",
        "object": "webhook_endpoint",
        "api_version": endpoint.api_version,
        "application": None,
        "enabled_events": sorted(endpoint.types) or [ALL_TYPES],
        "livemode": False,
        "metadata": {},
        "status": "enabled",
        "url": endpoint.url,
    }


ROUTES = (Route("GET", PATH, every, lists=True),)
