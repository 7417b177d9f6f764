"""TradingView's Universal Data Feed protocol: conversion of its queries, and of the market's answers to its shapes.

Pure functions, called by the UDF handlers. Source: TradingView's UDF page and its published adapter.
"""

from collections.abc import Iterable, Sequence
from typing import Any

from engine.market.sessions import DAY_MS, Calendar
from engine.models.market.bars import BarsQuery
from engine.models.market.instruments import SearchQuery
from engine.models.market.udf import UdfHistoryQuery, UdfMarksQuery, UdfSearchQuery
from engine.topics import Payload

MAX_MARKS = 500
"""Marks in one reply; the newest are kept."""

MARK_SIZE_PX = 14

COLUMNS = {
    "exchange-listed": "listed_exchange",
    "exchange-traded": "exchange",
    "exchange_listed_name": "listed_exchange",
    "minmovement": "minmov",
    "session-regular": "session",
    "session-holidays": "session_holidays",
    "has-intraday": "has_intraday",
    "has-daily": "has_daily",
    "has-weekly-and-monthly": "has_weekly_and_monthly",
    "intraday-multipliers": "intraday_multipliers",
    "supported-resolutions": "supported_resolutions",
    "volume-precision": "volume_precision",
    "currency-code": "currency_code",
    **{name: name for name in ("ticker", "description", "type", "timezone", "pricescale", "corrections")},
}
"""Columns of a group's symbols beside `symbol`, and the field of LibrarySymbolInfo in each."""


def config(configuration: Payload, has_marks: bool, has_timescale_marks: bool) -> Payload:
    """Return the configuration of the feed."""
    return configuration | {"supports_marks": has_marks, "supports_timescale_marks": has_timescale_marks}


def symbol(info: Payload) -> Payload:
    """Return a resolved symbol with the protocol's other field names beside those of LibrarySymbolInfo."""
    names = {"minmovement": info["minmov"], "exchange_listed_name": info["listed_exchange"]}
    return info | names | {"minmove2": 0, "fractional": False}


def symbol_columns(infos: Iterable[Payload]) -> dict[str, list[Any]]:
    """Return the symbols of a group as columns."""
    listed = list(infos)
    columns = {column: [info[field] for info in listed] for column, field in COLUMNS.items()}
    return {"symbol": [info["name"] for info in listed]} | columns


def search_query(query: UdfSearchQuery) -> SearchQuery:
    """Return the query of the symbol search."""
    return SearchQuery(user_input=query.query, exchange=query.exchange, symbol_type=query.type, max_results=query.limit)


def bars_query(query: UdfHistoryQuery) -> BarsQuery:
    """Return the query of history."""
    return BarsQuery(
        symbol=query.symbol,
        resolution=query.resolution,
        from_time=query.from_,
        to_time=query.to,
        count_back=query.countback or None,
    )


def history(reply: Payload) -> Payload:
    """Return a `BarsReply` as columns; times are seconds."""
    bars, older = reply["bars"], reply["next_time"]
    names = {"o": "open", "h": "high", "l": "low", "c": "close", "v": "volume"}
    columns = {column: [bar[name] for bar in bars] for column, name in names.items()}
    times = [bar["time"] // 1000 for bar in bars]
    next_time = None if older is None else older // 1000
    return {"s": "ok" if bars else "no_data", "t": times, **columns, "nextTime": next_time}


def marks(executions: Sequence[Payload], query: UdfMarksQuery) -> list[Payload]:
    """Return the newest executions of a time range as marks: buys green, sells red."""
    found = []
    for one in executions:
        time_s = one["time"] // 1000
        if query.from_ <= time_s <= query.to:
            is_buy = one["side"] > 0
            found.append(
                {
                    "id": one["id"],
                    "time": time_s,
                    "color": "green" if is_buy else "red",
                    "text": f"{'Bought' if is_buy else 'Sold'} {one['qty']:g} at {one['price']:.10g}",
                    "label": "B" if is_buy else "S",
                    "labelFontColor": "white",
                    "minSize": MARK_SIZE_PX,
                }
            )
    return found[-MAX_MARKS:]


def timescale_marks(calendar: Calendar, query: UdfMarksQuery) -> list[Payload]:
    """Return a mark for each day in a range of time with exceptional trading hours."""
    found = []
    for day, hours in calendar.special_hours.items():
        time_s = day * DAY_MS // 1000
        if query.from_ <= time_s <= query.to:
            spans = [" to ".join(f"{minute % 1440 // 60:02}:{minute % 60:02}" for minute in span) for span in hours]
            tooltip = [f"Open from {' and from '.join(spans)}"]
            found.append({"id": f"hours-{day}", "time": time_s, "color": "blue", "label": "H", "tooltip": tooltip})
    return found[-MAX_MARKS:]
