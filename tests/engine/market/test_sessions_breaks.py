"""Days with breaks: one trading day of several spans, in every feed, also where the clocks change."""

from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.errors import Denied, Reason
from engine.market import udf
from engine.market.feeds.external import ExternalFeed
from engine.market.feeds.replay import ReplayFeed
from engine.market.feeds.synthetic import SyntheticFeed
from engine.market.instruments import Catalogue
from engine.market.market import Market
from engine.market.sessions import Hours, read_calendar, read_hours
from engine.models.market.bars import BarRow
from engine.models.market.instruments import RESOLUTIONS
from engine.models.market.ticks import Tick
from engine.models.market.udf import UdfMarksQuery
from tests.engine.market.specimens import (
    DAY_MS,
    FOREVER_MS,
    MINUTE_MS,
    bars_between,
    instant,
    joined,
    last_bars,
    make_instrument,
    rows,
)
from tests.properties import examples

TOKYO = make_instrument(
    name="TOKYO",
    timezone="Asia/Tokyo",
    session="0900-1130,1230-1500",
    holidays="20260112",
    corrections="0900-1130:20260109",
)
NIGHT = make_instrument(name="NIGHT", session="2100-0230,0900-1015,1030-1130,1330-1500:1234567")
DAWN = make_instrument(name="DAWN", session="0030-0145,0215-0630:1234567")
MARKET = Catalogue([TOKYO, NIGHT, DAWN], "exchange")
FEED = SyntheticFeed(MARKET, 5, MARKET.calendars)
HEADER = "time,open,high,low,close,volume\n"


@pytest.mark.parametrize(
    ("text", "hours"),
    [
        ("0930-1600", ((570, 960),)),
        ("0900-1130,1230-1500", ((540, 690), (750, 900))),
        ("1700-1700", ((-420, 1020),)),
        ("2100-2300,0900-1500", ((-180, -60), (540, 900))),
        ("2100-0230,0900-1015,1030-1130,1330-1500", ((-180, 150), (540, 615), (630, 690), (810, 900))),
    ],
)
def test_hours_are_read(text: str, hours: Hours) -> None:
    assert read_hours(text) == hours


@pytest.mark.parametrize(
    "text",
    [
        "0900-1130,1130-1500",  # spans that touch
        "0900-1200,1100-1500",  # that overlap
        "0900-1000,1010-1100,1110-1200,1210-1300,1310-1400",  # too many
        "0900-0920,0930-0950",  # too short in all
        "0900-1130,1230",
    ],
)
def test_hours_that_make_no_day_are_refused(text: str) -> None:
    with pytest.raises(ValueError, match="session: "):
        read_hours(text)


@pytest.mark.parametrize(
    ("moment", "traded", "session"),
    [
        ("2026-01-08T09:00", "2026-01-08T09:00", ("2026-01-08T09:00", "2026-01-08T15:00")),
        ("2026-01-08T11:29", "2026-01-08T11:29", ("2026-01-08T09:00", "2026-01-08T15:00")),
        ("2026-01-08T11:30", "2026-01-08T11:29:59.999", ("2026-01-08T12:30", "2026-01-08T15:00")),
        ("2026-01-08T12:29", "2026-01-08T11:29:59.999", ("2026-01-08T12:30", "2026-01-08T15:00")),
        ("2026-01-08T12:30", "2026-01-08T12:30", ("2026-01-08T12:30", "2026-01-08T15:00")),
        ("2026-01-08T15:00", "2026-01-08T14:59:59.999", ("2026-01-09T09:00", "2026-01-09T11:30")),
        ("2026-01-09T11:30", "2026-01-09T11:29:59.999", ("2026-01-13T09:00", "2026-01-13T15:00")),  # a half day
    ],
)
def test_a_break_is_closed_and_ends_no_session(moment: str, traded: str, session: tuple[str, str]) -> None:
    calendar = MARKET.calendars["TOKYO"]
    now_ms = instant(f"{moment}+09:00")
    assert calendar.last_traded_ms(now_ms) == instant(f"{traded}+09:00")
    assert calendar.session(now_ms) == tuple(instant(f"{edge}+09:00") for edge in session)
    assert calendar.day_start_ms(now_ms) == instant(f"{session[1][:10]}T09:00+09:00")


@pytest.mark.parametrize(
    ("timezone", "session", "date", "spans"),
    [
        # New York, clocks forward at 02:00 on 2026-03-08, back on 2026-11-01.
        ("America/New_York", "0900-1130,1230-1500:1", "2026-03-08", [("13:00", "15:30"), ("16:30", "19:00")]),
        ("America/New_York", "0900-1130,1230-1500:1", "2026-11-01", [("14:00", "16:30"), ("17:30", "20:00")]),
        ("America/New_York", "0030-0130,0330-0630:1", "2026-03-08", [("05:30", "06:30"), ("07:30", "10:30")]),
        ("America/New_York", "0030-0145,0215-0630:1", "2026-11-01", [("04:30", "05:45"), ("07:15", "11:30")]),
        ("Europe/London", "0800-1200,1300-1630:1", "2026-03-29", [("07:00", "11:00"), ("12:00", "15:30")]),
    ],
)
def test_spans_keep_their_local_hours_where_the_clocks_change(
    timezone: str, session: str, date: str, spans: list[tuple[str, str]]
) -> None:
    day = read_calendar(timezone, session).day(instant(date) // DAY_MS)
    edges = [edge for span in day.spans for edge in span]
    assert (day.start_ms, day.end_ms) == (edges[0], edges[-1])
    assert edges == [instant(f"{date}T{time}") for one in spans for time in one]
    assert day.traded_ms == sum(edges[1::2]) - sum(edges[0::2])


instants = st.one_of(
    st.integers(instant("2024-01-01"), instant("2028-01-01")),
    st.integers(instant("2026-03-06"), instant("2026-03-10")),
    st.integers(instant("2026-10-30"), instant("2026-11-03")),
)
symbols = st.sampled_from(sorted(MARKET.by_name))


@given(symbols, instants)
def test_time_of_trading_is_counted_without_the_breaks(symbol: str, now_ms: int) -> None:
    day = MARKET.calendars[symbol].day_at(now_ms)
    traded_ms = MARKET.calendars[symbol].last_traded_ms(now_ms)
    assert day.instant_ms(day.elapsed_ms(traded_ms)) == traded_ms
    start_ms, end_ms = day.span_at(traded_ms)
    assert start_ms <= traded_ms < end_ms
    assert day.elapsed_ms(day.end_ms) == day.traded_ms == day.minutes * MINUTE_MS


@examples(25)
@given(symbols, instants, st.sampled_from(RESOLUTIONS[:-2]))
def test_laws_of_the_synthetic_market_hold_with_breaks(symbol: str, now_ms: int, resolution: str) -> None:
    calendar = MARKET.calendars[symbol]
    first = calendar.day_at(now_ms - 9 * DAY_MS)
    minutes = rows(bars_between(FEED, symbol, "1", first.start_ms, FOREVER_MS, now_ms))
    groups: dict[int, list[BarRow]] = {}
    for bar in minutes:
        day = calendar.day_at(bar.time_ms)
        start_ms, end_ms = day.span_at(bar.time_ms)
        assert start_ms <= bar.time_ms < end_ms
        key = day.number * DAY_MS
        if resolution.isdigit():
            key = bar.time_ms - (bar.time_ms - start_ms) % (int(resolution) * MINUTE_MS)
        groups.setdefault(key, []).append(bar)
    expected = [joined(time_ms, bars) for time_ms, bars in groups.items()]
    found = rows(last_bars(FEED, symbol, resolution, len(expected), FOREVER_MS, now_ms))
    assert found == expected
    assert FEED[symbol].forming_bar(resolution, now_ms) == expected[-1]
    traded_ms = calendar.last_traded_ms(now_ms)
    assert FEED[symbol].quote(now_ms).time_ms == traded_ms - traded_ms % 200
    for one, two in pairwise(minutes):
        if calendar.day_at(one.time_ms) == calendar.day_at(two.time_ms):
            assert one.close == two.open


def test_the_last_instant_before_a_break_stands_in_it() -> None:
    noon, after = instant("2026-01-08T12:00+09:00"), instant("2026-01-08T12:30+09:00")
    before = instant("2026-01-08T11:29:59.800+09:00")
    assert FEED["TOKYO"].quote(noon) == FEED["TOKYO"].quote(before)
    assert FEED["TOKYO"].forming_bar("60", noon).time_ms == instant("2026-01-08T11:00+09:00")
    assert FEED["TOKYO"].forming_bar("60", after).time_ms == after
    hours = rows(
        bars_between(FEED, "TOKYO", "60", instant("2026-01-08"), FOREVER_MS, instant("2026-01-08T15:00+09:00"))
    )
    starts = ("09:00", "10:00", "11:00", "12:30", "13:30", "14:30")
    assert [bar.time_ms for bar in hours] == [instant(f"2026-01-08T{time}+09:00") for time in starts]


def test_symbol_and_marks_tell_the_hours() -> None:
    market = Market(MARKET, FEED)
    assert market.resolve("TOKYO")["session"] == "0900-1130,1230-1500"
    query = UdfMarksQuery.model_validate({"symbol": "TOKYO", "from": 0, "to": 2 * 10**9, "resolution": "1D"})
    (mark,) = udf.timescale_marks(MARKET.calendars["TOKYO"], query)
    assert mark["tooltip"] == ["Open from 09:00 to 11:30"]
    calendar = read_calendar("Asia/Tokyo", "0900-1500", corrections="0900-1130,1230-1400:20260109")
    (mark,) = udf.timescale_marks(calendar, query)
    assert mark["tooltip"] == ["Open from 09:00 to 11:30 and from 12:30 to 14:00"]


def test_replayed_rows_lie_in_the_spans(tmp_path: Path) -> None:
    step = 30 * MINUTE_MS
    morning, noon = instant("2026-01-08T09:00+09:00"), instant("2026-01-08T12:30+09:00")
    times = [morning + i * step for i in range(6)] + [noon + i * step for i in range(5)]
    lines = [f"{time // 1000},150,151,149,150,{i}\n" for i, time in enumerate(times)]
    path = tmp_path / "TOKYO.csv"
    path.write_text(HEADER + "".join(lines))
    feed = ReplayFeed(MARKET.by_name, tmp_path, MARKET.calendars)
    assert feed.report == [f"{path}:7: is outside the trading session; left out"]  # the one at 11:30
    now_ms = instant("2026-01-08T15:00+09:00")
    found = {
        resolution: [bar.volume for bar in rows(last_bars(feed, "TOKYO", resolution, 99, FOREVER_MS, now_ms))]
        for resolution in ("60", "240", "1D")
    }
    assert found == {"60": [1, 5, 4, 13, 17, 10], "240": [10, 40], "1D": [50]}
    assert feed["TOKYO"].overdue_ms(noon - 1) is None


def test_a_replayed_day_happens_in_quarters_of_its_trading(tmp_path: Path) -> None:
    (tmp_path / "TOKYO.1D.csv").write_text(HEADER + "2026-01-08,150,152,149,151,8\n2026-01-13,150,152,149,151,8\n")
    feed = ReplayFeed(MARKET.by_name, tmp_path, MARKET.calendars)
    quarters = ("09:00", "10:15", "12:30", "13:45")
    for number, time in enumerate(quarters, 1):
        now_ms = instant(f"2026-01-08T{time}+09:00")
        assert feed["TOKYO"].quote(now_ms).time_ms == now_ms
        assert feed["TOKYO"].forming_bar("1D", now_ms).volume == 2 * number
    assert feed["TOKYO"].forming_bar("1D", instant("2026-01-08T12:29+09:00")).volume == 4
    # The half day of the 9th has no row.
    assert len(feed.report) == 1 and "1 bars are missing" in feed.report[0]


def test_no_ticks_are_taken_in_a_break() -> None:
    feed = ExternalFeed(MARKET.by_name, MARKET.calendars)
    market = Market(MARKET, feed)
    noon = instant("2026-01-08T12:00+09:00")
    with pytest.raises(Denied) as denied:
        market.publish([Tick(symbol="TOKYO", time=noon, price=150.0)], noon)
    assert denied.value.reason is Reason.MARKET_CLOSED
    for time in ("11:29", "12:31"):
        now_ms = instant(f"2026-01-08T{time}+09:00")
        market.publish([Tick(symbol="TOKYO", time=now_ms, price=150.0, size=1)], now_ms)
    hours = rows(last_bars(feed, "TOKYO", "60", 9, FOREVER_MS, noon + DAY_MS))
    assert [bar.time_ms for bar in hours] == [instant(f"2026-01-08T{time}+09:00") for time in ("11:00", "12:30")]
