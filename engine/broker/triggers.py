"""Working orders of one symbol, sorted by the price that concerns them: a tick costs what it triggers, not what rests.

Ladders (limit, stop and trail, buy and sell) are heaps with lazy deletion: an entry is dead as soon as its order moved
to another place or ended, and leaves when it surfaces or when the dead outnumber the living. Orders that wait for no
price (the rest of a market order, of a limit order that takes) are looked at with every quote.
"""

from heapq import heapify, heappop, heappush
from typing import Protocol

from engine.broker.matching import trigger_price
from engine.broker.order import WORKING, Order
from engine.models.market.quotes import Quote

NEVER = 1 << 62
SLACK = 64
"""Dead entries that a ladder may hold beyond the number of its living ones."""


class Book(Protocol):
    """The working orders of one symbol, of all accounts."""

    def __len__(self) -> int:
        """Return how many orders are filed."""

    def file(self, order: Order) -> None:
        """Put an order where its terms belong now; call it again whenever they change or the order ends.

        An order keeps its turn among those of the same price as long as its price and kind stay.
        """

    def take_out(self, order: Order) -> None:
        """Forget an order, whatever its state."""

    def reached(self, quote: Quote) -> list[Order]:
        """Take out the orders that a quote concerns: unpriced ones, then stops, then limits, buys before sells.

        Within a ladder the best price comes first, then the oldest. The caller files again what keeps working.
        """

    def trailing(self, quote: Quote) -> list[Order]:
        """Return the trailing stops whose best price a quote improves, buys before sells; they stay filed as stops.

        A sell follows the bid up, a buy the ask down.
        """


class Place:
    """One entry of a ladder; `order` is None once it is dead."""

    __slots__ = ("ladder", "number", "order", "price")

    def __init__(self, ladder: "Ladder", price: int, number: int) -> None:
        self.ladder = ladder
        self.price = price
        self.number = number
        self.order: Order | None = None

    def __lt__(self, other: "Place") -> bool:
        """Entries of one price and number are one order's, all but one of them dead: any order will do."""
        return False


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

    def add(self, place: Place, order: Order) -> None:
        """File an order; the place's number breaks ties of its price."""
        place.order = order
        heap = self.heap
        heappush(heap, (place.price * self.direction, place.number, place))
        self.live += 1
        self.best = heap[0][0]

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
        limit, heap = price * self.direction, self.heap
        reached = []
        while heap and heap[0][0] <= limit:
            place = heappop(heap)[2]
            if place.order is not None:
                reached.append(place.order)
                place.order = None
        self.live -= len(reached)
        self._settle()
        return reached

    def _settle(self) -> None:
        heap = self.heap
        while heap and heap[0][2].order is None:
            heappop(heap)
        self.best = heap[0][0] if heap else NEVER


class Triggers:
    """The book that the broker uses.

    Args:
        source: Which price triggers stops ("last" or "bid_ask").
    """

    def __init__(self, source: str) -> None:
        self._source = source
        self._limits = {1: Ladder(-1), -1: Ladder(1)}
        self._stops = {1: Ladder(1), -1: Ladder(-1)}
        self._touched = {1: Ladder(-1), -1: Ladder(1)}
        self._trails = {1: Ladder(-1), -1: Ladder(1)}
        self._unpriced = Ladder(1)
        self._number = 0
        self._filed = 0

    def __len__(self) -> int:
        """Return how many orders are filed."""
        return self._filed

    def file(self, order: Order) -> None:
        """Put an order where its terms belong now, see `Book`."""
        place = order.place
        if order.status is not WORKING:
            if place is not None:
                self._unfile(order, place)
            return
        ladder, price = self._home(order)
        if place is None or place.ladder is not ladder or place.price != price:
            if place is not None:
                self._unfile(order, place)
            self._number += 1
            place = order.place = Place(ladder, price, self._number)
        if place.order is None:
            ladder.add(place, order)
            self._filed += 1
        if order.terms.trail is not None or order.trail_place is not None:
            self._file_trail(order, place.number)

    def _file_trail(self, order: Order, number: int) -> None:
        is_trailing = order.rests_as_stop and order.terms.trail is not None and order.best is not None
        price, place = (order.best or 0) - order.side, order.trail_place
        if place is not None and not (is_trailing and place.price == price):
            self._leave_trail(order)
        if is_trailing and order.trail_place is None:
            place = order.trail_place = Place(self._trails[order.side], price, number)
            place.ladder.add(place, order)

    def _home(self, order: Order) -> tuple[Ladder, int]:
        """Return the ladder of an order, and the price by which it stands there."""
        terms = order.terms
        if terms.stop_price is not None and not order.is_triggered:
            return (self._touched if terms.is_touch else self._stops)[order.side], terms.stop_price
        if terms.limit_price is not None and not order.is_taking:
            return self._limits[order.side], terms.limit_price
        return self._unpriced, 0

    def reached(self, quote: Quote) -> list[Order]:
        """Take out the orders that a quote concerns, see `Book`."""
        orders: list[Order] = []
        rising, falling = trigger_price(1, self._source, quote), trigger_price(-1, self._source, quote)
        for ladder, price in (
            (self._unpriced, 0),
            (self._stops[1], rising),
            (self._stops[-1], falling),
            (self._touched[1], rising),
            (self._touched[-1], falling),
            (self._limits[1], quote.ask),
            (self._limits[-1], quote.bid),
        ):
            if ladder.best <= price * ladder.direction:
                orders += ladder.pop_reached(price)
        self._filed -= len(orders)
        for order in orders:
            if order.trail_place is not None:
                self._leave_trail(order)
        return orders

    def trailing(self, quote: Quote) -> list[Order]:
        """Return the trailing stops whose best price a quote improves, see `Book`."""
        orders: list[Order] = []
        for ladder, price in ((self._trails[1], quote.ask), (self._trails[-1], quote.bid)):
            if ladder.best <= price * ladder.direction:
                orders += ladder.pop_reached(price)
        for order in orders:
            order.trail_place = None
        return orders

    def take_out(self, order: Order) -> None:
        """Forget an order, see `Book`."""
        if order.place is not None:
            self._unfile(order, order.place)

    def _unfile(self, order: Order, place: Place) -> None:
        order.place = None
        if place.order is not None:
            place.ladder.drop(place)
            self._filed -= 1
        if order.trail_place is not None:
            self._leave_trail(order)

    def _leave_trail(self, order: Order) -> None:
        place, order.trail_place = order.trail_place, None
        if place is not None and place.order is not None:
            place.ladder.drop(place)
