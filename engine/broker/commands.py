"""Commands on orders and positions: rules that read an account and yield events.

The caller applies each event before it asks for the next one, so every rule sees the account after it. `Denied` is
raised before the first event. A refusal by the market or the account is an event. brackets.py has the rules for
brackets, execution.py those for trades.
"""

from collections.abc import Iterable, Mapping, Sequence

from engine.broker import brackets, linked_orders, margin, matching, pre_trade
from engine.broker import events as ev
from engine.broker.account import Account, OpenPosition
from engine.broker.events import Parent, Terms
from engine.broker.fill_models import reference_price
from engine.broker.liquidity import Take
from engine.broker.margin import Exposure
from engine.broker.market_view import MarketView
from engine.broker.order import MARKET, Order, OrderRequest
from engine.broker.validation import arrival_ms, keep_best, read_qty, read_terms, unsupported
from engine.errors import Denied, Reason, Refusal
from engine.models.broker.orders import OrderType, ParentType, PreOrder, Side
from engine.models.broker.positions import Brackets


def estimate(account: Account, request: OrderRequest, terms: Terms, market: MarketView) -> list[Take]:
    """Return the expected trades of an order: a market order takes levels of the book, others have one price."""
    if request.type is MARKET and not account.is_simulated:
        return account.liquidity.estimate(request.side, terms.qty, market.quote(request.symbol), market.depth)
    price = reference_price(request, terms, account, market)
    return [Take(1, price, price, 0, 0, terms.qty)]


def exposure_of(account: Account, request: OrderRequest, terms: Terms, market: MarketView) -> Exposure:
    """Return the risk that a new order adds at the average price of its expected trades, rounded up."""
    instrument, side, qty = request.instrument, request.side, terms.qty
    opening = 0 if request.is_close else margin.opening_qty(account, instrument.name, side, qty)
    if not opening:
        return Exposure(instrument, side, qty, 0, 0)
    cost = sum([take.qty * take.price for take in estimate(account, request, terms, market)])
    return Exposure(instrument, side, qty, opening, margin.margin_of(account, instrument, opening, -(-cost // qty)))


def place(account: Account, order_id: str, request: OrderRequest, market: MarketView) -> ev.Events:
    """Accept or reject a new order, with its brackets.

    Raises:
        Denied: see `read_terms` and `brackets.read_legs`; MAX_OPEN_ORDERS.
    """
    terms = read_terms(request, account, market)
    legs = _read_legs(account, request, terms, market)
    _check_count(account, 1 + len(legs))
    exposure = exposure_of(account, request, terms, market)
    eligible_ms = arrival_ms(request, account, market)
    now_ms, refusal = market.now_ms, pre_trade.refusal(account, request, terms, exposure, market)
    if refusal is not None:
        yield ev.OrderRejected(account.id, now_ms, order_id, request.sent, terms, *refusal)
        return
    is_close = bool(request.is_close)
    yield ev.OrderAccepted(account.id, now_ms, order_id, request.sent, terms, is_close, eligible_ms, exposure.required)
    if terms.trail is not None:
        yield from brackets.trail(account, account.order(order_id), market)
    if legs:
        yield from brackets.attach(account, legs, Parent(order_id, ParentType.ORDER, order_id), market)


def place_linked(account: Account, requests: Sequence[OrderRequest], market: MarketView) -> ev.Events:
    """Accept or reject two orders of which one cancels the other; both are rejected if one of them is refused.

    Raises:
        Denied: UNSUPPORTED_COMBINATION for orders that cannot be linked, or as in `place`.
    """
    first, second = requests
    terms = [read_terms(one, account, market) for one in requests]
    if (first.symbol, first.side, terms[0].qty) != (second.symbol, second.side, terms[1].qty):
        raise unsupported("two linked orders have the same symbol, side and quantity")
    if any(one.has_brackets or one.is_immediate or one.is_auction for one in requests):
        raise unsupported("linked orders have no brackets, and rest until they trade")
    _check_count(account, 2)
    rows = [(one, own, exposure_of(account, one, own, market)) for one, own in zip(requests, terms, strict=True)]
    refusal = next(filter(None, [pre_trade.refusal(account, *row, market) for row in rows]), None)
    now_ms, linked = market.now_ms, account.next_order_id()
    for request, own, exposure in rows:
        order_id, eligible_ms = account.next_order_id(), arrival_ms(request, account, market)
        if refusal is not None:
            yield ev.OrderRejected(account.id, now_ms, order_id, request.sent, own, *refusal)
            continue
        fields = (bool(request.is_close), eligible_ms, exposure.required)
        yield ev.OrderAccepted(account.id, now_ms, order_id, request.sent, own, *fields, linked=linked)
        if own.trail is not None:
            yield from brackets.trail(account, account.order(order_id), market)


def _read_legs(account: Account, request: OrderRequest, terms: Terms, market: MarketView) -> list[brackets.Leg]:
    """Return the legs that an order asks for. Raises: Denied."""
    if not request.has_brackets:
        return []
    reference = reference_price(request, terms, account, market)
    entry = brackets.Entry(request.instrument, request.side, terms.qty, reference)
    legs = brackets.read_legs(brackets.prices_of(request), entry, account, market)
    if legs and request.is_close:
        raise unsupported("an order that closes a position has no brackets")
    return legs


def _check_count(account: Account, more: int) -> None:
    limit, count = account.profile.limits.max_open_orders, len(account.working)
    if limit is not None and count + more > limit:
        raise Denied(Reason.MAX_OPEN_ORDERS, f"the account has {count} open orders, the limit is {limit}")


def modify(
    account: Account, order_id: str, request: OrderRequest, market: MarketView, client_id: str | None = None
) -> ev.Events:
    """Change the terms or the brackets of an order that is not final.

    Args:
        account: The account.
        order_id: The order.
        request: Its new form; it keeps its own `clientOrderId`.
        market: The market.
        client_id: A new `clientOrderId`; None: the old one stays.

    Raises:
        Missing: UNKNOWN_ORDER.
        Denied: ORDER_FINAL, NO_CHANGE, UNSUPPORTED_COMBINATION for another symbol, side or type, QTY_RANGE for a
            quantity not above the filled one, HALTED, WOULD_MATCH_IMMEDIATELY, STOP_PRICE_WOULD_TRIGGER_IMMEDIATELY,
            INSUFFICIENT_MARGIN, or as in `place`.
    """
    order = account.working_order(order_id)
    if (request.symbol, request.side, request.type) != (order.symbol, order.side, order.type):
        raise unsupported("symbol, side and type of an order cannot be modified")
    old = order.sent
    stop_type = old.stopType if request.stop_type is None else request.stop_type
    kept = {"isClose": old.isClose, "clientOrderId": client_id or old.clientOrderId, "stopType": stop_type}
    request = OrderRequest.read(request.sent.model_copy(update=kept), order.instrument)
    if order.parent is not None:
        yield from _modify_leg(account, order, request, market)
        return
    terms = read_terms(request, account, market)
    if terms.qty <= order.filled:
        out = order.instrument.qty_out
        raise Denied(Reason.QTY_RANGE, f"qty {out(terms.qty):g} is not above the filled {out(order.filled):g}")
    if order.linked is not None and terms.qty != order.terms.qty:
        raise unsupported("the quantity of two linked orders cannot be modified")
    reference, remaining = reference_price(request, terms, account, market), terms.qty - order.filled
    old_legs = account.pairs.get(order_id, [])
    legs = brackets.keep_trails(old_legs, _read_legs(account, request, terms, market))
    terms = keep_best(order, terms)
    if terms == order.terms and _instructions(request) == _instructions(order.request):
        raise Denied(Reason.NO_CHANGE, f"order {order_id} has these terms already")
    exposure = margin.exposure_at(account, order.instrument, order.side, remaining, reference)
    reserve = 0 if order.is_reduce_only else exposure.required
    _check_count(account, max(0, len(legs) - len(old_legs)))
    _check_revision(account, order, request, terms, exposure, market)
    yield ev.OrderModified(account.id, market.now_ms, order_id, request.sent, terms, reserve, remaining, True)
    if terms.trail is not None and order.best is None:
        yield from brackets.trail(account, order, market)
    yield from _revise_legs(account, order, legs, market)


def _instructions(request: OrderRequest) -> tuple[object, ...]:
    """Return the fields of an order that are not part of its terms, to compare them."""
    return brackets.prices_of(request), request.time_in_force, bool(request.post_only), request.sent.customFields


def _check_revision(
    account: Account, order: Order, request: OrderRequest, terms: Terms, exposure: Exposure, market: MarketView
) -> None:
    """Deny a revision that would be refused as a new order. Raises: Denied."""
    side, instrument = order.side, order.instrument
    if (request.is_immediate or request.is_auction) and request.time_in_force != order.request.time_in_force:
        raise unsupported(f"an order that rests cannot become {request.time_in_force}")
    # A triggered stop-limit order rests as a limit order.
    resting = terms if order.rests_as_stop else terms._replace(stop_price=None)
    if pre_trade.is_marketable_in_halt(account, resting, side, instrument, market):
        raise Denied(Reason.HALTED, f"trading in {instrument.name} is halted")
    if not account.is_simulated:
        if order.rests_as_stop:
            _raise_if(pre_trade.stop_refusal(side, terms, instrument, market))
        quote, limit_price = market.quote(order.symbol), terms.limit_price
        if request.post_only and limit_price and matching.is_marketable(side, limit_price, quote):
            raise Denied(Reason.WOULD_MATCH_IMMEDIATELY, "a post-only order would trade at once")
    more = exposure.required - order.reserved
    if not order.is_reduce_only and (exposure.qty > order.remaining or more > 0):
        _raise_if(margin.refusal(account, exposure._replace(required=max(0, more)), market))


def _raise_if(refusal: Refusal | None) -> None:
    """Deny a command for the reason of a refusal, if there is one. Raises: Denied."""
    if refusal is not None:
        raise Denied(*refusal)


def _revise_legs(account: Account, order: Order, legs: list[brackets.Leg], market: MarketView) -> ev.Events:
    """Adapt the brackets of a modified entry to the requested ones."""
    old = list(account.pairs.get(order.id, ()))
    if not order.filled:
        yield from brackets.revise(account, old, legs, Parent(order.id, ParentType.ORDER, order.id), market)
        return
    open_qty = min(order.filled, abs(account.signed_qty(order.symbol)))
    remaining = min([leg.remaining for leg in old] or [open_qty])
    if remaining:
        sized = [leg._replace(terms=leg.terms._replace(qty=remaining)) for leg in legs]
        parent = Parent(order.symbol, ParentType.POSITION, order.id)
        yield from brackets.revise(account, old, sized, parent, market)


def _modify_leg(account: Account, leg: Order, request: OrderRequest, market: MarketView) -> ev.Events:
    """Change the price of a bracket, and the price that its entry shows."""
    assert leg.parent is not None
    instrument, entry = leg.instrument, account.working.get(leg.parent.pair)
    if read_qty(request.sent.qty, instrument) != leg.terms.qty:
        raise unsupported("the quantity of a bracket follows its position")
    name = brackets.field_of(leg)
    value = brackets.price_of(name, request.sent)
    if leg.is_inactive and entry is not None:
        reference = reference_price(entry.request, entry.terms, account, market)
    else:
        reference = matching.mark_price(-leg.side, market.quote(leg.symbol))
    prices = Brackets.model_validate({name: value})
    found = brackets.read_legs(prices, brackets.Entry(instrument, -leg.side, leg.terms.qty, reference), account, market)
    if not found:
        raise Denied(Reason.PRICE_REQUIRED, f"{name} needs a price")
    terms = brackets.keep_trails([leg], found)[0].terms
    if terms == leg.terms:
        raise Denied(Reason.NO_CHANGE, f"order {leg.id} has these terms already")
    if terms.trail is not None:
        _raise_if(pre_trade.stop_refusal(leg.side, terms, instrument, market))
    yield ev.OrderModified(account.id, market.now_ms, leg.id, found[0].sent, terms, 0, None, True)
    yield from _show_on_entry(account, entry, {name: value}, market.now_ms)


def _show_on_entry(account: Account, entry: Order | None, prices: Mapping[str, float | None], now_ms: int) -> ev.Events:
    """Update the bracket prices in the request of a working entry."""
    if entry is not None:
        sent = entry.sent.model_copy(update=prices)
        yield ev.OrderModified(account.id, now_ms, entry.id, sent, entry.terms, entry.reserve, entry.reserve_qty)


def cancel(account: Account, order_id: str, market: MarketView) -> ev.Events:
    """Cancel an order that is not final, and the brackets that wait for it.

    Raises:
        Missing: UNKNOWN_ORDER.
        Denied: ORDER_FINAL.
    """
    order = account.working_order(order_id)
    parent, name = order.parent, brackets.field_of(order)
    yield from end(account, order, None, None, market.now_ms)
    if parent is not None:
        yield from _show_on_entry(account, account.working.get(parent.pair), {name: None}, market.now_ms)


def end(account: Account, order: Order, reason: Reason | None, message: str | None, now_ms: int) -> ev.Events:
    """Cancel an order for a reason, and the brackets that wait for it."""
    yield ev.OrderCanceled(account.id, now_ms, order.id, reason, message)
    for leg in list(account.pairs.get(order.id, ())):
        if leg.is_inactive:
            yield ev.OrderCanceled(account.id, now_ms, leg.id, Reason.PARENT_CANCELED, f"{order.id} was canceled")
    if order.linked is not None:
        yield from linked_orders.cancel_sibling(account, order, now_ms)


def end_all(account: Account, orders: Iterable[Order], reason: Reason | None, message: str, now_ms: int) -> ev.Events:
    """Cancel orders one after the other; skip those that an earlier cancellation ended."""
    for order in orders:
        if not order.is_final:
            yield from end(account, order, reason, message, now_ms)


def close(account: Account, position_id: str, amount: float | None, market: MarketView) -> ev.Events:
    """Close `amount` of a position, or all of it, with a reduce-only market order.

    Raises:
        Missing: UNKNOWN_POSITION.
        Denied: HALTED, MARKET_CLOSED, BAD_QTY_STEP, or QTY_RANGE for an amount outside the open quantity.
    """
    position = account.position(position_id)
    instrument, open_qty = position.instrument, abs(position.holding.qty)
    qty = open_qty if amount is None else read_qty(amount, instrument)
    if not 0 < qty <= open_qty:
        text = f"amount {instrument.qty_out(qty):g} is outside the open quantity, {instrument.qty_out(open_qty):g}"
        raise Denied(Reason.QTY_RANGE, text)
    _raise_if(pre_trade.closed_refusal(instrument, market))
    yield from send_market_order(account, position, qty, market.now_ms)


def reverse(account: Account, position_id: str, market: MarketView) -> ev.Events:
    """Turn a position into the opposite one with one market order of twice the quantity.

    Raises:
        Missing: UNKNOWN_POSITION.
        Denied: INSUFFICIENT_MARGIN, POSITION_LIMIT, DAILY_LOSS_LIMIT, HALTED, MARKET_CLOSED.
    """
    position = account.position(position_id)
    instrument, open_qty = position.instrument, position.holding.qty
    side = -1 if open_qty > 0 else 1
    reference = matching.opposite(side, market.quote(instrument.name))
    exposure = margin.exposure_at(account, instrument, side, 2 * abs(open_qty), reference)
    _raise_if(pre_trade.closed_refusal(instrument, market))
    _raise_if(margin.refusal(account, exposure, market))
    yield from send_market_order(account, position, exposure.qty, market.now_ms, exposure.required)


def send_market_order(
    account: Account,
    position: OpenPosition,
    qty: int,
    now_ms: int,
    reserve: int | None = None,
    reason: Reason | None = None,
) -> ev.Events:
    """Send a market order against a position, reduce-only without `reserve`; `reason` is set by the broker only."""
    name, is_close = position.instrument.name, reserve is None
    side = Side.SELL if position.holding.qty > 0 else Side.BUY
    sent_qty = position.instrument.qty_out(qty)
    sent = PreOrder(symbol=name, type=OrderType.MARKET, side=side, qty=sent_qty, isClose=is_close)
    order_id = account.next_order_id()
    yield ev.OrderAccepted(
        account.id, now_ms, order_id, sent, Terms(qty), is_close, now_ms, reserve or 0, reason=reason
    )


def edit_brackets(account: Account, position_id: str, prices: Brackets, market: MarketView) -> ev.Events:
    """Replace the brackets of a position by the requested ones.

    Brackets of its entries become brackets of the position; a working entry shows no brackets from then on.

    Raises:
        Missing: UNKNOWN_POSITION.
        Denied: NO_CHANGE, or as in `brackets.read_legs`.
    """
    position = account.position(position_id)
    side, qty, instrument = position.side, abs(position.holding.qty), position.instrument
    reference = matching.mark_price(position.holding.qty, market.quote(position.instrument.name))
    old = list(account.brackets.get(position.instrument.name, ()))
    legs = brackets.read_legs(prices, brackets.Entry(instrument, side, qty, reference), account, market)
    legs = brackets.keep_trails(old, legs)
    for leg in legs:
        if leg.terms.trail is not None:
            _raise_if(pre_trade.stop_refusal(-side, leg.terms, instrument, market))
    _check_count(account, max(0, len(legs) - len(old)))
    parent = Parent(position.instrument.name, ParentType.POSITION, position.instrument.name)
    if next(brackets.revise(account, old, legs, parent, market), None) is None:
        raise Denied(Reason.NO_CHANGE, f"position {position_id} has these brackets already")
    entries = dict.fromkeys(leg.parent.pair for leg in old if leg.parent is not None)
    yield from brackets.revise(account, old, legs, parent, market)
    for entry_id in entries:
        entry = account.working.get(entry_id)
        yield from _show_on_entry(account, entry, dict.fromkeys(brackets.PRICE_FIELDS), market.now_ms)
