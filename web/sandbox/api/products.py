"""/v1/products and /v1/prices."""

from __future__ import annotations

from web.sandbox.api.asked import Asked, Json, Listing, Route
from web.sandbox.api.params import Params
from web.sandbox.api.problems import needed, wrong
from web.sandbox.truth import catalog
from web.sandbox.truth.catalog import Price, Product

INTERVALS = ("day", "week", "month", "year")
PRODUCT = "name description active metadata.*"
RECURRING = "recurring.interval recurring.interval_count recurring.usage_type"
NEW_PRICE = (
    f"currency unit_amount unit_amount_decimal product product_data.name product_data.metadata.* "
    f"{RECURRING} nickname lookup_key transfer_lookup_key metadata.* active billing_scheme "
    "transform_quantity.divide_by transform_quantity.round"
)


def create_product(asked: Asked) -> Product:
    """Something new to be sold."""
    params, truth = asked.params, asked.truth
    return catalog.add(
        truth,
        Product(
            id=params.text("id") or truth.new_id("prod_"),
            account=asked.account,
            created=truth.now,
            name=params.need("name"),
            description=params.text("description"),
            metadata=params.metadata(),
            active=params.flag("active") is not False,
        ),
    )


def update_product(asked: Asked) -> Product:
    """Says what is other than before."""
    product, params = asked.named(Product, "product"), asked.params
    changes: dict[str, object] = {"updated": asked.truth.now}
    if "name" in params:
        changes["name"] = params.need("name")
    if "description" in params:
        changes["description"] = params.text("description")
    if "default_price" in params:
        price = asked.given(Price, "price", "default_price")
        changes["default_price"] = price.id if price else None
    return catalog.change(asked.truth, product, **changes, **_usual(params, product))


def products(asked: Asked) -> Listing:
    """What is sold, or (`active=false`) no more."""
    active, ids = asked.params.flag("active"), asked.params.texts("ids")
    return Listing(
        [
            each
            for each in asked.all(Product)
            if active in (None, each.active) and each.id in (ids or [each.id])
        ]
    )


def create_price(asked: Asked) -> Price:
    """What a product costs; the product may come with it."""
    return new_price(asked, asked.params)


def new_price(asked: Asked, params: Params) -> Price:
    """The price these parameters describe."""
    truth, recurring = asked.truth, params.part("recurring")
    package = params.part("transform_quantity")
    price = Price(
        id=truth.new_id("price_1"),
        account=asked.account,
        created=truth.now,
        product=_product(asked, params).id,
        currency=params.need("currency").lower(),
        unit_amount=_unit_amount(params),
        interval=_interval(recurring) if "recurring" in params else None,
        interval_count=recurring.positive("interval_count") or 1,
        lookup_key=_lookup_key(asked, params),
        nickname=params.text("nickname"),
        metadata=params.metadata(),
        active=params.flag("active") is not False,
        package=package.positive("divide_by"),
        rounds=package.choice("round", ("up", "down"), "up"),
    )
    return catalog.add(truth, price)


def update_price(asked: Asked) -> Price:
    """Another name or key, or it is sold no more; what it costs stays."""
    price, params = asked.named(Price, "price"), asked.params
    changes = _usual(params, price)
    if "nickname" in params:
        changes["nickname"] = params.text("nickname")
    if "lookup_key" in params:
        changes["lookup_key"] = _lookup_key(asked, params)
    return catalog.change(asked.truth, price, **changes)


def prices(asked: Asked) -> Listing:
    """Prices, by product, key, type and whether they are still asked."""
    params = asked.params
    keys, type_ = params.texts("lookup_keys"), params.text("type")
    wanted = {name: params.text(name) for name in ("product", "currency")}
    active = params.flag("active")
    return Listing(
        [
            each
            for each in asked.all(Price)
            if active in (None, each.active)
            and type_ in (None, "recurring" if each.interval else "one_time")
            and (not keys or each.lookup_key in keys)
            and all(value in (None, getattr(each, name)) for name, value in wanted.items())
        ]
    )


def retrieve_product(asked: Asked) -> Product:
    """One product."""
    return asked.named(Product, "product")


def retrieve_price(asked: Asked) -> Price:
    """One price."""
    return asked.named(Price, "price")


def _usual(params: Params, noun: Product | Price) -> dict[str, object]:
    changes: dict[str, object] = {}
    if "active" in params:
        changes["active"] = params.flag("active") is not False
    if "metadata" in params:
        changes["metadata"] = params.metadata(noun.metadata)
    return changes


def _product(asked: Asked, params: Params) -> Product:
    if "product_data" in params:
        data: Json = params.part("product_data").tree
        inner = Asked(asked.world, Params(data, params.named("product_data")), asked.account, "")
        return create_product(inner)
    key = params.need("product")
    return asked.find(Product, "product", key, params.named("product"))


def _unit_amount(params: Params) -> int:
    amount = params.number("unit_amount")
    if amount is None:
        amount = params.number("unit_amount_decimal")
    if amount is None:
        raise needed(params.named("unit_amount"))
    if amount < 0:
        raise wrong(params.named("unit_amount"), f"Invalid non-negative integer: {amount}")
    return amount


def _interval(recurring: Params) -> str:
    recurring.need("interval")
    return recurring.choice("interval", INTERVALS, "month")


def _lookup_key(asked: Asked, params: Params) -> str | None:
    """A key is one price's: another one's is taken from it only if that is asked for."""
    key = params.text("lookup_key")
    holder = next((each for each in asked.all(Price) if key and each.lookup_key == key), None)
    if holder is None or holder.id == asked.ids.get("id_"):
        return key
    if not params.flag("transfer_lookup_key"):
        text = f"A price (`{holder.id}`) already uses that lookup key."
        raise wrong("lookup_key", text)
    catalog.change(asked.truth, holder, lookup_key=None)
    return key


PRICES = "product active type currency lookup_keys.# recurring.interval created.*"
ROUTES = (
    Route("POST", "/v1/products", create_product, f"id {PRODUCT}"),
    Route("GET", "/v1/products", products, "active ids.# created.*", lists=True),
    Route("GET", "/v1/products/<id_>", retrieve_product),
    Route("POST", "/v1/products/<id_>", update_product, f"default_price {PRODUCT}"),
    Route("POST", "/v1/prices", create_price, NEW_PRICE),
    Route("GET", "/v1/prices", prices, PRICES, lists=True),
    Route("GET", "/v1/prices/<id_>", retrieve_price),
    Route(
        "POST",
        "/v1/prices/<id_>",
        update_price,
        "nickname active metadata.* lookup_key transfer_lookup_key",
    ),
)
