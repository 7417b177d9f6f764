"""Orders by the time at which something happens to them, the soonest first.

The broker keeps two: the expiry of orders, and the arrival at the market of orders of accounts with latency.
"""

from engine.broker.lazy_heap import HeapEntry, LazyHeap
from engine.broker.order import Order


class Deadlines:
    """Orders by due time in epoch milliseconds."""

    def __init__(self) -> None:
        self._heap: LazyHeap[Order] = LazyHeap()
        self._entries: dict[Order, HeapEntry[Order]] = {}
        self._number = 0

    def __len__(self) -> int:
        """Return the number of orders with a due time."""
        return len(self._heap)

    def update(self, order: Order, due_ms: int | None) -> None:
        """Set the due time of an order, None for no time. To be called when that changes, and when the order ends."""
        entry = self._entries.get(order)
        if entry is not None:
            if entry.key == due_ms:
                return
            self._heap.remove(self._entries.pop(order))
        if due_ms is not None:
            self._number += 1
            self._entries[order] = self._heap.push(due_ms, self._number, order)

    def pop_due(self, now_ms: int) -> list[Order]:
        """Take out the orders whose time has come, the soonest first."""
        orders = self._heap.pop_through(now_ms)
        for order in orders:
            del self._entries[order]
        return orders
