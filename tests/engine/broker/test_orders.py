"""The life of an order: acceptance, triggers, fills, modification, cancellation, refusal."""

from itertools import pairwise
from typing import Any

import pytest

from engine.errors import Denied, Missing, Reason
from engine.models.broker.account import Profile
from tests.engine.broker.harness import BUY, LIMIT, MARKET, SELL, STOP, STOP_LIMIT, BrokerHarness

FILLED, WORKING, CANCELED, REJECTED = 2, 6, 1, 5
SIMULATOR = Profile(fill_model="simulator", is_manual=True)


@pytest.mark.parametrize(
    ("side", "kind", "fields", "price", "maker"),
    [
        (BUY, MARKET, {}, 100.00, False),
        (SELL, MARKET, {}, 99.98, False),
        (BUY, MARKET, {"limitPrice": 50.0, "seenPrice": 51.0}, 100.00, False),
        (BUY, LIMIT, {"limitPrice": 100.00}, 100.00, False),
        (BUY, LIMIT, {"limitPrice": 101.00}, 100.00, False),
        (SELL, LIMIT, {"limitPrice": 99.98}, 99.98, False),
        (SELL, LIMIT, {"limitPrice": 98.00}, 99.98, False),
    ],
)
def test_a_marketable_order_fills_on_arrival_at_the_opposite_quote(
    side: int, kind: Any, fields: dict[str, Any], price: float, maker: bool
) -> None:
    harness = BrokerHarness()
    order = harness.order(harness.place(side, 10, kind, **fields))
    (execution,) = harness.told("executions")
    assert (order["status"], order["filledQty"], order["avgPrice"]) == (FILLED, 10, price)
    assert (execution["price"], execution["maker"]) == (price, maker)


@pytest.mark.parametrize(
    ("side", "limit", "far", "touch"),
    [(BUY, 99.0, (99.00, 99.01), (98.50, 98.90)), (SELL, 101.0, (100.98, 100.99), (101.20, 101.30))],
)
def test_a_resting_limit_trades_at_its_own_price_as_maker(
    side: int, limit: float, far: tuple[float, float], touch: tuple[float, float]
) -> None:
    harness = BrokerHarness()
    order_id = harness.place(side, 10, LIMIT, limitPrice=limit)
    harness.tick("AAPL", *far)
    assert harness.order(order_id)["status"] == WORKING
    harness.tick("AAPL", *touch)
    (execution,) = harness.told("executions")
    assert (execution["price"], execution["maker"]) == (limit, True)


@pytest.mark.parametrize(
    ("side", "stop", "quiet", "reached", "price"),
    [
        (BUY, 101.0, (100.99, 101.01, 100.99), (101.00, 101.04, 101.00), 101.04),
        (SELL, 99.0, (99.00, 99.02, 99.01), (98.96, 99.02, 99.00), 98.96),
    ],
)
def test_a_stop_trades_at_the_market_of_the_tick_that_triggers_it(
    side: int, stop: float, quiet: Any, reached: Any, price: float
) -> None:
    harness = BrokerHarness()
    order_id = harness.place(side, 10, STOP, stopPrice=stop)
    harness.tick("AAPL", *quiet)
    assert harness.order(order_id)["status"] == WORKING
    harness.tick("AAPL", *reached)
    assert harness.told("executions")[0]["price"] == price


def test_forex_stops_watch_the_side_that_fills() -> None:
    harness = BrokerHarness()
    harness.quote("EURUSD", 1.08, 1.0801)
    order_id = harness.place(BUY, 1000, STOP, "EURUSD", stopPrice=1.081)
    harness.tick("EURUSD", 1.0808, 1.081, 1.0809)
    assert harness.order(order_id)["avgPrice"] == 1.081


def test_a_triggered_stop_limit_rests_even_when_the_price_returns() -> None:
    harness = BrokerHarness()
    order_id = harness.place(BUY, 10, STOP_LIMIT, stopPrice=101.0, limitPrice=101.01)
    harness.tick("AAPL", 101.10, 101.12)
    assert (harness.order(order_id)["status"], harness.account.order(order_id).is_triggered) == (WORKING, True)
    harness.tick("AAPL", 100.50, 100.52)
    assert harness.told("executions")[0]["price"] == 101.01


@pytest.mark.parametrize(("side", "stop"), [(BUY, 99.98), (BUY, 99.0), (SELL, 99.98), (SELL, 101.0)])
def test_a_stop_through_the_market_is_rejected_and_kept(side: int, stop: float) -> None:
    harness = BrokerHarness()
    order_id = harness.place(side, 10, STOP, stopPrice=stop)
    (told,) = harness.told("orders")
    assert told == harness.order(order_id)
    assert (told["status"], told["reason"]) == (REJECTED, "STOP_PRICE_WOULD_TRIGGER_IMMEDIATELY")


def test_an_order_takes_what_is_displayed_and_the_rest_waits_for_the_next_quote() -> None:
    harness = BrokerHarness()
    harness.quote("AAPL", 99.98, 100.00, size=30)
    order_id = harness.place(BUY, 1000)
    harness.tick()
    assert (harness.order(order_id)["filledQty"], harness.order(order_id)["status"]) == (30, WORKING)
    harness.tick("AAPL", 100.00, 100.10, size=2000)
    assert (harness.order(order_id)["filledQty"], harness.order(order_id)["status"]) == (1000, FILLED)
    assert harness.order(order_id)["avgPrice"] == pytest.approx((30 * 100 + 970 * 100.1) / 1000)


def test_two_orders_share_one_displayed_size() -> None:
    harness = BrokerHarness()
    harness.quote("AAPL", 99.98, 100.00, size=30)
    first, second = harness.place(BUY, 20), harness.place(BUY, 20)
    assert (harness.order(first)["filledQty"], harness.order(second)["filledQty"]) == (20, 10)


def test_orders_of_one_price_trade_in_the_order_of_their_arrival() -> None:
    harness = BrokerHarness()
    ids = [harness.place(BUY, 10, LIMIT, limitPrice=price) for price in (99.0, 99.5, 99.0)]
    harness.tick("AAPL", 98.9, 99.0)
    assert [told["orderId"] for told in harness.told("executions")] == [ids[1], ids[0], ids[2]]


@pytest.mark.parametrize(
    ("request_fields", "reason"),
    [
        ({"qty": 1.5}, Reason.BAD_QTY_STEP),
        ({"qty": 0}, Reason.QTY_RANGE),
        ({"qty": -10}, Reason.QTY_RANGE),
        ({"qty": 1_000_001}, Reason.QTY_RANGE),
        ({"kind": LIMIT}, Reason.PRICE_REQUIRED),
        ({"kind": STOP}, Reason.PRICE_REQUIRED),
        ({"kind": STOP_LIMIT, "stopPrice": 101.0}, Reason.PRICE_REQUIRED),
        ({"kind": LIMIT, "limitPrice": 100.005}, Reason.BAD_PRICE_TICK),
        ({"kind": LIMIT, "limitPrice": 0}, Reason.PRICE_BAND),
        ({"kind": LIMIT, "limitPrice": -5.0}, Reason.PRICE_BAND),
        ({"kind": LIMIT, "limitPrice": 900_000.0, "qty": 1_000_000}, Reason.NOTIONAL_RANGE),
        ({"stopType": 1}, Reason.UNSUPPORTED_COMBINATION),
        ({"kind": STOP_LIMIT, "stopType": 2, "stopPrice": 101, "limitPrice": 101}, Reason.UNSUPPORTED_COMBINATION),
        ({"duration": {"type": "FOREVER"}}, Reason.UNSUPPORTED_COMBINATION),
        ({"duration": {"type": "GTD"}}, Reason.UNSUPPORTED_COMBINATION),
        ({"duration": {"type": "GTD", "datetime": 5}}, Reason.UNSUPPORTED_COMBINATION),
        ({"kind": STOP, "stopPrice": 101.0, "duration": {"type": "IOC"}}, Reason.UNSUPPORTED_COMBINATION),
        ({"kind": STOP, "stopPrice": 101.0, "duration": {"type": "FOK"}}, Reason.UNSUPPORTED_COMBINATION),
        ({"postOnly": True}, Reason.UNSUPPORTED_COMBINATION),
        (
            {"kind": LIMIT, "limitPrice": 99.0, "postOnly": True, "duration": {"type": "IOC"}},
            Reason.UNSUPPORTED_COMBINATION,
        ),
        ({"kind": STOP, "stopType": 1}, Reason.PRICE_REQUIRED),
        ({"kind": STOP, "stopType": 1, "trailingStopPips": 0.5}, Reason.BAD_PRICE_TICK),
        ({"isClose": True, "stopLoss": 90.0}, Reason.UNSUPPORTED_COMBINATION),
    ],
)
def test_what_is_wrong_on_its_face_is_denied_and_changes_nothing(
    request_fields: dict[str, Any], reason: Reason
) -> None:
    harness = BrokerHarness()
    before = len(harness.events)
    with pytest.raises(Denied) as denied:
        harness.place(**{"side": BUY, "qty": 1, **request_fields})
    assert denied.value.reason is reason
    assert (len(harness.events), harness.account.working, harness.account.order_count) == (before, {}, 0)


@pytest.mark.parametrize("qty", [0.1, 0.3, 1e-8, 999.99999999])
def test_fractional_quantities_come_back_as_they_went_in(qty: float) -> None:
    harness = BrokerHarness()
    harness.quote("BTCUSD", 60000, 60005)
    assert harness.order(harness.place(BUY, qty, LIMIT, "BTCUSD", limitPrice=50000))["qty"] == qty


def test_a_modification_moves_price_and_quantity_and_is_told() -> None:
    harness = BrokerHarness()
    order_id = harness.place(BUY, 10, LIMIT, limitPrice=99.0)
    harness.modify(order_id, limitPrice=98.0, qty=20)
    (told,) = harness.told("orders")
    assert (told["id"], told["limitPrice"], told["qty"], told["status"]) == (order_id, 98.0, 20, WORKING)
    harness.tick("AAPL", 98.4, 98.5)
    assert harness.order(order_id)["status"] == WORKING


def test_a_modification_to_the_market_trades_at_once() -> None:
    harness = BrokerHarness()
    order_id = harness.place(BUY, 10, LIMIT, limitPrice=99.0)
    harness.modify(order_id, limitPrice=100.5)
    assert harness.order(order_id)["avgPrice"] == 100.0


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"qty": 30}, Reason.QTY_RANGE),
        ({"qty": 29}, Reason.QTY_RANGE),
        ({"side": SELL}, Reason.UNSUPPORTED_COMBINATION),
        ({"symbol": "MSFT"}, Reason.UNSUPPORTED_COMBINATION),
        ({"type": STOP, "stopPrice": 105.0}, Reason.UNSUPPORTED_COMBINATION),
        ({"clientOrderId": "another"}, Reason.UNSUPPORTED_COMBINATION),
        ({"limitPrice": None}, Reason.PRICE_REQUIRED),
        ({"limitPrice": 100.001}, Reason.BAD_PRICE_TICK),
    ],
)
def test_a_bad_modification_is_denied_and_changes_nothing(changes: dict[str, Any], reason: Reason) -> None:
    harness = BrokerHarness()
    harness.quote("AAPL", 99.98, 100.00, size=30)
    order_id = harness.place(BUY, 1000, LIMIT, limitPrice=100.0)
    before = harness.order(order_id)
    with pytest.raises(Denied) as denied:
        harness.modify(order_id, **changes)
    assert (denied.value.reason, harness.order(order_id)) == (reason, before)


def test_a_canceled_order_is_told_and_never_trades() -> None:
    harness = BrokerHarness()
    order_id = harness.place(BUY, 10, LIMIT, limitPrice=99.0)
    harness.cancel(order_id)
    assert harness.told("orders")[0]["status"] == CANCELED
    harness.tick("AAPL", 98.0, 98.1)
    assert harness.told("executions") == []


@pytest.mark.parametrize("command", ["cancel", "modify"])
def test_a_final_order_never_changes_again(command: str) -> None:
    harness = BrokerHarness()
    order_id = harness.place(BUY, 10)
    with pytest.raises(Denied) as denied:
        harness.cancel(order_id) if command == "cancel" else harness.modify(order_id, qty=20)
    assert denied.value.reason is Reason.ORDER_FINAL


def test_an_order_that_is_not_there_is_missing() -> None:
    with pytest.raises(Missing) as missing:
        BrokerHarness().cancel("ORDER-7")
    assert missing.value.reason is Reason.UNKNOWN_ORDER


@pytest.mark.parametrize(
    ("kind", "fields", "price"),
    [
        (LIMIT, {"limitPrice": 55.5}, 55.5),
        (STOP, {"stopPrice": 44.4}, 44.4),
        (STOP_LIMIT, {"stopPrice": 44.4, "limitPrice": 44.5}, 44.5),
        (MARKET, {"limitPrice": 33.3, "seenPrice": 22.2}, 33.3),
        (MARKET, {"seenPrice": 22.222}, 22.22),
        (MARKET, {}, 100.0),
    ],
)
def test_the_simulator_executes_at_the_orders_own_price(kind: Any, fields: dict[str, Any], price: float) -> None:
    harness = BrokerHarness(SIMULATOR)
    order_id = harness.place(BUY, 10, kind, **fields)
    assert harness.order(order_id)["status"] == WORKING
    harness.execute()
    assert (harness.order(order_id)["status"], harness.order(order_id)["avgPrice"]) == (FILLED, price)


def test_the_simulator_executes_one_order_every_one_to_two_seconds() -> None:
    harness = BrokerHarness(Profile(fill_model="simulator"))
    for _ in range(20):
        harness.place(BUY, 1)
    times = []
    while harness.account.working:
        harness.now_ms += 10
        harness.tick()
        times += [told["time"] for told in harness.told("executions")]
    gaps = [later - earlier for earlier, later in pairwise(times)]
    assert len(times) == 20
    assert 1000 <= min(gaps) <= max(gaps) <= 2010


def test_a_fixed_execution_delay_is_kept() -> None:
    harness = BrokerHarness(Profile(fill_model="simulator", execution_delay=0.5))
    harness.place(BUY, 1)
    harness.tick()
    harness.now_ms += 499
    harness.tick()
    assert harness.told("executions") == []
    harness.now_ms += 1
    harness.tick()
    assert len(harness.told("executions")) == 1
