"""One transaction: the events of a command or tick, applied as they are decided, and the result.

broker.py runs the rules in it; updates.py records the changes of each account and makes the updates.
"""

from collections.abc import Callable, Iterator
from typing import Protocol, TypeVar, TypeVarTuple

from engine.broker import events as ev
from engine.broker.account import Account
from engine.broker.command_result import ClearedAccount, CommandResult
from engine.broker.invariants import LedgerAudit
from engine.broker.market_view import MarketView
from engine.broker.order import Order
from engine.broker.updates import AccountChanges
from engine.topics import Interest, Update

T = TypeVar("T")
Ts = TypeVarTuple("Ts")


class Indexes(Protocol):
    """The indexes over accounts and orders, updated with every event; `Broker` implements it."""

    ledger: LedgerAudit

    def index_account(self, account: Account, event: ev.Event) -> None:
        """Update the indexes over accounts after a trade, or after an event of the account itself."""

    def index_order(self, order: Order) -> None:
        """Update the indexes over orders after an order changed."""


class Transaction:
    """The events of one command or tick.

    Args:
        broker: Its indexes are updated.
        cause: Name of the command, or "tick".
        market: Time and market.

    Attributes:
        market: Time and market of the next events; a tick advances to later instants.
    """

    def __init__(self, broker: Indexes, cause: str, market: MarketView) -> None:
        self._broker = broker
        self._cause = cause
        self._events: list[ev.Event] = []
        self._changes: dict[str, AccountChanges] = {}
        self.market = market

    def advance(self, market: MarketView) -> None:
        """Advance to a later instant of the same tick."""
        self.market = market

    def apply(self, account: Account, events: Iterator[ev.Event]) -> None:
        """Apply each event before the rule decides the next one; then index the changed orders.

        Rules read orders from accounts only, so an order that is placed and filled by one rule is indexed once.
        """
        changes, broker = self.changes_of(account), self._broker
        orders: dict[Order, None] = {}
        for event in events:
            order = changes.apply(event)
            self._events.append(event)
            if order is not None:
                orders[order] = None
            if order is None or type(event) is ev.OrderExecuted:
                broker.index_account(account, event)
        for order in orders:
            broker.index_order(order)

    def run_or_report_partial(
        self, report: Callable[[CommandResult], object], command: Callable[[*Ts], T], *args: *Ts
    ) -> T:
        """Run a command in this transaction and return its value.

        An error is raised again. If events were applied before it, `report` gets the partial result first, because the
        state is then ahead of the journal.
        """
        try:
            return command(*args)
        except BaseException:
            if self._events:
                report(CommandResult(self._cause, self.market.now_ms, tuple(self._events), [], is_partial=True))
            raise

    def changes_of(self, account: Account) -> AccountChanges:
        """Return the changes of this transaction in an account."""
        changes = self._changes.get(account.id)
        if changes is None:
            changes = self._changes[account.id] = AccountChanges(account)
        return changes

    def close(self, interest: Interest) -> CommandResult:
        """Return the result, updates in the order of publication, after a check of the ledger."""
        updates, violations = list[Update](), list[str]()
        cleared, opened = list[ClearedAccount](), list[str]()
        for changes in self._changes.values():
            account = changes.account
            updates += changes.updates(interest, self.market)
            if changes.orders:
                orders = () if changes.is_cleared else changes.orders.values()
                violations += self._broker.ledger.check(account, orders, changes.positions)
            if changes.is_cleared:
                cleared.append(ClearedAccount(account.id, account.generation))
            if changes.is_new:
                opened.append(account.id)
        now_ms, events = self.market.now_ms, tuple(self._events)
        return CommandResult(self._cause, now_ms, events, updates, tuple(violations), tuple(cleared), tuple(opened))
