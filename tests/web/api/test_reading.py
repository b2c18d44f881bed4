"""What is not sound is refused with where and why, before anything is done."""

from __future__ import annotations

from io import BytesIO

import pytest
from werkzeug.test import TestResponse

from tests.web.api.calling import KEYS, Api
from tests.web.api.examples import BODIES, request_of, unsound
from web.api.endpoint import Endpoint
from web.api.endpoints import ENDPOINTS
from web.api.reading import LIMIT_BYTES

SPEND = "POST /v1/customers/ann/credits/spend"


def sent(api: Api, endpoint: Endpoint, body: object) -> TestResponse:
    call, _, key = request_of(endpoint)
    return api.call(call, body, auth=KEYS[endpoint.need.scope], key=key)


def wrong(response: TestResponse) -> object:
    """The errors of a request that was refused for its form."""
    assert response.status_code == 422, response.get_data(as_text=True)
    assert response.mimetype == "application/problem+json"
    told = response.get_json(force=True)
    assert (told["title"], told["status"]) == ("Invalid", 422)
    return told["errors"]


def spend(api: Api, raw: bytes, **more: object) -> TestResponse:
    headers = {"Authorization": f"Bearer {KEYS['credits']}", "Idempotency-Key": "k"}
    parts = {"content_type": "application/json", "headers": headers, **more}
    return api.client().post(SPEND.split()[1], data=raw, **parts)


def test_no_unsound_value_of_any_field_is_taken(api: Api) -> None:
    for endpoint, field, value in unsound():
        errors = wrong(sent(api, endpoint, {**BODIES[endpoint.name], field: value}))

        assert isinstance(errors, dict)
        assert list(errors) == ["body"]
        assert list(errors["body"]) == [field], (endpoint.name, field, value)


def test_what_is_needed_and_left_out_and_what_is_unknown_is_named(api: Api) -> None:
    for endpoint in ENDPOINTS:
        if endpoint.takes is None:
            continue
        sound = BODIES[endpoint.name]
        assert wrong(sent(api, endpoint, {**sound, "more": 1})) == {
            "body": {"more": ["Unknown field."]}
        }
        for name, field in endpoint.takes().fields.items():
            without = {each: sound[each] for each in sound if each != name}
            if field.required:
                assert wrong(sent(api, endpoint, without)) == {
                    "body": {name: ["Missing data for required field."]}
                }


def test_the_examples_are_whole_and_sound(api: Api) -> None:
    for endpoint in ENDPOINTS:
        if endpoint.takes:
            assert set(BODIES[endpoint.name]) == set(endpoint.takes().fields), endpoint.name
            endpoint.takes().load(BODIES[endpoint.name])


@pytest.mark.parametrize(
    "query", ["", "?feature=", "?feature=a&more=1", "?feature=a&feature=b", "?feature=%00", "?x"]
)
def test_a_query_is_held_to_its_schema(query: str, api: Api) -> None:
    errors = wrong(api.call(f"GET /v1/customers/ann/access{query}", auth=KEYS["read"]))

    assert isinstance(errors, dict)
    assert list(errors) == ["query"]


@pytest.mark.parametrize("user_id", ["a%00b", "%0A", "ann%0A", "x" * 129, "a%7Fb", "%C2%85"])
def test_an_id_in_the_path_is_held_to_its_form(user_id: str, api: Api) -> None:
    errors = wrong(api.call(f"GET /v1/customers/{user_id}/balance", auth=KEYS["read"]))

    assert isinstance(errors, dict)
    assert list(errors) == ["path"]


@pytest.mark.parametrize(
    "user_id", ["ann%20b", "ann@example.org", "%C3%A4nn", "a:b", "..", "%", "%F0%9F%94%91"]
)
def test_any_other_id_will_do(user_id: str, api: Api) -> None:
    answer = api.call(f"GET /v1/customers/{user_id}/balance", auth=KEYS["read"])

    assert answer.status_code == 200


@pytest.mark.parametrize("key", ["", "x" * 129, "two words", "caf\u00e9"])
def test_a_key_is_held_to_its_form(key: str, api: Api) -> None:
    errors = wrong(api.call(SPEND, {"credits": 1}, auth=KEYS["credits"], key=key))

    assert isinstance(errors, dict)
    assert list(errors) == ["headers"]


@pytest.mark.parametrize(
    "raw",
    [b"{", b"\xff", b"NaN", b'{"credits": 1e999}', b'"\\ud800"', b"[" * 60_000, b"{}{}"],
)
def test_a_body_that_is_no_json_is_refused(raw: bytes, api: Api) -> None:
    answer = spend(api, raw)

    assert (answer.status_code, answer.get_json(force=True)["title"]) == (400, "NotJson")


@pytest.mark.parametrize("raw", [b"[]", b"1", b"null", b'"x"', b"[{}]"])
def test_a_body_that_is_no_object_is_refused(raw: bytes, api: Api) -> None:
    assert wrong(spend(api, raw)) == {"body": {"_schema": ["Invalid input type."]}}


def test_another_media_type_is_refused(api: Api) -> None:
    answer = spend(api, b"credits=1", content_type="application/x-www-form-urlencoded")

    assert (answer.status_code, answer.get_json(force=True)["title"]) == (415, "WrongMediaType")


def test_a_body_has_a_limit_in_chunks_too(api: Api) -> None:
    large = b'{"credits": 1}' + b" " * LIMIT_BYTES
    chunked = {"wsgi.input_terminated": True, "HTTP_TRANSFER_ENCODING": "chunked"}

    assert spend(api, large).status_code == 413
    headers = {"Authorization": f"Bearer {KEYS['credits']}", "Idempotency-Key": "k"}
    answer = api.client().post(
        SPEND.split()[1],
        input_stream=BytesIO(large),
        content_type="application/json",
        headers=headers,
        environ_overrides=chunked,
    )
    assert answer.status_code == 413
