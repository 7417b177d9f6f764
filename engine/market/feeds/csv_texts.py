"""Lines of a CSV file as arrays: a block of lines is split at once, and texts of one shape are read at once.

The shape of a text is the text with every digit replaced by 0: "190.50" and "191.07" have one shape. A column has few
shapes, so csv_values.py matches a pattern once per shape and reads the digits of all texts of that shape together.
"""

import csv
from collections.abc import Iterator
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from engine.models.market.arrays import Bools, Ints, Words

WORD = 8
"""Bytes in a word: eight characters of a text, the first one in the lowest byte."""

MAX_WIDTH = 48
"""Characters of a field that are read; a longer field has neither a number nor a time."""

NEWLINE = ord("\n")
UNIT_SEPARATOR = b"\x1f"
"""Separator of the fields of lines that had quotation marks."""

LOW_BITS = np.array([(1 << 8 * count) - 1 for count in range(WORD + 1)], dtype=np.uint64)
"""Masks that keep the first characters of a word, by their number."""

TEN, LOW_4_BITS = np.uint64(10), np.uint64(15)
EVERY_BYTE = 0x0101010101010101
ZERO_DIGITS, LOW_7_BITS, TO_ABOVE_9, HIGH_BIT, HIGH_4_BITS = (
    np.uint64(byte * EVERY_BYTE) for byte in (ord("0"), 0x7F, 0x80 - 10, 0x80, 0xF0)
)
TO_LOW_BIT, WHOLE_BYTE = np.uint64(7), np.uint64(0xFF)


class Group(NamedTuple):
    """Texts of one shape.

    Attributes:
        rows: Their places in the column.
        sample: The first of them, one character per byte.
        words: Their characters, an array of words for each eight of them; zero after the end of a text.
    """

    rows: Ints
    sample: str
    words: list[Words]

    def number(self, *spans: tuple[int, int]) -> Ints:
        """Return the number of each text whose digits are in the spans, first and end; 0 without digits."""
        value = np.zeros(len(self.rows), dtype=np.uint64)
        for place in (place for span in spans for place in range(*span)):
            digit = self.words[place // WORD] >> np.uint64(8 * (place % WORD))
            digit &= LOW_4_BITS
            value *= TEN
            value += digit
        return value.view(np.int64)

    def texts(self, chosen: Bools) -> list[str]:
        """Return some of the texts."""
        joined = np.column_stack([word[chosen] for word in self.words])
        return [text.tobytes().rstrip(b"\0").decode(errors="replace") for text in joined]


class Fields:
    """The fields of a block of lines, each of which ends with a line feed.

    Args:
        data: The lines.
        separator: One character.
        width: Number of fields in a line; other lines have no texts.

    Attributes:
        counts: Number of fields in each line.
        is_empty: Whether the line has no characters.
        is_whole: Whether the line has `width` fields.
    """

    def __init__(self, data: bytes, separator: bytes, width: int) -> None:
        if b'"' in data:
            data, separator = _unquoted(data, separator), UNIT_SEPARATOR
        if b"\r" in data:
            data = data.replace(b"\r\n", b"\n")
        data += bytes(MAX_WIDTH)
        characters = np.frombuffer(data, np.uint8)
        ends = np.flatnonzero((characters == NEWLINE) | (characters == separator[0]))
        line_ends = np.flatnonzero(characters[ends] == NEWLINE)
        line_starts = np.concatenate((np.zeros(1, dtype=np.int64), ends[line_ends] + 1))[:-1]
        self.counts = np.diff(line_ends, prepend=-1)
        self.is_empty: Bools = (self.counts == 1) & (line_starts == ends[line_ends])
        self.is_whole: Bools = self.counts == width
        if not self.is_whole.all():
            ends = ends[np.repeat(self.is_whole, self.counts)]
        self._line_starts = line_starts[self.is_whole]
        self._ends = np.ascontiguousarray(ends.reshape(-1, width).T)
        # The word at every byte, without a copy.
        self._words: NDArray[np.uint64] = np.ndarray((len(data) - WORD + 1,), "<u8", data, strides=(1,))

    def groups(self, column: int) -> Iterator[Group]:
        """Return the texts of a column, numbered from 0, in the lines with all fields."""
        starts = self._ends[column - 1] + 1 if column else self._line_starts
        widths = np.minimum(self._ends[column] - starts, MAX_WIDTH)
        rows = np.arange(len(starts))
        longest, shortest = int(widths.max(initial=1)), int(widths.min(initial=MAX_WIDTH))
        words = [
            self._words[starts + first]
            & LOW_BITS[np.clip(widths - first if shortest < first + WORD else WORD, 0, WORD)]
            for first in range(0, longest, WORD)
        ]
        shapes = [_shapes_of(word) for word in words]
        while len(rows):
            is_same = np.logical_and.reduce([shape == shape[0] for shape in shapes])
            sample = np.array([word[0] for word in words]).tobytes().rstrip(b"\0").decode("latin-1")
            if is_same.all():
                yield Group(rows, sample, words)
                return
            yield Group(rows[is_same], sample, [word[is_same] for word in words])
            rows, words, shapes = rows[~is_same], *([word[~is_same] for word in one] for one in (words, shapes))


def group_of(text: str) -> Group:
    """Return one text as a group."""
    data = text.encode("ascii", "replace")[:MAX_WIDTH]
    words = np.frombuffer(data + bytes(MAX_WIDTH - len(data)), "<u8").reshape(-1, 1)
    return Group(np.zeros(1, dtype=np.int64), data.decode(), list(words))


def _shapes_of(words: Words) -> Words:
    """Return words with every digit replaced by 0; all eight characters of a word are compared at once."""
    from_zero = words ^ ZERO_DIGITS
    is_other = ((from_zero & LOW_7_BITS) + TO_ABOVE_9 | from_zero) & HIGH_BIT
    return words & ((is_other >> TO_LOW_BIT) * WHOLE_BYTE | HIGH_4_BITS)


def _unquoted(data: bytes, separator: bytes) -> bytes:
    """Return lines without quotation marks, with another separator."""
    lines = data.decode(errors="replace").removesuffix("\n").split("\n")
    fields = (next(csv.reader([line], delimiter=separator.decode()), []) for line in lines)
    return "".join(f"{UNIT_SEPARATOR.decode().join(one)}\n" for one in fields).encode()
