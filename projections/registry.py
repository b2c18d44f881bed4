"""All projections: a new table is one file and one name in this list."""

from __future__ import annotations

from projections.account_charges import ACCOUNT_CHARGES
from projections.account_payments import ACCOUNT_PAYMENTS
from projections.balance_transactions import BALANCE_TRANSACTIONS
from projections.balances import BALANCES
from projections.catalog import CATALOG
from projections.connect import APPLICATION_FEES, TRANSFERS
from projections.credit_notes import CREDIT_NOTES
from projections.customers import CUSTOMERS
from projections.deliveries import DELIVERIES
from projections.entitlements import ENTITLEMENTS
from projections.group_registrations import GROUP_REGISTRATIONS
from projections.invoices import INVOICES
from projections.paid_invoices import PAID_INVOICES
from projections.payment_methods import PAYMENT_METHODS
from projections.payouts import PAYOUTS
from projections.plan_periods import PLAN_PERIODS
from projections.purchases import PURCHASES
from projections.setups import MANDATES, SETUP_INTENTS
from projections.stripe_grants import STRIPE_CREDIT_GRANTS, STRIPE_ENTITLEMENTS
from projections.subscription_schedules import SUBSCRIPTION_SCHEDULES
from projections.subscriptions import SUBSCRIPTIONS

PROJECTIONS = (
    CUSTOMERS,
    PURCHASES,
    SUBSCRIPTIONS,
    ENTITLEMENTS,
    PAID_INVOICES,
    INVOICES,
    CREDIT_NOTES,
    BALANCES,
    PAYMENT_METHODS,
    SETUP_INTENTS,
    MANDATES,
    SUBSCRIPTION_SCHEDULES,
    TRANSFERS,
    APPLICATION_FEES,
    PAYOUTS,
    BALANCE_TRANSACTIONS,
    STRIPE_ENTITLEMENTS,
    STRIPE_CREDIT_GRANTS,
    CATALOG,
    ACCOUNT_CHARGES,
    ACCOUNT_PAYMENTS,
    GROUP_REGISTRATIONS,
    PLAN_PERIODS,
    DELIVERIES,
)
