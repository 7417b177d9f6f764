"""Orders, trailing stops, marks and margins on the external feed: every accepted tick is met, in its order."""

from typing import Any

import pytest

from engine.market.feeds.external import ExternalFeed
from engine.market.instruments import Catalogue
from engine.models.broker.account import Profile
from engine.models.market.ticks import Tick
from tests.engine.harness import EngineHarness

LIMIT, MARKET, STOP = 1, 2, 3
BUY, SELL = 1, -1
FILLED, WORKING = 2, 6
Ticks = list[dict[str, Any]]


class FedHarness(EngineHarness):
    """An engine on the external feed; every batch of ticks comes between two ticks of the server."""

    def __init__(self, profile: Profile | None = None) -> None:
        catalogue = Catalogue.load()
        super().__init__(ExternalFeed(catalogue.by_name, catalogue.calendars), catalogue, profile=profile)

    def feed(self, ticks: Ticks, lag_ms: int = 0) -> None:
        """Send ticks in one batch; their own time is `lag_ms` before now."""
        now_ms = self.clock.now_ms()
        sent = [Tick.model_validate({"symbol": "AAPL", "time": now_ms - lag_ms, **one}) for one in ticks]
        self.engine.market.publish(sent, now_ms)

    def fills(self) -> list[tuple[str, float, float]]:
        """Return id, quantity and price of each execution."""
        return [(order_id, qty, price / 100) for _, order_id, qty, price in self.traded()]

    def status(self, number: int) -> int:
        return int(self.engine.account(None).order(f"ORDER-{number}").status)


def trades(*prices: float) -> Ticks:
    return [{"price": price} for price in prices]


@pytest.mark.parametrize(
    ("before", "order", "ticks", "price"),
    [
        # A quote alone is no trade: the stop waits.
        ([{"price": 100, "bid": 99.99, "ask": 100.01}], (SELL, 95.0), [{"bid": 90, "ask": 91}], None),
        ([{"price": 100, "bid": 99.99, "ask": 100.01}], (SELL, 95.0), [{"bid": 90, "ask": 91}, {"price": 94}], 94.0),
        # A trade outside of bid and ask triggers, and the ask fills.
        (trades(100), (BUY, 100.05), [{"price": 100.05, "bid": 99.99, "ask": 100.01}], 100.01),
        (trades(100), (SELL, 99.95), [{"price": 99.95, "bid": 99.99, "ask": 100.01}], 99.99),
        # Without any trade the middle is the price.
        ([{"bid": 99.99, "ask": 100.01}], (SELL, 95.0), [{"bid": 94, "ask": 95}], 94.0),
    ],
)
def test_stops_trigger_on_the_last_trade(before: Ticks, order: tuple[int, float], ticks: Ticks, price: float) -> None:
    harness = FedHarness()
    harness.feed(before)
    harness.place(type=MARKET, side=-order[0])
    harness.place(type=STOP, side=order[0], stopPrice=order[1])
    harness.feed(ticks)
    harness.step(200)
    assert harness.fills()[1:] == ([] if price is None else [("ORDER-2", 10, price)])


def test_the_last_price_marks_by_the_last_trade() -> None:
    harness = FedHarness(Profile(mark="last"))
    harness.feed([{"price": 100, "bid": 99.99, "ask": 100.0}])
    harness.place(type=MARKET)
    harness.feed([{"bid": 90, "ask": 91}])
    harness.step(200)
    assert harness.engine.account(None).positions["AAPL"].mark == 10_000


@pytest.mark.parametrize(
    ("sizes", "filled"),
    [
        ({"bid_size": 100, "ask_size": 0}, 0),
        ({"bid_size": 100, "ask_size": 30}, 30),
        ({"bid_size": 100}, 9000),
        ({}, 9000),
    ],
)
@pytest.mark.parametrize("kind", [{"type": MARKET}, {"type": LIMIT, "limitPrice": 100.01}])
def test_a_displayed_size_of_zero_is_nothing_to_take(sizes: dict[str, float], filled: int, kind: Any) -> None:
    harness = FedHarness()
    harness.feed([{"bid": 99.99, "ask": 100.01, **sizes}])
    harness.place(qty=9000, **kind)
    harness.step(200)
    assert sum(qty for _, qty, _ in harness.fills()) == filled


@pytest.mark.parametrize("is_one_batch", [True, False])
@pytest.mark.parametrize("lag_ms", [0, 60_000], ids=["current", "late"])
def test_every_tick_between_two_steps_is_met(is_one_batch: bool, lag_ms: int) -> None:
    harness = FedHarness()
    harness.feed(trades(400), lag_ms)
    harness.place(type=LIMIT, limitPrice=398.5)
    harness.place(type=STOP, stopPrice=402.0)
    for batch in [trades(400, 398, 402.5, 400)] if is_one_batch else map(trades, (400, 398, 402.5, 400)):
        harness.feed(batch, lag_ms)
    harness.step(200)
    assert harness.fills() == [("ORDER-1", 10, 398.5), ("ORDER-2", 10, 402.5)]


def test_an_order_meets_no_tick_from_before_it() -> None:
    harness = FedHarness()
    harness.feed(trades(400))
    harness.place(type=LIMIT, limitPrice=300.0)
    harness.feed(trades(398, 400))
    harness.place(type=LIMIT, limitPrice=398.5)
    harness.feed(trades(399))
    harness.step(200)
    assert (harness.fills(), harness.status(2)) == ([], WORKING)


def test_a_resting_order_is_met_before_the_command_that_follows_its_tick() -> None:
    harness = FedHarness()
    harness.feed(trades(400))
    harness.place(type=LIMIT, limitPrice=398.5)
    harness.feed(trades(398))
    harness.events += harness.engine.close_position(None, "AAPL", None).result.events
    assert harness.fills() == [("ORDER-1", 10, 398.5), ("ORDER-2", 10, 398.0)]


def test_a_trailing_stop_follows_every_tick_between_two_steps() -> None:
    harness = FedHarness()
    harness.feed(trades(400))
    harness.place(type=MARKET)
    harness.place(type=STOP, side=SELL, stopType=1, trailingStopPips=100)
    harness.feed(trades(405, 404.5, 403.9, 405))
    harness.step(200)
    assert harness.fills()[1:] == [("ORDER-2", 10, 403.9)]


def test_a_leg_is_met_by_the_ticks_after_the_one_that_filled_its_entry() -> None:
    harness = FedHarness()
    harness.feed(trades(400))
    harness.place(type=LIMIT, limitPrice=398.0, takeProfit=401.0, stopLoss=390.0)
    harness.feed(trades(398, 401.5, 380))
    harness.step(200)
    assert harness.fills() == [("ORDER-1", 10, 398.0), ("ORDER-2", 10, 401.0)]


@pytest.mark.parametrize("is_command_between", [False, True])
def test_margins_are_checked_at_every_tick_between_two_steps(is_command_between: bool) -> None:
    harness = FedHarness(Profile(leverage=100))
    harness.feed(trades(400))
    harness.place(type=MARKET, qty=200_000)
    harness.feed(trades(350, 400))
    if is_command_between:
        harness.place(type=LIMIT, limitPrice=1.0)
    harness.step(200)
    assert [price for _, _, price in harness.fills()] == [400.0, 350.0]


def test_margins_see_the_symbols_in_the_order_of_their_ticks() -> None:
    harness = FedHarness(Profile(leverage=100))
    harness.feed([{"price": 400}, {"symbol": "MSFT", "price": 400}])
    harness.place(type=MARKET, qty=100_000)
    harness.place(type=MARKET, qty=100_000, symbol="MSFT")
    # The loss of the one never meets the loss of the other.
    harness.feed([{"price": 350}, {"price": 400}, {"symbol": "MSFT", "price": 350}, {"symbol": "MSFT", "price": 400}])
    harness.step(200)
    assert len(harness.fills()) == 2
    harness.feed([{"price": 350}, {"symbol": "MSFT", "price": 350}, {"price": 400}, {"symbol": "MSFT", "price": 400}])
    harness.step(200)
    assert [price for _, _, price in harness.fills()[2:]] == [350.0, 350.0]
