"""Orders on the path of bars: open, the nearer extreme, the other one, close; and data that is older than an order.

Every bar follows a market of 99.98 to 100.00 in which the orders were placed.
"""

from collections import Counter
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.models.broker.account import Profile, Slippage
from engine.models.market.quotes import Print, Quote
from tests.engine.broker.harness import BUY, LIMIT, MARKET, SELL, STOP, STOP_LIMIT, BrokerHarness
from tests.properties import examples

CANCELED, FILLED, WORKING = 1, 2, 6
Bar = tuple[float, float, float, float]


@pytest.mark.parametrize(
    ("side", "stop", "bar", "price"),
    [
        (BUY, 101.0, (102.0, 103.0, 101.5, 102.5), 102.0),  # gap at the open: the open
        (BUY, 101.0, (101.0, 101.0, 101.0, 101.0), 101.0),
        (BUY, 101.0, (100.0, 103.0, 99.5, 102.0), 101.0),  # inside the bar: the trigger
        (BUY, 101.0, (100.0, 101.0, 99.5, 100.0), 101.0),
        (BUY, 101.0, (100.0, 100.99, 99.5, 100.0), None),
        (SELL, 99.0, (98.0, 98.5, 97.0, 98.2), 98.0),
        (SELL, 99.0, (100.0, 100.5, 97.0, 98.0), 99.0),
        (SELL, 99.0, (100.0, 100.5, 99.0, 100.0), 99.0),
        (SELL, 99.0, (100.0, 100.5, 99.01, 100.0), None),
    ],
)
def test_a_stop_trades_at_the_open_or_at_its_trigger(side: int, stop: float, bar: Bar, price: float | None) -> None:
    harness = BrokerHarness()
    harness.place(side, 10, STOP, stopPrice=stop)
    harness.bar(*bar)
    assert harness.executed() == ([] if price is None else [(10, price)])


@pytest.mark.parametrize(
    ("side", "limit", "bar", "price"),
    [
        (BUY, 99.0, (100.0, 100.5, 99.0, 100.0), 99.0),  # touched
        (BUY, 99.0, (100.0, 100.5, 99.01, 100.0), None),
        (BUY, 99.0, (98.0, 98.5, 97.0, 98.0), 98.0),  # gap at the open: the open
        (SELL, 101.0, (102.0, 102.5, 101.5, 102.0), 102.0),
        (SELL, 101.0, (100.0, 101.0, 99.5, 100.0), 101.0),
        (SELL, 101.0, (100.0, 100.99, 99.5, 100.0), None),
    ],
)
def test_a_limit_that_the_path_touches_trades_at_its_price(
    side: int, limit: float, bar: Bar, price: float | None
) -> None:
    harness = BrokerHarness()
    harness.place(side, 10, LIMIT, limitPrice=limit)
    harness.bar(*bar)
    assert harness.executed() == ([] if price is None else [(10, price)])


@pytest.mark.parametrize(
    ("stop", "limit", "bar", "executed"),
    [
        (101.0, 101.5, (100.0, 103.0, 99.5, 102.0), [(10, 101.0)]),  # the market is the trigger when it triggers
        (101.0, 100.5, (100.0, 103.0, 99.5, 102.0), []),
        (101.0, 100.5, (100.0, 103.0, 99.5, 100.2), [(10, 100.5)]),  # triggered on the way up, met on the way back
        (101.0, 100.5, (102.0, 103.0, 100.4, 102.5), [(10, 100.5)]),  # triggered at the open, met at the low
    ],
)
def test_a_stop_limit_triggers_and_rests_inside_a_bar(stop: float, limit: float, bar: Bar, executed: Any) -> None:
    harness = BrokerHarness()
    harness.place(BUY, 10, STOP_LIMIT, stopPrice=stop, limitPrice=limit)
    harness.bar(*bar)
    assert harness.executed() == executed


@pytest.mark.parametrize(
    ("stop", "bar", "price"),
    [
        (98.0, (100.0, 105.0, 98.0, 99.0), 98.0),  # the low is nearer to the open
        (94.0, (100.0, 105.0, 94.0, 99.0), 105.0),  # the high is nearer
        (95.0, (100.0, 105.0, 95.0, 99.0), 105.0),  # both are as near: the high first
    ],
)
def test_of_both_brackets_in_one_bar_the_one_on_the_way_trades(stop: float, bar: Bar, price: float) -> None:
    harness = BrokerHarness()
    harness.place(BUY, 10)
    harness.brackets(takeProfit=105.0, stopLoss=stop)
    harness.bar(*bar)
    assert harness.executed()[1:] == [(10, price)]
    assert {order.reason for order in harness.account.final.values() if order.status == CANCELED} == {"OCO"}


@pytest.mark.parametrize(
    ("side", "bar", "price"),
    [
        (SELL, (100.0, 102.0, 97.9, 99.0), 101.0),  # one dollar behind the high, whatever the bid is
        (BUY, (100.0, 102.1, 98.0, 101.0), 99.0),
    ],
)
def test_a_trailing_stop_follows_the_path_and_trades_at_its_trigger(side: int, bar: Bar, price: float) -> None:
    harness = BrokerHarness()
    harness.place(-side, 10)
    harness.place(side, 10, STOP, stopType=1, trailingStopPips=100)
    harness.bar(*bar)
    assert harness.executed()[1:] == [(10, price)]


def test_a_trailing_leg_begins_behind_the_print_that_filled_its_entry() -> None:
    harness = BrokerHarness()
    harness.place(BUY, 10, LIMIT, limitPrice=99.0, trailingStopPips=100)
    harness.bar(100.0, 100.2, 99.0, 99.0)
    assert harness.legs()["stop"]["stopPrice"] == 98.0


def test_a_stop_that_waits_for_the_other_side_trades_where_the_path_meets_it() -> None:
    harness = BrokerHarness(Profile(stop_orders_both_directions=True))
    harness.place(BUY, 10, STOP, stopPrice=99.0)
    harness.bar(100.0, 100.5, 98.0, 99.5)
    assert harness.executed() == [(10, 99.0)]


def test_a_guaranteed_stop_trades_at_its_price_through_a_gap() -> None:
    harness = BrokerHarness()
    harness.place(BUY, 10)
    harness.place(SELL, 10, STOP, stopPrice=95.0, stopType=2)
    harness.bar(90.0, 91.0, 89.0, 90.0)
    assert harness.executed()[1:] == [(10, 95.0)]


def test_slippage_comes_on_top_of_the_trigger() -> None:
    harness = BrokerHarness(Profile(slippage=Slippage(ticks=3)))
    harness.place(BUY, 10, STOP, stopPrice=101.0)
    harness.bar(100.0, 103.0, 99.5, 102.0)
    assert harness.executed() == [(10, 101.03)]


@pytest.mark.parametrize(
    ("kind", "fields", "bar", "executed"),
    [
        (LIMIT, {"limitPrice": 99.0}, (100.0, 100.5, 98.0, 99.5), [(25, 99.0)]),
        # What is left is behind the market: it gets the prints that follow.
        (LIMIT, {"limitPrice": 99.0}, (98.0, 98.5, 97.0, 98.0), [(25, 98.0), (25, 98.5), (25, 97.0), (25, 98.0)]),
        (STOP, {"stopPrice": 101.0}, (100.0, 103.0, 99.5, 102.0), [(25, 101.0)]),
    ],
)
def test_each_print_fills_a_quarter_of_the_volume(kind: Any, fields: dict[str, Any], bar: Bar, executed: Any) -> None:
    harness = BrokerHarness()
    harness.place(BUY, 1000, kind, **fields)
    harness.bar(*bar, size=25)
    assert harness.executed()[: len(executed)] == executed
    assert len(harness.executed()) == len(executed) + (kind is STOP)


def point(price: float, time_ms: int) -> Print:
    units = round(price * 100)
    return Print(Quote("AAPL", time_ms, units, units, units, None, None), is_past=True, is_bar=True)


@pytest.mark.parametrize(("kind", "fields"), [(LIMIT, {"limitPrice": 99.0}), (STOP, {"stopPrice": 101.0})])
@pytest.mark.parametrize(("later_ms", "filled"), [(-200, 0), (0, 0), (1, 10)])
def test_an_order_meets_no_data_stamped_at_or_before_its_arrival(
    kind: Any, fields: dict[str, Any], later_ms: int, filled: float
) -> None:
    harness = BrokerHarness()
    order_id = harness.place(BUY, 10, kind, **fields)
    arrival_ms = harness.now_ms
    harness.now_ms += 1000
    harness.tick_with(point(99.0 if kind is LIMIT else 101.0, arrival_ms + later_ms))
    assert harness.order(order_id)["filledQty"] == filled


@pytest.mark.parametrize(("later_ms", "filled"), [(0, 0), (1, 10)])
def test_other_prices_arrive_when_they_are_asked_for(later_ms: int, filled: float) -> None:
    harness = BrokerHarness()
    order_id = harness.place(BUY, 10, LIMIT, limitPrice=98.0)
    harness.now_ms += 1000
    harness.modify(order_id, limitPrice=99.0)
    arrival_ms = harness.now_ms
    harness.now_ms += 1000
    harness.tick_with(point(99.0, arrival_ms + later_ms))
    assert harness.order(order_id)["filledQty"] == filled


def test_the_rest_of_a_market_order_meets_no_older_data() -> None:
    harness = BrokerHarness()
    harness.quote("AAPL", 99.98, 100.0, size=4)
    order_id = harness.place(BUY, 10, MARKET)
    harness.tick_with(point(99.0, harness.now_ms))
    assert harness.order(order_id)["filledQty"] == 4
    harness.quote("AAPL", 99.98, 100.0, size=4)
    harness.tick_with(point(99.99, harness.now_ms))
    assert harness.executed() == [(4, 100.0), (4, 100.0)]


def test_brackets_begin_with_the_print_after_the_one_that_filled_their_entry() -> None:
    harness = BrokerHarness()
    harness.place(BUY, 10, LIMIT, limitPrice=99.0, takeProfit=100.5, stopLoss=98.0)
    harness.bar(100.0, 100.2, 97.0, 100.0)
    assert harness.executed() == [(10, 99.0)]
    harness.bar(100.0, 101.0, 99.9, 100.5)
    assert harness.executed()[1:] == [(10, 100.5)]


def test_nothing_new_means_nothing_is_met() -> None:
    harness = BrokerHarness()
    order_id = harness.place(BUY, 10, LIMIT, limitPrice=99.0)
    harness.quote("AAPL", 98.0, 98.1)
    harness.tick_with()
    assert harness.order(order_id)["status"] == WORKING


@pytest.mark.parametrize(
    ("side", "limit", "opening", "price", "is_maker"),
    [
        (BUY, 99.0, (95.0, 95.02), 95.02, False),
        (SELL, 101.0, (105.0, 105.02), 105.0, False),
        (BUY, 99.0, (98.98, 99.0), 99.0, False),
    ],
)
def test_a_limit_that_rested_while_its_market_was_closed_trades_at_the_open(
    side: int, limit: float, opening: tuple[float, float], price: float, is_maker: bool
) -> None:
    harness = BrokerHarness()
    harness.place(side, 10, LIMIT, limitPrice=limit)
    harness.session = (harness.now_ms + 100_000, 10_000_000)
    harness.tick()
    harness.now_ms += 100_000
    harness.opened = {"AAPL": harness.session[0]}
    harness.tick("AAPL", *opening)
    assert harness.executed() == [(10, price)]
    assert harness.told("executions")[0]["maker"] is is_maker


def test_a_limit_that_came_after_the_open_trades_at_its_price() -> None:
    harness = BrokerHarness()
    harness.session = (harness.now_ms - 100, 10_000_000)
    harness.place(BUY, 10, LIMIT, limitPrice=99.0)
    harness.opened = {"AAPL": harness.session[0]}
    harness.tick("AAPL", 95.0, 95.02)
    assert harness.executed() == [(10, 99.0)]


@pytest.mark.parametrize(("low", "executed"), [(99.0, []), (98.99, [(10, 99.0)])])
def test_through_is_more_than_touch_on_bars_as_well(low: float, executed: Any) -> None:
    harness = BrokerHarness(Profile(touch=False))
    harness.place(BUY, 10, LIMIT, limitPrice=99.0)
    harness.bar(100.0, 100.5, low, 100.0)
    assert harness.executed() == executed


def test_a_post_only_order_takes_nothing_at_the_open() -> None:
    harness = BrokerHarness()
    harness.place(BUY, 10, LIMIT, limitPrice=99.0, postOnly=True)
    harness.session = (harness.now_ms + 100, 10_000_000)
    harness.opened = {"AAPL": harness.session[0]}
    harness.tick("AAPL", 95.0, 95.02)
    assert (harness.executed(), harness.told("executions")[0]["maker"]) == ([(10, 99.0)], True)


def test_the_open_of_a_bar_after_a_closed_market_is_the_price() -> None:
    harness = BrokerHarness()
    harness.place(BUY, 10, LIMIT, limitPrice=99.0)
    harness.session = (harness.now_ms + 100, 10_000_000)
    harness.opened = {"AAPL": harness.session[0]}
    harness.bar(95.0, 96.0, 94.0, 95.5)
    assert harness.executed() == [(10, 95.0)]


def test_inside_a_bar_a_limit_trades_at_its_price_though_the_market_was_closed() -> None:
    harness = BrokerHarness()
    harness.place(BUY, 10, LIMIT, limitPrice=99.0)
    harness.session = (harness.now_ms + 500, 10_000_000)
    harness.opened = {"AAPL": harness.session[0]}
    harness.bar(100.0, 101.0, 98.0, 100.0)
    assert harness.executed() == [(10, 99.0)]
    assert harness.account.executions[0].is_maker


cents = st.integers(9_880, 10_120)
wanted = st.lists(
    st.tuples(st.sampled_from((LIMIT, STOP)), st.sampled_from((BUY, SELL)), cents, st.integers(1, 60)),
    min_size=1,
    max_size=8,
)


@examples(60)
@given(wanted, st.lists(cents, min_size=4, max_size=4).map(sorted))
def test_orders_share_a_print_whatever_their_prices(orders: list[tuple[Any, int, int, int]], path: list[int]) -> None:
    harness = BrokerHarness(Profile(margin_call=None, stop_out=None), balance=10_000_000)
    for kind, side, price, qty in orders:
        is_resting = (price - 10_000) * side * (1 if kind is STOP else -1) > 5
        if is_resting:
            harness.place(side, qty, kind, limitPrice=price / 100, stopPrice=price / 100)
    low, first, last, high = (one / 100 for one in path)
    harness.bar(first, high, low, last, size=40)
    taken = Counter[tuple[int, int]]()
    for event in harness.account.executions:
        # What is left of a stop takes the quote, whose size is unlimited here.
        if event.basis.displayed:
            taken[event.time_ms, event.side] += event.qty
    assert all(qty <= 40 for qty in taken.values())


def test_the_best_limit_gets_a_print_first() -> None:
    harness = BrokerHarness()
    for price in (99.8, 99.9, 99.7):
        harness.place(BUY, 40, LIMIT, limitPrice=price)
    harness.bar(100.0, 100.5, 99.5, 100.0, size=50)
    assert harness.executed() == [(40, 99.9), (10, 99.8)]
    assert {event.basis.level_price for event in harness.account.executions} == {9950}
