"""Made-up requests, sound and unsound, at every endpoint: never a 500, and always as described."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from limits import RateLimitItemPerHour
from schemathesis import Case, GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.core.result import Ok
from schemathesis.schemas import BaseSchema
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from ledger.aggregates.api_key import Terms
from ledger.keys import issue_key, keys_stream
from tests.support.fake_outbound import FakeOutbound
from tests.support.fake_provider import FakeProvider
from tests.web.api.calling import NOW, Api, NewApi
from web.access.limits import RATES, Limits
from web.access.scopes import SCOPES

EXAMPLES = 12
CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_schema_conformance,
]
MODES = [GenerationMode.POSITIVE, GenerationMode.NEGATIVE]
KEY = "bk_master_all"


@pytest.fixture
def open_api(new_api: NewApi) -> Api:
    """An API without limits, with a key for everything."""
    limits = Limits(dict.fromkeys(RATES, RateLimitItemPerHour(10**9)))
    api = new_api(FakeOutbound(FakeProvider()), limits)
    stream = keys_stream(livemode=False)
    issue_key(api.office.ledger, stream, "master", "all", Terms("all", tuple(SCOPES)), NOW)
    return api


@pytest.mark.filterwarnings(  # schemathesis draws its regular expressions so
    "ignore:Do not use the `random` module:hypothesis.errors.HypothesisDeprecationWarning"
)
@pytest.mark.parametrize("mode", MODES, ids=lambda mode: str(mode.value))
def test_no_request_meets_a_fault_or_an_answer_nobody_described(
    mode: GenerationMode, open_api: Api
) -> None:
    schema = schemathesis.openapi.from_wsgi("/openapi.json", open_api.app)
    asked: dict[str, int] = {}

    def ask(case: Case[Any]) -> None:
        response = case.call(headers={"Authorization": f"Bearer {KEY}"})
        case.validate_response(response, checks=CHECKS)
        asked[case.operation.label] = asked.get(case.operation.label, 0) + 1

    for operation in operations(schema):
        strategy = operation.as_strategy(generation_mode=mode)
        settings(
            max_examples=EXAMPLES,
            phases=[Phase.generate],
            suppress_health_check=list(HealthCheck),
            derandomize=True,
            database=None,
        )(given(case=strategy)(ask))()

    assert len(asked) == len(list(operations(schema)))


def operations(schema: BaseSchema) -> Iterator[Any]:
    """Every operation of the document, each of them readable."""
    for found in schema.get_all_operations():
        assert isinstance(found, Ok)
        yield found.ok()
