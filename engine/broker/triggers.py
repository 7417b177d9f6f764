"""Working orders of one symbol by the price that triggers or fills them, so that a tick costs only what it reaches.

Each kind of order (limit, stop, touch and trail, buy and sell) has a ladder: a heap by price. Orders that wait for no
price (the rest of a market order, or of a limit order that takes) are reached by every quote. The broker keeps one
index for each symbol.
"""

from engine.broker.lazy_heap import HeapEntry, LazyHeap
from engine.broker.matching import trigger_price
from engine.broker.order import WORKING, Order
from engine.models.market.quotes import Quote


class Ladder(LazyHeap[Order]):
    """Orders by price, the first to be reached on top.

    Args:
        direction: +1 when a rising price reaches the lowest entry first, -1 when a falling price reaches the highest.
    """

    __slots__ = ("direction",)

    def __init__(self, direction: int) -> None:
        super().__init__()
        self.direction = direction


Entry = HeapEntry[Order]


class Triggers:
    """The working orders of one symbol, of all accounts.

    Args:
        source: Which price triggers stops ("last" or "bid_ask").
    """

    def __init__(self, source: str) -> None:
        self._source = source
        self._limits = {1: Ladder(-1), -1: Ladder(1)}
        self._stops = {1: Ladder(1), -1: Ladder(-1)}
        self._touches = {1: Ladder(-1), -1: Ladder(1)}
        self._trails = {1: Ladder(-1), -1: Ladder(1)}
        self._unpriced = Ladder(1)
        self._entries: dict[Order, Entry] = {}
        self._trail_entries: dict[Order, Entry] = {}
        self._number = 0
        self._size = 0

    def __len__(self) -> int:
        """Return the number of orders."""
        return self._size

    def update(self, order: Order) -> None:
        """Put an order where its terms belong now. To be called when its terms change, and when it ends.

        An order keeps its turn among those of the same price as long as its price and kind stay.
        """
        if order.status is not WORKING:
            self.remove(order)
            return
        ladder, price = self._ladder_of(order)
        key, entry = price * ladder.direction, self._entries.get(order)
        if entry is None or entry.heap is not ladder or entry.key != key:
            self.remove(order)
            self._number += 1
            number = self._number
        else:
            number = entry.number
        if entry is None or entry.item is None:
            self._entries[order] = ladder.push(key, number, order)
            self._size += 1
        if order.terms.trail is not None or order in self._trail_entries:
            self._update_trail(order, number)

    def _update_trail(self, order: Order, number: int) -> None:
        ladder, best = self._trails[order.side], order.best
        is_trailing = order.rests_as_stop and order.terms.trail is not None and best is not None
        key, entry = ((best or 0) - order.side) * ladder.direction, self._trail_entries.get(order)
        if entry is not None and not (is_trailing and entry.key == key):
            self._remove_trail(order)
        if is_trailing and order not in self._trail_entries:
            self._trail_entries[order] = ladder.push(key, number, order)

    def _ladder_of(self, order: Order) -> tuple[Ladder, int]:
        """Return the ladder of an order, and its price there."""
        terms = order.terms
        if terms.stop_price is not None and not order.is_triggered:
            return (self._touches if terms.is_touch else self._stops)[order.side], terms.stop_price
        if terms.limit_price is not None and not order.is_taking:
            return self._limits[order.side], terms.limit_price
        return self._unpriced, 0

    def pop_reached(self, quote: Quote) -> list[Order]:
        """Take out the orders that a quote reaches: unpriced ones, then stops, then limits, buys before sells.

        Within a ladder the best price comes first, then the oldest. The caller calls `update` for working ones.
        """
        orders: list[Order] = []
        rising, falling = trigger_price(1, self._source, quote), trigger_price(-1, self._source, quote)
        for ladder, price in (
            (self._unpriced, 0),
            (self._stops[1], rising),
            (self._stops[-1], falling),
            (self._touches[1], rising),
            (self._touches[-1], falling),
            (self._limits[1], quote.ask),
            (self._limits[-1], quote.bid),
        ):
            key = price * ladder.direction
            if ladder.first_key <= key:
                orders += ladder.pop_through(key)
        self._size -= len(orders)
        if self._trail_entries:
            for order in orders:
                self._remove_trail(order)
        return orders

    def pop_trailing(self, quote: Quote) -> list[Order]:
        """Return the trailing stops whose best price a quote improves, buys before sells; they stay in as stops.

        A sell follows the bid up, a buy the ask down. The caller calls `update` for each of them.
        """
        orders: list[Order] = []
        for ladder, price in ((self._trails[1], quote.ask), (self._trails[-1], quote.bid)):
            key = price * ladder.direction
            if ladder.first_key <= key:
                orders += ladder.pop_through(key)
        for order in orders:
            del self._trail_entries[order]
        return orders

    def remove(self, order: Order) -> None:
        """Remove an order, whatever its state."""
        entry = self._entries.pop(order, None)
        if entry is None:
            return
        if entry.item is not None:
            entry.heap.remove(entry)
            self._size -= 1
        self._remove_trail(order)

    def _remove_trail(self, order: Order) -> None:
        entry = self._trail_entries.pop(order, None)
        if entry is not None:
            entry.heap.remove(entry)
