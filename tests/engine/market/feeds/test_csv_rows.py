"""Files of days and of long bars, files whose names say what they are, and rows on tick sizes that differ by price."""

from pathlib import Path

import pytest

from engine.market.feeds.replay import ReplayFeed
from engine.market.instruments import Catalogue, Sessions
from tests.engine.market.feeds.csv_files import HEADER, LINES, START_MS, lines_from, replay, write
from tests.engine.market.specimens import (
    DAY_MS,
    FOREVER_MS,
    MINUTE_MS,
    instant,
    joined,
    last_bars,
    make_instrument,
    rows,
)

WEEK = ["2026-03-05", "2026-03-06", "2026-03-09", "2026-03-10"]
"""Thursday to Tuesday; the clocks of New York go forward in between."""


def days(stamps: list[str]) -> str:
    return HEADER + "".join(f"{stamp},{line}\n" for stamp, line in zip(stamps, LINES, strict=False))


@pytest.mark.parametrize(
    "stamps",
    [
        WEEK,
        [f"{day}T00:00:00Z" for day in WEEK],
        [f"{day}T{hour}:30:00Z" for day, hour in zip(WEEK, ("14", "14", "13", "13"), strict=True)],  # the open
        [f"{day}T{hour}:00:00Z" for day, hour in zip(WEEK, ("05", "05", "04", "04"), strict=True)],  # midnight
        [f"{day}T{hour}:00:00Z" for day, hour in zip(WEEK, ("21", "21", "20", "20"), strict=True)],  # the close
    ],
)
@pytest.mark.parametrize("sessions", ["24x7", "exchange"])
def test_daily_rows_belong_to_their_date_at_any_hour(tmp_path: Path, stamps: list[str], sessions: Sessions) -> None:
    write(tmp_path, days(stamps))
    feed = replay(tmp_path, sessions)
    found = rows(last_bars(feed, "AAPL", "1D", 9, FOREVER_MS, instant("2026-03-12")))
    assert [bar.time_ms for bar in found] == [instant(day) for day in WEEK]
    assert feed.report == (
        [] if sessions == "exchange" else [f"{tmp_path}/AAPL.csv:4: 2 bars are missing after " + AFTER]
    )
    weeks = rows(last_bars(feed, "AAPL", "1W", 9, FOREVER_MS, instant("2026-03-12")))
    assert weeks == [joined(instant("2026-03-02"), found[:2]), joined(instant("2026-03-09"), found[2:])]


AFTER = "2026-03-06T05:00:00Z"


def test_a_day_happens_in_quarters_of_its_session(tmp_path: Path) -> None:
    write(tmp_path, days(WEEK))
    feed = replay(tmp_path, "exchange")
    # From 09:30 to 16:00 in New York, after the clocks went forward.
    times = [instant(f"2026-03-09T{time}") for time in ("13:30", "15:07:30", "16:45", "18:22:30")]
    assert [feed["AAPL"].quote(time) for time in times] == [feed["AAPL"].quote(time + 60_000) for time in times]
    assert [feed["AAPL"].quote(time).time_ms for time in times] == times
    assert [feed["AAPL"].quote(time).last for time in times] == [189.50 * 100, 189.80 * 100, 189.20 * 100, 189.50 * 100]
    assert [feed["AAPL"].forming_bar("1D", time).volume for time in times] == [100, 201, 302, 403]
    assert feed["AAPL"].forming_bar("1D", times[0] - 1).time_ms == instant("2026-03-06")
    assert feed["AAPL"].overdue_ms(instant("2026-03-09T20:00")) is None
    assert feed["AAPL"].overdue_ms(instant("2026-03-11T13:30")) == instant("2026-03-11T13:30") - instant(
        "2026-03-10T20:00"
    )


def test_a_date_without_trading_and_a_second_row_of_a_day_are_left_out(tmp_path: Path) -> None:
    path = write(
        tmp_path,
        days(["2026-03-06T05:00:00", "2026-03-06T15:00:00", "2026-03-07T05:00:00", "2026-03-09T03:00:00Z"]),
        "AAPL.1D.csv",
    )
    feed = replay(tmp_path, "exchange")
    assert feed.report == [
        f"{path}:3: is of the same day as a row before; left out",
        f"{path}:4: is of a date without trading; left out",
        f"{path}:5: is of a date without trading; left out",  # it is still Sunday in New York
    ]


def test_one_row_is_enough_where_the_name_says_how_long_it_is(tmp_path: Path) -> None:
    write(tmp_path, days(WEEK[:1]), "AAPL.D.csv")
    write(tmp_path, lines_from(START_MS, LINES[:1]), "MSFT.5.csv.gz")
    feed = replay(tmp_path)
    assert (feed["AAPL"].resolutions[0], feed["MSFT"].resolutions[0]) == ("1D", "5")


def test_rows_of_eight_hours_make_days_and_the_last_of_a_session_is_shorter(tmp_path: Path) -> None:
    start = instant("2026-03-06T05:00")
    times = [start + hours * 3_600_000 for hours in (0, 8, 16, 24, 32, 40, 48, 56, 64, 71)]
    write(tmp_path, HEADER + "".join(f"{time // 1000},190,191,189,190,{i}\n" for i, time in enumerate(times)))
    feed = replay(tmp_path)
    assert feed.report == []  # the day of the change has 23 hours: its third row has 7
    found = rows(last_bars(feed, "AAPL", "1D", 9, FOREVER_MS, start + 4 * DAY_MS))
    assert [bar.volume for bar in found] == [0 + 1 + 2, 3 + 4 + 5, 6 + 7 + 8, 9]
    assert feed["AAPL"].quote(times[9] - 1).time_ms == times[8] + 3 * 7 * 900_000


def test_the_last_print_of_a_short_bar_is_before_the_close(tmp_path: Path) -> None:
    start = instant("2026-01-05T14:30")
    times = [start, start + 4 * 3_600_000, start + DAY_MS, start + DAY_MS + 4 * 3_600_000]
    write(tmp_path, HEADER + "".join(f"{time // 1000},{line}\n" for time, line in zip(times, LINES, strict=True)))
    feed = replay(tmp_path, "exchange")
    close = instant("2026-01-05T21:00")
    assert feed["AAPL"].quote(close - 1).time_ms == times[1] + 3 * 150 * MINUTE_MS // 4
    assert feed["AAPL"].quote(close - 1) == feed["AAPL"].quote(close + 3_600_000)
    assert feed["AAPL"].forming_bar("240", close - 1).volume == 800


def test_prices_off_a_variable_tick_are_left_out(tmp_path: Path) -> None:
    listed = Catalogue([make_instrument(name="AAPL", anchor="10", variable_tick="0.01 10 0.05")])
    path = write(
        tmp_path,
        lines_from(START_MS, ["9.99,10.05,9.98,10.00,1", "10.00,10.10,9.99,10.02,1", "10,10,10,10,1"]),
        "AAPL.1.csv",
    )
    feed = ReplayFeed(listed.by_name, tmp_path, listed.calendars)
    assert feed.report[0] == f"{path}:3: a price is not a multiple of the tick 0.01 10 0.05; left out"
    quotes = [feed["AAPL"].quote(START_MS + second * 1000) for second in (0, 15, 30, 45)]
    # Two ticks of spread, each as wide as it is at its price.
    assert [quote[2:5] for quote in quotes] == [
        (998, 1000, 999),
        (997, 999, 998),
        (1000, 1010, 1005),
        (999, 1005, 1000),
    ]


def test_the_first_week_of_1970_is_a_bar_from_its_first_day_on(tmp_path: Path) -> None:
    write(tmp_path, HEADER + "".join(f"1970-01-0{day},190.00,191.00,189.00,190.50,100\n" for day in range(1, 8)))
    weeks = rows(last_bars(replay(tmp_path), "AAPL", "1W", 9, FOREVER_MS, instant("1970-01-08")))
    assert [week.time_ms for week in weeks] == [0, instant("1970-01-05")]
