"""The catalogue: the instruments, the symbol search, and TradingView's description of symbols.

It is loaded once from JSON: a list of `Instrument` entries, or `{"calendars": ..., "instruments": [...]}`, where an
entry may name a calendar (lists of holidays and corrections in TradingView's notation). A bad file raises one
`ValueError` that names the entry and the field. The trading hours themselves are in sessions.py.
"""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any, Literal
from zoneinfo import ZoneInfo

from pydantic import ValidationError

from engine.market.sessions import ALWAYS, Calendar, read_calendar
from engine.models.market.instruments import (
    RESOLUTION_MINUTES,
    RESOLUTIONS,
    DatafeedConfiguration,
    Exchange,
    Instrument,
    LibrarySymbolInfo,
    SearchPageQuery,
    SearchQuery,
    SearchSymbolResultItem,
    SymbolType,
)

DEFAULT_FILE = Path(__file__).with_name("instruments.json")

Sessions = Literal["24x7", "exchange"]
"""Every market is open around the clock, from 00:00 in its time zone, or has its exchange's trading hours."""


class Catalogue:
    """The instruments of one server, at least one, in the order of the file.

    Attributes:
        calendars: Trading days by canonical name; instruments with the same hours share a calendar.
        by_name: The instruments by canonical name.

    Raises:
        ValueError: There is no instrument, two have the same name, or trading hours cannot be read.
    """

    def __init__(self, instruments: Iterable[Instrument], sessions: Sessions = "24x7") -> None:
        self._instruments = tuple(instruments)
        self.sessions = sessions
        self.calendars = calendars_of(self._instruments, sessions)
        if not self._instruments:
            raise ValueError("the catalogue has no instruments")
        self.by_name: Mapping[str, Instrument] = {one.name: one for one in self._instruments}
        self._by_any_name: dict[str, Instrument] = {}
        for instrument in self._instruments:
            for name in (instrument.name.upper(), instrument.full_name.upper()):
                if name in self._by_any_name:
                    raise ValueError(f"{instrument.name}: name: the catalogue has it twice")
                self._by_any_name[name] = instrument

    @classmethod
    def load(cls, path: Path = DEFAULT_FILE, sessions: Sessions = "24x7") -> "Catalogue":
        """Read a catalogue file. Raises: ValueError with one line that names the file, the entry and the field."""
        try:
            return cls((_instrument(index, entry) for index, entry in enumerate(_entries(path))), sessions)
        except ValueError as error:
            raise ValueError(f"{path}: {error}") from None

    def __iter__(self) -> Iterator[Instrument]:
        return iter(self._instruments)

    def find(self, name: str) -> Instrument | None:
        """Return the instrument of a name or EXCHANGE:NAME, in upper or lower case; None when it is unknown."""
        return self._by_any_name.get(name.upper())

    def search(self, query: SearchQuery) -> list[dict[str, Any]]:
        """Return the best matches as SearchSymbolResultItem dicts: exact names, then prefixes, then substrings."""
        return [_search_item(instrument) for instrument in self._matches(query)[: query.max_results]]

    def search_page(self, query: SearchPageQuery) -> dict[str, Any]:
        """Return a page of the matches as SearchPage; its rows are those of `search`, from `start` on."""
        found, end = self._matches(query), query.start + query.max_results
        rows = [_search_item(instrument) for instrument in found[query.start : end]]
        return {"items": rows, "symbols_remaining": max(0, len(found) - end)}

    def _matches(self, query: SearchQuery) -> list[Instrument]:
        """Return all matches, the best first."""
        text, exchange, kind = query.user_input.strip().upper(), query.exchange.upper(), query.symbol_type.upper()
        ranked = [
            (rank, index, instrument)
            for index, instrument in enumerate(self._instruments)
            if exchange in ("", instrument.exchange.upper())
            and kind in ("", instrument.type.upper())
            and (rank := _rank(instrument, text)) is not None
        ]
        ranked.sort(key=lambda found: found[:2])
        return [instrument for _, _, instrument in ranked]

    def chosen(self, names: Iterable[str]) -> "Catalogue":
        """Return a catalogue of the named instruments, in the same order."""
        kept = set(names)
        return Catalogue((one for one in self if one.name in kept), self.sessions)

    def symbol_info(self, instrument: Instrument, resolutions: Sequence[str] = RESOLUTIONS) -> dict[str, Any]:
        """Return a resolved symbol as a LibrarySymbolInfo dict."""
        keeps_hours = self.sessions == "exchange"
        return LibrarySymbolInfo(
            name=instrument.name,
            full_name=instrument.full_name,
            ticker=instrument.name,
            description=instrument.description,
            type=instrument.type,
            session=instrument.session if keeps_hours else ALWAYS,
            session_holidays=instrument.holidays if keeps_hours else "",
            corrections=instrument.corrections if keeps_hours else "",
            exchange=instrument.exchange,
            listed_exchange=instrument.exchange,
            timezone=instrument.timezone,
            format="price",
            pricescale=instrument.pricescale,
            minmov=instrument.minmov,
            variable_tick_size=instrument.variable_tick,
            has_intraday=any(one in RESOLUTION_MINUTES for one in resolutions),
            intraday_multipliers=[one for one in resolutions if one in RESOLUTION_MINUTES],
            has_daily=True,
            daily_multipliers=["1"],
            has_weekly_and_monthly=True,
            supported_resolutions=list(resolutions),
            volume_precision=instrument.volume_precision,
            data_status="streaming",
            currency_code=instrument.currency,
        ).model_dump(mode="json")

    def configuration(self, resolutions: Sequence[str] = RESOLUTIONS) -> dict[str, Any]:
        """Return the supported exchanges, types and resolutions as a DatafeedConfiguration dict."""
        exchanges = [Exchange(value="", name="All Exchanges", desc="")]
        exchanges += [Exchange(value=name, name=name, desc=name) for name in _distinct(i.exchange for i in self)]
        types = [SymbolType(name="All types", value="")]
        types += [SymbolType(name=kind.capitalize(), value=kind) for kind in _distinct(i.type for i in self)]
        return DatafeedConfiguration(
            exchanges=exchanges,
            symbols_types=types,
            supported_resolutions=list(resolutions),
            supports_marks=False,
            supports_timescale_marks=False,
            supports_time=True,
        ).model_dump(mode="json")


def calendars_of(instruments: Iterable[Instrument], sessions: Sessions) -> dict[str, Calendar]:
    """Return the calendars of instruments by name. Raises: ValueError."""
    calendar_of = cache(read_calendar)
    return {
        one.name: calendar_of(one.timezone, ALWAYS)
        if sessions == ALWAYS
        else calendar_of(one.timezone, one.session, one.holidays, one.corrections)
        for one in instruments
    }


def _entries(path: Path) -> list[object]:
    try:
        entries = json.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise ValueError(f"cannot be read: {error.strerror}") from None
    except ValueError as error:
        raise ValueError(f"is not JSON: {error}") from None
    calendars = {}
    if isinstance(entries, dict):
        calendars, entries = entries.get("calendars", {}), entries.get("instruments")
    if not isinstance(entries, list) or not isinstance(calendars, dict):
        raise ValueError("is not a list of instruments")
    return [_with_calendar(index, entry, calendars) for index, entry in enumerate(entries)]


def _with_calendar(index: int, entry: object, calendars: dict[str, Any]) -> object:
    """Return an entry with the dates of the calendar that it names."""
    if not isinstance(entry, dict) or "calendar" not in entry:
        return entry
    dates = calendars.get(entry["calendar"])
    if not isinstance(dates, dict):
        raise ValueError(f"{_label(index, entry)}: calendar: {entry['calendar']!r} is not one of the file's calendars")
    joined = {"holidays": ",".join(dates.get("holidays", [])), "corrections": ";".join(dates.get("corrections", []))}
    return joined | entry


def _label(index: int, entry: object) -> str:
    name = entry.get("name") if isinstance(entry, dict) else None
    return name if isinstance(name, str) and name else f"entry {index + 1}"


def _instrument(index: int, entry: object) -> Instrument:
    label = _label(index, entry)
    try:
        instrument = Instrument.model_validate(entry)
    except ValidationError as error:
        first = error.errors()[0]
        field = ".".join(str(part) for part in first["loc"])
        message = first["msg"].removeprefix("Value error, ").removeprefix(f"{label}: ")
        raise ValueError(": ".join(part for part in (label, field, message) if part)) from None
    try:
        ZoneInfo(instrument.timezone)
    except (KeyError, ValueError, OSError):
        raise ValueError(f"{label}: timezone: no time zone is called {instrument.timezone!r}") from None
    try:
        read_calendar(instrument.timezone, instrument.session, instrument.holidays, instrument.corrections)
    except ValueError as error:
        raise ValueError(f"{label}: {error}") from None
    return instrument


def _rank(instrument: Instrument, text: str) -> int | None:
    """Return 0 for an exact match, 1 for a prefix, 2 for a substring, None without a match."""
    fields = (instrument.name.upper(), instrument.full_name.upper(), instrument.description.upper())
    if text in fields:
        return 0
    if any(field.startswith(text) for field in fields):
        return 1
    return 2 if any(text in field for field in fields) else None


def _search_item(instrument: Instrument) -> dict[str, Any]:
    return SearchSymbolResultItem(
        symbol=instrument.name,
        full_name=instrument.full_name,
        description=instrument.description,
        exchange=instrument.exchange,
        ticker=instrument.name,
        type=instrument.type,
    ).model_dump(mode="json")


def _distinct(values: Iterable[str]) -> list[str]:
    return list(dict.fromkeys(values))
