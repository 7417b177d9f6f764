"""The first quote after a halt or a break, met by orders that rested meanwhile; and scenarios among the events."""

from pathlib import Path

import pytest

from engine.market.feeds.replay import ReplayFeed
from engine.market.feeds.synthetic import SyntheticFeed
from engine.market.instruments import Catalogue
from engine.models.broker.account import Profile
from engine.models.market.scenarios import ScenarioRequest
from tests.engine.harness import START_MS, EngineHarness
from tests.engine.market.specimens import instant, make_instrument
from tests.engine.test_instants import HEADER, synthetic

TOKYO = make_instrument(name="TOKYO", timezone="Asia/Tokyo", session="0900-1130,1230-1500")
DATES = ("2026-01-05", "2026-01-06", "2026-01-07")
HALT_MS, RESUMED_MS = START_MS + 2000, START_MS + 60_000


def halted(profile: Profile | None = None, factor: float = 1.0) -> EngineHarness:
    """A market with a halt in AAPL from 2 s to 60 s; prices are others after it."""
    listed = Catalogue.load()
    harness = EngineHarness(SyntheticFeed(listed, 8, listed.calendars), listed, START_MS, profile)
    halt = ScenarioRequest(symbol="AAPL", kind="halt", begin=HALT_MS, end=RESUMED_MS)
    shock = ScenarioRequest(symbol="AAPL", kind="shock", factor=factor, begin=RESUMED_MS)
    for request in (halt, shock):
        harness.engine.add_scenario(request)
    return harness


def trades(harness: EngineHarness) -> list[tuple[int, int, bool]]:
    """Time, price, and whether it was a maker."""
    return [(one.time_ms, one.price, one.is_maker) for one in harness.engine.account(None).executions]


@pytest.mark.parametrize(
    ("step_ms", "is_post_only", "price"),
    # One tick over 62 s processes every seventh print.
    [(200, False, 15_484), (4000, False, 15_484), (62_000, False, 15_485), (200, True, 17_120), (62_000, True, 17_120)],
)
def test_a_limit_that_rested_through_a_halt_gets_the_reopening_market(
    step_ms: int, is_post_only: bool, price: int
) -> None:
    harness = halted(factor=0.9)
    harness.place(limitPrice=171.20, postOnly=is_post_only)
    for _ in range(62_000 // step_ms):
        harness.step(step_ms)
    [(time_ms, *trade)] = trades(harness)
    assert trade == [price, is_post_only]
    assert is_post_only or price == harness.engine.market.quote("AAPL", time_ms).ask
    assert RESUMED_MS <= time_ms < RESUMED_MS + 1400


def test_an_order_whose_latency_ends_in_a_halt_gets_the_reopening_market() -> None:
    harness = halted(Profile(latency_ms=500))
    harness.step(1800)
    ask = harness.engine.market.quote("AAPL", HALT_MS - 200).ask
    harness.place(limitPrice=(ask + 1000) / 100)
    for _ in range(300):
        harness.step(200)
    assert trades(harness) == [(RESUMED_MS, 17_204, False)]
    assert harness.engine.market.quote("AAPL", RESUMED_MS).ask == 17_204


def test_a_limit_placed_after_a_halt_rests_as_ever() -> None:
    harness = halted()
    harness.place(limitPrice=1.0)
    harness.clock.advance(RESUMED_MS + 100 - harness.clock.now_ms())
    last = harness.engine.market.quote("AAPL", harness.clock.now_ms()).last
    harness.place(limitPrice=(last - 5) / 100)
    for _ in range(600):
        harness.step(200)
    assert [trade[1:] for trade in trades(harness)] == [(last - 5, True)]


@pytest.mark.parametrize(
    ("close", "opening"),
    [("2026-01-05T06:00", "2026-01-06T00:00"), ("2026-01-06T02:30", "2026-01-06T03:30")],
    ids=["night", "lunch"],
)
def test_a_limit_that_rested_while_its_market_was_closed_gets_the_open(close: str, opening: str) -> None:
    listed = Catalogue([TOKYO], "exchange")
    harness = EngineHarness(SyntheticFeed(listed, 5, listed.calendars), listed, instant(close) - 1000)
    first = harness.engine.market.quote("TOKYO", instant(opening))
    harness.place(symbol="TOKYO", limitPrice=1.0)
    harness.step(11_000)
    harness.place(symbol="TOKYO", limitPrice=(first.ask + 499) / 100)
    harness.step(instant(opening) - 100 - harness.clock.now_ms())
    assert trades(harness) == []
    harness.step(200)
    assert trades(harness) == [(instant(opening) + 100, first.ask, False)]


def test_a_halt_that_outlasts_the_open_ends_at_the_market() -> None:
    opening = instant("2026-01-06T14:30")
    harness = synthetic(instant("2026-01-05T20:59:50"), "exchange")
    last = harness.engine.market.quote("AAPL", opening - 1).last
    halt = ScenarioRequest(symbol="AAPL", kind="halt", begin=harness.clock.now_ms() + 1000, end=opening + 60_000)
    shock = ScenarioRequest(symbol="AAPL", kind="shock", factor=0.9, begin=opening + 60_000)
    for request in (halt, shock):
        harness.engine.add_scenario(request)
    harness.place(limitPrice=1.0)
    harness.step(2000)
    harness.step(opening + 30_000 - harness.clock.now_ms())
    harness.place(limitPrice=(last - 200) / 100)
    harness.step(30_000)
    assert trades(harness) == [(opening + 60_000, harness.engine.market.quote("AAPL", opening + 60_000).ask, False)]


def test_a_daily_bar_that_leads_through_a_break_makes_no_taker(tmp_path: Path) -> None:
    # The low is the third print, at half of the time of trading: when the break ends.
    (tmp_path / "TOKYO.1D.csv").write_text(HEADER + "".join(f"{date},100,101,95,99,4000\n" for date in DATES))
    listed = Catalogue([TOKYO], "exchange")
    feed = ReplayFeed(listed.by_name, tmp_path, listed.calendars)
    harness = EngineHarness(feed, listed, instant("2026-01-06T01:00"))
    harness.place(symbol="TOKYO", limitPrice=96.0)
    harness.step(3 * 3_600_000)
    assert trades(harness) == [(instant("2026-01-06T03:30"), 9_600, True)]


def test_scenarios_and_trades_are_stamped_in_the_order_of_the_events() -> None:
    harness = synthetic()
    halt = ScenarioRequest(symbol="MSFT", kind="halt")
    for is_over in (False, True):
        last = harness.engine.market.quote("AAPL", harness.clock.now_ms()).last
        harness.place(limitPrice=(last - 1) / 100)
        harness.place(type=3, stopPrice=(last + 1) / 100)
        harness.clock.advance(45_000)
        told = harness.engine.end_scenario("SCENARIO-1") if is_over else harness.engine.add_scenario(halt)
        harness.events += told.result.events
        harness.step(500)
    times = [event.time_ms for event in harness.events]
    assert len(harness.traded()) >= 3
    assert times == sorted(times)
