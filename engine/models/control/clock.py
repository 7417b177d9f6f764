"""The clock of a world: its state, and how a caller moves it. Times are epoch milliseconds of market time."""

from typing import Annotated, Literal

from pydantic import Field, Strict

from engine.models.common import WHOLE, Name, TimeMs, WireModel
from engine.models.market.bars import Resolution

MAX_ADVANCE_MS = 10 * 366 * 86_400_000
"""Longest advance of one command: ten years."""

LongMs = Annotated[int, Strict(), Field(ge=1, le=MAX_ADVANCE_MS), WHOLE]
Speed = Annotated[float, Strict(), Field(ge=0.1, le=1000, allow_inf_nan=False)]
ClockMode = Literal["running", "paused"]


class ClockState(WireModel):
    """The clock of a world.

    `speed` is the market seconds in one second while it runs. `target` is the end of an advance, null without one.
    """

    object: Literal["clock"]
    now: TimeMs
    mode: ClockMode
    speed: float
    status: Literal["ready", "advancing", "failed"]
    target: TimeMs | None


class ClockChange(WireModel):
    """New mode and speed; a field that is absent or null keeps its value."""

    mode: ClockMode | None = None
    speed: Speed | None = None


class ClockAdvance(WireModel):
    """How far to move the clock forward: exactly one of `to`, `by` and `until`.

    `to` is an instant, `by` a length in milliseconds. `until` ends at the next open or close of `symbol`, at the begin
    of its next bar of `resolution`, at the next execution, or at the next event of the world, but after `limit`
    milliseconds at the latest.
    """

    to: TimeMs | None = None
    by: LongMs | None = None
    until: Literal["open", "close", "bar", "fill", "event"] | None = None
    symbol: Name | None = None
    resolution: Resolution | None = None
    limit: LongMs | None = None


class ClockSubscription(WireModel):
    """The clock of the world; an update after each change of it."""
