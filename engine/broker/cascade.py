"""From events to updates: what clients are told of one transaction, in the documented order.

Per account: executions, orders, equity, positions, then profit and loss. Each touched order and position is told once,
as it is when the transaction is over.
"""

from collections.abc import Iterable

from engine.broker import events as ev
from engine.broker import views
from engine.broker.account import Account, OpenPosition, QuoteOf
from engine.broker.order import Order
from engine.models.broker.connection import ConnectionStatus
from engine.models.market.quotes import Quote
from engine.topics import Interest, Update


def channel(route: str, account_id: str, symbol: str | None = None) -> str:
    """Name the channel of an account's updates, or of its executions in one symbol."""
    return f"{route}:{account_id}" if symbol is None else f"{route}:{account_id}:{symbol}"


class Touched:
    """What one transaction changed in one account."""

    __slots__ = ("account", "executions", "is_new", "moved", "orders", "positions")

    def __init__(self, account: Account) -> None:
        self.account = account
        self.is_new = False
        self.executions: list[ev.OrderExecuted] = []
        self.orders: dict[str, Order] = {}
        self.positions: dict[str, tuple[OpenPosition, Quote]] = {}
        self.moved: list[OpenPosition] = []

    def apply(self, event: ev.Event) -> None:
        """Let the account evolve and remember what that touched."""
        account = self.account
        if isinstance(event, ev.AccountOpened):
            account.evolve(event)
            self.is_new = True
            return
        before = account.positions.get(event.symbol) if isinstance(event, ev.OrderExecuted) else None
        account.evolve(event)
        self.orders[event.order_id] = account.order(event.order_id)
        if isinstance(event, ev.OrderExecuted):
            self.executions.append(event)
            position = account.positions.get(event.symbol, before)
            assert position is not None
            self.positions[event.symbol] = (position, event.quote)

    def updates(self, interest: Interest, quotes: QuoteOf, now_ms: int) -> Iterable[Update]:
        """Yield the updates in the order of publication. Derived ones are made only for somebody who listens."""
        account_id = self.account.id
        if self.is_new:
            yield Update(channel("broker-connection", account_id), _connected(now_ms))
        for event in self.executions:
            payload = views.execution_payload(event, self.account.instruments[event.symbol])
            yield Update(channel("executions", account_id), payload)
            yield Update(channel("executions", account_id, event.symbol), payload)
        for order in self.orders.values():
            yield Update(channel("orders", account_id), views.order_payload(order))
        equity = channel("equity", account_id)
        if (self.executions or self.moved) and interest.wants(equity):
            yield Update(equity, views.equity_payload(self.account, quotes, now_ms))
        for position, quote in self.positions.values():
            yield Update(channel("positions", account_id), views.position_payload(position, quote))
        profit = channel("pl", account_id)
        if self.moved and interest.wants(profit):
            yield Update(profit, views.pl_payload(self.moved, quotes, now_ms))


def _connected(now_ms: int) -> dict[str, object]:
    return {
        "status": int(ConnectionStatus.CONNECTED),
        "message": "Connected to the paper broker",
        "disconnectType": None,
        "timestamp": now_ms,
    }
