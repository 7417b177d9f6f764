"""How volume and volatility are spread over the hours of a trading day, by type of instrument.

Shapes of the market, not data: shares trade most at both ends of the day, currencies when London and New York are open,
crypto nearly evenly.
"""

from functools import cache
from math import sqrt

import numpy as np
from numpy.typing import NDArray

UNIT = 1024
"""What an hour of average activity weighs."""


def _activity(kind: str, part: float) -> float:
    """Return the relative activity at a part of the day (0 its start, 1 its end); about 1 on average."""
    from_middle = abs(2.0 * part - 1.0)
    if kind in ("stock", "index", "futures", "cfd"):
        return 0.72 + 1.4 * from_middle * from_middle * from_middle * from_middle
    if kind == "forex":
        from_overlap = (part - 0.36) / 0.42
        return 0.55 + 0.95 * max(0.0, 1.0 - from_overlap * from_overlap)
    return 0.85 + 0.3 * (1.0 - from_middle)


@cache
def hour_volumes(kind: str, hours: int) -> NDArray[np.int64]:
    """Return the relative volume of each of a day's `hours`, integers around `UNIT`."""
    return np.array([round(UNIT * _activity(kind, (hour + 0.5) / hours)) for hour in range(hours)], dtype=np.int64)


@cache
def hour_scales(kind: str, hours: int) -> NDArray[np.int64]:
    """Return the relative volatility of each of a day's `hours`, integers around `UNIT`: as the root of the volume."""
    return np.array(
        [round(UNIT * sqrt(_activity(kind, (hour + 0.5) / hours))) for hour in range(hours)], dtype=np.int64
    )
