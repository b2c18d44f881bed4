"""Each kind of event has one stored name and one canonical example that is read for ever."""

from datetime import UTC, datetime

import pytest

from ledger.aggregates.aggregate import Aggregate
from ledger.aggregates.api_key import ApiKeys
from ledger.aggregates.bookkeeping import Bookkeeping, Refusal
from ledger.aggregates.charge import Charge
from ledger.aggregates.charge_account import ChargeAccount
from ledger.aggregates.credit_wallet import CreditWallet
from ledger.aggregates.customer import Customer
from ledger.aggregates.dunning import Dunning
from ledger.aggregates.hand_grant import HandGrant
from ledger.aggregates.invoice import Invoice
from ledger.aggregates.learning_path import LearningPath
from ledger.aggregates.mailbox import Mailbox
from ledger.aggregates.mirrors import MIRRORS
from ledger.aggregates.plan import StarterPlan
from ledger.aggregates.plan_holder import PlanHolder
from ledger.aggregates.purchase import Purchase
from ledger.aggregates.shopper import Shopper
from ledger.aggregates.subscription import Subscription
from ledger.events import EVENTS, decode, encode

AGGREGATES: tuple[type[Aggregate], ...] = (
    Customer,
    Mailbox,
    Charge,
    Purchase,
    Invoice,
    Subscription,
    CreditWallet,
    Bookkeeping,
    Refusal,
    ApiKeys,
    Shopper,
    LearningPath,  # for groups and plans too, which have the same events
    StarterPlan,
    ChargeAccount,
    PlanHolder,
    HandGrant,
    Dunning,
    *MIRRORS.values(),
)
PLACE = (
    '"originator_id":"x/stripe/live//1","originator_version":3,"cause":"delivery/1",'
    '"effective_at":"2026-09-01T12:00:00Z","recorded_at":"2026-09-01T12:00:05Z"'
)
TIME = '"2026-09-01T12:00:00Z"'
MONEY = '{"minor":1000,"currency":"usd"}'
ACCESS = f'{{"customer_id":"ann","features":["group:3"],"granted_at":{TIME}}}'
BILL = f'{{"status":"paid","payer":{{}},"total":{MONEY},"paid":{MONEY},"paid_at":{TIME}}}'
PLAN = f'{{"status":"active","payer":{{"user_id":"ann"}},"started_at":{TIME}}}'
TERMS = f'{{"opened_at":{TIME},"payer":{{"user_id":"ann"}},"credits":50}}'
RECEIPT = f'{{"customer_id":"ann","paid":{MONEY},"paid_at":{TIME}}}'
TOTALS = '"totals":{"granted":50,"spent":0,"revoked":0}'
OWNER = '"customer_id":"ann","provider_customer_id":"cus_1"'


def held(state: str) -> str:
    return f'"standing":{{"held":[{{"state":{state},"created":{TIME},"rank":1}}]}}'


REFUND = f'{{"amount":{MONEY},"status":"succeeded","at":{TIME}}}'
DISPUTE = f'{{"amount":{MONEY},"status":"open"}}'
DETAILS = f'{{"created":{TIME},"user_id":"ann"}}'
ENTRY = (
    '{"delivery_id":"d","event_id":"evt_1","type":"t","account":"",'
    f'"created":{TIME},"received_at":{TIME},"outcome":"applied"}}'
)
AMOUNT = f'"amount":{MONEY}'
NOTE = (
    '{"status":"issued","invoice_id":"in_1","number":null,"reason":null,'
    f'{AMOUNT},"created":{TIME},"post_payment_minor":1000}}'
)
CARD = '{"kind":"card","brand":"visa","last4":"4242","provider_customer_id":"cus_1"}'
PART = f'{{"kind":"refund","id":"fr_1",{AMOUNT}}}'
COVERAGE = f'{{"paid_at":{TIME},"start":{TIME},"end":{TIME}}}'

ASKED = '"order_id":"1","subject":"card:k","key":"shopper/stripe/live//ann#1@20260901T120000"'
NEW_PAYMENT = (
    f'{{"provider_customer_id":"cus_1",{AMOUNT},"description":"LEAD",'
    '"metadata":{"user_id":"ann"}}'
)
NEW_SUBSCRIPTION = (
    '{"provider_customer_id":"cus_1","price_id":"price_1","quantity":1,"metadata":{"slot":"plan"}}'
)
NEW_SESSION = (
    '{"provider_customer_id":"cus_1","price_id":"price_1","units":50,"metadata":{"credits":"50"},'
    '"client_reference_id":"ann","return_url":"https://app.example/"}'
)
DEBT = f'{{{AMOUNT},"description":"May","due_at":{TIME}}}'
REQUEST = f'{{"charge_ids":["c1"],{AMOUNT},"requested_at":{TIME},"provider_customer_id":"cus_1"}}'
ACCOUNT_CREDIT = f'{{"customer_id":"ann","received":{MONEY},"paid_at":{TIME},"request_id":"ap_1"}}'
PRODUCT = '{"name":"Group - G","description":"Product","metadata":{"group_id":"3"}}'
SOLD = f'{{"product":{PRODUCT},"nickname":"Price","metadata":{{"group_id":"3"}}}}'
HELD = '{"plan_id":"pro"}'
HELD_PERIOD = f'{{"plan_id":"pro","subscription_id":"sub_1","start":{TIME}}}'

STORED: dict[str, str] = {
    "Customer.Reported": held(DETAILS),
    "Customer.Deleted": f'"deleted_at":{TIME}',
    "Customer.Named": f'"by":"cs_1","user_id":"ann","at":{TIME}',
    "Customer.Engaged": '"stream":"purchase/stripe/live//pi_1"',
    "Customer.Identified": '"customer_id":"ann"',
    "Mailbox.CustomerSeen": f'"customer":"customer/stripe/test//cus_1","at":{TIME}',
    "Mailbox.PaymentWaits": '"purchase":"purchase/stripe/test//pi_1"',
    "Charge.Linked": '"payment_id":"pi_1"',
    "Charge.RefundHeld": (f'"seen":{{"payment_id":"ch_1","refund_id":"re_1","refund":{REFUND}}}'),
    "Charge.DisputeHeld": (
        f'"seen":{{"payment_id":"ch_1","dispute_id":"dp_1",'
        f'"snapshot":{{"state":{DISPUTE},"created":{TIME}}}}}'
    ),
    "Purchase.SoldAlone": "",
    "Purchase.Claimed": '"customer_id":"ann"',
    "Purchase.Described": f'"source":"intent",{held(TERMS)},"terms":{TERMS},"ours":true',
    "Purchase.Paid": (f'"source":"intent","reported":{MONEY},"received":{MONEY},"paid_at":{TIME}'),
    "Purchase.Contradicted": '"conflict":"intent says 10.00 USD; charge says 9.00 USD"',
    "Purchase.PaymentClosed": '"outcome":"failed"',
    "Purchase.RefundReported": f'"refund_id":"re_1","refund":{REFUND},"refunded_minor":1000',
    "Purchase.RefundTotalReported": f'"total":{MONEY},"at":{TIME},"refunded_minor":1000',
    "Purchase.DisputeReported": (
        f'"dispute_id":"dp_1",{held(DISPUTE)},"disputed_minor":1000,"lost_minor":0'
    ),
    "Purchase.InvoiceSettled": '"invoice_id":"in_1","invoice_ids":["in_1","in_2"]',
    "Purchase.Attributed": OWNER,
    "Purchase.Receipted": f'"receipt":{RECEIPT}',
    "Purchase.Entitled": f'"access":{ACCESS}',
    "Purchase.CreditsResolved": '"grant":{"customer_id":"ann","credits":50}',
    "Invoice.Finalized": held(BILL),
    "Invoice.Updated": held(BILL),
    "Invoice.PaymentFailed": held(BILL),
    "Invoice.Paid": held(BILL),
    "Invoice.Voided": held(BILL),
    "Invoice.MarkedUncollectible": held(BILL),
    "Invoice.Credited": f'"credit_note_id":"cn_1","credit":{{"minor":100,"since":{TIME}}}',
    "Invoice.Billed": f'"receivable":{{"customer_id":"ann","bill":{BILL}}}',
    "Invoice.PaymentLinked": '"payment_id":"pi_1","settlement":{}',
    "Invoice.Attributed": OWNER,
    "Invoice.Receipted": f'"receipt":{RECEIPT}',
    "Subscription.Started": held(PLAN),
    "Subscription.Changed": held(PLAN),
    "Subscription.StatusChanged": held(PLAN),
    "Subscription.Ended": held(PLAN),
    "Subscription.Stopped": f'"at":{TIME}',
    "Subscription.CoverageSettled": f'"paid_until":{TIME}',
    "Subscription.Covered": (f'"invoice_id":"in_1","coverage":{COVERAGE},"paid_until":{TIME}'),
    "Subscription.ChangeNoted": f'"at":{TIME}',
    "Subscription.NextBillAnnounced": (
        f'"announced":{{"held":[{{"state":{{"at":{TIME},"due":{MONEY}}},"created":{TIME}}}]}}'
    ),
    "Subscription.Attributed": OWNER,
    "Subscription.Entitled": f'"access":{ACCESS},"dropped":["plan:pro"]',
    "CreditWallet.Granted": f'"grant_id":"pi_1","credits":50,{TOTALS}',
    "CreditWallet.Revoked": f'"grant_id":"pi_1","revoked":0,{TOTALS}',
    "CreditWallet.GrantWithdrawn": f'"grant_id":"pi_1",{TOTALS}',
    "CreditWallet.Spent": f'"key":"job-1","credits":5,{TOTALS}',
    "Bookkeeping.BatchKept": f'"entries":[{ENTRY}],"inbox_position":7',
    "CreditNote.Reported": f'{held(NOTE)},"customer_id":"ann"',
    "PaymentMethod.Reported": f'{held(CARD)},"since":{{"attached":{TIME}}}',
    "SetupIntent.Reported": held(f'{{"status":"succeeded","created":{TIME}}}'),
    "Mandate.Reported": held('{"status":"active","kind":"multi_use"}'),
    "Transfer.Reported": held(f'{{{AMOUNT},"reversed_minor":100,"charge_id":"ch_1"}}'),
    "ApplicationFee.Reported": f'"part":{PART},"sums":{{"refund":1000}}',
    "Payout.Reported": held(f'{{"status":"paid",{AMOUNT},"created":{TIME}}}'),
    "BalanceTransaction.Reported": held(
        f'{{"kind":"charge","currency":"usd","amount_minor":1000,"fee_minor":59,"net_minor":941,'
        f'"created":{TIME},"available_on":{TIME}}}'
    ),
    "ActiveEntitlements.Reported": held('{"features":["pro"],"provider_customer_id":"cus_1"}'),
    "CreditGrant.Reported": held(f'{{{AMOUNT},"created":{TIME}}}'),
    "SubscriptionSchedule.Reported": held(f'{{"status":"active","created":{TIME}}}'),
    "ApiKey.Issued": (
        f'"key_id":"k1","digest":"0a","terms":{{"name":"shop","scopes":["read"],"expires_at":{TIME}}}'
    ),
    "ApiKey.Rotated": f'"key_id":"k1","digest":"0b","previous_until":{TIME}',
    "ApiKey.Revoked": '"key_id":"k1"',
    "Purchase.AccountCredited": f'"credit":{ACCOUNT_CREDIT}',
    "Shopper.CustomerAsked": f'{ASKED},"new":{{"user_id":"ann","email":"ann@example.com"}}',
    "Shopper.DetailsAsked": f'{ASKED},"new":{{"user_id":"ann","email":"ann@example.com"}}',
    "Shopper.PaymentAsked": f'{ASKED},"new":{NEW_PAYMENT}',
    "Shopper.SubscriptionAsked": f'{ASKED},"new":{NEW_SUBSCRIPTION},"slot":true',
    "Shopper.PlanChangeAsked": (
        f'{ASKED},"new":{{"subscription_id":"sub_1","price_id":"price_2","quantity":1}}'
    ),
    "Shopper.CancelAsked": f'{ASKED},"new":true',
    "Shopper.ResumeAsked": f'{ASKED},"new":"sub_1"',
    "Shopper.SessionAsked": f'{ASKED},"new":{NEW_SESSION}',
    "Shopper.SetupAsked": f'{ASKED},"new":"cus_1"',
    "Shopper.CardAsked": f'{ASKED},"new":"pm_1"',
    "Shopper.Registered": '"provider_customer_id":"cus_1"',
    "Shopper.Opened": '"order_id":"1","provider_id":"pi_1"',
    "Shopper.Moved": '"order_id":"1","subject":"plan:pro"',
    "Shopper.Closed": '"order_id":"1","why":"done"',
    "Offering.Offered": f'"offer":{{"name":"G","price":{MONEY},"interval":"month","sold":{SOLD}}}',
    "Offering.ProductMade": '"product_id":"prod_1"',
    "Offering.PriceMade": (
        f'"price_id":"price_1","priced":{{{AMOUNT},"interval":"month","metadata":{{}}}}'
    ),
    "Offering.Renamed": '"words":{"name":"G","description":"P","nickname":"N"}',
    "StarterPlan.Chosen": '"plan_id":"starter"',
    "ChargeAccount.ChargeAdded": f'"charge_id":"c1","debt":{DEBT}',
    "ChargeAccount.ChargeWaived": '"charge_id":"c1"',
    "ChargeAccount.PaymentRequested": (
        f'"request_id":"ap_1","key":"k","request":{REQUEST},"new":{NEW_PAYMENT}'
    ),
    "ChargeAccount.PaymentOpened": '"request_id":"ap_1","payment_id":"pi_1"',
    "ChargeAccount.PaymentGivenUp": '"request_id":"ap_1","why":"its charges changed"',
    "ChargeAccount.Credited": f'"purchase_id":"pi_1","credit":{ACCOUNT_CREDIT}',
    "ChargeAccount.Assigned": '"purchase_id":"pi_1","charge_ids":["c1"]',
    "ChargeAccount.Settled": (
        f'"charges":{{"c1":{{"debt":{DEBT},"status":"paid"}}}},'
        f'"payments":{{"ap_1":{{"status":"paid",{AMOUNT}}}}}'
    ),
    "PlanHolder.PlanReported": (
        f'"subscription_id":"sub_1",{held(HELD)},"periods":[{HELD_PERIOD}]'
    ),
    "HandGrant.Entitled": f'"access":{ACCESS},"note":"a prize"',
    "Dunning.Lapsed": (
        '"invoice_id":"in_1","held":{"plan_id":"pro","subscription_id":"sub_1",'
        '"price_id":"price_1","quantity":1}'
    ),
    "Dunning.Downgraded": '"invoice_id":"in_1","subscription_id":"sub_1"',
    "Dunning.Restored": '"invoice_id":"in_1","subscription_id":"sub_1","plan_id":"pro"',
    "Dunning.Dropped": '"invoice_id":"in_1","because":"it was paid meanwhile"',
    "Delivery.Refused": '"code":"Unreadable","reason":"no"',
    "Delivery.Retried": f'"entry":{ENTRY}',
}
"""Topic -> an event as it was stored once; these texts are never edited, only added to."""


def stored(topic: str) -> bytes:
    return f"{{{','.join(filter(None, (STORED[topic], PLACE)))}}}".encode()


def test_every_kind_of_event_has_its_stored_example() -> None:
    assert sorted(STORED) == sorted(EVENTS)


@pytest.mark.parametrize("topic", STORED)
def test_what_was_stored_once_is_read_for_ever(topic: str) -> None:
    event = decode(topic, stored(topic))

    assert type(event) is EVENTS[topic]
    assert decode(topic, encode(event)) == event
    assert (event.originator_id, event.originator_version) == ("x/stripe/live//1", 3)
    assert event.effective_at == datetime(2026, 9, 1, 12, tzinfo=UTC)


def test_an_unknown_name_is_no_event() -> None:
    with pytest.raises(KeyError):
        decode("Purchase.Forgotten", b"{}")


def test_every_aggregate_evolves_by_all_of_its_events() -> None:
    evolved = [event for kind in AGGREGATES for event in kind.EVOLVERS]

    assert set(evolved) == set(EVENTS.values())
    assert len(evolved) == len(EVENTS)  # so no two share a name
