"""Reading back: pages of history from the journal's database, on a thread and a read-only connection of their own."""

import asyncio
import logging
import sqlite3
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from itertools import islice
from typing import Any, TypeVar

import orjson

from engine.broker import events, serializers
from engine.broker.account import Account
from engine.models.broker.orders import HistoryQuery
from engine.models.market.instruments import Instrument
from engine.topics import Payload
from server.storage import codec
from server.storage.group_commit import lines_of

log = logging.getLogger("trading.archive")

T = TypeVar("T")
FOREVER_MS = 1 << 62


class SqliteArchive:
    """A `handlers.rest.archive.Archive` on the journal's database.

    Args:
        connection: Reads pages only, beside the one that writes; in memory the one that writes.
        recent: Reads what clients missed, on the loop; in memory the one that writes.
        is_threaded: Whether to read on a thread; a database in memory is read at once.
        instruments: The catalogue by name.
    """

    def __init__(
        self,
        connection: sqlite3.Connection,
        recent: sqlite3.Connection,
        is_threaded: bool,
        instruments: Mapping[str, Instrument],
    ) -> None:
        self._connection = connection
        self._recent = recent
        self._instruments = instruments
        self._reader = ThreadPoolExecutor(1, "archive") if is_threaded else None

    async def orders(self, account: Account, query: HistoryQuery) -> list[Payload]:
        """Return a page of the orders that ended, oldest first."""
        statement = "SELECT body FROM orders WHERE account = ? AND ended_ms >= ? AND ended_ms < ?"
        bodies = await self._read(
            lambda: self._page(statement, "ended_ms {0}, number {0}", account, query, lambda row: lines_of(row[0]))
        )
        return [orjson.loads(body) for body in bodies]

    async def executions(self, account: Account, query: HistoryQuery) -> list[Payload]:
        """Return a page of executions, oldest first."""
        statement = (
            "SELECT kind, version, body FROM events"
            " WHERE kind = 'OrderExecuted' AND account = ? AND time_ms >= ? AND time_ms < ?"
        )
        rows = await self._read(
            lambda: self._page(statement, "time_ms {0}, seq {0}", account, query, lambda row: [row])
        )
        return [self._execution(*row) for row in rows]

    def updates(self, channel: str, after_seq: int, limit: int) -> list[bytes] | None:
        """Return the updates of an exact channel behind a number, encoded; None when they are not there from there on.

        Read on the caller's time: a client that comes back is answered in one turn of the loop. What cannot be read, or
        not any more while the server stops, is not there.
        """
        statement = "SELECT seq, body FROM updates WHERE channel = ? AND seq > ? ORDER BY seq"
        found: list[bytes] = []
        try:
            with closing(self._recent.execute(statement, (channel, after_seq))) as rows:
                for seq, body in rows:
                    bodies = lines_of(body)
                    known = after_seq + len(found) - (seq - len(bodies))
                    if known < 0:
                        return None
                    found += bodies[known:]
                    if len(found) >= limit:
                        break
        except sqlite3.Error as error:
            log.warning("updates cannot be read channel=%s error=%s", channel, error)
            return None
        return found[:limit]

    def close(self) -> None:
        """Let the thread and the connection go."""
        if self._reader is not None:
            self._reader.shutdown(wait=True)
            self._connection.close()
            self._recent.close()

    def _execution(self, kind: str, version: int, body: bytes) -> Payload:
        event = codec.decode(kind, version, body)
        assert isinstance(event, events.OrderExecuted)
        return serializers.execution_payload(event, self._instruments[event.symbol])

    def _page(
        self,
        statement: str,
        order: str,
        account: Account,
        query: HistoryQuery,
        parts: Callable[[tuple[Any, ...]], list[Any]],
    ) -> list[Any]:
        """Return the oldest parts of rows from `from` on, or without it the newest, oldest first.

        None are from before a reset. A row has one part at least, and is not read when there are enough without it.
        """
        is_upwards = query.from_time is not None
        began_ms = account.began[0] + 1 if account.generation else 0
        to_time = FOREVER_MS if query.to_time is None else query.to_time
        statement = f"{statement} ORDER BY {order.format('ASC' if is_upwards else 'DESC')}"
        values = (account.id, max(query.from_time or 0, began_ms), to_time)
        with closing(self._connection.execute(statement, values)) as rows:
            each = (part for row in rows for part in parts(row)[:: 1 if is_upwards else -1])
            found = list(islice(each, query.limit))
        return found if is_upwards else found[::-1]

    async def _read(self, question: Callable[[], T]) -> T:
        if self._reader is None:
            return question()
        return await asyncio.get_running_loop().run_in_executor(self._reader, question)
