"""The layout of a CSV file: separator, columns, decimal sign and order of dates, decided from its first lines.

Columns are found by name. A file without names is read when its lines are the 12 columns of Binance's klines. Anything
that is missing or ambiguous is refused with one line. Read next: csv_values.py.
"""

import csv
import re
from collections.abc import Iterable, Sequence
from typing import NamedTuple

import numpy as np

from engine.market.feeds.csv_texts import group_of
from engine.market.feeds.csv_values import END_MS, EPOCH_TIME, iso_time, read_clocks, read_times

COLUMN_NAMES = {
    "time": ("time", "datetime", "timestamp", "date", "opentime", "gmttime", "unix"),
    "open": ("open", "o"),
    "high": ("high", "h"),
    "low": ("low", "l"),
    "close": ("close", "c", "last", "closelast", "price"),
    "volume": ("volume", "vol", "v", "tickvolume", "tickvol"),
}
"""Names of each column, letters only, the preferred one first."""

COLUMNS = tuple(COLUMN_NAMES)
PRICES = ("open", "high", "low", "close")
CLOCK = "time of day"
BINANCE_COLUMNS = 12
SEPARATORS = {",": "commas", ";": "semicolons", "\t": "tabs", "|": "bars"}
DATE_ORDER = re.compile(r" *(\d\d?)[-/](\d\d?)[-/]\d{4}\b")
PLAIN_TIME = re.compile(r"\d{9,10}(\.0+)?|\d{13}|\d{4}-\d\d-\d\d([T ]\d\d:\d\d(:\d\d)?Z?)?")
"""Times that need no explanation in the report."""


class Layout(NamedTuple):
    """How the lines of a file are read.

    Attributes:
        separator: Character between two fields.
        width: Number of fields in a line.
        columns: Place of each column in `COLUMNS`, and of `CLOCK` where the time of day has its own column.
        has_header: Whether the first line has the names of the columns.
        decimal: Decimal sign, "." or ",".
        is_day_first: Whether dates such as 05/01/2026 begin with the day; None when the first lines do not show it.
        summary: The same in words; empty for a plain file.
    """

    separator: str
    width: int
    columns: dict[str, int]
    has_header: bool
    decimal: str
    is_day_first: bool | None
    summary: str


def layout_of(lines: Sequence[str]) -> Layout:
    """Return the layout that the first lines of a file show. Raises: ValueError with the reason."""
    tables = [list(csv.reader(lines, delimiter=separator)) or [[]] for separator in SEPARATORS]
    names, separator, rows = max(
        ((table[0], separator, table[1:]) for table, separator in zip(tables, SEPARATORS, strict=True)),
        key=lambda found: len(found[0]),
    )
    places = _named_places(names)
    has_names = len(places) > 0
    if not has_names and len(names) == BINANCE_COLUMNS and EPOCH_TIME.fullmatch(names[0]):
        places, rows = {column: [place] for place, column in enumerate(COLUMNS)}, [names, *rows]
    rows = [row for row in rows if len(row) == len(names)]
    columns = _chosen(places, names, rows)
    numbers = [row[columns[column]] for row in rows for column in COLUMNS[1:]]
    times = [row[columns["time"]].strip() for row in rows]
    layout = Layout(separator, len(names), columns, has_names, _decimal_sign(numbers), _is_day_first(times), summary="")
    return layout._replace(summary=_summary(layout, names, rows))


def _named_places(names: Sequence[str]) -> dict[str, list[int]]:
    """Return the places of the columns that have a known name, the preferred ones first."""
    letters = [re.sub("[^a-z]", "", name.lower()) for name in names]
    found = {
        column: [place for name in known for place, text in enumerate(letters) if text == name]
        for column, known in COLUMN_NAMES.items()
    }
    return {column: places for column, places in found.items() if places}


def _chosen(places: dict[str, list[int]], names: Sequence[str], rows: Sequence[Sequence[str]]) -> dict[str, int]:
    """Return the place of each column. Raises: ValueError when one is missing or is there twice."""
    if missing := [column for column in COLUMNS if column not in places]:
        shown = ", ".join(name.strip() for name in names)[:200]
        raise ValueError(f"columns are missing: {', '.join(missing)}; the line has {shown or 'no text'}")
    for column, found in places.items():
        if len(found) > 1 and names[found[0]].lower().strip() == names[found[1]].lower().strip():
            raise ValueError(f"the column {column} is ambiguous: the line has {names[found[0]].strip()} twice")
    columns = {column: found[0] for column, found in places.items()}
    time, *others = places["time"]
    if rows and others and _is_clock(rows[0][time]):
        columns |= {"time": others[0], CLOCK: time}
    return columns


def _is_clock(text: str) -> bool:
    return bool(np.isfinite(read_clocks(group_of(text)).values[0]))


def _decimal_sign(numbers: Sequence[str]) -> str:
    """Return the decimal sign of numbers. Raises: ValueError when commas may be decimal or between thousands."""
    with_comma = [text for text in numbers if "," in text]
    if not with_comma:
        return "."
    signs = {sign for text in numbers if (sign := _certain_decimal_sign(text.strip()))}
    if len(signs) != 1:
        raise ValueError(f"{with_comma[0]!r} is ambiguous: its comma may be a decimal comma, or between thousands")
    return signs.pop()


def _certain_decimal_sign(number: str) -> str | None:
    """Return the sign that can only be the decimal sign of a number; None without one."""
    signs = re.findall("[.,]", number)
    if not signs:
        return None
    last = signs[-1]
    if signs.count(last) > 1:
        return "," if last == "." else "."
    whole, _, rest = number.rpartition(last)
    is_group = re.match(r"\d{3}(\D|$)", rest) and re.fullmatch(r"[+-]?[1-9]\d{0,2}", whole)
    return None if is_group else last


def _is_day_first(times: Iterable[str]) -> bool | None:
    """Return whether dates begin with the day; None when no number above 12 shows it."""
    orders = {
        int(match[1]) > 12 for text in times if (match := DATE_ORDER.match(text)) and max(map(int, match.groups())) > 12
    }
    return orders.pop() if len(orders) == 1 else None


def _summary(layout: Layout, names: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """Return what was taken for what; empty when columns, separator and times are plain."""
    used = {place: column for column, place in layout.columns.items()}
    parts = []
    if not layout.has_header:
        parts = ["no header; the columns are those of Binance's klines"]
    elif layout.separator != "," or [name.strip().lower() for name in names] != list(COLUMNS):
        parts = ["columns are " + ", ".join(f"{used[place]} = {names[place].strip()}" for place in sorted(used))]
        if ignored := [name.strip() for place, name in enumerate(names) if place not in used]:
            parts.append(f"not used: {', '.join(ignored)}")
        parts.append(f"separated by {SEPARATORS[layout.separator]}")
    if layout.decimal == ",":
        parts.append("decimal commas")
    if layout.is_day_first is not None:
        parts.append(f"dates begin with the {'day' if layout.is_day_first else 'month'}")
    if rows and not PLAIN_TIME.fullmatch(rows[0][layout.columns["time"]].strip()):
        texts = [rows[0][layout.columns[name]].strip() for name in ("time", CLOCK) if name in layout.columns]
        clocks = [read_clocks(group_of(text)).values[0] for text in texts[1:]]
        time_ms = read_times(group_of(texts[0]), layout.is_day_first).values[0] + sum(clocks)
        if 0 <= time_ms < END_MS:
            parts.append(f"time {' '.join(texts)} is {iso_time(round(time_ms))}")
    return "; ".join(parts)
