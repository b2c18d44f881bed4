"""Whatever is posted is answered clearly, never by 500, and harms no delivery beside it."""

from __future__ import annotations

from collections.abc import Callable

from tests.system.installation import Installation
from tests.system.posting import Answer, cut_short, post, signed
from tests.system.reference import Reference, assert_same, living
from tests.system.year import bodies

MEBIBYTE = 1024 * 1024

Ask = Callable[[Installation], Answer]


def signed_post(body: bytes) -> Ask:
    return lambda installation: post(installation, body, signed(body))


def good() -> bytes:
    return bodies()[0]


def forged(installation: Installation) -> Answer:
    return post(installation, good(), signed(good(), secret="whsec_guessed"))


def changed_on_the_way(installation: Installation) -> Answer:
    return post(installation, good() + b" ", signed(good()))


def stale(installation: Installation) -> Answer:
    return post(installation, good(), signed(good(), age_seconds=3600))


def unsigned(installation: Installation) -> Answer:
    return post(installation, good(), {})


def oddly_signed(installation: Installation) -> Answer:
    return post(installation, good(), {"Stripe-Signature": "t=\xb2,v1=\xff\x80"})


def truncated(installation: Installation) -> Answer:
    answer = cut_short(installation, good(), hang_up=False)
    assert answer is not None
    return answer


def chunked_and_too_large(installation: Installation) -> Answer:
    large = good() + b" " * (MEBIBYTE + 1)
    chunks = (large[start : start + 65536] for start in range(0, len(large), 65536))
    return post(installation, chunks, signed(large))


BAD: list[tuple[int, Ask]] = [
    (400, forged),
    (400, changed_on_the_way),
    (400, stale),
    (400, unsigned),
    (400, oddly_signed),
    (400, truncated),
    (413, signed_post(good() + b" " * (MEBIBYTE + 1))),
    (413, chunked_and_too_large),
    (400, signed_post(b"")),
    (400, signed_post(b"\xff\xfe\x00")),
    (400, signed_post(b'{"id":"evt_\xff","object":"event"}')),
    (400, signed_post(b"hello")),
    (400, signed_post(good()[:-1])),
    (400, signed_post(b"[]")),
    (400, signed_post(b'{"object":"event"}')),
    (400, signed_post(good().replace(b'"object":"event"', b'"object":"charge"'))),
    (400, signed_post(good().replace(b'"id":"evt_', b'"id":"evt_\\u0000'))),
    (400, signed_post(good().replace(b'"id":"evt_', b'"id":"evt_\\ud800'))),
    (400, signed_post(good().replace(b'"created":', b'"created":1e999,"was":'))),
    (400, signed_post(b'{"data":' + b"[" * 500_000 + b"]" * 500_000 + b"}")),
]


def test_bad_requests_are_answered_clearly_beside_good_deliveries(
    installation: Installation, reference: Reference
) -> None:
    programs = [installation.serve(), installation.work()]

    with living(installation, reference, seed=11) as life:
        for _ in life.moments(2):
            cut_short(installation, good(), hang_up=True)
            answers = [(status, ask(installation)) for status, ask in BAD]

    for status, answer in answers:
        assert (answer.status, answer.kind) == (status, "application/problem+json"), answer
        assert answer.document["status"] == status
        assert answer.document["detail"]
    assert all(program.alive and "Traceback" not in program.said for program in programs)
    assert_same(installation, reference)
