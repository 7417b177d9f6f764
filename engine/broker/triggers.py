"""Working orders of one symbol, sorted by the price that concerns them: a tick costs what it triggers, not what rests.

Four ladders (limit and stop, buy and sell) are heaps with lazy deletion: an entry is dead as soon as its order moved
to another place or ended, and leaves when it surfaces or when the dead outnumber the living. Orders that wait for no
price (the rest of a market order) are looked at with every quote.
"""

from heapq import heapify, heappop, heappush

from engine.broker.matching import trigger_price
from engine.broker.order import Order
from engine.models.market.quotes import Quote

NEVER = 1 << 62
SLACK = 64
"""Dead entries that a ladder may hold beyond the number of its living ones."""


class Ladder:
    """Orders by price, the first to be reached on top.

    Args:
        direction: +1 when a rising price reaches the lowest entry first, -1 when a falling price reaches the highest.
    """

    __slots__ = ("best", "direction", "heap", "live")

    def __init__(self, direction: int) -> None:
        self.direction = direction
        self.heap: list[tuple[int, int, Order]] = []
        self.best = NEVER
        self.live = 0

    def add(self, price: int, number: int, order: Order) -> None:
        """File an order under a price; `number` breaks ties by time."""
        heappush(self.heap, (price * self.direction, number, order))
        self.live += 1
        self.best = self.heap[0][0]

    def drop(self) -> None:
        """Count one living entry less; it leaves the heap later."""
        self.live -= 1
        if len(self.heap) > 2 * self.live + SLACK:
            self.heap = [entry for entry in self.heap if entry[1] == entry[2].place]
            heapify(self.heap)
        self._settle()

    def pop_reached(self, price: int) -> list[tuple[int, Order]]:
        """Take out the entries (number, order) that `price` reaches, best price first, then oldest first."""
        limit = price * self.direction
        reached = []
        while self.best <= limit:
            _, number, order = heappop(self.heap)
            order.place = 0
            self.live -= 1
            self._settle()
            reached.append((number, order))
        return reached

    def _settle(self) -> None:
        heap = self.heap
        while heap and heap[0][1] != heap[0][2].place:
            heappop(heap)
        self.best = heap[0][0] if heap else NEVER


class Triggers:
    """The working orders of one symbol, of all accounts.

    Args:
        source: Which price triggers stops ("last" or "bid_ask").
    """

    def __init__(self, source: str) -> None:
        self._source = source
        self._limits = {1: Ladder(-1), -1: Ladder(1)}
        self._stops = {1: Ladder(1), -1: Ladder(-1)}
        self._unpriced: dict[int, Order] = {}
        self._number = 0
        self._homes: dict[int, Ladder] = {}

    def __len__(self) -> int:
        """Return how many orders are filed."""
        return len(self._homes) + len(self._unpriced)

    def file(self, order: Order) -> None:
        """Put an order where its terms belong now; call it again whenever they change or the order ends."""
        self._unfile(order)
        if not order.is_working:
            return
        self._number += 1
        order.place = self._number
        if order.rests_as_stop:
            assert order.stop_price is not None
            self._add(self._stops[order.side], order.stop_price, order)
        elif order.limit_price is not None:
            self._add(self._limits[order.side], order.limit_price, order)
        else:
            self._unpriced[order.place] = order

    def reached(self, quote: Quote) -> list[Order]:
        """Take out the orders that a quote concerns: unpriced ones, then stops, then limits, buys before sells.

        Within a ladder the best price comes first, then the oldest. The caller files again what keeps working.
        """
        orders = list(self._unpriced.values())
        self._unpriced.clear()
        for order in orders:
            order.place = 0
        for ladders, prices in (
            (self._stops, (trigger_price(1, self._source, quote), trigger_price(-1, self._source, quote))),
            (self._limits, (quote.ask, quote.bid)),
        ):
            for side, price in zip((1, -1), prices, strict=True):
                ladder = ladders[side]
                if ladder.best <= price * ladder.direction:
                    for number, order in ladder.pop_reached(price):
                        del self._homes[number]
                        orders.append(order)
        return orders

    def _add(self, ladder: Ladder, price: int, order: Order) -> None:
        ladder.add(price, order.place, order)
        self._homes[order.place] = ladder

    def _unfile(self, order: Order) -> None:
        place, order.place = order.place, 0
        if place and self._unpriced.pop(place, None) is None:
            self._homes.pop(place).drop()
