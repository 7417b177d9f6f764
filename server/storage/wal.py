"""SQLite's write-ahead log from outside: how much is in it, which pages it holds, and what their sums are.

SQLite itself says none of it to Python. Its index in shared memory and its frames are laid out as its documentation has
it; nothing here writes, and nothing decides what is valid but SQLite.

Each frame holds a checksum of everything in the log up to it: two numbers of 32 bits. Its recurrence `s0 += x0 + s1;
s1 += x1 + s0` is linear modulo 2^32, and written out it weighs the k-th word from the end with two neighbours of the
Fibonacci numbers, F(k) and F(k + 1). So what the words of one page add, their sum alone, is a frame's checksum without
what the checksum before it and the frame's own two words add: the sums of all pages in the log, none of which has to
be summed. The same sum of a page that lies elsewhere is told by its words.

**Source:** https://sqlite.org/walformat.html
"""

import mmap
import os
import struct
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

PAGE_BYTES = 4096
"""Of every database of ours: SQLite's default since 2016, and no statement asks for another."""

HEADER = struct.Struct(">IIIIIIII")
HEADER_SALTS = slice(4, 6)
HEADER_CHECKSUM_AT = 24
IS_BIG_ENDIAN = 1
"""A bit of the header's first word: which way round the words are that the checksums add."""

FRAME = struct.Struct(">IIII8x")
FRAME_BYTES = FRAME.size + PAGE_BYTES
FRAME_CHECKSUM_AT = 16
READ_FRAMES = 512
"""Frames that are read at once, two megabytes: after each call the interpreter has to be waited for."""

INDEX_FRAMES = struct.Struct("=I")
INDEX_FRAMES_AT = 16
INDEX_SALTS_AT = slice(32, 40)
INDEX_BYTES = 136

Words = NDArray[np.uint32]
Sums = NDArray[np.uint64]


def _fibonacci(count: int) -> Words:
    """Return so many Fibonacci numbers modulo 2^32."""
    found = [0, 1]
    while len(found) < count:
        found.append((found[-2] + found[-1]) % (1 << 32))
    return np.array(found, np.uint32)


PAGE_WORDS = PAGE_BYTES // 4
FIBONACCI = _fibonacci(PAGE_WORDS + 4)
WEIGHTS = FIBONACCI[PAGE_WORDS - 1 :: -1].copy(), FIBONACCI[PAGE_WORDS:0:-1].copy()
"""Of the words of a page, for the first and for the second half of its sum."""

HEAD_WEIGHTS = np.array([FIBONACCI[at : at + 2] for at in (PAGE_WORDS + 1, PAGE_WORDS, PAGE_WORDS + 1, PAGE_WORDS + 2)])
"""Of what stands before a frame's page: its two words, and the two numbers of the checksum before it."""


def sums_of(pages: NDArray[np.uint8]) -> Sums:
    """Return the sums of pages, a row of bytes each: their 32-bit words by the weights, modulo 2^32 each half.

    Of two neighbouring Fibonacci numbers one is odd, and so no change of one word leaves a page's sum as it was: a
    flipped byte is always noticed. Of random changes of several words one in 2^64 is not. Not all changes are random,
    and this is no cryptographic hash: the weights of words n apart are alike in their low bits where n is a multiple of
    3 (of 6, 12, ... in more of them), so that the top bits of two such words may flip unnoticed. SQLite trusts the
    same sums when it takes commits from its log after a power cut.
    """
    words = np.ascontiguousarray(pages).view("<u4")
    return _joined(np.stack([np.einsum("ij,j->i", words, weights) for weights in WEIGHTS], axis=1))


def _joined(halves: Words) -> Sums:
    """Return pairs of 32 bits as one number each, the first one low."""
    found: Sums = np.ascontiguousarray(halves, "<u4").view("<u8")[:, 0]
    return found


class Frames(NamedTuple):
    """Some frames of the log, oldest first.

    Attributes:
        pages: The number of each one's page, counted from 1.
        database: Pages that the database has with them; 0 where no commit ends among them.
        sums: Of their pages.
    """

    pages: Words
    database: int
    sums: Sums


class Log:
    """The log of an open database, seen by the process that has it open.

    The files stay open until `close`, which has to come after the last connection's: closing any descriptor of the
    index takes SQLite's own locks on it away (POSIX locks belong to the process).

    Args:
        wal: The log.
        index: Its index in shared memory, which is there as soon as the log is.
    """

    def __init__(self, wal: Path, index: Path) -> None:
        self._wal = os.open(wal, os.O_RDONLY)
        self._handle = os.open(index, os.O_RDONLY)
        self._index = mmap.mmap(self._handle, INDEX_BYTES, prot=mmap.PROT_READ)

    @property
    def frames(self) -> int:
        """Committed frames. Exact where nobody commits meanwhile; else of this instant or a little before."""
        found: int = INDEX_FRAMES.unpack_from(self._index, INDEX_FRAMES_AT)[0]
        return found

    @property
    def salts(self) -> bytes:
        """What tells one filling of the log from the next: other bytes whenever it begins anew."""
        return self._index[INDEX_SALTS_AT]

    @property
    def size(self) -> int:
        """Bytes of the file, which does not become smaller when the log begins anew."""
        return os.fstat(self._wal).st_size

    def read(self, first: int, last: int) -> Frames:
        """Return the frames from `first` (0 is the oldest) to before `last`, one at least. Raises: OSError."""
        heads = np.concatenate([rows[:, : FRAME.size].copy() for rows in self._rows(first, last)]).view("<u4")
        told = heads.view(">u4").astype(np.uint32)
        if self._bytes(0, 4)[3] & IS_BIG_ENDIAN:  # another kind of machine began it: its checksums are of other words
            sums = np.concatenate([sums_of(rows[:, FRAME.size :]) for rows in self._rows(first, last)])
        else:
            sums = self._sums(first, heads[:, :2], told[:, 4:])
        return Frames(told[:, 0], int(told[:, 1].max()), sums)

    def _sums(self, first: int, heads: Words, checksums: Words) -> Sums:
        """Return what each frame's checksum has beyond the one before it and the frame's own words."""
        before = HEADER_CHECKSUM_AT if first == 0 else _place(first - 1) + FRAME_CHECKSUM_AT
        terms = np.empty((len(heads), 4), np.uint32)
        terms[:, :2] = heads
        terms[0, 2:] = np.frombuffer(self._bytes(before, 8), ">u4")
        terms[1:, 2:] = checksums[:-1]
        return _joined(checksums - terms @ HEAD_WEIGHTS)

    def _rows(self, first: int, last: int) -> Iterator[NDArray[np.uint8]]:
        """Yield frames as they lie there, in one array that is filled again and again.

        Cheaper than a call for each header or a map into memory, which would also be this process's end if somebody
        else cut the file.
        """
        room = np.empty((min(READ_FRAMES, last - first), FRAME_BYTES), np.uint8)
        for at in range(first, last, READ_FRAMES):
            rows = room[: last - at]
            if os.preadv(self._wal, [rows.data], _place(at)) != rows.nbytes:
                raise OSError(f"the write-ahead log ends before frame {last}")
            yield rows

    def _bytes(self, offset: int, size: int) -> bytes:
        """Return some bytes of the file. Raises: OSError when it ends before them."""
        data = os.pread(self._wal, size, offset)
        if len(data) != size:
            raise OSError(f"the write-ahead log ends before byte {offset + size}")
        return data

    def close(self) -> None:
        """Let the files go."""
        self._index.close()
        os.close(self._handle)
        os.close(self._wal)


def _place(frame: int) -> int:
    """Return where a frame begins."""
    return HEADER.size + frame * FRAME_BYTES


def pages(wal: Path) -> set[int]:
    """Return the numbers of the pages that the log of a database holds which nobody has open.

    Those up to its last commit: what is behind was never part of the database.
    """
    found: set[int] = set()
    pending: list[int] = []
    try:
        with wal.open("rb") as file:
            salts = HEADER.unpack(file.read(HEADER.size))[HEADER_SALTS]
            while len(head := file.read(FRAME.size)) == FRAME.size:
                page, count, *own_salts = FRAME.unpack(head)
                if tuple(own_salts) != salts:
                    break
                pending.append(page)
                if count:
                    found.update(pending)
                    pending.clear()
                file.seek(PAGE_BYTES, os.SEEK_CUR)
    except (FileNotFoundError, struct.error):
        return set()
    return found
