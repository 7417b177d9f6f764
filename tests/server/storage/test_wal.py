"""SQLite's log from outside: what its checksums tell of its pages is what the pages themselves tell."""

import sqlite3
import struct
from collections.abc import Iterable, Iterator
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from server.storage import wal
from server.storage.seal import Seal

LITTLE, BIG = "<", ">"
PAGE_WORDS = wal.PAGE_BYTES // 4

pages_of_bytes = st.integers(0, 2**32 - 1).map(
    lambda seed: np.random.default_rng(seed).integers(0, 256, wal.PAGE_BYTES, np.uint8).tobytes()
)


def checksum(data: bytes, order: str, before: tuple[int, int] = (0, 0)) -> tuple[int, int]:
    """Return SQLite's checksum of some bytes behind others, as its documentation has it."""
    first, second = before
    words = struct.unpack(f"{order}{len(data) // 4}I", data)
    for even, odd in zip(words[::2], words[1::2], strict=True):
        first = (first + even + second) % 2**32
        second = (second + odd + first) % 2**32
    return first, second


def sum_of(page: bytes) -> int:
    return int(wal.sums_of(np.frombuffer(page, np.uint8).reshape(1, -1))[0])


class Base:
    """A database with a log that only grows, unless it is moved, and the log as it is seen from outside."""

    def __init__(self, path: Path, cache_pages: int = 2000) -> None:
        self.path = path
        self.connection = sqlite3.connect(path, isolation_level=None)
        for pragma in ("journal_mode=WAL", "wal_autocheckpoint=0", "synchronous=OFF", f"cache_size={cache_pages}"):
            self.connection.execute(f"PRAGMA {pragma}")
        self.connection.execute("CREATE TABLE IF NOT EXISTS rows (number INTEGER PRIMARY KEY, body BLOB)")
        self.wal = path.with_name(f"{path.name}-wal")
        self.log = wal.Log(self.wal, path.with_name(f"{path.name}-shm"))

    def store(self, rows: Iterable[tuple[int, int]]) -> None:
        """Put rows of so many bytes each, all with one commit."""
        self.connection.execute("BEGIN")
        for number, size in rows:
            self.connection.execute("REPLACE INTO rows VALUES (?, randomblob(?))", (number, size))
        self.connection.execute("COMMIT")

    def raw(self) -> list[bytes]:
        """Return the frames that lie in the file, committed or not, of this filling or of one before."""
        data = self.wal.read_bytes()[wal.HEADER.size :]
        return [data[at : at + wal.FRAME_BYTES] for at in range(0, len(data), wal.FRAME_BYTES)]

    def sums_of_pages(self) -> list[int]:
        """Return the sums of the log's pages, by these."""
        return [sum_of(frame[wal.FRAME.size :]) for frame in self.raw()[: self.log.frames]]

    def close(self) -> None:
        self.connection.close()
        self.log.close()


@pytest.fixture
def base(tmp_path: Path) -> Iterator[Base]:
    made = Base(tmp_path / "some.db")
    yield made
    made.close()


@given(pages_of_bytes)
@settings(max_examples=20)
def test_sum_of_a_page_is_sqlites_checksum_of_it_alone(page: bytes) -> None:
    first, second = checksum(page, LITTLE)
    assert sum_of(page) == first | second << 32


def test_page_of_zeros_has_no_sum() -> None:
    assert sum_of(bytes(wal.PAGE_BYTES)) == 0


def test_any_change_of_one_word_changes_its_pages_sum() -> None:
    """One of its two weights is odd, and so no multiple of it but the 2^32-fold is 0."""
    first, second = wal.WEIGHTS
    assert len(first) == len(second) == PAGE_WORDS
    assert all((first | second) & 1)


@given(pages_of_bytes, st.integers(0, 8 * wal.PAGE_BYTES - 1))
def test_flipped_bit_changes_the_sum(page: bytes, bit: int) -> None:
    flipped = bytearray(page)
    flipped[bit // 8] ^= 1 << bit % 8
    assert sum_of(bytes(flipped)) != sum_of(page)


@given(pages_of_bytes, st.integers(0, PAGE_WORDS - 4))
@settings(max_examples=20)
def test_top_bits_of_two_words_three_apart_flip_unnoticed(page: bytes, word: int) -> None:
    """It is SQLite's checksum, with its weakness."""
    flipped = bytearray(page)
    for at in (word, word + 3):
        flipped[4 * at + 3] ^= 0x80
    assert sum_of(bytes(flipped)) == sum_of(page)


transactions = st.lists(st.tuples(st.integers(0, 60), st.integers(0, 9000)), min_size=1, max_size=30)


@given(st.lists(st.tuples(transactions, st.booleans()), min_size=1, max_size=5), st.data())
@settings(max_examples=25, deadline=None)
def test_frames_tell_the_sums_of_their_pages(
    tmp_path_factory: pytest.TempPathFactory, commits: list[tuple[list[tuple[int, int]], bool]], data: st.DataObject
) -> None:
    """From any frame to any other, whatever was committed, also after the log began anew with other salts.

    What has been followed all along is in the end what the database's file is found to be.
    """
    base = Base(tmp_path_factory.mktemp("base") / "some.db", cache_pages=5)
    seal, followed = Seal(np.zeros(0, np.uint64)), 0
    for rows, is_moved in commits:
        base.store(rows)
        frames, expected = base.log.frames, base.sums_of_pages()
        first = data.draw(st.integers(0, frames - 1))
        last = data.draw(st.integers(first + 1, frames))
        assert base.log.read(first, last).sums.tolist() == expected[first:last]
        seal.follow(base.log, followed, frames)
        followed = frames
        if is_moved:
            salts = base.log.salts
            base.connection.execute("PRAGMA wal_checkpoint(RESTART)")
            base.store([(0, 10)])
            assert base.log.salts != salts
            followed = 0
    seal.follow(base.log, followed, base.log.frames)
    base.close()
    assert seal.sums.tolist() == Seal.of(base.path).sums.tolist()


def test_frames_that_a_commit_wrote_twice_have_their_last_sums(tmp_path: Path) -> None:
    """What does not fit into the cache is written before the commit, changed again, and written over in its place."""
    base = Base(tmp_path / "some.db", cache_pages=5)
    base.store((number, 3000) for number in range(40))
    begin = base.log.frames
    base.connection.execute("BEGIN")
    for turn in range(2):
        spilled = base.raw()[begin:]
        for number in range(40):
            base.connection.execute("UPDATE rows SET body = randomblob(3000) WHERE number = ?", (number,))
        assert base.log.frames == begin, f"nothing is committed in turn {turn}"
    base.connection.execute("COMMIT")
    now = base.raw()[begin:]
    assert any(
        old[:4] == new[:4] and old[wal.FRAME.size :] != new[wal.FRAME.size :]
        for old, new in zip(spilled, now, strict=False)
    ), "the same page, in the same place, and another"
    assert base.log.read(0, base.log.frames).sums.tolist() == base.sums_of_pages()
    base.close()


def turned(log: bytes) -> bytes:
    """Return a log as a machine of the other byte order had written it."""
    header = struct.pack(">I", wal.HEADER.unpack_from(log)[0] ^ wal.IS_BIG_ENDIAN) + log[4:24]
    state = checksum(header, BIG)
    made = [header + struct.pack(">II", *state)]
    for at in range(wal.HEADER.size, len(log), wal.FRAME_BYTES):
        head, page = log[at : at + wal.FRAME.size], log[at + wal.FRAME.size : at + wal.FRAME_BYTES]
        state = checksum(page, BIG, checksum(head[:8], BIG, state))
        made.append(head[:16] + struct.pack(">II", *state) + page)
    return b"".join(made)


@pytest.mark.parametrize("at_once", [1, 7, 1000])
def test_log_is_read_in_parts(at_once: int, base: Base, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(wal, "READ_FRAMES", at_once)
    base.store((number, 3000) for number in range(20))
    found = base.log.read(2, base.log.frames)
    assert found.sums.tolist() == base.sums_of_pages()[2:]
    assert [(number,) for number in found.pages] == [struct.unpack_from(">I", frame) for frame in base.raw()[2:]]


def test_log_of_a_machine_of_the_other_byte_order(base: Base, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """SQLite takes it over and goes on in its order; the sums are those of the pages, in ours."""
    base.store((number, 3000) for number in range(20))
    path = tmp_path / "moved.db"
    path.write_bytes(base.path.read_bytes())
    path.with_name("moved.db-wal").write_bytes(turned(base.wal.read_bytes()))
    moved = Base(path)
    assert moved.log.frames == base.log.frames
    moved.store((number, 3000) for number in range(10, 30))
    assert moved.wal.read_bytes()[3] & wal.IS_BIG_ENDIAN
    assert moved.log.frames > base.log.frames
    monkeypatch.setattr(wal, "READ_FRAMES", 7)
    assert moved.log.read(3, moved.log.frames).sums.tolist() == moved.sums_of_pages()[3:]
    moved.close()


@pytest.mark.parametrize("lost_bytes", [1, wal.PAGE_BYTES, wal.FRAME_BYTES])
def test_log_that_somebody_cut_is_an_error_and_not_the_end(lost_bytes: int, base: Base) -> None:
    base.store((number, 3000) for number in range(20))
    frames, data = base.log.frames, base.wal.read_bytes()
    with base.wal.open("rb+") as file:
        file.truncate(len(data) - lost_bytes)
    with pytest.raises(OSError, match=f"ends before frame {frames}"):
        base.log.read(0, frames)
    base.wal.write_bytes(data)
