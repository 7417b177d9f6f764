"""The seal: a sum of every page of the database, so that a flipped byte is noticed where no row lies.

It is made from what the log holds, before that is copied, and so it is always ahead of the database: while pages are
on their way, those that the log holds may be old, new or torn (SQLite reads them from the log), all others are exactly
as the seal has them. Nothing has to stand still for it, and no page is looked at: the sums are in the log's checksums
(wal.py), made by SQLite from the pages it had in memory.

The file holds two records that are written in turn, in place, for that takes one write and one flush; whichever is
torn by a power cut, the one before it still holds. A record is

    magic, turn, number of the last event, count of pages, whether pages are on their way; the sums; a CRC-32 of it all
"""

import hashlib
import os
import struct
from pathlib import Path
from typing import NamedTuple
from zlib import crc32

import numpy as np

from server.storage import wal
from server.storage.data_directory import Directory, Head, damaged, sync_path

SEALED_BYTES = 256 << 20
"""Databases above this size have no seal: reading them would hold up a start; the chain of checksums remains."""

HEAD = struct.Struct("<8sqqII")
MAGIC = b"PAGESUMS"
EARLIER_MAGIC = b"TRDSEAL2"
"""Of a program whose sums were others. No damage of one byte makes one of the other."""

OWN = struct.Struct("<I")
SUM_BYTES = 8
SECOND_AT = SEALED_BYTES // wal.PAGE_BYTES * SUM_BYTES + wal.PAGE_BYTES
"""Where the second record begins; the first one ends before, however large the database is."""

CHUNK_BYTES = 256 * wal.PAGE_BYTES


class Seal:
    """What each page of a database is, or is about to be.

    Attributes:
        sums: Of each page, from the first on.
    """

    __slots__ = ("_file", "_turn", "sums")

    def __init__(self, sums: wal.Sums) -> None:
        self.sums = sums
        self._file: int | None = None
        self._turn = 0

    @classmethod
    def of(cls, database: Path) -> "Seal":
        """Return the seal of a database file as it is. Nobody in this process may have it open: see `wal.Log`."""
        found = []
        with database.open("rb") as file:
            while data := file.read(CHUNK_BYTES):
                data += bytes(-len(data) % wal.PAGE_BYTES)
                found.append(wal.sums_of(np.frombuffer(data, np.uint8).reshape(-1, wal.PAGE_BYTES)))
        return cls(np.concatenate(found) if found else np.zeros(0, np.uint64))

    @property
    def is_too_big(self) -> bool:
        """Whether the database is larger than those that are sealed."""
        return len(self.sums) * wal.PAGE_BYTES > SEALED_BYTES

    def follow(self, log: wal.Log, first: int, last: int) -> None:
        """Take over the pages of the log's frames from `first` to before `last`."""
        if first == last:
            return
        pages, database, sums = log.read(first, last)
        more = max(database, int(pages.max())) - len(self.sums)
        if more > 0:  # what is never written is zeros: SQLite leaves out what a transaction took and gave back
            self.sums = np.concatenate((self.sums, np.zeros(more, np.uint64)))
        self.sums[pages - 1] = sums  # of a page that is there twice, the last one stays

    def write(self, directory: Directory, seq: int, is_moving: bool) -> None:
        """Record this durably. Raises: OSError; then there is no seal at all.

        Args:
            directory: Where.
            seq: A number that the last stored event has by now.
            is_moving: Whether pages that the log holds may be another than this says.
        """
        record = self._record(seq, is_moving)
        try:
            if self._file is None:
                self._begin(directory, record)
            else:
                os.pwrite(self._file, record, SECOND_AT * (self._turn % 2))
                os.fdatasync(self._file)
        except OSError:
            self.close()
            forget(directory)
            raise
        self._turn += 1

    def finish(self, directory: Directory, seq: int) -> None:
        """Leave a file with one record: no page is on its way, and nobody writes here any more. Raises: OSError."""
        self.close()
        replace(directory, self._record(seq, is_moving=False))

    def close(self) -> None:
        """Let the file go."""
        if self._file is not None:
            os.close(self._file)
            self._file = None

    def _begin(self, directory: Directory, record: bytes) -> None:
        """Lay out a file for both records: what is written in place later changes nothing but data."""
        assert len(record) <= SECOND_AT
        self._turn = 0
        replace(directory, record + bytes(2 * SECOND_AT - len(record)))
        self._file = os.open(directory.seal, os.O_WRONLY)

    def _record(self, seq: int, is_moving: bool) -> bytes:
        data = HEAD.pack(MAGIC, self._turn, seq, len(self.sums), is_moving) + self.sums.astype("<u8").tobytes()
        return data + OWN.pack(crc32(data))


class Found(NamedTuple):
    """A seal that was read: when it was made, and whether pages were on their way."""

    seal: Seal
    turn: int
    seq: int
    is_moving: bool


def replace(directory: Directory, data: bytes) -> None:
    """Put a file in the place of the seal, durably and at once."""
    draft = directory.seal.with_suffix(".new")
    draft.write_bytes(data)
    sync_path(draft)
    draft.rename(directory.seal)
    directory.sync()


def forget(directory: Directory) -> None:
    """Break the seal: from now on, durably, there is none."""
    directory.seal.unlink(missing_ok=True)
    directory.sync()


def read(path: Path) -> Found | None:
    """Return the newest record of a seal; None without one, or for an earlier program's.

    Raises: StorageError when it is damaged.
    """
    data = _bytes_of(path)
    if data is None or _is_of_other_sums(data) or _is_earlier(path, data):
        return None
    records = [record for record in (_read(data), _read(data[SECOND_AT:])) if record is not None]
    if not records or (len(data) <= SECOND_AT and len(data) != _size(records[0])):
        raise damaged(path, "is damaged")
    return max(records, key=lambda record: record.turn)


def _bytes_of(path: Path) -> bytes | None:
    """Return what a seal's file holds, None without one. Raises: StorageError when it cannot be read."""
    try:
        return path.read_bytes()
    except FileNotFoundError:
        return None
    except OSError:
        raise damaged(path, "is damaged") from None


def _size(found: Found) -> int:
    return HEAD.size + SUM_BYTES * len(found.seal.sums) + OWN.size


def _read(data: bytes) -> Found | None:
    """Return the record at the beginning, None where none is whole."""
    if len(data) < HEAD.size or not data.startswith(MAGIC):
        return None
    _, turn, seq, count, is_moving = HEAD.unpack_from(data)
    end = HEAD.size + SUM_BYTES * count
    if data[end : end + OWN.size] != OWN.pack(crc32(data[:end])):
        return None
    sums = np.frombuffer(data[HEAD.size : end], "<u8").astype(np.uint64)
    return Found(Seal(sums), turn, seq, bool(is_moving))


def check(directory: Directory, head: Head) -> bool:
    """Hold the database file against its seal. Raises: StorageError when a byte of it is another.

    Returns False when there is none that says anything: none at all, one of other sums, or one that is void, because
    somebody else's program emptied the write-ahead log after a crash.
    """
    data = _bytes_of(directory.seal)
    if data is None or _is_of_other_sums(data):
        return False
    has_log = directory.wal.exists() and directory.wal.stat().st_size > 0
    found = read(directory.seal)
    seq = _earlier_seq(directory.seal) if found is None else found.seq
    if not has_log and seq != head.seq:
        return False
    if found is None:
        is_whole = _holds_earlier(directory)
    else:
        exempt = wal.pages(directory.wal) if found.is_moving else set()
        is_whole = _others(found.seal.sums, Seal.of(directory.database).sums) <= exempt
    if not is_whole:
        raise damaged(directory.database, "is not as it was left: a part of it is damaged")
    return True


def _others(sealed: wal.Sums, found: wal.Sums) -> set[int]:
    """Return the numbers of the pages that are not as they were sealed."""
    common = min(len(sealed), len(found))
    others = {int(place) + 1 for place in np.flatnonzero(sealed[:common] != found[:common])}
    return others | set(range(common + 1, max(len(sealed), len(found)) + 1))


def _is_of_other_sums(data: bytes) -> bool:
    """Whether this is the seal of an earlier program whose sums are not worth having a second way to sum pages."""
    return data.startswith(EARLIER_MAGIC)


def _is_earlier(path: Path, data: bytes) -> bool:
    """Whether this is the seal of an earlier program, one line of text with a hash of the whole file. Proves it too."""
    if data[:1] not in b"0123456789" or not data:
        return False
    line, _, own = data.rstrip(b"\n").rpartition(b" ")
    if own != b"%08x" % crc32(line):
        raise damaged(path, "is damaged")
    return True


def _earlier_seq(path: Path) -> int:
    return int(path.read_bytes().partition(b" ")[0])


def _holds_earlier(directory: Directory) -> bool:
    with directory.database.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
        return f" {file.tell()} {digest} " in directory.seal.read_text(encoding="ascii")
