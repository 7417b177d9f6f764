"""Pre-trade checks: why the market or the account refuses a valid order. They change nothing and return a `Refusal`.

commands.py turns it into an event. validation.py has checked the order itself before.
"""

from engine.broker import margin, matching
from engine.broker.account import Account
from engine.broker.events import Terms
from engine.broker.individual_positions import KEPT_POSITIONS
from engine.broker.margin import Exposure
from engine.broker.market_view import MarketView
from engine.broker.order import MARKET, OrderRequest
from engine.errors import Reason, Refusal
from engine.models.market.instruments import Instrument


def refusal(
    account: Account, request: OrderRequest, terms: Terms, exposure: Exposure, market: MarketView
) -> Refusal | None:
    """Return why trading hours, the account or the market refuse a valid order, or None."""
    if not market.is_open(request.symbol) and not request.is_auction:
        is_marketable = is_marketable_in_halt(account, terms, request.side, request.instrument, market)
        if request.type is MARKET or request.is_immediate or is_marketable:
            return closed_refusal(request.instrument, market)
    if request.is_close:
        refused = reduce_refusal(account, request, terms)
    else:
        refused = _count_refusal(account) or margin.refusal(account, exposure, market)
    if refused is None and not account.is_simulated:
        refused = _market_refusal(account, request, terms, market)
    return refused


def reduce_refusal(account: Account, request: OrderRequest, terms: Terms) -> Refusal | None:
    """Return why an order that only reduces has nothing to reduce, or None."""
    instrument = request.instrument
    reducible = account.reducible_by(request)
    if not reducible:
        text = f"there is no {instrument.name} position for this order to reduce"
        return Refusal(Reason.REDUCE_ONLY_VIOLATION, text)
    if terms.qty > reducible and request.time_in_force == "FOK":
        text = f"only {instrument.qty_out(reducible):.12g} can be reduced: the order would not fill whole"
        return Refusal(Reason.REDUCE_ONLY_VIOLATION, text)
    return None


def _count_refusal(account: Account) -> Refusal | None:
    """Return the refusal of one more individual position, or None."""
    if account.is_hedging and len(account.individual) >= KEPT_POSITIONS:
        return Refusal(Reason.POSITION_LIMIT, f"the account has {KEPT_POSITIONS} individual positions, the limit")
    return None


def _market_refusal(account: Account, request: OrderRequest, terms: Terms, market: MarketView) -> Refusal | None:
    """Return why the current quote refuses an order, or None."""
    if request.post_only or request.time_in_force == "FOK":
        side, quote, limit_price = request.side, market.quote(request.symbol), terms.limit_price
        is_marketable = limit_price is None or matching.is_marketable(side, limit_price, quote)
        if request.post_only and is_marketable:
            return Refusal(Reason.WOULD_MATCH_IMMEDIATELY, "a post-only order would trade at once")
        if request.time_in_force == "FOK":
            takes = account.liquidity.find(side, terms.qty, quote, market.depth, limit_price)
            if sum(take.qty for take in takes) < terms.qty:
                return Refusal(Reason.NO_LIQUIDITY, "the whole quantity is not on the market within the limit")
    return None if terms.stop_price is None else stop_refusal(request.side, terms, request.instrument, market)


def stop_refusal(side: int, terms: Terms, instrument: Instrument, market: MarketView) -> Refusal | None:
    """Return the refusal of a stop price that the market has reached already, or None."""
    if terms.stop_price is None or terms.is_touch:
        return None
    quote = market.quote(instrument.name)
    if not matching.is_stop_triggered(side, terms.stop_price, instrument.trigger, quote):
        return None
    price = instrument.price_out(matching.trigger_price(side, instrument.trigger, quote))
    stop_price = instrument.price_out(terms.stop_price)
    text = f"stop price {stop_price:.12g} would trigger immediately, the market is {price:.12g}"
    return Refusal(Reason.STOP_PRICE_WOULD_TRIGGER_IMMEDIATELY, text)


def closed_refusal(instrument: Instrument, market: MarketView) -> Refusal | None:
    """Return the refusal while an instrument is not traded: HALTED or MARKET_CLOSED; else None."""
    if market.is_open(instrument.name):
        return None
    if market.is_halted(instrument.name):
        return Refusal(Reason.HALTED, f"trading in {instrument.name} is halted")
    return Refusal(Reason.MARKET_CLOSED, f"the market of {instrument.name} is closed")


def is_marketable_in_halt(
    account: Account, terms: Terms, side: int, instrument: Instrument, market: MarketView
) -> bool:
    """Whether a halt alone keeps a limit order from trading on the current quote."""
    return (
        market.is_halted(instrument.name)
        and not account.is_simulated
        and terms.stop_price is None
        and terms.limit_price is not None
        and matching.is_marketable(side, terms.limit_price, market.quote(instrument.name))
    )
