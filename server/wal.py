"""SQLite's write-ahead log from outside: how much is in it, and which pages it holds.

SQLite itself says neither to Python. Its index in shared memory and its frames are laid out as its documentation has
it; nothing here writes, and nothing decides what is valid but SQLite.

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
FRAME = struct.Struct(">IIII8x")
FRAME_BYTES = FRAME.size + PAGE_BYTES
CHUNK_FRAMES = 254
"""Frames that are read at once, about a megabyte."""

INDEX_FRAMES = struct.Struct("=I")
INDEX_FRAMES_AT = 16
INDEX_SALTS_AT = slice(32, 40)
INDEX_BYTES = 136


class Frames(NamedTuple):
    """Some frames of the log, oldest first.

    Attributes:
        pages: The number of each one's page, counted from 1.
        database: Pages that the database has with them; 0 where no commit ends among them.
        data: Their pages, a row of PAGE_BYTES bytes each.
    """

    pages: NDArray[np.uint32]
    database: int
    data: NDArray[np.uint8]


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

    def read(self, first: int, last: int) -> Iterator[Frames]:
        """Yield the frames from `first` (0 is the oldest) to before `last`, as they were written."""
        while first < last:
            size = FRAME_BYTES * min(CHUNK_FRAMES, last - first)
            data = os.pread(self._wal, size, HEADER.size + first * FRAME_BYTES)
            if len(data) != size:
                raise OSError(f"the write-ahead log ends before frame {last}")
            rows = np.frombuffer(data, np.uint8).reshape(-1, FRAME_BYTES)
            heads = np.ascontiguousarray(rows[:, :8]).view(">u4")
            yield Frames(heads[:, 0].astype(np.uint32), int(heads[:, 1].max()), rows[:, FRAME.size :])
            first += size // FRAME_BYTES

    def close(self) -> None:
        """Let the files go."""
        self._index.close()
        os.close(self._handle)
        os.close(self._wal)


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
