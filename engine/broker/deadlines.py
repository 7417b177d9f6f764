"""Orders that something happens to at a time, soonest first: a heap with lazy deletion.

The broker keeps two: when orders expire, and when late ones (accounts with latency) arrive at the market.
"""

from heapq import heapify, heappop, heappush

from engine.broker.order import Order

SLACK = 64
"""Dead entries that the heap may hold beyond the number of its living ones."""


class Deadlines:
    """Orders by the time at which something happens to them, in epoch milliseconds."""

    def __init__(self) -> None:
        self._heap: list[tuple[int, int, Order]] = []
        self._filed: dict[Order, int] = {}
        self._number = 0

    def __len__(self) -> int:
        """Return how many orders are waited for."""
        return len(self._filed)

    def file(self, order: Order, due_ms: int | None) -> None:
        """Take note of an order's time, None for never; call it again when that changes or the order ends."""
        if due_ms == self._filed.get(order):
            return
        if due_ms is None:
            del self._filed[order]
        else:
            self._filed[order] = due_ms
            self._number += 1
            heappush(self._heap, (due_ms, self._number, order))
        if len(self._heap) > 2 * len(self._filed) + SLACK:
            self._heap = [entry for entry in self._heap if self._filed.get(entry[2]) == entry[0]]
            heapify(self._heap)

    def due(self, now_ms: int) -> list[Order]:
        """Take out the orders whose time has come, soonest first."""
        orders = []
        while self._heap and self._heap[0][0] <= now_ms:
            due_ms, _, order = heappop(self._heap)
            if self._filed.get(order) == due_ms:
                del self._filed[order]
                orders.append(order)
        return orders
