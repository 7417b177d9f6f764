"""The engine over closes, breaks and opens: what is listed, and what trades on which price."""

import pytest

from engine.broker import queries
from engine.errors import Reason
from engine.market.feeds.external import ExternalFeed
from engine.market.feeds.synthetic import SyntheticFeed
from engine.market.instruments import Catalogue
from engine.models.market.ticks import Tick
from tests.engine.harness import EngineHarness
from tests.engine.market.specimens import instant, make_instrument

TOKYO = make_instrument(name="AAPL", timezone="Asia/Tokyo", session="0900-1130,1230-1500")


def test_a_final_order_is_listed_through_the_break_until_the_close() -> None:
    listed = Catalogue([TOKYO], "exchange")
    harness = EngineHarness(SyntheticFeed(listed, 5, listed.calendars), listed, instant("2026-01-08T10:30+09:00"))
    harness.place(type=2)
    assert len(harness.traded()) == 1
    for hour, count in (("11:29", 1), ("11:32", 1), ("12:31", 1), ("14:59:59", 1), ("15:00", 0), ("15:01:01", 0)):
        harness.clock.advance(instant(f"2026-01-08T{hour}+09:00") - harness.clock.now_ms())
        assert len(queries.orders(harness.engine.account(None), harness.engine.view())) == count, hour


def test_a_fill_before_the_close_is_listed_for_a_minute() -> None:
    listed = Catalogue([TOKYO], "exchange")
    harness = EngineHarness(SyntheticFeed(listed, 5, listed.calendars), listed, instant("2026-01-08T14:59:30+09:00"))
    harness.place(type=2)
    for ms, count in ((59_999, 1), (1, 0)):
        harness.clock.advance(ms)
        assert len(queries.orders(harness.engine.account(None), harness.engine.view())) == count


class ExternalHarness(EngineHarness):
    """An engine over a night between two sessions of New York, its last tick at 190.00."""

    def __init__(self) -> None:
        listed = Catalogue([make_instrument(name="AAPL")], "exchange")
        super().__init__(ExternalFeed(listed.by_name, listed.calendars), listed, instant("2026-01-05T20:59:58"))
        self.send(189.99, 190.01)

    def send(self, bid: float, ask: float) -> None:
        self.engine.market.publish(
            [Tick(symbol="AAPL", time=self.clock.now_ms(), bid=bid, ask=ask)], self.clock.now_ms()
        )

    def wait(self, time: str) -> None:
        self.step(instant(time) - self.clock.now_ms())


def test_before_the_first_tick_of_a_session_nothing_trades_on_the_last_one() -> None:
    harness = ExternalHarness()
    harness.wait("2026-01-06T14:30:02")
    harness.place(type=2)
    (order,) = queries.orders(harness.engine.account(None), harness.engine.view())
    assert (order["reason"], harness.traded()) == (Reason.MARKET_CLOSED.value, [])
    harness.send(180.0, 180.02)
    harness.place(type=2)
    assert [one[2:] for one in harness.traded()] == [(10, 18_002)]


@pytest.mark.parametrize("placed", ["2026-01-05T20:59:59", "2026-01-06T02:00", "2026-01-06T14:30:02"])
def test_a_limit_that_waits_for_the_first_tick_takes_it(placed: str) -> None:
    harness = ExternalHarness()
    harness.wait(placed)
    harness.place(limitPrice=185.0)
    harness.wait("2026-01-06T14:30:03")
    assert harness.traded() == []
    harness.clock.advance(500)
    harness.send(180.0, 180.02)
    harness.step(100)
    (trade,) = harness.engine.account(None).executions
    assert (trade.qty, trade.price, trade.is_maker) == (10, 18_002, False)
