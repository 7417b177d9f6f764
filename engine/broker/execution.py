"""What the market makes of a working order: triggers, trades, and what follows from a trade.

Rules that read an account and yield events, like those of decisions.py.
"""

from collections.abc import Iterator

from engine.broker import brackets, fees, margin, matching
from engine.broker import events as ev
from engine.broker.account import Account
from engine.broker.commands import Weighed, end
from engine.broker.fill_models import Encounter, Fill, market_fills, simulated_fill, slipped_fills
from engine.broker.liquidity import Liquidity
from engine.broker.moment import Moment
from engine.broker.order import MARKET, STOP, WORKING, Order
from engine.broker.validation import IMMEDIATE, duration_of, trailing_stop
from engine.errors import Denied, Reason
from engine.models.market.quotes import Print, Quote

Events = Iterator[ev.Event]
NOTHING: Events = iter(())
UNWEIGHED: Weighed = (None, 0, None)
NO_OFFER = (None, None, 0, 0)
"""What stands for the level of a trade where sizes do not matter."""


def match(
    account: Account,
    order: Order,
    liquidity: Liquidity,
    moment: Moment,
    is_arriving: bool,
    weighed: Weighed | None = None,
) -> Events:
    """Give a working order what the market gives it now: a trigger, trades, both or nothing.

    Args:
        account: The owner of the order.
        order: A working order.
        liquidity: What the account finds on the market.
        moment: Time and market.
        is_arriving: The order is new, or its terms are.
        weighed: What it was accepted by at this moment, None for one that was not.
    """
    at_ms = moment.now_ms if moment.instant_ms is None else moment.instant_ms
    if at_ms < order.eligible_ms or not moment.is_open(order.symbol):
        return NOTHING
    if order.type is MARKET:
        return _match_market(account, order, liquidity, moment, is_arriving, weighed)
    return _match_priced(account, order, liquidity, moment, is_arriving, weighed)


def _match_market(
    account: Account,
    order: Order,
    liquidity: Liquidity,
    moment: Moment,
    is_arriving: bool,
    weighed: Weighed | None,
) -> Events:
    """Give a market order what there is: it waits for no price."""
    if not is_arriving and _met(order, moment) is None:
        return
    quote, qty = moment.quotes(order.symbol), _tradable(account, order)
    if qty:
        found = None if weighed is None else weighed[2]
        if found is None:
            found = liquidity.find(order.side, qty, quote, moment.depth)
        if found:
            yield from _trade(account, order, slipped_fills(account, order, found, liquidity), quote, moment, weighed)
    else:
        yield from brackets.follow_position(account, order.symbol, moment.now_ms)
    if order.status is WORKING and duration_of(order.request) in IMMEDIATE:
        yield from _end_rest(account, order, moment)


def _match_priced(
    account: Account,
    order: Order,
    liquidity: Liquidity,
    moment: Moment,
    is_arriving: bool,
    weighed: Weighed | None,
) -> Events:
    """Give an order with a limit or a stop what its price lets it have."""
    met = Print(moment.quotes(order.symbol)) if is_arriving else _met(order, moment)
    if met is None:
        return
    is_triggered = order.rests_as_stop
    if is_triggered:
        if not _reaches_stop(order, met.quote):
            return
        yield ev.OrderTriggered(account.id, moment.now_ms, order.id)
    elif is_arriving and _reaches_limit(order, met.quote) and order.request.postOnly:
        text = "a post-only order would have traded when it arrived"
        yield from end(account, order, Reason.WOULD_MATCH_IMMEDIATELY, text, moment.now_ms)
        return
    qty, encounter = _tradable(account, order), _encounter(order, met, moment, is_arriving, is_triggered)
    fills = market_fills(account, order, qty, encounter, liquidity)
    if fills:
        yield from _trade(account, order, fills, encounter.quote, moment, weighed)
    elif not qty:
        yield from brackets.follow_position(account, order.symbol, moment.now_ms)
    if not order.is_working:
        return
    if duration_of(order.request) in IMMEDIATE:
        yield from _end_rest(account, order, moment)
        return
    is_taking = encounter.is_taking and _reaches_limit(order, encounter.seen)
    if is_taking != order.is_taking:
        yield ev.OrderTakingChanged(account.id, moment.now_ms, order.id, is_taking)


def _end_rest(account: Account, order: Order, moment: Moment) -> Events:
    return end(account, order, Reason.EXPIRED, "what could not trade at once was canceled", moment.now_ms)


def _met(order: Order, moment: Moment) -> Print | None:
    """Return what an order that is there meets, None for nothing new: one that takes meets the quote, also on bars."""
    met = moment.met(order.symbol)
    if met is None or (met.is_past and met.quote.time_ms <= order.arrival_ms):
        return None
    return Print(moment.quotes(order.symbol)) if order.is_taking else met


def _reaches_stop(order: Order, quote: Quote) -> bool:
    assert order.terms.stop_price is not None
    is_reached = matching.is_touch_triggered if order.terms.is_touch else matching.is_stop_triggered
    return is_reached(order.side, order.terms.stop_price, order.instrument.trigger, quote)


def _reaches_limit(order: Order, quote: Quote) -> bool:
    return order.terms.limit_price is not None and matching.is_marketable(order.side, order.terms.limit_price, quote)


def _encounter(order: Order, met: Print, moment: Moment, is_arriving: bool, is_triggered: bool) -> Encounter:
    """Return how an order meets the market, see docs/trading.md, fills."""
    stop_price, limit_price, depth = order.terms.stop_price, order.terms.limit_price, moment.depth
    if limit_price is None and not is_triggered:
        quote = moment.quotes(order.symbol)
        return Encounter(quote, quote, depth, True, False)
    printed = met.quote.last if met.is_bar else None
    if is_triggered and stop_price is not None:
        quote = matching.at_price(stop_price, met)
        return Encounter(quote, quote, None if met.is_bar else depth, True, False, printed)
    assert limit_price is not None
    goes_on = order.is_taking or _meets_the_open(order, met, moment)
    is_taking = is_arriving or (goes_on and not order.request.postOnly)
    quote = matching.at_price(limit_price, met)
    depth = depth if is_taking and not met.is_bar else None
    return Encounter(met.quote, quote, depth, is_taking, not met.is_bar, printed)


def _meets_the_open(order: Order, met: Print, moment: Moment) -> bool:
    """Whether an order rested while its market was closed or halted, and meets the first quote since.

    A bar of days leads through a break as if there were none.
    """
    if met.came_from is not None:
        return False
    opened_ms = moment.opened_ms(order.symbol)
    return opened_ms is not None and order.arrival_ms < opened_ms


def simulate(account: Account, order: Order, moment: Moment) -> Events:
    """Execute a working order at its own price, whatever the market; in a halt nothing trades."""
    if moment.is_halted(order.symbol):
        return
    qty = _tradable(account, order)
    if qty:
        quote = moment.quotes(order.symbol)
        fill, margins = simulated_fill(order, qty, quote), margin.assess(account, moment)
        required = margin.required_for(account, order, (fill,))
        yield from _book(account, order, [fill], quote, margins, required, moment)
    else:
        yield from brackets.follow_position(account, order.symbol, moment.now_ms)


def _tradable(account: Account, order: Order) -> int:
    """Return what an order may still trade: its rest, and never more than there is to reduce."""
    if not order.is_reduce_only:
        return order.terms.qty - order.filled
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


def _trade(
    account: Account, order: Order, fills: list[Fill], quote: Quote, moment: Moment, weighed: Weighed | None
) -> Events:
    """Book the trades of one look at the market; what the account cannot carry as a whole is refused as a whole.

    One that was accepted a moment ago is not weighed again, unless it needs more than it has held back.
    """
    margins, price, _ = weighed or UNWEIGHED
    is_as_reckoned = len(fills) == 1 and fills[0].price == price and fills[0].qty == order.terms.qty
    if weighed is not None and (margins is None or is_as_reckoned):
        required = 0  # nothing opens, or exactly what is held back is needed
    else:
        required = margin.required_for(account, order, fills)
    if margins is None:
        margins = margin.assess(account, moment)
    if required or weighed is None:
        refusal = _trade_refusal(account, order, fills, required, margins, moment)
        if refusal is not None:
            return end(account, order, *refusal, moment.now_ms)
    return _book(account, order, fills, quote, margins, required, moment)


def _trade_refusal(
    account: Account, order: Order, fills: list[Fill], required: int, margins: margin.Margins, moment: Moment
) -> margin.ApiError | None:
    """Return why the account can no longer carry the trades that its order waited for, or None."""
    if order.is_reduce_only:
        return None
    qty = sum([fill.qty for fill in fills])
    opening = margin.opening_qty(account, order.symbol, order.side, qty)
    if not opening:
        return None
    margins = margins._replace(reserved=account.reserved)
    return margin.refusal(account, order.instrument, order.side, qty, opening, required, margins, moment)


def _book(
    account: Account,
    order: Order,
    fills: list[Fill],
    quote: Quote,
    margins: margin.Margins,
    required: int,
    moment: Moment,
) -> Events:
    """Book trades, and let everything that depends on each of them follow."""
    now_ms = moment.now_ms
    for number, fill in enumerate(fills):
        if number:
            margins = margin.assess(account, moment)
        if len(fills) > 1:
            required = margin.required_for(account, order, (fill,))
        yield _executed(account, order, fill, margins, required, quote, now_ms)
        if order.parent is not None:
            yield from brackets.shrink_sibling(account, order, fill.qty, now_ms)
        elif order.id in account.pairs or order.filled > fill.qty:
            yield from brackets.follow_entry(account, order, fill.qty, moment)
        if account.reducing.get(order.symbol):
            yield from brackets.follow_position(account, order.symbol, now_ms)


def _executed(
    account: Account, order: Order, fill: Fill, margins: margin.Margins, required: int, quote: Quote, now_ms: int
) -> ev.OrderExecuted:
    profile, instrument = account.profile, order.instrument
    qty, price, is_maker, offer = fill.qty, fill.price, fill.is_maker, fill.offer
    level, level_price, displayed, taken = (
        NO_OFFER if offer is None else (offer.number, offer.counted_at, offer.size, offer.taken)
    )
    equity, used, _ = margins
    commission = fees.commission(profile.commission, instrument, qty, price, is_maker)
    if order.type is STOP and order.is_guaranteed:
        commission += fees.premium(profile, instrument, qty, price)
    basis = ev.Basis(
        fill.rule,
        quote,
        displayed,
        taken,
        fill.slippage,
        fill.draw,
        equity,
        used,
        account.reserved,
        required,
        level,
        level_price,
    )
    return ev.OrderExecuted(
        account.id,
        now_ms,
        account.next_execution_id(),
        order.id,
        order.symbol,
        order.side,
        qty,
        price,
        commission,
        is_maker,
        basis,
    )
