"""The trigger ladders against a linear scan: the same orders, in the same order, for any orders and quotes."""

import pickle
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.broker.events import Terms
from engine.broker.order import Order
from engine.broker.order_heap import SLACK
from engine.broker.triggers import Triggers
from engine.models.broker.orders import OrderStatus, OrderType, PreOrder
from engine.models.market.quotes import Quote
from tests.engine.broker.harness import INSTRUMENTS
from tests.engine.broker.reference import LinearIndex


def make_order(number: int, side: int, limit: int | None, stop: int | None) -> Order:
    sent = PreOrder.model_validate({"symbol": "AAPL", "type": OrderType.MARKET, "side": side, "qty": 1})
    return Order("A", str(number), INSTRUMENTS["AAPL"], sent, Terms(1, limit, stop), OrderStatus.WORKING, 0, 0)


prices = st.integers(90, 110)
operations = st.lists(
    st.one_of(
        st.tuples(st.just("add"), st.sampled_from((1, -1)), st.none() | prices, st.none() | prices),
        st.tuples(st.just("move"), st.integers(0, 50), st.none() | prices, st.none() | prices),
        st.tuples(st.just("end"), st.integers(0, 50)),
        st.tuples(st.just("turn"), st.integers(0, 50)),
        st.tuples(st.just("trail"), st.integers(0, 50), prices, prices),
        st.tuples(st.just("quote"), prices, st.integers(0, 4), st.booleans()),
    ),
    max_size=60,
)


@pytest.mark.parametrize("source", ["last", "bid_ask"])
@given(operations)
def test_the_ladders_give_what_a_linear_scan_gives(source: str, script: list[tuple[Any, ...]]) -> None:
    fast, linear = Triggers(source), LinearIndex(source)
    orders: list[Order] = []
    for name, *args in script:
        if name == "quote":
            bid, spread, again = args
            quote = Quote("AAPL", 0, bid, bid + spread, bid + spread // 2, None, None)
            reached = fast.reached(quote)
            assert [o.id for o in reached] == [o.id for o in linear.reached(quote)]
            assert [o.id for o in fast.improved(quote)] == [o.id for o in linear.improved(quote)]
            for order in reached if again else []:
                order.is_triggered = True
                fast.update(order)
                linear.update(order)
        elif name == "add":
            orders.append(make_order(len(orders), *args))
            fast.update(orders[-1])
            linear.update(orders[-1])
        elif args[0] < len(orders) and orders[args[0]].is_working:
            order = orders[args[0]]
            if name == "move":
                order.terms = Terms(1, *args[1:])
            elif name == "trail":
                order.best, stop_price = args[1:]
                order.terms = Terms(1, stop_price=stop_price, trail=5)
            elif name == "turn":
                order.is_taking = not order.is_taking
            else:
                order.status = OrderStatus.CANCELED
            fast.update(order)
            linear.update(order)
        assert len(fast) == len(linear)


def test_removed_entries_do_not_pile_up() -> None:
    triggers = Triggers("last")
    order = make_order(0, 1, 100, None)
    for price in range(10_000):
        order.terms = Terms(1, price + 1)
        triggers.update(order)
    assert len(pickle.dumps(triggers)) < 10_000 + 100 * SLACK
