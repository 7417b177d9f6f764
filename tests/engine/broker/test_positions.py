"""Positions and their updates: netting, closing, marks, and the order of publication."""

from collections.abc import Callable
from fractions import Fraction
from typing import Any

import pytest

from engine.errors import Denied, Missing, Reason
from engine.models.broker.account import Commission, Profile
from engine.models.market.instruments import MONEY_SCALE
from tests.engine.broker.harness import BUY, LIMIT, SELL, BrokerHarness


def test_the_worked_example_of_the_netting_rule() -> None:
    harness = BrokerHarness(balance=10_000)
    harness.quote("AAPL", 99.99, 100)
    harness.place(BUY, 10)
    harness.quote("AAPL", 110, 110.01)
    harness.place(SELL, 4)
    assert (harness.told("equity")[0]["realizedPL"], harness.position()) == (40, (6, 100))
    harness.quote("AAPL", 120, 120.01)
    harness.place(SELL, 11)
    assert (harness.told("equity")[0]["realizedPL"], harness.position()) == (160, (-5, 120))


@pytest.mark.parametrize("command", ["market", "resting limit", "simulator"])
def test_clients_are_told_execution_order_equity_position_in_this_order(command: str) -> None:
    harness = BrokerHarness(Profile(fill_model="simulator", is_manual=True) if command == "simulator" else None)
    if command == "resting limit":
        harness.place(BUY, 10, LIMIT, limitPrice=99.0)
        harness.tick("AAPL", 98.8, 98.9)
    else:
        harness.place(BUY, 10)
        if command == "simulator":
            assert harness.routes() == ["orders"]
            harness.execute()
    assert harness.routes()[:4] == ["executions", "orders", "equity", "positions"]


def test_an_execution_is_told_to_its_account_and_to_its_symbol() -> None:
    harness = BrokerHarness()
    harness.place(BUY, 10)
    channels = [update.channel for update in harness.result.updates if update.channel.startswith("executions")]
    assert channels == ["executions:TEST", "executions:TEST:AAPL"]


@pytest.mark.parametrize(("side", "mark", "profit"), [(BUY, 101.0, 10.0), (SELL, 101.02, -10.4)])
def test_a_moved_mark_tells_profit_and_equity_once(side: int, mark: float, profit: float) -> None:
    harness = BrokerHarness()
    harness.place(side, 10)
    harness.tick("AAPL", 101.0, 101.02)
    assert harness.told("pl") == [
        {"positions": [{"id": "AAPL", "symbol": "AAPL", "pl": profit, "price": mark}], "time": harness.now_ms}
    ]
    (state,) = harness.told("equity")
    assert (state["unrealizedPL"], state["equity"], state["balance"]) == (profit, 100_000 + profit, 100_000)


def test_a_mark_that_stands_tells_nothing() -> None:
    harness = BrokerHarness()
    harness.place(BUY, 10)
    harness.tick()
    harness.tick("AAPL", 99.98, 100.50)
    assert harness.result.updates == []


def test_many_moved_marks_are_one_equity_update() -> None:
    harness = BrokerHarness()
    harness.quote("MSFT", 400, 400.1)
    harness.place(BUY, 10)
    harness.place(BUY, 10, symbol="MSFT")
    harness.quote("MSFT", 401, 401.1)
    harness.tick("AAPL", 101, 101.1)
    assert harness.routes() == ["equity", "pl"]
    assert {row["id"] for row in harness.told("pl")[0]["positions"]} == {"AAPL", "MSFT"}


def test_one_moved_mark_tells_the_profit_of_all_positions() -> None:
    """The newest is enough for a client that missed those before."""
    harness = BrokerHarness()
    harness.quote("MSFT", 400, 400.1)
    harness.place(BUY, 10)
    harness.place(BUY, 10, symbol="MSFT")
    harness.tick("AAPL", 101, 101.1)
    assert {row["id"]: row["price"] for row in harness.told("pl")[0]["positions"]} == {"AAPL": 101, "MSFT": 400}


def test_a_full_close_is_told_with_quantity_zero_and_every_field() -> None:
    harness = BrokerHarness()
    harness.place(BUY, 10)
    keys = set(harness.told("positions")[0])
    harness.close()
    (told,) = harness.told("positions")
    assert (told["id"], told["qty"], told["side"], set(told)) == ("AAPL", 0, BUY, keys)
    assert harness.account.positions == {}


def test_a_part_closes_as_a_reduce_only_market_order() -> None:
    harness = BrokerHarness()
    harness.place(SELL, 10)
    harness.close(amount=4)
    (order,) = harness.told("orders")
    assert (order["side"], order["qty"], order["isClose"], harness.position()) == (BUY, 4, True, (-6, 99.98))


@pytest.mark.parametrize(
    ("amount", "reason"),
    [(11, Reason.QTY_RANGE), (0, Reason.QTY_RANGE), (-1, Reason.QTY_RANGE), (0.5, Reason.BAD_QTY_STEP)],
)
def test_a_close_outside_of_what_is_open_is_denied(amount: float, reason: Reason) -> None:
    harness = BrokerHarness()
    harness.place(BUY, 10)
    with pytest.raises(Denied) as denied:
        harness.close(amount=amount)
    assert (denied.value.reason, harness.position()) == (reason, (10, 100))


def test_a_position_that_is_not_there_is_missing() -> None:
    with pytest.raises(Missing) as missing:
        BrokerHarness().close()
    assert missing.value.reason is Reason.UNKNOWN_POSITION


def test_repeated_closes_never_flip_the_position() -> None:
    harness = BrokerHarness(Profile(fill_model="simulator", is_manual=True))
    harness.place(BUY, 10)
    harness.execute()
    for amount in (None, None, 7):
        harness.close(amount=amount)
    harness.execute()
    assert harness.account.positions == {}
    assert [(order.filled, int(order.status)) for order in harness.account.final.values()][1:] == [
        (10, 2),
        (0, 1),
        (0, 1),
    ]
    assert {order.reason for order in harness.account.final.values()} == {None, "REDUCE_ONLY_VIOLATION"}


def held(signed: int, size: int | None = 5) -> BrokerHarness:
    """A position of `signed` shares, in a market that then displays `size` on both sides."""
    harness = BrokerHarness()
    harness.place(BUY if signed > 0 else SELL, abs(signed))
    harness.quote("AAPL", 99.98, 100.0, size=size)
    return harness


def settle(harness: BrokerHarness) -> float:
    """Run ticks until no order works; return the signed quantity."""
    for _ in range(30):
        if not harness.account.working:
            break
        harness.tick("AAPL", 99.98, 100.0, size=5)
    assert (harness.account.working, harness.account.reserved) == ({}, 0)
    return float(harness.account.signed_qty("AAPL"))


@pytest.mark.parametrize(
    ("signed", "in_flight", "after", "end"),
    [
        (20, None, None, -20),
        (-20, None, None, 20),
        (20, "close", None, -15),  # 5 of the close are filled when the reverse is accepted
        (-20, "close", None, 15),
        (20, "part", None, -15),
        (20, None, "close", -20),
        (20, None, "part", -20),
        (20, "more", None, -25),  # 5 more are bought before
        (20, None, "more", -20),
        (-20, None, "more", 20),
        (20, "sell", "more", -15),
        (20, "protected", None, -20),
    ],
)
def test_a_reverse_ends_at_minus_the_quantity_when_it_was_accepted(
    signed: int, in_flight: str | None, after: str | None, end: int
) -> None:
    harness = held(signed)
    more = BUY if signed > 0 else SELL
    act: dict[str, Callable[[], object]] = {
        "close": harness.close,
        "part": lambda: harness.close(amount=10),
        "more": lambda: harness.place(more, 12),
        "sell": lambda: harness.place(-more, 12),
        "protected": lambda: harness.brackets(takeProfit=120.0, stopLoss=80.0),
    }
    if in_flight is not None:
        act[in_flight]()
    harness.reverse()
    if after is not None:
        act[after]()
    assert settle(harness) == end


def test_a_second_reverse_while_the_first_works_is_refused() -> None:
    harness = held(20)
    harness.reverse()
    with pytest.raises(Denied) as denied:
        harness.reverse()
    assert denied.value.reason is Reason.REVERSE_WORKING
    harness.restart()
    with pytest.raises(Denied):
        harness.reverse()
    assert settle(harness) == -20
    harness.reverse()
    assert settle(harness) == 20


def test_a_reverse_ends_when_other_orders_have_passed_its_target() -> None:
    harness = held(20)
    harness.reverse()
    harness.book({99.98: 100}, {100.0: 100})
    harness.place(SELL, 50)
    (order,) = (one for one in harness.account.final.values() if one.target is not None)
    assert (order.filled, order.reason, harness.position()) == (5, "OCO", (-35, 99.98))


def test_the_quantity_of_a_reverse_follows_the_other_orders_of_its_symbol() -> None:
    harness = held(20)
    harness.reverse()
    reverse_id = harness.told("orders")[0]["id"]
    assert (harness.order(reverse_id)["qty"], harness.order(reverse_id)["filledQty"]) == (40, 5)
    harness.book({99.98: 4}, {100.0: 4})
    harness.place(SELL, 3)
    assert harness.order(reverse_id)["qty"] == 37
    with pytest.raises(Denied) as denied:
        harness.modify(reverse_id, qty=50)
    assert denied.value.reason is Reason.UNSUPPORTED_COMBINATION


def test_a_resting_close_shrinks_with_the_position() -> None:
    harness = BrokerHarness()
    harness.place(BUY, 10)
    closing = harness.place(SELL, 10, LIMIT, limitPrice=105.0, isClose=True)
    harness.place(SELL, 4)
    assert harness.order(closing)["qty"] == 6


@pytest.mark.parametrize("fields", [{"side": BUY}, {"side": SELL}])
def test_a_reduce_only_order_without_anything_to_reduce_is_rejected(fields: dict[str, Any]) -> None:
    harness = BrokerHarness()
    order_id = harness.place(qty=5, isClose=True, **fields)
    assert harness.order(order_id)["reason"] == "REDUCE_ONLY_VIOLATION"


def test_margin_is_the_notional_times_the_larger_rate() -> None:
    harness = BrokerHarness()
    harness.quote("EURUSD", 1.08, 1.0801)
    harness.place(BUY, 100)
    harness.place(SELL, 10_000, symbol="EURUSD")
    (state,) = harness.told("equity")
    assert state["marginUsed"] == pytest.approx(100 * 99.98 * 0.1 + 10_000 * 1.0801 * 0.1, abs=0.01)
    assert state["marginAvailable"] == pytest.approx(state["equity"] - state["marginUsed"], abs=0.01)


def test_commission_lowers_balance_and_shows_on_execution_and_order() -> None:
    harness = BrokerHarness(Profile(commission=Commission(per_trade=2.5)))
    harness.place(BUY, 10)
    execution, order, state = harness.told("executions")[0], harness.told("orders")[0], harness.told("equity")[0]
    assert (execution["commission"], execution["netAmount"]) == (2.5, -1002.5)
    assert (order["commission"], state["balance"], state["commission"]) == (2.5, 99_997.5, 2.5)


@pytest.mark.parametrize(
    ("symbol", "buys", "sells", "average"),
    [
        ("MSFT", [(2, 421.94), (1, 421.95)], [(1, 421.90), (1, 422.00)], 421.943333),
        ("AAPL", [(1, 100.00), (2, 100.01)], [(1, 99.00), (1, 101.00)], 100.006667),
        ("AAPL", [(3, 190.01), (4, 190.02)], [(1, 190.00)] * 6, 190.015714),
        ("EURUSD", [(1, 1.08001), (2, 1.08002)], [(1, 1.07), (1, 1.09)], 1.080016667),
    ],
)
def test_a_reduction_keeps_the_average_price(
    symbol: str, buys: list[tuple[float, float]], sells: list[tuple[float, float]], average: float
) -> None:
    harness = BrokerHarness(Profile(fill_model="simulator", is_manual=True))
    harness.quote(symbol, buys[0][1], buys[0][1])
    for qty, price in buys:
        harness.place(BUY, qty, LIMIT, symbol=symbol, limitPrice=price)
        harness.execute()
    held, profit = sum(qty for qty, _ in buys), Fraction()
    exact = sum((Fraction(str(price)) * int(qty) for qty, price in buys), Fraction()) / int(held)
    for number, (qty, price) in enumerate(sells, start=1):
        harness.place(SELL, qty, LIMIT, symbol=symbol, limitPrice=price)
        harness.execute()
        held -= qty
        assert harness.position(symbol) == (held, average)
        profit += (Fraction(str(price)) - exact) * int(qty)
        assert abs(harness.account.funds.realised - profit * MONEY_SCALE) <= number
