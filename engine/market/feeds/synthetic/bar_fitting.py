"""Bars and prints inside parent bars: they reach the parent's high and low exactly and stay between them.

A parent's path runs from its open to one extreme, to the other extreme, to its close. A random walk that is pinned at
these four points is reflected at the high and the low. All functions process many parents at once and are pure: equal
words give exactly equal results. Called by bar_hierarchy.py; the random words come from philox.py.
"""

from math import sqrt
from typing import NamedTuple

import numpy as np

from engine.market.feeds.synthetic.philox import NORMAL_UNIT, exponentials, high_fields, normals, uniform_pairs
from engine.models.market.arrays import Bools, Floats, Ints, Words

OPEN, HIGH, LOW, CLOSE, VOLUME = range(5)
"""Rows of an array of bars of shape (5, n); prices in ticks, volume in quantity units."""

PARENT_WORDS = 4
"""Random words for the skeleton of a parent; the words of its children follow."""

WALK_SCALE = 0.64
"""Standard deviation of a walk over a parent, divided by the parent's range; a free Brownian path has about 0.63.
Measured: with this value ranges grow with the square root of time through all levels."""

UNIT_SCALES = np.array([1024], dtype=np.int64)


class Skeleton(NamedTuple):
    """Time (in [0, 1)) and price of the first and the second extreme of each parent; arrays of shape (parents, 1)."""

    first_time: Floats
    first: Floats
    second_time: Floats
    second: Floats
    is_high_first: Bools


def words_per_parent(children: int, words_per_child: int) -> int:
    """Return the number of random words of one parent, rounded up to whole counter steps."""
    return -(-(PARENT_WORDS + children * words_per_child) // 4) * 4


def skeleton(parents: Floats, source: Words) -> Skeleton:
    """Choose the order and the times of the extremes; `source` has shape (parents, PARENT_WORDS).

    The time between two points grows with the square of their distance, as for a Brownian path. The order with the
    shorter path is more likely.
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
    """Return the straight lines through (0, v0), (t1, v1), (t2, v2), (end, v3) at `at`; needs 0 < t1 < t2 < end."""
    (t1, t2), (v0, v1, v2, v3) = times, values
    before = at * ((v1 - v0) / t1) + v0
    between = (at - t1) * ((v2 - v1) / (t2 - t1)) + v1
    after = (at - t2) * ((v3 - v2) / (end - t2)) + v2
    return np.where(at < t1, before, np.where(at < t2, between, after))


def _reflected(path: Floats, low: Floats, high: Floats) -> Floats:
    """Return `path` reflected at `low` and `high`, so that it lies between them."""
    span = high - low
    inside = span - np.abs(span - np.abs(path - low))
    result: Floats = np.maximum(inside, 0.0) + low
    return result


def _shares(volume: Ints, weights: Ints) -> Ints:
    """Split each parent's volume by weights (positive integers) into parts that sum to it exactly."""
    running = np.cumsum(weights, axis=1)
    parts = np.floor(running / running[:, -1:] * volume.astype(np.float64).reshape(-1, 1)).astype(np.int64)
    parts[:, 1:] -= parts[:, :-1]
    result: Ints = parts
    return result


def _walk(source: Words, scales: Ints, step: Floats) -> Floats:
    """Return random walks from 0, shape (parents, steps + 1); `scales` are relative step sizes, 1024 is one `step`."""
    steps = normals(source) * scales
    path = np.zeros((len(source), steps.shape[1] + 1))
    path[:, 1:] = np.cumsum(steps, axis=1)
    return path * (step / (NORMAL_UNIT * 1024.0))


def fit_bars(parents: Ints, source: Words, volumes: Ints, scales: Ints, variety: float) -> Ints:
    """Return the child bars of each parent; each child opens at the close of the previous one.

    Args:
        parents: Bars of shape (5, n).
        source: Words of shape (n, at least PARENT_WORDS + 2 * children).
        volumes: Relative volume of each child, integers around 1024; as many as there are children, at least 2.
        scales: Relative volatility of each child, integers around 1024.
        variety: Random variation of the volume: a factor from `1 - variety / 2` to `1 + variety / 2`, squared.

    Returns:
        Bars of shape (5, n * children), in order of time; aggregated, they are exactly the parents.
    """
    count = len(volumes)
    exact = parents[:4].astype(np.float64)
    open_, high, low, close = (row.reshape(-1, 1) for row in exact)
    extremes = skeleton(exact, source[:, :PARENT_WORDS])
    noise, chances = source[:, PARENT_WORDS:][:, :count], source[:, PARENT_WORDS + count :][:, :count]
    step = (high - low) * (WALK_SCALE / sqrt(count))
    first = np.floor(extremes.first_time * count)
    second = count - 1.0 - np.floor((1.0 - extremes.second_time) * count)
    path = _pinned(_walk(noise, scales, step), extremes, (first + 0.25, second + 0.75), (open_, close))
    path = np.rint(_reflected(path, low, high))
    path[:, 0], path[:, -1] = exact[0], exact[3]
    bars = _bars_along(path, (low, high), step * (scales / 1024.0), chances)
    at_first, at_second = first[:, 0].astype(np.int64), second[:, 0].astype(np.int64)
    rows = np.arange(len(source))
    bars[HIGH, rows, np.where(extremes.is_high_first, at_first, at_second)] = parents[HIGH]
    bars[LOW, rows, np.where(extremes.is_high_first, at_second, at_first)] = parents[LOW]
    chance = high_fields(noise) * (variety / 65536.0) + (1.0 - variety / 2.0)
    activity = np.sqrt((bars[HIGH] - bars[LOW]) / np.maximum(step, 1.0) + 0.25) * chance * chance
    bars[VOLUME] = _shares(parents[VOLUME], (activity * volumes).astype(np.int64) + 1)
    return bars.reshape(5, -1)


def _pinned(walk: Floats, extremes: Skeleton, times: tuple[Floats, Floats], ends: tuple[Floats, Floats]) -> Floats:
    """Return walks shifted to start and end at `ends` and to pass the extremes at `times`."""
    values = (
        ends[0],
        extremes.first - _between(walk, times[0]),
        extremes.second - _between(walk, times[1]),
        ends[1] - walk[:, -1:],
    )
    return walk + _lines(np.arange(float(walk.shape[1])), times, values, walk.shape[1] - 1.0)


def _between(walk: Floats, time: Floats) -> Floats:
    """Return each walk at `time`, interpolated between the two neighbouring steps; shape (n, 1)."""
    index = time.astype(np.int64)
    left = np.take_along_axis(walk, index, axis=1)
    right = np.take_along_axis(walk, index + 1, axis=1)
    return left + (right - left) * (time - index)


def wicks(start: Floats, end: Floats, step: Floats, source: Words) -> tuple[Floats, Floats]:
    """Return the random lengths of the upper and lower wicks of bars, distributed as for a Brownian bridge.

    Source: a bridge from a to b with deviation s has the maximum `(a + b + sqrt((a - b)^2 - 2 s^2 ln u)) / 2`.

    `step` is the standard deviation of each bar's move, `source` has one random word for each bar.
    """
    upper, lower = uniform_pairs(source)
    body = np.abs(end - start)
    square, spread = body * body, step * step * 2.0
    above = (np.sqrt(exponentials(upper) * spread + square) - body) * 0.5
    below = (np.sqrt(exponentials(lower) * spread + square) - body) * 0.5
    return above, below


def _bars_along(path: Floats, band: tuple[Floats, Floats], step: Floats, source: Words) -> Ints:
    """Return bars of shape (5, n, count) along paths, between low and high (`band`), with volume 0."""
    start, end = path[:, :-1], path[:, 1:]
    above, below = wicks(start, end, step, source)
    top, bottom = np.maximum(start, end), np.minimum(start, end)
    bars = np.zeros((5, *start.shape), dtype=np.int64)
    bars[OPEN], bars[CLOSE] = start, end
    bars[HIGH] = np.maximum(np.rint(band[1] - np.abs(band[1] - top - above)), top)
    bars[LOW] = np.minimum(np.rint(band[0] + np.abs(bottom - below - band[0])), bottom)
    return bars


class FittedPrints(NamedTuple):
    """Prices in ticks and volumes inside parent bars; arrays of shape (parents, count)."""

    price: Ints
    volume: Ints


def fit_prints(parents: Ints, source: Words, count: int, bounce: int) -> FittedPrints:
    """Return `count` prints inside each parent, the first at its open, the last at its close.

    Args:
        parents: Bars of shape (5, n).
        source: Words of shape (n, at least PARENT_WORDS + count).
        count: Prints in one parent, at least 8.
        bounce: Ticks between a print and the middle of bid and ask.

    Returns:
        Prices that reach the parent's high and low exactly, volumes that sum to its volume exactly.
    """
    exact = parents[:4].astype(np.float64)
    open_, high, low, close = (row.reshape(-1, 1) for row in exact)
    extremes = skeleton(exact, source[:, :PARENT_WORDS])
    noise = source[:, PARENT_WORDS:][:, :count]
    walk = _walk(noise[:, 1:], UNIT_SCALES, (high - low) * (WALK_SCALE / sqrt(count - 1)))
    # Both extremes are at different prints, neither the first nor the last: no fixed price overwrites another.
    first = np.floor(extremes.first_time * (count - 3.0)) + 1.0
    second = count - 2.0 - np.floor((1.0 - extremes.second_time) * (count - 3.0))
    path = _pinned(walk, extremes, (first, second), (open_, close))
    fields = high_fields(noise)
    side, lots = fields & 3, fields >> 4
    path += (side == 1) * float(bounce) - (side == 2) * float(bounce)
    price = np.rint(_reflected(path, low, high)).astype(np.int64)
    price[:, 0], price[:, -1] = parents[OPEN], parents[CLOSE]
    np.put_along_axis(price, first.astype(np.int64), extremes.first.astype(np.int64), axis=1)
    np.put_along_axis(price, second.astype(np.int64), extremes.second.astype(np.int64), axis=1)
    return FittedPrints(price, _shares(parents[VOLUME], lots * lots * lots + 1))
