import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.market.sessions import DAY_MS, EPOCH, Calendar
from tests.engine.market.specimens import instant

NEW_YORK = Calendar("America/New_York")
CALENDARS = {name: Calendar(name) for name in ("Etc/UTC", "America/New_York", "Asia/Tokyo", "Australia/Lord_Howe")}


def number(date: str) -> int:
    return instant(date) // DAY_MS


@pytest.mark.parametrize(
    ("timezone", "date", "start", "hours"),
    [
        ("Etc/UTC", "2026-01-05", "2026-01-05T00:00", 24),
        ("America/New_York", "2026-01-05", "2026-01-05T05:00", 24),
        ("America/New_York", "2026-07-06", "2026-07-06T04:00", 24),
        ("America/New_York", "2026-03-08", "2026-03-08T05:00", 23),
        ("America/New_York", "2026-11-01", "2026-11-01T04:00", 25),
        ("America/New_York", "2024-02-29", "2024-02-29T05:00", 24),
        ("Asia/Tokyo", "2026-01-05", "2026-01-04T15:00", 24),
        ("Australia/Lord_Howe", "2026-04-05", "2026-04-04T13:00", 24.5),
        ("Africa/Cairo", "2026-04-24", "2026-04-23T22:00", 23),  # the clocks skip its midnight
        ("America/Santiago", "2026-09-06", "2026-09-06T04:00", 23),  # the same, and west of Greenwich
    ],
)
def test_day_begins_at_local_midnight_and_lasts_as_long_as_it_does(
    timezone: str, date: str, start: str, hours: float
) -> None:
    day = Calendar(timezone).day(number(date))
    assert day.start_ms == instant(start)
    assert day.end_ms - day.start_ms == hours * 3_600_000
    assert day.minutes == hours * 60


@pytest.mark.parametrize(
    ("moment", "date"),
    [
        ("2026-03-08T04:59:59", "2026-03-07"),
        ("2026-03-08T05:00:00", "2026-03-08"),
        ("2026-03-09T03:59:59", "2026-03-08"),
        ("2026-03-09T04:00:00", "2026-03-09"),
        ("2026-11-02T04:59:59", "2026-11-01"),
        ("2026-11-02T05:00:00", "2026-11-02"),
        ("1990-01-01T05:00:00", "1990-01-01"),
    ],
)
def test_instant_belongs_to_its_local_date(moment: str, date: str) -> None:
    assert NEW_YORK.day_at(instant(moment)).number == number(date)


@given(st.sampled_from(sorted(CALENDARS)), st.integers(0, 4 * 10**12))
def test_every_instant_lies_in_its_day_and_days_touch(name: str, moment: int) -> None:
    calendar = CALENDARS[name]
    day = calendar.day_at(moment)
    assert day.start_ms <= moment < day.end_ms
    assert calendar.day_at(day.end_ms) == calendar.day(day.number + 1)
    assert calendar.day_at(day.end_ms).start_ms == day.end_ms


@given(st.integers(0, 40_000), st.integers(1, 700))
def test_edges_of_a_range_are_those_of_its_days(first: int, count: int) -> None:
    starts, ends = NEW_YORK.edges(first, first + count)
    assert len(starts) == len(ends) == count
    assert np.array_equal(starts[1:], ends[:-1])
    assert starts[0] == NEW_YORK.day(first).start_ms
    assert ends[-1] == NEW_YORK.day(first + count - 1).end_ms


def test_day_numbers_count_from_1970() -> None:
    assert EPOCH == 719_163
    assert CALENDARS["Etc/UTC"].day(0).start_ms == 0
