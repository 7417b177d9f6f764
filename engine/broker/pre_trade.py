"""Pre-trade checks: why the market or the account refuses a well-formed order. They read and return a `Refusal`.

commands.py makes an event of it; validation.py has checked the order itself before.
"""

from typing import NamedTuple

from engine.broker import margin, matching, trading_hours
from engine.broker.account import Account
from engine.broker.events import Terms
from engine.broker.liquidity import Liquidity
from engine.broker.margin import Exposure, Margins
from engine.broker.market_view import MarketView
from engine.broker.order import MARKET
from engine.broker.order_request import OrderRequest
from engine.errors import Reason, Refusal
from engine.models.market.instruments import Instrument


class PreTradeCheck(NamedTuple):
    """Outcome of the checks: the refusal, None where the order is accepted.

    Attributes:
        margins: Margin figures that it was checked against; None where the order adds no risk.
    """

    refusal: Refusal | None
    margins: Margins | None


def check(
    account: Account,
    request: OrderRequest,
    terms: Terms,
    exposure: Exposure,
    liquidity: Liquidity,
    market: MarketView,
) -> PreTradeCheck:
    """Check a well-formed order against trading hours, the account and the market.

    Args:
        account: The owner of the order.
        request: The order.
        terms: Its exact terms.
        exposure: The risk that it adds.
        liquidity: The levels that the account can take.
        market: Time and market.
    """
    refusal = margins = None
    if not market.is_open(request.symbol):
        closed = trading_hours.closed_refusal(request.instrument, market)
        is_marketable = trading_hours.is_marketable_in_halt(account, terms, request.side, request.instrument, market)
        if request.type is MARKET or request.is_immediate or is_marketable:
            return PreTradeCheck(closed, None)
    if request.is_close:
        refusal = _close_refusal(account, request, terms)
    elif exposure.opening:
        margins = margin.assess(account, market)
        refusal = margin.refusal(account, exposure, margins, market)
    if refusal is None and not liquidity.ignores_market:
        refusal = _market_refusal(request, terms, liquidity, market)
    return PreTradeCheck(refusal, margins)


def _close_refusal(account: Account, request: OrderRequest, terms: Terms) -> Refusal | None:
    """Return why an order that only reduces has nothing to reduce, or None."""
    instrument = request.instrument
    reducible = -request.side * account.signed_qty(instrument.name)
    if reducible <= 0:
        text = f"there is no {instrument.name} position for this order to reduce"
        return Refusal(Reason.REDUCE_ONLY_VIOLATION, text)
    if terms.qty > reducible and request.time_in_force == "FOK":
        text = f"only {instrument.qty_out(reducible):g} can be reduced: the order would not fill whole"
        return Refusal(Reason.REDUCE_ONLY_VIOLATION, text)
    return None


def _market_refusal(request: OrderRequest, terms: Terms, liquidity: Liquidity, market: MarketView) -> Refusal | None:
    """Return why the current quote refuses an order, or None."""
    if request.post_only or request.time_in_force == "FOK":
        quote, limit_price = market.quote(request.symbol), terms.limit_price
        is_marketable = limit_price is None or matching.is_marketable(request.side, limit_price, quote)
        if request.post_only and is_marketable:
            return Refusal(Reason.WOULD_MATCH_IMMEDIATELY, "a post-only order would trade at once")
        if request.time_in_force == "FOK" and not (is_marketable and _fills_whole(request, terms, liquidity, market)):
            return Refusal(Reason.NO_LIQUIDITY, "the whole quantity is not on the market within the limit")
    return None if terms.stop_price is None else stop_refusal(request.side, terms, request.instrument, market)


def _fills_whole(request: OrderRequest, terms: Terms, liquidity: Liquidity, market: MarketView) -> bool:
    """Whether the whole quantity is displayed within the limit, over all levels."""
    quote = market.quote(request.symbol)
    takes = liquidity.find(request.side, terms.qty, quote, market.depth, terms.limit_price)
    return sum(take.qty for take in takes) == terms.qty


def stop_refusal(side: int, terms: Terms, instrument: Instrument, market: MarketView) -> Refusal | None:
    """Return the refusal of a stop price that the market has reached already, or None."""
    if terms.stop_price is None or terms.is_touch:
        return None
    quote = market.quote(instrument.name)
    if not matching.is_stop_triggered(side, terms.stop_price, instrument.trigger, quote):
        return None
    price = instrument.price_out(matching.trigger_price(side, instrument.trigger, quote))
    text = f"stop price {instrument.price_out(terms.stop_price):g} would trigger immediately, the market is {price:g}"
    return Refusal(Reason.STOP_PRICE_WOULD_TRIGGER_IMMEDIATELY, text)
