"""Halts: nothing trades, orders that would trade are refused, and resting orders wait for the end."""

from collections.abc import Callable
from typing import Any

import pytest

from engine.errors import Denied, Reason
from engine.models.broker.account import Profile
from tests.engine.broker.harness import BUY, LIMIT, MARKET, SELL, STOP, STOP_LIMIT, BrokerHarness

FILLED, REJECTED, WORKING = 2, 5, 6


def halted(profile: Profile | None = None) -> BrokerHarness:
    """A harness where AAPL, at 99.98 to 100.00, is halted."""
    harness = BrokerHarness(profile)
    harness.halted.add("AAPL")
    return harness


@pytest.mark.parametrize(
    ("order", "status"),
    [
        ({"kind": MARKET}, REJECTED),
        ({"kind": MARKET, "duration": {"type": "FOK"}}, REJECTED),
        ({"kind": LIMIT, "limitPrice": 99.0, "duration": {"type": "IOC"}}, REJECTED),
        ({"kind": LIMIT, "limitPrice": 100.0}, REJECTED),
        ({"kind": LIMIT, "limitPrice": 99.99}, WORKING),
        ({"kind": STOP, "stopPrice": 101.0}, WORKING),
        ({"kind": STOP_LIMIT, "stopPrice": 101.0, "limitPrice": 101.5}, WORKING),
    ],
)
def test_what_would_trade_is_rejected_and_what_rests_is_taken(order: dict[str, Any], status: int) -> None:
    harness = halted()
    found = harness.order(harness.place(BUY, 10, **order))
    assert found["status"] == status
    assert found["reason"] == ("HALTED" if status == REJECTED else None)


def test_another_symbol_trades_on() -> None:
    harness = halted()
    harness.quote("MSFT", 420.0, 420.02)
    assert harness.order(harness.place(BUY, 1, symbol="MSFT"))["status"] == FILLED


@pytest.mark.parametrize("act", [BrokerHarness.close, BrokerHarness.reverse], ids=["close", "reverse"])
def test_positions_are_neither_closed_nor_reversed(act: Callable[[BrokerHarness], None]) -> None:
    harness = BrokerHarness()
    harness.place(BUY, 10)
    harness.halted.add("AAPL")
    with pytest.raises(Denied, match="trading in AAPL is halted") as denied:
        act(harness)
    assert denied.value.reason is Reason.HALTED
    assert harness.position() == (10, 100.0)


def test_a_modification_cannot_reach_the_market() -> None:
    harness = halted()
    order_id = harness.place(BUY, 10, LIMIT, limitPrice=99.0)
    with pytest.raises(Denied) as denied:
        harness.modify(order_id, limitPrice=100.0)
    assert denied.value.reason is Reason.HALTED
    harness.modify(order_id, limitPrice=99.5)
    assert harness.order(order_id)["limitPrice"] == 99.5


def test_a_modification_cannot_take_a_triggered_stop_limit_to_the_market() -> None:
    harness = BrokerHarness()
    order_id = harness.place(BUY, 50, STOP_LIMIT, stopPrice=100.5, limitPrice=100.6)
    harness.tick("AAPL", 100.9, 100.92, last=100.9)
    assert harness.account.order(order_id).is_triggered
    harness.halted.add("AAPL")
    with pytest.raises(Denied) as denied:
        harness.modify(order_id, limitPrice=105.0)
    assert denied.value.reason is Reason.HALTED
    harness.modify(order_id, limitPrice=100.91)
    assert harness.order(order_id)["limitPrice"] == 100.91


def test_a_stop_limit_that_waits_may_be_modified() -> None:
    harness = BrokerHarness()
    order_id = harness.place(BUY, 50, STOP_LIMIT, stopPrice=100.5, limitPrice=100.6)
    harness.halted.add("AAPL")
    harness.modify(order_id, limitPrice=105.0)
    assert harness.order(order_id)["limitPrice"] == 105.0


def test_nothing_fills_before_the_end_of_a_halt() -> None:
    harness = BrokerHarness()
    limit, stop = harness.place(BUY, 10, LIMIT, limitPrice=99.0), harness.place(SELL, 5, STOP, stopPrice=98.5)
    harness.halted.add("AAPL")
    harness.tick("AAPL", 98.0, 98.02)
    assert (harness.order(limit)["filledQty"], harness.order(stop)["filledQty"]) == (0, 0)
    harness.halted.clear()
    harness.tick()
    assert (harness.order(limit)["filledQty"], harness.order(stop)["filledQty"]) == (10, 5)


def test_the_simulator_waits_for_the_end_of_a_halt() -> None:
    harness = halted(Profile(fill_model="simulator", is_manual=True))
    order_id = harness.place(BUY, 10, LIMIT, limitPrice=105.0)
    harness.execute()
    assert harness.order(order_id)["status"] == WORKING
    harness.halted.clear()
    harness.execute()
    assert harness.order(order_id)["status"] == FILLED


@pytest.mark.parametrize("seed", range(12))
def test_the_simulator_goes_on_with_what_is_not_halted(seed: int) -> None:
    harness = BrokerHarness(Profile(fill_model="simulator", execution_delay=0), seed=seed)
    harness.quote("MSFT", 420.0, 420.02)
    harness.place(BUY, 1, LIMIT, limitPrice=100.0)
    traded = harness.place(BUY, 1, LIMIT, symbol="MSFT", limitPrice=420.0)
    harness.halted.add("AAPL")
    harness.tick()
    assert harness.order(traded)["status"] == FILLED
    harness.halted.clear()
    harness.tick()
    assert harness.account.working == {}


@pytest.mark.parametrize("is_halted", [False, True])
def test_the_preview_of_a_limit_does_not_say_that_it_trades_in_a_halt(is_halted: bool) -> None:
    harness = halted() if is_halted else BrokerHarness()
    told = harness.preview(BUY, 10, LIMIT, limitPrice=100.0)
    at_once = "The limit price reaches the market: the order would trade at once"
    assert told["warnings"] == (["Trading in AAPL is halted"] if is_halted else [at_once])
