"""Brackets: section by section, with the numbers of the rules."""

from typing import Any

import pytest

from engine.errors import Denied, Reason
from engine.models.broker.account import Profile
from tests.engine.broker.harness import BUY, LIMIT, SELL, STOP, BrokerHarness

CANCELED, FILLED, INACTIVE, WORKING = 1, 2, 3, 6
BOTH: dict[str, Any] = {"takeProfit": 110.0, "stopLoss": 90.0}


def leg_state(leg: dict[str, Any]) -> tuple[int, float, str, int]:
    return leg["status"], leg["qty"], leg["parentId"], leg["parentType"]


def test_an_entry_creates_inactive_children_on_the_other_side() -> None:
    harness = BrokerHarness()
    entry = harness.place(BUY, 10, LIMIT, limitPrice=99.0, **BOTH)
    legs = harness.legs()
    assert leg_state(legs["takeProfit"]) == leg_state(legs["stop"]) == (INACTIVE, 10, entry, 1)
    assert (legs["takeProfit"]["side"], legs["takeProfit"]["limitPrice"]) == (SELL, 110.0)
    assert (legs["stop"]["side"], legs["stop"]["stopPrice"]) == (SELL, 90.0)
    assert len(harness.told("orders")) == 3


def test_inactive_children_never_trade() -> None:
    harness = BrokerHarness()
    harness.place(BUY, 10, LIMIT, limitPrice=99.0, **BOTH)
    harness.tick("AAPL", 111.0, 111.1)
    harness.tick("AAPL", 111.0, 111.1)
    assert harness.told("executions") == []


def test_the_children_of_a_filled_entry_work_for_the_position_and_are_told_last() -> None:
    harness = BrokerHarness()
    entry = harness.place(BUY, 10, **BOTH)
    legs = harness.legs()
    assert leg_state(legs["takeProfit"]) == leg_state(legs["stop"]) == (WORKING, 10, "AAPL", 2)
    assert harness.routes() == ["executions", "orders", "equity", "positions", "orders", "orders"]
    assert harness.told("orders")[0]["id"] == entry
    assert (harness.told("positions")[0]["takeProfit"], harness.told("positions")[0]["stopLoss"]) == (110.0, 90.0)


def test_children_grow_with_a_partly_filled_entry() -> None:
    harness = BrokerHarness()
    harness.quote("AAPL", 99.98, 100.00, size=4)
    harness.place(BUY, 10, **BOTH)
    assert harness.legs()["takeProfit"]["qty"] == 4
    harness.tick("AAPL", 99.99, 100.01, size=4)
    assert (harness.legs()["takeProfit"]["qty"], harness.legs()["stop"]["qty"]) == (8, 8)


@pytest.mark.parametrize(
    ("prices", "traded", "price"), [((110.0, 110.2), "takeProfit", 110.0), ((89.9, 90.0), "stop", 89.9)]
)
def test_the_leg_that_traded_is_filled_and_the_other_canceled(
    prices: tuple[float, float], traded: str, price: float
) -> None:
    harness = BrokerHarness()
    harness.place(BUY, 10, **BOTH)
    legs = {name: leg["id"] for name, leg in harness.legs().items()}
    harness.tick("AAPL", *prices)
    other = "stop" if traded == "takeProfit" else "takeProfit"
    assert (harness.order(legs[traded])["status"], harness.told("executions")[0]["price"]) == (FILLED, price)
    assert (harness.order(legs[other])["status"], harness.order(legs[other])["reason"]) == (CANCELED, "OCO")
    assert harness.account.positions == {}


def test_a_leg_partly_filled_shrinks_its_sibling_to_what_remains() -> None:
    harness = BrokerHarness()
    harness.place(BUY, 10, **BOTH)
    harness.tick("AAPL", 110.0, 110.2, size=3)
    assert (harness.legs()["takeProfit"]["filledQty"], harness.legs()["stop"]["qty"]) == (3, 7)


@pytest.mark.parametrize(("amount", "left"), [(4, 6), (None, None)])
def test_children_shrink_and_die_with_the_position(amount: float | None, left: float | None) -> None:
    harness = BrokerHarness()
    harness.place(BUY, 10, **BOTH)
    ids = [leg["id"] for leg in harness.legs().values()]
    harness.close(amount=amount)
    if left is not None:
        assert {leg["qty"] for leg in harness.legs().values()} == {left}
    else:
        assert {harness.order(order_id)["status"] for order_id in ids} == {CANCELED}
        assert {harness.order(order_id)["reason"] for order_id in ids} == {"PARENT_CANCELED"}


def test_children_are_canceled_with_their_parent() -> None:
    harness = BrokerHarness()
    entry = harness.place(BUY, 10, LIMIT, limitPrice=99.0, **BOTH)
    ids = [leg["id"] for leg in harness.legs().values()]
    harness.cancel(entry)
    assert {harness.order(order_id)["reason"] for order_id in ids} == {"PARENT_CANCELED"}
    assert len(harness.told("orders")) == 3


def test_a_rejected_entry_has_no_children() -> None:
    harness = BrokerHarness(balance=10)
    harness.place(BUY, 1000, takeProfit=110.0)
    assert harness.legs() == {}


@pytest.mark.parametrize(
    ("side", "prices", "reason"),
    [
        (BUY, {"takeProfit": 100.0}, Reason.OCO_BAD_PRICES),
        (BUY, {"takeProfit": 99.0}, Reason.OCO_BAD_PRICES),
        (BUY, {"stopLoss": 100.0}, Reason.OCO_BAD_PRICES),
        (BUY, {"stopLoss": 101.0}, Reason.OCO_BAD_PRICES),
        (BUY, {"guaranteedStop": 101.0}, Reason.OCO_BAD_PRICES),
        (SELL, {"takeProfit": 99.98}, Reason.OCO_BAD_PRICES),
        (SELL, {"stopLoss": 99.98}, Reason.OCO_BAD_PRICES),
        (BUY, {"takeProfit": 110.001}, Reason.BAD_PRICE_TICK),
        (BUY, {"stopLoss": 90.0, "guaranteedStop": 90.0}, Reason.UNSUPPORTED_COMBINATION),
        (BUY, {"stopLoss": 90.0, "stopLossLimit": 89.0, "guaranteedStop": 90.0}, Reason.UNSUPPORTED_COMBINATION),
        (BUY, {"stopLoss": 101.0, "stopLossLimit": 89.0}, Reason.OCO_BAD_PRICES),
        (BUY, {"stopLossLimit": 89.0}, Reason.PRICE_REQUIRED),
        (BUY, {"stopLoss": 90.0, "stopLossLimit": 89.001}, Reason.BAD_PRICE_TICK),
        (BUY, {"stopLoss": 90.0, "stopLossLimit": 0.0}, Reason.PRICE_BAND),
        (BUY, {"stopLoss": 90.0, "trailingStopPips": 10}, Reason.UNSUPPORTED_COMBINATION),
    ],
)
def test_bracket_prices_lie_on_their_side_of_the_reference(side: int, prices: Any, reason: Reason) -> None:
    harness = BrokerHarness()
    with pytest.raises(Denied) as denied:
        harness.place(side, 10, **prices)
    assert (denied.value.reason, harness.account.order_count) == (reason, 0)


@pytest.mark.parametrize(
    ("side", "prices"),
    [
        (BUY, {"takeProfit": 100.01, "stopLoss": 99.99}),
        (SELL, {"takeProfit": 99.97, "stopLoss": 99.99}),
    ],
)
def test_one_tick_away_is_enough(side: int, prices: Any) -> None:
    harness = BrokerHarness()
    harness.place(side, 10, **prices)
    assert harness.position() is not None


@pytest.mark.parametrize("kind", [LIMIT, STOP])
def test_the_reference_of_a_priced_entry_is_its_own_price(kind: Any) -> None:
    harness = BrokerHarness()
    own: dict[str, Any] = {"limitPrice": 90.0} if kind is LIMIT else {"stopPrice": 120.0}
    away = 91.0 if kind is LIMIT else 121.0
    harness.place(BUY, 10, kind, takeProfit=away, **own)
    assert harness.legs()["takeProfit"]["limitPrice"] == away


def test_modifying_the_entry_moves_adds_and_removes_its_children() -> None:
    harness = BrokerHarness()
    entry = harness.place(BUY, 10, LIMIT, limitPrice=99.0, **BOTH)
    stop_id = harness.legs()["stop"]["id"]
    harness.modify(entry, takeProfit=111.0, stopLoss=None)
    assert harness.legs()["takeProfit"]["limitPrice"] == 111.0
    assert (harness.order(stop_id)["status"], "stop" in harness.legs()) == (CANCELED, False)
    harness.modify(entry, guaranteedStop=80.0, qty=20)
    assert (harness.legs()["stop"]["stopPrice"], harness.legs()["stop"]["stopType"], harness.legs()["stop"]["qty"]) == (
        80,
        2,
        20,
    )
    assert harness.legs()["takeProfit"]["qty"] == 20


def test_a_child_that_is_moved_shows_on_its_entry() -> None:
    harness = BrokerHarness()
    entry = harness.place(BUY, 10, LIMIT, limitPrice=99.0, **BOTH)
    harness.modify(harness.legs()["takeProfit"]["id"], limitPrice=115.0)
    assert harness.order(entry)["takeProfit"] == 115.0
    assert entry in [told["id"] for told in harness.told("orders")]


def test_a_child_that_is_moved_shows_on_its_position() -> None:
    harness = BrokerHarness()
    harness.place(BUY, 10, **BOTH)
    harness.modify(harness.legs()["stop"]["id"], stopPrice=95.0)
    assert harness.told("positions")[0]["stopLoss"] == 95.0


def test_a_child_that_is_canceled_disappears_from_its_parent() -> None:
    harness = BrokerHarness()
    entry = harness.place(BUY, 10, LIMIT, limitPrice=99.0, **BOTH)
    harness.cancel(harness.legs()["takeProfit"]["id"])
    assert (harness.order(entry)["takeProfit"], harness.order(entry)["stopLoss"]) == (None, 90.0)
    assert "stop" in harness.legs()


def test_position_brackets_are_created_moved_and_removed() -> None:
    harness = BrokerHarness()
    harness.place(BUY, 10)
    harness.brackets(takeProfit=120.0, stopLoss=80.0)
    assert leg_state(harness.legs()["takeProfit"]) == (WORKING, 10, "AAPL", 2)
    assert (harness.told("positions")[0]["takeProfit"], harness.told("positions")[0]["stopLoss"]) == (120.0, 80.0)
    first = harness.legs()["takeProfit"]["id"]
    harness.brackets(takeProfit=121.0, stopLoss=80.0)
    assert (harness.legs()["takeProfit"]["id"], harness.legs()["takeProfit"]["limitPrice"]) == (first, 121.0)
    harness.brackets(takeProfit=121.0)
    assert list(harness.legs()) == ["takeProfit"]
    harness.brackets()
    assert (harness.legs(), harness.told("positions")[0]["takeProfit"]) == ({}, None)


def test_a_positions_own_brackets_follow_its_quantity_up_and_down() -> None:
    harness = BrokerHarness()
    harness.place(BUY, 10)
    harness.brackets(takeProfit=120.0, stopLoss=80.0)
    harness.place(BUY, 5)
    assert {leg["qty"] for leg in harness.legs().values()} == {15}
    harness.close(amount=12)
    assert {leg["qty"] for leg in harness.legs().values()} == {3}


def test_position_brackets_touch_only_their_own_position() -> None:
    harness = BrokerHarness()
    harness.place(BUY, 10)
    own = harness.place(SELL, 5, LIMIT, limitPrice=150.0)
    harness.brackets(takeProfit=120.0)
    harness.brackets(takeProfit=125.0)
    assert harness.order(own)["status"] == WORKING


@pytest.mark.parametrize("prices", [{"takeProfit": 120.0}, {}])
def test_unchanged_position_brackets_are_confirmed(prices: dict[str, Any]) -> None:
    harness = BrokerHarness()
    harness.place(BUY, 10)
    harness.brackets(**prices)
    harness.brackets(**prices)
    (told,) = harness.told("positions")
    assert (harness.result.events, told["qty"], told["takeProfit"]) == ((), 10, prices.get("takeProfit"))


def test_moved_position_brackets_keep_the_notes_of_their_order() -> None:
    harness = BrokerHarness()
    harness.place(BUY, 10)
    harness.brackets(takeProfit=120.0)
    leg_id = harness.legs()["takeProfit"]["id"]
    harness.modify(leg_id, customFields={"note": "x"})
    harness.brackets(takeProfit=121.0)
    leg = harness.order(leg_id)
    assert (leg["limitPrice"], leg["customFields"], leg["qty"]) == (121.0, {"note": "x"}, 10)


def test_editing_a_position_takes_over_the_brackets_of_its_entries() -> None:
    harness = BrokerHarness()
    harness.place(BUY, 10, **BOTH)
    harness.place(BUY, 10, takeProfit=115.0, stopLoss=85.0)
    harness.brackets(takeProfit=130.0, stopLoss=70.0)
    assert len([o for o in harness.account.working.values() if o.parent]) == 2
    assert {leg["qty"] for leg in harness.legs().values()} == {20}


def test_a_trailing_bracket_starts_at_the_market_of_the_entrys_fill_and_follows() -> None:
    harness = BrokerHarness()
    harness.place(BUY, 10, LIMIT, limitPrice=99.0, trailingStopPips=100)
    harness.tick("AAPL", 98.0, 98.2)
    assert harness.legs()["stop"]["stopPrice"] == 97.0
    harness.tick("AAPL", 105.0, 105.2)
    assert harness.legs()["stop"]["stopPrice"] == 104.0
    harness.tick("AAPL", 103.9, 104.1)
    assert harness.account.positions == {}


def test_brackets_of_two_entries_close_their_own_quantities() -> None:
    harness = BrokerHarness()
    harness.place(BUY, 10, **BOTH)
    harness.place(BUY, 5, takeProfit=105.0)
    harness.tick("AAPL", 105.0, 105.1)
    assert harness.position() == (10, 100.0)
    assert {leg["qty"] for leg in harness.legs().values()} == {10}


def test_a_flip_cancels_the_brackets_of_the_old_side() -> None:
    harness = BrokerHarness()
    harness.place(BUY, 10, **BOTH)
    harness.place(SELL, 25)
    assert (harness.legs(), harness.position()) == ({}, (-15, 99.98))


def test_the_simulator_executes_brackets_too() -> None:
    harness = BrokerHarness(Profile(fill_model="simulator", is_manual=True))
    harness.place(BUY, 10, LIMIT, limitPrice=50.0, takeProfit=60.0, stopLoss=40.0)
    harness.execute()
    harness.execute()
    assert harness.account.positions == {}
    assert harness.account.funds.realised > 0
