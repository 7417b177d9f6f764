from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.market.bars import (
    MAX_BARS,
    aggregated,
    history,
    max_bars,
    period_of,
    period_start,
    periods_of,
    query_time_ms,
    wire_bar,
    wire_bars,
)
from engine.market.sessions import DAY_MS
from engine.models.market.bars import Bar, BarColumns, BarRow, BarsQuery, BarsReply
from engine.models.market.instruments import RESOLUTIONS
from engine.topics import Payload
from tests.engine.market.specimens import (
    CATALOGUE,
    FOREVER_MS,
    bars_between,
    instant,
    last_bars,
    make_feed,
    make_instrument,
    rows,
)
from tests.properties import examples

FEED = make_feed()
AAPL = CATALOGUE.by_name["AAPL"]
NOW_MS = instant("2026-01-05T15:00:30")
ORIGIN_MS = instant("1990-01-01T05:00")


def ask(resolution: str, now_ms: int = NOW_MS, **limits: int) -> Payload:
    return history(FEED["AAPL"], AAPL, BarsQuery(symbol="AAPL", resolution=resolution, **limits), now_ms)


def times(reply: Payload) -> list[int]:
    return [bar["time"] for bar in reply["bars"]]


@pytest.mark.parametrize(
    ("resolution", "timezone", "moment", "expected"),
    [
        ("1", "America/New_York", "2026-01-05T15:00:30", "2026-01-05T15:00"),
        ("3", "America/New_York", "2026-01-05T15:02:59.999", "2026-01-05T15:00"),
        ("60", "America/New_York", "2026-01-05T15:59", "2026-01-05T15:00"),
        ("240", "America/New_York", "2026-01-05T15:59", "2026-01-05T13:00"),  # counts from midnight in New York
        ("240", "America/New_York", "2026-03-08T15:59", "2026-03-08T13:00"),  # the day began an hour before its date
        ("240", "America/New_York", "2026-03-09T03:30", "2026-03-09T01:00"),  # the shorter last bar of 23 hours
        ("240", "America/New_York", "2026-11-02T04:30", "2026-11-02T04:00"),  # the shorter last bar of 25 hours
        ("60", "Australia/Lord_Howe", "2026-04-05T13:20", "2026-04-05T13:00"),  # the half hour at its end
        ("1D", "America/New_York", "2026-01-05T04:59", "2026-01-04"),
        ("1D", "America/New_York", "2026-01-05T05:00", "2026-01-05"),
        ("1D", "Asia/Tokyo", "2026-01-04T15:00", "2026-01-05"),
        ("1W", "America/New_York", "2026-01-05T04:59", "2025-12-29"),
        ("1W", "America/New_York", "2026-01-05T05:00", "2026-01-05"),
        ("1M", "America/New_York", "2026-01-01T04:59", "2025-12-01"),
        ("1M", "America/New_York", "2024-02-29T12:00", "2024-02-01"),
        ("1M", "Etc/UTC", "2026-01-01T00:00", "2026-01-01"),
    ],
)
def test_instant_belongs_to_the_bar_of_its_trading_day(
    resolution: str, timezone: str, moment: str, expected: str
) -> None:
    feed = make_feed(instruments=[make_instrument(timezone=timezone)])
    assert feed["TEST"].forming_bar(resolution, instant(moment)).time_ms == instant(expected)


@given(st.sampled_from(["1D", "1W", "1M"]), st.integers(0, 60_000))
def test_day_lies_in_its_period(resolution: str, day: int) -> None:
    period = period_of(resolution, day)
    assert period_start(resolution, period) <= day < period_start(resolution, period + 1)
    assert periods_of(resolution, np.array([day], dtype=np.int64)).tolist() == [period]


def test_bars_are_joined_from_each_start_on() -> None:
    bars = np.array([[1, 2, 3, 4], [5, 9, 4, 6], [1, 2, 0, 3], [2, 3, 4, 5], [10, 20, 30, 40]], dtype=np.int64)
    found = aggregated(bars, np.array([0, 1, 3], dtype=np.int64))
    assert found.tolist() == [[1, 2, 4], [5, 9, 6], [1, 0, 3], [2, 4, 5], [10, 50, 40]]
    assert aggregated(bars[:, :0], np.array([], dtype=np.int64)).shape == (5, 0)


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (0, 0),
        (1, 1000),
        (10**10, 10**13),
        (10**10 + 1, 10**10 + 1),
        (1_767_625_200, 1_767_625_200_000),
        (1_767_625_200_000, 1_767_625_200_000),
        (94_694_400_000, 94_694_400_000),
        (-1, 0),
        (-(10**10), 0),
        (-(10**10) - 1, 0),
        (-1_767_625_200_000, 0),
    ],
)
def test_query_times_are_seconds_up_to_1e10_and_not_before_1970(value: int, expected: int) -> None:
    assert query_time_ms(value) == expected


def test_wire_bars_have_the_instruments_decimals() -> None:
    row = BarRow(60_000, 19012, 19013, 18999, 19000, 7)
    expected = {"time": 60_000, "open": 190.12, "high": 190.13, "low": 189.99, "close": 190.0, "volume": 7.0}
    assert wire_bar(row, AAPL) == expected
    columns = BarColumns(*(np.array([value], dtype=np.int64) for value in row))
    assert wire_bars(columns, AAPL) == [expected]
    assert Bar.model_validate(expected).model_dump() == expected


def test_one_bar_and_many_are_written_alike() -> None:
    for instrument in CATALOGUE:
        columns = last_bars(FEED, instrument.name, "5", 300, FOREVER_MS, NOW_MS)
        assert wire_bars(columns, instrument) == [wire_bar(row, instrument) for row in rows(columns)]


@pytest.mark.parametrize(
    ("resolution", "limits", "count", "first", "last"),
    [
        ("1D", {}, 300, "2025-03-12", "2026-01-05"),
        ("1D", {"count_back": 2}, 2, "2026-01-04", "2026-01-05"),
        ("D", {"count_back": 2}, 2, "2026-01-04", "2026-01-05"),
        ("W", {"count_back": 2}, 2, "2025-12-29", "2026-01-05"),
        ("M", {"count_back": 2}, 2, "2025-12-01", "2026-01-01"),
        ("1", {"count_back": 3, "to_time": instant("2026-01-02") // 1000}, 3, "2026-01-01T23:57", "2026-01-01T23:59"),
        ("1", {"count_back": 3, "to_time": instant("2026-01-02")}, 3, "2026-01-01T23:57", "2026-01-01T23:59"),
        (
            "60",  # the end is exclusive, the beginning inclusive
            {"from_time": instant("2026-01-02") // 1000, "to_time": instant("2026-01-02T05:00") // 1000},
            5,
            "2026-01-02T00:00",
            "2026-01-02T04:00",
        ),
        (
            "60",  # the count outranks the beginning
            {"from_time": instant("2026-01-02"), "to_time": instant("2026-01-02T05:00"), "count_back": 7},
            7,
            "2026-01-01T22:00",
            "2026-01-02T04:00",
        ),
        ("1D", {"from_time": instant("2026-01-01")}, 5, "2026-01-01", "2026-01-05"),
        ("1M", {"from_time": instant("2025-12-15")}, 1, "2026-01-01", "2026-01-01"),
        ("1M", {"to_time": instant("1990-02-15") // 1000}, 2, "1990-01-01", "1990-02-01"),
        ("240", {"from_time": 0, "to_time": instant("1990-01-02T05:00") // 1000}, 6, "1990-01-01T05:00", None),
        ("1", {"from_time": 0}, MAX_BARS, None, "2026-01-05T15:00"),  # the newest are kept
        ("1W", {"from_time": 0}, 1880, "1990-01-01", "2026-01-05"),
    ],
)
def test_history_has_the_requested_bars(
    resolution: str, limits: dict[str, int], count: int, first: str | None, last: str | None
) -> None:
    reply = ask(resolution, **limits)
    assert (reply["no_data"], reply["next_time"]) == (False, None)
    assert len(reply["bars"]) == count
    assert first is None or times(reply)[0] == instant(first)
    assert last is None or times(reply)[-1] == instant(last)
    assert BarsReply.model_validate(reply).model_dump() == reply


@pytest.mark.parametrize(
    ("resolution", "limits", "next_time"),
    [
        # Behind the beginning there is nothing.
        ("1D", {"to_time": instant("1990-01-01") // 1000}, None),
        ("1", {"count_back": 10, "to_time": ORIGIN_MS // 1000}, None),
        ("1", {"from_time": 0, "to_time": 0}, None),
        # Between the starts of two bars, before now, or after it: the bar before.
        ("1D", {"from_time": instant("2026-01-02T01:00"), "to_time": instant("2026-01-02T02:00")}, "2026-01-02"),
        ("1M", {"from_time": instant("2025-11-05"), "to_time": instant("2025-11-20")}, "2025-11-01"),
        ("1", {"from_time": instant("2027-01-01")}, "2026-01-05T15:00"),
        ("1D", {"from_time": instant("2026-01-04"), "to_time": instant("2026-01-02")}, "2026-01-01"),
    ],
)
def test_empty_history_names_the_nearest_older_bar(
    resolution: str, limits: dict[str, int], next_time: str | None
) -> None:
    expected = None if next_time is None else instant(next_time)
    assert ask(resolution, **limits) == {"bars": [], "no_data": True, "next_time": expected}


def test_paging_back_by_count_meets_every_bar_once() -> None:
    pages: list[int] = []
    to_ms = NOW_MS
    while True:
        reply = ask("1M", count_back=50, to_time=to_ms)
        if reply["no_data"]:
            break
        pages = times(reply) + pages
        to_ms = pages[0]
    assert pages == times(ask("1M", from_time=0))
    assert pages[0] == instant("1990-01-01")


def test_history_before_the_beginning_of_the_market_is_empty() -> None:
    assert ask("1D", now_ms=ORIGIN_MS - 1) == {"bars": [], "no_data": True, "next_time": None}


@examples(60)
@given(st.sampled_from(RESOLUTIONS), st.integers(0, 400 * DAY_MS), st.integers(0, 400 * DAY_MS))
def test_history_by_range_is_all_bars_that_start_in_it(resolution: str, back_ms: int, length_ms: int) -> None:
    from_ms = NOW_MS - back_ms
    reply = ask(resolution, from_time=from_ms, to_time=from_ms + length_ms)
    expected = bars_between(FEED, "AAPL", resolution, from_ms, from_ms + length_ms, NOW_MS)
    assert times(reply) == expected.time_ms.tolist()[-MAX_BARS:]


@pytest.mark.parametrize("resolution", RESOLUTIONS)
def test_max_bars_is_enough_for_any_range(resolution: str) -> None:
    for days in (0, 1, 2, 8, 45, 800):
        span = NOW_MS - days * DAY_MS, NOW_MS
        if days * 1440 < 40_000 or not resolution.isdigit():
            found = bars_between(FEED, "AAPL", resolution, *span, NOW_MS)
            assert len(found.time_ms) <= max_bars(resolution, days * DAY_MS)


def test_query_refuses_unserved_values() -> None:
    wrong: list[dict[str, Any]] = [{"resolution": "2"}, {"count_back": 5001}, {"count_back": 0}, {"to_time": -1}]
    for change in wrong:
        with pytest.raises(ValueError, match="validation error"):
            BarsQuery.model_validate({"symbol": "AAPL", "resolution": "1"} | change)
