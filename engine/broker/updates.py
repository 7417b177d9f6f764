"""From events to updates: the messages to clients about one transaction, in the documented order.

Per account: executions, orders, equity, positions, individual positions, bracket children, notifications, profit and
loss, then margin available. Each changed order and position is sent once, in its state at the end of the transaction.
"""

from functools import lru_cache
from typing import NamedTuple

from engine.broker import events as ev
from engine.broker import margin, serializers
from engine.broker.account import Account
from engine.broker.individual_positions import IndividualPosition
from engine.broker.ledger import FLAT, Holding
from engine.broker.market_view import MarketView
from engine.broker.order import Order
from engine.broker.position import OpenPosition
from engine.models.broker.account import ConnectionStatus
from engine.topics import Interest, Payload, Update


def channel(route: str, account_id: str, symbol: str | None = None) -> str:
    """Return the channel of an account's updates, or of its executions in one symbol."""
    return f"{route}:{account_id}" if symbol is None else f"{route}:{account_id}:{symbol}"


class Channels(NamedTuple):
    """The channels of an account's updates."""

    orders: str
    executions: str
    equity: str
    positions: str
    individual_positions: str
    pl: str
    individual_pl: str
    margin_available: str
    notifications: str
    broker_connection: str


@lru_cache(maxsize=1024)
def channels(account_id: str) -> Channels:
    """Return the channels of an account."""
    return Channels(*(channel(route.replace("_", "-"), account_id) for route in Channels._fields))


INTERNAL = frozenset((ev.OrderArrived, ev.OrderTakingChanged, ev.OrderCapped))
"""Events that change nothing on the wire."""


class AccountChanges:
    """The changes of one transaction in one account.

    Args:
        account: The account.

    Attributes:
        is_new, is_cleared, is_funded: The account was opened; it was reset; its money or its rules changed.
        margin_calls: Events of margin calls.
        executions: Trades, in order.
        orders: Changed orders by id.
        positions: Changed positions by symbol, closed ones included.
        individual: Changed individual positions by id, closed ones included.
        marked: Positions whose mark moved, by symbol.
    """

    __slots__ = (
        "account",
        "executions",
        "individual",
        "is_cleared",
        "is_funded",
        "is_new",
        "margin_calls",
        "marked",
        "orders",
        "positions",
    )

    def __init__(self, account: Account) -> None:
        self.account = account
        self.is_new = self.is_cleared = self.is_funded = False
        self.margin_calls: list[ev.MarginCallChanged] = []
        self.executions: list[ev.OrderExecuted] = []
        self.orders: dict[str, Order] = {}
        self.positions: dict[str, OpenPosition] = {}
        self.individual: dict[str, IndividualPosition] = {}
        self.marked: dict[str, OpenPosition] = {}

    def apply(self, event: ev.Event) -> Order | None:
        """Apply an event to the account and record its changes; returns the order that it concerns."""
        account = self.account
        if type(event) is ev.OrderExecuted:
            self.executions.append(event)
            before = account.positions.get(event.symbol)
            held = {one: one.holding for one in account.individual.of(event.symbol)} if account.is_hedging else None
            order = account.evolve(event)
            assert order is not None
            if held is not None:
                self._add_individual(event, held)
            position = account.positions.get(event.symbol, before)
        elif isinstance(event, ev.ACCOUNT_EVENTS):
            self._apply_to_account(event)
            return None
        else:
            order = account.evolve(event)
            assert order is not None
            if type(event) in INTERNAL:
                return order
            position = None if order.parent is None else self._parent_of(order.parent)
        self.orders[order.id] = order
        if position is not None:
            self.positions[order.symbol] = position
        return order

    def _parent_of(self, parent: ev.Parent) -> OpenPosition | None:
        """Record the individual position that a bracket belongs to, or return its net position."""
        one = self.account.individual.find(parent.id) if self.account.is_hedging else None
        if one is not None:
            self.individual[one.id] = one
        return self.account.positions.get(parent.id)

    def _add_individual(self, event: ev.OrderExecuted, held: dict[IndividualPosition, Holding]) -> None:
        """Record the individual positions that a trade changed, and the ones that can be closed from now on."""
        individual = self.account.individual
        now = individual.of(event.symbol)
        changed = [one for one in {**held, **dict.fromkeys(now)} if held.get(one) != one.holding]
        if self.account.profile.fifo_close:
            changed += [one for side in (1, -1) if (one := individual.oldest(event.symbol, side)) is not None]
        for one in changed:
            self.individual[one.id] = one

    def _apply_to_account(self, event: ev.AccountEvent) -> None:
        account = self.account
        if isinstance(event, ev.AccountCleared):
            for symbol, position in account.positions.items():
                position.holding, position.update_time = FLAT, event.time_ms
                self.positions[symbol] = position
            for one in account.individual:
                one.holding, one.update_time = FLAT, event.time_ms
                self.individual[one.id] = one
            self.is_cleared = True
        elif isinstance(event, ev.MarginCallChanged):
            self.margin_calls.append(event)
        account.evolve(event)
        self.is_new |= isinstance(event, ev.AccountOpened)
        self.is_funded |= not self.is_new

    def updates(self, interest: Interest, market: MarketView) -> list[Update]:
        """Return the updates in the order of publication; equity and profit are left out without a subscriber."""
        account, to = self.account, channels(self.account.id)
        updates: list[Update] = []
        if self.is_new:
            updates.append(Update(to.broker_connection, _connected(market.now_ms)))
        for event in self.executions:
            payload = serializers.execution_payload(event, account.instruments[event.symbol])
            updates.append(Update(to.executions, payload))
            updates.append(Update(channel("executions", account.id, event.symbol), payload))
        children = []
        for order in self.orders.values():
            if order.parent is None or any(event.order_id == order.id for event in self.executions):
                updates.append(Update(to.orders, serializers.order_payload(order)))
            else:
                children.append(order)
        is_valued = bool(self.executions or self.marked or self.is_funded)
        if is_valued and interest.wants(to.equity):
            updates.append(Update(to.equity, serializers.equity_payload(account, market)))
        for position in self.positions.values():
            updates.append(Update(to.positions, serializers.position_payload(account, position)))
        if self.individual:
            updates += self._individual_updates(market)
        for order in children:
            updates.append(Update(to.orders, serializers.order_payload(order)))
        for call in self.margin_calls:
            updates.append(Update(to.notifications, serializers.margin_call_payload(call)))
        if self.marked:
            updates += self._profit_updates(interest, market)
        if (is_valued or self.orders) and interest.wants(to.margin_available):
            updates.append(Update(to.margin_available, serializers.margin_available_payload(account, market)))
        return updates

    def _profit_updates(self, interest: Interest, market: MarketView) -> list[Update]:
        """Return the updates of the profits, where they have a subscriber."""
        account, to = self.account, channels(self.account.id)
        updates: list[Update] = []
        if interest.wants(to.pl):
            updates.append(Update(to.pl, serializers.pl_payload(account, market)))
        if account.is_hedging and interest.wants(to.individual_pl):
            updates.append(Update(to.individual_pl, serializers.individual_pl_payload(account, market)))
        return updates

    def _individual_updates(self, market: MarketView) -> list[Update]:
        """Return the updates of the changed individual positions, marked with the current quotes."""
        account, symbols = self.account, {one.instrument.name for one in self.individual.values()}
        held = [account.positions[symbol] for symbol in symbols if symbol in account.positions]
        profits = {one.id: profit for net in held for one, profit in margin.individual_profits(account, net, market)}
        payloads = [
            serializers.individual_payload(account, one, profits.get(one.id, 0)) for one in self.individual.values()
        ]
        return [Update(channels(account.id).individual_positions, payload) for payload in payloads]


def _connected(now_ms: int) -> Payload:
    return {
        "status": int(ConnectionStatus.CONNECTED),
        "message": "Connected to the paper broker",
        "disconnectType": None,
        "timestamp": now_ms,
    }
