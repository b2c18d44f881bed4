"""The catalog: each thing for sale as it is offered now, with what the provider has for it."""

from ledger.aggregates.offering import Offer, Offered, Priced, PriceMade, ProductMade
from ledger.money import Money
from projections.catalog import CatalogEntry
from tests.projections.given import given, rows

GROUP = "group/stripe/live/acct_9/9"
USD = Money(500, "usd")


def test_an_offer_is_a_row_that_fills_as_the_provider_answers() -> None:
    offer = Offer(
        "Chess", USD, "month", "recurring", "acct_1", ("export",), starter=True, beside=True
    )

    events = given(
        GROUP,
        Offered(offer=offer),
        ProductMade(product_id="prod_1"),
        PriceMade(price_id="price_1", priced=Priced(USD, "month", {})),
    )

    assert rows("catalog", *events[:1]) == [
        CatalogEntry(
            stream=GROUP,
            kind="group",
            offering_id="9",
            account="acct_9",
            name="Chess",
            premium="recurring",
            amount_minor=500,
            currency="usd",
            billed_each="month",
            features=("export",),
            starter=True,
            destination="acct_1",
            beside=True,
        )
    ]
    (whole,) = rows("catalog", *events)
    assert isinstance(whole, CatalogEntry)
    assert (whole.product_id, whole.price_id) == ("prod_1", "price_1")


def test_a_changed_offer_replaces_what_was_said_before() -> None:
    priced, free = Offer("Chess", USD, "month", "recurring"), Offer("Chess", premium="free")

    (row,) = rows("catalog", *given(GROUP, Offered(offer=priced), Offered(offer=free)))

    assert isinstance(row, CatalogEntry)
    assert (row.premium, row.amount_minor, row.currency, row.billed_each) == (
        "free",
        None,
        None,
        None,
    )
