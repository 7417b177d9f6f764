"""What a broker has told on one connection: topics, and for each account its orders, positions, trades and money.

`checker.py` keeps this state, and the rules in `rules/` compare each update with it. Everything is derived from the
messages alone. Sums are known from a snapshot on, else from the first update that tells them.
"""

import json
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

Json = dict[str, Any]

CANCELED, FILLED, INACTIVE, PLACING, REJECTED, WORKING = range(1, 7)
FINAL = frozenset((CANCELED, FILLED, REJECTED))
LIMIT, MARKET, STOP, STOP_LIMIT = range(1, 5)
OF_ORDER, OF_POSITION, OF_INDIVIDUAL_POSITION = range(1, 4)

EXACT = frozenset(("orders", "positions", "individual-positions", "executions", "notifications", "broker-connection"))
"""Routes whose updates are numbered without holes."""

OF_ACCOUNT = EXACT | {"equity", "pl", "individual-pl"}
"""Routes whose updates are about one account."""

MAX_KEPT = 20_000
"""Largest number of orders and of executions of one account in memory; the oldest are forgotten."""

QTY_ERROR = 1e-9
"""Relative error of quantities, which are sums of binary fractions here."""


def is_same_qty(one: float, other: float) -> bool:
    """Whether two quantities are equal but for the error of binary fractions."""
    return abs(one - other) <= QTY_ERROR * max(1.0, abs(one), abs(other))


@dataclass(slots=True)
class Fills:
    """The executions of one order.

    Attributes:
        qty, value: Sums of the quantities, and of quantity * price, that were told as executions.
        base_qty, base_value: The part of the order's `filledQty` before the first told execution; None if unknown.
        lowest, highest: Bounds of the prices since the order was told last.
    """

    qty: float = 0.0
    value: float = 0.0
    base_qty: float | None = None
    base_value: float = 0.0
    lowest: float | None = None
    highest: float | None = None

    def add(self, qty: float, price: float) -> None:
        """Add an execution."""
        self.qty += qty
        self.value += qty * price
        self.lowest = price if self.lowest is None else min(price, self.lowest)
        self.highest = price if self.highest is None else max(price, self.highest)


@dataclass(slots=True)
class Holding:
    """A netted position as its executions make it: signed quantity, and its signed cost."""

    qty: float = 0.0
    cost: float = 0.0

    @property
    def average(self) -> float:
        """The average price; 0 without a position."""
        return self.cost / self.qty if self.qty else 0.0

    def trade(self, signed_qty: float, price: float) -> float:
        """Add a trade; returns the profit that it realises, in the instrument's price * quantity.

        Source: trading rules, positions: adding averages, reducing keeps the average, through zero the rest opens at
        the price.
        """
        before, average = self.qty, self.average
        after = 0.0 if is_same_qty(before, -signed_qty) else before + signed_qty
        if before * signed_qty >= 0:
            self.qty, self.cost = after, self.cost + signed_qty * price
            return 0.0
        closed = min(abs(before), abs(signed_qty))
        is_through_zero = after * before < 0
        self.qty, self.cost = after, after * (price if is_through_zero else average)
        return (price - average) * closed * (1 if before > 0 else -1)


@dataclass(slots=True)
class Topic:
    """A topic.

    Attributes:
        route: Its route.
        account: The account that all its updates are about; "" for market data and for executions of one symbol.
        seq: Its last sequence number.
        last_time: Time of its last bar.
    """

    route: str
    account: str
    seq: int | None = None
    last_time: float | None = None

    @classmethod
    def of(cls, text: str) -> "Topic":
        """Return the topic of a text `route:{"accountId":"A"}`, or of a channel `route:A`."""
        route, _, rest = text.partition(":")
        if not rest.startswith("{"):
            return cls(route, rest if route in OF_ACCOUNT else "")
        payload = json.loads(rest)
        is_whole = isinstance(payload, dict) and payload.get("symbol") is None
        return cls(route, str(payload.get("accountId", "")) if is_whole else "")


@dataclass(slots=True)
class AccountState:
    """What was told about one account.

    Attributes:
        orders, positions: The last update of each, by id. A closed position stays, with quantity 0.
        individual: The last update of each open individual position, by id.
        pl: The last update of the profit of the positions.
        fills: Executions by order id.
        holdings: Netted executions by symbol; a symbol is absent while its quantity is unknown.
        execution_ids: Ids of the executions.
        equity: The last update of the money.
        commission, realised: Sums of the executions since `equity`; None when they are unknown.
        awaited: Orders whose execution was told and that were not told since, with their symbols.
        open_legs: Ids of the brackets that are not final, by the id of their order or position.
        entries: Entry orders by the ids of their brackets, as far as they are known.
        changed_orders, changed_positions, changed_individual: Ids of those that were told since the last quiet moment.
        traded: Symbols with an execution since their position was told.
        is_equity_due: Whether an execution was told since the last equity.
        followed: Routes that are subscribed for the whole account.
        has_all_orders, has_all_positions, has_all_individual: Whether a snapshot told all of them.
        has_sums: Whether executions, orders and positions come in the order of the cascade. A resumed topic or a reset
            account ends that.
        max_orders: Number of orders at which the older half of the final ones is forgotten.
    """

    orders: dict[str, Json] = field(default_factory=dict)
    positions: dict[str, Json] = field(default_factory=dict)
    individual: dict[str, Json] = field(default_factory=dict)
    pl: Json | None = None
    fills: dict[str, Fills] = field(default_factory=lambda: defaultdict(Fills))
    holdings: dict[str, Holding] = field(default_factory=dict)
    execution_ids: dict[str, None] = field(default_factory=dict)
    equity: Json | None = None
    commission: float = 0.0
    realised: float | None = 0.0
    awaited: dict[str, str] = field(default_factory=dict)
    open_legs: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    entries: dict[str, str] = field(default_factory=dict)
    changed_orders: set[str] = field(default_factory=set)
    changed_positions: set[str] = field(default_factory=set)
    changed_individual: set[str] = field(default_factory=set)
    traded: set[str] = field(default_factory=set)
    is_equity_due: bool = False
    followed: set[str] = field(default_factory=set)
    has_all_orders: bool = False
    has_all_positions: bool = False
    has_all_individual: bool = False
    has_sums: bool = True
    max_orders: int = MAX_KEPT

    def follows(self, *routes: str) -> bool:
        """Whether all these routes are subscribed, and their updates come in the order of the cascade."""
        return self.has_sums and self.followed.issuperset(routes)

    def holding(self, symbol: str) -> Holding | None:
        """Return the netted executions of a symbol; None when they are unknown."""
        if symbol not in self.holdings and self.has_all_positions:
            self.holdings[symbol] = Holding()
        return self.holdings.get(symbol)

    # Subscriptions

    def subscribed(self, route: str, response: Json) -> None:
        """Continue after the response to a subscription of the whole account."""
        self.followed.add(route)
        if response.get("recovered"):
            self.has_sums = False
        snapshot = response.get("snapshot")
        if route == "executions":
            self.lose_sums()
        elif route == "orders":
            self.has_all_orders = snapshot is not None
            for order in snapshot or ():
                self.tell_order(order)
        elif route == "positions":
            self.has_all_positions = snapshot is not None
            if snapshot is not None:
                self.holdings.clear()
                self.positions.clear()
            for position in snapshot or ():
                self.tell_position(position)
        elif route == "individual-positions":
            self.has_all_individual = snapshot is not None
            self.individual.clear()
            for one in snapshot or ():
                self.tell_individual(one)
        elif route == "equity":
            self.equity = None
            if snapshot is not None:
                self.tell_equity(snapshot)

    def unsubscribed(self, route: str) -> None:
        """Continue without a route."""
        self.followed.discard(route)
        if route == "executions":
            self.lose_sums()
        elif route == "individual-positions":
            self.has_all_individual = False

    def lose_sums(self) -> None:
        """Forget the sums of executions: some of them were not told."""
        self.fills.clear()
        self.holdings.clear()
        self.awaited.clear()
        self.traded.clear()
        self.is_equity_due = self.has_all_orders = self.has_all_positions = False
        self.realised = None

    # Updates

    def tell_execution(self, execution: Json, point_value: float | None) -> None:
        """Add an execution; `point_value` is None when the money of the instrument is in another currency."""
        symbol, qty, price = execution["symbol"], execution["qty"], execution["price"]
        self.execution_ids[execution["id"]] = None
        self.fills[execution["orderId"]].add(qty, price)
        self.awaited[execution["orderId"]] = symbol
        self.traded.add(symbol)
        self.is_equity_due = True
        self.commission += execution.get("commission") or 0.0
        holding = self.holding(symbol)
        if holding is None or point_value is None or self.individual_of(symbol):
            self.realised = None
        if holding is not None:
            gain = holding.trade(execution["side"] * qty, price)
            if self.realised is not None and point_value is not None:
                self.realised += gain * point_value
        keep_newest(self.execution_ids)

    def tell_order(self, order: Json) -> None:
        """Store an order."""
        order_id, filled = order["id"], order.get("filledQty") or 0.0
        fills = self.fills[order_id]
        if fills.base_qty is None and self.has_all_orders and order_id not in self.orders:
            fills.base_qty = 0.0
        if fills.base_qty is None:
            fills.base_qty = filled - fills.qty
            fills.base_value = filled * (order.get("avgPrice") or 0.0) - fills.value
        fills.lowest = fills.highest = None
        before, parent = self.orders.get(order_id), order.get("parentId")
        if before is not None and before.get("parentId") is not None:
            self.open_legs[before["parentId"]].discard(order_id)
        if parent is not None and order["status"] not in FINAL:
            self.open_legs[parent].add(order_id)
        if parent is not None and order.get("parentType") == OF_ORDER:
            self.entries[order_id] = parent
        elif before is None and order.get("exitLevelId") is not None:
            self._find_entry(order)
        self.orders[order_id] = order
        self.changed_orders.add(order_id)
        self.awaited.pop(order_id, None)
        if len(self.orders) > self.max_orders:
            self._forget_final_orders()

    def tell_position(self, position: Json) -> None:
        """Store a position; its quantity and average price are the known ones from now on."""
        symbol, signed = position["symbol"], position["side"] * position["qty"]
        holding = self.holdings.get(symbol)
        if holding is None or not is_same_qty(holding.qty, signed):
            self.holdings[symbol] = Holding(signed, signed * (position.get("avgPrice") or 0.0))
        self.positions[position["id"]] = position
        self.traded.discard(symbol)
        self.changed_positions.add(position["id"])

    def tell_individual(self, position: Json) -> None:
        """Store an individual position, or drop a closed one."""
        if position["qty"]:
            self.individual[position["id"]] = position
        else:
            self.individual.pop(position["id"], None)
        self.changed_individual.add(position["id"])

    def tell_equity(self, equity: Json) -> None:
        """Store the money."""
        self.equity, self.is_equity_due = equity, False
        self.commission = self.realised = 0.0

    def legs(self, parent_id: str) -> list[Json]:
        """Return the brackets of an order or position that are not final."""
        return [self.orders[leg] for leg in sorted(self.open_legs.get(parent_id, ())) if leg in self.orders]

    def individual_of(self, symbol: str) -> list[Json]:
        """Return the open individual positions of a symbol."""
        return [one for one in self.individual.values() if one["symbol"] == symbol]

    def pair_of(self, leg: Json) -> str:
        """Return the id of the entry order whose brackets a bracket belongs to, else that of its position."""
        return self.entries.get(str(leg["id"]), str(leg["parentId"]))

    def _find_entry(self, leg: Json) -> None:
        """Store the entry of an exit level that is told for the first time with a position as its parent.

        Its entry was told at the same moment. With several possible ones the bracket stands for itself, by its own id.
        """
        if leg.get("parentType") != OF_POSITION:
            return
        told = (self.orders[one] for one in self.changed_orders if one in self.orders)
        found = [
            one["id"]
            for one in told
            if (one["symbol"], one["side"]) == (leg["symbol"], -leg["side"])
            and any(level["id"] == leg["exitLevelId"] for level in one.get("exitLevels") or ())
        ]
        if len(found) == 1:
            self.entries[leg["id"]] = found[0]
        elif found or leg.get("createTime") != leg.get("updateTime"):
            self.entries[leg["id"]] = leg["id"]

    def settled(self) -> None:
        """Continue after a quiet moment."""
        self.changed_orders.clear()
        self.changed_positions.clear()
        self.changed_individual.clear()
        self.awaited.clear()

    def _forget_final_orders(self) -> None:
        final = [order_id for order_id, order in self.orders.items() if order["status"] in FINAL]
        for order_id in final[: len(final) // 2]:
            del self.orders[order_id]
            self.fills.pop(order_id, None)
            self.entries.pop(order_id, None)
            self.open_legs.pop(order_id, None)
        self.max_orders = max(MAX_KEPT, 2 * len(self.orders))


def keep_newest(ids: dict[str, None]) -> None:
    """Forget the older half of too many ids."""
    if len(ids) > MAX_KEPT:
        for one in list(ids)[: MAX_KEPT // 2]:
            del ids[one]


@dataclass(slots=True)
class Step:
    """One update in its context, as a rule sees it: the state is the one before the update.

    Attributes:
        topic: The topic; None for one that was not subscribed.
        route: Route of the message type.
        payload: The update: a PlacedOrder, a Position, ...; {} at a quiet moment.
        seq: Its sequence number.
        account: State of the account; an empty one for market data.
        instruments: InstrumentInfo by symbol, as far as it is known.
    """

    topic: Topic | None
    route: str
    payload: Json
    seq: int | None
    account: AccountState
    instruments: dict[str, Json]

    @property
    def id(self) -> str:
        """Id of the order, position or execution."""
        return str(self.payload["id"])

    @property
    def order_before(self) -> Json | None:
        """The order as it was told before; None for a new one."""
        return self.account.orders.get(self.payload["id"])

    def instrument(self) -> Json | None:
        """Return the InstrumentInfo of the update's symbol, if it is known."""
        return self.instruments.get(self.payload.get("symbol", ""))

    def point_value(self) -> float | None:
        """Money of one unit of quantity * price, None when it is unknown or in another currency than the account's."""
        instrument, equity = self.instrument(), self.account.equity
        if instrument is None or equity is None or instrument.get("currency") != equity.get("currency"):
            return None
        if instrument.get("baseCurrency") == instrument.get("currency"):
            return None
        return float(instrument.get("bigPointValue") or 1.0)


def open_ids(positions: Iterable[Json]) -> set[str]:
    """Return the ids of the positions that are open."""
    return {position["id"] for position in positions if position["qty"]}
