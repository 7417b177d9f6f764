"""Composition of the core's side of the bus: outbox, states, answers and registration. Called by `server/world.py`."""

import time

from engine.clock import Clock
from engine.models.system import BusHealth
from engine.topics import Interest
from handlers.result_feed import ResultFeed
from handlers.services import Services
from server.bus.answers import Answers
from server.bus.bus import BusLink
from server.bus.core import CoreBus, CoreParts
from server.bus.messages import ClockReading
from server.bus.outbox import Outbox
from server.bus.registration import Registration
from server.bus.states import EdgeStates, JoinedInterest
from server.bus.ticks import SharedMarket
from server.settings import Settings
from server.storage.commits import CommitReader, last_position
from server.storage.recovery import Recovered
from server.storage.service import Stores
from server.world_time import WorldTime


class CoreLink(BusLink):
    """The link of the core to NATS.

    Args:
        settings: Settings of the core.
        recovered: Its storage, before the first commit.
        clock: Monotonic time.

    Attributes:
        follower: The outbox.
    """

    def __init__(self, settings: Settings, recovered: Recovered, clock: Clock) -> None:
        directory, accounts = recovered.directory, recovered.state.broker.accounts.values()
        self._settings = settings
        self._states = EdgeStates(clock.monotonic)
        self.follower: Outbox = Outbox(
            recovered.epoch,
            last_position(recovered.connection),
            {account.id: account.generation for account in accounts if account.generation},
            CommitReader(None if directory is None else directory.database, recovered.connection),
        )

    def interest(self, hub: Interest, feed: ResultFeed) -> Interest:
        """Return the subscriptions of the hub's clients and of those behind the bus."""
        feed.follow_all(self._states.add)
        return JoinedInterest(hub, self._states)

    def health(self) -> BusHealth:
        """Return the state of the connection."""
        return self.follower.health()

    def bus(self, services: Services, stores: Stores, time: WorldTime | None) -> CoreBus:
        """Return the bus of a composed world."""
        settings, market = self._settings, services.engine.market
        clock = WorldReading(services, settings.speed, time)
        host = f"[{settings.host}]" if ":" in settings.host else settings.host
        parts = CoreParts(
            self.follower,
            self._states,
            Answers(services, stores.archive, self.follower),
            Registration(settings, services, self.follower, clock),
            clock,
            market.ticks if isinstance(market, SharedMarket) else None,
        )
        return CoreBus(settings.bus, settings.core_url or f"http://{host}:{{port}}", parts)


class WorldReading:
    """Reads the clock of a world.

    Args:
        services: Its engine has market time.
        speed: Market seconds per second.
        time: Moves the clock; None without `--control`.
    """

    def __init__(self, services: Services, speed: float, time: WorldTime | None) -> None:
        self._services = services
        self._speed = speed
        self._time = time

    def __call__(self) -> ClockReading:
        """Return market time at the wall time now; a clock that a caller has stopped or moves has speed 0."""
        speed = self._speed
        if self._time is not None:
            state = self._time.state()
            is_moving = state["mode"] == "running" and state["status"] != "advancing"
            speed = state["speed"] if is_moving else 0.0
        return ClockReading(self._services.engine.now_ms(), round(1000 * time.time()), speed)
