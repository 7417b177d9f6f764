"""TradingView's QuoteData from quotes and day statistics. Pure functions."""

from typing import NamedTuple

from engine.market.feeds.feed import Feed, NoPrice
from engine.models.market.instruments import Instrument
from engine.models.market.quotes import DayStats, Quote
from engine.topics import Payload

UNKNOWN = "unknown symbol"
"""Stamp of the error entry of a name that is not in the catalogue."""


class StampedQuote(NamedTuple):
    """A QuoteData and its stamp: two payloads of a name with equal stamps are equal."""

    stamp: object
    payload: Payload


def stamped_quote(feed: Feed, name: str, instrument: Instrument | None, now_ms: int) -> StampedQuote:
    """Return the QuoteData of a name now; an error entry for an unknown name, and when there is no price yet."""
    if instrument is None:
        return StampedQuote(UNKNOWN, error_quote(name, f"{UNKNOWN} {name}"))
    prices = feed[instrument.name]
    try:
        quote = prices.quote(now_ms)
        data = wire_quote(name, instrument, quote, prices.day_stats(now_ms))
    except NoPrice as error:
        return StampedQuote(error.message, error_quote(name, error.message))
    overdue_ms, halted_ms = prices.overdue_ms(now_ms), prices.halted_since(now_ms)
    if overdue_ms is not None:
        data["v"]["stale"] = overdue_ms // 1000
    elif halted_ms is not None:
        data["v"]["halted"] = halted_ms
    if not quote.is_traded:
        data["v"]["untraded"] = True
    return StampedQuote((quote, data["v"].get("stale"), halted_ms), data)


def wire_quote(name: str, instrument: Instrument, quote: Quote, stats: DayStats) -> Payload:
    """Return a quote as QuoteData with the requested name `n`.

    `ch` and `chp` (percent, two decimals) count from the previous close.
    """
    scale = instrument.pricescale
    change = quote.last - stats.prev_close
    values = {
        "lp": quote.last / scale,
        "ask": quote.ask / scale,
        "bid": quote.bid / scale,
        "spread": (quote.ask - quote.bid) / scale,
        "open_price": stats.open / scale,
        "high_price": stats.high / scale,
        "low_price": stats.low / scale,
        "prev_close_price": stats.prev_close / scale,
        "volume": stats.volume / instrument.qty_scale,
        "ch": change / scale,
        "chp": round(100.0 * change / stats.prev_close, 2) if stats.prev_close else 0.0,
        "short_name": instrument.name,
        "exchange": instrument.exchange,
        "description": instrument.description,
        "original_name": instrument.full_name,
    }
    return {"s": "ok", "n": name, "v": values}


def error_quote(name: str, message: str) -> Payload:
    """Return the QuoteData of a name without a price."""
    return {"s": "error", "n": name, "v": {"error": message}}
