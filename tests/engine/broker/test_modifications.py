"""Modifications: the fields that may change, the checks that hold for them, priority, latency."""

from typing import Any

import pytest
from pydantic import ValidationError

from engine.errors import Denied, Reason
from engine.models.broker.account import Profile
from engine.models.broker.orders import OrderChange
from tests.engine.broker.harness import BUY, LIMIT, SELL, STOP, BrokerHarness

CANCELED, FILLED, REJECTED, WORKING = 1, 2, 5, 6


@pytest.mark.parametrize("kind", ["IOC", "FOK"])
def test_a_resting_order_cannot_become_immediate(kind: str) -> None:
    harness = BrokerHarness()
    harness.quote("AAPL", 99.98, 100.0, size=4)
    order_id = harness.place(BUY, 10, LIMIT, limitPrice=99.0)
    with pytest.raises(Denied) as denied:
        harness.modify(order_id, limitPrice=100.0, duration={"type": kind})
    assert denied.value.reason is Reason.UNSUPPORTED_COMBINATION


def test_an_order_that_becomes_post_only_does_not_take() -> None:
    harness = BrokerHarness()
    order_id = harness.place(BUY, 10, LIMIT, limitPrice=99.0)
    with pytest.raises(Denied) as denied:
        harness.modify(order_id, limitPrice=100.0, postOnly=True)
    assert denied.value.reason is Reason.WOULD_MATCH_IMMEDIATELY


@pytest.mark.parametrize(
    "change",
    [{"duration": {"type": "DAY"}}, {"postOnly": True}, {"customFields": {"note": "x"}}],
)
def test_a_change_of_duration_post_only_or_notes_is_a_change(change: dict[str, Any]) -> None:
    harness = BrokerHarness()
    order_id = harness.place(BUY, 10, LIMIT, limitPrice=99.0)
    harness.modify(order_id, **change)
    (told,) = harness.told("orders")
    name, value = next(iter(change.items()))
    assert told[name] == ({"type": "DAY", "datetime": None} if name == "duration" else value)


ENTRY: dict[str, Any] = {
    "limitPrice": 99.0,
    "takeProfit": 110.0,
    "stopLoss": 90.0,
    "duration": {"type": "DAY", "datetime": None},
    "seenPrice": 99.5,
    "currentQuotes": {"ask": 100.0, "bid": 99.98},
    "postOnly": True,
    "clientOrderId": "mine",
    "customFields": {"note": "x"},
}
NOT_SENT = ("id", "status", "filledQty", "avgPrice", "createTime", "updateTime", "message", "reason", "commission")


@pytest.mark.parametrize("name", ["takeProfit", "stopLoss", *list(ENTRY)[3:]])
@pytest.mark.parametrize("is_removed", [False, True], ids=["absent", "null"])
def test_an_absent_field_keeps_its_value_and_null_removes_it(name: str, is_removed: bool) -> None:
    harness = BrokerHarness()
    order_id = harness.place(BUY, 10, LIMIT, **ENTRY)
    before = harness.order(order_id)
    harness.modify(order_id, limitPrice=98.0, **({name: None} if is_removed else {}))
    changes = {"limitPrice": 98.0, "updateTime": harness.now_ms, "revision": 1} | ({name: None} if is_removed else {})
    assert harness.order(order_id) == before | changes
    legs = {"takeProfit", "stop"} - ({{"stopLoss": "stop"}.get(name, name)} if is_removed else set())
    assert set(harness.legs()) == legs
    harness.restart()
    assert harness.order(order_id) == before | changes


@pytest.mark.parametrize(
    ("kind", "fields", "change", "after"),
    [
        (STOP, {"stopPrice": 90.0, "stopType": 2}, {"stopPrice": 91.0}, {"stopType": 2, "stopPrice": 91.0}),
        (STOP, {"stopPrice": 90.0, "stopType": 2}, {"stopType": None}, {"stopType": None, "stopPrice": 90.0}),
        (STOP, {"stopType": 1, "trailingStopPips": 100}, {"qty": 5}, {"stopPrice": 98.98, "trailingStopPips": 100}),
        (LIMIT, {"limitPrice": 101.0, "isClose": True}, {"limitPrice": 102.0}, {"isClose": True}),
        (LIMIT, {"limitPrice": 101.0, "isClose": True}, {"isClose": None}, {"isClose": None}),
    ],
)
def test_the_rule_holds_for_orders_that_reduce(
    kind: Any, fields: dict[str, Any], change: dict[str, Any], after: dict[str, Any]
) -> None:
    harness = BrokerHarness()
    harness.place(BUY, 10)
    order_id = harness.place(SELL, 10, kind, **fields)
    harness.modify(order_id, **change)
    order = harness.order(order_id)
    assert {name: order[name] for name in after} == after


@pytest.mark.parametrize(("is_close", "end"), [(True, None), (None, -10)])
def test_a_modified_order_reduces_only_while_it_says_so(is_close: bool | None, end: float | None) -> None:
    harness = BrokerHarness()
    harness.place(BUY, 10)
    order_id = harness.place(SELL, 20, LIMIT, limitPrice=105.0, isClose=not is_close)
    harness.modify(order_id, isClose=is_close, qty=20)
    assert harness.order(order_id)["qty"] == (10 if is_close else 20)
    harness.tick("AAPL", 105.0, 105.2)
    assert (harness.position() or (None,))[0] == end


def test_an_order_without_anything_to_reduce_cannot_become_one_that_reduces() -> None:
    harness = BrokerHarness()
    order_id = harness.place(BUY, 10, LIMIT, limitPrice=99.0)
    with pytest.raises(Denied) as denied:
        harness.modify(order_id, isClose=True)
    assert denied.value.reason is Reason.REDUCE_ONLY_VIOLATION


@pytest.mark.parametrize("name", ["symbol", "type", "side", "qty"])
def test_what_every_order_has_cannot_be_removed(name: str) -> None:
    with pytest.raises(ValidationError):
        OrderChange.model_validate({name: None})


@pytest.mark.parametrize("is_whole", [False, True], ids=["empty", "whole"])
@pytest.mark.parametrize(
    ("kind", "fields"),
    [
        (LIMIT, ENTRY),
        (STOP, {"stopPrice": 105.0}),
        (STOP, {"stopType": 1, "trailingStopPips": 50}),
        (LIMIT, {"limitPrice": 99.0, "duration": {"type": "GTD", "datetime": 1_003_000}}),
    ],
)
def test_a_modify_that_changes_nothing_is_confirmed(kind: Any, fields: dict[str, Any], is_whole: bool) -> None:
    harness = BrokerHarness()
    order_id = harness.place(BUY, 10, kind, **fields)
    legs = harness.legs()
    # The market has moved: as a new order, it might be refused.
    harness.tick("AAPL", 99.4, 99.42)
    before = harness.order(order_id)
    sent = {name: value for name, value in before.items() if name not in NOT_SENT} if is_whole else {}
    harness.modify(order_id, **sent)
    (told,) = harness.told("orders")
    assert told == before | {"updateTime": harness.now_ms}
    assert harness.legs() == legs


def test_a_modify_that_changes_nothing_keeps_the_orders_turn_and_takes_nothing() -> None:
    harness = BrokerHarness()
    first, second = (harness.place(BUY, 10, LIMIT, limitPrice=99.0) for _ in range(2))
    harness.tick("AAPL", 98.9, 99.0, size=4)
    harness.modify(first)
    assert harness.order(first)["filledQty"] == 4
    harness.tick("AAPL", 98.9, 99.0, size=4)
    assert (harness.order(first)["filledQty"], harness.order(second)["filledQty"]) == (8, 0)


@pytest.mark.parametrize("name", ["takeProfit", "stop"])
def test_a_bracket_is_modified_by_its_price_or_its_whole_order(name: str) -> None:
    harness = BrokerHarness()
    entry = harness.place(BUY, 10, LIMIT, limitPrice=99.0, takeProfit=110.0, stopLoss=90.0)
    leg = harness.legs()[name]
    price = {"takeProfit": "limitPrice", "stop": "stopPrice"}[name]
    original = {field: leg[field] for field in ("symbol", "type", "side", "qty", "limitPrice", "stopPrice")}
    harness.modify(leg["id"], **original | {price: leg[price] + 1, "stopType": None})
    moved = harness.legs()[name]
    assert (moved[price], moved["stopType"], moved["isClose"]) == (leg[price] + 1, leg["stopType"], True)
    assert harness.order(entry)["takeProfit" if name == "takeProfit" else "stopLoss"] == leg[price] + 1
    harness.modify(leg["id"])
    assert harness.told("orders")[0]["id"] == leg["id"]
    with pytest.raises(Denied) as denied:
        harness.modify(leg["id"], duration={"type": "DAY"})
    assert denied.value.reason is Reason.UNSUPPORTED_COMBINATION


def test_the_original_clients_whole_order_keeps_what_it_does_not_name() -> None:
    """Its body has prices and stopType, null where unset, and nothing else."""
    harness = BrokerHarness()
    order_id = harness.place(BUY, 10, LIMIT, **ENTRY)
    before = harness.order(order_id)
    prices = {"limitPrice": 98.5, "stopPrice": None, "stopType": None}
    harness.modify(order_id, symbol="AAPL", type=LIMIT, side=BUY, qty=12, **prices)
    changes = {"limitPrice": 98.5, "qty": 12, "updateTime": harness.now_ms, "revision": 1}
    assert harness.order(order_id) == before | changes


def test_a_part_fill_keeps_the_orders_turn() -> None:
    harness = BrokerHarness()
    first, second = (harness.place(BUY, 10, LIMIT, limitPrice=99.0) for _ in range(2))
    harness.tick("AAPL", 98.9, 99.0, size=4)
    harness.tick("AAPL", 98.9, 99.0, size=4)
    assert (harness.order(first)["filledQty"], harness.order(second)["filledQty"]) == (8, 0)


def test_another_price_loses_the_orders_turn() -> None:
    harness = BrokerHarness()
    first, second = (harness.place(BUY, 10, LIMIT, limitPrice=99.0) for _ in range(2))
    harness.modify(first, limitPrice=98.0)
    harness.modify(first, limitPrice=99.0)
    harness.tick("AAPL", 98.9, 99.0, size=4)
    assert (harness.order(first)["filledQty"], harness.order(second)["filledQty"]) == (0, 4)


def test_all_or_nothing_also_for_what_only_reduces() -> None:
    harness = BrokerHarness()
    harness.place(BUY, 10)
    order = harness.order(harness.place(SELL, 20, isClose=True, duration={"type": "FOK"}))
    assert (order["status"], order["filledQty"], order["reason"]) == (REJECTED, 0, "REDUCE_ONLY_VIOLATION")


def test_a_late_order_takes_when_it_arrives() -> None:
    harness = BrokerHarness(Profile(latency_ms=300))
    order_id = harness.place(BUY, 10, LIMIT, limitPrice=101.0)
    harness.tick("AAPL", 99.98, 100.00)
    assert harness.order(order_id)["filledQty"] == 0
    harness.tick("AAPL", 99.98, 100.00)
    (execution,) = harness.told("executions")
    assert (execution["price"], execution["maker"]) == (100.0, False)


def test_a_late_order_that_rested_is_a_maker() -> None:
    harness = BrokerHarness(Profile(latency_ms=300))
    harness.place(BUY, 10, LIMIT, limitPrice=99.5)
    for _ in range(3):
        harness.tick("AAPL", 99.98, 100.00)
    harness.tick("AAPL", 99.0, 99.02)
    (execution,) = harness.told("executions")
    assert (execution["price"], execution["maker"]) == (99.5, True)


def test_a_late_post_only_order_does_not_take() -> None:
    harness = BrokerHarness(Profile(latency_ms=300))
    order_id = harness.place(BUY, 10, LIMIT, limitPrice=99.5, postOnly=True)
    harness.tick("AAPL", 99.0, 99.02)
    harness.tick("AAPL", 99.0, 99.02)
    order = harness.order(order_id)
    assert (order["status"], order["reason"]) == (CANCELED, "WOULD_MATCH_IMMEDIATELY")


@pytest.mark.parametrize(
    ("qty", "reserved"),
    [
        (14, 99 * 8 / 10),  # open are 10, of which 2 close what is left of the short position
        (40, 99 * 34 / 10),
        (6, 0),  # the 2 that are open only close
    ],
)
def test_a_modified_part_fill_across_a_position_holds_back_the_margin_of_what_it_opens(
    qty: float, reserved: float
) -> None:
    harness = BrokerHarness()
    harness.place(SELL, 6)
    order_id = harness.place(BUY, 30, LIMIT, limitPrice=99.0)
    harness.tick("AAPL", 98.9, 99.0, size=4)
    assert harness.position() == (-2, 99.98)
    harness.modify(order_id, qty=qty)
    assert harness.account.reserved == round(reserved * 10**10)
    harness.modify(order_id, customFields={"note": "the same again"})
    assert harness.account.reserved == round(reserved * 10**10)


def test_what_is_held_back_goes_with_what_trades_after_a_modification() -> None:
    harness = BrokerHarness()
    order_id = harness.place(BUY, 30, LIMIT, limitPrice=99.0)
    harness.tick("AAPL", 98.9, 99.0, size=4)
    harness.modify(order_id, qty=24)
    harness.tick("AAPL", 98.9, 99.0, size=5)
    assert (harness.order(order_id)["filledQty"], harness.account.reserved) == (9, round(15 * 9.9 * 10**10))


def test_a_bracket_moved_on_a_modified_part_fill_leaves_its_margin_alone() -> None:
    harness = BrokerHarness()
    entry = harness.place(BUY, 30, LIMIT, limitPrice=99.0, takeProfit=110.0)
    harness.tick("AAPL", 98.9, 99.0, size=4)
    harness.modify(entry, qty=24)
    held = harness.account.reserved
    harness.modify(harness.legs()["takeProfit"]["id"], qty=4, limitPrice=111.0)
    assert (harness.order(entry)["takeProfit"], harness.account.reserved) == (111.0, held)
