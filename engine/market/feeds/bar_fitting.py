"""Fit bars or prices inside parent bars: they touch the parent's high and low exactly and never leave them.

Every level of the synthetic market below the day is made here. A parent's path runs from its open to one extreme, to
the other, to its close; a random walk pinned at these four points is folded back at the high and the low. All functions
work on many parents at once and are pure: equal words give equal results, to the bit (see `draws`).
"""

from math import sqrt
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from engine.market.feeds.random_source import (
    NORMAL_UNIT,
    Floats,
    Ints,
    Words,
    exponentials,
    normals,
    sixteenths,
    uniform_pairs,
)

OPEN, HIGH, LOW, CLOSE, VOLUME = range(5)
"""Rows of an (5, n) array of bars; prices in ticks, volume in quantity units."""

PARENT_WORDS = 4
"""Words that a parent needs for its skeleton, before those of its children."""

WALK_SCALE = 0.64
"""Deviation of a walk over a whole parent, as a part of the parent's range; about what a free Brownian path has (0.63).
Found by measurement: with it ranges grow with the square root of time through all levels."""

EVEN_STEPS = np.array([1024], dtype=np.int64)


class Skeleton(NamedTuple):
    """When and where each parent touches its extremes, in order; float arrays of shape (parents, 1)."""

    first_time: Floats
    first: Floats
    second_time: Floats
    second: Floats
    is_high_first: NDArray[np.bool_]


def words_per_parent(children: int, words_per_child: int) -> int:
    """Return the words to draw for one parent, rounded up to whole counter steps."""
    return -(-(PARENT_WORDS + children * words_per_child) // 4) * 4


def skeleton(parents: Floats, source: Words) -> Skeleton:
    """Choose the order and the times (in [0, 1)) of the extremes; `source` has shape (parents, PARENT_WORDS).

    The time between two points grows with the square of their distance, as for a Brownian path; the order that makes
    the shorter way is the likelier one.
    """
    open_, high, low, close = parents[:4]
    order, _ = uniform_pairs(source[:, 0])
    chance_first, chance_middle = uniform_pairs(source[:, 1])
    chance_last, _ = uniform_pairs(source[:, 2])
    low_first = (open_ - low) * (open_ - low) + (high - close) * (high - close)
    high_first = (high - open_) * (high - open_) + (close - low) * (close - low)
    is_high_first = order * (low_first * low_first + high_first * high_first) <= low_first * low_first
    first = np.where(is_high_first, high, low)
    second = high + low - first
    span = (high - low) * (high - low)
    before = (first - open_) * (first - open_) * (chance_first + 0.15)
    between = span * (chance_middle + 0.15)
    after = (close - second) * (close - second) * (chance_last + 0.15)
    total = np.maximum(before + between + after, 1.0)
    shape = (-1, 1)
    return Skeleton(
        (before / total).reshape(shape),
        first.reshape(shape),
        1.0 - (after / total).reshape(shape),
        second.reshape(shape),
        is_high_first,
    )


def _lines(
    at: Floats, times: tuple[Floats, Floats], values: tuple[Floats, Floats, Floats, Floats], end: float
) -> Floats:
    """Return the line through (0, v0), (t1, v1), (t2, v2), (end, v3) at `at`; needs 0 < t1 < t2 < end."""
    (t1, t2), (v0, v1, v2, v3) = times, values
    before = at * ((v1 - v0) / t1) + v0
    between = (at - t1) * ((v2 - v1) / (t2 - t1)) + v1
    after = (at - t2) * ((v3 - v2) / (end - t2)) + v2
    return np.where(at < t1, before, np.where(at < t2, between, after))


def _fold(path: Floats, low: Floats, high: Floats) -> Floats:
    """Reflect `path` at `low` and `high` until it lies between them."""
    span = high - low
    inside = span - np.abs(span - np.abs(path - low))
    result: Floats = np.maximum(inside, 0.0) + low
    return result


def _shares(volume: Ints, weights: Ints) -> Ints:
    """Split each row's volume by its weights (positive integers) into parts that sum to it exactly."""
    running = np.cumsum(weights, axis=1)
    parts = np.floor(running / running[:, -1:] * volume.astype(np.float64).reshape(-1, 1)).astype(np.int64)
    parts[:, 1:] -= parts[:, :-1]
    result: Ints = parts
    return result


def _walk(source: Words, scales: Ints, step: Floats) -> Floats:
    """Return random walks from 0, shape (parents, steps + 1); `scales` weigh the steps (1024 = one `step`)."""
    steps = normals(source) * scales
    path = np.zeros((len(source), steps.shape[1] + 1))
    path[:, 1:] = np.cumsum(steps, axis=1)
    return path * (step / (NORMAL_UNIT * 1024.0))


def fit_bars(parents: Ints, source: Words, volumes: Ints, scales: Ints, variety: float) -> Ints:
    """Make child bars of each parent; each child opens at the close of the one before it.

    Args:
        parents: Bars of shape (5, n).
        source: Words of shape (n, at least PARENT_WORDS + 2 * children).
        volumes: Relative volume of each child, integers around 1024; their number is the number of children, 2 or more.
        scales: Relative volatility of each child, integers around 1024.
        variety: How much volume varies at random: from `1 - variety / 2` to `1 + variety / 2`, squared.

    Returns:
        Bars of shape (5, n * children), in order of time: aggregated, they give the parents exactly.
    """
    count = len(volumes)
    exact = parents[:4].astype(np.float64)
    open_, high, low, close = (row.reshape(-1, 1) for row in exact)
    bones = skeleton(exact, source[:, :PARENT_WORDS])
    noise, chances = source[:, PARENT_WORDS:][:, :count], source[:, PARENT_WORDS + count :][:, :count]
    step = (high - low) * (WALK_SCALE / sqrt(count))
    first = np.floor(bones.first_time * count)
    second = count - 1.0 - np.floor((1.0 - bones.second_time) * count)
    path = _pinned(_walk(noise, scales, step), bones, (first + 0.25, second + 0.75), (open_, close))
    path = np.rint(_fold(path, low, high))
    path[:, 0], path[:, -1] = exact[0], exact[3]
    bars = _bars_along(path, (low, high), step * (scales / 1024.0), chances)
    at_first, at_second = first[:, 0].astype(np.int64), second[:, 0].astype(np.int64)
    rows = np.arange(len(source))
    bars[HIGH, rows, np.where(bones.is_high_first, at_first, at_second)] = parents[HIGH]
    bars[LOW, rows, np.where(bones.is_high_first, at_second, at_first)] = parents[LOW]
    chance = sixteenths(noise) * (variety / 65536.0) + (1.0 - variety / 2.0)
    activity = np.sqrt((bars[HIGH] - bars[LOW]) / np.maximum(step, 1.0) + 0.25) * chance * chance
    bars[VOLUME] = _shares(parents[VOLUME], (activity * volumes).astype(np.int64) + 1)
    return bars.reshape(5, -1)


def _pinned(walk: Floats, bones: Skeleton, times: tuple[Floats, Floats], ends: tuple[Floats, Floats]) -> Floats:
    """Shift walks so that they start and end at `ends` and pass the skeleton's points at `times`."""
    values = (
        ends[0],
        bones.first - _between(walk, times[0]),
        bones.second - _between(walk, times[1]),
        ends[1] - walk[:, -1:],
    )
    return walk + _lines(np.arange(float(walk.shape[1])), times, values, walk.shape[1] - 1.0)


def _between(walk: Floats, time: Floats) -> Floats:
    """Return each walk at `time`, on the straight line between its two neighbouring steps; shape (n, 1)."""
    index = time.astype(np.int64)
    left = np.take_along_axis(walk, index, axis=1)
    right = np.take_along_axis(walk, index + 1, axis=1)
    return left + (right - left) * (time - index)


def wicks(start: Floats, end: Floats, step: Floats, source: Words) -> tuple[Floats, Floats]:
    """Draw how far bars reach above and below their bodies, at random as a Brownian bridge would.

    Source: a bridge from a to b with deviation s has the maximum `(a + b + sqrt((a - b)^2 - 2 s^2 ln u)) / 2`.

    Args:
        start: Opens.
        end: Closes.
        step: Standard deviation of each bar's move.
        source: A word for each bar.
    """
    upper, lower = uniform_pairs(source)
    body = np.abs(end - start)
    square, spread = body * body, step * step * 2.0
    above = (np.sqrt(exponentials(upper) * spread + square) - body) * 0.5
    below = (np.sqrt(exponentials(lower) * spread + square) - body) * 0.5
    return above, below


def _bars_along(path: Floats, band: tuple[Floats, Floats], step: Floats, source: Words) -> Ints:
    """Return bars of shape (5, n, count) along the path, inside the band, volume 0."""
    start, end = path[:, :-1], path[:, 1:]
    above, below = wicks(start, end, step, source)
    top, bottom = np.maximum(start, end), np.minimum(start, end)
    bars = np.zeros((5, *start.shape), dtype=np.int64)
    bars[OPEN], bars[CLOSE] = start, end
    bars[HIGH] = np.maximum(np.rint(band[1] - np.abs(band[1] - top - above)), top)
    bars[LOW] = np.minimum(np.rint(band[0] + np.abs(bottom - below - band[0])), bottom)
    return bars


class Prints(NamedTuple):
    """Prices on the grid inside parent bars; arrays of shape (parents, count)."""

    price: Ints
    volume: Ints


def fit_prints(parents: Ints, source: Words, count: int, bounce: int) -> Prints:
    """Make `count` prints inside each parent: the first at its open, the last at its close.

    Args:
        parents: Bars of shape (5, n).
        source: Words of shape (n, at least PARENT_WORDS + count).
        count: Prints in one parent, 8 or more.
        bounce: Ticks by which a print may step to the other side of the book.

    Returns:
        Prices that touch the parent's high and low exactly, volumes that sum to its volume exactly.
    """
    exact = parents[:4].astype(np.float64)
    open_, high, low, close = (row.reshape(-1, 1) for row in exact)
    bones = skeleton(exact, source[:, :PARENT_WORDS])
    noise = source[:, PARENT_WORDS:][:, :count]
    walk = _walk(noise[:, 1:], EVEN_STEPS, (high - low) * (WALK_SCALE / sqrt(count - 1)))
    # The extremes lie strictly inside and apart, so that no pinned print can hide another.
    first = np.floor(bones.first_time * (count - 3.0)) + 1.0
    second = count - 2.0 - np.floor((1.0 - bones.second_time) * (count - 3.0))
    path = _pinned(walk, bones, (first, second), (open_, close))
    fields = sixteenths(noise)
    side, lots = fields & 3, fields >> 4
    path += (side == 1) * float(bounce) - (side == 2) * float(bounce)
    price = np.rint(_fold(path, low, high)).astype(np.int64)
    price[:, 0], price[:, -1] = parents[OPEN], parents[CLOSE]
    np.put_along_axis(price, first.astype(np.int64), bones.first.astype(np.int64), axis=1)
    np.put_along_axis(price, second.astype(np.int64), bones.second.astype(np.int64), axis=1)
    return Prints(price, _shares(parents[VOLUME], lots * lots * lots + 1))
