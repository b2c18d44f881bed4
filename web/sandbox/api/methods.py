"""/v1/payment_methods: cards and bank accounts, by number or as ready-made tokens."""

from __future__ import annotations

from web.sandbox.api.asked import Asked, Listing, Route
from web.sandbox.api.params import Params
from web.sandbox.api.problems import declined, missing, needed, unexpected, wrong
from web.sandbox.render.payments import error_code, message
from web.sandbox.truth import cards, customers
from web.sandbox.truth.cards import ACCOUNTS, NUMBERS, TOKENS, Kind
from web.sandbox.truth.customers import Customer, PaymentMethod

DATA = (
    "type card.number card.exp_month card.exp_year card.cvc card.token "
    "us_bank_account.* sepa_debit.iban billing_details.* metadata.* allow_redisplay"
)


def create(asked: Asked) -> PaymentMethod:
    """A method nobody keeps yet, as Stripe.js makes them."""
    return from_data(asked, asked.params)


def retrieve(asked: Asked) -> PaymentMethod:
    """One method."""
    return asked.named(PaymentMethod, "PaymentMethod")


def update(asked: Asked) -> PaymentMethod:
    """Other metadata."""
    method = asked.named(PaymentMethod, "PaymentMethod")
    metadata = asked.params.metadata(method.metadata)
    return asked.truth.change(method, "payment_method.updated", metadata=metadata)


def attach(asked: Asked) -> PaymentMethod:
    """A customer keeps a method, or a new one of a token's kind."""
    asked.params.need("customer")
    customer = asked.given(Customer, "customer", "customer")
    assert customer is not None  # it was needed
    return attached(asked, by_id(asked, asked.ids["id_"], "id"), customer)


def detach(asked: Asked) -> PaymentMethod:
    """Nobody keeps the method any more."""
    method = asked.named(PaymentMethod, "PaymentMethod")
    if method.customer is None:
        text = "The payment method you provided is not attached to a customer so detachment is "
        raise unexpected("payment_method_unactivated", text + "impossible.")
    return customers.detach(asked.truth, method)


def listing(asked: Asked) -> Listing:
    """The methods a customer keeps."""
    customer = asked.given(Customer, "customer", "customer")
    if customer is None:
        raise needed("customer")
    return Listing(kept_by(asked, customer))


def of_customer(asked: Asked) -> Listing:
    """The same, by the customer's own address."""
    return Listing(kept_by(asked, asked.named(Customer, "customer")))


def one_of_customer(asked: Asked) -> PaymentMethod:
    """One method, if the customer keeps it."""
    customer, key = asked.named(Customer, "customer"), asked.ids["method"]
    method = asked.find(PaymentMethod, "PaymentMethod", key)
    if method.customer != customer.id:
        raise missing("PaymentMethod", key)
    return method


def kept_by(asked: Asked, customer: Customer) -> list[PaymentMethod]:
    """The methods a customer keeps, of the type asked for if one is."""
    type_ = asked.params.text("type")
    return [
        each
        for each in asked.all(PaymentMethod)
        if each.customer == customer.id and type_ in (None, each.type)
    ]


def attached(asked: Asked, method: PaymentMethod, customer: Customer) -> PaymentMethod:
    """The method, kept by the customer. Raises Problem for a card its bank refuses."""
    if method.customer == customer.id:
        return method
    if method.customer is not None:
        text = "The payment method you provided has already been attached to a customer."
        raise unexpected("payment_method_unexpected_state", text)
    if method.declines and method.last4 != "0341" and method.type == "card":
        code = error_code(method.declines)
        raise declined(code, message(method.declines), decline_code=method.declines)
    return customers.attach(asked.truth, method, customer)


def by_id(asked: Asked, key: str, parameter: str) -> PaymentMethod:
    """The method of an id, or a new one if it is a token. Raises Problem when it is neither."""
    if key in TOKENS:
        return cards.make(asked.truth, asked.account, TOKENS[key])
    return asked.find(PaymentMethod, "PaymentMethod", key, parameter)


def from_data(asked: Asked, data: Params) -> PaymentMethod:
    """A new method from what was entered. Raises Problem for what is none."""
    details, card = data.part("billing_details"), data.part("card")
    return cards.make(
        asked.truth,
        asked.account,
        _kind(data),
        email=details.text("email"),
        name=details.text("name"),
        exp_month=card.number("exp_month") or 12,
        exp_year=card.number("exp_year") or 2034,
        metadata=data.metadata(),
    )


def _kind(data: Params) -> Kind:
    type_ = data.need("type")
    if type_ == "card":
        return _card(data.part("card"))
    if type_ == "us_bank_account":
        return _account(data.part(type_).need("account_number"), f"{type_}[account_number]")
    if type_ == "sepa_debit":
        return _account(data.part(type_).need("iban"), "sepa_debit[iban]")
    raise wrong("type", f"Invalid type: {type_}")


def _card(card: Params) -> Kind:
    token = card.text("token")
    if token is not None:
        kind = TOKENS.get(token.replace("tok_", "pm_card_"))
        if kind is None:
            raise missing("token", token, "card[token]")
        return kind
    number = card.need("number").replace(" ", "")
    if number not in NUMBERS:
        raise declined("incorrect_number", "Your card number is incorrect.", param="number")
    return NUMBERS[number]


def _account(number: str, parameter: str) -> Kind:
    kind = ACCOUNTS.get(number.replace(" ", ""))
    if kind is None:
        raise wrong(parameter, f"Invalid account number: {number}")
    return kind


def entered(number: str) -> Kind:
    """What a card or account number entered in a page stands for. Raises Problem for none."""
    kinds = {**NUMBERS, **ACCOUNTS}
    digits = number.replace(" ", "")
    if digits not in kinds:
        raise declined("incorrect_number", "Your card number is incorrect.", param="number")
    return kinds[digits]


LIST = "customer type allow_redisplay"
ROUTES = (
    Route("POST", "/v1/payment_methods", create, DATA, public=True),
    Route("GET", "/v1/payment_methods", listing, LIST, lists=True),
    Route("GET", "/v1/payment_methods/<id_>", retrieve),
    Route("POST", "/v1/payment_methods/<id_>", update, "metadata.*"),
    Route("POST", "/v1/payment_methods/<id_>/attach", attach, "customer"),
    Route("POST", "/v1/payment_methods/<id_>/detach", detach),
    Route("GET", "/v1/customers/<id_>/payment_methods", of_customer, LIST, lists=True),
    Route("GET", "/v1/customers/<id_>/payment_methods/<method>", one_of_customer),
)
