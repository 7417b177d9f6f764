"""What the market makes of a working order: triggers, trades, and what follows from a trade.

Rules that read an account and yield events, like those of decisions.py.
"""

from collections.abc import Iterator

from engine.broker import brackets, costs, matching, risk
from engine.broker import events as ev
from engine.broker.account import Account, Moment
from engine.broker.decisions import end
from engine.broker.fills import Fill, Liquidity, market_fill, simulated_fill
from engine.broker.filters import IMMEDIATE, duration_of, trailing_stop
from engine.broker.order import Order
from engine.errors import Denied, Reason

Events = Iterator[ev.Event]


def match(account: Account, order: Order, liquidity: Liquidity, moment: Moment, is_arriving: bool) -> Events:
    """Give a working order what the market gives it now: a trigger, a trade, both or nothing.

    Args:
        account: The owner of the order.
        order: A working order.
        liquidity: What the account finds on the market.
        moment: Time and market.
        is_arriving: The order is new, or its terms are.
    """
    if moment.now_ms < order.eligible_ms or not moment.is_open(order.symbol):
        return
    quote, terms = moment.quotes(order.symbol), order.terms
    if order.rests_as_stop:
        assert terms.stop_price is not None
        is_triggered = matching.is_touch_triggered if terms.is_touch else matching.is_stop_triggered
        if not is_triggered(order.side, terms.stop_price, order.instrument.trigger, quote):
            return
        yield ev.OrderTriggered(account.id, moment.now_ms, order.id)
        is_arriving = True
    elif is_arriving and order.request.postOnly and matching.is_marketable(order.side, terms.limit_price or 0, quote):
        text = "a post-only order would have traded when it arrived"
        yield from end(account, order, Reason.WOULD_MATCH_IMMEDIATELY, text, moment.now_ms)
        return
    qty = _tradable(account, order)
    fill = market_fill(order, qty, quote, liquidity, account.profile, is_arriving)
    if fill is not None:
        before = order.filled
        yield from _trade(account, order, fill, moment, True)
        if not order.is_guaranteed:
            liquidity.take(order.side, order.filled - before, quote)
    elif not qty:
        yield from brackets.follow_position(account, order.symbol, moment.now_ms)
    if order.is_working and duration_of(order.request) in IMMEDIATE:
        yield from end(account, order, Reason.EXPIRED, "what could not trade at once was canceled", moment.now_ms)


def simulate(account: Account, order: Order, moment: Moment) -> Events:
    """Execute a working order at its own price, whatever the market; in a halt nothing trades."""
    if moment.is_halted(order.symbol):
        return
    qty = _tradable(account, order)
    if qty:
        fill = simulated_fill(order, qty, moment.quotes(order.symbol))
        yield from _trade(account, order, fill, moment, False)
    else:
        yield from brackets.follow_position(account, order.symbol, moment.now_ms)


def _tradable(account: Account, order: Order) -> int:
    """Return what an order may still trade: its rest, and never more than there is to reduce."""
    if not order.is_reduce_only:
        return order.remaining
    return min(order.remaining, max(0, -order.side * account.signed_qty(order.symbol)))


def follow(account: Account, order: Order, moment: Moment) -> Events:
    """Move a trailing stop after a better price; it moves in its owner's favour only."""
    terms = order.terms
    if not order.is_working or not order.rests_as_stop or terms.trail is None or order.best is None:
        return
    best = matching.trailing_basis(order.side, moment.quotes(order.symbol))
    if (best - order.best) * order.side >= 0:
        return
    try:
        stop_price = trailing_stop(order.side, best, terms.trail, order.instrument)
    except Denied:
        return
    yield ev.OrderTrailed(account.id, moment.now_ms, order.id, stop_price, best)


def expire(account: Account, order: Order, now_ms: int) -> Events:
    """End an order whose time is over."""
    text = "the session ended" if duration_of(order.request) == "DAY" else "its time is over"
    yield from end(account, order, Reason.EXPIRED, f"expired: {text}", now_ms)


def _trade(account: Account, order: Order, fill: Fill, moment: Moment, is_checked: bool) -> Events:
    """Book a trade and let everything that depends on it follow."""
    qty, now_ms = fill.qty, moment.now_ms
    margins = risk.assess(account, moment)
    required = risk.required_for(account, order, qty, fill.price)
    if is_checked and (refusal := risk.trade_refusal(account, order, qty, required, margins, moment)):
        yield from end(account, order, *refusal, now_ms)
        return
    yield _executed(account, order, fill, margins, required, moment)
    if order.parent is None:
        yield from brackets.follow_entry(account, order, qty, moment)
    else:
        yield from brackets.shrink_sibling(account, order, qty, now_ms)
    yield from brackets.follow_position(account, order.symbol, now_ms)


def _executed(
    account: Account, order: Order, fill: Fill, margins: risk.Margins, required: int, moment: Moment
) -> ev.OrderExecuted:
    profile, instrument, qty = account.profile, order.instrument, fill.qty
    commission = costs.commission(profile.commission, instrument, qty, fill.price, fill.is_maker)
    if order.is_guaranteed:
        commission += costs.premium(profile, instrument, qty, fill.price)
    basis = ev.Basis(
        fill.rule,
        moment.quotes(order.symbol),
        fill.displayed,
        fill.taken,
        fill.slippage,
        fill.draw,
        margins.equity,
        margins.used,
        margins.reserved,
        required,
    )
    return ev.OrderExecuted(
        account.id,
        moment.now_ms,
        account.next_execution_id(),
        order.id,
        order.symbol,
        order.side,
        qty,
        fill.price,
        commission,
        fill.is_maker,
        basis,
    )
