"""The market of an edge: made from the core's record, and kept equal to the core's by the scenarios of the stream.

Prices are a function of seed, symbol, time and scenarios, so an edge computes them itself. Ticks of an external feed
come over the bus.
"""

import logging
import tempfile
from collections.abc import Awaitable, Callable, Sequence
from pathlib import Path

from engine.errors import Denied
from engine.market.market import Market
from engine.market.scenarios import Scenarios
from engine.models.market.scenarios import MarketEvent, ScenarioAdded
from engine.models.market.ticks import Tick
from server.bus.messages import TicksMessage
from server.bus.record import CoreRecord
from server.market_setup import make_market
from server.settings import Settings
from server.storage.commits import Position

log = logging.getLogger("trading.edge")

ReadRecord = Callable[[], Awaitable[CoreRecord]]


class BadCore(Exception):
    """This process cannot serve the core; the text says why."""


def settings_of(settings: Settings, record: CoreRecord) -> Settings:
    """Return the settings of an edge with those of the core's market. Raises: BadCore."""
    known = {name: value for name, value in record.market.items() if name in Settings.model_fields}
    try:
        chosen = Settings.model_validate(settings.model_dump(exclude_unset=True) | known)
    except ValueError as error:
        raise BadCore(f"the settings of the core cannot be used here: {error}") from None
    modules = tuple(name for name in record.modules if name in settings.modules)
    return chosen.model_copy(update={"modules": modules})


def market_of(settings: Settings, catalogue: bytes | None) -> Market:
    """Return the market of the core. Raises: ValueError: a file of a replay cannot be used.

    Args:
        settings: The result of `settings_of`.
        catalogue: The core's instruments file; None for the program's own.
    """
    if catalogue is None:
        return make_market(settings)[0]
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "instruments.json"
        path.write_bytes(catalogue)
        return make_market(settings.model_copy(update={"instruments": path}))[0]


class MarketCopy:
    """Scenarios and ticks of the core, applied to the market of this process.

    Args:
        market: The market.
        read_record: Returns the present record of the core.
        now_ms: Market time.
    """

    def __init__(self, market: Market, read_record: ReadRecord, now_ms: Callable[[], int]) -> None:
        self._market = market
        self._read_record = read_record
        self._now_ms = now_ms
        self._position = Position(0, 0)
        self._numbers: dict[str, int] = {}

    def adopt(self, record: CoreRecord) -> None:
        """Take the scenarios of a record in place of the present ones."""
        scenarios = Scenarios()
        for event in record.scenarios:
            scenarios.evolve(event)
        self._market.adopt(scenarios)
        self._position = record.txn

    async def refresh(self) -> None:
        """Read the scenarios again, because messages were lost."""
        self.adopt(await self._read_record())

    def apply(self, position: Position, events: Sequence[MarketEvent]) -> None:
        """Apply the scenarios of a commit, unless they are applied already."""
        if position <= self._position:
            return
        self._position = position
        for event in events:
            # The record may be newer than its position: a scenario that was ended before its begin is not in it.
            if isinstance(event, ScenarioAdded) or event.scenario_id in self._market.journaled:
                self._market.evolve(event)

    def publish(self, message: TicksMessage) -> None:
        """Take ticks of an external feed; repeated ones are ignored."""
        for number, fields in message.ticks:
            tick = Tick.model_validate(fields)
            if number <= self._numbers.get(tick.symbol, -1):
                continue
            self._numbers[tick.symbol] = number
            try:
                self._market.publish([tick], self._now_ms())
            except Denied as denied:
                log.debug("a tick of the core was not taken symbol=%s error=%s", tick.symbol, denied)
