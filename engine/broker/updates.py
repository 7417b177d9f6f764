"""From events to updates: what clients are told of one transaction, in the documented order.

Per account: executions, orders, equity, positions, bracket children, notifications, then profit and loss. Each touched
order and position is told once, as it is when the transaction is over.
"""

from collections.abc import Callable
from functools import lru_cache
from typing import Any

from engine.broker import events as ev
from engine.broker import serializers
from engine.broker.account import Account, OpenPosition
from engine.broker.ledger import FLAT
from engine.broker.moment import Moment
from engine.broker.order import Order
from engine.models.broker.connection import ConnectionStatus
from engine.topics import Interest, Update


@lru_cache(maxsize=8192)
def channel(route: str, account_id: str, symbol: str | None = None) -> str:
    """Name the channel of an account's updates, or of its executions in one symbol."""
    return f"{route}:{account_id}" if symbol is None else f"{route}:{account_id}:{symbol}"


@lru_cache(maxsize=1024)
def _own_channels(account_id: str) -> tuple[str, str, str, str]:
    """Name the channels of an account's executions, orders, equity and positions."""
    return (
        channel("executions", account_id),
        channel("orders", account_id),
        channel("equity", account_id),
        channel("positions", account_id),
    )


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

    def apply(self, event: ev.Event) -> Order | None:
        """Let the account evolve and remember what that touched; returns the order that it happened to."""
        return _APPLY.get(type(event), Touched._apply_to_order)(self, event)

    def _apply_to_order(self, event: ev.OrderEvent) -> Order:
        account = self.account
        order = account.evolve(event)
        assert order is not None
        self.orders[order.id] = order
        if order.parent is not None and (shown := account.positions.get(order.parent.id)) is not None:
            self.positions[order.symbol] = shown
        return order

    def _apply_unseen(self, event: ev.OrderEvent) -> Order | None:
        """Apply an event of which nothing shows."""
        return self.account.evolve(event)

    def _apply_trade(self, event: ev.OrderExecuted) -> Order:
        positions, symbol = self.account.positions, event.symbol
        before = positions.get(symbol)
        order = self.account.evolve(event)
        position = positions.get(symbol, before)
        assert order is not None
        assert position is not None
        self.orders[order.id] = order
        self.executions.append(event)
        self.traded.add(order.id)
        self.positions[symbol] = position
        return order

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

    def updates(self, interest: Interest, moment: Moment) -> list[Update]:
        """Return the updates in the order of publication. Derived ones are made only for somebody who listens."""
        account, account_id = self.account, self.account.id
        executions, orders, equity, positions = _own_channels(account_id)
        told: list[Update] = []
        if self.is_new:
            told.append(Update(channel("broker-connection", account_id), _connected(moment.now_ms)))
        for event in self.executions:
            symbol = event.symbol
            payload = serializers.execution_payload(event, account.instruments[symbol])
            told.append(Update(executions, payload))
            told.append(Update(channel("executions", account_id, symbol), payload))
        followers = []
        for order in self.orders.values():
            if order.parent is None or order.id in self.traded:
                told.append(Update(orders, serializers.order_payload(order)))
            else:
                followers.append(order)
        if (self.executions or self.moved or self.is_funded) and interest.wants(equity):
            told.append(Update(equity, serializers.equity_payload(account, moment)))
        for position in self.positions.values():
            told.append(Update(positions, serializers.position_payload(account, position)))
        for order in followers:
            told.append(Update(orders, serializers.order_payload(order)))
        for call in self.calls:
            told.append(Update(channel("notifications", account_id), serializers.margin_call_payload(call)))
        if self.moved:
            profit = channel("pl", account_id)
            if interest.wants(profit):
                told.append(Update(profit, serializers.pl_payload(account, list(account.positions.values()), moment)))
        return told


_APPLY: dict[type, Callable[[Touched, Any], Order | None]] = {
    **dict.fromkeys(ev.ACCOUNT_EVENTS, Touched._apply_to_account),
    ev.OrderExecuted: Touched._apply_trade,
    ev.OrderArrived: Touched._apply_unseen,
    ev.OrderTakingChanged: Touched._apply_unseen,
}


def _connected(now_ms: int) -> dict[str, object]:
    return {
        "status": int(ConnectionStatus.CONNECTED),
        "message": "Connected to the paper broker",
        "disconnectType": None,
        "timestamp": now_ms,
    }
