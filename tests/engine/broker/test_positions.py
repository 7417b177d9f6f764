"""Positions and the cascade: netting, closing, marks, and the order in which clients are told."""

from typing import Any

import pytest

from engine.errors import Denied, Missing, Reason
from engine.models.broker.account import Commission, Profile
from tests.engine.broker.desk import BUY, LIMIT, SELL, Desk


def test_the_worked_example_of_the_netting_rule() -> None:
    desk = Desk(balance=10_000)
    desk.quote("AAPL", 99.99, 100)
    desk.place(BUY, 10)
    desk.quote("AAPL", 110, 110.01)
    desk.place(SELL, 4)
    assert (desk.told("equity")[0]["realizedPL"], desk.position()) == (40, (6, 100))
    desk.quote("AAPL", 120, 120.01)
    desk.place(SELL, 11)
    assert (desk.told("equity")[0]["realizedPL"], desk.position()) == (160, (-5, 120))


@pytest.mark.parametrize("command", ["market", "resting limit", "simulator"])
def test_clients_are_told_execution_order_equity_position_in_this_order(command: str) -> None:
    desk = Desk(Profile(fill_model="simulator", is_manual=True) if command == "simulator" else None)
    if command == "resting limit":
        desk.place(BUY, 10, LIMIT, limitPrice=99.0)
        desk.tick("AAPL", 98.8, 98.9)
    else:
        desk.place(BUY, 10)
        if command == "simulator":
            assert desk.routes() == ["orders"]
            desk.execute()
    assert desk.routes()[:4] == ["executions", "orders", "equity", "positions"]


def test_an_execution_is_told_to_its_account_and_to_its_symbol() -> None:
    desk = Desk()
    desk.place(BUY, 10)
    channels = [update.channel for update in desk.result.updates if update.channel.startswith("executions")]
    assert channels == ["executions:TEST", "executions:TEST:AAPL"]


@pytest.mark.parametrize(("side", "mark", "profit"), [(BUY, 101.0, 10.0), (SELL, 101.02, -10.4)])
def test_a_moved_mark_tells_profit_and_equity_once(side: int, mark: float, profit: float) -> None:
    desk = Desk()
    desk.place(side, 10)
    desk.tick("AAPL", 101.0, 101.02)
    assert desk.told("pl") == [
        {"positions": [{"id": "AAPL", "symbol": "AAPL", "pl": profit, "price": mark}], "time": desk.now_ms}
    ]
    (state,) = desk.told("equity")
    assert (state["unrealizedPL"], state["equity"], state["balance"]) == (profit, 100_000 + profit, 100_000)


def test_a_mark_that_stands_tells_nothing() -> None:
    desk = Desk()
    desk.place(BUY, 10)
    desk.tick()
    desk.tick("AAPL", 99.98, 100.50)
    assert desk.result.updates == []


def test_many_moved_marks_are_one_equity_update() -> None:
    desk = Desk()
    desk.quote("MSFT", 400, 400.1)
    desk.place(BUY, 10)
    desk.place(BUY, 10, symbol="MSFT")
    desk.quote("MSFT", 401, 401.1)
    desk.tick("AAPL", 101, 101.1)
    assert desk.routes() == ["equity", "pl"]
    assert {row["id"] for row in desk.told("pl")[0]["positions"]} == {"AAPL", "MSFT"}


def test_one_moved_mark_tells_the_profit_of_all_positions() -> None:
    """The newest is enough for a client that missed those before."""
    desk = Desk()
    desk.quote("MSFT", 400, 400.1)
    desk.place(BUY, 10)
    desk.place(BUY, 10, symbol="MSFT")
    desk.tick("AAPL", 101, 101.1)
    assert {row["id"]: row["price"] for row in desk.told("pl")[0]["positions"]} == {"AAPL": 101, "MSFT": 400}


def test_a_full_close_is_told_with_quantity_zero_and_every_field() -> None:
    desk = Desk()
    desk.place(BUY, 10)
    keys = set(desk.told("positions")[0])
    desk.close()
    (told,) = desk.told("positions")
    assert (told["id"], told["qty"], told["side"], set(told)) == ("AAPL", 0, BUY, keys)
    assert desk.account.positions == {}


def test_a_part_closes_as_a_reduce_only_market_order() -> None:
    desk = Desk()
    desk.place(SELL, 10)
    desk.close(amount=4)
    (order,) = desk.told("orders")
    assert (order["side"], order["qty"], order["isClose"], desk.position()) == (BUY, 4, True, (-6, 99.98))


@pytest.mark.parametrize(
    ("amount", "reason"),
    [(11, Reason.QTY_RANGE), (0, Reason.QTY_RANGE), (-1, Reason.QTY_RANGE), (0.5, Reason.BAD_QTY_STEP)],
)
def test_a_close_outside_of_what_is_open_is_denied(amount: float, reason: Reason) -> None:
    desk = Desk()
    desk.place(BUY, 10)
    with pytest.raises(Denied) as denied:
        desk.close(amount=amount)
    assert (denied.value.reason, desk.position()) == (reason, (10, 100))


def test_a_position_that_is_not_there_is_missing() -> None:
    with pytest.raises(Missing) as missing:
        Desk().close()
    assert missing.value.reason is Reason.UNKNOWN_POSITION


def test_repeated_closes_never_flip_the_position() -> None:
    desk = Desk(Profile(fill_model="simulator", is_manual=True))
    desk.place(BUY, 10)
    desk.execute()
    for amount in (None, None, 7):
        desk.close(amount=amount)
    desk.execute()
    assert desk.account.positions == {}
    assert [(order.filled, int(order.status)) for order in desk.account.final.values()][1:] == [(10, 2), (0, 1), (0, 1)]
    assert {order.reason for order in desk.account.final.values()} == {None, "REDUCE_ONLY_VIOLATION"}


def test_a_resting_close_shrinks_with_the_position() -> None:
    desk = Desk()
    desk.place(BUY, 10)
    closing = desk.place(SELL, 10, LIMIT, limitPrice=105.0, isClose=True)
    desk.place(SELL, 4)
    assert desk.order(closing)["qty"] == 6


@pytest.mark.parametrize("fields", [{"side": BUY}, {"side": SELL}])
def test_a_reduce_only_order_without_anything_to_reduce_is_rejected(fields: dict[str, Any]) -> None:
    desk = Desk()
    order_id = desk.place(qty=5, isClose=True, **fields)
    assert desk.order(order_id)["reason"] == "REDUCE_ONLY_VIOLATION"


def test_margin_is_the_notional_times_the_larger_rate() -> None:
    desk = Desk()
    desk.quote("EURUSD", 1.08, 1.0801)
    desk.place(BUY, 100)
    desk.place(SELL, 10_000, symbol="EURUSD")
    (state,) = desk.told("equity")
    assert state["marginUsed"] == pytest.approx(100 * 99.98 * 0.1 + 10_000 * 1.0801 * 0.1, abs=0.01)
    assert state["marginAvailable"] == pytest.approx(state["equity"] - state["marginUsed"], abs=0.01)


def test_commission_lowers_balance_and_shows_on_execution_and_order() -> None:
    desk = Desk(Profile(commission=Commission(per_trade=2.5)))
    desk.place(BUY, 10)
    execution, order, state = desk.told("executions")[0], desk.told("orders")[0], desk.told("equity")[0]
    assert (execution["commission"], execution["netAmount"]) == (2.5, -1002.5)
    assert (order["commission"], state["balance"], state["commission"]) == (2.5, 99_997.5, 2.5)
