"""Why the market or the account refuses a well-formed order: rules that read. `decisions` makes events of it."""

from collections.abc import Mapping
from typing import Any

from engine.broker import margin, matching, trading_hours
from engine.broker.account import Account
from engine.broker.events import Terms
from engine.broker.liquidity import Liquidity
from engine.broker.moment import Moment
from engine.broker.validation import IMMEDIATE, duration_of
from engine.errors import Reason
from engine.models.broker.orders import OrderType, PreOrder
from engine.models.market.instruments import Instrument


def refusal_of(
    account: Account,
    request: PreOrder,
    terms: Terms,
    instrument: Instrument,
    liquidity: Liquidity,
    opening: int,
    required: int,
    moment: Moment,
) -> tuple[margin.ApiError | None, margin.Margins | None]:
    """Return why the market or the account refuses a well-formed order, or None.

    Args:
        account: Who wants to trade.
        request: The order.
        terms: What it trades on.
        instrument: What.
        liquidity: What the account finds on the market.
        opening: The part of its quantity that adds risk, in quantity units.
        required: Margin that this part needs, in money units.
        moment: Time and market.

    Returns:
        The refusal, and the margin figures, None where it was not held to them.
    """
    asked, refused, margins = request.__dict__, None, None
    side = asked["side"]
    if not moment.is_open(asked["symbol"]):
        shut = trading_hours.shut_refusal(instrument, moment)
        is_immediate = request.type is OrderType.MARKET or duration_of(request) in IMMEDIATE
        if is_immediate or trading_hours.is_held_up(account, terms, side, instrument, moment):
            return shut, None
    if asked["isClose"]:
        refused = _close_refusal(account, request, terms, instrument)
    elif opening:
        margins = margin.assess(account, moment)
        refused = margin.refusal(account, instrument, side, terms.qty, opening, required, margins, moment)
    if refused is None and not liquidity.is_blind:
        refused = _market_refusal(request, asked, terms, instrument, liquidity, moment)
    return refused, margins


def _close_refusal(account: Account, request: PreOrder, terms: Terms, instrument: Instrument) -> margin.ApiError | None:
    """Return why an order that only reduces finds nothing to reduce, or None."""
    reducible = -request.side * account.signed_qty(instrument.name)
    if reducible <= 0:
        return Reason.REDUCE_ONLY_VIOLATION, f"there is no {instrument.name} position for this order to reduce"
    if terms.qty > reducible and duration_of(request) == "FOK":
        text = f"only {instrument.qty_out(reducible):g} can be reduced: the order would not fill whole"
        return Reason.REDUCE_ONLY_VIOLATION, text
    return None


def _market_refusal(
    request: PreOrder,
    asked: Mapping[str, Any],
    terms: Terms,
    instrument: Instrument,
    liquidity: Liquidity,
    moment: Moment,
) -> margin.ApiError | None:
    """Return why the market as it stands refuses an order, or None."""
    side, limit_price = asked["side"], terms.limit_price
    if asked["postOnly"] or asked["duration"] is not None:
        is_marketable = limit_price is None or matching.is_marketable(side, limit_price, moment.quotes(instrument.name))
        if request.postOnly and is_marketable:
            return Reason.WOULD_MATCH_IMMEDIATELY, "a post-only order would trade at once"
        if duration_of(request) == "FOK" and not (is_marketable and _finds_all(request, terms, liquidity, moment)):
            return Reason.NO_LIQUIDITY, "the whole quantity is not on the market within the limit"
    return None if terms.stop_price is None else stop_refusal(side, terms, instrument, moment)


def _finds_all(request: PreOrder, terms: Terms, liquidity: Liquidity, moment: Moment) -> bool:
    """Whether the whole quantity is displayed within the limit, over all levels."""
    quote = moment.quotes(request.symbol)
    found = liquidity.find(request.side, terms.qty, quote, moment.depth, terms.limit_price)
    return sum(qty for _, qty in found) == terms.qty


def stop_refusal(side: int, terms: Terms, instrument: Instrument, moment: Moment) -> margin.ApiError | None:
    """Return why a stop price is on the wrong side of the market, or None."""
    if terms.stop_price is None or terms.is_touch:
        return None
    quote = moment.quotes(instrument.name)
    if not matching.is_stop_triggered(side, terms.stop_price, instrument.trigger, quote):
        return None
    price = instrument.price_out(matching.trigger_price(side, instrument.trigger, quote))
    text = f"stop price {instrument.price_out(terms.stop_price):g} would trigger immediately, the market is {price:g}"
    return Reason.STOP_PRICE_WOULD_TRIGGER_IMMEDIATELY, text
