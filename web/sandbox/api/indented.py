"""JSON laid out in lines, so that an event's bytes are others than a webhook's."""

from __future__ import annotations

from typing import Any

from flask import Response, json


class Indented(json.provider.DefaultJSONProvider):
    """How the API writes its answers, keys in Stripe's own order."""

    sort_keys = False

    def response(self, *args: Any, **kwargs: Any) -> Response:
        text = self.text(self._prepare_response_obj(args, kwargs))
        return Response(text, mimetype=self.mimetype)

    @staticmethod
    def text(body: Any) -> str:
        """The JSON of an answer."""
        return json.dumps(body, indent=2)
