"""Holds an answer against the document."""

from __future__ import annotations

from typing import Any

from openapi_schema_validator import OAS31Validator

from web.api.description import document
from web.api.endpoints import ENDPOINTS

BY_NAME = {endpoint.name: endpoint for endpoint in ENDPOINTS}


def conforms(name: str, answer: dict[str, Any]) -> None:
    """Raises ValidationError for an answer that endpoint `name` does not promise."""
    schema = BY_NAME[name].gives
    assert schema is not None
    whole = {"$ref": f"#/components/schemas/{schema.__name__}", **document()}
    OAS31Validator(whole, format_checker=OAS31Validator.FORMAT_CHECKER).validate(answer)
