"""Margin and limits in rare cases: at the fill, in a reversal, tick after tick."""

import pytest

from engine.errors import Denied, Reason
from engine.models.broker.account import Limits, Profile
from tests.engine.broker.harness import BUY, LIMIT, SELL, STOP, BrokerHarness

CANCELED, FILLED = 1, 2


def test_the_position_limit_holds_when_resting_orders_trade() -> None:
    harness = BrokerHarness(Profile(limits=Limits(max_position=100)))
    first, second = (harness.place(BUY, 60, LIMIT, limitPrice=99.0) for _ in range(2))
    harness.tick("AAPL", 98.8, 99.0)
    assert harness.order(first)["status"] == FILLED
    assert (harness.order(second)["status"], harness.order(second)["reason"]) == (CANCELED, "POSITION_LIMIT")
    assert harness.position() == (60, 99.0)


def test_a_resting_order_does_not_add_risk_after_the_daily_loss() -> None:
    harness = BrokerHarness(Profile(limits=Limits(daily_loss=1000)))
    harness.place(BUY, 100)
    resting = harness.place(BUY, 10, LIMIT, limitPrice=85.0)
    harness.tick("AAPL", 84.8, 85.0)
    assert (harness.order(resting)["status"], harness.order(resting)["reason"]) == (CANCELED, "DAILY_LOSS_LIMIT")
    harness.close()
    assert harness.position() is None


def test_a_modification_cannot_pass_the_position_limit() -> None:
    harness = BrokerHarness(Profile(limits=Limits(max_position=100)))
    order_id = harness.place(BUY, 60, LIMIT, limitPrice=99.0)
    with pytest.raises(Denied) as denied:
        harness.modify(order_id, qty=101)
    assert denied.value.reason is Reason.POSITION_LIMIT


def test_a_reversal_may_use_the_margin_that_it_frees() -> None:
    harness = BrokerHarness(balance=1500)
    harness.place(BUY, 100)
    harness.reverse()
    assert harness.position() == (-100, 99.98)


def test_a_reversal_that_needs_more_than_it_frees_is_refused() -> None:
    harness = BrokerHarness(balance=1500)
    harness.place(BUY, 100)
    assert harness.order(harness.place(SELL, 260))["reason"] == "INSUFFICIENT_MARGIN"
    assert harness.order(harness.place(SELL, 240))["status"] == FILLED


def test_the_stop_out_goes_on_with_every_tick_though_no_mark_moves() -> None:
    harness = BrokerHarness(balance=1500)
    harness.quote("MSFT", 99.98, 100.0)
    harness.place(BUY, 70)
    harness.place(BUY, 70, symbol="MSFT")
    harness.place(BUY, 1, LIMIT, limitPrice=10.0)
    harness.tick("AAPL", 82.0, 82.02)
    assert len(harness.account.positions) == 2
    harness.tick()
    assert list(harness.account.positions) == ["MSFT"]


def test_the_stop_out_waits_for_open_markets() -> None:
    harness = BrokerHarness(balance=1500)
    harness.place(BUY, 140)
    harness.quote("AAPL", 85.0, 85.02)
    harness.session = (5_000_000, 6_000_000)
    harness.tick()
    harness.tick()
    assert (harness.account.working, len(harness.account.positions)) == ({}, 1)
    harness.session = (0, 6_000_000)
    harness.tick()
    assert harness.account.positions == {}


def test_the_stop_out_closes_the_rest_while_one_market_is_halted() -> None:
    harness = BrokerHarness(Profile(leverage=10), balance=11_000)
    harness.quote("MSFT", 100.0, 100.02)
    harness.place(BUY, 500)
    harness.place(BUY, 400, symbol="MSFT")
    harness.tick("AAPL", 82.0, 82.02, size=10)
    assert (harness.position(), len(harness.account.working)) == ((490, 100.0), 1)
    harness.halted.add("AAPL")
    harness.tick("MSFT", 95.0, 95.02)
    assert (harness.position(), harness.position("MSFT")) == ((490, 100.0), None)
    harness.tick()
    assert len(harness.account.working) == 1
    harness.halted.clear()
    harness.tick("AAPL", 82.0, 82.02)
    assert harness.account.positions == {}


def test_a_margin_call_ends_with_the_last_position() -> None:
    harness = BrokerHarness(balance=1500)
    harness.place(BUY, 140)
    harness.tick("AAPL", 98.3, 98.32)
    assert harness.told("equity")[0]["message"]["type"] == "warning"
    harness.close()
    assert harness.told("equity")[-1]["message"] is None


def test_what_a_refused_trade_did_not_take_is_still_displayed() -> None:
    harness = BrokerHarness(balance=1200)
    harness.place(SELL, 5)
    refused = harness.place(BUY, 60, STOP, stopPrice=101.0)
    closing = harness.place(BUY, 5, STOP, stopPrice=102.0, isClose=True)
    harness.tick("AAPL", 299.9, 300.0, last=300.0, size=60)
    assert (harness.order(refused)["status"], harness.order(refused)["reason"]) == (CANCELED, "INSUFFICIENT_MARGIN")
    assert harness.order(closing)["status"] == FILLED
    assert harness.account.executions[-1].basis.taken == 0


def test_a_reset_with_partly_filled_orders_proves() -> None:
    harness = BrokerHarness()
    harness.quote("AAPL", 99.98, 100.0, size=4)
    harness.place(BUY, 10, takeProfit=110.0, stopLoss=90.0)
    harness.reset()
    assert (harness.account.working, harness.account.positions) == ({}, {})


def test_closing_in_a_closed_market_is_denied_like_reversing() -> None:
    harness = BrokerHarness()
    harness.place(BUY, 10)
    harness.session = (5_000_000, 6_000_000)
    for command in (harness.close, harness.reverse):
        with pytest.raises(Denied) as denied:
            command()
        assert denied.value.reason is Reason.MARKET_CLOSED


@pytest.mark.parametrize(("bid", "ask", "size"), [(99.98, 100.0, None), (99.98, 100.0, 50)])
def test_reduce_only_trades_take_only_what_they_trade(bid: float, ask: float, size: int | None) -> None:
    harness = BrokerHarness()
    harness.place(BUY, 10)
    harness.quote("AAPL", bid, ask, size=size)
    harness.place(SELL, 40, isClose=True)
    assert harness.position() is None
    order = harness.order(harness.place(SELL, 40))
    assert order["filledQty"] == 40
