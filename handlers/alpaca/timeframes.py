"""Alpaca's timeframes, such as 1Min, 2Hour or 1Month, as bars of our resolutions."""

import re
from typing import NamedTuple

from engine.models.market.instruments import RESOLUTIONS
from engine.topics import Payload
from handlers.alpaca.formats import DAY_MS, MINUTE_MS
from handlers.errors import ApiError

PATTERN = re.compile(r"(\d{1,3})(Min|T|Hour|H|Day|D|Week|W|Month|M)", re.I)
UNITS = {"T": MINUTE_MS, "H": 60 * MINUTE_MS, "D": DAY_MS, "W": 7 * DAY_MS}
MAX_COUNT = {"T": 59, "H": 23, "D": 6, "W": 1, "M": 12}


class Timeframe(NamedTuple):
    """A timeframe.

    Attributes:
        resolution: Our resolution that it consists of.
        parts: Bars of that resolution in one bar.
        length_ms: Length of one bar; of a month it is the shortest one.
    """

    resolution: str
    parts: int
    length_ms: int

    def join(self, bars: list[Payload]) -> list[Payload]:
        """Return bars of this timeframe, made of ascending bars of its resolution."""
        if self.parts == 1:
            return bars
        found: dict[int, Payload] = {}
        for bar in bars:
            start = bar["time"] // self.length_ms * self.length_ms
            first = found.setdefault(start, bar | {"time": start, "volume": 0.0})
            first["high"], first["low"] = max(first["high"], bar["high"]), min(first["low"], bar["low"])
            first["close"] = bar["close"]
            first["volume"] = first["volume"] + bar["volume"]
        return list(found.values())


def read_timeframe(text: str) -> Timeframe:
    """Return the timeframe of a text. Raises: ApiError 422."""
    found = PATTERN.fullmatch(text)
    unit = _unit(found[2]) if found else ""
    if found is None or not 1 <= int(found[1]) <= MAX_COUNT[unit]:
        raise ApiError(422, f"Invalid format for parameter timeframe: {text[:16]} is not one of 1Min to 1Month")
    number = int(found[1])
    if unit == "M":
        return Timeframe("1M", number, number * 28 * DAY_MS)
    length_ms = number * UNITS[unit]
    if unit in ("D", "W"):
        return Timeframe(f"1{unit}", number, length_ms)
    minutes = length_ms // MINUTE_MS
    base = max(int(one) for one in RESOLUTIONS if one.isdigit() and minutes % int(one) == 0)
    return Timeframe(str(base), minutes // base, length_ms)


def _unit(text: str) -> str:
    """Return the letter of a unit; a single "m" is a month, because no client sends it for a minute."""
    return {"MIN": "T", "HOUR": "H", "DAY": "D", "WEEK": "W", "MONTH": "M"}.get(text.upper(), text.upper())
