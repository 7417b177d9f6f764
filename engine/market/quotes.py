"""TradingView's QuoteData from the market's exact values; pure functions."""

from typing import NamedTuple

from engine.market.feeds.feed import Feed, NoPrice
from engine.models.market.instruments import Instrument
from engine.models.market.quotes import DayStats, Quote
from engine.topics import Payload


class Told(NamedTuple):
    """What there is to say of a name, and what it was made from: equal stamps say the same thing.

    Attributes:
        stamp: The quote, and for how many seconds it is overdue or since when it is halted; or why there is none.
        payload: A QuoteData.
    """

    stamp: object
    payload: Payload


def told(feed: Feed, name: str, instrument: Instrument | None, now_ms: int) -> Told:
    """Return what there is to say of a name now, an error entry where it is unknown or has no price yet."""
    if instrument is None:
        return Told("unknown", unknown_quote(name))
    symbol = instrument.name
    try:
        quote = feed.quote(symbol, now_ms)
        data = wire_quote(name, instrument, quote, feed.day_stats(symbol, now_ms))
    except NoPrice as error:
        return Told(error.message, {"s": "error", "n": name, "v": {"error": error.message}})
    overdue_ms, halted_ms = feed.overdue_ms(symbol, now_ms), feed.halted_since(symbol, now_ms)
    if overdue_ms is not None:
        data["v"]["stale"] = overdue_ms // 1000
    elif halted_ms is not None:
        data["v"]["halted"] = halted_ms
    return Told((quote, data["v"].get("stale"), halted_ms), data)


def quote_data(feed: Feed, name: str, instrument: Instrument | None, now_ms: int) -> Payload:
    """Return the QuoteData of a name now, an error entry where it is unknown or has no price yet."""
    return told(feed, name, instrument, now_ms).payload


def wire_quote(name: str, instrument: Instrument, quote: Quote, stats: DayStats) -> Payload:
    """Write a quote as QuoteData.

    Args:
        name: The name that was asked for; `n` of the quote.
        instrument: Of the quote; its scales.
        quote: The market now.
        stats: The running trading day.

    Returns:
        Prices with the instrument's decimals; `ch` and `chp` (percent, two decimals) count from the previous close.
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
        "original_name": instrument.ticker,
    }
    return {"s": "ok", "n": name, "v": values}


def unknown_quote(name: str) -> Payload:
    """Write the QuoteData of a name that is not in the catalogue."""
    return {"s": "error", "n": name, "v": {"error": f"unknown symbol {name}"}}
