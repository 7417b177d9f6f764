"""Brackets in rare cases: entries that fill in parts, later modifications, trailing legs."""

from typing import Any

import pytest

from engine.errors import Denied, Reason
from engine.models.broker.account import Limits, Profile
from tests.engine.broker.harness import BUY, LIMIT, SELL, STOP, BrokerHarness

CANCELED, FILLED, WORKING = 1, 2, 6
BOTH: dict[str, Any] = {"takeProfit": 110.0, "stopLoss": 90.0}


def partly_filled(**prices: Any) -> tuple[BrokerHarness, str]:
    """A buy of 10 at 100 of which 4 are filled."""
    harness = BrokerHarness()
    harness.quote("AAPL", 99.98, 100.00, size=4)
    return harness, harness.place(BUY, 10, LIMIT, limitPrice=100.0, **prices)


@pytest.mark.parametrize(
    ("prices", "market", "size", "left"),
    [
        (BOTH, (110.0, 110.2), 50, 0),
        (BOTH, (89.0, 100.1), 50, 0),
        ({"stopLoss": 90.0}, (89.0, 100.1), 50, 0),
        ({"guaranteedStop": 90.0}, (89.0, 100.1), 1, 0),
        ({"trailingStopPips": 500}, (89.0, 100.1), 50, 0),
        (BOTH, (110.0, 110.2), 3, 1),
        (BOTH, (89.0, 100.1), 3, 1),
    ],
)
def test_a_leg_that_trades_cancels_what_is_left_of_its_entry(
    prices: dict[str, Any], market: tuple[float, float], size: int, left: int
) -> None:
    harness, entry = partly_filled(**prices)
    harness.tick("AAPL", *market, size=size)
    order = harness.order(entry)
    assert (order["status"], order["filledQty"], order["reason"]) == (CANCELED, 4, "OCO")
    assert entry in [told["id"] for told in harness.told("orders")]
    assert harness.account.signed_qty("AAPL") == left
    balance = harness.account.funds.balance
    harness.tick("AAPL", 99.9, 100.0, size=0)
    assert (harness.account.signed_qty("AAPL"), harness.account.funds.balance) == (left, balance)
    assert harness.account.reserved == 0


def test_an_entry_does_not_open_anew_after_its_stop_loss() -> None:
    harness = BrokerHarness()
    harness.quote("AAPL", 101.0, 101.02)
    entry = harness.place(BUY, 35, LIMIT, limitPrice=100.0, stopLoss=95.0)
    harness.tick("AAPL", 99.98, 100.0, size=12)
    for _ in range(3):
        harness.tick("AAPL", 93.0, 93.02, size=50)
    assert harness.executed() == [(12, 100.0), (12, 93.0)]
    assert (harness.account.funds.realised, harness.order(entry)["reason"]) == (-84 * 10**10, "OCO")


def test_an_entry_of_the_same_symbol_without_the_leg_goes_on() -> None:
    harness, _ = partly_filled(**BOTH)
    other = harness.place(BUY, 10, LIMIT, limitPrice=80.0, takeProfit=120.0)
    harness.tick("AAPL", 110.0, 110.2, size=50)
    assert harness.order(other)["status"] == WORKING


def test_what_fills_after_the_position_was_closed_is_protected_as_well() -> None:
    harness, _ = partly_filled(**BOTH)
    harness.close()
    harness.tick("AAPL", 99.9, 100.0, size=50)
    assert {leg["qty"] for leg in harness.legs().values()} == {6}


def test_a_bracket_that_its_owner_canceled_does_not_come_back() -> None:
    harness, entry = partly_filled(**BOTH)
    harness.cancel(harness.legs()["stop"]["id"])
    assert harness.order(entry)["stopLoss"] is None
    harness.close()
    harness.tick("AAPL", 99.9, 100.0, size=50)
    assert list(harness.legs()) == ["takeProfit"]


def test_brackets_set_on_the_position_replace_those_that_a_partly_filled_entry_asks_for() -> None:
    harness, entry = partly_filled(**BOTH)
    harness.brackets(stopLoss=80.0)
    order = harness.order(entry)
    assert (order["takeProfit"], order["stopLoss"]) == (None, None)
    assert entry in [told["id"] for told in harness.told("orders")]
    harness.tick("AAPL", 99.9, 100.0, size=50)
    assert {(leg["qty"], leg["stopPrice"]) for leg in harness.legs().values()} == {(10, 80.0)}


def test_an_entry_that_only_reduces_the_other_side_gets_no_legs() -> None:
    harness = BrokerHarness()
    harness.place(SELL, 20)
    harness.place(BUY, 10, **BOTH)
    assert harness.legs() == {}
    assert harness.account.order_count == 4


def test_a_trailing_stop_added_to_a_partly_filled_entry_follows_the_market() -> None:
    harness, entry = partly_filled()
    harness.modify(entry, trailingStopPips=100)
    assert harness.legs()["stop"]["stopPrice"] == 98.98
    harness.tick("AAPL", 105.0, 105.2, size=1)
    assert harness.legs()["stop"]["stopPrice"] == 104.0


def test_another_distance_of_a_trailing_stop_counts_from_the_best_price_so_far() -> None:
    harness = BrokerHarness()
    harness.place(BUY, 10, trailingStopPips=500)
    harness.tick("AAPL", 105.0, 105.2)
    harness.tick("AAPL", 103.0, 103.2)
    harness.modify(harness.legs()["stop"]["id"], trailingStopPips=300)
    assert harness.legs()["stop"]["stopPrice"] == 102.0
    harness.brackets(trailingStopPips=400)
    assert harness.legs()["stop"]["stopPrice"] == 101.0


def test_another_distance_that_lies_behind_the_market_is_denied() -> None:
    harness = BrokerHarness()
    harness.place(BUY, 10)
    order_id = harness.place(SELL, 10, STOP, stopType=1, trailingStopPips=500)
    harness.tick("AAPL", 105.0, 105.2)
    harness.tick("AAPL", 103.0, 103.2)
    with pytest.raises(Denied) as denied:
        harness.modify(order_id, trailingStopPips=100)
    assert denied.value.reason is Reason.STOP_PRICE_WOULD_TRIGGER_IMMEDIATELY


def test_a_stop_that_becomes_a_trailing_stop_follows_the_market() -> None:
    harness = BrokerHarness()
    harness.place(BUY, 10)
    order_id = harness.place(SELL, 10, STOP, stopPrice=90.0, stopType=0)
    harness.modify(order_id, stopType=1, trailingStopPips=100)
    harness.tick("AAPL", 105.0, 105.2)
    assert harness.order(order_id)["stopPrice"] == 104.0


def test_a_trailing_leg_below_zero_starts_at_one_tick() -> None:
    harness = BrokerHarness()
    harness.quote("AAPL", 3.00, 3.02)
    harness.place(BUY, 10, LIMIT, limitPrice=1.0, trailingStopPips=200)
    harness.tick("AAPL", 0.98, 1.00)
    assert harness.legs()["stop"]["stopPrice"] == 0.01
    harness.tick("AAPL", 4.00, 4.02)
    assert harness.legs()["stop"]["stopPrice"] == 2.0


def test_brackets_added_by_a_modification_count_as_open_orders() -> None:
    harness = BrokerHarness(Profile(limits=Limits(max_open_orders=2)))
    entry = harness.place(BUY, 10, LIMIT, limitPrice=99.0)
    with pytest.raises(Denied) as denied:
        harness.modify(entry, **BOTH)
    assert denied.value.reason is Reason.MAX_OPEN_ORDERS


@pytest.mark.parametrize("name", ["takeProfit", "stopLoss"])
def test_prices_have_an_upper_end(name: str) -> None:
    harness = BrokerHarness()
    fields: dict[str, Any] = {"limitPrice": 100.0, name: 1e14}
    with pytest.raises(Denied) as denied:
        harness.place(SELL if name == "stopLoss" else BUY, 1, LIMIT, **fields)
    assert denied.value.reason is Reason.PRICE_BAND


def test_a_trailing_stop_without_room_for_its_distance_follows_later() -> None:
    harness = BrokerHarness()
    harness.place(BUY, 10, LIMIT, limitPrice=95.0, trailingStopPips=9000)
    stops = []
    for bid in (50.0, 60.0, 150.0, 200.0):
        harness.tick("AAPL", bid, bid + 0.02)
        stops.append(harness.legs()["stop"]["stopPrice"])
    assert stops == [0.01, 0.01, 60.0, 110.0]
