"""The heap with removable entries against a sorted list."""

import pickle
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from engine.broker.lazy_heap import NO_KEY, SLACK, HeapEntry, LazyHeap

keys = st.integers(0, 30)
operations = st.lists(
    st.one_of(
        st.tuples(st.just("push"), keys),
        st.tuples(st.just("remove"), st.integers(0, 60)),
        st.tuples(st.just("pop"), keys),
    ),
    max_size=80,
)


@given(operations)
def test_items_come_out_by_key_and_then_by_number(script: list[tuple[Any, ...]]) -> None:
    heap = LazyHeap[int]()
    entries: list[HeapEntry[int]] = []
    expected: list[tuple[int, int]] = []
    for name, value in script:
        if name == "push":
            number = len(entries)
            entries.append(heap.push(value, number, number))
            expected.append((value, number))
        elif name == "remove":
            if value < len(entries):
                heap.remove(entries[value])
                expected = [row for row in expected if row[1] != value]
        else:
            due = sorted(row for row in expected if row[0] <= value)
            assert heap.pop_through(value) == [number for _, number in due]
            expected = [row for row in expected if row[0] > value]
        assert len(heap) == len(expected)
        assert heap.first_key == min((key for key, _ in expected), default=NO_KEY)


def test_removed_entries_are_bounded() -> None:
    heap = LazyHeap[int]()
    first = heap.push(0, 0, 0)
    for number in range(1, 10_000):
        heap.remove(heap.push(number, number, number))
    assert len(pickle.dumps(heap)) < 100 * SLACK
    assert (len(heap), heap.first_key, first.item) == (1, 0, 0)
