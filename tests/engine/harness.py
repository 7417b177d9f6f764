"""An engine with one account for tests: the test moves the clock."""

from typing import Any, NamedTuple

from engine.broker.command_result import CommandResult
from engine.core import Engine
from engine.errors import Denied
from engine.journal import ResultSink
from engine.market.feeds.feed import Feed
from engine.market.instruments import Catalogue
from engine.market.market import Market
from engine.models.broker.account import Profile
from engine.models.broker.orders import PreOrder
from engine.settings import EngineSettings
from tests.engine.broker.harness import AllSubscribed
from tests.engine.market.specimens import instant
from tests.support import ManualClock

START_MS = instant("2026-01-05T14:30")


class Placed(NamedTuple):
    """An order, and after how many seconds it comes."""

    second: int
    fields: dict[str, Any]


class EngineHarness(ResultSink):
    """An engine on a feed, with a clock that the test moves."""

    def __init__(
        self, feed: Feed, catalogue: Catalogue, start_ms: int = START_MS, profile: Profile | None = None
    ) -> None:
        self.clock = ManualClock(start_ms)
        settings = EngineSettings(seed=5, profile=profile or Profile(), balance=10_000_000)
        self.engine = Engine(Market(catalogue, feed), self.clock, AllSubscribed(), settings, sink=self)
        self.events: list[Any] = list(self.engine.open().events)

    def submit(self, result: CommandResult) -> None:
        """Keep the events of the instants before a command."""
        self.events += result.events

    def place(self, **fields: Any) -> None:
        order = {"symbol": "AAPL", "type": 1, "side": 1, "qty": 10, **fields}
        try:
            self.events += self.engine.place_order(None, PreOrder.model_validate(order)).result.events
        except Denied:
            self.events.append(None)

    def step(self, ms: int) -> None:
        self.clock.advance(ms)
        self.events += self.engine.step().result.events

    def play(self, orders: list[Placed], seconds: int, step_ms: int) -> "EngineHarness":
        """Let time go on in steps, orders at their seconds between them."""
        waiting = sorted(orders, key=lambda one: one.second)
        for second in range(seconds):
            while waiting and waiting[0].second == second:
                self.place(**waiting.pop(0).fields)
            self.clock.advance(1000)
            if (second + 1) * 1000 % step_ms == 0:
                self.events += self.engine.step().result.events
        self.events += self.engine.step().result.events
        return self

    def traded(self) -> list[tuple[int, str, int, int]]:
        return [(one.time_ms, one.order_id, one.qty, one.price) for one in self.engine.account(None).executions]
