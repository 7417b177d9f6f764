"""One account: its orders, positions and money in exact units. `evolve` is the only place that changes them.

Decisions (which events happen) are made in decisions.py, wire shapes in views.py; the broker runs both.
"""

from collections import deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from engine.broker import events as ev
from engine.broker.ledger import FLAT, Holding, apply_trade
from engine.broker.order import Order
from engine.errors import Denied, Missing, Reason
from engine.models.broker.account import Profile
from engine.models.broker.orders import OrderStatus, PreOrder
from engine.models.market.instruments import Instrument
from engine.models.market.quotes import Quote

KEPT_FINAL_ORDERS = 10_000
KEPT_EXECUTIONS = 10_000


@dataclass(slots=True)
class OpenPosition:
    """A position that is open, or was just closed (quantity 0; `side` stays). `realised` is money since it was opened.

    `mark` is the price of its last published profit: derived, not state.
    """

    instrument: Instrument
    holding: Holding = FLAT
    side: int = 1
    realised: int = 0
    update_time: int = 0
    mark: int = 0


@dataclass(slots=True)
class Funds:
    """Exact money of an account: `balance` and `cash` are kept beside their parts, so that each proves the other."""

    deposits: int = 0
    realised: int = 0
    commissions: int = 0
    balance: int = 0
    cash: int = 0


@dataclass(slots=True)
class Account:
    """State of one account.

    Attributes:
        working: Orders that are not final, by id, oldest first.
        final: The newest final orders, by id, oldest first.
        executions: The newest trades, oldest first.
        reducing: Working reduce-only orders by symbol and id.
        net: Signed sum of all executions by symbol, never reset: proves the positions.
        traded: Sum of the executions of each kept order: proves the orders.
    """

    instruments: Mapping[str, Instrument]
    id: str = ""
    name: str = ""
    currency: str = ""
    profile: Profile = field(default_factory=Profile)
    working: dict[str, Order] = field(default_factory=dict)
    final: dict[str, Order] = field(default_factory=dict)
    executions: deque[ev.OrderExecuted] = field(default_factory=lambda: deque(maxlen=KEPT_EXECUTIONS))
    positions: dict[str, OpenPosition] = field(default_factory=dict)
    reducing: dict[str, dict[str, Order]] = field(default_factory=dict)
    net: dict[str, int] = field(default_factory=dict)
    traded: dict[str, int] = field(default_factory=dict)
    funds: Funds = field(default_factory=Funds)
    order_count: int = 0
    execution_count: int = 0

    def next_order_id(self) -> str:
        """Return the id of the next order."""
        return f"ORDER-{self.order_count + 1}"

    def next_execution_id(self) -> str:
        """Return the id of the next execution."""
        return f"EXEC-{self.execution_count + 1}"

    def order(self, order_id: str) -> Order:
        """Return an order, working or final. Raises: Missing UNKNOWN_ORDER."""
        order = self.working.get(order_id) or self.final.get(order_id)
        if order is None:
            raise Missing(Reason.UNKNOWN_ORDER, f"order {order_id} does not exist")
        return order

    def working_order(self, order_id: str) -> Order:
        """Return an order that can still change. Raises: Missing UNKNOWN_ORDER; Denied ORDER_FINAL."""
        order = self.order(order_id)
        if order.is_final:
            raise Denied(Reason.ORDER_FINAL, f"order {order_id} is {order.status.name.lower()}")
        return order

    def position(self, position_id: str) -> OpenPosition:
        """Return an open position. Raises: Missing UNKNOWN_POSITION."""
        position = self.positions.get(position_id)
        if position is None:
            raise Missing(Reason.UNKNOWN_POSITION, f"position {position_id} does not exist")
        return position

    def signed_qty(self, symbol: str) -> int:
        """Return the signed quantity of a symbol's position, 0 when flat."""
        position = self.positions.get(symbol)
        return position.holding.qty if position else 0

    def evolve(self, event: ev.Event) -> None:
        """Apply what happened."""
        _EVOLVE[type(event)](self, event)

    def _opened(self, event: ev.AccountOpened) -> None:
        self.id, self.name, self.currency = event.account_id, event.name, event.currency
        self.profile = event.profile
        self.funds.deposits += event.deposit
        self.funds.balance += event.deposit
        self.funds.cash += event.deposit

    def _accepted(self, event: ev.OrderAccepted) -> None:
        order = self._new_order(event, OrderStatus.WORKING)
        self.working[order.id] = order
        if event.is_reduce_only:
            order.is_reduce_only = True
            self.reducing.setdefault(order.symbol, {})[order.id] = order

    def _rejected(self, event: ev.OrderRejected) -> None:
        order = self._new_order(event, OrderStatus.REJECTED)
        order.reason, order.message = event.reason.value, (event.message, "error")
        self._keep_final(order)

    def _new_order(self, event: ev.OrderAccepted | ev.OrderRejected, status: OrderStatus) -> Order:
        self.order_count += 1
        request: PreOrder = event.request
        return Order(
            self.id,
            event.order_id,
            self.instruments[request.symbol],
            request,
            request.type,
            int(request.side),
            event.qty,
            event.limit_price,
            event.stop_price,
            status,
            event.time_ms,
            event.time_ms,
        )

    def _modified(self, event: ev.OrderModified) -> None:
        order = self.working[event.order_id]
        order.request, order.qty = event.request, event.qty
        order.limit_price, order.stop_price = event.limit_price, event.stop_price
        order.update_time = event.time_ms

    def _triggered(self, event: ev.OrderTriggered) -> None:
        order = self.working[event.order_id]
        order.is_triggered = True
        order.update_time = event.time_ms

    def _canceled(self, event: ev.OrderCanceled) -> None:
        order = self.working[event.order_id]
        if event.reason is not None:
            order.reason = event.reason.value
        if event.message is not None:
            order.message = (event.message, "information")
        self._finish(order, OrderStatus.CANCELED, event.time_ms)

    def _executed(self, event: ev.OrderExecuted) -> None:
        self.execution_count += 1
        self.executions.append(event)
        self.traded[event.order_id] = self.traded.get(event.order_id, 0) + event.qty
        order = self.working[event.order_id]
        order.filled += event.qty
        order.value += event.qty * event.price
        order.commission += event.commission
        order.update_time = event.time_ms
        if order.filled == order.qty:
            self._finish(order, OrderStatus.FILLED, event.time_ms)
        self._book(event, order.instrument)

    def _book(self, event: ev.OrderExecuted, instrument: Instrument) -> None:
        """Move position and money by one trade."""
        position = self.positions.get(event.symbol)
        if position is None:
            position = self.positions[event.symbol] = OpenPosition(instrument)
        position.holding, realised_units = apply_trade(position.holding, event.side, event.qty, event.price)
        realised = realised_units * instrument.money_factor
        position.realised += realised
        position.update_time = event.time_ms
        if position.holding.qty:
            position.side = 1 if position.holding.qty > 0 else -1
        self.net[event.symbol] = self.net.get(event.symbol, 0) + event.side * event.qty
        funds = self.funds
        funds.realised += realised
        funds.commissions += event.commission
        funds.balance += realised - event.commission
        funds.cash -= event.side * event.qty * event.price * instrument.money_factor + event.commission
        if not position.holding.qty:
            del self.positions[event.symbol]

    def _finish(self, order: Order, status: OrderStatus, time_ms: int) -> None:
        order.status, order.update_time = status, time_ms
        del self.working[order.id]
        if order.is_reduce_only:
            del self.reducing[order.symbol][order.id]
        self._keep_final(order)

    def _keep_final(self, order: Order) -> None:
        self.final[order.id] = order
        if len(self.final) > KEPT_FINAL_ORDERS:
            oldest = next(iter(self.final))
            del self.final[oldest]
            self.traded.pop(oldest, None)


_EVOLVE: dict[type, Callable[[Account, Any], None]] = {
    ev.AccountOpened: Account._opened,
    ev.OrderAccepted: Account._accepted,
    ev.OrderRejected: Account._rejected,
    ev.OrderModified: Account._modified,
    ev.OrderTriggered: Account._triggered,
    ev.OrderCanceled: Account._canceled,
    ev.OrderExecuted: Account._executed,
}


QuoteOf = Callable[[str], Quote]
"""The market of a symbol at the instant of the command or tick that is being handled."""
