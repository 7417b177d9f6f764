"""Bars of every resolution: which bucket a minute or a day belongs to, aggregation, the wire shape, history paging.

Pure functions, used by every feed. Intraday buckets count from the open, and anew after each break of a trading day,
so that the last one before a close may be shorter; weeks begin on Monday, months on the first; the time of a daily,
weekly or monthly bar is the first trading day of its period at 00:00 UTC (TradingView's rule).
"""

import numpy as np
from numpy.typing import NDArray

from engine.market.feeds.feed import Feed, Question
from engine.market.sessions import DAY_MS, MINUTE_MS, Calendar
from engine.models.market.bars import BarColumns, BarRow, served_resolution
from engine.models.market.instruments import Instrument
from engine.models.market.queries import BarsQuery
from engine.topics import Payload

Ints = NDArray[np.int64]

MINUTES = {"1": 1, "3": 3, "5": 5, "15": 15, "30": 30, "60": 60, "240": 240}
"""Minutes in a bar of each intraday resolution; the others are made of days."""

MAX_BARS = 5000
"""Bars in one reply; the newest are kept."""

DEFAULT_BARS = 300
"""Bars given when neither a range nor a count is asked for."""

MILLISECONDS_ABOVE = 10**11
"""Query times above this are milliseconds, others seconds. Source: clients of the original, which send both."""

SHORTEST_DAY_MS = 22 * 60 * MINUTE_MS
SHORTEST_PERIOD_MS = {"1D": DAY_MS, "1W": 7 * DAY_MS, "1M": 28 * DAY_MS}
"""Lower bounds of the lengths of trading days and of the longer bars, whatever the calendar."""

MONDAY = 4
"""Number of the first Monday after 1970-01-01, a Thursday."""

FOREVER_MS = 10**18


def period_of(resolution: str, day: int) -> int:
    """Return the number of the day, week or month (`resolution` 1D, 1W, 1M) that holds the trading day `day`."""
    if resolution == "1D":
        return day
    if resolution == "1W":
        return (day - MONDAY) // 7
    return int(np.datetime64(day, "D").astype("datetime64[M]").astype(np.int64))


def period_start(resolution: str, period: int) -> int:
    """Return the first day of a day, week or month."""
    if resolution == "1D":
        return period
    if resolution == "1W":
        return period * 7 + MONDAY
    return int(np.datetime64(period, "M").astype("datetime64[D]").astype(np.int64))


def periods_of(resolution: str, days: Ints) -> Ints:
    """Return `period_of` for many days."""
    if resolution == "1D":
        return days
    if resolution == "1W":
        return (days - MONDAY) // 7
    return days.astype("datetime64[D]").astype("datetime64[M]").astype(np.int64)


def bar_time(resolution: str, calendar: Calendar, instant_ms: int) -> int:
    """Return the time of the bar that holds an instant, or of the last one before it (both epoch milliseconds)."""
    day = calendar.day_at(instant_ms)
    if resolution in MINUTES:
        length = MINUTES[resolution] * MINUTE_MS
        known_ms = calendar.known(instant_ms)
        return known_ms - (known_ms - day.span_at(known_ms)[0]) % length
    return calendar.next_day(period_start(resolution, period_of(resolution, day.number)) - 1).number * DAY_MS


def aggregated(bars: Ints, starts: Ints) -> Ints:
    """Join bars, columns of shape (5, n) (open, high, low, close, volume), into one bar from each of `starts` on."""
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


def runs(lengths: Ints, size: int) -> tuple[Ints, Ints]:
    """Cut days of `lengths` steps into pieces of `size`, the last of a day maybe shorter.

    Returns:
        For each piece: the index of its first step over all days, and its place within its day.
    """
    counts = -(-lengths // size)
    begins = np.repeat(np.cumsum(lengths) - lengths, counts)
    places = np.arange(int(counts.sum())) - np.repeat(np.cumsum(counts) - counts, counts)
    return begins + places * size, places


def wire_bar(row: BarRow, instrument: Instrument) -> Payload:
    """Write one bar as TradingView's Bar."""
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
    """Write many bars as `wire_bar` writes one."""
    prices = (np.stack(columns[1:5]) / instrument.pricescale).tolist()
    volume = (columns.volume / instrument.qty_scale).tolist()
    rows = zip(columns.time_ms.tolist(), *prices, volume, strict=True)
    return [{"time": t, "open": o, "high": h, "low": w, "close": c, "volume": v} for t, o, h, w, c, v in rows]


def query_time_ms(value: int) -> int:
    """Read a query's time: seconds, or milliseconds when it is above 1e11."""
    return value if value > MILLISECONDS_ABOVE else value * 1000


def question_of(instrument: Instrument, query: BarsQuery, now_ms: int) -> Question:
    """Return what a history query asks of the feed: at most `MAX_BARS`, enough for its range or its count."""
    resolution = served_resolution(query.resolution)
    to_ms = FOREVER_MS if query.to_time is None else query_time_ms(query.to_time)
    count = query.count_back or DEFAULT_BARS
    if not query.count_back and not (query.from_time is None and query.to_time is None):
        count = most_bars(resolution, min(to_ms, now_ms + DAY_MS) - _begin(query))
    return Question(instrument.name, resolution, min(count, MAX_BARS), to_ms, now_ms)


def history(feed: Feed, instrument: Instrument, query: BarsQuery, now_ms: int) -> Payload:
    """Answer a history query in the shape of `BarsReply`: at most `MAX_BARS`, the newest kept, ascending.

    `next_time` is given only where the asked range is empty and older bars exist: the time of the newest of them.
    """
    question = question_of(instrument, query, now_ms)
    columns = feed.last_bars(*question)
    inside = columns.time_ms >= _begin(query)
    bars = wire_bars(BarColumns(*(column[inside] for column in columns)), instrument)
    next_time = None
    if not bars:
        older = feed.last_bars(*question._replace(most=1))
        next_time = int(older.time_ms[-1]) if len(older.time_ms) else None
    return {"bars": bars, "no_data": not bars, "next_time": next_time}


def _begin(query: BarsQuery) -> int:
    """Return the first instant that a query asks for; a count outranks it."""
    return 0 if query.from_time is None or query.count_back else query_time_ms(query.from_time)


def most_bars(resolution: str, length_ms: int) -> int:
    """Return an upper bound, 1 or more, for the bars that start within a range of a length in milliseconds."""
    if resolution in MINUTES:
        # A trading day may end with a shorter bar; days with shorter sessions, or with breaks, have no more bars.
        return max(0, length_ms // (MINUTES[resolution] * MINUTE_MS) + length_ms // SHORTEST_DAY_MS) + 2
    return max(0, length_ms // SHORTEST_PERIOD_MS[resolution]) + 2
