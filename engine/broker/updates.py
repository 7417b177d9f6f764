"""From events to updates: the messages to clients about one transaction, in the documented order.

Per account: executions, orders, equity, positions, bracket children, notifications, then profit and loss. Each changed
order and position is sent once, in its state at the end of the transaction.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any, NamedTuple

from engine.broker import events as ev
from engine.broker import serializers
from engine.broker.account import Account, OpenPosition
from engine.broker.ledger import FLAT
from engine.broker.market_view import MarketView
from engine.broker.order import Order
from engine.models.broker.account import ConnectionStatus
from engine.topics import Interest, Payload, Update


@lru_cache(maxsize=8192)
def channel(route: str, account_id: str, symbol: str | None = None) -> str:
    """Return the channel of an account's updates, or of its executions in one symbol."""
    return f"{route}:{account_id}" if symbol is None else f"{route}:{account_id}:{symbol}"


class Channels(NamedTuple):
    """The channels that most transactions publish to."""

    executions: str
    orders: str
    equity: str
    positions: str


@lru_cache(maxsize=1024)
def _channels_of(account_id: str) -> Channels:
    return Channels(*(channel(route, account_id) for route in Channels._fields))


@dataclass(slots=True)
class AccountChanges:
    """The changes of one transaction in one account.

    Attributes:
        is_new, is_cleared, is_funded: The account was opened; it was reset; its money or its rules changed.
        margin_calls: Events of margin calls.
        executions: Trades, in order.
        orders: Changed orders by id.
        positions: Changed positions by symbol, closed ones included.
        marked: Positions whose mark moved, by symbol.
    """

    account: Account
    is_new: bool = False
    is_cleared: bool = False
    is_funded: bool = False
    margin_calls: list[ev.MarginCallChanged] = field(default_factory=list)
    executions: list[ev.OrderExecuted] = field(default_factory=list)
    orders: dict[str, Order] = field(default_factory=dict)
    positions: dict[str, OpenPosition] = field(default_factory=dict)
    marked: dict[str, OpenPosition] = field(default_factory=dict)

    def apply(self, event: ev.Event) -> Order | None:
        """Apply an event to the account and record its changes; returns the order that it concerns."""
        return _APPLY.get(type(event), AccountChanges._apply_to_order)(self, event)

    def _apply_to_order(self, event: ev.OrderEvent) -> Order:
        account = self.account
        order = account.evolve(event)
        assert order is not None
        self.orders[order.id] = order
        if order.parent is not None and (shown := account.positions.get(order.parent.id)) is not None:
            self.positions[order.symbol] = shown
        return order

    def _apply_internal(self, event: ev.OrderEvent) -> Order | None:
        """Apply an event that changes nothing on the wire."""
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
            self.margin_calls.append(event)
        account.evolve(event)
        self.is_new |= isinstance(event, ev.AccountOpened)
        self.is_funded |= not self.is_new

    def updates(self, interest: Interest, market: MarketView) -> list[Update]:
        """Return the updates in the order of publication. Equity and profit only where somebody subscribes to them."""
        account, account_id, channels = self.account, self.account.id, _channels_of(self.account.id)
        updates: list[Update] = []
        if self.is_new:
            updates.append(Update(channel("broker-connection", account_id), _connected(market.now_ms)))
        for event in self.executions:
            payload = serializers.execution_payload(event, account.instruments[event.symbol])
            updates.append(Update(channels.executions, payload))
            updates.append(Update(channel("executions", account_id, event.symbol), payload))
        children = []
        for order in self.orders.values():
            if order.parent is None or any(event.order_id == order.id for event in self.executions):
                updates.append(Update(channels.orders, serializers.order_payload(order)))
            else:
                children.append(order)
        if (self.executions or self.marked or self.is_funded) and interest.wants(channels.equity):
            updates.append(Update(channels.equity, serializers.equity_payload(account, market)))
        for position in self.positions.values():
            updates.append(Update(channels.positions, serializers.position_payload(account, position)))
        for order in children:
            updates.append(Update(channels.orders, serializers.order_payload(order)))
        for call in self.margin_calls:
            updates.append(Update(channel("notifications", account_id), serializers.margin_call_payload(call)))
        if self.marked and interest.wants(channel("pl", account_id)):
            payload = serializers.pl_payload(account, list(account.positions.values()), market)
            updates.append(Update(channel("pl", account_id), payload))
        return updates


_APPLY: dict[type, Callable[[AccountChanges, Any], Order | None]] = {
    **dict.fromkeys(ev.ACCOUNT_EVENTS, AccountChanges._apply_to_account),
    ev.OrderExecuted: AccountChanges._apply_trade,
    ev.OrderArrived: AccountChanges._apply_internal,
    ev.OrderTakingChanged: AccountChanges._apply_internal,
}


def _connected(now_ms: int) -> Payload:
    return {
        "status": int(ConnectionStatus.CONNECTED),
        "message": "Connected to the paper broker",
        "disconnectType": None,
        "timestamp": now_ms,
    }
