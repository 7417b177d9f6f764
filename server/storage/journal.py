"""The journal: results in, one durable transaction for all that come together, completion back in order.

The loop encodes the rows (group_commit.py), one thread writes them. One group is with the thread at a time; results
that come meanwhile are the next group. The thread also copies the write-ahead log into the database between two
commits. Storage in memory writes the same rows without a thread.

When a group cannot be stored, everything behind it was decided on a state that will never be durable. All of it is
refused, and the journal takes nothing until `resume`: service.py calls it when the state in memory is again the
durable one.
"""

import asyncio
import logging
import os
import sqlite3
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from queue import SimpleQueue
from threading import Thread
from time import monotonic
from typing import NamedTuple

from engine.broker.command_result import CommandResult
from engine.errors import Unavailable
from engine.journal import Done
from server.storage.commits import CommitFollower
from server.storage.data_directory import CHECKPOINT_BYTES, Directory, Head, pack_head
from server.storage.group_commit import CommitGroup, Unstorable

log = logging.getLogger("trading.journal")

RETRY_BYTES = 4 << 20
"""How much longer the write-ahead log becomes before the next checkpoint, after one that a reader kept short."""

PROBE_BYTES = 256 << 10
FULL = frozenset((sqlite3.SQLITE_FULL, sqlite3.SQLITE_BUSY, sqlite3.SQLITE_IOERR_SHMSIZE, sqlite3.SQLITE_IOERR_SHMOPEN))
"""Errors after which the file is whole and the disk may take more later."""


@dataclass(frozen=True, slots=True)
class JournalLimits:
    """Events that may wait for the disk before commands are refused; seconds between two tries of a full disk."""

    max_pending: int = 20_000
    probe_s: float = 0.5


class Failure(NamedTuple):
    """A group or a checkpoint that could not be stored, and whether storage is lost for this process."""

    error: Exception
    is_fatal: bool


class JournalDatabase:
    """The connection that writes, and the record of the last event. Used by one thread at a time.

    Args:
        connection: The only connection that writes.
        directory: The data directory; None in memory.
        head: The last durable event.
    """

    def __init__(self, connection: sqlite3.Connection, directory: Directory | None, head: Head) -> None:
        self.head = head
        self._connection = connection
        self._wal = None if directory is None else directory.wal
        self._head_file = None if directory is None else os.open(directory.head, os.O_RDWR | os.O_CREAT, 0o600)
        self._full_bytes = CHECKPOINT_BYTES

    def write(self, group: CommitGroup) -> None:
        """Make a complete group durable in one transaction.

        Raises:
            sqlite3.Error, OSError: it cannot be stored; then nothing of it is stored.
            Unstorable: it has a row that cannot be stored; then nothing of it is stored.
        """
        if group.error is not None:
            raise group.error
        try:
            with self._connection:
                self._connection.execute("BEGIN IMMEDIATE")
                for statement, rows in group.rows.items():
                    if rows:
                        self._connection.executemany(statement, rows)
        except OverflowError as error:
            raise Unstorable(f"a column: {error}") from None
        self.head = group.head
        if self._head_file is not None:
            os.pwrite(self._head_file, pack_head(group.head), 0)

    def checkpoint_when_full(self) -> None:
        """Copy a long write-ahead log into the database. Raises: sqlite3.Error.

        A reader, such as a backup, may keep a part of the log from being copied; it is never waited for. When all is
        copied, the next commit begins the log anew and cuts its file to `CHECKPOINT_BYTES`.
        """
        if self._wal is None or (size := self._wal.stat().st_size) <= self._full_bytes:
            return
        self._full_bytes = size + RETRY_BYTES
        _is_busy, frames, copied = self._connection.execute("PRAGMA wal_checkpoint(PASSIVE)").fetchone()
        if copied == frames:
            self._full_bytes = CHECKPOINT_BYTES

    def probe(self) -> None:
        """Find out whether the disk has space for some thousand rows. Raises: sqlite3.Error."""
        with self._connection:
            self._connection.execute("BEGIN IMMEDIATE")
            self._connection.execute("INSERT INTO probe VALUES (zeroblob(?))", (PROBE_BYTES,))
        self._connection.execute("DELETE FROM probe")

    def close(self) -> None:
        """Copy the log into the database and close the files. Raises: sqlite3.Error, OSError.

        The log keeps whatever could not be copied; the next start reads it.
        """
        try:
            if self._head_file is not None:
                os.fsync(self._head_file)
                self._connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        finally:
            self._connection.close()
            if self._head_file is not None:
                os.close(self._head_file)


class SqliteJournal:
    """An `engine.journal.Journal` on SQLite.

    Args:
        database: Where the groups are written.
        numbers: The last number of each exact channel.
        loop: Where `done` is called; None writes at once, on the caller's time.
        limits: Its bounds.
        follower: Gets each durable group.

    Attributes:
        kind: "sqlite", or "memory" for a journal without a loop.
        is_writable: Whether results are stored; False from a failure until `resume` succeeds.
        count: Durable events.
        commits: Groups made durable.
        lag_ms: Milliseconds that the last commit took.
        steps: Grows whenever the thread has finished something: a write, a checkpoint, the end.
    """

    def __init__(
        self,
        database: JournalDatabase,
        numbers: dict[str, int],
        loop: asyncio.AbstractEventLoop | None,
        limits: JournalLimits | None = None,
        follower: CommitFollower | None = None,
    ) -> None:
        self.kind = "memory" if loop is None else "sqlite"
        self.is_writable = True
        self.count = database.head.seq
        self.commits = 0
        self.lag_ms = 0.0
        self.steps = 0
        self._database = database
        self._numbers = numbers
        self._loop = loop
        self._limits = limits or JournalLimits()
        self._follower = follower
        self._open = self._new_group(database.head)
        self._failure_reason: str | None = None
        self._stop_reason: str | None = None
        self._failures: asyncio.Queue[Failure] = asyncio.Queue()
        self._is_in_flight = self._is_scheduled = False
        self._work: SimpleQueue[Callable[[], None] | None] = SimpleQueue()
        self._thread: Thread | None = None
        if loop is not None:
            self._thread = Thread(target=self._run, name="journal", daemon=True)
            self._thread.start()

    @property
    def head(self) -> Head:
        """The last event that was appended; durable when nothing is pending."""
        return self._open.head

    def check_writable(self) -> None:
        """Return when a command may change something. Raises: Unavailable."""
        if reason := self._stop_reason or self._failure_reason:
            raise Unavailable(reason)
        if self._open.head.seq - self.count >= self._limits.max_pending:
            raise Unavailable("nothing was changed, too much waits to be stored; try again")

    def append(self, result: CommandResult, done: Done) -> None:
        """Store the events and the exact updates of a result; `done` is called when they are durable, or refused."""
        if not self.is_writable:
            done(ConnectionError("storage does not take anything now"))
            return
        self._open.add(result, self._numbers, done)
        if self._loop is None:
            group = self._take()
            self._finished(group, _attempt(partial(self._database.write, group)), 0.0)
        elif not self._is_in_flight and not self._is_scheduled:
            self._is_scheduled = True
            self._loop.call_soon(self._start_commit)

    async def failed(self) -> Failure:
        """Wait for the next failure. The journal takes nothing until `resume`, after a fatal failure never again."""
        return await self._failures.get()

    def resume(self, head: Head, numbers: dict[str, int]) -> None:
        """Take results again, behind the event `head`, as soon as the disk has space."""
        self._numbers = numbers
        self._open = self._new_group(head)
        self.count = head.seq
        if self._thread is None:
            self._probed(None)
        else:
            self._work.put(self._probe)

    def refuse(self, reason: str) -> None:
        """Refuse further commands with a reason; results that were appended before are stored."""
        self._stop_reason = reason

    def close(self) -> None:
        """Store everything pending and close the database; blocks until that is done."""
        if self._thread is None:
            self._database.close()
            return
        if self.is_writable and self._open.dones:
            self._work.put(partial(self._write, self._take()))
        self._work.put(None)
        self._thread.join()

    def _start_commit(self) -> None:
        self._is_scheduled = False
        if self._open.dones and self.is_writable and not self._is_in_flight:
            self._is_in_flight = True
            self._work.put(partial(self._write, self._take()))

    def _take(self) -> CommitGroup:
        group = self._open
        group.complete()
        self._open = self._new_group(group.head)
        return group

    def _new_group(self, head: Head) -> CommitGroup:
        return CommitGroup(head, self._follower is not None)

    def _finished(self, group: CommitGroup, error: Exception | None, took_s: float) -> None:
        self._is_in_flight = False
        if error is not None:
            is_fatal = not (isinstance(error, Unstorable) or _is_full_disk(error))
            self._fail(Failure(error, is_fatal), group)
            return
        self.commits += 1
        self.lag_ms = 1000 * took_s
        self.count = group.head.seq
        self._start_commit()
        if self._follower is not None:
            self._follower.committed(group)
        group.finish(None)

    def _fail(self, failure: Failure, group: CommitGroup) -> None:
        """Refuse a group and everything behind it."""
        log.error("nothing can be stored error=%s fatal=%s", failure.error, failure.is_fatal)
        self.is_writable = False
        self._failure_reason = f"nothing was changed, storage refused it: {failure.error}"
        later, self._open = self._open, self._new_group(group.head)
        self._failures.put_nowait(failure)
        group.finish(failure.error)
        later.finish(failure.error)

    def _checkpoint_failed(self, error: Exception) -> None:
        if self.is_writable:
            self._fail(Failure(error, is_fatal=True), CommitGroup(self.head))

    def _probed(self, error: Exception | None) -> None:
        if error is not None:
            assert self._loop is not None
            self._loop.call_later(self._limits.probe_s, self._work.put, self._probe)
            return
        log.warning("storage takes events again")
        self.is_writable = True
        self._failure_reason = None

    # The thread

    def _run(self) -> None:
        for work in iter(self._work.get, None):
            work()
            self.steps += 1
        if (error := _attempt(self._database.close)) is not None:
            log.warning("the journal was not closed cleanly, the next start reads its log error=%s", error)
        self.steps += 1

    def _write(self, group: CommitGroup) -> None:
        began = monotonic()
        error = _attempt(partial(self._database.write, group))
        self._call_on_loop(partial(self._finished, group, error, monotonic() - began))
        # Without space the log is whole and grows on; any other error of a checkpoint means that the disk is at fault.
        if error is None and (fault := _attempt(self._database.checkpoint_when_full)) and not _is_full_disk(fault):
            self._call_on_loop(partial(self._checkpoint_failed, fault))

    def _probe(self) -> None:
        self._call_on_loop(partial(self._probed, _attempt(self._database.probe)))

    def _call_on_loop(self, callback: Callable[[], None]) -> None:
        assert self._loop is not None
        try:
            self._loop.call_soon_threadsafe(callback)
        except RuntimeError:
            log.warning("the loop ended before the journal")


def _is_full_disk(error: Exception) -> bool:
    return isinstance(error, sqlite3.Error) and error.sqlite_errorcode in FULL


def _attempt(action: Callable[[], object]) -> Exception | None:
    try:
        action()
    except (sqlite3.Error, OSError, Unstorable) as error:
        return error
    return None
