"""Saved cards; no card number ever comes here, the page gives it to the provider."""

from __future__ import annotations

from marshmallow import Schema, fields

from ledger.checkout.cards import add_card, saved_cards, use_new_card
from ledger.checkout.refusals import CardNotSaved, NotRegistered, NotYours
from ledger.providers.outbound import Card as SavedCard
from ledger.providers.outbound import OpenSetup
from web.access.guard import Need
from web.api.endpoint import Call, Endpoint, Office
from web.api.fields import PersonIn, said
from web.api.shapes import Card, listed


class Setup(Schema):
    """A card to be saved in the page."""

    id = fields.String(required=True)
    state = fields.String(required=True)
    client_secret = fields.String(
        required=True, metadata=said("For Stripe.js in the customer's own page, nowhere else.")
    )


def _open(office: Office, call: Call) -> OpenSetup:
    return add_card(office.shop, call.person, call.key, call.now)


def _use(office: Office, call: Call) -> SavedCard:
    return use_new_card(office.shop, call.user_id, call.path["setup_id"], call.now)


def _list(office: Office, call: Call) -> dict[str, object]:
    return {"data": saved_cards(office.shop, call.user_id)}


ENDPOINTS = (
    Endpoint(
        name="openCardSetup",
        call="POST /v1/customers/{user_id}/card-setups",
        about="Begins saving a card.",
        need=Need("checkout", token=True),
        work=_open,
        takes=PersonIn,
        gives=Setup,
        keyed=True,
        outbound=True,
    ),
    Endpoint(
        name="useNewCard",
        call="POST /v1/customers/{user_id}/card-setups/{setup_id}/use",
        about="Pays future bills with the card that was saved.",
        need=Need("checkout", token=True),
        work=_use,
        gives=Card,
        outbound=True,
        refusals=(NotRegistered, NotYours, CardNotSaved),
    ),
    Endpoint(
        name="listCards",
        call="GET /v1/customers/{user_id}/cards",
        about="The saved cards, the default one first.",
        need=Need("read", token=True),
        work=_list,
        gives=listed("Cards", Card, "Saved cards."),
        outbound=True,
        refusals=(NotRegistered,),
    ),
)
