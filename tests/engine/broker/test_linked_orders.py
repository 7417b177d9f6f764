"""Two linked orders, of which one cancels the other, with and without a position."""

from typing import Any

import pytest

from engine.broker.order import OrderRequest
from engine.errors import Denied, Reason
from engine.models.broker.orders import PreOrder
from tests.engine.broker.harness import BUY, LIMIT, MARKET, SELL, STOP, BrokerHarness

CANCELED, FILLED, REJECTED, WORKING = 1, 2, 5, 6
TARGET: dict[str, Any] = {"type": LIMIT, "limitPrice": 110.0}
STOP_LOSS: dict[str, Any] = {"type": STOP, "stopPrice": 90.0}


def place_linked(harness: BrokerHarness, *orders: dict[str, Any], **common: Any) -> list[str]:
    """Place two linked sell orders of 10 AAPL."""
    fields = {"symbol": "AAPL", "side": SELL, "qty": 10} | common
    requests = [OrderRequest.read(PreOrder.model_validate(fields | one), harness.instruments["AAPL"]) for one in orders]
    return harness.run(lambda txn: harness.broker.place_linked(txn, harness.account, requests))


def states(harness: BrokerHarness, order_ids: list[str]) -> list[tuple[int, float, str | None]]:
    orders = [harness.order(order_id) for order_id in order_ids]
    return [(one["status"], one["filledQty"], one["reason"]) for one in orders]


@pytest.mark.parametrize(
    ("bid", "expected"),
    [
        (110.0, [(FILLED, 10, None), (CANCELED, 0, "OCO")]),
        (89.0, [(CANCELED, 0, "OCO"), (FILLED, 10, None)]),
    ],
)
def test_order_that_trades_cancels_the_other(bid: float, expected: Any) -> None:
    harness = BrokerHarness()
    order_ids = place_linked(harness, TARGET, STOP_LOSS)
    harness.tick("AAPL", bid, bid + 0.02)
    assert states(harness, order_ids) == expected
    assert harness.position() == (-10, bid)


def test_partial_trade_shrinks_the_other() -> None:
    harness = BrokerHarness()
    order_ids = place_linked(harness, TARGET, STOP_LOSS)
    harness.tick("AAPL", 110.0, 110.02, size=4)
    assert [harness.order(one)["qty"] for one in order_ids] == [10, 6]
    harness.tick("AAPL", 89.0, 89.02)
    assert states(harness, order_ids) == [(CANCELED, 4, "OCO"), (FILLED, 6, None)]


def test_canceling_one_cancels_the_other() -> None:
    harness = BrokerHarness()
    order_ids = place_linked(harness, TARGET, STOP_LOSS)
    harness.cancel(order_ids[1])
    assert [one[0] for one in states(harness, order_ids)] == [CANCELED, CANCELED]


def test_order_that_trades_at_once_cancels_the_other() -> None:
    harness = BrokerHarness()
    order_ids = place_linked(harness, {"type": LIMIT, "limitPrice": 99.0}, STOP_LOSS)
    assert [one[0] for one in states(harness, order_ids)] == [FILLED, CANCELED]


def test_both_are_rejected_when_one_is_refused() -> None:
    harness = BrokerHarness()
    order_ids = place_linked(harness, TARGET, {"type": STOP, "stopPrice": 120.0})
    reason = "STOP_PRICE_WOULD_TRIGGER_IMMEDIATELY"
    assert states(harness, order_ids) == [(REJECTED, 0, reason), (REJECTED, 0, reason)]


@pytest.mark.parametrize(
    "second",
    [
        STOP_LOSS | {"side": BUY, "stopPrice": 120.0},
        STOP_LOSS | {"qty": 5},
        STOP_LOSS | {"takeProfit": 80.0},
        {"type": MARKET, "duration": {"type": "IOC"}},
    ],
)
def test_orders_that_differ_cannot_be_linked(second: dict[str, Any]) -> None:
    harness = BrokerHarness()
    with pytest.raises(Denied) as denied:
        place_linked(harness, TARGET, second)
    assert denied.value.reason is Reason.UNSUPPORTED_COMBINATION


def test_price_of_a_linked_order_changes_and_its_quantity_does_not() -> None:
    harness = BrokerHarness()
    first, _ = place_linked(harness, TARGET, STOP_LOSS)
    harness.modify(first, limitPrice=111.0)
    with pytest.raises(Denied):
        harness.modify(first, qty=20)


def test_repeated_client_ids_return_the_first_orders() -> None:
    harness = BrokerHarness()
    orders = (TARGET | {"clientOrderId": "a"}, STOP_LOSS | {"clientOrderId": "b"})
    order_ids = place_linked(harness, *orders)
    assert place_linked(harness, *orders) == order_ids
    with pytest.raises(Denied):
        place_linked(harness, orders[0], STOP_LOSS)


def test_links_outlive_a_restart() -> None:
    harness = BrokerHarness()
    order_ids = place_linked(harness, TARGET, STOP_LOSS)
    harness.restart()
    harness.tick("AAPL", 110.0, 110.02)
    assert [one[0] for one in states(harness, order_ids)] == [FILLED, CANCELED]
