"""Whatever happens to a wallet, its sums hold: a machine of all that can, beside plain counting."""

from dataclasses import dataclass, field

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from ledger.aggregates.credit_wallet import CreditWallet
from ledger.effects import Grant
from ledger.errors import InsufficientCredits, KeyReused, LedgerError
from tests.ledger.given import SCOPE, why

grant_ids = st.sampled_from(["pi_1", "pi_2", "pi_3"])
keys = st.sampled_from(["job-1", "job-2", "job-3", "job-4"])
amounts = st.integers(1, 100)


@dataclass
class Counted:
    """A wallet as anybody would count it on paper."""

    grants: dict[str, tuple[int, int]] = field(default_factory=dict)
    spends: dict[str, int] = field(default_factory=dict)

    @property
    def granted(self) -> int:
        return sum(credits for credits, _ in self.grants.values())

    @property
    def revoked(self) -> int:
        return sum(revoked for _, revoked in self.grants.values())

    @property
    def spent(self) -> int:
        return sum(self.spends.values())


class Wallets(RuleBasedStateMachine):
    """Grants, revocations, withdrawals and spending in any order."""

    def __init__(self) -> None:
        super().__init__()
        self.wallet = CreditWallet(SCOPE.stream(CreditWallet.CATEGORY, "ann"))
        self.paper = Counted()

    @rule(grant_id=grant_ids, credits=amounts, part=st.floats(0, 1))
    def hold(self, grant_id: str, credits: int, part: float) -> None:
        revoked = int(credits * part)
        self.wallet.hold(grant_id, Grant("ann", credits, revoked), why())
        self.paper.grants[grant_id] = (credits, revoked)

    @rule(grant_id=grant_ids)
    def withdraw(self, grant_id: str) -> None:
        self.wallet.withdraw(grant_id, why())
        self.paper.grants.pop(grant_id, None)

    @rule(key=keys, credits=amounts)
    def spend(self, key: str, credits: int) -> None:
        known, available = self.paper.spends.get(key), self.wallet.totals.available
        if known not in (None, credits):
            self.refused(KeyReused, key, credits)
        elif known is None and credits > available:
            self.refused(InsufficientCredits, key, credits)
        else:
            self.wallet.spend(key, credits, why())
            self.paper.spends[key] = credits

    def refused(self, error: type[LedgerError], key: str, credits: int) -> None:
        with pytest.raises(error):
            self.wallet.spend(key, credits, why())

    @invariant()
    def the_sums_are_those_on_paper(self) -> None:
        totals = self.wallet.totals
        paper = self.paper
        assert (totals.granted, totals.spent, totals.revoked) == (
            *(paper.granted, paper.spent, paper.revoked),
        )

    @invariant()
    def nothing_appears_or_disappears(self) -> None:
        totals = self.wallet.totals
        assert totals.granted + totals.shortfall == totals.spent + totals.revoked + totals.available
        assert totals.available >= 0
        assert totals.available == 0 or totals.shortfall == 0

    @invariant()
    def history_tells_the_same_wallet(self) -> None:
        replayed = CreditWallet(self.wallet.id)
        for event in self.wallet.pending:
            replayed.apply(event)
        assert (replayed.totals, replayed.grants, replayed.spends, replayed.version) == (
            *(self.wallet.totals, self.wallet.grants),
            *(self.wallet.spends, self.wallet.version),
        )


TestWallets = Wallets.TestCase
TestWallets.settings = settings(max_examples=60, stateful_step_count=30, deadline=None)
