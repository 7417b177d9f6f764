"""The worlds of one process: the main world at `/`, and those that callers make. One ticker steps all of them.

`app.py` makes the registry, `world.py` a world, and `handlers/control/worlds.py` the addresses.
"""

import asyncio
import base64
import logging
import math
import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import count

from engine.broker import serializers
from engine.errors import Denied, Missing, Reason
from engine.faults import FaultState
from engine.market.feeds.synthetic import SyntheticFeed
from engine.market.market import Market
from engine.models.control.worlds import WorldCreate, WorldFork
from engine.models.market.instruments import Instrument
from engine.topics import Payload
from handlers.errors import ApiError
from handlers.routing import RouteTable
from server.recording.recorder import MemoryStore
from server.settings import Settings
from server.storage import snapshots
from server.storage.recovery import ReplayedState, open_storage
from server.ticker import Ticker
from server.world import MAIN, ClockBegin, World, WorldParts, make_world
from server.world_time import WorldTime

log = logging.getLogger("trading.worlds")

MAX_STATE_BYTES = 256 * 1024 * 1024

IDLE_S = 5.0
"""A world without sockets whose last request is longer ago gets no ticks; the next request processes that time."""


@dataclass(slots=True)
class MadeWorld:
    """A world that a caller made.

    Attributes:
        created_s: Wall clock at its begin, seconds.
        used_s: Monotonic time of its last use.
    """

    world: World
    request: WorldCreate
    created_s: float
    used_s: float


class WorldRegistry:
    """Every world of the process. Implements `handlers.control.control.Worlds`.

    Args:
        settings: Settings of the server; a world has its own seed, speed and fill model.
        parts: The parts of the main world; the others share its catalogue, and have the same limits.

    Attributes:
        ticker: The ticker of the process.
    """

    def __init__(self, settings: Settings, parts: WorldParts) -> None:
        self.ticker = Ticker(settings.tick_ms, self.step, self.needs_ticks)
        self._settings = settings
        self._parts = parts
        self._main: World | None = None
        self._made: dict[str, MadeWorld] = {}
        self._numbers = count(1)
        self._next_check: asyncio.TimerHandle | None = None
        self._closing: set[asyncio.Task[None]] = set()

    def open_main(self) -> World:
        """Compose the main world."""
        self._main = make_world(MAIN, self._settings, self._parts, self.ticker, self)
        return self._main

    # Ticks

    def step(self) -> None:
        """Run one tick of each world that needs it. An error in one world is logged, and the others are stepped."""
        for world in self._awake():
            try:
                if world.needs_ticks():
                    world.step()
            except Exception:
                log.exception("tick failed world=%s", world.id)

    def needs_ticks(self) -> bool:
        """Whether a world needs ticks."""
        return any(world.needs_ticks() for world in self._awake())

    def _awake(self) -> list[World]:
        """Return the main world, and the others that are in use."""
        since_s = self._now_s() - IDLE_S
        made = [one.world for one in self._made.values() if one.used_s > since_s or one.world.services.hub.connections]
        return made if self._main is None else [self._main, *made]

    # Worlds

    def used(self, world_id: str) -> RouteTable:
        """Return the routes of a world, which is in use now. Raises: Missing UNKNOWN_WORLD."""
        made = self._find(world_id)
        made.used_s = self._now_s()
        self.ticker.wake()
        return made.world.table

    def world(self, world_id: str) -> World:
        """Return a world that a caller made. Raises: Missing UNKNOWN_WORLD."""
        return self._find(world_id).world

    def listed(self) -> Sequence[Payload]:
        """Return the worlds that callers made as World without `urls`, oldest first."""
        return [self._payload(one) for one in self._made.values()]

    def shown(self, world_id: str) -> Payload:
        """Return a world as World without `urls`. Raises: Missing UNKNOWN_WORLD."""
        return self._payload(self._find(world_id))

    def create(self, request: WorldCreate) -> Payload:
        """Make a world; return it as World without `urls`. Raises: ApiError 429; Denied."""
        return self._make(request)

    def _make(self, request: WorldCreate, faults: FaultState | None = None) -> Payload:
        if len(self._made) >= self._settings.worlds:
            first_s = min((self._left_s(one) for one in self._made.values()), default=3600.0)
            wait = {"Retry-After": str(max(1, math.ceil(first_s)))}
            raise ApiError(429, f"there are {len(self._made)} worlds, the limit is reached; delete one", wait)
        if not self._parts.market.is_synthetic:
            raise Denied(Reason.UNSUPPORTED_COMBINATION, "worlds need the synthetic market")
        seed = self._settings.seed if request.seed is None else request.seed
        changes: dict[str, object] = {"ephemeral": True, "seed": seed, "speed": request.speed}
        if request.fillModel is not None:
            changes["fill_model"] = request.fillModel
        parts, world_id = replace(self._new_parts(request, seed), faults=faults), f"w-{next(self._numbers)}"
        world = make_world(world_id, self._settings.model_copy(update=changes), parts, self.ticker, self)
        made = MadeWorld(world, request, self._parts.admission.now(), self._now_s())
        self._made[world_id] = made
        self._watch()
        for account in request.accounts:
            world.services.publisher.submit(world.services.engine.create_account(account).result)
        log.info("world made id=%s seed=%d", world_id, seed)
        return self._payload(made)

    def _new_parts(self, request: WorldCreate, seed: int) -> WorldParts:
        """Return the parts of a world: new ones, or those of a snapshot. Raises: ApiError 400."""
        catalogue, is_copy = self._parts.market.catalogue, request.state is not None
        recovered = open_storage(None, catalogue.by_name, seed)
        if request.state is not None:
            recovered.state = restored(request, catalogue.by_name)
        return replace(
            self._parts,
            market=Market(catalogue, SyntheticFeed(catalogue, seed, catalogue.calendars)),
            recovered=recovered,
            admission=self._parts.admission.for_world(),
            begin=ClockBegin(request.start, request.mode == "paused"),
            is_copy=is_copy,
            recording=MemoryStore(),
        )

    async def fork(self, world_id: str, request: WorldFork) -> Payload:
        """Make a second world in the state of a world. Raises: as in `snapshot`; ApiError 429."""
        snapshot = WorldCreate.model_validate(await self.snapshot(world_id))
        control = self._find(world_id).world.services.control
        assert control is not None
        changes = {"name": request.name, "ttl": request.ttl}
        return self._make(snapshot.model_copy(update=changes), control.faults.state())

    async def snapshot(self, world_id: str) -> Payload:
        """Return a world as WorldSnapshot, after the time for which it had no ticks was processed in turns.

        Raises:
            Missing: UNKNOWN_WORLD, also for a world that was deleted meanwhile.
            Denied: CLOCK_ADVANCING.
        """
        missed = _time_of(self._find(world_id).world).catch_up()
        if missed is not None:
            await asyncio.wait({missed})
        made = self._find(world_id)
        world, time, engine = made.world, _time_of(made.world), made.world.services.engine
        time.settle()
        clock, market = time.state(), engine.market
        return {
            "name": made.request.name,
            "seed": world.settings.seed,
            "start": clock["now"],
            "mode": clock["mode"],
            "speed": clock["speed"],
            "fillModel": world.settings.fill_model,
            "ttl": made.request.ttl,
            "program": snapshots.fingerprint(market.instruments),
            "state": stored(snapshots.Contents(engine.broker, market.journaled)),
        }

    async def delete(self, world_id: str) -> None:
        """End a world: its sockets close with 1001, and nothing of it stays. Raises: Missing UNKNOWN_WORLD."""
        made = self._find(world_id)
        del self._made[world_id]
        self._watch()
        await made.world.close()
        log.info("world deleted id=%s", world_id)

    async def close(self) -> None:
        """End every world that callers made, and the advance of the main world."""
        await asyncio.gather(*map(self.delete, tuple(self._made)), *self._closing)
        if self._main is not None and self._main.time is not None:
            await self._main.time.close()

    def _watch(self) -> None:
        """Check again when the first world may have been unused for its `ttl`."""
        if self._next_check is not None:
            self._next_check.cancel()
        left_s = min(map(self._left_s, self._made.values()), default=None)
        loop = asyncio.get_running_loop()
        self._next_check = None if left_s is None else loop.call_later(max(left_s, 0.0), self._end_unused)

    def _end_unused(self) -> None:
        """End each world that was unused for its `ttl`."""
        for world_id, made in tuple(self._made.items()):
            if made.world.services.hub.connections:
                made.used_s = self._now_s()
            if self._left_s(made) <= 0:
                del self._made[world_id]
                task = asyncio.get_running_loop().create_task(made.world.close())
                self._closing.add(task)
                task.add_done_callback(self._closing.discard)
                log.info("unused world deleted id=%s", world_id)
        self._watch()

    def _left_s(self, made: MadeWorld) -> float:
        return made.used_s + made.request.ttl - self._now_s()

    def _now_s(self) -> float:
        return self._parts.clock.monotonic()

    def _find(self, world_id: str) -> MadeWorld:
        made = self._made.get(world_id)
        if made is None:
            raise Missing(Reason.UNKNOWN_WORLD, f"there is no world {world_id}")
        return made

    def _payload(self, made: MadeWorld) -> Payload:
        world, time = made.world, _time_of(made.world)
        accounts = world.services.engine.broker.accounts.values()
        return {
            "id": world.id,
            "object": "world",
            "name": made.request.name,
            "status": "ready",
            "created": round(1000 * made.created_s),
            "deletesAfter": round(1000 * (self._parts.admission.now() + self._left_s(made))),
            "seed": world.settings.seed,
            "clock": time.state(),
            "accounts": [serializers.account_info(account) for account in accounts],
        }


def _time_of(world: World) -> WorldTime:
    assert world.time is not None
    return world.time


def stored(contents: snapshots.Contents) -> str:
    """Return a state as text."""
    return base64.b64encode(zlib.compress(snapshots.packed(contents), 6)).decode("ascii")


def restored(request: WorldCreate, instruments: Mapping[str, Instrument]) -> ReplayedState:
    """Return the state of a snapshot. Raises: ApiError 400: another version made it, or it is damaged."""
    if request.program != snapshots.fingerprint(instruments):
        raise ApiError(400, "the snapshot is of another version of the program, or of another catalogue")
    try:
        data = zlib.decompressobj().decompress(base64.b64decode(request.state or "", validate=True), MAX_STATE_BYTES)
        contents = snapshots.unpacked(data, instruments)
    except (ValueError, zlib.error, snapshots.BadSnapshot) as error:
        raise ApiError(400, f"the state of the snapshot is damaged: {error}") from None
    return ReplayedState(contents.broker, scenarios=contents.scenarios)
