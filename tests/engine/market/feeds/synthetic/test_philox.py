from math import exp, log

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from engine.market.feeds.synthetic import philox

KEY = philox.key_of(1, "AAPL")


def test_words_are_these_on_every_machine() -> None:
    found = philox.words(KEY, 3, 7, 1, 4)
    assert found.tolist() == [[10313335894380877046, 8978225059059759808, 8655703981771143072, 10354228975495404698]]


@given(st.integers(0, 10**6), st.integers(1, 6), st.integers(0, 5), st.sampled_from([4, 8, 124]))
def test_a_row_does_not_depend_on_the_rows_around_it(first: int, count: int, place: int, width: int) -> None:
    block = philox.words(KEY, 1, first, count + place, width)
    assert np.array_equal(block[place], philox.words(KEY, 1, first + place, 1, width)[0])


def test_streams_symbols_and_seeds_differ() -> None:
    keys = [(KEY, 1), (KEY, 2), (philox.key_of(2, "AAPL"), 1), (philox.key_of(1, "MSFT"), 1)]
    assert len({tuple(philox.words(key, stream, 0, 1, 4)[0].tolist()) for key, stream in keys}) == 4


def test_normals_have_their_deviation_and_bounds() -> None:
    found = philox.normals(philox.words(KEY, 1, 0, 1, 40_000)[0])
    assert abs(found.mean()) < 0.02 * philox.NORMAL_UNIT
    assert abs(found.std() / philox.NORMAL_UNIT - 1) < 0.02
    extremes = philox.normals(np.array([0, 2**64 - 1], dtype=np.uint64))
    assert extremes.tolist() == [-98304, 98301]


def test_fields_of_a_word_do_not_overlap() -> None:
    word = np.array([0xABCD << 48], dtype=np.uint64)
    assert philox.high_fields(word).tolist() == [0xABCD]
    assert philox.normals(word).tolist() == [-98304]


def test_uniform_pairs_reach_one_and_never_zero() -> None:
    low, high = philox.uniform_pairs(np.array([0, 2**64 - 1], dtype=np.uint64))
    assert low.tolist() == high.tolist() == [2.0**-32, 1.0]


@given(st.floats(0.05, 1.0))
def test_exponentials_are_near_the_logarithm(uniform: float) -> None:
    found = philox.exponentials(np.array([uniform]))[0]
    assert abs(found + log(uniform)) <= 0.03 * -log(uniform) + 1e-12


def test_exponentials_stay_finite_at_the_smallest_uniform() -> None:
    assert 22 < philox.exponentials(np.array([2.0**-32]))[0] < 64


@given(st.floats(-2.0, 2.0))
def test_growth_is_near_the_exponential(x: float) -> None:
    assert abs(philox.exponential_growth(np.array([x]))[0] / exp(x) - 1) < 0.003
