"""The laws of the synthetic market."""

import functools
import hashlib
from collections.abc import Iterable
from datetime import UTC, datetime
from itertools import pairwise
from zoneinfo import ZoneInfo

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.market.feeds.feed import Feed, NoPrice
from engine.models.market.bars import BarRow
from engine.models.market.instruments import RESOLUTIONS
from tests.engine.market.specimens import (
    CATALOGUE,
    DAY_MS,
    FOREVER_MS,
    MINUTE_MS,
    SYMBOLS,
    bars_between,
    bucket_start,
    instant,
    joined,
    last_bars,
    make_feed,
    make_instrument,
    minutes_grouped,
    rows,
)
from tests.properties import examples

FEED = make_feed()
ORIGIN_MS = instant("1990-01-01T05:00")
NOW_MS = instant("2026-01-05T15:00")

UNUSUAL = [
    "2026-03-08T06:59:59.999",  # one hour before the clocks of New York go forward
    "2026-03-08T07:00",
    "2026-03-09T03:59:59.800",  # the end of its day of 23 hours
    "2026-11-01T06:30",  # the hour that comes twice
    "2026-11-02T04:59:59.999",  # the end of its day of 25 hours
    "2024-02-29T12:34:56.789",
    "2024-03-01T05:00",
    "2025-12-31T23:59:59.999",
    "2026-01-01T00:00",
    "2026-01-05T05:00",  # a Monday
    "1990-01-01T05:00",
    "1990-01-01T05:03:00.200",
]

symbols = st.sampled_from(SYMBOLS)
resolutions = st.sampled_from(RESOLUTIONS)
instants = st.one_of(
    st.integers(ORIGIN_MS, instant("2040-01-01")), st.sampled_from([instant(text) for text in UNUSUAL])
)


@functools.cache
def minutes_between(symbol: str, start_ms: int, end_ms: int) -> list[BarRow]:
    """The minutes of a span; each resolution is compared with the same ones."""
    return rows(bars_between(FEED, symbol, "1", start_ms, end_ms, end_ms - 1))


@pytest.mark.parametrize("resolution", RESOLUTIONS)
@pytest.mark.parametrize(
    ("symbol", "first", "last"),
    [
        ("AAPL", "2026-03-06T05:00", "2026-03-11T04:00"),  # clocks forward
        ("MSFT", "2026-10-30T04:00", "2026-11-04T05:00"),  # clocks back
        ("EURUSD", "2024-02-26T05:00", "2024-03-02T05:00"),  # leap day and the end of a month
        ("BTCUSD", "2025-12-29T00:00", "2026-01-06T00:00"),  # the end of a year
        ("JPM", "1990-01-01T05:00", "1990-01-03T05:00"),  # the beginning
    ],
)
def test_minutes_aggregate_to_every_resolution(symbol: str, resolution: str, first: str, last: str) -> None:
    span = instant(first), instant(last)
    minutes = minutes_between(symbol, *span)
    assert len(minutes) == (span[1] - span[0]) // MINUTE_MS
    expected = minutes_grouped(resolution, CATALOGUE.by_name[symbol].timezone, minutes)
    found = rows(last_bars(FEED, symbol, resolution, len(expected), FOREVER_MS, span[1] - 1))
    # A week or month that began before the first minute has more in it than these minutes.
    whole = [bar for bar in expected if bar.time_ms >= span[0] - DAY_MS]
    assert found[len(found) - len(whole) :] == whole


@functools.cache
def minutes_in(timezone: str, start_ms: int, end_ms: int) -> tuple[Feed, list[BarRow]]:
    """A feed with one instrument of a time zone, and its minutes of a span."""
    feed = make_feed(instruments=[make_instrument(timezone=timezone)])
    return feed, rows(bars_between(feed, "TEST", "1", start_ms, end_ms, end_ms - 1))


@pytest.mark.parametrize("resolution", RESOLUTIONS)
@pytest.mark.parametrize(
    ("timezone", "first", "last"),
    [
        ("Australia/Lord_Howe", "2026-04-03T13:00", "2026-04-06T13:30"),  # half an hour back
        ("Australia/Lord_Howe", "2026-10-02T13:30", "2026-10-05T13:00"),  # half an hour forward
        ("Asia/Tokyo", "2025-12-30T15:00", "2026-01-02T15:00"),  # the day begins before its date in UTC
        ("Africa/Cairo", "2026-04-22T22:00", "2026-04-25T21:00"),  # midnight is skipped
    ],
)
def test_minutes_aggregate_in_unusual_time_zones(timezone: str, resolution: str, first: str, last: str) -> None:
    span = instant(first), instant(last)
    feed, minutes = minutes_in(timezone, *span)
    assert len(minutes) == (span[1] - span[0]) // MINUTE_MS
    expected = [bar for bar in minutes_grouped(resolution, timezone, minutes) if bar.time_ms >= span[0]]
    found = rows(last_bars(feed, "TEST", resolution, len(expected), FOREVER_MS, span[1] - 1))
    assert found == expected


@examples(150)
@given(symbols, resolutions, instants)
def test_forming_bar_holds_the_closed_minutes_and_the_prints_so_far(symbol: str, resolution: str, now_ms: int) -> None:
    timezone = CATALOGUE.by_name[symbol].timezone
    now_ms = max(now_ms, ORIGIN_MS)
    time_ms = bucket_start(resolution, timezone, now_ms)
    forming = FEED[symbol].forming_bar(resolution, now_ms)
    assert forming.time_ms == time_ms
    minute = FEED[symbol].forming_bar("1", now_ms)
    assert minute.close == forming.close == FEED[symbol].quote(now_ms).last
    if resolution in ("1W", "1M"):
        days = rows(bars_between(FEED, symbol, "1D", time_ms, FOREVER_MS, now_ms))
        assert forming == joined(time_ms, days)
    else:
        start_ms = time_ms if resolution != "1D" else bucket_start("240", timezone, now_ms) - 24 * 60 * MINUTE_MS
        minutes = rows(bars_between(FEED, symbol, "1", start_ms, minute.time_ms, now_ms))
        own = [bar for bar in minutes if bucket_start(resolution, timezone, bar.time_ms) == time_ms]
        assert forming == joined(time_ms, [*own, minute])


@examples(60)
@given(symbols, resolutions, instants)
def test_forming_bar_at_the_end_of_its_time_is_the_historical_bar(symbol: str, resolution: str, now_ms: int) -> None:
    now_ms = max(now_ms, ORIGIN_MS)
    last = FEED[symbol].forming_bar(resolution, now_ms).time_ms
    later = now_ms + 35 * DAY_MS
    after = rows(bars_between(FEED, symbol, resolution, last, later - 2 * DAY_MS, later))
    end_ms = minutes_of(symbol, resolution, last, after)
    assert FEED[symbol].forming_bar(resolution, end_ms - 1) == after[0]


def minutes_of(symbol: str, resolution: str, time_ms: int, bars: list[BarRow]) -> int:
    """Instant at which the bar of `time_ms` ends, found from the start of the next one."""
    if resolution.isdigit():
        return bars[1].time_ms
    day = datetime.fromtimestamp(bars[1].time_ms / 1000, UTC) if len(bars) > 1 else None
    assert day is not None, (symbol, time_ms)
    local = day.replace(tzinfo=ZoneInfo(CATALOGUE.by_name[symbol].timezone))
    return round(local.timestamp() * 1000)


@examples(60)
@given(symbols, instants, st.lists(st.integers(0, 299), max_size=20))
def test_a_minute_does_not_depend_on_earlier_requests(symbol: str, now_ms: int, looks: list[int]) -> None:
    start_ms = max(now_ms, ORIGIN_MS) // MINUTE_MS * MINUTE_MS
    seen, unseen = make_feed(), make_feed()
    for print_ in looks:
        seen[symbol].quote(start_ms + print_ * 200)
        for resolution in RESOLUTIONS:
            seen[symbol].forming_bar(resolution, start_ms + print_ * 200)
    end_ms = start_ms + MINUTE_MS - 1
    for resolution in RESOLUTIONS:
        assert seen[symbol].forming_bar(resolution, end_ms) == unseen[symbol].forming_bar(resolution, end_ms)
    assert seen[symbol].day_stats(end_ms) == unseen[symbol].day_stats(end_ms)


@examples(100)
@given(symbols, instants)
def test_minute_bar_grows_print_by_print_to_its_end(symbol: str, now_ms: int) -> None:
    start_ms = max(now_ms, ORIGIN_MS) // MINUTE_MS * MINUTE_MS
    prints = [FEED[symbol].quote(start_ms + index * 200).last for index in range(300)]
    before = 0
    for index in range(300):
        bar = FEED[symbol].forming_bar("1", start_ms + index * 200 + 199)
        assert bar[:5] == (start_ms, prints[0], max(prints[: index + 1]), min(prints[: index + 1]), prints[index])
        assert bar.volume >= before
        before = bar.volume


@examples(100)
@given(symbols, resolutions, instants, st.integers(0, 40 * DAY_MS), st.integers(1, 300))
def test_closed_bars_never_change(symbol: str, resolution: str, now_ms: int, wait_ms: int, count: int) -> None:
    now_ms = max(now_ms, ORIGIN_MS)
    early = rows(last_bars(make_feed(), symbol, resolution, count, FOREVER_MS, now_ms))
    later = rows(bars_between(FEED, symbol, resolution, early[0].time_ms, early[-1].time_ms + 1, now_ms + wait_ms))
    assert later[:-1] == early[:-1]
    assert later[-1].time_ms == early[-1].time_ms
    assert later[-1].open == early[-1].open
    assert later[-1].high >= early[-1].high
    assert later[-1].low <= early[-1].low
    assert later[-1].volume >= early[-1].volume


@examples(60)
@given(symbols, resolutions, instants, st.integers(0, 10 * DAY_MS))
def test_answers_do_not_depend_on_requests_about_later_times(
    symbol: str, resolution: str, now_ms: int, wait_ms: int
) -> None:
    now_ms = max(now_ms, ORIGIN_MS)
    fresh, used = make_feed(), make_feed()
    used[symbol].quote(now_ms + wait_ms)
    last_bars(used, symbol, resolution, 100, FOREVER_MS, now_ms + wait_ms)
    used[symbol].forming_bar(resolution, now_ms + wait_ms)
    used[symbol].day_stats(now_ms + wait_ms)
    assert used[symbol].quote(now_ms) == fresh[symbol].quote(now_ms)
    assert used[symbol].day_stats(now_ms) == fresh[symbol].day_stats(now_ms)
    assert used[symbol].forming_bar(resolution, now_ms) == fresh[symbol].forming_bar(resolution, now_ms)
    found, expected = (last_bars(feed, symbol, resolution, 100, FOREVER_MS, now_ms) for feed in (used, fresh))
    assert rows(found) == rows(expected)


@examples(100)
@given(symbols, resolutions, instants, st.integers(1, 400))
def test_bars_end_with_the_forming_one_and_hold_nothing_after_now(
    symbol: str, resolution: str, now_ms: int, count: int
) -> None:
    now_ms = max(now_ms, ORIGIN_MS)
    found = rows(last_bars(FEED, symbol, resolution, count, FOREVER_MS, now_ms))
    assert len(found) <= count
    assert found[-1] == FEED[symbol].forming_bar(resolution, now_ms)
    assert [bar.time_ms for bar in found] == sorted({bar.time_ms for bar in found})
    for bar in found:
        assert 0 < bar.low <= min(bar.open, bar.close)
        assert max(bar.open, bar.close) <= bar.high
        assert bar.volume >= 0
    for before, after in pairwise(found):
        assert after.open == before.close


@examples(100)
@given(symbols, resolutions, instants, st.integers(0, 400))
def test_bars_before_a_limit_are_the_same_as_without_it(symbol: str, resolution: str, now_ms: int, last: int) -> None:
    now_ms = max(now_ms, ORIGIN_MS)
    all_of_them = rows(last_bars(FEED, symbol, resolution, 400, FOREVER_MS, now_ms))
    times = [bar.time_ms for bar in all_of_them]
    to_ms = times[min(last, len(times) - 1)] + 1
    before = [bar for bar in all_of_them if bar.time_ms < to_ms][-50:]
    assert rows(last_bars(FEED, symbol, resolution, len(before), to_ms, now_ms)) == before


@examples(200)
@given(symbols, instants)
def test_quote_is_of_the_newest_print_and_straddles_it(symbol: str, now_ms: int) -> None:
    now_ms = max(now_ms, ORIGIN_MS)
    instrument = CATALOGUE.by_name[symbol]
    quote = FEED[symbol].quote(now_ms)
    assert quote.symbol == symbol
    assert quote.time_ms == now_ms - now_ms % 200
    assert quote == FEED[symbol].quote(quote.time_ms)
    assert 0 < quote.bid <= quote.last <= quote.ask
    assert quote.ask - quote.bid == instrument.spread_ticks * instrument.minmov
    for size in (quote.bid_size, quote.ask_size):
        assert size is not None and instrument.displayed_units is not None
        assert instrument.displayed_units <= size < 2 * instrument.displayed_units
        assert size % instrument.qty_step == 0


@examples(60)
@given(symbols, instants)
def test_day_statistics_are_the_forming_day(symbol: str, now_ms: int) -> None:
    now_ms = max(now_ms, ORIGIN_MS)
    stats = FEED[symbol].day_stats(now_ms)
    days = rows(last_bars(FEED, symbol, "1D", 2, FOREVER_MS, now_ms))
    assert (stats.open, stats.high, stats.low, stats.volume) == (*days[-1][1:4], days[-1].volume)
    assert stats.prev_close == (days[-2].close if len(days) > 1 else days[-1].open)


def test_day_high_is_not_known_before_it_happened() -> None:
    start_ms = instant("2026-01-05T05:00")
    whole = rows(bars_between(FEED, "AAPL", "1D", start_ms - DAY_MS, FOREVER_MS, start_ms + 2 * DAY_MS))[0]
    highs = [FEED["AAPL"].day_stats(start_ms + hour * 3_600_000).high for hour in range(24)]
    assert highs == sorted(highs)
    assert highs[0] < whole.high == FEED["AAPL"].day_stats(start_ms + DAY_MS - 1).high


def test_prices_lie_on_the_tick_grid_at_every_level() -> None:
    coarse = make_instrument(pricescale=100, minmov=25, anchor="4500", spread_ticks=1, displayed_size=None)
    feed = make_feed(instruments=[coarse])
    for resolution in RESOLUTIONS:
        columns = last_bars(feed, "TEST", resolution, 500, FOREVER_MS, NOW_MS)
        assert not np.any(np.stack(columns[1:5]) % 25)
        assert all(price % 25 == 0 for price in feed["TEST"].forming_bar(resolution, NOW_MS)[1:5])
    for index in range(300):
        quote = feed["TEST"].quote(NOW_MS + index * 200)
        assert all(price % 25 == 0 for price in quote[2:5])
        assert quote.ask - quote.bid == 25
        assert quote.bid_size is quote.ask_size is None
    assert feed["TEST"].day_stats(NOW_MS).prev_close % 25 == 0


@pytest.mark.parametrize("symbol", SYMBOLS)
def test_price_moves_at_most_ticks(symbol: str) -> None:
    prices = [FEED[symbol].quote(NOW_MS + index * 200).last for index in range(3000)]
    moves = sum(before != after for before, after in pairwise(prices))
    assert moves > 0.5 * len(prices)


@pytest.mark.parametrize("resolution", RESOLUTIONS)
def test_history_begins_in_1990(resolution: str) -> None:
    early = ORIGIN_MS + 90 * MINUTE_MS
    found = rows(last_bars(FEED, "AAPL", resolution, 5000, FOREVER_MS, early))
    assert found[0].time_ms == (ORIGIN_MS if resolution.isdigit() else instant("1990-01-01"))
    assert rows(last_bars(FEED, "AAPL", resolution, 10, found[0].time_ms, NOW_MS)) == []
    assert rows(bars_between(FEED, "AAPL", resolution, 0, found[0].time_ms, NOW_MS)) == []


def test_before_its_beginning_there_is_no_market() -> None:
    before = ORIGIN_MS - 1
    assert rows(last_bars(FEED, "AAPL", "1D", 10, FOREVER_MS, before)) == []
    assert rows(bars_between(FEED, "AAPL", "1", 0, FOREVER_MS, before)) == []
    for ask in (FEED["AAPL"].quote, FEED["AAPL"].day_stats):
        with pytest.raises(NoPrice, match="AAPL has no price before 1990-01-01"):
            ask(before)


def test_no_bars_are_asked_for() -> None:
    assert rows(last_bars(FEED, "AAPL", "1", 0, FOREVER_MS, NOW_MS)) == []


GOLDEN_MARKET = [
    make_instrument(name="SHARE"),
    make_instrument(name="PAIR", type="forex", pricescale=100000, anchor="1.1", volatility=0.08, spread_ticks=8),
    make_instrument(name="COIN", type="crypto", timezone="Etc/UTC", anchor="60000", volatility=0.6, minmov=5),
]
"""Instruments of its own, so that tuning the catalogue changes no digest."""

GOLDEN = {
    "1": "c935fd8bc6672e71",
    "3": "7c39a5f759eb53e0",
    "5": "cd09e92eb5e9c28c",
    "15": "31454740ae3423b5",
    "30": "26f195007f053743",
    "60": "d4d15af851926b8b",
    "240": "8e2679b607f98438",
    "1D": "e5494a340efeba67",
    "1W": "33b91890ad899e68",
    "1M": "d10cf8c01560e2b3",
    "quotes": "e6b626eda209e706",
}


def short_hash(values: Iterable[object]) -> str:
    return hashlib.blake2b(" ".join(map(str, values)).encode(), digest_size=8).hexdigest()


@pytest.mark.parametrize("resolution", RESOLUTIONS)
def test_same_seed_gives_these_bars_on_every_machine(resolution: str) -> None:
    feed = make_feed(7, GOLDEN_MARKET)
    bars = [last_bars(feed, one.name, resolution, 700, FOREVER_MS, NOW_MS) for one in GOLDEN_MARKET]
    assert short_hash(value for columns in bars for row in rows(columns) for value in row) == GOLDEN[resolution]


def test_same_seed_gives_these_quotes_on_every_machine() -> None:
    feed = make_feed(7, GOLDEN_MARKET)
    quotes = [feed[one.name].quote(NOW_MS + index * 7_777_777) for one in GOLDEN_MARKET for index in range(40)]
    assert short_hash(value for quote in quotes for value in quote[:7]) == GOLDEN["quotes"]


def test_seeds_are_different_markets() -> None:
    assert len({make_feed(seed)["AAPL"].quote(NOW_MS).last for seed in range(20)}) > 15
