"""Every endpoint, called by everybody: who is let in is what its table says, and nobody else."""

from __future__ import annotations

from datetime import timedelta

import pytest
from limits import RateLimitItemPerHour
from werkzeug.test import TestResponse

from ledger.keys import keys_stream, revoke_key
from tests.web.api.calling import KEYS, NOW, Api, NewApi
from tests.web.api.examples import request_of
from web.access.limits import RATES, Limits
from web.access.scopes import SCOPES, Scope
from web.api.endpoint import Endpoint
from web.api.endpoints import ENDPOINTS

BY_NAME = {endpoint.name: endpoint for endpoint in ENDPOINTS}
OF_A_CUSTOMER = [each for each in ENDPOINTS if "{user_id}" in each.path]


def asked(api: Api, endpoint: Endpoint, auth: str, user_id: str = "ann") -> TestResponse:
    call, body, key = request_of(endpoint, user_id=user_id)
    return api.call(call, body, auth=auth, key=key)


def refused(response: TestResponse) -> tuple[int, str]:
    assert response.mimetype == "application/problem+json"
    told = response.get_json(force=True)
    assert told["status"] == response.status_code
    return response.status_code, told["title"]


def test_what_tokens_may_do_is_what_customers_do_for_themselves() -> None:
    assert {each.name for each in ENDPOINTS if not each.need.token} == {
        *("registerCustomer", "issueToken", "spendCredits", "addCharge", "waiveCharge"),
        "assignPayment",
        *("offerLearningPath", "offerGroup", "offerPlan", "grantAccess", "withdrawAccess"),
    }


def test_every_scope_but_the_auditors_opens_something() -> None:
    assert {each.need.scope for each in ENDPOINTS} == set(SCOPES) - {"audit"}


def test_nobody_and_nonsense_are_let_in_nowhere(new_api: NewApi) -> None:
    api = new_api(limits=Limits({**RATES, "wrong": RateLimitItemPerHour(1000)}))
    nonsense = ("", "x", "bk_", "bk_key0_secret1", "bk_key0_", KEYS["read"] + "x", "e30.x.y")
    for endpoint in ENDPOINTS:
        for auth in nonsense[:2]:
            response = asked(api, endpoint, auth)
            assert refused(response) == (401, "NotAuthenticated"), endpoint.name
            assert response.headers["WWW-Authenticate"] == "Bearer"
    for auth in nonsense[2:]:
        assert refused(asked(api, BY_NAME["getBalance"], auth))[0] == 401, auth


@pytest.mark.parametrize("scope", SCOPES)
def test_a_key_opens_what_its_scope_is_for(scope: Scope, api: Api) -> None:
    for endpoint in ENDPOINTS:
        response = asked(api, endpoint, KEYS[scope])
        if endpoint.need.scope == scope:
            assert response.status_code not in (401, 403), endpoint.name
        else:
            assert refused(response) == (403, "ScopeMissing"), endpoint.name


def test_a_token_opens_what_is_its_customers_own(api: Api) -> None:
    for endpoint in ENDPOINTS:
        call, body, key = request_of(endpoint)
        described = {"email", "name"} if endpoint.need.token else set()
        body = body and {name: body[name] for name in body if name not in described}
        response = api.call(call, body, auth=api.token("ann"), key=key)
        if endpoint.need.token:
            assert response.status_code not in (401, 403), endpoint.name
        else:
            assert refused(response) == (403, "NotForTokens"), endpoint.name


def test_a_token_opens_nothing_of_another_customer(api: Api) -> None:
    for endpoint in OF_A_CUSTOMER:
        said = (403, "OtherCustomer" if endpoint.need.token else "NotForTokens")
        for other in ("bob", "ANN", "ann ", "%61nn%00"):
            assert refused(asked(api, endpoint, api.token("ann"), other)) == said, endpoint.name


def test_a_token_ends(api: Api) -> None:
    old = api.token("ann", NOW - timedelta(minutes=15))

    assert refused(asked(api, BY_NAME["getBalance"], old))[0] == 401


def test_who_a_customer_is_is_not_the_browsers_word(api: Api) -> None:
    for name in ("openCardSetup", "payCharges", "buyCredits"):
        assert refused(asked(api, BY_NAME[name], api.token("ann"))) == (403, "SaidByTheToken")


def test_a_revoked_key_is_refused(api: Api, new_api: NewApi) -> None:
    balance = BY_NAME["getBalance"]
    assert asked(api, balance, KEYS["read"]).status_code == 200

    revoke_key(api.office.ledger, keys_stream(livemode=False), "key0", NOW)

    assert refused(asked(new_api(), balance, KEYS["read"]))[0] == 401


def test_a_guesser_is_told_to_wait_and_nobody_else_is(new_api: NewApi) -> None:
    few = {**RATES, "wrong": RateLimitItemPerHour(3)}
    api, balance = new_api(limits=Limits(few)), BY_NAME["getBalance"]

    answers = [asked(api, balance, f"bk_key0_{n}").status_code for n in range(5)]

    assert answers == [401, 401, 401, 429, 429]
    assert int(asked(api, balance, "bk_").headers["Retry-After"]) >= 1
    assert asked(api, balance, KEYS["read"]).status_code == 200
    assert asked(api, balance, api.token()).status_code == 200


def test_a_customers_browser_is_limited_and_another_is_not(new_api: NewApi) -> None:
    few = {**RATES, "token": RateLimitItemPerHour(2)}
    api, balance = new_api(limits=Limits(few)), BY_NAME["getBalance"]

    answers = [asked(api, balance, api.token("ann")).status_code for _ in range(3)]

    assert answers == [200, 200, 429]
    assert asked(api, balance, api.token("bob"), "bob").status_code == 200
    assert asked(api, balance, KEYS["read"]).status_code == 200


def test_guessers_behind_our_proxies_are_told_apart(new_api: NewApi) -> None:
    few = {**RATES, "wrong": RateLimitItemPerHour(1)}
    api = new_api(limits=Limits(few), trusted_proxies=1)
    call, *_ = request_of(BY_NAME["getBalance"])

    def guess(forwarded: str) -> int:
        headers = {"X-Forwarded-For": forwarded}
        return api.client().get(call.split()[1], headers=headers).status_code

    assert [guess("10.9.9.9, 1.1.1.1"), guess("1.2.3.4, 1.1.1.1"), guess("2.2.2.2")] == [
        *(401, 429, 401),
    ]
