"""What a modification may change, and what it must not get around; priority; latency."""

from typing import Any

import pytest

from engine.errors import Denied, Reason
from engine.models.broker.account import Profile
from tests.engine.broker.desk import BUY, LIMIT, SELL, Desk

CANCELED, FILLED, REJECTED, WORKING = 1, 2, 5, 6


@pytest.mark.parametrize("kind", ["IOC", "FOK"])
def test_a_resting_order_cannot_become_immediate(kind: str) -> None:
    desk = Desk()
    desk.quote("AAPL", 99.98, 100.0, size=4)
    order_id = desk.place(BUY, 10, LIMIT, limitPrice=99.0)
    with pytest.raises(Denied) as denied:
        desk.modify(order_id, limitPrice=100.0, duration={"type": kind})
    assert denied.value.reason is Reason.UNSUPPORTED_COMBINATION


def test_an_order_that_becomes_post_only_does_not_take() -> None:
    desk = Desk()
    order_id = desk.place(BUY, 10, LIMIT, limitPrice=99.0)
    with pytest.raises(Denied) as denied:
        desk.modify(order_id, limitPrice=100.0, postOnly=True)
    assert denied.value.reason is Reason.WOULD_MATCH_IMMEDIATELY


@pytest.mark.parametrize(
    "change",
    [{"duration": {"type": "DAY"}}, {"postOnly": True}, {"customFields": {"note": "x"}}],
)
def test_a_change_of_duration_post_only_or_notes_is_a_change(change: dict[str, Any]) -> None:
    desk = Desk()
    order_id = desk.place(BUY, 10, LIMIT, limitPrice=99.0)
    desk.modify(order_id, **change)
    (told,) = desk.told("orders")
    name, value = next(iter(change.items()))
    assert told[name] == ({"type": "DAY", "datetime": None} if name == "duration" else value)


def test_a_part_fill_keeps_the_orders_turn() -> None:
    desk = Desk()
    first, second = (desk.place(BUY, 10, LIMIT, limitPrice=99.0) for _ in range(2))
    desk.tick("AAPL", 98.9, 99.0, size=4)
    desk.tick("AAPL", 98.9, 99.0, size=4)
    assert (desk.order(first)["filledQty"], desk.order(second)["filledQty"]) == (8, 0)


def test_another_price_loses_the_orders_turn() -> None:
    desk = Desk()
    first, second = (desk.place(BUY, 10, LIMIT, limitPrice=99.0) for _ in range(2))
    desk.modify(first, limitPrice=98.0)
    desk.modify(first, limitPrice=99.0)
    desk.tick("AAPL", 98.9, 99.0, size=4)
    assert (desk.order(first)["filledQty"], desk.order(second)["filledQty"]) == (0, 4)


def test_all_or_nothing_also_for_what_only_reduces() -> None:
    desk = Desk()
    desk.place(BUY, 10)
    order = desk.order(desk.place(SELL, 20, isClose=True, duration={"type": "FOK"}))
    assert (order["status"], order["filledQty"], order["reason"]) == (REJECTED, 0, "REDUCE_ONLY_VIOLATION")


def test_a_late_order_takes_when_it_arrives() -> None:
    desk = Desk(Profile(latency_ms=300))
    order_id = desk.place(BUY, 10, LIMIT, limitPrice=101.0)
    desk.tick("AAPL", 99.98, 100.00)
    assert desk.order(order_id)["filledQty"] == 0
    desk.tick("AAPL", 99.98, 100.00)
    (execution,) = desk.told("executions")
    assert (execution["price"], execution["maker"]) == (100.0, False)


def test_a_late_order_that_rested_is_a_maker() -> None:
    desk = Desk(Profile(latency_ms=300))
    desk.place(BUY, 10, LIMIT, limitPrice=99.5)
    for _ in range(3):
        desk.tick("AAPL", 99.98, 100.00)
    desk.tick("AAPL", 99.0, 99.02)
    (execution,) = desk.told("executions")
    assert (execution["price"], execution["maker"]) == (99.5, True)


def test_a_late_post_only_order_does_not_take() -> None:
    desk = Desk(Profile(latency_ms=300))
    order_id = desk.place(BUY, 10, LIMIT, limitPrice=99.5, postOnly=True)
    desk.tick("AAPL", 99.0, 99.02)
    desk.tick("AAPL", 99.0, 99.02)
    order = desk.order(order_id)
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
    desk = Desk()
    desk.place(SELL, 6)
    order_id = desk.place(BUY, 30, LIMIT, limitPrice=99.0)
    desk.tick("AAPL", 98.9, 99.0, size=4)
    assert desk.position() == (-2, 99.98)
    desk.modify(order_id, qty=qty)
    assert desk.account.reserved == round(reserved * 10**10)
    desk.modify(order_id, customFields={"note": "the same again"})
    assert desk.account.reserved == round(reserved * 10**10)


def test_what_is_held_back_goes_with_what_trades_after_a_modification() -> None:
    desk = Desk()
    order_id = desk.place(BUY, 30, LIMIT, limitPrice=99.0)
    desk.tick("AAPL", 98.9, 99.0, size=4)
    desk.modify(order_id, qty=24)
    desk.tick("AAPL", 98.9, 99.0, size=5)
    assert (desk.order(order_id)["filledQty"], desk.account.reserved) == (9, round(15 * 9.9 * 10**10))


def test_a_bracket_moved_on_a_modified_part_fill_leaves_its_margin_alone() -> None:
    desk = Desk()
    entry = desk.place(BUY, 30, LIMIT, limitPrice=99.0, takeProfit=110.0)
    desk.tick("AAPL", 98.9, 99.0, size=4)
    desk.modify(entry, qty=24)
    held = desk.account.reserved
    desk.modify(desk.legs()["takeProfit"]["id"], qty=4, limitPrice=111.0)
    assert (desk.order(entry)["takeProfit"], desk.account.reserved) == (111.0, held)
