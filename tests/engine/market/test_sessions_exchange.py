"""The laws of the market with exchange hours: the same as around the clock, and nothing outside the sessions."""

import functools
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.market.feeds.synthetic import SyntheticFeed
from engine.market.instruments import Catalogue
from engine.models.market.bars import BarRow
from engine.models.market.instruments import RESOLUTIONS, Instrument
from tests.engine.market.specimens import (
    DAY_MS,
    FOREVER_MS,
    MINUTE_MS,
    SYMBOLS,
    bars_between,
    instant,
    joined,
    last_bars,
    make_instrument,
    rows,
)
from tests.properties import examples, share

CATALOGUE = Catalogue.load(sessions="exchange")
FEED = SyntheticFeed(CATALOGUE, 1, CATALOGUE.calendars)
NEW_YORK, BERLIN = ZoneInfo("America/New_York"), ZoneInfo("Europe/Berlin")

UNUSUAL = [
    "2026-03-06T20:59:59.999",  # the end of the last session before the clocks go forward
    "2026-03-09T13:29:59.999",  # a moment before the first one after it
    "2026-03-09T13:30",
    "2026-11-02T14:30",  # the first open after the clocks went back
    "2026-11-27T17:59:59.999",  # the end of a half day
    "2026-11-27T20:00",
    "2026-11-26T16:00",  # a holiday
    "2026-01-01T12:00",
    "2024-02-29T15:00",
    "2026-03-08T21:00",  # Sunday evening: currencies open
    "2026-03-08T20:59:59.999",
    "2026-10-30T21:00",  # Friday evening: currencies close
    "2025-12-31T21:00",
    "1990-01-01T14:30",
]

symbols = st.sampled_from(SYMBOLS)
resolutions = st.sampled_from(RESOLUTIONS)
instants = st.one_of(
    st.integers(instant("1990-01-02T00:00"), instant("2030-12-31")),
    st.integers(instant("2020-01-01T00:00"), instant("2030-01-01")),
    st.sampled_from([instant(text) for text in UNUSUAL]),
)


def fresh() -> SyntheticFeed:
    return SyntheticFeed(CATALOGUE, 1, CATALOGUE.calendars)


def milliseconds(day: date, hour: int, minute: int, zone: ZoneInfo = NEW_YORK) -> int:
    """Epoch milliseconds of a local time."""
    return int(datetime(day.year, day.month, day.day, hour, minute, tzinfo=zone).timestamp() * 1000)


@functools.cache
def span_of(instrument: Instrument, day: date) -> tuple[int, int] | None:
    """Open and close of a date by the standard library alone, None without trading."""
    if instrument.type == "crypto":
        start = int(datetime(day.year, day.month, day.day, tzinfo=UTC).timestamp() * 1000)
        return start, start + DAY_MS
    if day.weekday() > 4 or day.strftime("%Y%m%d") in instrument.holidays:
        return None
    if instrument.type == "forex":
        return milliseconds(day - timedelta(days=1), 17, 0), milliseconds(day, 17, 0)
    is_half = day.strftime("%Y%m%d") in instrument.corrections
    if instrument.exchange == "XETR":
        return milliseconds(day, 9, 0, BERLIN), milliseconds(day, *((14, 0) if is_half else (17, 30)), BERLIN)
    return milliseconds(day, 9, 30), milliseconds(day, 13 if is_half else 16, 0)


@functools.cache
def day_of(instrument: Instrument, moment: int) -> tuple[date, int, int]:
    """The trading day that holds an instant, or the one before it: date, open, close."""
    day = datetime.fromtimestamp(moment / 1000, UTC).date() + timedelta(days=1)
    while (span := span_of(instrument, day)) is None or span[0] > moment:
        day -= timedelta(days=1)
    return day, *span


def bucket(instrument: Instrument, resolution: str, minute_ms: int) -> int:
    """Key of a bar: the instant of its start, or the first date of its period."""
    day, start, _ = day_of(instrument, minute_ms)
    if resolution.isdigit():
        return start + (minute_ms - start) // (int(resolution) * MINUTE_MS) * int(resolution) * MINUTE_MS
    if resolution == "1W":
        day -= timedelta(days=day.weekday())
    if resolution == "1M":
        day = day.replace(day=1)
    while span_of(instrument, day) is None:
        day += timedelta(days=1)
    return int(datetime(day.year, day.month, day.day, tzinfo=UTC).timestamp() * 1000)


@functools.cache
def minutes_from(symbol: str, start_ms: int, now_ms: int) -> list[BarRow]:
    """The minutes of a feed that has answered nothing else; each resolution is compared with the same ones."""
    return rows(bars_between(fresh(), symbol, "1", start_ms, FOREVER_MS, now_ms))


@pytest.mark.parametrize("resolution", RESOLUTIONS)
@pytest.mark.parametrize(
    ("symbol", "first", "last", "sessions"),
    [
        ("AAPL", "2026-03-01", "2026-04-01", 22),  # clocks forward
        ("JPM", "2026-11-01", "2026-12-01", 20),  # clocks back, a holiday, a half day
        ("MSFT", "2024-02-01", "2024-03-01", 20),  # a leap day
        ("AAPL", "2025-12-22", "2026-01-05", 8),  # Christmas and the new year, its eve a half day
        ("SAP", "2026-03-01", "2026-04-01", 22),  # clocks forward in Berlin
        ("SAP", "2025-12-22", "2026-01-05", 5),  # a half day on the last day of the year
        ("EURUSD", "2026-03-01", "2026-03-29", 20),
        ("EURUSD", "2025-12-22", "2026-01-05", 8),
        ("BTCUSD", "2024-02-26", "2024-03-03", 6),
    ],
)
def test_minutes_lie_in_the_sessions_and_aggregate(
    symbol: str, resolution: str, first: str, last: str, sessions: int
) -> None:
    instrument = CATALOGUE.by_name[symbol]
    dates = [date.fromisoformat(first) + timedelta(days=index) for index in range(40)]
    spans = [span for day in dates if day.isoformat() < last and (span := span_of(instrument, day))]
    assert len(spans) == sessions
    now_ms = spans[-1][1] + 30 * MINUTE_MS if symbol != "BTCUSD" else spans[-1][1] - 1
    minutes = minutes_from(symbol, spans[0][0], now_ms)
    expected = [time_ms for start, end in spans for time_ms in range(start, end, MINUTE_MS)]
    known = [bar for bar in minutes if bar.time_ms < spans[-1][1]]
    assert [bar.time_ms for bar in known] == expected
    groups: dict[int, list[BarRow]] = {}
    for bar in known:
        groups.setdefault(bucket(instrument, resolution, bar.time_ms), []).append(bar)
    whole = [joined(time_ms, bars) for time_ms, bars in groups.items()]
    whole = whole[1:] if resolution in ("1W", "1M") else whole
    count = len(groups) + 31  # in the half hour after the last session another one may have begun
    found = {bar.time_ms: bar for bar in rows(last_bars(FEED, symbol, resolution, count, FOREVER_MS, now_ms))}
    assert [found[bar.time_ms] for bar in whole] == whole


@examples(150)
@given(symbols, resolutions, instants, st.integers(1, 300))
def test_bars_end_with_the_forming_one_and_are_those_of_the_calendar(
    symbol: str, resolution: str, now_ms: int, count: int
) -> None:
    instrument = CATALOGUE.by_name[symbol]
    found = rows(last_bars(FEED, symbol, resolution, count, FOREVER_MS, now_ms))
    assert found[-1] == FEED[symbol].forming_bar(resolution, now_ms)
    assert found[-1].time_ms == bucket(instrument, resolution, min(now_ms, day_of(instrument, now_ms)[2] - 1))
    times = [bar.time_ms for bar in found]
    assert times == sorted(set(times))
    assert len(found) == count or times[0] <= instant("1990-01-05")
    for bar in found:
        assert 0 < bar.low <= min(bar.open, bar.close) <= max(bar.open, bar.close) <= bar.high
        if resolution.isdigit():
            _, start, end = day_of(instrument, bar.time_ms)
            assert start <= bar.time_ms < end
            assert (bar.time_ms - start) % (int(resolution) * MINUTE_MS) == 0


@examples(100)
@given(symbols, instants)
def test_quote_is_of_the_newest_instant_of_trading(symbol: str, now_ms: int) -> None:
    instrument = CATALOGUE.by_name[symbol]
    _, start, end = day_of(instrument, now_ms)
    quote = FEED[symbol].quote(now_ms)
    assert quote.time_ms == min(now_ms - now_ms % 200, end - 200)
    assert start <= quote.time_ms < end
    assert quote == FEED[symbol].quote(quote.time_ms)
    assert quote.last == FEED[symbol].forming_bar("1D", now_ms).close


@examples(100)
@given(symbols, instants)
def test_session_is_the_present_one_or_the_next(symbol: str, now_ms: int) -> None:
    instrument = CATALOGUE.by_name[symbol]
    day, start, end = day_of(instrument, now_ms)
    if now_ms >= end:
        while (span := span_of(instrument, day := day + timedelta(days=1))) is None:
            pass
        start, end = span
    assert CATALOGUE.calendars[symbol].session(now_ms) == (start, end)


@examples(60)
@given(symbols, resolutions, instants, st.integers(0, 40 * DAY_MS), st.integers(1, 300))
def test_closed_bars_never_change(symbol: str, resolution: str, now_ms: int, wait_ms: int, count: int) -> None:
    early = rows(last_bars(fresh(), symbol, resolution, count, FOREVER_MS, now_ms))
    later = rows(bars_between(FEED, symbol, resolution, early[0].time_ms, early[-1].time_ms + 1, now_ms + wait_ms))
    assert later[:-1] == early[:-1]
    assert later[-1][:2] == early[-1][:2]
    assert later[-1].high >= early[-1].high and later[-1].low <= early[-1].low


@examples(60)
@given(symbols, resolutions, instants)
def test_nothing_happens_while_the_market_is_closed(symbol: str, resolution: str, now_ms: int) -> None:
    instrument = CATALOGUE.by_name[symbol]
    _, _, end = day_of(instrument, now_ms)
    reopens = CATALOGUE.calendars[symbol].session(end)[0]
    for moment in {end, (end + reopens) // 2, reopens - 1}:
        if end <= moment < reopens:
            assert FEED[symbol].quote(moment) == FEED[symbol].quote(end - 1)
            assert FEED[symbol].forming_bar(resolution, moment) == FEED[symbol].forming_bar(resolution, end - 1)
            assert FEED[symbol].day_stats(moment) == FEED[symbol].day_stats(end - 1)
    first = FEED[symbol].forming_bar("1", reopens)
    assert first.time_ms == reopens
    assert FEED[symbol].day_stats(reopens).prev_close == FEED[symbol].quote(end - 1).last


def test_days_of_ten_years_are_those_of_the_exchange() -> None:
    now_ms = instant("2026-01-01T12:00")
    days = rows(bars_between(FEED, "AAPL", "1D", instant("2016-01-01"), FOREVER_MS, now_ms))
    dates = [datetime.fromtimestamp(bar.time_ms / 1000, UTC).date() for bar in days]
    apple = CATALOGUE.by_name["AAPL"]
    every = [date(2016, 1, 1) + timedelta(days=index) for index in range(3653)]
    assert dates == [day for day in every if span_of(apple, day)]
    # Sessions that New York Stock Exchange held, by year.
    assert [sum(day.year == year for day in dates) for year in range(2016, 2026)] == [
        *(252, 251, 251, 252, 253, 252, 251, 250, 252, 250),
    ]


def test_weekend_opens_where_two_unseen_days_left_the_price() -> None:
    days = rows(bars_between(FEED, "AAPL", "1D", instant("2025-06-01"), FOREVER_MS, instant("2025-07-01")))
    gaps = [after.open != before.close for before, after in pairwise(days)]
    is_next_day = [after.time_ms - before.time_ms == DAY_MS for before, after in pairwise(days)]
    assert not any(gap for gap, direct in zip(gaps, is_next_day, strict=True) if direct)
    assert sum(gaps) >= 4


@pytest.mark.parametrize("hours", ["0930-1031", "0930-1130", "2200-0001", "0000-0000", "1700-1659"])
def test_odd_hours_keep_the_laws(hours: str) -> None:
    odd = make_instrument(session=f"{hours}:1234567")
    catalogue = Catalogue([odd], "exchange")
    feed = SyntheticFeed(catalogue, 3, catalogue.calendars)
    start, end = catalogue.calendars["TEST"].session(instant("2026-03-20T22:00"))
    whole = rows(bars_between(feed, "TEST", "1D", (start // DAY_MS - 1) * DAY_MS, FOREVER_MS, end - 1))[-1]
    minutes = rows(bars_between(feed, "TEST", "1", start, end, end - 1))
    assert len(minutes) == (end - start) // MINUTE_MS
    assert joined(whole.time_ms, minutes) == whole
    for bar in (*minutes[:: len(minutes) // share(len(minutes))], minutes[-1]):
        prices = [feed["TEST"].quote(bar.time_ms + index * 200).last for index in range(300)]
        assert (prices[0], max(prices), min(prices), prices[-1]) == bar[1:5]


def test_volume_is_that_of_the_instrument_also_in_short_sessions() -> None:
    days = last_bars(FEED, "AAPL", "1D", 500, FOREVER_MS, instant("2026-01-01"))
    assert 0.5 < np.median(days.volume) / CATALOGUE.by_name["AAPL"].daily_volume < 2
