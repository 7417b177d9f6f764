"""Bars of every resolution: aggregation, TradingView's bars on the wire, and pages of history. Pure functions.

Intraday bars are counted from the open of each span of a trading day, so the last bar before a close may be shorter.
Weeks begin on Monday, months on the first. The time of a daily, weekly or monthly bar is the first trading day of its
period at 00:00 UTC (TradingView's rule). Read next: feeds/feed.py, the interface that bars come from.
"""

from typing import NamedTuple

import numpy as np

from engine.market.feeds.feed import BarsRequest, InstrumentFeed
from engine.market.sessions import DAY_MS, MINUTE_MS
from engine.models.market.arrays import Ints
from engine.models.market.bars import BarColumns, BarRow, BarsQuery, served_resolution
from engine.models.market.instruments import RESOLUTION_MINUTES, Instrument
from engine.topics import Payload

MAX_BARS = 5000
"""Bars in one reply; the newest are kept."""

DEFAULT_BARS = 300
"""Bars in a reply to a query without a range and without a count."""

MILLISECONDS_ABOVE = 10**10
"""A time of greater size is in milliseconds, any other in seconds. Source: TradingView's clients send both.

Milliseconds of the first 116 days of 1970 are read as seconds: they cannot be told apart.
"""

MIN_DAY_MS = 22 * 60 * MINUTE_MS
MIN_PERIOD_MS = {"1D": DAY_MS, "1W": 7 * DAY_MS, "1M": 28 * DAY_MS}
"""Lower bounds of the time between the opens of two trading days, and of the length of daily and longer bars."""

FIRST_MONDAY = 4
"""Day number of the first Monday after 1970-01-01, a Thursday."""

FOREVER_MS = 10**18


def periods_of(resolution: str, days: Ints) -> Ints:
    """Return the numbers of the days, weeks or months (`resolution` 1D, 1W, 1M) that contain trading days."""
    if resolution == "1D":
        return days
    if resolution == "1W":
        return (days - FIRST_MONDAY) // 7
    return days.astype("datetime64[D]").astype("datetime64[M]").astype(np.int64)


def period_of(resolution: str, day: int) -> int:
    """Return `periods_of` for one trading day."""
    return int(periods_of(resolution, np.asarray(day)))


def period_start(resolution: str, period: int) -> int:
    """Return the number of the first day of a day, week or month."""
    if resolution == "1D":
        return period
    if resolution == "1W":
        return period * 7 + FIRST_MONDAY
    return int(np.datetime64(period, "M").astype("datetime64[D]").astype(np.int64))


class BarGroups(NamedTuple):
    """Bars of one resolution, each a group of consecutive finer bars.

    Attributes:
        times: Time of each bar.
        starts: Index of the first finer bar of each bar.
        finer: Finer bars, columns of shape (5, n): open, high, low, close, volume.
    """

    times: Ints
    starts: Ints
    finer: Ints

    def columns(self, begin: int, end: int, tick: int = 1) -> BarColumns:
        """Return the bars `begin` to `end`, exclusive, with prices multiplied by `tick`."""
        edges = self.starts[begin : end + 1]
        if end >= len(self.starts):
            edges = np.append(edges, self.finer.shape[1])
        bars = aggregated(self.finer[:, edges[0] : edges[-1]], edges[:-1] - edges[0])
        if tick != 1:
            bars[:4] *= tick
        return BarColumns(self.times[begin:end], *bars)


def aggregated(bars: Ints, starts: Ints) -> Ints:
    """Aggregate bars, columns of shape (5, n), into one bar from each index in `starts` to the next."""
    joined = np.empty((5, len(starts)), dtype=np.int64)
    if not len(starts):
        return joined
    joined[0] = bars[0, starts]
    joined[1] = np.maximum.reduceat(bars[1], starts)
    joined[2] = np.minimum.reduceat(bars[2], starts)
    joined[3, :-1] = bars[3, starts[1:] - 1]
    joined[3, -1] = bars[3, -1]
    joined[4] = np.add.reduceat(bars[4], starts)
    return joined


def whole_bar(time_ms: int, bars: Ints, tick: int = 1) -> BarRow | None:
    """Aggregate bars, columns of shape (5, n), into one with prices multiplied by `tick`; None without any."""
    if not bars.shape[1]:
        return None
    prices = bars[0, 0], bars[1].max(), bars[2].min(), bars[3, -1]
    open_, high, low, close = (int(price) * tick for price in prices)
    return BarRow(time_ms, open_, high, low, close, int(bars[4].sum()))


def joined(before: BarRow | None, bar: BarRow) -> BarRow:
    """Aggregate a bar with the one before it, if there is one."""
    if before is None:
        return bar
    high, low = max(before.high, bar.high), min(before.low, bar.low)
    return BarRow(before.time_ms, before.open, high, low, bar.close, before.volume + bar.volume)


def appended(columns: BarColumns, row: BarRow | None) -> BarColumns:
    """Return bars with one more bar at their end, if there is one."""
    if row is None:
        return columns
    return BarColumns(*(np.append(column, value) for column, value in zip(columns, row, strict=True)))


def wire_bar(row: BarRow, instrument: Instrument) -> Payload:
    """Return a bar as TradingView's Bar."""
    scale = instrument.pricescale
    return {
        "time": row.time_ms,
        "open": row.open / scale,
        "high": row.high / scale,
        "low": row.low / scale,
        "close": row.close / scale,
        "volume": row.volume / instrument.qty_scale,
    }


def wire_bars(columns: BarColumns, instrument: Instrument) -> list[Payload]:
    """Return bars as a list of TradingView's Bar."""
    prices = (np.stack(columns[1:5]) / instrument.pricescale).tolist()
    volume = (columns.volume / instrument.qty_scale).tolist()
    rows = zip(columns.time_ms.tolist(), *prices, volume, strict=True)
    return [{"time": t, "open": o, "high": h, "low": w, "close": c, "volume": v} for t, o, h, w, c, v in rows]


def query_time_ms(value: int) -> int:
    """Return the time of a query in milliseconds, 0 for a time before 1970; a value of up to 1e10 is in seconds."""
    return max(0, value if abs(value) > MILLISECONDS_ABOVE else value * 1000)


def bars_request(query: BarsQuery, now_ms: int) -> BarsRequest:
    """Return the newest bars that answer a history query: at most `MAX_BARS`, enough for its range or its count."""
    resolution = served_resolution(query.resolution)
    to_ms = FOREVER_MS if query.to_time is None else query_time_ms(query.to_time)
    count = query.count_back or DEFAULT_BARS
    if not query.count_back and not (query.from_time is None and query.to_time is None):
        count = max_bars(resolution, min(to_ms, now_ms + DAY_MS) - _begin_ms(query))
    return BarsRequest(resolution, min(count, MAX_BARS), to_ms, now_ms)


def history(feed: InstrumentFeed, instrument: Instrument, query: BarsQuery, now_ms: int) -> Payload:
    """Answer a history query in the shape of `BarsReply`: at most `MAX_BARS`, ascending, the newest are kept.

    `next_time` is set only when the range is empty and older bars exist; it is the time of the newest of them.
    """
    request = bars_request(query, now_ms)
    bars = wire_bars(bars_from(feed.last_bars(request), _begin_ms(query)), instrument)
    next_time = None
    if not bars:
        older = feed.last_bars(request._replace(limit=1))
        next_time = int(older.time_ms[-1]) if len(older.time_ms) else None
    return {"bars": bars, "no_data": not bars, "next_time": next_time}


def bars_from(columns: BarColumns, from_ms: int) -> BarColumns:
    """Return the bars whose time is at or after `from_ms`."""
    first = int(np.searchsorted(columns.time_ms, from_ms))
    return BarColumns(*(column[first:] for column in columns))


def max_bars(resolution: str, length_ms: int) -> int:
    """Return an upper bound, at least 1, of the bars that start within a range of `length_ms`."""
    minutes = RESOLUTION_MINUTES.get(resolution)
    if minutes is not None:
        # A trading day may end with a shorter bar. MAX_DAY_BARS in sessions.py bounds a day with breaks.
        return max(0, length_ms // (minutes * MINUTE_MS) + length_ms // MIN_DAY_MS) + 2
    return max(0, length_ms // MIN_PERIOD_MS[resolution]) + 2


def _begin_ms(query: BarsQuery) -> int:
    """Return the first instant of a query's range; `count_back` overrides `from_time`."""
    return 0 if query.from_time is None or query.count_back else query_time_ms(query.from_time)
