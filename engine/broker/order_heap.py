"""Working orders by a key, so that a tick reads only the orders that it reaches.

Used by triggers.py (keys are prices), and by the broker for expiries and arrivals (keys are times).
"""

from heapq import heapify, heappop, heappush
from typing import NamedTuple

from engine.broker.order import Order

NO_KEY = 1 << 62
"""Greater than every key: the first key of an empty heap."""

SLACK = 64
"""Removed entries that a heap may hold beyond the number of its orders."""


class Entry(NamedTuple):
    """An order in a heap; equal keys are sorted by insertion."""

    key: int
    turn: int
    order: Order


class OrderHeap:
    """Orders by key, the least key first. Removed entries stay in the heap until they come to its top.

    Attributes:
        first_key: The least key, `NO_KEY` where the heap is empty.
    """

    def __init__(self) -> None:
        self._heap: list[Entry] = []
        self._entries: dict[Order, Entry] = {}
        self._turn = 0
        self.first_key = NO_KEY

    def __len__(self) -> int:
        """Return the number of orders."""
        return len(self._entries)

    def update(self, order: Order, key: int | None) -> None:
        """Set the key of an order, None to remove it. An order keeps its turn as long as its key stays."""
        entry = self._entries.get(order)
        if entry is not None:
            if entry.key == key:
                return
            self._remove(order)
        if key is not None:
            self._turn += 1
            entry = self._entries[order] = Entry(key, self._turn, order)
            heappush(self._heap, entry)
            self.first_key = self._heap[0].key

    def _remove(self, order: Order) -> None:
        heap, entries = self._heap, self._entries
        del entries[order]
        if len(heap) > 2 * len(entries) + SLACK:
            heap[:] = entries.values()
            heapify(heap)
        while heap and entries.get(heap[0].order) is not heap[0]:
            heappop(heap)
        self.first_key = heap[0].key if heap else NO_KEY

    def through(self, key: int) -> list[Order]:
        """Return the orders whose key is at most `key`, the least first; they stay in the heap."""
        if self.first_key > key:
            return []
        heap, entries = self._heap, self._entries
        places, found = [0], list[Entry]()
        for place in places:
            if place < len(heap) and heap[place][0] <= key:
                found.append(heap[place])
                places += (2 * place + 1, 2 * place + 2)
        return [entry.order for entry in sorted(found) if entries.get(entry.order) is entry]
