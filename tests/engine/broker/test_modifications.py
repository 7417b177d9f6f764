"""Modifications: the fields that may change, the checks that hold for them, priority, latency."""

from typing import Any

import pytest

from engine.errors import Denied, Reason
from engine.models.broker.account import Profile
from tests.engine.broker.harness import BUY, LIMIT, SELL, BrokerHarness

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
