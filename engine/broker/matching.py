"""Market rules as pure functions of an order's terms and a quote, in price units.

Sides are +1 (buy) and -1 (sell). Used by every rule of the broker and by the trigger ladders.
"""

from engine.models.market.quotes import Print, Quote


def opposite(side: int, quote: Quote) -> int:
    """Return the price that an order of this side takes, and a trailing stop follows: a buy the ask, a sell the bid."""
    return quote.ask if side > 0 else quote.bid


def mark_price(signed_qty: int, quote: Quote, mark: str = "quote") -> int:
    """Return the mark of a position: the bid for a long one, the ask for a short one, or the last price for both.

    Args:
        signed_qty: Its sign is the position's direction.
        quote: The market.
        mark: "quote" or "last", a rule of the account.
    """
    if mark == "last":
        return quote.last
    return quote.bid if signed_qty > 0 else quote.ask


def is_marketable(side: int, limit_price: int, quote: Quote) -> bool:
    """Whether a limit order would trade now; touching is enough."""
    return quote.ask <= limit_price if side > 0 else quote.bid >= limit_price


def is_traded_through(side: int, limit_price: int, quote: Quote) -> bool:
    """Whether the market is beyond a limit price, not only at it."""
    return quote.ask < limit_price if side > 0 else quote.bid > limit_price


def trigger_price(side: int, source: str, quote: Quote) -> int:
    """Return the price that triggers a stop order of this side.

    Source: Interactive Brokers' default trigger method by instrument type: the last price, for FX the quote's side
    ("bid_ask": the ask for a buy, the bid for a sell).
    """
    return opposite(side, quote) if source == "bid_ask" else quote.last


def is_stop_triggered(side: int, stop_price: int, source: str, quote: Quote) -> bool:
    """Whether the market is at or beyond a stop price: at or above it for a buy, at or below it for a sell."""
    price = trigger_price(side, source, quote)
    return price >= stop_price if side > 0 else price <= stop_price


def is_touch_triggered(side: int, stop_price: int, source: str, quote: Quote) -> bool:
    """Whether the market reached a price from the other side: at or below it for a buy, at or above it for a sell.

    Source: TradingView's supportStopOrdersInBothDirections (market if touched).
    """
    price = trigger_price(side, source, quote)
    return price <= stop_price if side > 0 else price >= stop_price


def at_price(price: int, new_print: Print) -> Quote:
    """Return the quote that an order with this trigger or limit price trades on.

    The quote is at that price if the path from the previous print crosses it. Else it is the quote of the print: the
    bar opened beyond the price, the path crossed the price before, or the print is a quote without a path.
    """
    quote, came_from = new_print.quote, new_print.came_from
    if came_from is None or not min(came_from, quote.last) <= price <= max(came_from, quote.last):
        return quote
    return quote._replace(bid=price, ask=price, last=price)
