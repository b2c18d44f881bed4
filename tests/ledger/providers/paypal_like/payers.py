"""Payers, the cards they have in the vault, and how a card gets there."""

from __future__ import annotations

from tests.ledger.providers.paypal_like.world import Json, Refused, World

DECLINED = "declined"  # what is typed into the page to be a card that never pays


def create(world: World, asked: Json) -> Json:
    payer = world.new("PAYER", **asked, preferred=None)
    world.notify("PAYER.CREATED", payer)
    return payer


def retrieve(world: World, asked: Json, id_: str) -> Json:
    return world.get("PAYER", id_)


def change(world: World, asked: Json, id_: str) -> Json:
    """Another address, name or card."""
    payer, card_id = world.get("PAYER", id_), asked.pop("card", None)
    if asked:
        payer |= asked
        world.notify("PAYER.UPDATED", payer)
    return payer if card_id is None else _prefer(world, payer, card_id)


def _prefer(world: World, payer: Json, card_id: str) -> Json:
    """Pays from now on with another card, agreements of the payer's included."""
    card = world.get("CARD", card_id)
    if card["payer"] != payer["id"]:
        raise Refused(422, "CARD_OF_ANOTHER", "this card is another payer's")
    payer["preferred"] = card["id"]
    for each in world.all("AGREEMENT"):
        if each["payer"] == payer["id"]:
            each["card"] = card["id"]
    return payer


def cards(world: World, asked: Json, id_: str) -> Json:
    return {"cards": [each for each in world.all("CARD") if each["payer"] == id_]}


def begin_setup(world: World, asked: Json) -> Json:
    payer = world.get("PAYER", asked["payer"])
    return world.new("SETUP", payer=payer["id"], status="CREATED", token="setup-token", card=None)


def setup(world: World, asked: Json, id_: str) -> Json:
    return world.get("SETUP", id_)


def save(world: World, asked: Json, id_: str) -> Json:
    """The payer types a card into the page; a card that will not pay can be saved as well."""
    begun = world.get("SETUP", id_)
    begun["card"] = keep(world, begun["payer"], asked["card"])["id"]
    begun["status"] = "APPROVED"
    return begun


def keep(world: World, payer: str, typed: str) -> Json:
    """A card for the vault."""
    works = typed != DECLINED
    return world.new("CARD", payer=payer, brand="VISA", last="4242", expiry="2030-04", works=works)


def declined() -> Refused:
    """What is said of a card that does not pay."""
    return Refused(422, "INSTRUMENT_DECLINED", "Your bank did not agree.", reason="do_not_honor")


ROUTES = (
    ("POST", "/v1/payers", create),
    ("GET", "/v1/payers/<id_>", retrieve),
    ("PATCH", "/v1/payers/<id_>", change),
    ("GET", "/v1/payers/<id_>/cards", cards),
    ("POST", "/v1/vault/setups", begin_setup),
    ("GET", "/v1/vault/setups/<id_>", setup),
    ("POST", "/page/setups/<id_>", save),
)
