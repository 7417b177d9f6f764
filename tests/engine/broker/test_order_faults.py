"""Faults of orders: rejected, filled in part, late. The ledger is checked after each command and tick."""

from typing import Any

import pytest

from engine.broker.order import OrderRequest
from engine.errors import Denied
from engine.faults import FaultTable
from engine.models.broker.account import Profile
from engine.models.broker.orders import OrderType, PreOrder
from engine.models.control.faults import FaultRequest
from tests.engine.broker.harness import BUY, LIMIT, MARKET, SELL, STOP, BrokerHarness
from tests.support import ManualClock

CANCELED, FILLED, REJECTED, WORKING = 1, 2, 5, 6
REJECT = {"reject": {"reason": "NO_LIQUIDITY", "message": "the venue is busy"}}


def faults_of(*rules: dict[str, Any]) -> FaultTable:
    table = FaultTable(1, ManualClock())
    table.replace([FaultRequest.model_validate({"stage": "order"} | rule) for rule in rules])
    return table


def place(
    harness: BrokerHarness, faults: FaultTable, side: int, qty: float, kind: OrderType = MARKET, **fields: Any
) -> str:
    """Place an order that meets faults; returns its id."""
    sent = PreOrder.model_validate({"symbol": "AAPL", "type": kind, "side": side, "qty": qty, **fields})
    request = OrderRequest.read(sent, harness.instruments[sent.symbol])
    return harness.run(lambda txn: harness.broker.place_order(txn, harness.account, request, faults))


@pytest.mark.parametrize(
    ("do", "kind", "fields", "status", "filled", "reason"),
    [
        (REJECT, MARKET, {}, REJECTED, 0, "NO_LIQUIDITY"),
        ({"fill": {"qty": 4}}, MARKET, {}, WORKING, 4, None),
        ({"fill": {"qty": 0}}, MARKET, {}, WORKING, 0, None),
        ({"fill": {"qty": 4.7}}, MARKET, {}, WORKING, 4, None),
        ({"fill": {"qty": 99}}, MARKET, {}, FILLED, 10, None),
        ({"fill": {"qty": 4, "then": "cancel"}}, MARKET, {}, CANCELED, 4, "FAULT"),
        ({"fill": {"qty": 0, "then": "cancel"}}, LIMIT, {"limitPrice": 90.0}, CANCELED, 0, "FAULT"),
        ({"fill": {"qty": 4}}, LIMIT, {"limitPrice": 100.0, "duration": {"type": "IOC"}}, WORKING, 4, None),
        ({"fill": {"qty": 4}}, LIMIT, {"limitPrice": 90.0}, WORKING, 0, None),
        ({"delay": {"ms": 1000}}, MARKET, {}, WORKING, 0, None),
    ],
)
def test_fault_decides_about_an_accepted_order(
    do: dict[str, Any], kind: OrderType, fields: dict[str, Any], status: int, filled: float, reason: str | None
) -> None:
    harness = BrokerHarness()
    order = harness.order(place(harness, faults_of({"do": do}), BUY, 10, kind, **fields))
    assert (order["status"], order["filledQty"], order["reason"]) == (status, filled, reason)


@pytest.mark.parametrize(
    ("match", "is_hit"),
    [
        ({"symbol": "AAPL", "side": 1, "type": 2, "account": "TEST", "clientOrderId": "bot-*"}, True),
        ({"symbol": "MSFT"}, False),
        ({"side": -1}, False),
        ({"type": 1}, False),
        ({"clientOrderId": "other-*"}, False),
    ],
)
def test_fault_meets_the_orders_that_it_matches(match: dict[str, Any], is_hit: bool) -> None:
    harness = BrokerHarness()
    order_id = place(harness, faults_of({"match": match, "do": REJECT}), BUY, 10, clientOrderId="bot-7")
    assert (harness.order(order_id)["status"] == REJECTED) == is_hit


def test_stalled_order_trades_no_more_and_can_be_canceled() -> None:
    harness = BrokerHarness()
    order_id = place(harness, faults_of({"do": {"fill": {"qty": 4}}}), BUY, 10, LIMIT, limitPrice=100.0)
    harness.tick("AAPL", 90.0, 90.1)
    assert harness.order(order_id)["filledQty"] == 4
    assert harness.position() == (4, 100.0)
    harness.cancel(order_id)
    assert harness.order(order_id)["status"] == CANCELED


def test_simulator_executes_the_orders_beside_a_stalled_one() -> None:
    harness = BrokerHarness(Profile(fill_model="simulator"))
    place(harness, faults_of({"do": {"fill": {"qty": 0}}}), BUY, 10)
    order_ids = [harness.place(BUY, 10) for _ in range(8)]
    for _ in range(60):
        harness.now_ms += 1000
        harness.tick()
    assert [harness.order(order_id)["status"] for order_id in order_ids] == [FILLED] * 8


def test_stop_order_stalls_after_its_trigger() -> None:
    harness = BrokerHarness()
    order_id = place(harness, faults_of({"do": {"fill": {"qty": 3, "then": "cancel"}}}), BUY, 10, STOP, stopPrice=101.0)
    assert harness.order(order_id)["status"] == WORKING
    harness.tick("AAPL", 101.0, 101.02)
    order = harness.order(order_id)
    assert (order["status"], order["filledQty"]) == (CANCELED, 3)


def test_stalled_reduce_only_order_outlives_its_position() -> None:
    harness = BrokerHarness()
    harness.place(BUY, 10)
    order_id = place(harness, faults_of({"do": {"fill": {"qty": 4}}}), SELL, 10, isClose=True)
    harness.tick()
    assert harness.position() == (6, 100.0)
    assert harness.order(order_id)["status"] == WORKING


def test_delayed_order_trades_when_market_time_has_passed() -> None:
    harness = BrokerHarness()
    order_id = place(harness, faults_of({"do": {"delay": {"ms": 1000}}}), BUY, 10)
    harness.tick("AAPL", 100.98, 101.0)
    assert harness.order(order_id)["filledQty"] == 0
    harness.now_ms += 1000
    harness.tick()
    assert harness.executed() == [(10, 101.0)]


def test_stall_survives_a_restart() -> None:
    harness = BrokerHarness()
    order_id = place(harness, faults_of({"do": {"fill": {"qty": 4}}}), BUY, 10)
    harness.restart()
    harness.tick()
    assert harness.order(order_id)["filledQty"] == 4


def test_denied_and_refused_and_repeated_orders_meet_no_fault() -> None:
    harness, faults = BrokerHarness(), faults_of({"do": {"fill": {"qty": 1}}})
    with pytest.raises(Denied):
        place(harness, faults, BUY, 0.5)
    place(harness, faults, BUY, 1_000_000)
    first = place(harness, faults, BUY, 10, clientOrderId="bot-1")
    assert place(harness, faults, BUY, 10, clientOrderId="bot-1") == first
    assert [rule.applied for rule in faults.rules()] == [1]
