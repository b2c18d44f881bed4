"""Charges on a customer's account, and payments for them; the amount is worked out here."""

from __future__ import annotations

from marshmallow import Schema, fields, validate

from ledger.checkout import account_payments
from ledger.checkout.refusals import (
    ChargeSettled,
    InvalidTerms,
    KeyTaken,
    NothingDue,
    UnknownCharge,
    WrongAmount,
)
from ledger.errors import UnknownPayment
from web.access.guard import Need
from web.api.endpoint import Call, Endpoint, Office
from web.api.fields import Flag, MoneyIn, MoneyOut, PersonIn, Time, said, text
from web.api.paging import PageAsked, paged, pages
from web.api.shapes import Payment


class ChargeIn(Schema):
    """Something a customer owes from `due_at` on."""

    amount = fields.Nested(MoneyIn, required=True)
    description = text(500, required=True)
    due_at = Time(required=True)


class PayIn(PersonIn):
    """Which charges are to be paid."""

    pay_past_due_only = Flag(
        load_default=False, metadata=said("Only unpaid charges whose due date has passed.")
    )


class AccountPayment(Schema):
    """The one open payment, and the charges it is for."""

    payment = fields.Nested(Payment, required=True)
    charge_ids = fields.List(fields.String(), required=True)


class AssignIn(Schema):
    """The charges that money pays; their amounts have to add up to it."""

    charge_ids = fields.List(text(200), required=True, validate=validate.Length(1, 100))


class Charge(Schema):
    """Something owed; the amount is in minor units of the currency."""

    charge_id = fields.String(required=True)
    status = fields.String(required=True, metadata=said("open, paid or waived."))
    currency = fields.String(required=True)
    amount_minor = fields.Integer(required=True)
    description = fields.String(required=True)
    due_at = Time(required=True, metadata=said("Open after that, it is past due."))
    paid_at = Time(required=True, allow_none=True)
    purchase_id = fields.String(required=True, allow_none=True)


class AccountPaymentRow(Schema):
    """A payment for charges; amounts are in minor units of the currency."""

    payment_key = fields.String(required=True)
    status = fields.String(
        required=True,
        metadata=said("pending, paid or canceled; mismatched: it came and settles nothing yet."),
    )
    currency = fields.String(required=True)
    amount_minor = fields.Integer(required=True)
    refunded_minor = fields.Integer(required=True)
    charge_ids = fields.List(fields.String(), required=True)
    is_external = fields.Boolean(
        required=True, metadata=said("Nothing here asked for it: it was paid elsewhere.")
    )
    purchase_id = fields.String(required=True, allow_none=True)
    requested_at = Time(required=True, allow_none=True)
    paid_at = Time(required=True, allow_none=True)


class PayableOut(Schema):
    """What could be paid now; null where that is nothing."""

    past_due = fields.Nested(MoneyOut, required=True, allow_none=True)
    all_due = fields.Nested(MoneyOut, required=True, allow_none=True)


def _add(office: Office, call: Call) -> None:
    new = account_payments.NewCharge(call.path["charge_id"], call.user_id, **call.body)
    account_payments.add_charge(office.shop, new, call.now)


def _waive(office: Office, call: Call) -> None:
    account_payments.waive_charge(office.shop, call.user_id, call.path["charge_id"], call.now)


def _pay(office: Office, call: Call) -> account_payments.AccountPayment:
    past_due_only = call.body["pay_past_due_only"]
    return account_payments.get_or_create_payment(office.shop, call.person, past_due_only, call.now)


def _assign(office: Office, call: Call) -> None:
    payment_id, charge_ids = call.path["payment_id"], call.body["charge_ids"]
    account_payments.assign_payment(office.shop, call.user_id, payment_id, charge_ids, call.now)


def _charges(office: Office, call: Call) -> dict[str, object]:
    return paged(call, lambda page: office.queries.charges(call.user_id, page=page))


def _payments(office: Office, call: Call) -> dict[str, object]:
    return paged(call, lambda page: office.queries.account_payments(call.user_id, page=page))


def _payable(office: Office, call: Call) -> account_payments.Payable:
    return account_payments.payable(office.shop, call.user_id, call.now)


ENDPOINTS = (
    Endpoint(
        name="addCharge",
        call="PUT /v1/customers/{user_id}/charges/{charge_id}",
        about="Says that a customer owes something; once, however often it is called.",
        need=Need("charges"),
        work=_add,
        takes=ChargeIn,
        refusals=(InvalidTerms, KeyTaken),
    ),
    Endpoint(
        name="waiveCharge",
        call="DELETE /v1/customers/{user_id}/charges/{charge_id}",
        about="Waives what is not paid yet.",
        need=Need("charges"),
        work=_waive,
        refusals=(UnknownCharge, ChargeSettled),
    ),
    Endpoint(
        name="listCharges",
        call="GET /v1/customers/{user_id}/charges",
        about="What a customer owes or owed, by when it is due.",
        need=Need("read", token=True),
        work=_charges,
        asks=PageAsked,
        gives=pages("Charges", Charge, "Charges, paid or not."),
    ),
    Endpoint(
        name="listAccountPayments",
        call="GET /v1/customers/{user_id}/account-payments",
        about="Payments for a customer's charges, made or asked for, the newest first.",
        need=Need("read", token=True),
        work=_payments,
        asks=PageAsked,
        gives=pages("AccountPayments", AccountPaymentRow, "Payments, made or asked for."),
    ),
    Endpoint(
        name="getPayable",
        call="GET /v1/customers/{user_id}/payable",
        about="What a customer could pay now: what is past due, and all.",
        need=Need("read", token=True),
        work=_payable,
        gives=PayableOut,
    ),
    Endpoint(
        name="payCharges",
        call="POST /v1/customers/{user_id}/account-payment",
        about="The one open payment for a customer's charges, opened if there is none.",
        need=Need("checkout", token=True),
        work=_pay,
        takes=PayIn,
        gives=AccountPayment,
        outbound=True,
        refusals=(NothingDue,),
    ),
    Endpoint(
        name="assignPayment",
        call="PUT /v1/customers/{user_id}/account-payments/{payment_id}/charges",
        about="Says which charges money pays that came from outside, or that no longer fits what "
        "it was asked for.",
        need=Need("charges"),
        work=_assign,
        takes=AssignIn,
        refusals=(UnknownPayment, UnknownCharge, ChargeSettled, WrongAmount),
    ),
)
