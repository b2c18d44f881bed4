"""A customer is who their own newest details say, else whom others named first, else themselves."""

from itertools import permutations

from ledger.aggregates.customer import Customer, Deleted, Engaged, Identified, Named, Reported
from ledger.observations import CustomerDetails, CustomerObserved
from ledger.snapshots import Newest, Snapshot
from tests.ledger.given import START, day, given, why

STREAM = "purchase/stripe/test//pi_1"


def details(user_id: str | None = None, email: str = "ann@example.org") -> CustomerDetails:
    return CustomerDetails(START, user_id, email, "Ann")


def seen(state: CustomerDetails, on: float = 0, rank: int = 1) -> CustomerObserved:
    return CustomerObserved("cus_1", Snapshot(state, day(on), rank))


def test_a_customer_nobody_names_is_known_by_the_providers_id() -> None:
    report = seen(details())
    assert report.snapshot is not None

    given(Customer, "cus_1").when(lambda it: it.observe(report, why())).then(
        Reported(standing=Newest((report.snapshot,))), Identified(customer_id="cus_1")
    )


def test_the_newest_details_name_the_user() -> None:
    old, new = seen(details("ann"), 1), seen(details("ann-2"), 2)

    for order in permutations((old, new)):
        customer = given(Customer, "cus_1").aggregate
        for report in order:
            customer.observe(report, why())
        assert customer.customer_id == "ann-2"


def test_the_same_details_again_say_nothing_new() -> None:
    customer = given(Customer, "cus_1").when(lambda it: it.observe(seen(details()), why()))
    customer.aggregate.collect_events()

    customer.when(lambda it: it.observe(seen(details()), why())).then()


def test_another_object_names_the_user_as_long_as_the_details_do_not() -> None:
    customer = given(Customer, "cus_1").when(lambda it: it.name("sub_1", "ann", START, why()))
    customer.then(Named(by="sub_1", user_id="ann", at=START), Identified(customer_id="ann"))

    customer.aggregate.observe(seen(details("bob")), why())
    assert customer.aggregate.customer_id == "bob"


def test_whoever_was_there_first_names_the_user_in_any_order() -> None:
    names = [("pi_2", "bob", day(1)), ("cs_1", "ann", day(1)), ("cs_0", "eve", day(2))]

    for order in permutations(names):
        customer = given(Customer, "cus_1").aggregate
        for by, user_id, at in order:
            customer.name(by, user_id, at, why())
        assert customer.customer_id == "ann"


def test_of_an_object_that_tells_no_order_the_first_name_counts() -> None:
    names = [("cs_1", "ann", day(1)), ("cs_1", "bob", day(3)), ("cs_1", "ann", day(3))]

    for order in permutations(names):
        customer = given(Customer, "cus_1").aggregate
        for by, user_id, at in order:
            customer.name_first(by, user_id, at, why())
        assert customer.named == {"cs_1": (day(1), "ann")}


def test_an_object_that_names_nobody_any_more_leaves_it_to_the_others() -> None:
    named = Named(by="sub_1", user_id="ann", at=START)
    customer = given(Customer, "cus_1", named, Identified(customer_id="ann"))

    customer.when(lambda it: it.name("sub_1", None, START, why())).then(
        Named(by="sub_1", user_id=None, at=START), Identified(customer_id="cus_1")
    )
    customer.when(lambda it: it.name("sub_1", None, START, why())).then()


def test_who_depends_on_the_customer_is_remembered_once() -> None:
    customer = given(Customer, "cus_1").when(lambda it: it.engage(STREAM, why()))
    customer.then(Engaged(stream=STREAM), Identified(customer_id="cus_1"))

    customer.when(lambda it: it.engage(STREAM, why())).then()


def test_a_deletion_is_dated_from_its_earliest_report_and_is_for_good() -> None:
    tombstone = CustomerObserved("cus_1", None, deleted=True)
    customer = given(Customer, "cus_1").when(lambda it: it.observe(tombstone, why(day(5))))
    customer.then(Deleted(deleted_at=day(5)), Identified(customer_id="cus_1"))

    customer.when(lambda it: it.observe(tombstone, why(day(9)))).then()
    customer.when(lambda it: it.observe(tombstone, why(day(4)))).then(Deleted(deleted_at=day(4)))
    customer.aggregate.observe(seen(details("ann"), 20), why(day(20)))
    assert customer.aggregate.deleted_at == day(4)
