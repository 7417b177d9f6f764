"""The grammar of times and numbers in files: what each text is, one row per form."""

import math

import pytest

from engine.market.feeds.csv_texts import Fields, group_of
from engine.market.feeds.csv_values import read_clocks, read_numbers, read_times, time_of
from tests.engine.market.specimens import instant

OPEN = "2026-01-05T14:30:00Z"

TIMES = [
    # Since 1970; the unit follows from the number of digits.
    ("1767623400", OPEN),
    ("1767623400.0", OPEN),
    ("1.7676234e9", OPEN),
    ("1767623400000", OPEN),
    ("1767623400000000", OPEN),
    ("1767623400000000000", OPEN),
    ("0", "1970-01-01"),
    ("86400", "1970-01-02"),
    ("94694400", "1973-01-01"),
    ("94694400000", "1973-01-01"),
    ("94694400000000", "1973-01-01"),
    ("-94694400", "1967-01-01"),
    ("-94694400000", "1967-01-01"),
    # With year, month and day.
    ("2026-01-05", "2026-01-05"),
    ("2026-01-05T14:30", OPEN),
    ("2026-01-05 14:30:00", OPEN),
    ("2026-01-05t14:30:00z", OPEN),
    ("2026-01-05T14:30:00.000", OPEN),
    ("2026-01-05T14:30:00.250000Z", "2026-01-05T14:30:00.250Z"),
    ("2026-01-05T14:30:00,25", "2026-01-05T14:30:00.250Z"),
    ("2026-01-05T15:30:00+01:00", OPEN),
    ("2026-01-05 09:30:00-05:00", OPEN),
    ("2026-01-05 09:30:00 -0500", OPEN),
    ("2026-01-05T20:00:00+05:30", OPEN),
    ("2026-01-05T15:30+01", OPEN),
    ("2026-01-05 14:30:00 UTC", OPEN),
    ("2026/01/05 14:30", OPEN),
    ("2026.01.05 14:30:00", OPEN),
    ("2026-1-5 9:05", "2026-01-05T09:05"),
    ("2024-02-29", "2024-02-29"),
    ("1972-12-31", "1972-12-31"),
    ("1972-12-31T23:59:59Z", "1972-12-31T23:59:59Z"),
    ("1969-12-31", "1969-12-31"),
    ("1962-01-02T14:30:00-05:00", "1962-01-02T19:30:00Z"),
    ("1927-12-30", "1927-12-30"),
    # Without signs.
    ("20260105", "2026-01-05"),
    ("19620102", "1962-01-02"),
    ("20260105T143000", OPEN),
    ("20260105T1430", OPEN),
    ("20260105T143000Z", OPEN),
    ("20260105T093000-0500", OPEN),
    ("20260105 143000", OPEN),
    ("20260105 14:30:00", OPEN),
    ("20260105143000", OPEN),
    # A date with dots begins with the year or the day.
    ("05.01.2026 14:30", OPEN),
    (" 2026-01-05T14:30:00Z ", OPEN),
]


@pytest.mark.parametrize(("text", "expected"), TIMES)
def test_a_time_is_decided_from_its_text(text: str, expected: str) -> None:
    assert read_times(group_of(text), None).values[0] == instant(expected)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        *((text, "is neither an epoch time nor an ISO 8601 time") for text in ("", "soon", "null", "NaN", "inf")),
        *((text, "is neither an epoch time nor") for text in ("2026-13-01", "2025-02-29", "2026-01-00", "20261301")),
        *((text, "is neither an epoch time nor") for text in ("2026-01-05T24:00", "2026-01-05T14:60", "26-01-05")),
        *((text, "is neither an epoch time nor") for text in ("2026-01-05T14", "2026-01-05+01:00", "x2026-01-05")),
        *((text, "is ambiguous: the day or the month may be first") for text in ("05/01/2026", "31/12/2025 10:00")),
        *((text, "is ambiguous: an epoch time, or a") for text in ("202601050930", "20260105.0", "2.02601E+13")),
        *((text, "is neither an epoch time nor") for text in ("2026-01-05T14:30+25:00", "2026-01-05T14:30-05:75")),
        *((text, "is not from 1970 to 2199") for text in ("1969-12-31T23:59:59Z", "-1", "9999999999999", "2200-01-01")),
    ],
)
def test_a_text_that_is_no_time_is_refused_with_the_reason(text: str, reason: str) -> None:
    with pytest.raises(ValueError, match=reason):
        time_of(text)


@pytest.mark.parametrize(
    ("text", "is_day_first", "expected"),
    [("05/01/2026", True, "2026-01-05"), ("01/05/2026 14:30", False, OPEN), ("1-5-2026", False, "2026-01-05")],
)
def test_the_order_of_a_date_is_that_of_its_file(text: str, is_day_first: bool, expected: str) -> None:
    assert read_times(group_of(text), is_day_first).values[0] == instant(expected)


@pytest.mark.parametrize(
    ("text", "milliseconds"),
    [("14:30", 52_200_000), ("9:30:01", 34_201_000), ("093000", 34_200_000), ("0930", 34_200_000), ("25:00", None)],
)
def test_a_time_of_day_has_its_own_column(text: str, milliseconds: int | None) -> None:
    value = float(read_clocks(group_of(text)).values[0])
    assert math.isnan(value) if milliseconds is None else value == milliseconds


NUMBERS = [
    (".", "190.50", 190.5),
    (".", "-0.25", -0.25),
    (".", "+5", 5),
    (".", ".5", 0.5),
    (".", "5.", 5),
    (".", " 190.5 ", 190.5),
    (".", "1e3", 1000),
    (".", "1.25E-2", 0.0125),
    (".", "1,234,567.5", 1_234_567.5),
    (".", "12,345", 12_345),
    (".", "1.2K", 1200),
    (".", "45.67M", 45_670_000),
    (".", "1.234 B", 1_234_000_000),
    (".", "2m", 2_000_000),
    (".", "190.12999725341797", 190.12999725341797),
    (",", "190,50", 190.5),
    (",", "1.234.567,5", 1_234_567.5),
    (",", "1,2M", 1_200_000),
    *((".", text, None) for text in ("", ".", "-", "null", "nan", "inf", "1.2.3", "1,23", "12,34,567", "1_000", "0x1")),
    *((".", text, None) for text in ("190.5 USD", "$190", "1e", "K", "--1", "1" * 60)),
    *((",", text, None) for text in ("190.5", "1,2,3")),
]


@pytest.mark.parametrize(("decimal", "text", "expected"), NUMBERS)
def test_a_number_is_decided_from_its_text(decimal: str, text: str, expected: float | None) -> None:
    value = float(read_numbers(group_of(text), decimal).values[0])
    assert math.isnan(value) if expected is None else value == expected


def test_a_column_has_the_values_of_its_texts_one_by_one() -> None:
    texts = [text.strip() for decimal, text, _ in NUMBERS if decimal == "."] + ["191.25", "7", "0.50"] * 3
    fields = Fields("".join(f"{text};x\n" for text in texts).encode(), b";", 2)
    found: dict[int, float] = {}
    for group in fields.groups(0):
        found |= dict(zip(group.rows.tolist(), read_numbers(group, ".").values.astype(float).tolist(), strict=True))
    alone = [float(read_numbers(group_of(text), ".").values[0]) for text in texts]
    assert repr([found[row] for row in range(len(texts))]) == repr(alone)
