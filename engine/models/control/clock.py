"""The clock of a world: its state, and how a caller moves it."""

from typing import Literal

from engine.models.common import TimeMs, WireModel


class ClockState(WireModel):
    """The clock of a world; `now` and `target` are market time in epoch milliseconds.

    `speed` is the market seconds in one second while it runs. `target` is the end of an advance, null without one.
    """

    object: Literal["clock"]
    now: TimeMs
    mode: Literal["running", "paused"]
    speed: float
    status: Literal["ready", "advancing", "failed"]
    target: TimeMs | None
