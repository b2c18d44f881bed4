"""The document is valid, says all that is served, and a person can read it."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest
from limits import RateLimitItemPerHour
from openapi_spec_validator import OpenAPIV31SpecValidator

from tests.web.api.calling import Api, NewApi
from web.access.limits import RATES, Limits
from web.api.description import document, problems_of
from web.api.endpoints import ENDPOINTS

BY_NAME = {endpoint.name: endpoint for endpoint in ENDPOINTS}


@pytest.fixture(scope="module")
def told() -> dict[str, Any]:
    read: dict[str, Any] = json.loads(json.dumps(document()))
    return read


def operations(told: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """Operation id -> operation."""
    return {
        operation["operationId"]: operation
        for methods in told["paths"].values()
        for operation in methods.values()
    }


def test_it_is_valid_openapi_3_1(told: dict[str, Any]) -> None:
    assert told["openapi"] == "3.1.0"
    assert list(OpenAPIV31SpecValidator(told).iter_errors()) == []


def test_it_has_every_endpoint_that_is_served_and_no_other(told: dict[str, Any], api: Api) -> None:
    served = {
        (re.sub(r"<(\w+)>", r"{\1}", rule.rule), method.lower())
        for rule in api.app.url_map.iter_rules()
        for method in rule.methods or ()
        if rule.endpoint.startswith("api.") and method not in ("HEAD", "OPTIONS")
    }

    assert served == {(path, method) for path in told["paths"] for method in told["paths"][path]}
    assert len(operations(told)) == len(ENDPOINTS)
    assert {each.method for each in ENDPOINTS} == {"GET", "PUT", "POST", "DELETE"}


def test_it_says_who_may_call(told: dict[str, Any]) -> None:
    for name, operation in operations(told).items():
        need = BY_NAME[name].need
        token: list[dict[str, list[str]]] = [{"customerToken": []}] if need.token else []
        assert operation["security"] == [{"apiKey": [need.scope]}, *token], name


def test_it_says_what_can_go_wrong(told: dict[str, Any]) -> None:
    said = operations(told)

    assert problems_of(BY_NAME["spendCredits"])[409] == ["InsufficientCredits"]
    assert "CardDeclined" in said["subscribe"]["responses"]["402"]["description"]
    for name, operation in said.items():
        statuses = set(operation["responses"])
        assert {"401", "403", "422", "429", "503"} < statuses, name
        assert ("502" in statuses) is BY_NAME[name].outbound


def test_every_field_that_is_taken_has_its_bounds(told: dict[str, Any]) -> None:
    bounded = {"maxLength", "maximum", "enum", "format", "maxItems", "$ref", "anyOf"}
    schemas = told["components"]["schemas"]

    for name in schemas:
        if name.endswith("In"):
            assert schemas[name]["additionalProperties"] is False
            for field, kind in schemas[name]["properties"].items():
                assert bounded & set(kind) or kind["type"] == "boolean", (name, field)


def test_it_is_served_to_everybody(api: Api) -> None:
    answer = api.call("GET /openapi.json")

    assert (answer.status_code, answer.mimetype) == (200, "application/json")
    assert answer.get_json() == document()


def test_a_person_can_read_every_endpoint_on_one_page(api: Api) -> None:
    answer = api.call("GET /docs/api")

    page = answer.get_data(as_text=True)
    assert (answer.status_code, answer.mimetype) == (200, "text/html")
    for endpoint in ENDPOINTS:
        assert f'<section id="{endpoint.name}">' in page
        assert f"<code>{endpoint.method} {endpoint.path}</code>" in page
        assert endpoint.about.replace("'", "&#39;") in page
    assert "<code>price.minor</code>" in page
    assert "None" not in page
    assert "<script" not in page


def test_the_page_may_load_and_run_nothing(api: Api) -> None:
    policy = api.call("GET /docs/api").headers["Content-Security-Policy"]

    assert policy.startswith("default-src 'none'; style-src 'sha256-")
    assert "unsafe" not in policy


def test_answers_to_programs_are_not_kept_guessed_or_framed(api: Api) -> None:
    for path in ("/openapi.json", "/v1/customers/ann/balance"):
        headers = api.call(f"GET {path}").headers
        assert headers["Cache-Control"] == "no-store"
        assert headers["X-Content-Type-Options"] == "nosniff"
        assert headers["Content-Security-Policy"] == "default-src 'none'; frame-ancestors 'none'"


def test_who_reads_it_too_often_is_told_to_wait(new_api: NewApi) -> None:
    api = new_api(limits=Limits({**RATES, "document": RateLimitItemPerHour(1)}))

    assert [api.call("GET /docs/api").status_code for _ in range(2)] == [200, 429]
    assert api.call("GET /health").status_code == 200
