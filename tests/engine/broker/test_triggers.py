"""The trigger ladders against a linear scan: the same orders, in the same order, for any book and any quotes."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.broker import matching
from engine.broker.events import Terms
from engine.broker.order import Order
from engine.broker.triggers import SLACK, Triggers
from engine.models.broker.orders import OrderStatus, OrderType, PreOrder
from engine.models.market.quotes import Quote
from tests.engine.broker.desk import INSTRUMENTS


class LinearScan:
    """The naive matcher: looks at every order with every quote."""

    def __init__(self, source: str) -> None:
        self._source = source
        self._filed: list[Order] = []

    def __len__(self) -> int:
        return len(self._filed)

    def file(self, order: Order) -> None:
        if order in self._filed:
            self._filed.remove(order)
        if order.is_working:
            self._filed.append(order)

    def reached(self, quote: Quote) -> list[Order]:
        taken = [o for o in self._filed if o.terms.limit_price is None and not o.rests_as_stop]
        for is_stop in (True, False):
            for side in (1, -1):
                ladder = [o for o in self._filed if o.side == side and o not in taken and o.rests_as_stop is is_stop]
                direction = side if is_stop else -side
                hit = [o for o in ladder if self._hit(o, is_stop, quote)]
                taken += sorted(hit, key=lambda o: direction * self._price(o, is_stop))
        self._filed = [order for order in self._filed if order not in taken]
        return taken

    def _price(self, order: Order, is_stop: bool) -> int:
        price = order.terms.stop_price if is_stop else order.terms.limit_price
        assert price is not None
        return price

    def _hit(self, order: Order, is_stop: bool, quote: Quote) -> bool:
        price = self._price(order, is_stop)
        if is_stop:
            return matching.is_stop_triggered(order.side, price, self._source, quote)
        return matching.is_marketable(order.side, price, quote)


def make_order(number: int, side: int, limit: int | None, stop: int | None) -> Order:
    request = PreOrder(symbol="AAPL", type=OrderType.MARKET, side=side, qty=1)
    status = OrderStatus.WORKING
    terms = Terms(1, limit, stop)
    return Order("A", str(number), INSTRUMENTS["AAPL"], request, request.type, side, terms, status, 0, 0)


prices = st.integers(90, 110)
operations = st.lists(
    st.one_of(
        st.tuples(st.just("add"), st.sampled_from((1, -1)), st.none() | prices, st.none() | prices),
        st.tuples(st.just("move"), st.integers(0, 50), st.none() | prices, st.none() | prices),
        st.tuples(st.just("end"), st.integers(0, 50)),
        st.tuples(st.just("quote"), prices, st.integers(0, 4), st.booleans()),
    ),
    max_size=60,
)


@pytest.mark.parametrize("source", ["last", "bid_ask"])
@given(operations)
def test_the_ladders_give_what_a_linear_scan_gives(source: str, script: list[tuple[Any, ...]]) -> None:
    fast, naive = Triggers(source), LinearScan(source)
    orders: list[Order] = []
    for name, *args in script:
        if name == "quote":
            bid, spread, again = args
            quote = Quote("AAPL", 0, bid, bid + spread, bid + spread // 2, 0, 0)
            reached = fast.reached(quote)
            assert [o.id for o in reached] == [o.id for o in naive.reached(quote)]
            for order in reached if again else []:
                order.is_triggered = True
                fast.file(order)
                naive.file(order)
        elif name == "add":
            orders.append(make_order(len(orders), *args))
            fast.file(orders[-1])
            naive.file(orders[-1])
        elif args[0] < len(orders) and orders[args[0]].is_working:
            order = orders[args[0]]
            if name == "move":
                order.terms = Terms(1, *args[1:])
            else:
                order.status = OrderStatus.CANCELED
            fast.file(order)
            naive.file(order)
        assert len(fast) == len(naive)


def test_dead_entries_do_not_pile_up() -> None:
    triggers = Triggers("last")
    order = make_order(0, 1, 100, None)
    for price in range(10_000):
        order.terms = Terms(1, price + 1)
        triggers.file(order)
    assert len(triggers._limits[1].heap) <= 2 + SLACK
