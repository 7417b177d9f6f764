"""Market data as Alpaca shows it: quotes, trades, bars and order books, for REST and for the streams.

A time is written by a function of epoch milliseconds, because JSON and msgpack write times differently. The market has
no trades of single participants: each price of its grid is shown as one trade of the average size. The number of
trades in a bar and its average price are not known; they are 0, and the mean of high, low and close.
"""

from collections.abc import Callable
from typing import Any

from engine.models.market.depth import Depth, Level
from engine.models.market.instruments import Instrument
from engine.models.market.quotes import PRINT_MS, Quote
from engine.topics import Payload
from handlers.alpaca.assets import is_crypto

EXCHANGE = "V"
"""Code of the exchange in stock quotes and trades: IEX."""

TAPE = "C"
CONDITIONS = {"quote": ["R"], "trade": ["@"]}
PRINTS_PER_DAY = 86_400_000 // PRINT_MS

WriteTime = Callable[[int], Any]


def size_out(units: int | None, instrument: Instrument) -> float:
    """Return a size, 0 where it is unknown; sizes of stocks are whole numbers."""
    if units is None:
        return 0
    return instrument.qty_out(units) if is_crypto(instrument) else units // instrument.qty_scale


def quote_shape(quote: Quote, instrument: Instrument, write_time: WriteTime) -> dict[str, Any]:
    """Return a quote; a size of 0 means that the side is empty, or that its size is unknown."""
    shape = {
        "t": write_time(quote.time_ms),
        "bp": instrument.price_out(quote.bid),
        "bs": size_out(quote.bid_size, instrument),
        "ap": instrument.price_out(quote.ask),
        "as": size_out(quote.ask_size, instrument),
    }
    if is_crypto(instrument):
        return shape
    return shape | {"bx": EXCHANGE, "ax": EXCHANGE, "c": CONDITIONS["quote"], "z": TAPE}


def trade_shape(quote: Quote, instrument: Instrument, write_time: WriteTime) -> dict[str, Any]:
    """Return the last price of a quote as a trade."""
    size = max(instrument.qty_step, instrument.daily_volume * instrument.qty_scale // PRINTS_PER_DAY)
    shape = {
        "t": write_time(quote.time_ms),
        "p": instrument.price_out(quote.last),
        "s": size_out(size - size % instrument.qty_step, instrument),
        "i": quote.time_ms // PRINT_MS,
    }
    if is_crypto(instrument):
        return shape | {"tks": "B" if quote.ask - quote.last <= quote.last - quote.bid else "S"}
    return shape | {"x": EXCHANGE, "c": CONDITIONS["trade"], "z": TAPE}


def bar_shape(bar: Payload, instrument: Instrument, write_time: WriteTime) -> dict[str, Any]:
    """Return a bar, given as TradingView's Bar."""
    high, low, close, volume = bar["high"], bar["low"], bar["close"], bar["volume"]
    return {
        "t": write_time(bar["time"]),
        "o": bar["open"],
        "h": high,
        "l": low,
        "c": close,
        "v": volume if is_crypto(instrument) else int(volume),
        "n": 0,
        "vw": round((high + low + close) / 3, instrument.price_decimals + 4),
    }


def book_shape(depth: Depth, instrument: Instrument, write_time: WriteTime) -> dict[str, Any]:
    """Return an order book, the best price first."""

    def side(levels: tuple[Level, ...]) -> list[dict[str, float]]:
        return [{"p": instrument.price_out(one.price), "s": instrument.qty_out(one.size or 0)} for one in levels]

    return {"t": write_time(depth.time_ms), "b": side(depth.bids), "a": side(depth.asks)}
