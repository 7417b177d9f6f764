"""How market time of a world moves: by ticks while its clock runs, and by `advance` as far as a caller wants.

An advance works in turns of a few milliseconds of the event loop, between which everything else runs; commands are
refused meanwhile. Called by `handlers/control/clock.py` and, for ticks, by `world.py`. engine/exact_time.py finds the
instants that have to be processed.
"""

import asyncio
import logging
from collections.abc import Callable, Iterator
from contextlib import suppress
from time import perf_counter
from typing import Literal

from engine.broker.command_result import CommandResult
from engine.broker.events import OrderExecuted
from engine.core import Engine
from engine.errors import Denied, Missing, Reason, Unavailable
from engine.models.control.clock import ClockAdvance, ClockChange, ClockSubscription
from engine.topics import Payload, Topic, Update
from handlers.publisher import Publisher
from server.clock import WorldClock

log = logging.getLogger("trading.worlds")

TURN_S = 0.001
"""Length of a turn; the part of the work that it ends with may take some milliseconds more."""

MAX_WAITING = 256
"""Results that may wait for the storage before an advance waits too."""

MAX_BEHIND_MS = 1_000
"""Market time without ticks that a request processes itself; more is processed in turns before it."""

CHANNEL = Topic.of("clock", ClockSubscription()).channel


LATEST_MS = int(1e14)
"""Latest market time that the clock moves to, as for the begin of a world: dates end with the year 9999."""


class WorldTime:
    """Moves the clock of one world. Implements `handlers.control.control.ClockControl`.

    Args:
        clock: The clock of the engine.
        engine: Processes the instants.
        publisher: Gets their results in order.
        wake: Starts the ticker after a change.
    """

    def __init__(self, clock: WorldClock, engine: Engine, publisher: Publisher, wake: Callable[[], None]) -> None:
        self._clock = clock
        self._engine = engine
        self._publisher = publisher
        self._wake = wake
        self._status: Literal["ready", "advancing", "failed"] = "ready"
        self._target_ms: int | None = None
        self._task: asyncio.Task[None] | None = None
        self._catching_up: asyncio.Task[None] | None = None

    @property
    def _is_advancing(self) -> bool:
        return self._status == "advancing"

    def state(self) -> Payload:
        """Return the clock as ClockState."""
        clock = self._clock
        state: Payload = {"object": "clock", "now": clock.now_ms(), "mode": clock.mode, "speed": clock.speed}
        return state | {"status": self._status, "target": self._target_ms}

    def needs_ticks(self) -> bool:
        """Whether ticks have an effect."""
        return (self._is_advancing or self._clock.mode == "running") and self._engine.needs_ticks()

    def tick(self) -> None:
        """Run one tick: the instants since the last one, in a turn; the rest of a long time comes in the next tick."""
        if not self._engine.market.is_synthetic:
            step = self._engine.step()
            self._publisher.submit(step.result, step.market)
            return
        market = self._engine.market_updates()
        if not self._is_advancing:
            self._publish_turn(self._engine.catch_up(self._clock.now_ms()), perf_counter() + TURN_S)
        self._publisher.submit(CommandResult("tick", self._clock.now_ms(), (), []), market)

    def change(self, change: ClockChange) -> None:
        """Change mode and speed. Raises: Denied CLOCK_ADVANCING; Unavailable."""
        self.settle()
        mode = change.mode or self._clock.mode
        self._clock.change(mode == "paused", self._clock.speed if change.speed is None else change.speed)
        self._announce()

    def advance(self, request: ClockAdvance) -> None:
        """Begin to move the clock forward. Raises: Denied CLOCK_ADVANCING, CLOCK_TARGET, UNKNOWN_SYMBOL."""
        self._check_ready()
        if not self._engine.market.is_synthetic:
            text = "time can be moved in the synthetic market only"
            raise Denied(Reason.UNSUPPORTED_COMBINATION, text)
        _check(request)
        target_ms = self._target_of(request)
        self._clock.hold()
        self._engine.set_advancing(True)
        self._status, self._target_ms = "advancing", target_ms
        self._announce()
        self._task = asyncio.get_running_loop().create_task(self._run(target_ms, _end_of(request)))

    def catch_up(self) -> asyncio.Task[None] | None:
        """Begin to process the time for which the world had no ticks, in turns; returns None when there is none."""
        if self._is_advancing or self._engine.behind_ms() <= MAX_BEHIND_MS:
            return None
        if self._catching_up is None or self._catching_up.done():
            missed = self._process_missed(self._clock.now_ms())
            self._catching_up = asyncio.get_running_loop().create_task(missed)
        return self._catching_up

    async def wait(self, seconds: float) -> bool:
        """Wait until an advance is over, at most so long. Returns whether it is over."""
        if self._task is not None:
            await asyncio.wait({self._task}, timeout=seconds)
        return not self._is_advancing

    async def close(self) -> None:
        """End an advance; called at the end of the world."""
        tasks = {task for task in (self._task, self._catching_up) if task is not None}
        for task in tasks:
            task.cancel()
        if tasks:
            await asyncio.wait(tasks)

    def _check_ready(self) -> None:
        if self._is_advancing:
            raise Denied(Reason.CLOCK_ADVANCING, "the clock is advancing; wait until its status is ready")

    def settle(self) -> None:
        """Process every instant up to now. Raises: Denied CLOCK_ADVANCING; Unavailable."""
        self._check_ready()
        self._publisher.check_writable()
        if self._engine.market.is_synthetic:
            self._publish_turn(self._engine.catch_up(self._clock.now_ms()), None)

    def _target_of(self, request: ClockAdvance) -> int:
        """Return the end of an advance. Raises: Denied CLOCK_TARGET; Missing UNKNOWN_SYMBOL."""
        now_ms = self._clock.now_ms()
        longest_ms = request.by or request.limit or 0
        if max(request.to or 0, now_ms + longest_ms) > LATEST_MS:
            raise Denied(Reason.CLOCK_TARGET, f"market time ends at {LATEST_MS}")
        if request.to is not None:
            if request.to < now_ms:
                raise Denied(Reason.CLOCK_TARGET, f"to {request.to} is before now, {now_ms}; time never goes back")
            return request.to
        if request.by is not None:
            return now_ms + request.by
        assert request.limit is not None
        limit_ms = now_ms + request.limit
        if request.until in ("fill", "event"):
            return limit_ms
        assert request.symbol is not None
        symbol, market = self._engine.instrument(request.symbol, Missing).name, self._engine.market
        if request.until == "open":
            target_ms = market.next_open_ms(symbol, now_ms)
        elif request.until == "close":
            target_ms = market.session(symbol, now_ms)[1]
        else:
            target_ms = market.next_bar_ms(symbol, request.resolution or "1", now_ms)
        return min(limit_ms, target_ms)

    async def _run(self, target_ms: int, is_end: Callable[[CommandResult], bool]) -> None:
        status: Literal["ready", "failed"] = "failed"
        try:
            parts = self._engine.catch_up(target_ms)
            while True:
                self._publisher.check_writable()
                if self._publish_turn(parts, perf_counter() + TURN_S, is_end):
                    break
                await asyncio.sleep(0)
                if self._publisher.waiting > MAX_WAITING and (settled := self._publisher.settled()) is not None:
                    await settled
            status = "ready"
        except Unavailable as error:
            log.warning("the clock stopped: %s", error)
        except Exception:
            log.exception("the clock stopped")
        finally:
            self._clock.release()
            self._engine.set_advancing(False)
            self._status, self._target_ms = status, None
            self._announce()

    async def _process_missed(self, until_ms: int) -> None:
        with suppress(Unavailable):
            while not self._is_advancing:
                self._publisher.check_writable()
                if self._publish_turn(self._engine.catch_up(until_ms), perf_counter() + TURN_S):
                    return
                await asyncio.sleep(0)

    def _publish_turn(
        self,
        parts: Iterator[CommandResult | None],
        deadline: float | None,
        is_end: Callable[[CommandResult], bool] = lambda _: False,
    ) -> bool:
        """Process and publish instants until a deadline; None is no deadline. Returns whether the work is over."""
        for result in parts:
            if result is not None:
                self._move_to(result.time_ms)
                if result.events or result.updates:
                    self._publisher.submit(result)
                if is_end(result):
                    return True
            if deadline is not None and perf_counter() >= deadline:
                return False
        if self._target_ms is not None:
            self._move_to(self._target_ms)
        return True

    def _move_to(self, now_ms: int) -> None:
        if self._is_advancing:
            self._clock.move_to(now_ms)

    def _announce(self) -> None:
        """Publish the clock, and market data at its time."""
        result = CommandResult("clock", self._clock.now_ms(), (), [Update(CHANNEL, self.state())])
        self._publisher.submit(result, self._engine.market_updates())
        self._wake()


def _check(request: ClockAdvance) -> None:
    """Deny an advance without exactly one target. Raises: Denied CLOCK_TARGET."""
    if sum(one is not None for one in (request.to, request.by, request.until)) != 1:
        raise Denied(Reason.CLOCK_TARGET, "give exactly one of to, by and until")
    if (request.until is None) != (request.limit is None):
        raise Denied(Reason.CLOCK_TARGET, "until needs limit, and limit belongs to until")
    if request.until in ("open", "close", "bar") and request.symbol is None:
        raise Denied(Reason.CLOCK_TARGET, f"until {request.until} needs symbol")


def _end_of(request: ClockAdvance) -> Callable[[CommandResult], bool]:
    """Return whether an advance ends with a result."""
    if request.until == "fill":
        return lambda result: any(isinstance(event, OrderExecuted) for event in result.events)
    if request.until == "event":
        return lambda result: bool(result.events)
    return lambda _: False
