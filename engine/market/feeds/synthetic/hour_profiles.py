"""Intraday profiles: relative volume and volatility of the hours of a trading day, by type of instrument.

The profiles are formulas, not data: shares trade most at open and close, currencies while London and New York are open,
crypto nearly evenly.
"""

from functools import cache
from math import sqrt

import numpy as np

from engine.models.market.arrays import Ints

UNIT = 1024
"""Weight of an hour with average activity."""


def _activity(kind: str, part: float) -> float:
    """Return the relative activity at a part of the day (0 is the open, 1 the close); about 1 on average."""
    from_middle = abs(2.0 * part - 1.0)
    if kind in ("stock", "index", "futures", "cfd"):
        return 0.72 + 1.4 * from_middle * from_middle * from_middle * from_middle
    if kind == "forex":
        from_overlap = (part - 0.36) / 0.42
        return 0.55 + 0.95 * max(0.0, 1.0 - from_overlap * from_overlap)
    return 0.85 + 0.3 * (1.0 - from_middle)


@cache
def hour_profile(kind: str, hours: int) -> tuple[Ints, Ints]:
    """Return relative volume and volatility, the root of the volume, of a day's `hours`; integers around `UNIT`."""
    activity = [_activity(kind, (hour + 0.5) / hours) for hour in range(hours)]
    volumes, scales = ([round(UNIT * value) for value in values] for values in (activity, map(sqrt, activity)))
    return np.array(volumes, dtype=np.int64), np.array(scales, dtype=np.int64)
