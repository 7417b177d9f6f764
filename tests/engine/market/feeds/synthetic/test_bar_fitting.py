import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.market.feeds.synthetic import philox
from engine.market.feeds.synthetic.bar_fitting import (
    CLOSE,
    HIGH,
    LOW,
    OPEN,
    VOLUME,
    fit_bars,
    fit_prints,
    words_per_parent,
)
from engine.models.market.arrays import Ints
from tests.properties import examples

EVEN = np.full(64, 1024, dtype=np.int64)


@st.composite
def parents(draw: st.DrawFn) -> Ints:
    """Up to four valid bars, narrow, wide, flat, open or close at an extreme."""
    bars = []
    for _ in range(draw(st.integers(1, 4))):
        low = draw(st.integers(3, 10**7))
        high = low + draw(st.one_of(st.integers(0, 3), st.integers(0, 10**6)))
        inside = st.one_of(st.just(low), st.just(high), st.integers(low, high))
        bars.append([draw(inside), high, low, draw(inside), draw(st.integers(0, 10**14))])
    return np.array(bars, dtype=np.int64).T


@examples(150)
@given(parents(), st.integers(1, 60), st.integers(0, 10**6))
def test_child_bars_aggregate_to_their_parents_exactly(parent: Ints, count: int, index: int) -> None:
    source = philox.words(5, 1, index, parent.shape[1], words_per_parent(count, 2))
    made = fit_bars(parent, source, EVEN[:count], EVEN[:count], 1.2).reshape(5, -1, count)
    assert np.array_equal(made[OPEN, :, 0], parent[OPEN])
    assert np.array_equal(made[CLOSE, :, -1], parent[CLOSE])
    assert np.array_equal(made[HIGH].max(axis=1), parent[HIGH])
    assert np.array_equal(made[LOW].min(axis=1), parent[LOW])
    assert np.array_equal(made[VOLUME].sum(axis=1), parent[VOLUME])
    assert np.all(made[VOLUME] >= 0)
    assert np.all(made[LOW] <= np.minimum(made[OPEN], made[CLOSE]))
    assert np.all(made[HIGH] >= np.maximum(made[OPEN], made[CLOSE]))
    assert np.array_equal(made[OPEN, :, 1:], made[CLOSE, :, :-1])


@examples(150)
@given(parents(), st.integers(8, 300), st.integers(0, 10**6), st.integers(0, 2))
def test_prints_aggregate_to_their_parents_exactly(parent: Ints, count: int, index: int, bounce: int) -> None:
    source = philox.words(5, 2, index, parent.shape[1], words_per_parent(count, 1))
    made = fit_prints(parent, source, count, bounce)
    assert made.price.shape == made.volume.shape == (parent.shape[1], count)
    assert np.array_equal(made.price[:, 0], parent[OPEN])
    assert np.array_equal(made.price[:, -1], parent[CLOSE])
    assert np.array_equal(made.price.max(axis=1), parent[HIGH])
    assert np.array_equal(made.price.min(axis=1), parent[LOW])
    assert np.array_equal(made.volume.sum(axis=1), parent[VOLUME])
    assert np.all(made.volume >= 0)


def test_a_child_does_not_depend_on_the_other_parents() -> None:
    parent = np.array([[100, 90], [130, 95], [80, 60], [110, 61], [1000, 500]], dtype=np.int64)
    source = philox.words(5, 1, 0, 2, words_per_parent(15, 2))
    both = fit_bars(parent, source, EVEN[:15], EVEN[:15], 1.0)
    alone = fit_bars(parent[:, 1:], source[1:], EVEN[:15], EVEN[:15], 1.0)
    assert np.array_equal(both[:, 15:], alone)


def test_profile_shapes_volume_and_movement() -> None:
    parent = np.tile(np.array([[5000], [9000], [1000], [5000], [10**9]], dtype=np.int64), 400)
    profile = np.array([4096] + [1024] * 9, dtype=np.int64)
    source = philox.words(5, 1, 0, 400, words_per_parent(10, 2))
    made = fit_bars(parent, source, profile, profile, 0.3).reshape(5, 400, 10)
    ranges = (made[HIGH] - made[LOW]).mean(axis=0)
    assert made[VOLUME, :, 0].mean() > 3 * made[VOLUME, :, 1:].mean()
    assert ranges[0] > 1.5 * ranges[1:].mean()


@pytest.mark.parametrize(("children", "each", "expected"), [(60, 2, 124), (300, 1, 304), (1, 1, 8), (26, 2, 56)])
def test_words_of_a_parent_are_whole_counter_steps(children: int, each: int, expected: int) -> None:
    assert words_per_parent(children, each) == expected
