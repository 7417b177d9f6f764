"""History from the journal's database: pages of orders and executions, and updates that clients missed.

Pages are read on a thread with a read-only connection of its own; rows are those that group_commit.py made.
"""

import asyncio
import logging
import sqlite3
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from itertools import islice
from typing import Any

import orjson

from engine.broker import events, serializers
from engine.broker.account import Account
from engine.models.broker.orders import HistoryQuery
from engine.models.market.instruments import Instrument
from engine.topics import Payload
from server.storage import codec
from server.storage.group_commit import lines_of

log = logging.getLogger("trading.archive")

FOREVER_MS = 1 << 62


class SqliteArchive:
    """A `handlers.rest.archive.Archive` on the journal's database.

    Args:
        connection: Reads pages; in memory it is the connection that writes.
        recent: Reads missed updates, on the loop; in memory it is the connection that writes.
        is_threaded: Whether pages are read on a thread; a database in memory is read at once.
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
        """Return a page of final orders, oldest first."""
        statement = "SELECT body FROM orders WHERE account = ? AND ended_ms >= ? AND ended_ms < ?"
        bodies = await self._page(statement, "ended_ms {0}, number {0}", account, query, lambda row: lines_of(row[0]))
        return [serializers.ADDED_TO_ORDERS | orjson.loads(body) for body in bodies]

    async def executions(self, account: Account, query: HistoryQuery) -> list[Payload]:
        """Return a page of executions, oldest first."""
        statement = (
            "SELECT kind, version, body FROM events"
            " WHERE kind = 'OrderExecuted' AND account = ? AND time_ms >= ? AND time_ms < ?"
        )
        rows = await self._page(statement, "time_ms {0}, seq {0}", account, query, lambda row: [row])
        return [self._execution(*row) for row in rows]

    def updates(self, channel: str, after_seq: int, limit: int) -> list[bytes] | None:
        """Return the encoded updates of an exact channel behind a number; None when the first of them are deleted.

        `after_seq` is the number of the last update that the client has. Read on the loop, because a client that
        resumes is answered in one turn of it. None also when the database cannot be read, such as during a stop.
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
        """End the thread and close the connections."""
        if self._reader is not None:
            self._reader.shutdown(wait=True)
            self._connection.close()
            self._recent.close()

    def _execution(self, kind: str, version: int, body: bytes) -> Payload:
        event = codec.decode(kind, version, body)
        assert isinstance(event, events.OrderExecuted)
        return serializers.execution_payload(event, self._instruments[event.symbol])

    async def _page(
        self,
        statement: str,
        order: str,
        account: Account,
        query: HistoryQuery,
        parts: Callable[[tuple[Any, ...]], list[Any]],
    ) -> list[Any]:
        """Return a page of the values in rows, oldest first: from `query.from_time` on, or the newest without it.

        Values from before a reset of the account are left out. `order` has `{0}` for the direction; `parts` returns the
        values in a row, one or more, oldest first.
        """
        is_upwards = query.from_time is not None
        began_ms = account.began[0] + 1 if account.generation else 0
        to_time = FOREVER_MS if query.to_time is None else query.to_time
        ordered = f"{statement} ORDER BY {order.format('ASC' if is_upwards else 'DESC')}"
        values = (account.id, max(query.from_time or 0, began_ms), to_time)

        def read() -> list[Any]:
            with closing(self._connection.execute(ordered, values)) as rows:
                values_in_order = (part for row in rows for part in parts(row)[:: 1 if is_upwards else -1])
                page = list(islice(values_in_order, query.limit))
            return page if is_upwards else page[::-1]

        if self._reader is None:
            return read()
        return await asyncio.get_running_loop().run_in_executor(self._reader, read)
