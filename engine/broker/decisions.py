"""What a command or a quote makes happen: rules that read an account and yield events.

The caller applies every event before it asks for the next one, so each rule sees the account as it is by then. `Denied`
is raised before anything is yielded; a refusal by the market or the account is an event.
"""

from collections.abc import Iterator

from engine.broker import events as ev
from engine.broker import matching
from engine.broker.account import Account
from engine.broker.fills import Fill, Liquidity, market_fill, simulated_fill
from engine.broker.filters import Terms, read_qty, read_terms
from engine.broker.ledger import money_up
from engine.broker.order import Order
from engine.errors import Denied, Reason
from engine.models.broker.orders import OrderType, PreOrder, Side
from engine.models.market.instruments import Instrument
from engine.models.market.quotes import Quote

Events = Iterator[ev.Event]


def place(account: Account, request: PreOrder, instrument: Instrument, quote: Quote, now_ms: int) -> Events:
    """Accept or reject a new order. Raises: Denied, see `read_terms`."""
    terms = read_terms(request, instrument)
    yield _placed(account, request, terms, instrument, quote, now_ms)


def _placed(
    account: Account, request: PreOrder, terms: Terms, instrument: Instrument, quote: Quote, now_ms: int
) -> ev.Event:
    refusal = _refusal(account, request, terms, instrument, quote)
    order_id = account.next_order_id()
    if refusal is None:
        return ev.OrderAccepted(account.id, now_ms, order_id, request, *terms, bool(request.isClose))
    return ev.OrderRejected(account.id, now_ms, order_id, request, *terms, *refusal)


def _refusal(
    account: Account, request: PreOrder, terms: Terms, instrument: Instrument, quote: Quote
) -> tuple[Reason, str] | None:
    """Return why the market or the account refuses a well-formed order, or None."""
    if request.isClose and account.signed_qty(instrument.name) * request.side >= 0:
        return Reason.REDUCE_ONLY_VIOLATION, f"there is no {instrument.name} position for this order to reduce"
    if terms.stop_price is None or account.profile.fill_model != "market":
        return None
    if matching.is_stop_triggered(request.side, terms.stop_price, instrument.trigger, quote):
        price = instrument.price_out(matching.trigger_price(request.side, instrument.trigger, quote))
        text = (
            f"stop price {instrument.price_out(terms.stop_price):g} would trigger immediately, the market is {price:g}"
        )
        return Reason.STOP_PRICE_WOULD_TRIGGER_IMMEDIATELY, text
    return None


def modify(account: Account, order_id: str, request: PreOrder, quote: Quote, now_ms: int) -> Events:
    """Give a working order other terms.

    Raises:
        Missing: UNKNOWN_ORDER.
        Denied: ORDER_FINAL, NO_CHANGE, UNSUPPORTED_COMBINATION for another symbol, side or type, QTY_RANGE below what
            is filled, STOP_PRICE_WOULD_TRIGGER_IMMEDIATELY, or as in `read_terms`.
    """
    order = account.working_order(order_id)
    instrument = order.instrument
    if (request.symbol, request.side, request.type) != (order.request.symbol, order.side, order.type):
        raise Denied(Reason.UNSUPPORTED_COMBINATION, "symbol, side and type of an order cannot be modified")
    terms = read_terms(request, instrument)
    if terms.qty <= order.filled:
        text = f"qty {instrument.qty_out(terms.qty):g} is not above the filled {instrument.qty_out(order.filled):g}"
        raise Denied(Reason.QTY_RANGE, text)
    if terms == (order.qty, order.limit_price, order.stop_price):
        raise Denied(Reason.NO_CHANGE, f"order {order_id} has these terms already")
    if bool(request.isClose) != order.is_reduce_only:
        request = request.model_copy(update={"isClose": order.is_reduce_only})
    if order.rests_as_stop:
        refusal = _refusal(account, request, terms, instrument, quote)
        if refusal is not None:
            raise Denied(*refusal)
    yield ev.OrderModified(account.id, now_ms, order_id, request, *terms)


def cancel(account: Account, order_id: str, now_ms: int) -> Events:
    """Cancel a working order. Raises: Missing UNKNOWN_ORDER; Denied ORDER_FINAL."""
    order = account.working_order(order_id)
    yield ev.OrderCanceled(account.id, now_ms, order.id, None, None)


def close(account: Account, position_id: str, amount: float | None, now_ms: int) -> Events:
    """Send the market order that closes `amount` of a position, or all; it can only reduce.

    Raises:
        Missing: UNKNOWN_POSITION.
        Denied: BAD_QTY_STEP, or QTY_RANGE for an amount outside what is open.
    """
    position = account.position(position_id)
    instrument, open_qty = position.instrument, abs(position.holding.qty)
    qty = open_qty if amount is None else read_qty(amount, instrument)
    if not 0 < qty <= open_qty:
        text = f"amount {instrument.qty_out(qty):g} is outside what is open, {instrument.qty_out(open_qty):g}"
        raise Denied(Reason.QTY_RANGE, text)
    side = Side.SELL if position.holding.qty > 0 else Side.BUY
    request = PreOrder(
        symbol=instrument.name, type=OrderType.MARKET, side=side, qty=instrument.qty_out(qty), isClose=True
    )
    yield ev.OrderAccepted(account.id, now_ms, account.next_order_id(), request, qty, None, None, True)


def match(account: Account, order: Order, quote: Quote, liquidity: Liquidity, now_ms: int, is_arriving: bool) -> Events:
    """Give a working order what the market gives it now: a trigger, a trade, both or nothing.

    Args:
        account: The owner of the order.
        order: A working order of the quote's symbol.
        quote: The market.
        liquidity: What the account has already taken of the displayed sizes.
        now_ms: Time of the command or tick.
        is_arriving: The order is new, or its terms are.
    """
    if order.rests_as_stop:
        assert order.stop_price is not None
        if not matching.is_stop_triggered(order.side, order.stop_price, order.instrument.trigger, quote):
            return
        yield ev.OrderTriggered(account.id, now_ms, order.id)
        is_arriving = True
    fill = market_fill(order, quote, liquidity.left(order.side, quote), is_arriving)
    if fill is not None:
        liquidity.take(order.side, fill.qty, quote)
        yield from _trade(account, order, fill, quote, now_ms)


def simulate(account: Account, order: Order, quote: Quote, now_ms: int) -> Events:
    """Execute a working order at its own price, whatever the market."""
    yield from _trade(account, order, simulated_fill(order, quote), quote, now_ms)


def _trade(account: Account, order: Order, fill: Fill, quote: Quote, now_ms: int) -> Events:
    qty = fill.qty
    if order.is_reduce_only:
        qty = min(qty, _reducible(account, order))
    if qty:
        yield ev.OrderExecuted(
            account.id,
            now_ms,
            account.next_execution_id(),
            order.id,
            order.symbol,
            order.side,
            qty,
            fill.price,
            money_up(account.profile.commission_per_trade),
            fill.is_maker,
            fill.rule,
            quote,
        )
    yield from _hold_reduce_only(account, order.symbol, now_ms)


def _reducible(account: Account, order: Order) -> int:
    return max(0, -order.side * account.signed_qty(order.symbol))


def _hold_reduce_only(account: Account, symbol: str, now_ms: int) -> Events:
    """Shrink the reduce-only orders of a symbol to its position, and cancel those that have nothing left to reduce."""
    for order in list(account.reducing.get(symbol, {}).values()):
        reducible = _reducible(account, order)
        if reducible == 0:
            text = f"the {symbol} position that this order reduced is closed"
            yield ev.OrderCanceled(account.id, now_ms, order.id, Reason.REDUCE_ONLY_VIOLATION, text)
        elif order.remaining > reducible:
            qty = order.filled + reducible
            request = order.request.model_copy(update={"qty": order.instrument.qty_out(qty)})
            yield ev.OrderModified(account.id, now_ms, order.id, request, qty, order.limit_price, order.stop_price)
