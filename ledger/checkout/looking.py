"""What a page shows a user of their own: how things stand with the provider, and what is offered.

All raise InvalidTerms for what is no id, NotYours for what is another's, and ProviderProblem.
"""

from __future__ import annotations

from collections.abc import Mapping

from ledger.account_standing import Debt
from ledger.aggregates.charge_account import ChargeAccount
from ledger.aggregates.group import Group
from ledger.aggregates.learning_path import LearningPath
from ledger.aggregates.offering import Offer
from ledger.aggregates.plan import Plan
from ledger.checkout.catalog import for_sale
from ledger.checkout.refusals import NotYours
from ledger.checkout.shop import Shop
from ledger.checkout.subscriptions import own
from ledger.checkout.visit import Try, Visit
from ledger.checkout.words import checked_id
from ledger.providers.outbound import OpenPayment, OpenSession, OpenSetup, OpenSubscription


def payment(shop: Shop, user_id: str, payment_id: str) -> OpenPayment:
    """A payment whose metadata, which we wrote, says that it is this user's."""
    found = shop.outbound.payment(checked_id("payment_id", payment_id))
    if found.metadata.get("user_id") != user_id:
        raise NotYours(user_id, payment_id)
    return found


def subscription(shop: Shop, user_id: str, subscription_id: str) -> OpenSubscription:
    """A subscription of the user's."""
    return own(Visit(shop, user_id), subscription_id)


def session(shop: Shop, user_id: str, session_id: str) -> OpenSession:
    """A visit to the provider's payment page that the user began."""
    _began(shop, user_id, session_id)
    return shop.outbound.session(session_id)


def setup(shop: Shop, user_id: str, setup_id: str) -> OpenSetup:
    """A card the user began to save."""
    _began(shop, user_id, setup_id)
    return shop.outbound.setup(setup_id)


def charges(shop: Shop, user_id: str) -> Mapping[str, Debt]:
    """What the user owes, due or not yet, the earliest due first."""
    return Try(shop).get(ChargeAccount, checked_id("user_id", user_id)).due(None)


def learning_path(shop: Shop, learning_path_id: str) -> Offer:
    """A learning path as it is offered. Raises NotOffered."""
    return for_sale(Try(shop), LearningPath, checked_id("learning_path_id", learning_path_id))[1]


def group(shop: Shop, group_id: str) -> Offer:
    """A group as it is offered. Raises NotOffered."""
    return for_sale(Try(shop), Group, checked_id("group_id", group_id))[1]


def plan(shop: Shop, plan_id: str) -> Offer:
    """A plan as it is offered. Raises NotOffered."""
    return for_sale(Try(shop), Plan, checked_id("plan_id", plan_id))[1]


def _began(shop: Shop, user_id: str, provider_id: str) -> None:
    if provider_id not in Visit(shop, user_id).shopper.provider_ids:
        raise NotYours(user_id, provider_id)
