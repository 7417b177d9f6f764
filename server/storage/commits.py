"""Commits for those that follow the journal, such as the bus: their position, their content, and reading them again.

The journal passes each durable group on. Updates and events of earlier groups are read from the database, page by page:
rows of `updates` lie in the order of the commits, so a page is the next rows after a position.
"""

import sqlite3
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path
from typing import NamedTuple, Protocol

from engine.models.market.scenarios import MARKET_EVENTS, MarketEvent
from server.storage import codec, data_directory
from server.storage.group_commit import INSERT_EVENTS, INSERT_UPDATES, CommitGroup, lines_of

PAGE_BYTES = 256 * 1024
"""Size from which on a page of updates ends."""

OPENED, CLEARED = "AccountOpened", "AccountCleared"
MARKET_KINDS = tuple(kind.__name__ for kind in MARKET_EVENTS)
CHANGES = (OPENED, CLEARED, *MARKET_KINDS)
"""Kinds of the events that others than the owner of an account have to know."""


class Position(NamedTuple):
    """A place in the journal, at the end of a commit. Later commits have a larger position.

    Attributes:
        event: Number of the last event.
        row: Number of the last row of `updates`.
    """

    event: int
    row: int


class ChannelUpdates(NamedTuple):
    """Updates of one channel; `bodies` are JSON.

    Those of an exact channel have ascending numbers without a gap. Those of a conflated channel have none, and
    `first_seq` is 0; they are only in commits that are sent as they come.
    """

    channel: str
    first_seq: int
    bodies: Sequence[bytes]


class CommitContent(NamedTuple):
    """Content of one commit, or of a page of several.

    Attributes:
        end: Position behind it.
        updates: Updates in the order of publication; those of a page are sorted by channel within a commit.
        cleared, opened: Accounts that were reset or opened.
        market: Scenarios that were added or ended.
    """

    end: Position
    updates: list[ChannelUpdates]
    cleared: list[str]
    opened: list[str]
    market: list[MarketEvent]


class CommitFollower(Protocol):
    """Gets each group after its commit, on the event loop, before its updates are published."""

    def committed(self, group: CommitGroup) -> None:
        """Called with a durable group, in the order of the commits."""


def last_position(connection: sqlite3.Connection) -> Position:
    """Return the position of the last commit."""
    event = connection.execute("SELECT max(seq) FROM events").fetchone()[0]
    row = connection.execute("SELECT max(rowid) FROM updates").fetchone()[0]
    return Position(event or 0, row or 0)


def position_after(position: Position, group: CommitGroup) -> Position:
    """Return the position behind the commit of a group that follows `position`."""
    return Position(group.head.seq, position.row + len(group.rows[INSERT_UPDATES]))


def resets_in(group: CommitGroup) -> list[str]:
    """Return the accounts that were reset in a group, once for each reset."""
    return [str(row[2]) for row in group.rows[INSERT_EVENTS] if row[3] == CLEARED]


def content_of(end: Position, group: CommitGroup) -> CommitContent:
    """Return the content of a durable group that was made with `keeps_order`."""
    content = CommitContent(end, updates_of(group), [], [], [])
    for _seq, _time_ms, account, kind, version, _txn, body, _crc in group.rows[INSERT_EVENTS]:
        if kind in CHANGES:
            assert isinstance(version, int)
            assert isinstance(body, bytes)
            _add_change(content, str(account), str(kind), version, body)
    return content


def updates_of(group: CommitGroup) -> list[ChannelUpdates]:
    """Return the updates of a group in their order: consecutive updates of a channel together."""
    last = {str(channel): int(number) for channel, number, _body, _crc in group.rows[INSERT_UPDATES]}
    next_seq = {channel: number - len(group.updates[channel]) + 1 for channel, number in last.items()}
    runs: list[ChannelUpdates] = []
    bodies: list[bytes] = []
    for channel, body in group.order or ():
        if not runs or runs[-1].channel != channel:
            bodies = []
            runs.append(ChannelUpdates(channel, next_seq.get(channel, 0), bodies))
        bodies.append(body)
        if channel in next_seq:
            next_seq[channel] += 1
    return runs


class CommitReader:
    """Reads the content of earlier commits from the database.

    Args:
        path: The database; None in memory.
        connection: The connection of a database in memory.
    """

    def __init__(self, path: Path | None, connection: sqlite3.Connection) -> None:
        self._path = path
        self._connection = connection

    @property
    def is_threaded(self) -> bool:
        """Whether `read` may be called on another thread, because it uses a connection of its own."""
        return self._path is not None

    def read(self, after: Position, until: Position) -> CommitContent:
        """Return the next page after a position, at most up to `until`.

        All events up to `until` belong to the first page, so that a reset is never later than the updates behind it.

        Raises:
            sqlite3.Error: The database cannot be read.
        """
        if self._path is None:
            return _page(self._connection, after, until)
        with closing(data_directory.connect(self._path, is_read_only=True)) as connection:
            return _page(connection, after, until)


def _page(connection: sqlite3.Connection, after: Position, until: Position) -> CommitContent:
    content = CommitContent(until, [], [], [], [])
    kinds = ", ".join("?" * len(CHANGES))
    statement = f"SELECT account, kind, version, body FROM events WHERE seq > ? AND seq <= ? AND kind IN ({kinds})"
    for row in connection.execute(f"{statement} ORDER BY seq", (after.event, until.event, *CHANGES)):
        _add_change(content, *row)
    statement = "SELECT rowid, channel, seq, body FROM updates WHERE rowid > ? AND rowid <= ? ORDER BY rowid"
    size = 0
    with closing(connection.execute(statement, (after.row, until.row))) as rows:
        for number, channel, seq, body in rows:
            bodies = lines_of(body)
            content.updates.append(ChannelUpdates(channel, seq - len(bodies) + 1, bodies))
            size += len(body)
            if size >= PAGE_BYTES:
                return content._replace(end=Position(until.event, number))
    return content


def _add_change(content: CommitContent, account: str, kind: str, version: int, body: bytes) -> None:
    if kind == OPENED:
        content.opened.append(account)
    elif kind == CLEARED:
        content.cleared.append(account)
    else:
        event = codec.decode(kind, version, body)
        assert isinstance(event, MARKET_EVENTS)
        content.market.append(event)
