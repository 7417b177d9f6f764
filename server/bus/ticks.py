"""Ticks of an external feed for edges: those since the last message, and the newest of each symbol.

Numbers begin at the wall clock in microseconds, so that those of a later process are larger.
"""

import asyncio
import time
from collections.abc import Sequence

from engine.market.feeds.external import ExternalFeed
from engine.market.instruments import Catalogue
from engine.market.market import Market
from engine.models.market.ticks import Tick
from server.bus.messages import NumberedTick

MAX_TICKS = 10_000
"""Ticks that may wait; the oldest are dropped, because the newest tick of each symbol is repeated."""


class TickOutlet:
    """The accepted ticks that were not sent yet, and the newest of each symbol.

    Attributes:
        changed: Set when there are new ticks.
    """

    def __init__(self) -> None:
        self.changed = asyncio.Event()
        self._count = int(1e6 * time.time())
        self._new: list[NumberedTick] = []
        self._newest: dict[str, NumberedTick] = {}

    def add(self, ticks: Sequence[Tick]) -> None:
        """Keep accepted ticks."""
        for tick in ticks:
            self._count += 1
            numbered = NumberedTick(self._count, tick.model_dump(exclude_unset=True))
            self._newest[tick.symbol] = numbered
            self._new.append(numbered)
        del self._new[:-MAX_TICKS]
        self.changed.set()

    def take_new(self) -> Sequence[NumberedTick]:
        """Return the ticks since the last call, oldest first."""
        self.changed.clear()
        new, self._new = self._new, []
        return new

    def newest(self) -> Sequence[NumberedTick]:
        """Return the newest tick of each symbol."""
        return sorted(self._newest.values())


class SharedMarket(Market):
    """A market on an external feed whose accepted ticks go to the edges, too.

    Args:
        catalogue: Its instruments.
        feed: The feed.

    Attributes:
        ticks: The accepted ticks.
    """

    def __init__(self, catalogue: Catalogue, feed: ExternalFeed) -> None:
        super().__init__(catalogue, feed)
        self.ticks = TickOutlet()

    def publish(self, ticks: Sequence[Tick], now_ms: int) -> int:
        """Accept ticks, all or none; return their number. Raises: Denied, as `Market.publish`."""
        count = super().publish(ticks, now_ms)
        self.ticks.add(ticks)
        return count
