"""The engine over closes, breaks and opens: what is listed, and what trades on which price."""

import pytest

from engine.errors import Reason
from engine.market.feeds.external import ExternalFeed
from engine.market.feeds.synthetic import SyntheticFeed
from engine.market.instruments import Catalogue
from engine.models.market.ticks import Tick
from tests.engine.market.specimens import instant, make_instrument
from tests.engine.test_watch import Room

TOKYO = make_instrument(name="AAPL", timezone="Asia/Tokyo", session="0900-1130,1230-1500")


def test_a_final_order_is_listed_through_the_break_until_the_close() -> None:
    listed = Catalogue([TOKYO], "exchange")
    room = Room(SyntheticFeed(listed, 5, listed.calendars), listed, instant("2026-01-08T10:30+09:00"))
    room.place(type=2)
    assert len(room.traded()) == 1
    for hour, count in (("11:29", 1), ("11:32", 1), ("12:31", 1), ("14:59:59", 1), ("15:00", 0), ("15:01:01", 0)):
        room.clock.advance(instant(f"2026-01-08T{hour}+09:00") - room.clock.now_ms())
        assert len(room.engine.orders(None)) == count, hour


def test_a_fill_before_the_close_is_listed_for_a_minute() -> None:
    listed = Catalogue([TOKYO], "exchange")
    room = Room(SyntheticFeed(listed, 5, listed.calendars), listed, instant("2026-01-08T14:59:30+09:00"))
    room.place(type=2)
    for ms, count in ((59_999, 1), (1, 0)):
        room.clock.advance(ms)
        assert len(room.engine.orders(None)) == count


class ExternalRoom(Room):
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
    room = ExternalRoom()
    room.wait("2026-01-06T14:30:02")
    room.place(type=2)
    (order,) = room.engine.orders(None)
    assert (order["reason"], room.traded()) == (Reason.MARKET_CLOSED.value, [])
    room.send(180.0, 180.02)
    room.place(type=2)
    assert [one[2:] for one in room.traded()] == [(10, 18_002)]


@pytest.mark.parametrize("placed", ["2026-01-05T20:59:59", "2026-01-06T02:00", "2026-01-06T14:30:02"])
def test_a_limit_that_waits_for_the_first_tick_takes_it(placed: str) -> None:
    room = ExternalRoom()
    room.wait(placed)
    room.place(limitPrice=185.0)
    room.wait("2026-01-06T14:30:03")
    assert room.traded() == []
    room.clock.advance(500)
    room.send(180.0, 180.02)
    room.step(100)
    (trade,) = room.engine.account(None).executions
    assert (trade.qty, trade.price, trade.is_maker) == (10, 18_002, False)
