"""What a command makes happen: rules that read an account and yield events.

The caller applies every event before it asks for the next one, so each rule sees the account as it is by then. `Denied`
is raised before anything is yielded; a refusal by the market or the account is an event.
"""

from collections.abc import Generator, Iterator, Mapping

from engine.broker import brackets, margin, matching, pre_trade, trading_hours
from engine.broker import events as ev
from engine.broker.account import Account, OpenPosition
from engine.broker.events import Parent, Terms
from engine.broker.fill_models import own_price
from engine.broker.liquidity import Estimate, Found, Liquidity, estimate, price_of
from engine.broker.moment import Moment
from engine.broker.order import MARKET, Order
from engine.broker.validation import IMMEDIATE, duration_of, kept_trail, read_qty, read_terms, unsupported
from engine.errors import Denied, Reason
from engine.models.broker.orders import OrderType, ParentType, PreOrder, Side
from engine.models.broker.positions import Brackets
from engine.models.market.instruments import Instrument

Events = Iterator[ev.Event]

Weighed = tuple[margin.Margins | None, int, Found | None]
"""What an order was accepted by at this moment, so that it need not be asked again if it trades at once.

The margin figures, None where it adds no risk; the price that its reserve was reckoned with; what a market order finds,
None where it was not looked for.
"""


def reference_price(request: PreOrder, terms: Terms, account: Account, instrument: Instrument, moment: Moment) -> int:
    """Return the price that an order is measured by: its own, or the opposite quote of a market order."""
    if account.profile.fill_model == "simulator":
        own = own_price(request, terms.limit_price, terms.stop_price, instrument)
    else:
        own = terms.limit_price if terms.limit_price is not None else terms.stop_price
    return own if own is not None else matching.opposite(request.side, moment.quotes(instrument.name))


def estimate_of(
    request: PreOrder, terms: Terms, account: Account, instrument: Instrument, liquidity: Liquidity, moment: Moment
) -> Estimate:
    """Return what an order would pay: a market order what it takes of the book now, any other one its reference."""
    if request.type is not OrderType.MARKET or liquidity.is_blind:
        return Estimate(((terms.qty, reference_price(request, terms, account, instrument, moment)),), 0)
    return estimate(liquidity, request.side, terms.qty, moment.quotes(instrument.name), moment.depth)


def place(
    account: Account,
    order_id: str,
    request: PreOrder,
    instrument: Instrument,
    liquidity: Liquidity,
    moment: Moment,
) -> Generator[ev.Event, None, Weighed | None]:
    """Accept or reject a new order, with its brackets.

    Args:
        account: Whose order it is.
        order_id: The id that it gets.
        request: The order, its symbol canonical.
        instrument: What is traded.
        liquidity: What the account finds on the market.
        moment: Time and market.

    Returns:
        What it was accepted by, None where it was rejected.

    Raises:
        Denied: see `read_terms` and `brackets.read_legs`; MAX_OPEN_ORDERS.
    """
    terms = read_terms(request, account, instrument, moment)
    legs = _legs_of(account, request, terms, instrument, moment) if brackets.has_brackets(request) else []
    _check_count(account, 1 + len(legs))
    asked, qty, reserve, price, found = request.__dict__, terms.qty, 0, 0, None
    symbol, side, is_close = asked["symbol"], asked["side"], bool(asked["isClose"])
    opening = 0 if is_close else margin.opening_qty(account, symbol, side, qty)
    if opening:
        if asked["type"] is MARKET and not liquidity.is_blind:
            quote = moment.quotes(symbol)
            found = liquidity.find(side, qty, quote, moment.depth)
            price = price_of(found, side, qty, quote)
        else:
            price = reference_price(request, terms, account, instrument, moment)
        reserve = margin.margin_of(account, instrument, opening, price)
    refused, margins = pre_trade.refusal_of(account, request, terms, instrument, liquidity, opening, reserve, moment)
    now_ms = moment.now_ms
    if refused is not None:
        yield ev.OrderRejected(account.id, now_ms, order_id, request, terms, *refused)
        return None
    eligible_ms = now_ms + account.profile.latency_ms
    yield ev.OrderAccepted(account.id, now_ms, order_id, request, terms, is_close, eligible_ms, reserve)
    if terms.trail is not None:
        yield from brackets.trail(account, account.order(order_id), moment)
    if legs:
        yield from brackets.attach(account, legs, Parent(order_id, ParentType.ORDER, order_id), moment)
    return margins, price, found


def _legs_of(
    account: Account, request: PreOrder, terms: Terms, instrument: Instrument, moment: Moment
) -> list[brackets.Leg]:
    reference = reference_price(request, terms, account, instrument, moment)
    entry = brackets.Entry(request.side, terms.qty, reference)
    legs = brackets.read_legs(brackets.asked_of(request), entry, account, instrument, moment)
    if legs and request.isClose:
        raise unsupported("an order that closes a position has no brackets")
    return legs


def _check_count(account: Account, more: int) -> None:
    limit = account.profile.limits.max_open_orders
    if limit is not None and len(account.working) + more > limit:
        raise Denied(
            Reason.MAX_OPEN_ORDERS, f"the account has {len(account.working)} open orders, the limit is {limit}"
        )


def modify(account: Account, order_id: str, request: PreOrder, moment: Moment) -> Events:
    """Give an order that is not final other terms, or other brackets.

    Raises:
        Missing: UNKNOWN_ORDER.
        Denied: ORDER_FINAL, NO_CHANGE, UNSUPPORTED_COMBINATION for another symbol, side or type, QTY_RANGE below what
            is filled, HALTED, WOULD_MATCH_IMMEDIATELY, STOP_PRICE_WOULD_TRIGGER_IMMEDIATELY, INSUFFICIENT_MARGIN, or as
            in `place`.
    """
    order = account.working_order(order_id)
    instrument = order.instrument
    if (request.symbol, request.side, request.type) != (order.symbol, order.side, order.type):
        raise unsupported("symbol, side and type of an order cannot be modified")
    request = request.model_copy(
        update={
            "isClose": order.request.isClose,
            "clientOrderId": order.request.clientOrderId,
            "stopType": order.request.stopType if request.stopType is None else request.stopType,
        }
    )
    if order.parent is not None:
        yield from _modify_leg(account, order, request, moment)
        return
    terms = read_terms(request, account, instrument, moment)
    if terms.qty <= order.filled:
        text = f"qty {instrument.qty_out(terms.qty):g} is not above the filled {instrument.qty_out(order.filled):g}"
        raise Denied(Reason.QTY_RANGE, text)
    reference = reference_price(request, terms, account, instrument, moment)
    legs = _legs_of(account, request, terms, instrument, moment) if brackets.has_brackets(request) else []
    terms = kept_trail(order, terms)
    old = account.pairs.get(order.id, [])
    legs = brackets.keep_trails(old, legs)
    if terms == order.terms and _wishes(request) == _wishes(order.request):
        raise Denied(Reason.NO_CHANGE, f"order {order_id} has these terms already")
    remaining = terms.qty - order.filled
    reserve = 0 if order.is_reduce_only else margin.reserve_of(account, instrument, order.side, remaining, reference)
    _check_count(account, max(0, len(legs) - len(old)))
    _check_revision(account, order, request, terms, reserve, moment)
    yield ev.OrderModified(account.id, moment.now_ms, order_id, request, terms, reserve, remaining)
    if terms.trail is not None and order.best is None:
        yield from brackets.trail(account, order, moment)
    yield from _revise_legs(account, order, legs, moment)


def _wishes(request: PreOrder) -> tuple[object, ...]:
    """Return what an order asks for beside its terms."""
    return brackets.asked_of(request), duration_of(request), bool(request.postOnly), request.customFields


def _check_revision(
    account: Account, order: Order, request: PreOrder, terms: Terms, reserve: int, moment: Moment
) -> None:
    """Refuse what the market or the account would refuse in a new order. Raises: Denied."""
    side, instrument = order.side, order.instrument
    duration, quote = duration_of(request), moment.quotes(order.symbol)
    if duration in IMMEDIATE and duration != duration_of(order.request):
        raise unsupported(f"an order that rests cannot become {duration}")
    # A stop-limit that was triggered rests as a limit.
    resting = terms if order.rests_as_stop else terms._replace(stop_price=None)
    if trading_hours.is_held_up(account, resting, side, instrument, moment):
        raise Denied(Reason.HALTED, f"trading in {instrument.name} is halted")
    if account.profile.fill_model == "market":
        if order.rests_as_stop and (refused := pre_trade.stop_refusal(side, terms, instrument, moment)):
            raise Denied(*refused)
        if request.postOnly and terms.limit_price and matching.is_marketable(side, terms.limit_price, quote):
            raise Denied(Reason.WOULD_MATCH_IMMEDIATELY, "a post-only order would trade at once")
    if order.is_reduce_only:
        return
    remaining = terms.qty - order.filled
    more = reserve - order.reserved
    if remaining > order.remaining or more > 0:
        refused = margin.placement_refusal(account, instrument, side, remaining, max(0, more), moment)
        if refused is not None:
            raise Denied(*refused)


def _revise_legs(account: Account, order: Order, legs: list[brackets.Leg], moment: Moment) -> Events:
    """Bring the brackets of a modified entry in line with what it asks for."""
    old = list(account.pairs.get(order.id, ()))
    if not order.filled:
        yield from brackets.revise(account, old, legs, Parent(order.id, ParentType.ORDER, order.id), moment)
        return
    open_qty = min(order.filled, abs(account.signed_qty(order.symbol)))
    remaining = min([leg.remaining for leg in old] or [open_qty])
    if remaining:
        sized = [leg._replace(terms=leg.terms._replace(qty=remaining)) for leg in legs]
        parent = Parent(order.symbol, ParentType.POSITION, order.id)
        yield from brackets.revise(account, old, sized, parent, moment)


def _modify_leg(account: Account, leg: Order, request: PreOrder, moment: Moment) -> Events:
    """Move a bracket by its own order; its parent shows the new price."""
    assert leg.parent is not None
    instrument, entry = leg.instrument, account.working.get(leg.parent.pair)
    if read_qty(request.qty, instrument) != leg.terms.qty:
        raise unsupported("the quantity of a bracket follows its position")
    name = brackets.field_of(leg)
    value = request.limitPrice if name == "takeProfit" else request.stopPrice
    if name == "trailingStopPips":
        value = request.trailingStopPips
    reference = _leg_reference(account, leg, entry, moment)
    prices = Brackets.model_validate({name: value})
    found = brackets.read_legs(prices, brackets.Entry(-leg.side, leg.terms.qty, reference), account, instrument, moment)
    if not found:
        raise Denied(Reason.PRICE_REQUIRED, f"{name} needs a price")
    terms = brackets.keep_trails([leg], found)[0].terms
    if terms == leg.terms:
        raise Denied(Reason.NO_CHANGE, f"order {leg.id} has these terms already")
    _check_trail(leg.side, terms, instrument, moment)
    yield ev.OrderModified(account.id, moment.now_ms, leg.id, found[0].request, terms, 0)
    yield from show_on_entry(account, entry, {name: value}, moment.now_ms)


def _check_trail(side: int, terms: Terms, instrument: Instrument, moment: Moment) -> None:
    """Hold a trailing leg to the market's side of its stop. Raises: Denied."""
    if terms.trail is not None and (refused := pre_trade.stop_refusal(side, terms, instrument, moment)):
        raise Denied(*refused)


def _leg_reference(account: Account, leg: Order, entry: Order | None, moment: Moment) -> int:
    if leg.is_inactive and entry is not None:
        return reference_price(entry.request, entry.terms, account, leg.instrument, moment)
    return matching.mark_price(-leg.side, moment.quotes(leg.symbol))


def show_on_entry(account: Account, entry: Order | None, prices: Mapping[str, float | None], now_ms: int) -> Events:
    """Keep the brackets that a working entry shows in line with its legs."""
    if entry is not None:
        request = entry.request.model_copy(update=prices)
        yield ev.OrderModified(account.id, now_ms, entry.id, request, entry.terms, entry.reserve, entry.reserve_qty)


def cancel(account: Account, order_id: str, moment: Moment) -> Events:
    """Cancel an order that is not final, and the brackets that wait for it.

    Raises:
        Missing: UNKNOWN_ORDER.
        Denied: ORDER_FINAL.
    """
    order = account.working_order(order_id)
    parent, name = order.parent, brackets.field_of(order)
    yield from end(account, order, None, None, moment.now_ms)
    if parent is not None:
        yield from show_on_entry(account, account.working.get(parent.pair), {name: None}, moment.now_ms)


def end(account: Account, order: Order, reason: Reason | None, message: str | None, now_ms: int) -> Events:
    """Cancel an order for a reason, and the brackets that wait for it."""
    yield ev.OrderCanceled(account.id, now_ms, order.id, reason, message)
    yield from brackets.cancel_inactive(account, order, now_ms)


def close(account: Account, position_id: str, amount: float | None, moment: Moment) -> Events:
    """Send the market order that closes `amount` of a position, or all; it can only reduce.

    Raises:
        Missing: UNKNOWN_POSITION.
        Denied: HALTED, MARKET_CLOSED, BAD_QTY_STEP, or QTY_RANGE for an amount outside what is open.
    """
    position = account.position(position_id)
    instrument, open_qty = position.instrument, abs(position.holding.qty)
    qty = open_qty if amount is None else read_qty(amount, instrument)
    if not 0 < qty <= open_qty:
        text = f"amount {instrument.qty_out(qty):g} is outside what is open, {instrument.qty_out(open_qty):g}"
        raise Denied(Reason.QTY_RANGE, text)
    _check_open(instrument, moment)
    yield _market_order(account, position, qty, True, 0, moment.now_ms)


def _check_open(instrument: Instrument, moment: Moment) -> None:
    refused = trading_hours.shut_refusal(instrument, moment)
    if refused is not None:
        raise Denied(*refused)


def reverse(account: Account, position_id: str, moment: Moment) -> Events:
    """Send the one market order of twice the quantity that turns a position around.

    Raises:
        Missing: UNKNOWN_POSITION.
        Denied: INSUFFICIENT_MARGIN, POSITION_LIMIT, DAILY_LOSS_LIMIT, HALTED, MARKET_CLOSED.
    """
    position = account.position(position_id)
    instrument, open_qty = position.instrument, position.holding.qty
    side = -1 if open_qty > 0 else 1
    terms = Terms(2 * abs(open_qty))
    reference = matching.opposite(side, moment.quotes(instrument.name))
    reserve = margin.reserve_of(account, instrument, side, terms.qty, reference)
    _check_open(instrument, moment)
    refused = margin.placement_refusal(account, instrument, side, terms.qty, reserve, moment)
    if refused is not None:
        raise Denied(*refused)
    yield _market_order(account, position, terms.qty, False, reserve, moment.now_ms)


def _market_order(
    account: Account,
    position: OpenPosition,
    qty: int,
    is_close: bool,
    reserve: int,
    now_ms: int,
    reason: Reason | None = None,
) -> ev.OrderAccepted:
    instrument = position.instrument
    side = Side.SELL if position.holding.qty > 0 else Side.BUY
    request = PreOrder(
        symbol=instrument.name, type=OrderType.MARKET, side=side, qty=instrument.qty_out(qty), isClose=is_close
    )
    order_id = account.next_order_id()
    return ev.OrderAccepted(account.id, now_ms, order_id, request, Terms(qty), is_close, now_ms, reserve, reason=reason)


def edit_brackets(account: Account, position_id: str, prices: Brackets, moment: Moment) -> Events:
    """Give a position the brackets that are asked for; only its own ones are touched.

    Those of its entries become its own: an entry that is still working asks for none any more.

    Raises:
        Missing: UNKNOWN_POSITION.
        Denied: NO_CHANGE, or as in `brackets.read_legs`.
    """
    position = account.position(position_id)
    side, qty = position.side, abs(position.holding.qty)
    reference = matching.mark_price(position.holding.qty, moment.quotes(position.symbol))
    legs = brackets.read_legs(prices, brackets.Entry(side, qty, reference), account, position.instrument, moment)
    old = account.children(position.symbol)
    legs = brackets.keep_trails(old, legs)
    for leg in legs:
        _check_trail(-side, leg.terms, position.instrument, moment)
    _check_count(account, max(0, len(legs) - len(old)))
    parent = Parent(position.symbol, ParentType.POSITION, position.symbol)
    if next(brackets.revise(account, old, legs, parent, moment), None) is None:
        raise Denied(Reason.NO_CHANGE, f"position {position_id} has these brackets already")
    entries = dict.fromkeys(leg.parent.pair for leg in old if leg.parent is not None)
    yield from brackets.revise(account, old, legs, parent, moment)
    for entry_id in entries:
        yield from show_on_entry(account, account.working.get(entry_id), dict.fromkeys(brackets.FIELDS), moment.now_ms)


def stop_out(account: Account, position: OpenPosition, now_ms: int) -> Events:
    """Send the order by which the broker itself closes a position."""
    qty = abs(position.holding.qty)
    yield _market_order(account, position, qty, True, 0, now_ms, Reason.STOP_OUT)
