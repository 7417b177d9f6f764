"""Brackets in the cases that are easily forgotten: entries that fill in parts, later modifications, trailing legs."""

from typing import Any

import pytest

from engine.errors import Denied, Reason
from engine.models.broker.account import Limits, Profile
from tests.engine.broker.desk import BUY, LIMIT, SELL, STOP, Desk

CANCELED, FILLED, WORKING = 1, 2, 6
BOTH: dict[str, Any] = {"takeProfit": 110.0, "stopLoss": 90.0}


def partly_filled(**prices: Any) -> tuple[Desk, str]:
    """A buy of 10 at 100 of which 4 are filled."""
    desk = Desk()
    desk.quote("AAPL", 99.98, 100.00, size=4)
    return desk, desk.place(BUY, 10, LIMIT, limitPrice=100.0, **prices)


def test_what_fills_after_the_legs_have_traded_gets_legs_of_its_own() -> None:
    desk, _ = partly_filled(**BOTH)
    first = desk.legs()["takeProfit"]["id"]
    desk.tick("AAPL", 110.0, 110.2, size=50)
    assert (desk.order(first)["status"], desk.legs(), desk.position()) == (FILLED, {}, None)
    desk.tick("AAPL", 99.9, 100.0, size=50)
    assert {(leg["qty"], leg["status"], leg["parentId"]) for leg in desk.legs().values()} == {(6, WORKING, "AAPL")}
    assert (desk.legs()["takeProfit"]["limitPrice"], desk.legs()["stop"]["stopPrice"]) == (110.0, 90.0)
    desk.tick("AAPL", 110.0, 110.2, size=50)
    assert (desk.position(), desk.legs()) == (None, {})


def test_what_fills_after_the_position_was_closed_is_protected_as_well() -> None:
    desk, _ = partly_filled(**BOTH)
    desk.close()
    desk.tick("AAPL", 99.9, 100.0, size=50)
    assert {leg["qty"] for leg in desk.legs().values()} == {6}


def test_a_bracket_that_its_owner_canceled_does_not_come_back() -> None:
    desk, entry = partly_filled(**BOTH)
    desk.cancel(desk.legs()["stop"]["id"])
    assert desk.order(entry)["stopLoss"] is None
    desk.close()
    desk.tick("AAPL", 99.9, 100.0, size=50)
    assert list(desk.legs()) == ["takeProfit"]


def test_brackets_set_on_the_position_replace_those_that_a_partly_filled_entry_asks_for() -> None:
    desk, entry = partly_filled(**BOTH)
    desk.brackets(stopLoss=80.0)
    order = desk.order(entry)
    assert (order["takeProfit"], order["stopLoss"]) == (None, None)
    assert entry in [told["id"] for told in desk.told("orders")]
    desk.tick("AAPL", 99.9, 100.0, size=50)
    assert {(leg["qty"], leg["stopPrice"]) for leg in desk.legs().values()} == {(10, 80.0)}


def test_an_entry_that_only_reduces_the_other_side_gets_no_legs() -> None:
    desk = Desk()
    desk.place(SELL, 20)
    desk.place(BUY, 10, **BOTH)
    assert desk.legs() == {}
    assert desk.account.order_count == 4


def test_a_trailing_stop_added_to_a_partly_filled_entry_follows_the_market() -> None:
    desk, entry = partly_filled()
    desk.modify(entry, trailingStopPips=100)
    assert desk.legs()["stop"]["stopPrice"] == 98.98
    desk.tick("AAPL", 105.0, 105.2, size=1)
    assert desk.legs()["stop"]["stopPrice"] == 104.0


def test_another_distance_of_a_trailing_stop_counts_from_the_best_price_so_far() -> None:
    desk = Desk()
    desk.place(BUY, 10, trailingStopPips=500)
    desk.tick("AAPL", 105.0, 105.2)
    desk.tick("AAPL", 103.0, 103.2)
    desk.modify(desk.legs()["stop"]["id"], trailingStopPips=300)
    assert desk.legs()["stop"]["stopPrice"] == 102.0
    desk.brackets(trailingStopPips=400)
    assert desk.legs()["stop"]["stopPrice"] == 101.0


def test_another_distance_that_lies_behind_the_market_is_denied() -> None:
    desk = Desk()
    desk.place(BUY, 10)
    order_id = desk.place(SELL, 10, STOP, stopType=1, trailingStopPips=500)
    desk.tick("AAPL", 105.0, 105.2)
    desk.tick("AAPL", 103.0, 103.2)
    with pytest.raises(Denied) as denied:
        desk.modify(order_id, trailingStopPips=100)
    assert denied.value.reason is Reason.STOP_PRICE_WOULD_TRIGGER_IMMEDIATELY


def test_a_stop_that_becomes_a_trailing_stop_follows_the_market() -> None:
    desk = Desk()
    desk.place(BUY, 10)
    order_id = desk.place(SELL, 10, STOP, stopPrice=90.0, stopType=0)
    desk.modify(order_id, stopType=1, trailingStopPips=100)
    desk.tick("AAPL", 105.0, 105.2)
    assert desk.order(order_id)["stopPrice"] == 104.0


def test_a_trailing_leg_below_zero_starts_at_one_tick() -> None:
    desk = Desk()
    desk.quote("AAPL", 3.00, 3.02)
    desk.place(BUY, 10, LIMIT, limitPrice=1.0, trailingStopPips=200)
    desk.tick("AAPL", 0.98, 1.00)
    assert desk.legs()["stop"]["stopPrice"] == 0.01
    desk.tick("AAPL", 4.00, 4.02)
    assert desk.legs()["stop"]["stopPrice"] == 2.0


def test_brackets_added_by_a_modification_count_as_open_orders() -> None:
    desk = Desk(Profile(limits=Limits(max_open_orders=2)))
    entry = desk.place(BUY, 10, LIMIT, limitPrice=99.0)
    with pytest.raises(Denied) as denied:
        desk.modify(entry, **BOTH)
    assert denied.value.reason is Reason.MAX_OPEN_ORDERS


@pytest.mark.parametrize("name", ["takeProfit", "stopLoss"])
def test_prices_have_an_upper_end(name: str) -> None:
    desk = Desk()
    fields: dict[str, Any] = {"limitPrice": 100.0, name: 1e14}
    with pytest.raises(Denied) as denied:
        desk.place(SELL if name == "stopLoss" else BUY, 1, LIMIT, **fields)
    assert denied.value.reason is Reason.PRICE_BAND


def test_a_trailing_stop_without_room_for_its_distance_follows_later() -> None:
    desk = Desk()
    desk.place(BUY, 10, LIMIT, limitPrice=95.0, trailingStopPips=9000)
    stops = []
    for bid in (50.0, 60.0, 150.0, 200.0):
        desk.tick("AAPL", bid, bid + 0.02)
        stops.append(desk.legs()["stop"]["stopPrice"])
    assert stops == [0.01, 0.01, 60.0, 110.0]
