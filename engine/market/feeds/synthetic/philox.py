"""Random numbers as a pure function: the same key, stream and index give the same numbers on every machine.

Philox is a counter-based generator: each random number is computed without the previous ones. All functions use integer
arithmetic and single IEEE operations (+ - * / and the square root), which every processor rounds alike. Logarithms,
exponentials and floating-point sums are not used, because their last bit depends on the machine.
"""

from hashlib import blake2b

import numpy as np
from numpy.random import Philox

from engine.models.market.arrays import Floats, Ints, Words

NORMAL_UNIT = 32768.0
"""Standard deviation of `normals`."""

WORDS_PER_COUNT = 4
"""Words of one step of the generator's counter; the words of a row are a multiple of it."""


def key_of(seed: int, symbol: str) -> int:
    """Return the 128-bit random key of one symbol."""
    return int.from_bytes(blake2b(f"{seed}:{symbol}".encode(), digest_size=16).digest(), "little")


def words(key: int, stream: int, first: int, rows: int, width: int) -> Words:
    """Return `rows` rows of `width` random words; row `i` has the absolute index `first + i`.

    Args:
        key: Random key from `key_of`.
        stream: Number of an independent sequence; each purpose has its own.
        first: Index of the first row, 0 or more.
        rows: Number of rows.
        width: Words in a row, a multiple of `WORDS_PER_COUNT`; every read of a stream uses the same width.

    Returns:
        An array of shape (rows, width).
    """
    generator = Philox(key=key, counter=stream << 64 | first * (width // WORDS_PER_COUNT))
    return generator.random_raw(rows * width).reshape(rows, width)


def normals(source: Words) -> Ints:
    """Return nearly normal integers with mean 0 and standard deviation `NORMAL_UNIT`, within 3 deviations.

    Each is the sum of the three lower 16-bit fields of a word; the highest field is the one of `high_fields`.
    """
    total: Ints = ((source & 0xFFFF) + ((source >> 16) & 0xFFFF) + ((source >> 32) & 0xFFFF)).astype(np.int64)
    return total - 98304


def high_fields(source: Words) -> Ints:
    """Return the highest 16 bits of each word, integers from 0 to 65535; they are independent of `normals`."""
    return (source >> 48).astype(np.int64)


def uniform_pairs(source: Words) -> tuple[Floats, Floats]:
    """Return two independent uniform numbers in (0, 1] from each word."""
    low = ((source & 0xFFFFFFFF).astype(np.float64) + 1.0) / 4294967296.0
    high = ((source >> 32).astype(np.float64) + 1.0) / 4294967296.0
    return low, high


def exponentials(uniform: Floats) -> Floats:
    """Return nearly exponential numbers with mean 1 from uniform numbers in (0, 1].

    The function is `8 sinh(-ln(u) / 8)`, which needs square roots only. It is within 3 % of `-ln(u)` for 95 % of the
    numbers, and larger for the smallest `u`.
    """
    root = np.sqrt(np.sqrt(np.sqrt(uniform)))
    result: Floats = (1.0 / root - root) * 4.0
    return result


def exponential_growth(x: Floats) -> Floats:
    """Return nearly `e ** x`, always above 0: `(1 + x / 1024) ** 1024` by ten squarings, for |x| well below 1024."""
    result = x / 1024.0 + 1.0
    for _ in range(10):
        result = result * result
    return result
