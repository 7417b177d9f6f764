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

EVERY_BYTE = 0x0101010101010101
DIGIT_BITS = [np.uint64(0x0F * EVERY_BYTE & (1 << 8 * count) - 1) for count in range(WORD + 1)]
"""Masks of the values of the first digits of a word, by their number."""

JOINS = [
    (np.uint64(10**digits << 8 * digits | 1), np.uint64(8 * digits), np.uint64(bits))
    for digits, bits in ((1, 0x00FF00FF00FF00FF), (2, 0x0000FFFF0000FFFF), (4, 0x00000000FFFFFFFF))
]
"""Factor, shift and mask that join each two numbers of one, two and four digits that are neighbours in a word."""

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
        for first, last in (part for span in spans for part in _parts(*span)):
            joins = (last - first - 1).bit_length()
            # The last digit becomes the last byte of 1, 2, 4 or 8; the bytes before the first digit become zeros.
            digits = self.words[first // WORD] >> np.uint64(8 * (first % WORD))
            digits <<= np.uint64(8 * ((1 << joins) - (last - first)))
            digits &= DIGIT_BITS[1 << joins]
            for factor, shift, mask in JOINS[:joins]:
                digits *= factor
                digits >>= shift
                digits &= mask
            value *= np.uint64(10 ** (last - first))
            value += digits
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
        is_end = characters == NEWLINE
        lines = np.count_nonzero(is_end)
        is_end |= characters == separator[0]
        ends = np.flatnonzero(is_end)
        line_ends = np.arange(lines) * width + (width - 1)
        if len(ends) != lines * width or (characters[ends[line_ends]] != NEWLINE).any():
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
            & LOW_BITS[np.clip((longest if shortest == longest else widths) - first, 0, WORD)]
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


def _parts(first: int, last: int) -> Iterator[tuple[int, int]]:
    """Yield the parts of a span of characters that lie in one word each."""
    while first < last:
        end = min(last, (first // WORD + 1) * WORD)
        yield first, end
        first = end


def _shapes_of(words: Words) -> Words:
    """Return words with every digit replaced by 0; all eight characters of a word are compared at once."""
    from_zero = words ^ ZERO_DIGITS
    shapes = from_zero & LOW_7_BITS
    shapes += TO_ABOVE_9
    shapes |= from_zero
    shapes &= HIGH_BIT  # set in the bytes that are no digits
    shapes >>= TO_LOW_BIT
    shapes *= WHOLE_BYTE
    shapes |= HIGH_4_BITS
    shapes &= words
    return shapes


def _unquoted(data: bytes, separator: bytes) -> bytes:
    """Return lines without quotation marks, with another separator."""
    lines = data.decode(errors="replace").removesuffix("\n").split("\n")
    fields = (next(csv.reader([line], delimiter=separator.decode()), []) for line in lines)
    return "".join(f"{UNIT_SEPARATOR.decode().join(one)}\n" for one in fields).encode()
