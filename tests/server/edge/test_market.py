"""The market of an edge: the core's settings, scenarios and ticks."""

from typing import Any

import pytest

from engine.market.feeds.external import ExternalFeed
from engine.market.market import Market
from engine.models.market.scenarios import ScenarioAdded, ScenarioEnded
from server.bus.messages import ClockReading, NumberedTick, TicksMessage
from server.bus.record import CoreRecord
from server.edge.clock import EdgeClock
from server.edge.market import BadCore, MarketCopy, settings_of
from server.settings import Settings
from server.storage.commits import Position
from tests.live import default_catalogue
from tests.server.edge.scripted_core import EPOCH, make_market
from tests.support import MONDAY_MORNING_MS as NOW

ADDED = ScenarioAdded(NOW, "SCENARIO-1", "AAPL", "shock", 1.1, NOW + 1000, NOW + 60_000)
ENDED = ScenarioEnded(NOW + 2000, "SCENARIO-1", NOW + 3000)


def record_of(scenarios: list[ScenarioAdded], event: int, **market: Any) -> CoreRecord:
    modules = ("broker", "datafeed")
    return CoreRecord("http://core", "1", EPOCH, Position(event, 0), 0, modules, market, False, None, scenarios)


def make_copy(market: Market, record: CoreRecord) -> MarketCopy:
    async def read_record() -> CoreRecord:
        return record

    return MarketCopy(market, read_record, lambda: NOW)


async def test_scenarios_of_the_record_and_of_the_stream_are_applied_once() -> None:
    market, record = make_market(), record_of([ADDED], 5)
    copy = make_copy(market, record)
    copy.adopt(record)
    copy.apply(Position(5, 0), [ADDED])
    copy.apply(Position(6, 0), [ENDED])
    copy.apply(Position(6, 0), [ENDED])
    assert [one["end"] for one in market.scenarios(NOW)] == [ENDED.end_ms]
    await copy.refresh()
    assert [one["end"] for one in market.scenarios(NOW)] == [ADDED.end_ms]


def test_ticks_that_are_repeated_or_not_valid_here_change_nothing() -> None:
    catalogue = default_catalogue("24x7")
    market = Market(catalogue, ExternalFeed(catalogue.by_name, catalogue.calendars))
    copy = make_copy(market, record_of([], 0))
    ticks = [NumberedTick(n, {"symbol": "AAPL", "time": NOW - 100 + n, "price": 100.0 + n}) for n in (1, 2)]
    copy.publish(TicksMessage(EPOCH, ticks))
    copy.publish(TicksMessage(EPOCH, [ticks[0], NumberedTick(3, {"symbol": "AAPL", "time": NOW - 500, "price": 9.0})]))
    assert market.quotes(["AAPL"], NOW)[0]["v"]["lp"] == 102.0


def test_the_market_is_that_of_the_core_and_the_modules_are_common() -> None:
    own = Settings(role="edge", bus=("nats://127.0.0.1:4222",), seed=1, modules=("datafeed",))
    chosen = settings_of(own, record_of([], 0, seed=7, sessions="exchange"))
    assert (chosen.seed, chosen.sessions, chosen.modules, chosen.role) == (7, "exchange", ("datafeed",), "edge")


def test_a_replay_needs_its_files_at_the_edge() -> None:
    own = Settings(role="edge", bus=("nats://127.0.0.1:4222",))
    with pytest.raises(BadCore, match="--replay"):
        settings_of(own, record_of([], 0, feed="replay"))


def test_the_clock_follows_the_core_and_never_goes_back() -> None:
    wall_s = [1000.0]
    clock = EdgeClock(ClockReading(NOW, 1_000_000, 10.0), lambda: wall_s[0])
    assert clock.now_ms() == NOW
    wall_s[0] += 1.0
    assert clock.now_ms() == NOW + 10_000
    clock.follow(ClockReading(NOW + 9000, 1_001_000, 0.0))
    assert clock.now_ms() == NOW + 10_000
    clock.follow(ClockReading(NOW + 20_000, 1_001_000, 1.0))
    assert clock.now_ms() == NOW + 20_000
