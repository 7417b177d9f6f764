"""The grammar of the values in a CSV file: times and numbers, each decided from the text.

| time | examples |
|---|---|
| seconds since 1970; milliseconds from 11, microseconds from 14, nanoseconds from 17 digits | 1767625200 |
| year, month, day; with a time of day; with an offset (else UTC) | 2026-01-05, 2026.01.05 10:00:00-05:00 |
| the same without signs | 20260105, 20260105T150000 |
| day or month first, where the file shows which one | 05/01/2026 |

A number has a decimal point or comma, and optionally thousands separators, an exponent, or K, M, B for thousands,
millions, billions. Every text is read here, also `--start`; csv_file.py checks the values.
"""

import re
from datetime import UTC, datetime
from functools import cache
from typing import NamedTuple

import numpy as np

from engine.market.feeds.csv_texts import Group, group_of
from engine.models.market.arrays import Bools, Floats, Ints
from engine.models.market.instruments import MAX_UNITS

MAX_DIGITS = 18
"""Digits of a number that are read; later ones are beyond the precision of a float."""

END_MS = 7_258_118_400_000
"""Market times are from 1970, because times of the protocol are at least 0, and before 2200."""

PLAIN_EPOCHS = ((2200 * 10**4, 10**10, 1000), (10**10, 10**13, 1))
"""First and last epoch times, last exclusive, that are seconds and milliseconds and no date, and their factors."""

EPOCH_LIMITS = np.array([1e10, 1e13, 1e16])
EPOCH_FACTORS, EPOCH_DIVISORS = np.array([1000.0, 1.0, 1.0, 1.0]), np.array([1.0, 1.0, 1e3, 1e6])
"""Times below each limit are seconds, milliseconds, microseconds, the others nanoseconds; these make milliseconds."""

COMPACT_YEARS = (1600, 2200)
"""Eight or fourteen digits that begin with such a year are a date; as epoch times they would be of 1970."""

FACTORS = {"": 0, "K": 3, "M": 6, "B": 9}

CLOCK = r"(?P<hour>\d\d?):(?P<minute>\d\d)(?::(?P<second>\d\d)(?:[.,](?P<fraction>\d{1,9}))?)?"
SHORT_CLOCK = r"(?P<hour>\d\d)(?P<minute>\d\d)(?P<second>\d\d)?"
ZONE = r"(?: ?(?:Z|UTC|GMT|(?P<sign>[+-])(?P<zone_hour>\d\d)(?::?(?P<zone_minute>\d\d))?(?::?(?P<zone_second>\d\d))?))?"
DATES = (
    (r"(?P<year>\d{4})(?P<dash>[-./])(?P<month>\d\d?)(?P=dash)(?P<day>\d\d?)", "[T ]"),
    (r"(?P<year>\d{4})(?P<month>\d\d)(?P<day>\d\d)", "[T ]?"),
    (r"(?P<day>\d\d?)(?P<dash>[-./])(?P<month>\d\d?)(?P=dash)(?P<year>\d{4})", "[T ]"),
)
CALENDAR_TIMES = [
    re.compile(f" *{date}(?:{between}{clock}{ZONE})? *", re.ASCII | re.IGNORECASE)
    for date, between in DATES
    for clock in (CLOCK, SHORT_CLOCK)
]
CLOCKS = [re.compile(f" *{clock}{ZONE} *", re.ASCII | re.IGNORECASE) for clock in (CLOCK, SHORT_CLOCK)]
DIGITS = re.compile(r"\d+", re.ASCII)
EPOCH_TIME = re.compile(
    r" *(?P<sign>[+-]?)(?P<whole>\d{1,19})(?:\.(?P<fraction>\d*))?(?:E(?P<power>[+-]?\d\d?))? *",
    re.ASCII | re.IGNORECASE,
)

NO_TIME = "is neither an epoch time nor an ISO 8601 time"
NO_CLOCK = "is not a time of day"
NO_NUMBER = "is not a number"
TWO_ORDERS = "is ambiguous: the day or the month may be first"
TWO_TIMES = "is ambiguous: an epoch time, or a date without signs"


class Values(NamedTuple):
    """The values of the texts of one shape.

    Attributes:
        values: Integers up to `MAX_UNITS` where the texts show that all are, which saves the checks of floats; else
            floats, not a number where a text has none.
        reason: Why a text has no value.
    """

    values: Ints | Floats
    reason: str


class Digits(NamedTuple):
    """Numbers as integers of at most `length` digits, times a power of ten."""

    values: Ints
    power: int
    length: int


def read_numbers(group: Group, decimal: str, scale: int = 1) -> Values:
    """Read numbers with a decimal point or comma, and multiply them by a scale."""
    match = _number_pattern(decimal).fullmatch(group.sample)
    if match is None or not (match["whole"] or match["fraction"]):
        return _unreadable(group, NO_NUMBER)
    power = FACTORS[(match["factor"] or "").upper()]
    if match["power"] is None:
        digits = _digits(group, match, power)
        factor, rest = divmod(scale * 10 ** max(digits.power, 0), 10 ** max(-digits.power, 0))
        if not rest and 10**digits.length * factor <= MAX_UNITS:
            return Values(digits.values if factor == 1 else digits.values * factor, NO_NUMBER)
    return Values(_number(group, match, power) * scale, NO_NUMBER)


def read_times(group: Group, is_day_first: bool | None) -> Values:
    """Read times in epoch milliseconds; `is_day_first` is None where the file does not show the order of a date."""
    epoch = EPOCH_TIME.fullmatch(group.sample)
    calendar = next(filter(None, (form.fullmatch(group.sample) for form in CALENDAR_TIMES)), None)
    if epoch is None:
        return _unreadable(group, NO_TIME) if calendar is None else _read_dates(group, calendar, is_day_first)
    if calendar is None and epoch.end("whole") == len(group.sample) and not epoch["sign"]:
        whole = group.number(epoch.span("whole"))
        for first, last, factor in PLAIN_EPOCHS:
            if first <= whole.min() and whole.max() < last:
                return Values(whole * factor, NO_TIME)
    numbers = _number(group, epoch)
    unit = np.searchsorted(EPOCH_LIMITS, np.abs(numbers), "right")
    times = numbers * EPOCH_FACTORS[unit] / EPOCH_DIVISORS[unit]
    if calendar is None:
        is_like_date = _are_years(numbers / 1e4) | _are_years(numbers / 1e10)  # 20260105.0, 2.02601E+13
        return Values(np.where(is_like_date, np.nan, times), TWO_TIMES)
    dates, _ = _read_dates(group, calendar, is_day_first)
    years = group.number(calendar.span("year"))
    is_ambiguous = calendar["minute"] is not None and calendar["second"] is None
    is_date = _are_years(years)
    if is_ambiguous:
        return Values(np.where(is_date & np.isfinite(dates), np.nan, times), TWO_TIMES)
    return Values(np.where(is_date, dates, times), NO_TIME)


def read_clocks(group: Group) -> Values:
    """Read times of day in milliseconds, less their offsets."""
    match = next(filter(None, (form.fullmatch(group.sample) for form in CLOCKS)), None)
    return _unreadable(group, NO_CLOCK) if match is None else Values(_clock(group, match), NO_CLOCK)


def iso_time(instant_ms: int) -> str:
    """Return an instant in ISO 8601, in UTC and whole seconds."""
    return f"{datetime.fromtimestamp(instant_ms / 1000, UTC):%Y-%m-%dT%H:%M:%SZ}"


def time_of(text: str) -> int:
    """Return one time in epoch milliseconds. Raises: ValueError with the reason."""
    values, reason = read_times(group_of(text), None)
    if not np.isfinite(values[0]):
        raise ValueError(f"time {text!r} {reason}")
    if not 0 <= values[0] < END_MS:
        raise ValueError(f"time {text!r} is not from 1970 to 2199")
    return round(float(values[0]))


@cache
def _number_pattern(decimal: str) -> re.Pattern[str]:
    grouping = {".": ",", ",": r"\."}[decimal]
    return re.compile(
        rf" *(?P<sign>[+-]?)(?P<whole>\d{{1,{MAX_DIGITS}}}|\d{{1,3}}(?:{grouping}\d{{3}}){{1,4}})?"
        rf"(?:{re.escape(decimal)}(?P<fraction>\d*))?(?:E(?P<power>[+-]?\d\d?))?(?: ?(?P<factor>[KMB]))? *",
        re.ASCII | re.IGNORECASE,
    )


def _digits(group: Group, match: re.Match[str], power: int) -> Digits:
    """Return the numbers of a pattern with the parts sign, whole and fraction, times a power of ten."""
    whole = [found.span() for found in DIGITS.finditer(group.sample, *match.span("whole"))] if match["whole"] else []
    count = sum(end - start for start, end in whole)
    first, last = match.span("fraction")
    last = min(last, first + MAX_DIGITS - count)
    values = group.number(*whole, (first, last))
    decimals = max(last - first, 0)
    return Digits(-values if match["sign"] == "-" else values, power - decimals, count + decimals)


def _number(group: Group, match: re.Match[str], power: int = 0) -> Floats:
    """Return the numbers of a pattern with the parts sign, whole, fraction and power, times a power of ten."""
    digits = _digits(group, match, power)
    mantissa, power = digits.values.astype(np.float64), digits.power
    if match["power"] is None:
        return mantissa * 10.0**power if power > 0 else mantissa / 10.0**-power
    _, end = match.span("power")
    start = end - len(match["power"].lstrip("+-"))
    powers = group.number((start, end)) * (-1 if "-" in match["power"] else 1) + power
    return np.where(powers > 0, mantissa * 10.0 ** np.maximum(powers, 0), mantissa / 10.0 ** np.maximum(-powers, 0))


def _are_years(values: Ints | Floats) -> Bools:
    """Return which values are, rounded down, years of dates without signs."""
    found: Bools = (values >= COMPACT_YEARS[0]) & (values < COMPACT_YEARS[1])
    return found


def _read_dates(group: Group, match: re.Match[str], is_day_first: bool | None) -> Values:
    """Return the times of a pattern with the parts of a date and of a time of day."""
    year, month, day = (group.number(match.span(part)) for part in ("year", "month", "day"))
    if match.start("day") < match.start("year") and match["dash"] != ".":
        if is_day_first is None:
            return _unreadable(group, TWO_ORDERS)
        day, month = (day, month) if is_day_first else (month, day)
    months = (year - 1970) * 12 + month - 1
    first_month = months.min()
    first_days = (
        np.arange(first_month, months.max() + 2).astype("datetime64[M]").astype("datetime64[D]").astype(np.int64)
    )
    months -= first_month
    days: Ints = first_days[months] + day - 1
    is_date = (day >= 1) & (days < first_days[months + 1]) & (month >= 1) & (month <= 12)
    return Values(_where(is_date, days * 86_400_000) + _clock(group, match), NO_TIME)


def _clock(group: Group, match: re.Match[str]) -> Ints | Floats:
    """Return the milliseconds of a time of day less its offset; not a number where an hour is above 23, for example."""
    hour, minute, second = (group.number(match.span(part)) for part in ("hour", "minute", "second"))
    is_clock = (hour < 24) & (minute < 60) & (second < 60)
    milliseconds: Ints | Floats = ((hour * 60 + minute) * 60 + second) * 1000
    if "fraction" in match.groupdict() and match["fraction"]:
        milliseconds = milliseconds + group.number(match.span("fraction")) * 1000.0 / 10 ** len(match["fraction"])
    if match["sign"]:
        parts = [group.number(match.span(f"zone_{part}")) for part in ("hour", "minute", "second")]
        is_clock &= (parts[0] < 24) & (parts[1] < 60) & (parts[2] < 60)
        milliseconds = milliseconds - ((parts[0] * 60 + parts[1]) * 60 + parts[2]) * (
            -1000 if match["sign"] == "-" else 1000
        )
    return _where(is_clock, milliseconds)


def _where(has_value: Bools, values: Ints | Floats) -> Ints | Floats:
    """Return values, not a number where a text has none."""
    return values if has_value.all() else np.where(has_value, values, np.nan)


def _unreadable(group: Group, reason: str) -> Values:
    return Values(np.full(len(group.rows), np.nan), reason)
