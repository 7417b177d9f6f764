"""One account: its orders, positions and money in exact units. `evolve` is the only place that changes them.

commands.py and execution.py decide which events happen, serializers.py makes the wire shapes; transaction.py runs both.
"""

from collections import OrderedDict, deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from engine.broker import events as ev
from engine.broker.conversion import Conversion, find_conversion, pairs_of
from engine.broker.funds import Beginning, Funds
from engine.broker.individual_positions import IndividualPositions
from engine.broker.ledger import add_trade, apply_trade
from engine.broker.liquidity import Liquidity
from engine.broker.order import FILLED, WORKING, Cap, ClientOrder, Order, OrderRequest
from engine.broker.position import OpenPosition
from engine.broker.random_source import RandomSource
from engine.errors import Denied, Missing, Reason
from engine.models.broker.account import Profile
from engine.models.broker.orders import OrderStatus, PreOrder
from engine.models.market.instruments import Instrument

KEPT_FINAL_ORDERS = 10_000
KEPT_EXECUTIONS = 10_000
KEPT_CLIENT_IDS = 100_000
DAY_MS = 86_400_000


@dataclass(slots=True)
class Account:
    """State of one account.

    Attributes:
        working: Orders that are not final, inactive brackets included, by id, oldest first.
        final: The newest final orders, by id, oldest first. This and `client_ids` are `OrderedDict`, because a plain
            dict finds its first entry slowly after thousands of first entries were removed.
        executions: The newest trades, oldest first.
        positions: The net position of each symbol that is held.
        individual: The individual positions of a hedging account; others have none.
        reducing: Working reduce-only orders by symbol and id.
        reversals: The working order of a reversal, by symbol.
        pairs, brackets: Brackets that are not final, by the pair that they belong to, and by their parent's id.
        client_ids: The first order of each `clientOrderId`.
        leverage: Leverage of the symbols that have their own.
        conversions: Conversions that were used, by symbol; derived from the catalogue.
        reserved: Margin that open orders hold back, in money units.
        is_called: It is in a margin call.
        is_simulated: The simulator executes its orders, at any quote.
        is_hedging: It has individual positions.
        generation: How often the account was reset.
        net: Signed sum of all executions by symbol since the reset, to check the positions.
        traded: Sum of the executions of each kept order, to check the orders.
        documents: What clients keep with the account, by name; they stay when it is reset.
        event_count: Number of its events since it was opened; it continues over a reset.
        liquidity: The displayed liquidity, less the quantity that the account took of it.
        random: Its random numbers: functions of `seed`, of its id and of its counts.
    """

    instruments: Mapping[str, Instrument]
    id: str = ""
    seed: int = 0
    name: str = ""
    currency: str = ""
    profile: Profile = field(default_factory=Profile)
    working: dict[str, Order] = field(default_factory=dict)
    final: OrderedDict[str, Order] = field(default_factory=OrderedDict)
    executions: deque[ev.OrderExecuted] = field(default_factory=lambda: deque(maxlen=KEPT_EXECUTIONS))
    positions: dict[str, OpenPosition] = field(default_factory=dict)
    individual: IndividualPositions = field(default_factory=IndividualPositions)
    reducing: dict[str, dict[str, Order]] = field(default_factory=dict)
    reversals: dict[str, Order] = field(default_factory=dict)
    pairs: dict[str, list[Order]] = field(default_factory=dict)
    brackets: dict[str, list[Order]] = field(default_factory=dict)
    client_ids: OrderedDict[str, ClientOrder] = field(default_factory=OrderedDict)
    leverage: dict[str, int] = field(default_factory=dict)
    conversions: dict[str, Conversion] = field(default_factory=dict)
    net: dict[str, int] = field(default_factory=dict)
    traded: dict[str, int] = field(default_factory=dict)
    funds: Funds = field(default_factory=Funds)
    reserved: int = 0
    is_called: bool = False
    generation: int = 0
    began: Beginning = field(default_factory=Beginning)
    order_count: int = 0
    execution_count: int = 0
    event_count: int = 0
    documents: dict[str, ev.Document] = field(default_factory=dict)
    is_simulated: bool = field(init=False)
    is_hedging: bool = field(init=False)
    liquidity: Liquidity = field(init=False)
    random: RandomSource = field(init=False, repr=False)

    def __post_init__(self) -> None:
        self.random = RandomSource(self.seed, self.id)
        self._take_profile(self.profile)

    def _take_profile(self, profile: Profile) -> None:
        self.profile, self.liquidity = profile, Liquidity.of(profile)
        self.is_simulated, self.is_hedging = profile.fill_model == "simulator", profile.hedging

    def next_order_id(self) -> str:
        """Return the id of the next order."""
        return f"ORDER-{self.order_count + 1}"

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
        """Return an open net position. Raises: Missing UNKNOWN_POSITION."""
        position = self.positions.get(position_id)
        if position is None or not position.holding.qty:
            raise Missing(Reason.UNKNOWN_POSITION, f"position {position_id} does not exist")
        return position

    def signed_qty(self, symbol: str) -> int:
        """Return the signed quantity of a symbol's position, 0 when flat."""
        position = self.positions.get(symbol)
        return position.holding.qty if position else 0

    def reducible_by(self, order: Order | OrderRequest) -> int:
        """Return the quantity that an order can close, if it only closes."""
        if self.is_hedging:
            return self.individual.closable(order.symbol, order.side, order.position_id)
        return max(0, -order.side * self.signed_qty(order.symbol))

    def leverage_of(self, symbol: str) -> int:
        """Return the leverage of a symbol."""
        return self.leverage.get(symbol, self.profile.leverage)

    def conversion_of(self, instrument: Instrument) -> Conversion | None:
        """Return the conversion of an instrument's money; None where it has the account's currency.

        Raises:
            Denied: UNSUPPORTED_COMBINATION, if the catalogue has no rate.
        """
        if instrument.currency == self.currency:
            return None
        conversion = self.conversions.get(instrument.name)
        if conversion is None:
            pairs = pairs_of(self.instruments)
            conversion = self.conversions[instrument.name] = find_conversion(pairs, instrument, self.currency)
        return conversion

    def evolve(self, event: ev.Event) -> Order | None:
        """Apply an event; returns the order that it concerns, None for events of the account itself."""
        self.event_count += 1
        self.funds.begin_day(event.time_ms // DAY_MS)
        return _EVOLVE[type(event)](self, event)

    def _opened(self, event: ev.AccountOpened) -> None:
        self.id, self.name, self.currency = event.account_id, event.name, event.currency
        self._start(event.deposit, event.profile, event.time_ms)

    def _start(self, deposit: int, profile: Profile, time_ms: int) -> None:
        self._take_profile(profile)
        self.funds = Funds(deposit, 0, 0, deposit, deposit, time_ms // DAY_MS, deposit)
        self.began = Beginning(time_ms, self.order_count, self.execution_count)

    def _cleared(self, event: ev.AccountCleared) -> None:
        orders = (self.working, self.final, self.executions, self.reducing, self.pairs, self.brackets, self.client_ids)
        for kept in (*orders, self.reversals, self.positions, self.individual, self.leverage, self.net, self.traded):
            kept.clear()
        self.reserved, self.is_called = 0, False
        self.generation += 1
        self._start(event.deposit, event.profile, event.time_ms)

    def _profile_changed(self, event: ev.ProfileChanged) -> None:
        self._take_profile(event.profile)

    def _leverage_set(self, event: ev.LeverageSet) -> None:
        self.leverage[event.symbol] = event.leverage

    def _margin_call_changed(self, event: ev.MarginCallChanged) -> None:
        self.is_called = event.is_called

    def _document_stored(self, event: ev.DocumentStored) -> None:
        if event.value is None:
            self.documents.pop(event.name, None)
        else:
            self.documents[event.name] = event.value

    def _accepted(self, event: ev.OrderAccepted) -> Order:
        _, time_ms, order_id, request, terms, is_reduce_only, eligible_ms, reserve, parent, *_ = event
        status = WORKING if parent is None or parent.type != 1 else OrderStatus.INACTIVE
        order = self.working[order_id] = self._new_order(order_id, request, terms, status, time_ms)
        order.eligible_ms = order.arrival_ms = eligible_ms
        order.is_late = eligible_ms > time_ms
        order.reason, order.linked = event.reason.value if event.reason else None, event.linked
        order.reserve, order.reserve_qty = reserve, terms.qty
        self.reserved += reserve
        if event.target is not None:
            order.target = event.target
            self.reversals[order.symbol] = order
        if is_reduce_only:
            self._set_reduce_only(order, True)
        if parent is not None:
            self._join_parent(order, parent)
        return order

    def _rejected(self, event: ev.OrderRejected) -> Order:
        order = self._new_order(event.order_id, event.request, event.terms, OrderStatus.REJECTED, event.time_ms)
        order.reason, order.message = event.reason.value, event.message
        self._keep_final(order)
        return order

    def _new_order(self, order_id: str, sent: PreOrder, terms: ev.Terms, status: OrderStatus, time_ms: int) -> Order:
        self.order_count += 1
        self._keep_client_id(sent, order_id)
        return Order(self.id, order_id, self.instruments[sent.symbol], sent, terms, status, time_ms, time_ms)

    def _keep_client_id(self, sent: PreOrder, order_id: str) -> None:
        if sent.clientOrderId is not None:
            self.client_ids[sent.clientOrderId] = ClientOrder(sent, order_id)
            if len(self.client_ids) > KEPT_CLIENT_IDS:
                self.client_ids.popitem(last=False)

    def _arrived(self, event: ev.OrderArrived) -> Order:
        order = self.working[event.order_id]
        order.is_late = False
        return order

    def _modified(self, event: ev.OrderModified) -> Order:
        order = self.working[event.order_id]
        if event.is_revision:
            order.revise(event.time_ms)
        if event.request.clientOrderId != order.sent.clientOrderId:
            self._keep_client_id(event.request, order.id)
        self.reserved -= order.reserved
        if event.terms._replace(qty=order.terms.qty) != order.terms:
            order.arrival_ms = max(order.arrival_ms, event.time_ms)
        if bool(event.request.isClose) != order.is_reduce_only:
            self._set_reduce_only(order, not order.is_reduce_only)
        order.sent, order.terms, order.reserve = event.request, event.terms, event.reserve
        order.reserve_qty = event.terms.qty if event.reserve_qty is None else event.reserve_qty
        if event.terms.trail is None:
            order.best = None
        self.reserved += order.reserved
        order.update_time = event.time_ms
        return order

    def _triggered(self, event: ev.OrderTriggered) -> Order:
        order = self.working[event.order_id]
        order.is_triggered, order.update_time = True, event.time_ms
        return order

    def _taking_changed(self, event: ev.OrderTakingChanged) -> Order:
        order = self.working[event.order_id]
        order.is_taking = event.is_taking
        return order

    def _capped(self, event: ev.OrderCapped) -> Order:
        order = self.working[event.order_id]
        order.cap = Cap(event.qty, event.is_canceled)
        return order

    def _trailed(self, event: ev.OrderTrailed) -> Order:
        order = self.working[event.order_id]
        order.terms = order.terms._replace(stop_price=event.stop_price)
        order.best, order.update_time = event.best, event.time_ms
        return order

    def _bracket_moved(self, event: ev.BracketMoved) -> Order:
        order = self.working[event.order_id]
        if event.parent != order.parent:
            self._leave_parent(order)
            self._join_parent(order, event.parent)
        order.terms = order.terms._replace(qty=event.qty)
        if event.parent.type != 1 and order.is_inactive:
            order.status, order.arrival_ms = OrderStatus.WORKING, event.time_ms
        order.update_time = event.time_ms
        return order

    def _canceled(self, event: ev.OrderCanceled) -> Order:
        order = self.working[event.order_id]
        if event.reason is not None:
            order.reason = event.reason.value
        order.message = event.message
        self._finish(order, OrderStatus.CANCELED, event.time_ms)
        return order

    def _executed(self, event: ev.OrderExecuted) -> Order:
        _, time_ms, _, order_id, symbol, side, qty, price, commission, _, _, _ = event
        self.execution_count += 1
        self.liquidity.count(event)
        self.executions.append(event)
        self.traded[order_id] = self.traded.get(order_id, 0) + qty
        self.net[symbol] = self.net.get(symbol, 0) + side * qty
        order = self.working[order_id]
        left = order.terms.qty - order.filled - qty
        order.filled += qty
        order.value += qty * price
        order.commission += commission
        order.update_time = time_ms
        if order.reserve:
            self.reserved -= order.reserved_for(left + qty) - order.reserved_for(left)
        if not left:
            order.reserve = 0
            self._finish(order, FILLED, time_ms)
        self.funds.post(self._trade_position(order, event), commission)
        return order

    def _trade_position(self, order: Order, event: ev.OrderExecuted) -> int:
        """Apply a trade to its position and to the cash of its currency; returns the realised profit of the account."""
        instrument, symbol, side, qty = order.instrument, event.symbol, event.side, event.qty
        unit_price = event.price * instrument.money_factor
        position = self.positions.get(symbol)
        if position is None:
            position = self.positions[symbol] = OpenPosition(instrument, self.conversion_of(instrument))
        if self.is_hedging:
            realised = self.individual.trade(order, event, unit_price)
            position.holding = add_trade(position.holding, side * qty, unit_price, realised)
        else:
            position.holding, realised = apply_trade(position.holding, side, qty, unit_price)
        if position.conversion is None:
            self.funds.cash -= side * qty * unit_price
        else:
            position.rate = event.rate or ev.UNCONVERTED
            realised = self.funds.book_foreign(instrument.currency, -side * qty * unit_price, realised, position.rate)
        position.realised += realised
        position.update_time = event.time_ms
        position.quote = event.basis.quote
        open_qty = position.holding.qty
        if open_qty:
            position.side = 1 if open_qty > 0 else -1
        elif symbol not in self.individual.by_symbol:
            del self.positions[symbol]
        return realised

    def _finish(self, order: Order, status: OrderStatus, time_ms: int) -> None:
        if order.reserve:
            self.reserved -= order.reserved
            order.reserve = 0
        order.status, order.update_time = status, time_ms
        del self.working[order.id]
        if order.is_reduce_only:
            del self.reducing[order.symbol][order.id]
        if order.parent is not None:
            self._leave_parent(order)
        if order.target is not None:
            del self.reversals[order.symbol]
        self._keep_final(order)

    def _set_reduce_only(self, order: Order, is_reduce_only: bool) -> None:
        order.is_reduce_only = is_reduce_only
        if is_reduce_only:
            self.reducing.setdefault(order.symbol, {})[order.id] = order
        else:
            del self.reducing[order.symbol][order.id]

    def _join_parent(self, order: Order, parent: ev.Parent) -> None:
        order.parent = parent
        self.pairs.setdefault(parent.pair, []).append(order)
        self.brackets.setdefault(parent.id, []).append(order)

    def _leave_parent(self, order: Order) -> None:
        assert order.parent is not None
        for index, name in ((self.pairs, order.parent.pair), (self.brackets, order.parent.id)):
            index[name].remove(order)
            if not index[name]:
                del index[name]

    def _keep_final(self, order: Order) -> None:
        self.final[order.id] = order
        if len(self.final) > KEPT_FINAL_ORDERS:
            oldest, _ = self.final.popitem(last=False)
            self.traded.pop(oldest, None)


_EVOLVE: dict[type, Callable[[Account, Any], Order | None]] = {
    ev.AccountOpened: Account._opened,
    ev.AccountCleared: Account._cleared,
    ev.ProfileChanged: Account._profile_changed,
    ev.LeverageSet: Account._leverage_set,
    ev.MarginCallChanged: Account._margin_call_changed,
    ev.DocumentStored: Account._document_stored,
    ev.OrderAccepted: Account._accepted,
    ev.OrderRejected: Account._rejected,
    ev.OrderArrived: Account._arrived,
    ev.OrderModified: Account._modified,
    ev.OrderTriggered: Account._triggered,
    ev.OrderTakingChanged: Account._taking_changed,
    ev.OrderCapped: Account._capped,
    ev.OrderTrailed: Account._trailed,
    ev.BracketMoved: Account._bracket_moved,
    ev.OrderCanceled: Account._canceled,
    ev.OrderExecuted: Account._executed,
}
