"""A priority queue whose entries can be removed: removed ones leave the heap when they come to the top.

Used by the trigger ladders (keys are prices) and by the deadlines (keys are times).
"""

from heapq import heapify, heappop, heappush
from typing import Generic, TypeVar

T = TypeVar("T")

NO_KEY = 1 << 62
"""Greater than every key: the first key of an empty heap."""

SLACK = 64
"""Removed entries that a heap may hold beyond the number of its items."""


class HeapEntry(Generic[T]):
    """The place of an item in a heap; `item` is None once it was removed or taken out."""

    __slots__ = ("heap", "item", "key", "number")

    def __init__(self, heap: "LazyHeap[T]", key: int, number: int, item: T) -> None:
        self.heap = heap
        self.key = key
        self.number = number
        self.item: T | None = item

    def __lt__(self, other: "HeapEntry[T]") -> bool:
        """Entries are compared only with the same key and number; their order does not matter."""
        return False


class LazyHeap(Generic[T]):
    """Items by key, the least key first; of equal keys the least number first.

    Attributes:
        first_key: The least key, `NO_KEY` where the heap is empty.
    """

    __slots__ = ("_heap", "_size", "first_key")

    def __init__(self) -> None:
        self._heap: list[tuple[int, int, HeapEntry[T]]] = []
        self._size = 0
        self.first_key = NO_KEY

    def __len__(self) -> int:
        """Return the number of items."""
        return self._size

    def push(self, key: int, number: int, item: T) -> HeapEntry[T]:
        """Add an item; returns its entry, for `remove`."""
        entry = HeapEntry(self, key, number, item)
        heappush(self._heap, (key, number, entry))
        self._size += 1
        self.first_key = self._heap[0][0]
        return entry

    def remove(self, entry: HeapEntry[T]) -> None:
        """Remove an item by its entry; does nothing when it is out already."""
        if entry.item is None:
            return
        entry.item = None
        self._size -= 1
        if len(self._heap) > 2 * self._size + SLACK:
            self._heap = [row for row in self._heap if row[2].item is not None]
            heapify(self._heap)
        self._settle()

    def pop_through(self, key: int) -> list[T]:
        """Take out the items whose key is at most `key`, the least first."""
        if self.first_key > key:
            return []
        heap, items = self._heap, list[T]()
        while heap and heap[0][0] <= key:
            entry = heappop(heap)[2]
            if entry.item is not None:
                items.append(entry.item)
                entry.item = None
        self._size -= len(items)
        self._settle()
        return items

    def _settle(self) -> None:
        heap = self._heap
        while heap and heap[0][2].item is None:
            heappop(heap)
        self.first_key = heap[0][0] if heap else NO_KEY
