"""From events to updates: what clients are told of one transaction, in the documented order.

Per account: executions, orders, equity, positions, bracket children, notifications, then profit and loss. Each touched
order and position is told once, as it is when the transaction is over.
"""

from collections.abc import Iterator

from engine.broker import events as ev
from engine.broker import views
from engine.broker.account import Account, OpenPosition
from engine.broker.ledger import FLAT
from engine.broker.moment import Moment
from engine.broker.order import Order
from engine.models.broker.connection import ConnectionStatus
from engine.topics import Interest, Update


def channel(route: str, account_id: str, symbol: str | None = None) -> str:
    """Name the channel of an account's updates, or of its executions in one symbol."""
    return f"{route}:{account_id}" if symbol is None else f"{route}:{account_id}:{symbol}"


class Touched:
    """What one transaction changed in one account."""

    __slots__ = (
        "account",
        "calls",
        "executions",
        "is_cleared",
        "is_funded",
        "is_new",
        "moved",
        "orders",
        "positions",
        "traded",
    )

    def __init__(self, account: Account) -> None:
        self.account = account
        self.is_new = False
        self.is_cleared = False
        self.is_funded = False
        self.calls: list[ev.MarginCallChanged] = []
        self.executions: list[ev.OrderExecuted] = []
        self.orders: dict[str, Order] = {}
        self.traded: set[str] = set()
        self.positions: dict[str, OpenPosition] = {}
        self.moved: dict[str, OpenPosition] = {}

    def apply(self, event: ev.Event) -> None:
        """Let the account evolve and remember what that touched."""
        account = self.account
        if isinstance(event, ev.OrderExecuted):
            self._apply_trade(event)
            return
        if isinstance(event, ev.ACCOUNT_EVENTS):
            self._apply_to_account(event)
            return
        account.evolve(event)
        if isinstance(event, (ev.OrderArrived, ev.OrderTakingChanged)):
            return  # nothing of it shows
        order = self.orders[event.order_id] = account.order(event.order_id)
        if order.parent is not None and (shown := account.positions.get(order.parent.id)) is not None:
            self.positions[order.symbol] = shown

    def _apply_trade(self, event: ev.OrderExecuted) -> None:
        account = self.account
        before = account.positions.get(event.symbol)
        account.evolve(event)
        self.orders[event.order_id] = account.order(event.order_id)
        self.executions.append(event)
        self.traded.add(event.order_id)
        position = account.positions.get(event.symbol, before)
        assert position is not None
        self.positions[event.symbol] = position

    def _apply_to_account(self, event: ev.AccountEvent) -> None:
        account = self.account
        if isinstance(event, ev.AccountCleared):
            for symbol, position in account.positions.items():
                position.holding, position.update_time = FLAT, event.time_ms
                self.positions[symbol] = position
            self.is_cleared = True
        elif isinstance(event, ev.MarginCallChanged):
            self.calls.append(event)
        account.evolve(event)
        self.is_new |= isinstance(event, ev.AccountOpened)
        self.is_funded |= not self.is_new

    def updates(self, interest: Interest, moment: Moment) -> Iterator[Update]:
        """Yield the updates in the order of publication. Derived ones are made only for somebody who listens."""
        account, account_id = self.account, self.account.id
        if self.is_new:
            yield Update(channel("broker-connection", account_id), _connected(moment.now_ms))
        for event in self.executions:
            payload = views.execution_payload(event, account.instruments[event.symbol])
            yield Update(channel("executions", account_id), payload)
            yield Update(channel("executions", account_id, event.symbol), payload)
        orders = channel("orders", account_id)
        followers = []
        for order in self.orders.values():
            if order.parent is None or order.id in self.traded:
                yield Update(orders, views.order_payload(order))
            else:
                followers.append(order)
        equity = channel("equity", account_id)
        if (self.executions or self.moved or self.is_funded) and interest.wants(equity):
            yield Update(equity, views.equity_payload(account, moment))
        for position in self.positions.values():
            yield Update(channel("positions", account_id), views.position_payload(account, position))
        for order in followers:
            yield Update(orders, views.order_payload(order))
        for call in self.calls:
            yield Update(channel("notifications", account_id), views.margin_call_payload(call))
        profit = channel("pl", account_id)
        if self.moved and interest.wants(profit):
            yield Update(profit, views.pl_payload(account, list(account.positions.values()), moment))


def _connected(now_ms: int) -> dict[str, object]:
    return {
        "status": int(ConnectionStatus.CONNECTED),
        "message": "Connected to the paper broker",
        "disconnectType": None,
        "timestamp": now_ms,
    }
