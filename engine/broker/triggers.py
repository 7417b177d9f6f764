"""Working orders of one symbol, sorted by the price that concerns them: a tick costs what it triggers, not what rests.

Ladders (limit, stop and trail, buy and sell) are heaps with lazy deletion: an entry is dead as soon as its order moved
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


class Place:
    """One entry of a ladder; dead once its order is gone."""

    __slots__ = ("ladder", "order")

    def __init__(self, ladder: "Ladder | None", order: Order) -> None:
        self.ladder = ladder
        self.order: Order | None = order


class Ladder:
    """Orders by price, the first to be reached on top.

    Args:
        direction: +1 when a rising price reaches the lowest entry first, -1 when a falling price reaches the highest.
    """

    __slots__ = ("best", "direction", "heap", "live")

    def __init__(self, direction: int) -> None:
        self.direction = direction
        self.heap: list[tuple[int, int, Place]] = []
        self.best = NEVER
        self.live = 0

    def add(self, price: int, number: int, order: Order) -> Place:
        """File an order under a price; `number` breaks ties by time."""
        place = Place(self, order)
        heappush(self.heap, (price * self.direction, number, place))
        self.live += 1
        self.best = self.heap[0][0]
        return place

    def drop(self, place: Place) -> None:
        """Let an entry die; it leaves the heap later."""
        place.order = None
        self.live -= 1
        if len(self.heap) > 2 * self.live + SLACK:
            self.heap = [entry for entry in self.heap if entry[2].order is not None]
            heapify(self.heap)
        self._settle()

    def pop_reached(self, price: int) -> list[Order]:
        """Take out the orders that `price` reaches, best price first, then oldest first."""
        limit = price * self.direction
        reached = []
        while self.best <= limit:
            place = heappop(self.heap)[2]
            assert place.order is not None
            reached.append(place.order)
            place.order = None
            self.live -= 1
            self._settle()
        return reached

    def _settle(self) -> None:
        heap = self.heap
        while heap and heap[0][2].order is None:
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
        self._touched = {1: Ladder(-1), -1: Ladder(1)}
        self._trails = {1: Ladder(-1), -1: Ladder(1)}
        self._unpriced: dict[int, Order] = {}
        self._number = 0
        self._filed = 0

    def __len__(self) -> int:
        """Return how many orders are filed."""
        return self._filed + len(self._unpriced)

    def file(self, order: Order) -> None:
        """Put an order where its terms belong now; call it again whenever they change or the order ends."""
        self._unfile(order)
        if not order.is_working:
            return
        self._number += 1
        terms = order.terms
        if order.rests_as_stop:
            assert terms.stop_price is not None
            ladders = self._touched if terms.is_touch else self._stops
            order.place = ladders[order.side].add(terms.stop_price, self._number, order)
            self._filed += 1
            if terms.trail is not None and order.best is not None:
                order.trail_place = self._trails[order.side].add(order.best - order.side, self._number, order)
        elif terms.limit_price is not None:
            order.place = self._limits[order.side].add(terms.limit_price, self._number, order)
            self._filed += 1
        else:
            order.place = Place(None, order)
            self._unpriced[id(order)] = order

    def reached(self, quote: Quote) -> list[Order]:
        """Take out the orders that a quote concerns: unpriced ones, then stops, then limits, buys before sells.

        Within a ladder the best price comes first, then the oldest. The caller files again what keeps working.
        """
        orders: list[Order] = []
        if self._unpriced:
            orders += self._unpriced.values()
            self._unpriced.clear()
        rising, falling = trigger_price(1, self._source, quote), trigger_price(-1, self._source, quote)
        for ladder, price in (
            (self._stops[1], rising),
            (self._stops[-1], falling),
            (self._touched[1], rising),
            (self._touched[-1], falling),
            (self._limits[1], quote.ask),
            (self._limits[-1], quote.bid),
        ):
            if ladder.best <= price * ladder.direction:
                found = ladder.pop_reached(price)
                self._filed -= len(found)
                orders += found
        for order in orders:
            order.place = None
            self._leave_trail(order)
        return orders

    def trailing(self, quote: Quote) -> list[Order]:
        """Return the trailing stops whose best price a quote improves; they stay filed as stops.

        A sell follows the bid up, a buy the ask down.
        """
        orders: list[Order] = []
        for ladder, price in ((self._trails[1], quote.ask), (self._trails[-1], quote.bid)):
            if ladder.best <= price * ladder.direction:
                orders += ladder.pop_reached(price)
        for order in orders:
            order.trail_place = None
        return orders

    def _unfile(self, order: Order) -> None:
        place, order.place = order.place, None
        if place is not None:
            if place.ladder is None:
                del self._unpriced[id(order)]
            else:
                place.ladder.drop(place)
                self._filed -= 1
        self._leave_trail(order)

    def _leave_trail(self, order: Order) -> None:
        place, order.trail_place = order.trail_place, None
        if place is not None and place.ladder is not None:
            place.ladder.drop(place)
