"""Rules of the account's profile, with numbers: costs, slippage, latency, margin, limits, margin calls, resets."""

from typing import Any

import pytest

from engine.broker.serializers import account_info, explanation_payload
from engine.errors import Denied, Reason
from engine.models.broker.account import AccountInfo, Commission, Limits, Notification, Profile, Slippage
from engine.models.broker.executions import ExecutionExplanation
from tests.engine.broker.harness import BUY, INSTRUMENTS, LIMIT, SELL, STOP, BrokerHarness


@pytest.mark.parametrize(
    ("model", "qty", "cost"),
    [
        ({}, 10, 0),
        ({"per_trade": 5}, 10, 5),
        ({"per_unit": 0.005}, 100, 0.5),
        ({"per_unit": 0.005, "minimum": 1}, 100, 1),
        ({"rate": 0.001}, 10, 1),
        ({"taker_rate": 0.002, "maker_rate": 0.5e-3}, 10, 2),
        ({"per_trade": 1, "per_unit": 0.01, "rate": 0.001}, 10, 2.1),
    ],
)
def test_commission_models(model: dict[str, float], qty: int, cost: float) -> None:
    harness = BrokerHarness(Profile(commission=Commission.model_validate(model)))
    harness.place(BUY, qty)
    assert harness.told("executions")[0]["commission"] == cost


def test_a_maker_pays_the_makers_rate() -> None:
    harness = BrokerHarness(Profile(commission=Commission(maker_rate=0.001, taker_rate=0.002)))
    harness.place(BUY, 10, LIMIT, limitPrice=99.0)
    harness.tick("AAPL", 98.8, 99.0)
    assert harness.told("executions")[0]["commission"] == 0.99


@pytest.mark.parametrize(
    ("slippage", "side", "kind", "fields", "price"),
    [
        ({"ticks": 3}, BUY, 2, {}, 100.03),
        ({"ticks": 3}, SELL, 2, {}, 99.95),
        ({"probability": 1.0}, BUY, 2, {}, 100.01),
        ({"ticks": 3}, BUY, 1, {"limitPrice": 100.5}, 100.0),
    ],
)
def test_market_orders_slip_and_limit_orders_do_not(
    slippage: dict[str, Any], side: int, kind: Any, fields: dict[str, Any], price: float
) -> None:
    harness = BrokerHarness(Profile(slippage=Slippage.model_validate(slippage)))
    harness.place(side, 10, kind, **fields)
    assert harness.told("executions")[0]["price"] == price


def test_a_share_of_the_volume_is_all_that_an_order_takes() -> None:
    harness = BrokerHarness(Profile(slippage=Slippage(volume_share=0.5)))
    harness.quote("AAPL", 99.98, 100.0, size=30)
    order_id = harness.place(BUY, 20)
    assert harness.order(order_id)["filledQty"] == 15


def test_unlimited_size_fills_whole() -> None:
    harness = BrokerHarness(Profile(unlimited_size=True))
    harness.quote("AAPL", 99.98, 100.0, size=30)
    assert harness.order(harness.place(BUY, 100))["filledQty"] == 100


def test_latency_delays_the_first_quote_that_an_order_can_trade_on() -> None:
    harness = BrokerHarness(Profile(latency_ms=500))
    order_id = harness.place(BUY, 10)
    for filled in (0, 0, 10):
        harness.tick("AAPL", 100.0, 100.1)
        assert harness.order(order_id)["filledQty"] == filled


def test_through_is_more_than_touch() -> None:
    harness = BrokerHarness(Profile(touch=False))
    order_id = harness.place(BUY, 10, LIMIT, limitPrice=99.0)
    harness.tick("AAPL", 98.9, 99.0)
    assert harness.order(order_id)["filledQty"] == 0
    harness.tick("AAPL", 98.9, 98.99)
    assert harness.told("executions")[0]["price"] == 99.0


def test_an_order_that_needs_more_margin_than_is_free_is_rejected() -> None:
    harness = BrokerHarness(balance=1000)
    assert harness.order(harness.place(BUY, 101))["reason"] == "INSUFFICIENT_MARGIN"
    assert harness.order(harness.place(BUY, 100))["status"] == 2


@pytest.mark.parametrize(("qty", "outcome"), [(99, (2, None)), (100, (1, "INSUFFICIENT_MARGIN"))])
def test_an_accepted_order_that_slips_is_held_to_the_free_margin_again(
    qty: float, outcome: tuple[int, str | None]
) -> None:
    harness = BrokerHarness(Profile(slippage=Slippage(ticks=1)), balance=1000)
    order = harness.order(harness.place(BUY, qty))
    assert (order["status"], order["reason"]) == outcome


def test_resting_orders_hold_back_their_margin() -> None:
    harness = BrokerHarness(balance=1000)
    first = harness.place(BUY, 90, LIMIT, limitPrice=90.0)
    assert harness.order(harness.place(BUY, 30, LIMIT, limitPrice=90.0))["reason"] == "INSUFFICIENT_MARGIN"
    harness.cancel(first)
    assert harness.account.reserved == 0
    assert harness.order(harness.place(BUY, 30, LIMIT, limitPrice=90.0))["status"] == 6


def test_closing_needs_no_margin() -> None:
    harness = BrokerHarness(Profile(stop_out=None, margin_call=None), balance=1000)
    harness.place(BUY, 100)
    harness.tick("AAPL", 92.0, 92.1)
    assert harness.order(harness.place(BUY, 1))["reason"] == "INSUFFICIENT_MARGIN"
    assert harness.order(harness.place(SELL, 100))["status"] == 2


def test_a_stop_whose_margin_is_gone_when_it_trades_is_canceled() -> None:
    harness = BrokerHarness(Profile(stop_out=None, margin_call=None), balance=1000)
    harness.place(BUY, 50)
    stop = harness.place(BUY, 40, STOP, stopPrice=101.0)
    harness.tick("AAPL", 108.0, 220.0)
    order = harness.order(stop)
    assert (order["status"], order["filledQty"], order["reason"]) == (1, 0, "INSUFFICIENT_MARGIN")


def test_leverage_lowers_margin_down_to_the_instruments_rate() -> None:
    harness = BrokerHarness()
    harness.quote("EURUSD", 1.0999, 1.1)
    harness.place(BUY, 100_000, symbol="EURUSD")
    before = harness.told("equity")[0]["marginUsed"]
    harness.leverage("EURUSD", 25)
    (state,) = harness.told("equity")
    assert (before, state["marginUsed"]) == (10_999.0, 4399.6)
    harness.leverage("EURUSD", 100)
    assert harness.told("equity")[0]["marginUsed"] == 2199.8


def test_leverage_that_the_account_cannot_carry_is_denied() -> None:
    harness = BrokerHarness(balance=1000)
    harness.place(BUY, 50)
    with pytest.raises(Denied) as denied:
        harness.leverage("AAPL", 1)
    assert (denied.value.reason, harness.account.leverage_of("AAPL")) == (Reason.INSUFFICIENT_MARGIN, 10)


@pytest.mark.parametrize(
    ("side", "qty", "reason"),
    [(BUY, 41, "POSITION_LIMIT"), (BUY, 40, None), (SELL, 61, "POSITION_LIMIT"), (SELL, 60, None)],
)
def test_positions_are_limited_per_symbol(side: int, qty: int, reason: str | None) -> None:
    harness = BrokerHarness(Profile(limits=Limits(max_position=50)))
    harness.place(BUY, 10)
    assert harness.order(harness.place(side, qty))["reason"] == reason


def test_a_daily_loss_allows_only_closing_until_the_next_day() -> None:
    harness = BrokerHarness(Profile(limits=Limits(daily_loss=100)))
    harness.place(BUY, 10)
    harness.tick("AAPL", 89.0, 89.1)
    assert harness.order(harness.place(BUY, 1))["reason"] == "DAILY_LOSS_LIMIT"
    assert harness.order(harness.place(SELL, 10))["status"] == 2
    assert harness.order(harness.place(BUY, 1))["reason"] == "DAILY_LOSS_LIMIT"
    harness.now_ms += 86_400_000
    harness.session = (0, 10**12)
    assert harness.order(harness.place(BUY, 1))["status"] == 2


def test_a_margin_call_warns_once_and_is_taken_back() -> None:
    harness = BrokerHarness(balance=1000)
    harness.place(BUY, 90)
    harness.tick("AAPL", 99.0, 99.1)
    assert harness.told("equity")[0]["message"] is None
    harness.tick("AAPL", 97.5, 97.6)
    assert harness.told("equity")[0]["message"]["type"] == "warning"
    called = len(harness.events)
    harness.tick("AAPL", 97.4, 97.5)
    assert len(harness.events) == called
    harness.tick("AAPL", 100.0, 100.1)
    assert harness.told("equity")[0]["message"] is None


def test_a_margin_call_and_its_end_are_each_told_once() -> None:
    harness = BrokerHarness(balance=1000)
    harness.place(BUY, 90)
    told = []
    for bid in (99.0, 97.5, 97.4, 97.5, 100.0, 100.1, 97.5):
        harness.tick("AAPL", bid, bid + 0.1)
        told += [(one["title"], one["text"], one["type"], one["time"]) for one in harness.told("notifications")]
        assert all(Notification.model_validate(one) for one in harness.told("notifications"))
    assert [title for title, *_ in told] == ["Margin call", "Margin call is over", "Margin call"]
    assert [kind for _, _, kind, _ in told] == [0, 1, 0]
    assert told[0][1] == "Equity 775.00, margin used 877.50"
    assert told[1][1] == "Equity 1000.00, margin used 900.00"
    assert told[2][3] == harness.now_ms


def test_a_margin_call_that_ends_with_the_last_position_is_told() -> None:
    harness = BrokerHarness(balance=1000)
    harness.place(BUY, 90)
    harness.tick("AAPL", 97.5, 97.6)
    harness.close()
    (told,) = harness.told("notifications")
    assert (told["title"], told["text"]) == ("Margin call is over", "Equity 775.00, margin used 0.00")
    assert harness.routes()[-1] == "notifications"


def test_a_margin_call_is_not_told_again_after_a_restart() -> None:
    harness = BrokerHarness(balance=1000)
    harness.place(BUY, 90)
    harness.tick("AAPL", 97.5, 97.6)
    harness.restart()
    harness.tick("AAPL", 97.4, 97.5)
    assert harness.told("notifications") == []


def test_less_leverage_calls_though_no_price_moves() -> None:
    harness = BrokerHarness(Profile(margin_call=1.2), balance=1000)
    harness.place(BUY, 50)
    harness.tick()
    harness.leverage("AAPL", 6)
    harness.tick()
    assert [told["title"] for told in harness.told("notifications")] == ["Margin call"]


def test_the_stop_out_cancels_orders_first_then_closes_the_largest_loser_one_a_tick() -> None:
    harness = BrokerHarness(balance=2200)
    harness.quote("MSFT", 99.98, 100.0)
    harness.place(BUY, 100)
    harness.place(BUY, 50, symbol="MSFT")
    resting = harness.place(BUY, 1, LIMIT, limitPrice=50.0)
    harness.quote("MSFT", 98.0, 98.1)
    harness.tick("AAPL", 84.0, 84.1)
    assert (harness.order(resting)["reason"], len(harness.account.positions)) == ("STOP_OUT", 2)
    harness.quote("MSFT", 98.1, 98.2)
    harness.tick("AAPL", 84.1, 84.2)
    assert (list(harness.account.positions), harness.told("orders")[0]["reason"]) == (["MSFT"], "STOP_OUT")


@pytest.mark.parametrize("mark", ["quote", "last"])
def test_positions_are_marked_by_the_accounts_rule(mark: Any) -> None:
    harness = BrokerHarness(Profile(mark=mark))
    harness.place(BUY, 10)
    harness.tick("AAPL", 101.0, 102.0, 101.5)
    assert harness.told("pl")[0]["positions"][0]["price"] == {"quote": 101.0, "last": 101.5}[mark]


def test_a_reversal_is_one_market_order_of_twice_the_quantity() -> None:
    harness = BrokerHarness()
    harness.place(BUY, 10)
    harness.reverse()
    assert (harness.told("executions")[0]["qty"], harness.position()) == (20, (-10, 99.98))


def test_a_reset_cancels_closes_and_clears() -> None:
    harness = BrokerHarness()
    harness.place(BUY, 10)
    harness.place(BUY, 10, LIMIT, limitPrice=90.0, takeProfit=95.0, clientOrderId="a")
    harness.reset(balance=5000, profile={"leverage": 5})
    assert [told["status"] for told in harness.told("orders")] == [1, 1]
    assert [told["qty"] for told in harness.told("positions")] == [0]
    assert (harness.told("equity")[0]["balance"], len(harness.account.executions), harness.account.working) == (
        5000,
        0,
        {},
    )
    assert (harness.result.cleared, harness.account.profile.leverage, harness.account.generation) == (
        (("TEST", 1),),
        5,
        1,
    )
    assert harness.place(BUY, 10, clientOrderId="a") == "ORDER-4"


def test_an_execution_can_be_explained() -> None:
    harness = BrokerHarness(Profile(slippage=Slippage(ticks=1, probability=0.5)))
    harness.quote("AAPL", 99.98, 100.0, size=30)
    harness.place(BUY, 20)
    harness.place(BUY, 20)
    event = harness.account.executions[-1]
    explanation = explanation_payload(event, INSTRUMENTS["AAPL"])
    assert ExecutionExplanation.model_validate(explanation).model_dump(mode="json") == explanation
    assert (explanation["rule"], explanation["displayed"], explanation["takenBefore"]) == ("market", 30, 20)
    assert explanation["slippage"] == (0.02 if explanation["draw"] < 0.5 else 0.01)
    assert (explanation["quote"]["ask"], explanation["margin"]["equity"]) == (100.0, pytest.approx(100_000, abs=1))


def test_an_account_describes_itself() -> None:
    info = account_info(BrokerHarness().account)
    assert AccountInfo.model_validate(info).model_dump(mode="json", by_alias=True) == info
