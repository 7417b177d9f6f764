"""The journal: results in, one durable transaction for all that come together, word back in order.

One thread writes, one group is with it at a time; what comes meanwhile is the next group. The loop makes the rows, the
thread waits for the disk; another one moves the log into the database when it is full, and the writer helps with the
last of it. Where nothing has to survive (`:memory:`) the same rows are written without the threads.

A group that does not reach the disk takes everything behind it along, for it was decided on a state that will never
have been: all of it is refused, and the journal stays closed until `resume`, which the owner calls when the state in
memory is again what is durable.
"""

import asyncio
import errno
import logging
import sqlite3
from collections.abc import Callable
from functools import partial
from queue import SimpleQueue
from threading import Thread
from time import monotonic, sleep

from engine.broker.command_result import CommandResult
from engine.journal import Done
from server.storage.data_directory import Head
from server.storage.disk import Disk
from server.storage.group_commit import Group, Unstorable

log = logging.getLogger("trading.journal")

MAX_PENDING = 20_000
"""Events that may wait for the disk; beyond it commands are refused."""

NAP_S = 1e-6
"""How long the loop rests when it has handed a group over, some 60 us by the clock of the system: the thread begins in
that time. It needs the interpreter for that, and would wait several times as long for a loop that works."""

PROBE_S = 0.5
FULL = frozenset((sqlite3.SQLITE_FULL, sqlite3.SQLITE_BUSY, sqlite3.SQLITE_IOERR_SHMSIZE, sqlite3.SQLITE_IOERR_SHMOPEN))
"""Errors after which the disk is whole and may take more later."""

NO_SPACE = frozenset((errno.ENOSPC, errno.EDQUOT))
"""The same of the files beside the database, which are only written when a log is copied."""

OnFailure = Callable[[Exception, bool], None]


class Errand:
    """Something that one thread asks the other to do, and waits for."""

    def __init__(self, action: Callable[[], bool]) -> None:
        self._action = action
        self._answer: SimpleQueue[bool | Exception] = SimpleQueue()

    def run(self) -> None:
        """Do it, on the thread that was asked."""
        try:
            self._answer.put(self._action())
        except (sqlite3.Error, OSError) as error:
            self._answer.put(error)

    def wait(self) -> bool:
        """Return what it returned. Raises: sqlite3.Error, OSError: what it raised."""
        answer = self._answer.get()
        if isinstance(answer, Exception):
            raise answer
        return answer


class SqliteJournal:
    """An `engine.journal.Journal` on SQLite.

    Args:
        disk: The database.
        numbers: The last number of each exact channel.
        loop: Where the word comes back; None writes at once, on the caller's time.

    Attributes:
        commits: Groups made durable.
        on_failure: Called with the error of a group that is not, and whether storage is lost for good.
        on_writable: Called when a closed journal takes results again.
    """

    def __init__(self, disk: Disk, numbers: dict[str, int], loop: asyncio.AbstractEventLoop | None) -> None:
        self.kind = "memory" if loop is None else "sqlite"
        self.is_writable = True
        self.commits = 0
        self.lag_ms = 0.0
        self.on_failure: OnFailure = lambda _error, _is_fatal: None
        self.on_writable: Callable[[], None] = lambda: None
        self._disk = disk
        self._numbers = numbers
        self._loop = loop
        self._open = Group(disk.head)
        self._is_in_flight = self._is_scheduled = self._is_copying = False
        self._durable = disk.head.seq
        self._inbox: SimpleQueue[Group | Errand | float | None] = SimpleQueue()
        self._full: SimpleQueue[bool] = SimpleQueue()
        self._threads: list[Thread] = []
        if loop is not None:
            self._threads = [
                Thread(target=self._run, name="journal", daemon=True),
                Thread(target=self._run_copies, name="checkpoint", daemon=True),
            ]
            for thread in self._threads:
                thread.start()

    @property
    def count(self) -> int:
        """Durable events."""
        return self._durable

    @property
    def head(self) -> Head:
        """The last event that was appended; durable when nothing is pending."""
        return self._open.head

    @property
    def is_full(self) -> bool:
        """Whether more events wait for the disk than may."""
        return self._open.seq - self._durable >= MAX_PENDING

    def append(self, result: CommandResult, done: Done) -> None:
        """Store the events and the exact updates of a result; `done` is called when they are durable, or refused."""
        if not self.is_writable:
            done(ConnectionError("storage does not take anything now"))
            return
        self._open.add(result, self._numbers, done)
        if self._loop is None:
            self._write_now()
        elif not self._is_in_flight and not self._is_scheduled:
            self._is_scheduled = True
            self._loop.call_soon(self._hand_over)

    def resume(self, head: Head, numbers: dict[str, int]) -> None:
        """Go on from what is durable, as soon as the disk takes it. `on_writable` says when."""
        self._numbers = numbers
        self._open = Group(head)
        self._durable = head.seq
        if not self._threads:
            self._probed(None)
        else:
            self._inbox.put(0.0)

    def close(self) -> None:
        """Store what is pending and close the database; blocks until that is done."""
        if not self._threads:
            self._disk.close()
            return
        writer, copier = self._threads
        self._full.put(False)
        copier.join()  # it may need the writer for the last of its work
        if self.is_writable and self._open.dones:
            self._inbox.put(self._take())
        self._inbox.put(None)
        writer.join()
        self._threads = []

    def _write_now(self) -> None:
        group = self._take()
        self._finished(group, _attempt(lambda: self._disk.write(group)), 0.0)

    def _hand_over(self) -> None:
        self._is_scheduled = False
        if self._open.dones and self.is_writable and not self._is_in_flight:
            group = self._take()
            self._is_in_flight = True
            self._inbox.put(group)
            sleep(NAP_S)

    def _take(self) -> Group:
        group = self._open
        group.complete()
        self._open = Group(group.head)
        return group

    def _finished(self, group: Group, error: Exception | None, took_s: float) -> None:
        self._is_in_flight = False
        if error is not None:
            self._refuse(group, error)
            return
        self.commits += 1
        self.lag_ms = 1000 * took_s
        self._durable = group.seq
        self._hand_over()
        group.finish(None)

    def _refuse(self, group: Group, error: Exception) -> None:
        self.is_writable = False
        is_fatal = not (isinstance(error, Unstorable) or is_full_disk(error))
        log.error("nothing can be stored error=%s fatal=%s", error, is_fatal)
        later, self._open = self._open, Group(group.head)
        self.on_failure(error, is_fatal)
        group.finish(error)
        later.finish(error)

    def _probed(self, error: Exception | None) -> None:
        if error is not None:
            assert self._loop is not None
            self._loop.call_later(PROBE_S, self._inbox.put, 0.0)
            return
        log.warning("storage takes events again")
        self.is_writable = True
        self.on_writable()

    # The threads

    def _run(self) -> None:
        while (item := self._inbox.get()) is not None:
            if isinstance(item, Group):
                began = monotonic()
                error = _attempt(partial(self._disk.write, item))
                self._tell(self._finished, item, error, monotonic() - began)
                if error is None and not self._is_copying and self._disk.is_full:
                    self._is_copying = True
                    self._full.put(True)
            elif isinstance(item, Errand):
                item.run()
            else:
                self._tell(self._probed, _attempt(self._disk.probe))
        _attempt(self._disk.close)

    def _run_copies(self) -> None:
        while self._full.get():
            if (error := _attempt(self._copy)) is not None:
                self._tell(self._untidy, error)
            self._is_copying = False

    def _copy(self) -> None:
        if not self._disk.copy():
            return
        rest = Errand(self._disk.finish)
        self._inbox.put(rest)
        if rest.wait():
            self._disk.settle()

    def _tell(self, callback: Callable[..., None], *arguments: object) -> None:
        assert self._loop is not None
        try:
            self._loop.call_soon_threadsafe(callback, *arguments)
        except RuntimeError:
            log.warning("the loop ended before the journal")

    def _untidy(self, error: Exception) -> None:
        """The log could not be moved: it is whole and grows on, unless the disk itself is at fault."""
        if not is_full_disk(error) and not (isinstance(error, OSError) and error.errno in NO_SPACE):
            self.is_writable = False
            self.on_failure(error, True)


def is_full_disk(error: Exception) -> bool:
    """Whether the disk is whole after an error and may take more later."""
    return isinstance(error, sqlite3.Error) and error.sqlite_errorcode in FULL


def _attempt(action: Callable[[], object]) -> Exception | None:
    try:
        action()
    except (sqlite3.Error, OSError, Unstorable) as error:
        return error
    return None
