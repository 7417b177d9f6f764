"""Bars: columns in exact units inside, TradingView's Bar on the wire."""

from typing import Annotated, NamedTuple

import numpy as np
from numpy.typing import NDArray
from pydantic import AfterValidator, Strict, WithJsonSchema

from engine.models.common import Name, TimeMs, WireModel
from engine.models.market.instruments import RESOLUTION_ALIASES, RESOLUTIONS

Column = NDArray[np.int64]


def served_resolution(value: str) -> str:
    """Return the spelling of `RESOLUTIONS` for a client's one ("D" is "1D")."""
    return RESOLUTION_ALIASES.get(value, value)


def known_resolution(value: str) -> str:
    """Return `value` unchanged. Raises: ValueError for a resolution that is not served."""
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
    """One bar in exact units: epoch milliseconds of its start, price units, volume in quantity units."""

    time_ms: int
    open: int
    high: int
    low: int
    close: int
    volume: int


class BarColumns(NamedTuple):
    """Many bars in exact units, ascending by time; six int64 arrays of one length (units as in `BarRow`)."""

    time_ms: Column
    open: Column
    high: Column
    low: Column
    close: Column
    volume: Column


class Bar(WireModel):
    """One bar on the wire; `time` is epoch milliseconds of its start. Source: TradingView, Bar."""

    time: TimeMs
    open: float
    high: float
    low: float
    close: float
    volume: float


class BarsReply(WireModel):
    """History of one symbol, ascending; `next_time` (epoch milliseconds) is the nearest older bar behind a gap."""

    bars: list[Bar]
    no_data: bool
    next_time: TimeMs | None


class BarsSubscriptionRequest(WireModel):
    """Which bars a client follows; the topic keeps the spelling that was sent."""

    symbol: Name
    resolution: Resolution
