"""Calls of Stripe's library are decoded, refused, repeated, paged and expanded as Stripe's are."""

from __future__ import annotations

from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor

import pytest
import stripe

from tests.web.sandbox.api.conftest import START, Sandbox
from web.sandbox.api.problems import Problem
from web.sandbox.api.repeats import Answer, Repeats


def headers(answered: stripe.Customer) -> Mapping[str, str]:
    assert answered.last_response is not None
    return dict(answered.last_response.headers)


def test_nested_parameters_arrive(client: stripe.StripeClient) -> None:
    made = client.v1.customers.create(
        {"email": "ada@example.com", "metadata": {"user_id": "7", "app": "LEAD"}}
    )
    found = client.v1.customers.retrieve(made.id)

    assert found.email == "ada@example.com"
    assert found.metadata is not None
    assert found.metadata.to_dict() == {"user_id": "7", "app": "LEAD"}
    assert found.created == START


def test_an_unknown_parameter_is_refused_by_its_name(client: stripe.StripeClient) -> None:
    with pytest.raises(stripe.InvalidRequestError) as refused:
        client.raw_request("post", "/v1/customers", emial="ada@example.com")

    assert (refused.value.http_status, refused.value.param) == (400, "emial")
    assert refused.value.code == "parameter_unknown"


def test_what_is_not_there_is_missing(client: stripe.StripeClient) -> None:
    with pytest.raises(stripe.InvalidRequestError) as refused:
        client.v1.customers.retrieve("cus_nobody")

    assert (refused.value.http_status, refused.value.code) == (404, "resource_missing")
    assert str(refused.value.user_message) == "No such customer: 'cus_nobody'"


def test_an_unknown_address_and_an_unknown_version_are_refused(sandbox: Sandbox) -> None:
    client = sandbox.client()
    with pytest.raises(stripe.InvalidRequestError, match="Unrecognized request URL"):
        client.raw_request("post", "/v1/nothing")
    with pytest.raises(stripe.InvalidRequestError, match="Invalid Stripe API version"):
        client.v1.customers.list(options={"stripe_version": "1999-01-01"})


@pytest.mark.parametrize("key", ["sk_live_1", "whatever", "pk_test_1"])
def test_other_keys_than_secret_test_keys_are_refused(key: str, sandbox: Sandbox) -> None:
    with pytest.raises((stripe.AuthenticationError, stripe.PermissionError)):
        sandbox.client(key).v1.customers.list()
    with pytest.raises((stripe.AuthenticationError, stripe.PermissionError)):
        sandbox.client(key).v1.events.list()


def test_accounts_do_not_see_each_other(client: stripe.StripeClient) -> None:
    theirs: stripe.RequestOptions = {"stripe_account": "acct_1"}
    made = client.v1.customers.create({"email": "ada@example.com"}, theirs)

    assert [each.id for each in client.v1.customers.list(options=theirs).data] == [made.id]
    assert client.v1.customers.list().data == []
    with pytest.raises(stripe.InvalidRequestError, match="No such customer"):
        client.v1.customers.retrieve(made.id)


def test_a_repeated_call_is_answered_as_before(client: stripe.StripeClient) -> None:
    options: stripe.RequestOptions = {"idempotency_key": "k-1"}
    first = client.v1.customers.create({"name": "Ada"}, options)
    again = client.v1.customers.create({"name": "Ada"}, options)

    assert first.id == again.id
    assert headers(again)["Idempotent-Replayed"] == "true"
    assert "Idempotent-Replayed" not in headers(first)
    assert len(client.v1.customers.list().data) == 1


def test_a_key_is_for_one_set_of_parameters(client: stripe.StripeClient) -> None:
    client.v1.customers.create({"name": "Ada"}, {"idempotency_key": "k-1"})

    with pytest.raises(stripe.IdempotencyError) as refused:
        client.v1.customers.create({"name": "Bob"}, {"idempotency_key": "k-1"})

    assert refused.value.http_status == 400


def test_a_call_refused_for_its_parameters_leaves_the_key_free(client: stripe.StripeClient) -> None:
    options: stripe.RequestOptions = {"idempotency_key": "k-1"}
    with pytest.raises(stripe.InvalidRequestError):
        client.raw_request("post", "/v1/customers", nmae="Ada", **options)

    assert client.v1.customers.create({"name": "Ada"}, options).name == "Ada"


def test_the_same_call_twice_at_once_is_a_conflict() -> None:
    repeats = Repeats()

    def while_it_is_done() -> Answer:
        with pytest.raises(Problem) as conflict:
            repeats.once(("", "k-1"), ("/v1/customers",), lambda: ({}, 200))
        return conflict.value.error, conflict.value.status

    (error, status), _ = repeats.once(("", "k-1"), ("/v1/customers",), while_it_is_done)

    assert (error["code"], status) == ("idempotency_key_in_use", 409)


def test_calls_with_one_key_at_once_make_one_thing(sandbox: Sandbox) -> None:
    def create(_: int) -> str:
        try:
            made = sandbox.client().v1.customers.create({"name": "Ada"}, {"idempotency_key": "k"})
        except stripe.IdempotencyError as conflict:
            return str(conflict.code)
        return made.id

    with ThreadPoolExecutor(8) as pool:
        answers = set(pool.map(create, range(16)))

    [made] = sandbox.client().v1.customers.list().data
    assert made.id in answers
    assert answers <= {made.id, "idempotency_key_in_use"}


def test_pages_lead_through_a_list(client: stripe.StripeClient) -> None:
    ids = [client.v1.customers.create({"name": str(number)}).id for number in range(5)]
    newest_first = ids[::-1]

    page = client.v1.customers.list({"limit": 2})
    assert ([each.id for each in page.data], page.has_more) == (newest_first[:2], True)
    assert [each.id for each in page.auto_paging_iter()] == newest_first
    back = client.v1.customers.list({"limit": 2, "ending_before": ids[0]})
    assert ([each.id for each in back.data], back.has_more) == (newest_first[2:4], True)


def test_a_list_is_narrowed_by_time_and_expanded(
    sandbox: Sandbox, client: stripe.StripeClient
) -> None:
    for number in range(2):
        customer = client.v1.customers.create({"name": str(number)})
        client.v1.payment_intents.create(
            {"amount": 100, "currency": "usd", "customer": customer.id}
        )
        sandbox.world.move(60)

    newer = client.v1.payment_intents.list(
        {"created": {"gte": START + 60}, "expand": ["data.customer"]}
    )

    [intent] = newer.data
    assert isinstance(intent.customer, stripe.Customer)
    assert intent.customer.name == "1"
    with pytest.raises(stripe.InvalidRequestError, match="cannot be expanded"):
        client.v1.payment_intents.list({"expand": ["data.nothing"]})


def test_events_tell_which_call_made_them(client: stripe.StripeClient) -> None:
    made = client.v1.customers.create({"name": "Ada"}, {"idempotency_key": "k-1"})

    [event] = client.v1.events.list().data
    assert event.type == "customer.created"
    assert event.data.object["id"] == made.id
    assert event.request is not None
    assert event.request.idempotency_key == "k-1"
    assert event.request.id == headers(made)["Request-Id"]
