"""Bars: integer columns inside the engine, TradingView's Bar on the wire."""

from typing import Annotated, NamedTuple

import numpy as np
from pydantic import AfterValidator, Field, Strict, WithJsonSchema

from engine.models.common import Name, TimeMs, WireModel
from engine.models.market.arrays import Ints
from engine.models.market.instruments import RESOLUTION_ALIASES, RESOLUTIONS


def served_resolution(value: str) -> str:
    """Return a client's resolution in the spelling of `RESOLUTIONS` ("D" is "1D")."""
    return RESOLUTION_ALIASES.get(value, value)


def known_resolution(value: str) -> str:
    """Return `value` unchanged. Raises: ValueError when the resolution is not served."""
    if served_resolution(value) not in RESOLUTIONS:
        raise ValueError(f"resolution {value!r} is not one of {', '.join(RESOLUTIONS)}")
    return value


Resolution = Annotated[
    str,
    Strict(),
    AfterValidator(known_resolution),
    WithJsonSchema({"type": "string", "enum": [*RESOLUTIONS, *RESOLUTION_ALIASES]}),
]


class BarRow(NamedTuple):
    """One bar: its start in epoch milliseconds, prices in price units, volume in quantity units."""

    time_ms: int
    open: int
    high: int
    low: int
    close: int
    volume: int


class BarColumns(NamedTuple):
    """Bars in ascending order of time: six arrays of equal length, in the units of `BarRow`."""

    time_ms: Ints
    open: Ints
    high: Ints
    low: Ints
    close: Ints
    volume: Ints


NO_BARS = BarColumns(*np.zeros((6, 0), np.int64))


class Bar(WireModel):
    """One bar on the wire; `time` is epoch milliseconds of its start. Source: TradingView, Bar."""

    time: TimeMs
    open: float
    high: float
    low: float
    close: float
    volume: float


class BarsQuery(WireModel):
    """Query of `GET /bars`. Times are seconds, or milliseconds when above 1e10 in size; `to_time` is exclusive.

    A `from_time` below 0 is 0; `count_back` overrides it. Without a range and a count, the newest 300 bars are shown.
    """

    symbol: Name
    resolution: Resolution
    from_time: Annotated[int | None, Field(ge=-(10**15), le=10**15)] = None
    to_time: Annotated[int | None, Field(ge=0, le=10**15)] = None
    count_back: Annotated[int | None, Field(ge=1, le=5000)] = None


class BarsReply(WireModel):
    """History of one symbol, ascending; without bars `next_time` (epoch milliseconds) is the nearest older bar."""

    bars: list[Bar]
    no_data: bool
    next_time: TimeMs | None


class SparklinesRequest(WireModel):
    """A request for the sparklines of at most 100 names."""

    symbols: Annotated[list[Name], Field(max_length=100)]


class Sparkline(WireModel):
    """The course of one trading day for a small picture: the closes of its bars, ascending; the last one is forming.

    While the market is closed it is the day before. `symbol` is the name of the request, `time` the open of the day in
    epoch milliseconds; bars have 15 minutes, or more where the feed has no such bars.
    """

    symbol: Name
    time: TimeMs
    resolution: str
    closes: list[float]


class BarsSubscriptionRequest(WireModel):
    """Subscription to the bars of a symbol; the topic keeps the client's spelling."""

    symbol: Name
    resolution: Resolution
