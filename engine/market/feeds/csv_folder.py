"""The files of a folder: which instrument each one is of, and the length of its bars where the name gives it.

A file has the name of the symbol: `AAPL.csv`, `AAPL.5.csv`, `AAPL.1D.csv.gz`. A character that a file name cannot have
is an underscore: `BTC_USD.csv` is of BTC/USD. The file `symbols.csv` gives symbols to files with other names.
Read next: csv_rows.py.
"""

import csv
from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple

from engine.market.sessions import DAY_MS, MINUTE_MS
from engine.models.market.bars import served_resolution
from engine.models.market.instruments import RESOLUTION_MINUTES

PRINTS_PER_BAR = 4
SUFFIXES = (".csv", ".csv.gz")
SYMBOLS_FILE = "symbols.csv"
SYMBOLS_HEADER = ["file", "symbol"]
NOT_IN_FILE_NAMES = str.maketrans(dict.fromkeys('/\\:*?"<>|', "_"))

MAX_STEP_MS = max(RESOLUTION_MINUTES.values()) * MINUTE_MS
"""Bars of a file up to this length need a served resolution, or a length that divides a minute."""


class SymbolFile(NamedTuple):
    """A file and the length of its bars in its name, None when the name has none."""

    path: Path
    step_ms: int | None


def symbol_files(folder: Path, symbols: Iterable[str]) -> dict[str, SymbolFile]:
    """Return the files of a folder by symbol, in the order of the symbols. Raises: ValueError."""
    symbols, found = list(symbols), dict[str, SymbolFile]()
    try:
        paths = sorted(path for path in folder.iterdir() if path.name.endswith(SUFFIXES))
        given = _given_symbols(folder / SYMBOLS_FILE, {path.name for path in paths}, symbols)
    except OSError as error:
        raise ValueError(f"{folder}: cannot be read: {error.strerror}") from None
    for path in paths:
        if path.name != SYMBOLS_FILE:
            symbol, step_ms = given.get(path.name) or _symbol_in_name(path, symbols)
            if symbol in found:
                raise ValueError(f"{path}: {found[symbol].path.name} is of the same instrument")
            found[symbol] = SymbolFile(path, step_ms)
    if not found:
        raise ValueError(f"{folder}: holds no file such as {symbols[0].translate(NOT_IN_FILE_NAMES)}.csv")
    return {symbol: found[symbol] for symbol in symbols if symbol in found}


def is_usable(step_ms: int) -> bool:
    """Whether bars of a length can be replayed."""
    if step_ms > MAX_STEP_MS:
        return step_ms == DAY_MS or (step_ms < DAY_MS and step_ms % MINUTE_MS == 0)
    is_part = step_ms >= 1000 and MINUTE_MS % step_ms == 0 and step_ms % PRINTS_PER_BAR == 0
    return is_part or step_ms in {minutes * MINUTE_MS for minutes in RESOLUTION_MINUTES.values()}


def _given_symbols(path: Path, names: set[str], symbols: Iterable[str]) -> dict[str, tuple[str, int | None]]:
    """Return symbol and length of bars by file name, as `symbols.csv` gives them. Raises: ValueError, OSError."""
    if path.name not in names:
        return {}
    with path.open(encoding="utf-8-sig", errors="replace", newline="") as file:
        lines = [(number, [field.strip() for field in row]) for number, row in enumerate(csv.reader(file), 1) if row]
    if not lines or [field.lower() for field in lines[0][1]] != SYMBOLS_HEADER:
        raise ValueError(f"{path}:1: the header is not {','.join(SYMBOLS_HEADER)}")
    known, given = {symbol.upper(): symbol for symbol in symbols}, dict[str, tuple[str, int | None]]()
    for number, row in lines[1:]:
        if len(row) != len(SYMBOLS_HEADER) or row[0] not in names or row[0] in given:
            raise ValueError(f"{path}:{number}: {','.join(row)} is not a file of the folder, once, and its symbol")
        if row[1].upper() not in known:
            raise ValueError(f"{path}:{number}: the catalogue has no instrument {row[1]}")
        given[row[0]] = known[row[1].upper()], _step_in_name(_stem(path.with_name(row[0])).rpartition(".")[2])
    return given


def _symbol_in_name(path: Path, symbols: Iterable[str]) -> tuple[str, int | None]:
    """Return the symbol in the name of a file, and the length of its bars. Raises: ValueError."""
    stem, declared = _stem(path), ""
    by_name: dict[str, list[str]] = {}
    for symbol in symbols:
        by_name.setdefault(symbol.upper().translate(NOT_IN_FILE_NAMES), []).append(symbol)
    if stem not in by_name:
        stem, _, declared = stem.rpartition(".")
    found, step_ms = by_name.get(stem, []), _step_in_name(declared)
    if not found or (declared and step_ms is None):
        raise ValueError(f"{path}: the catalogue has no instrument of this name; {SYMBOLS_FILE} can give its symbol")
    if len(found) > 1:
        raise ValueError(f"{path}: the name is ambiguous: {' or '.join(found)}; {SYMBOLS_FILE} can give its symbol")
    return found[0], step_ms


def _stem(path: Path) -> str:
    return path.name.removesuffix(".gz").removesuffix(".csv").upper()


def _step_in_name(text: str) -> int | None:
    """Return the length of bars in a file's name: minutes or a day; None when it is neither."""
    if served_resolution(text) == "1D":
        return DAY_MS
    step_ms = int(text) * MINUTE_MS if text.isascii() and text.isdigit() else 0
    return step_ms if is_usable(step_ms) else None
