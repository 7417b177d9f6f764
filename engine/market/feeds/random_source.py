"""Random draws as a function: the same key, stream and index give the same numbers on every machine.

Philox is counter-based, so any draw can be reached without the ones before it. Everything derived from it here is made
of integer arithmetic and of single IEEE operations (+ - * / and the square root), which every processor rounds alike;
logarithms, exponentials and floating-point sums are not used, because their last bit depends on the machine.
"""

from hashlib import blake2b

import numpy as np
from numpy.random import Philox
from numpy.typing import NDArray

Words = NDArray[np.uint64]
Ints = NDArray[np.int64]
Floats = NDArray[np.float64]

NORMAL_UNIT = 32768.0
"""Standard deviation of `normals`."""

WORDS_PER_COUNT = 4
"""Words that one step of the generator's counter yields; whoever lays out draws rounds up to it."""


def key_of(seed: int, symbol: str) -> int:
    """Return the 128-bit key of one symbol's draws."""
    return int.from_bytes(blake2b(f"{seed}:{symbol}".encode(), digest_size=16).digest(), "little")


def words(key: int, stream: int, first: int, rows: int, width: int) -> Words:
    """Draw `rows` rows of `width` words; row `i` belongs to the absolute index `first + i`.

    Args:
        key: From `key_of`.
        stream: Keeps the draws of one purpose apart from those of another.
        first: Index of the first row, 0 or more.
        rows: Number of rows.
        width: Words in a row, a multiple of `WORDS_PER_COUNT`; a stream is always read with one width.

    Returns:
        An array of shape (rows, width).
    """
    generator = Philox(key=key, counter=stream << 64 | first * (width // WORDS_PER_COUNT))
    return generator.random_raw(rows * width).reshape(rows, width)


def normals(source: Words) -> Ints:
    """Return near-normal integers, mean 0, standard deviation `NORMAL_UNIT`, within +-3 of it.

    The sum of three 16-bit fields of a word; the fourth, the highest one, is left for `sixteenths`.
    """
    total: Ints = ((source & 0xFFFF) + ((source >> 16) & 0xFFFF) + ((source >> 32) & 0xFFFF)).astype(np.int64)
    return total - 98304


def sixteenths(source: Words) -> Ints:
    """Return the highest 16 bits of each word: integers from 0 to 65535, independent of `normals`."""
    return (source >> 48).astype(np.int64)


def uniform_pairs(source: Words) -> tuple[Floats, Floats]:
    """Return two independent uniform numbers in (0, 1] from each word."""
    low = ((source & 0xFFFFFFFF).astype(np.float64) + 1.0) / 4294967296.0
    high = ((source >> 32).astype(np.float64) + 1.0) / 4294967296.0
    return low, high


def exponentials(uniform: Floats) -> Floats:
    """Return near-exponential numbers of mean 1 from uniform ones in (0, 1].

    `8 sinh(-ln(u) / 8)`, which needs only square roots: within 3 % of `-ln(u)` for 19 draws of 20, larger far out.
    """
    root = np.sqrt(np.sqrt(np.sqrt(uniform)))
    result: Floats = (1.0 / root - root) * 4.0
    return result


def exponential_growth(x: Floats) -> Floats:
    """Return near `e ** x`, always positive: `(1 + x / 1024) ** 1024` by ten squarings, for |x| well below 1024."""
    result = x / 1024.0 + 1.0
    for _ in range(10):
        result = result * result
    return result
