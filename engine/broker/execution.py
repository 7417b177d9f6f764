"""Execution of working orders: triggers, trades, and the events that follow from a trade.

The rules read an account and yield events, like those of commands.py. fill_models.py decides quantity and price.
"""

from engine.broker import brackets, fees, linked_orders, margin, matching
from engine.broker import events as ev
from engine.broker.account import Account
from engine.broker.commands import end
from engine.broker.fill_models import Fill, TradeConditions, market_fills, reference_price
from engine.broker.margin import Exposure, Margins
from engine.broker.market_view import MarketView
from engine.broker.order import WORKING, Cap, Order
from engine.broker.validation import distance_at, trailing_stop
from engine.errors import Denied, Reason
from engine.models.market.quotes import Print, Quote


def match(account: Account, order: Order, market: MarketView, is_arriving: bool) -> ev.Events:
    """Match a working order with the market: yields a trigger, trades, both or nothing.

    `is_arriving` is true for an order that is new at the market, or that has new terms.
    """
    is_due = market.now_ms >= order.eligible_ms and market.is_open(order.symbol)
    if not is_due or not _has_rate(account, order, market):
        return
    new_print = Print(market.quote(order.symbol)) if is_arriving else _print_for(order, market)
    if new_print is None:
        return
    is_triggered = order.rests_as_stop
    if is_triggered:
        if not _reaches_stop(order, new_print.quote):
            return
        yield ev.OrderTriggered(account.id, market.now_ms, order.id)
    elif is_arriving and order.sent.postOnly and _reaches_limit(order, new_print.quote):
        text = "a post-only order would have traded when it arrived"
        yield from end(account, order, Reason.WOULD_MATCH_IMMEDIATELY, text, market.now_ms)
        return
    qty, conditions = _tradable(account, order), _conditions(order, new_print, market, is_arriving, is_triggered)
    fills = market_fills(account, order, qty, conditions)
    if fills:
        yield from _trade(account, order, fills, market, is_arriving and order.create_time == market.now_ms)
    elif not qty and not order.is_capped:
        yield from brackets.follow_position(account, order.symbol, market.now_ms)
    if order.status is not WORKING:
        return
    if order.cap is not None and order.is_capped:
        yield from _end_capped(account, order, order.cap, market)
        return
    if order.is_immediate:
        text = "the rest could not trade at once and was canceled"
        yield from end(account, order, Reason.EXPIRED, text, market.now_ms)
        return
    is_taking = conditions.is_taking and _reaches_limit(order, conditions.reference)
    if is_taking != order.is_taking:
        yield ev.OrderTakingChanged(account.id, market.now_ms, order.id, is_taking)


def _has_rate(account: Account, order: Order, market: MarketView) -> bool:
    """Whether the money of an order can be converted now."""
    conversion = account.conversion_of(order.instrument)
    return conversion is None or conversion.is_ready(market)


def _print_for(order: Order, market: MarketView) -> Print | None:
    """Return the new print for a resting order, None without one. An order that takes liquidity gets the quote."""
    new_print = market.new_print(order.symbol)
    if new_print is None or (new_print.is_past and new_print.quote.time_ms <= order.arrival_ms):
        return None
    return Print(market.quote(order.symbol)) if order.is_taking else new_print


def _reaches_stop(order: Order, quote: Quote) -> bool:
    assert order.terms.stop_price is not None
    is_reached = matching.is_touch_triggered if order.terms.is_touch else matching.is_stop_triggered
    return is_reached(order.side, order.terms.stop_price, order.instrument.trigger, quote)


def _reaches_limit(order: Order, quote: Quote) -> bool:
    return order.terms.limit_price is not None and matching.is_marketable(order.side, order.terms.limit_price, quote)


def _conditions(
    order: Order, new_print: Print, market: MarketView, is_arriving: bool, is_triggered: bool
) -> TradeConditions:
    """Return the quote and the book that an order can trade on. Source: docs/trading.md, fills."""
    stop_price, limit_price = order.terms.stop_price, order.terms.limit_price
    if limit_price is None and not is_triggered:
        quote = market.quote(order.symbol)
        return TradeConditions(quote, quote, market.depth, True)
    depth = None if new_print.is_bar else market.depth
    printed = new_print.quote.last if new_print.is_bar else None
    if is_triggered and stop_price is not None:
        quote = matching.at_price(stop_price, new_print)
        return TradeConditions(quote, quote, depth, True, printed)
    assert limit_price is not None
    keeps_taking = order.is_taking or _is_at_open(order, new_print, market)
    is_taking = is_arriving or (keeps_taking and not order.sent.postOnly)
    quote, depth = matching.at_price(limit_price, new_print), depth if is_taking else None
    return TradeConditions(new_print.quote, quote, depth, is_taking, printed)


def _is_at_open(order: Order, new_print: Print, market: MarketView) -> bool:
    """Whether an order rested while its market was closed or halted, and this is the first quote since.

    A print on the path of a bar is never that quote, even after a break inside a daily bar.
    """
    if new_print.came_from is not None:
        return False
    opened_ms = market.opened_ms(order.symbol)
    return opened_ms is not None and order.arrival_ms < opened_ms


def simulate(account: Account, order: Order, market: MarketView) -> ev.Events:
    """Execute a working order at its `reference_price`, even if no quote reaches it; nothing trades in a halt."""
    if market.is_halted(order.symbol) or not _has_rate(account, order, market):
        return
    if order.cap is not None and order.is_capped:
        yield from _end_capped(account, order, order.cap, market)
        return
    qty = _tradable(account, order)
    if qty:
        price = reference_price(order.request, order.terms, account, market)
        is_maker = order.terms.limit_price is not None
        fill = Fill(qty, price, is_maker, market.quote(order.symbol), "simulator")
        required = margin.required_for(account, order, (fill,), market)
        yield from _book(account, order, [fill], margin.assess(account, market), required, market)
    else:
        yield from brackets.follow_position(account, order.symbol, market.now_ms)


def _tradable(account: Account, order: Order) -> int:
    """Return the quantity that an order may still trade; a reduce-only order at most the open position."""
    qty = order.terms.qty if order.cap is None else min(order.terms.qty, order.cap.qty)
    if not order.is_reduce_only:
        return qty - order.filled
    return min(qty - order.filled, account.reducible_by(order))


def _end_capped(account: Account, order: Order, cap: Cap, market: MarketView) -> ev.Events:
    """Cancel the rest of an order that has traded what a fault lets it trade, or leave the order as it is."""
    if cap.is_canceled:
        yield from end(account, order, Reason.FAULT, "a fault canceled the rest", market.now_ms)


def follow(account: Account, order: Order, market: MarketView) -> ev.Events:
    """Move a trailing stop behind a better price, if that leaves it above zero."""
    assert order.terms.trail is not None
    best = matching.opposite(order.side, market.trail_quote(order.symbol))
    distance = distance_at(best, order.terms.trail, order.terms.trail_rate, order.instrument)
    try:
        stop_price = trailing_stop(order.side, best, distance, order.instrument)
    except Denied:
        return
    yield ev.OrderTrailed(account.id, market.now_ms, order.id, stop_price, best)


def _trade(account: Account, order: Order, fills: list[Fill], market: MarketView, is_accepted_now: bool) -> ev.Events:
    """Book the trades of one match; if the account cannot carry all of them, the order is canceled before the first.

    An order that was accepted at this instant is checked again only where it needs more than its reserve.
    """
    margins, required = margin.assess(account, market), margin.required_for(account, order, fills, market)
    if not order.is_reduce_only and (required or not is_accepted_now):
        qty = sum([fill.qty for fill in fills])
        opening = margin.opening_qty(account, order.symbol, order.side, qty)
        exposure = Exposure(order.instrument, order.side, qty, opening, required)
        refusal = margin.refusal(account, exposure, market, margins)
        if refusal is not None:
            return end(account, order, *refusal, market.now_ms)
    return _book(account, order, fills, margins, required, market)


def _book(
    account: Account, order: Order, fills: list[Fill], margins: Margins, required: int, market: MarketView
) -> ev.Events:
    """Book trades, each followed by the events of the brackets and reduce-only orders that depend on it."""
    now_ms = market.now_ms
    for number, fill in enumerate(fills):
        if number:
            margins = margin.assess(account, market)
        if len(fills) > 1:
            required = margin.required_for(account, order, (fill,), market)
        yield _executed(account, order, fill, margins, required, market)
        if order.parent is not None:
            yield from brackets.shrink_sibling(account, order, fill.qty, now_ms)
            entry = account.working.get(order.parent.pair)
            if entry is not None:
                yield from end(account, entry, Reason.OCO, f"its bracket {order.id} traded", now_ms)
        elif order.id in account.pairs or order.filled > fill.qty:
            yield from brackets.follow_entry(account, order, fill.qty, market)
        if order.linked is not None:
            yield from linked_orders.shrink_sibling(account, order, fill.qty, now_ms)
        if account.reducing.get(order.symbol):
            yield from brackets.follow_position(account, order.symbol, now_ms)
        reversal = account.reversals.get(order.symbol)
        if reversal is not None and reversal is not order:
            yield from _follow_target(account, reversal, market)


def _follow_target(account: Account, reversal: Order, market: MarketView) -> ev.Events:
    """Adapt the order of a reversal after another order traded, so that it still ends at its target position."""
    assert reversal.target is not None
    side, instrument, now_ms = reversal.side, reversal.instrument, market.now_ms
    remaining = side * (reversal.target - account.signed_qty(reversal.symbol))
    if remaining <= 0:
        yield from end(account, reversal, Reason.OCO, "other orders have reversed the position", now_ms)
    elif remaining != reversal.remaining:
        terms = reversal.terms._replace(qty=reversal.filled + remaining)
        sent = reversal.sent.model_copy(update={"qty": instrument.qty_out(terms.qty)})
        reference = matching.opposite(side, market.quote(reversal.symbol))
        exposure = margin.exposure_at(account, instrument, side, remaining, reference, market)
        yield ev.OrderModified(account.id, now_ms, reversal.id, sent, terms, exposure.required, remaining)


def _executed(
    account: Account, order: Order, fill: Fill, margins: Margins, required: int, market: MarketView
) -> ev.OrderExecuted:
    """Return the event of a trade, with the figures that explain it."""
    profile, instrument, take = account.profile, order.instrument, fill.take
    side, qty, price, is_maker = order.side, fill.qty, fill.price, fill.is_maker
    rate = margin.trade_rate(account, order, fill, market)
    commission = fees.commission(profile.commission, instrument, qty, price, is_maker, rate)
    if order.is_guaranteed:
        commission += fees.premium(profile, instrument, qty, price, rate)
    figures = margins.equity, margins.used, account.reserved, required
    level = (None, 0, None, None) if take is None else (take.size, take.taken, take.number, take.counted_at)
    size, taken, number, counted_at = level
    basis = ev.Basis(fill.rule, fill.quote, size, taken, fill.slippage, fill.draw, *figures, number, counted_at)
    execution_id, symbol = f"EXEC-{account.execution_count + 1}", order.symbol
    return ev.OrderExecuted(
        account.id, market.now_ms, execution_id, order.id, symbol, side, qty, price, commission, is_maker, basis, rate
    )
