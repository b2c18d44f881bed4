"""`previous_attributes` lead back to the object as it was."""

from typing import Any

from web.sandbox import Year
from web.sandbox.render.objects import render
from web.sandbox.render.previous import previous_attributes

COUNTED_SILENTLY = {"next_invoice_sequence"}


def patched(after: Any, previous: Any) -> Any:
    """The object before, from the object after and what Stripe says was different."""
    if not (isinstance(after, dict) and isinstance(previous, dict)):
        return previous
    return {**after, **{key: patched(after.get(key), old) for key, old in previous.items()}}


def without_nulls(value: Any) -> Any:
    """A key that is null and a key that is missing are the same thing."""
    if not isinstance(value, dict):
        return value
    return {key: without_nulls(each) for key, each in value.items() if each is not None}


def test_only_changed_keys_are_told_and_arrays_whole() -> None:
    before = {"a": 1, "b": {"x": 1, "y": 2}, "c": [1, 2], "d": None}
    after = {"a": 1, "b": {"x": 1, "y": 3}, "c": [1], "d": {"z": 1}}
    assert previous_attributes(before, after) == {"b": {"y": 2}, "c": [1, 2], "d": None}


def test_metadata_that_is_new_was_null_before() -> None:
    assert previous_attributes({"metadata": {}}, {"metadata": {"user_id": "1"}}) == {
        "metadata": {"user_id": None}
    }


def test_every_update_leads_back_to_what_was_true_before(year: Year) -> None:
    for fact, event in zip(year.truth.facts, year.events, strict=True):
        if "previous_attributes" in event["data"] and fact.before is not None:
            back = patched(event["data"]["object"], event["data"]["previous_attributes"])
            assert without_nulls(back) == without_nulls(render(fact.before, year.api_version))


def test_every_customer_and_subscription_update_follows_what_was_told_before(year: Year) -> None:
    told: dict[str, dict[str, Any]] = {}
    for event in year.events:
        noun = event["data"]["object"]
        if event["type"] in {"customer.updated", "customer.subscription.updated"}:
            back = without_nulls(patched(noun, event["data"]["previous_attributes"]))
            before = without_nulls(told[noun["id"]])
            assert back.keys() == before.keys()
            changed = {key for key in back if back[key] != before[key]}
            assert changed <= COUNTED_SILENTLY
        told[noun["id"]] = noun


def test_updates_tell_what_changed_and_other_events_do_not(year: Year) -> None:
    for event in year.events:
        tells = event["type"].endswith(".updated") or event["type"] == "charge.refunded"
        assert ("previous_attributes" in event["data"]) == tells
