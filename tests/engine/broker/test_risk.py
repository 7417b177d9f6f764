"""Margin and limits in the cases that are easily forgotten: at the fill, in a reversal, tick after tick."""

import pytest

from engine.errors import Denied, Reason
from engine.models.broker.account import Limits, Profile
from tests.engine.broker.desk import BUY, LIMIT, SELL, STOP, Desk

CANCELED, FILLED = 1, 2


def test_the_position_limit_holds_when_resting_orders_trade() -> None:
    desk = Desk(Profile(limits=Limits(max_position=100)))
    first, second = (desk.place(BUY, 60, LIMIT, limitPrice=99.0) for _ in range(2))
    desk.tick("AAPL", 98.8, 99.0)
    assert desk.order(first)["status"] == FILLED
    assert (desk.order(second)["status"], desk.order(second)["reason"]) == (CANCELED, "POSITION_LIMIT")
    assert desk.position() == (60, 99.0)


def test_a_resting_order_does_not_add_risk_after_the_daily_loss() -> None:
    desk = Desk(Profile(limits=Limits(daily_loss=1000)))
    desk.place(BUY, 100)
    resting = desk.place(BUY, 10, LIMIT, limitPrice=85.0)
    desk.tick("AAPL", 84.8, 85.0)
    assert (desk.order(resting)["status"], desk.order(resting)["reason"]) == (CANCELED, "DAILY_LOSS_LIMIT")
    desk.close()
    assert desk.position() is None


def test_a_modification_cannot_pass_the_position_limit() -> None:
    desk = Desk(Profile(limits=Limits(max_position=100)))
    order_id = desk.place(BUY, 60, LIMIT, limitPrice=99.0)
    with pytest.raises(Denied) as denied:
        desk.modify(order_id, qty=101)
    assert denied.value.reason is Reason.POSITION_LIMIT


def test_a_reversal_may_use_the_margin_that_it_frees() -> None:
    desk = Desk(balance=1500)
    desk.place(BUY, 100)
    desk.reverse()
    assert desk.position() == (-100, 99.98)


def test_a_reversal_that_needs_more_than_it_frees_is_refused() -> None:
    desk = Desk(balance=1500)
    desk.place(BUY, 100)
    assert desk.order(desk.place(SELL, 260))["reason"] == "INSUFFICIENT_MARGIN"
    assert desk.order(desk.place(SELL, 240))["status"] == FILLED


def test_the_stop_out_goes_on_with_every_tick_though_no_mark_moves() -> None:
    desk = Desk(balance=1500)
    desk.quote("MSFT", 99.98, 100.0)
    desk.place(BUY, 70)
    desk.place(BUY, 70, symbol="MSFT")
    desk.place(BUY, 1, LIMIT, limitPrice=10.0)
    desk.tick("AAPL", 82.0, 82.02)
    assert len(desk.account.positions) == 2
    desk.tick()
    assert list(desk.account.positions) == ["MSFT"]


def test_the_stop_out_waits_for_open_markets() -> None:
    desk = Desk(balance=1500)
    desk.place(BUY, 140)
    desk.quote("AAPL", 85.0, 85.02)
    desk.session = (5_000_000, 6_000_000)
    desk.tick()
    desk.tick()
    assert (desk.account.working, len(desk.account.positions)) == ({}, 1)
    desk.session = (0, 6_000_000)
    desk.tick()
    assert desk.account.positions == {}


def test_the_stop_out_closes_the_rest_while_one_market_is_halted() -> None:
    desk = Desk(Profile(leverage=10), balance=11_000)
    desk.quote("MSFT", 100.0, 100.02)
    desk.place(BUY, 500)
    desk.place(BUY, 400, symbol="MSFT")
    desk.tick("AAPL", 82.0, 82.02, size=10)
    assert (desk.position(), len(desk.account.working)) == ((490, 100.0), 1)
    desk.halted.add("AAPL")
    desk.tick("MSFT", 95.0, 95.02)
    assert (desk.position(), desk.position("MSFT")) == ((490, 100.0), None)
    desk.tick()
    assert len(desk.account.working) == 1
    desk.halted.clear()
    desk.tick("AAPL", 82.0, 82.02)
    assert desk.account.positions == {}


def test_a_margin_call_ends_with_the_last_position() -> None:
    desk = Desk(balance=1500)
    desk.place(BUY, 140)
    desk.tick("AAPL", 98.3, 98.32)
    assert desk.told("equity")[0]["message"]["type"] == "warning"
    desk.close()
    assert desk.told("equity")[-1]["message"] is None


def test_what_a_refused_trade_did_not_take_is_still_displayed() -> None:
    desk = Desk(balance=1200)
    desk.place(SELL, 5)
    refused = desk.place(BUY, 60, STOP, stopPrice=101.0)
    closing = desk.place(BUY, 5, STOP, stopPrice=102.0, isClose=True)
    desk.tick("AAPL", 299.9, 300.0, last=300.0, size=60)
    assert (desk.order(refused)["status"], desk.order(refused)["reason"]) == (CANCELED, "INSUFFICIENT_MARGIN")
    assert desk.order(closing)["status"] == FILLED
    assert desk.account.executions[-1].basis.taken == 0


def test_a_reset_with_partly_filled_orders_proves() -> None:
    desk = Desk()
    desk.quote("AAPL", 99.98, 100.0, size=4)
    desk.place(BUY, 10, takeProfit=110.0, stopLoss=90.0)
    desk.reset()
    assert (desk.account.working, desk.account.positions) == ({}, {})


def test_closing_in_a_closed_market_is_denied_like_reversing() -> None:
    desk = Desk()
    desk.place(BUY, 10)
    desk.session = (5_000_000, 6_000_000)
    for command in (desk.close, desk.reverse):
        with pytest.raises(Denied) as denied:
            command()
        assert denied.value.reason is Reason.MARKET_CLOSED


@pytest.mark.parametrize(("bid", "ask", "size"), [(99.98, 100.0, 0), (99.98, 100.0, 50)])
def test_reduce_only_trades_take_only_what_they_trade(bid: float, ask: float, size: int) -> None:
    desk = Desk()
    desk.place(BUY, 10)
    desk.quote("AAPL", bid, ask, size=size)
    desk.place(SELL, 40, isClose=True)
    assert desk.position() is None
    order = desk.order(desk.place(SELL, 40))
    assert order["filledQty"] == 40
