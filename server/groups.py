"""What one commit takes along: the rows of several batches, made on the loop, written by the journal's thread.

Making rows costs a few microseconds and keeps the chain of checksums in the order of the decisions; writing them costs
an fsync. So the thread does nothing but wait for the disk, and takes the interpreter a handful of times per commit
however many rows there are: several rows go into one statement.
"""

import logging
import sqlite3
from collections.abc import Sequence
from typing import Any

import orjson

from engine.broker.batch import Batch
from engine.journal import Done
from engine.models.broker.orders import OrderStatus
from engine.topics import ROUTES
from server import codec
from server.store import Head, Row, checksum

log = logging.getLogger("trading.journal")

EXACT = frozenset(route.name for route in ROUTES.values() if route.is_exact)
FINAL = frozenset((int(OrderStatus.CANCELED), int(OrderStatus.FILLED), int(OrderStatus.REJECTED)))
KEPT_UPDATES = 10_000
"""Updates per exact channel from which clients can resume."""

PRUNE_EVERY = 1000
MAX_ENDED = 100_000
"""Orders that may end in one group; numbers ended orders within one millisecond."""

MAX_ROWS = 128


def has_exact(batch: Batch) -> bool:
    """Whether a batch has updates whose numbers must survive."""
    return any(update.channel.partition(":")[0] in EXACT for update in batch.updates)


class Unstorable(Exception):
    """What was decided has no form in the journal: a defect of the program, not of the disk."""


class Group:
    """The batches of one commit, as rows.

    Attributes:
        head: The last event of the group, or what was the last before it.
        error: Why the group can never be stored, None for all that can.
    """

    __slots__ = ("dones", "error", "events", "head", "orders", "prunes", "updates")

    def __init__(self, head: Head) -> None:
        self.head = head
        self.error: Unstorable | None = None
        self.events: list[Row] = []
        self.updates: list[tuple[str, int, bytes]] = []
        self.orders: list[tuple[int, str, int, bytes]] = []
        self.prunes: list[tuple[str, int]] = []
        self.dones: list[Done] = []

    def add(self, batch: Batch, numbers: dict[str, int], done: Done) -> None:
        """Take a batch along. One that is torn or has no form in the journal spoils the group: `write` says so.

        Args:
            batch: Events and updates of one command or tick.
            numbers: The last number of each exact channel; goes on with this batch's updates.
            done: Whom to tell.
        """
        self.dones.append(done)
        if batch.is_torn:
            self.error = Unstorable(f"{batch.cause} was not done to its end")
            return
        try:
            self._add_events(batch)
            self._add_updates(batch, numbers, self.head.seq - len(batch.events) + 1)
        except (TypeError, ValueError) as error:
            log.exception("batch has no form in the journal cause=%s", batch.cause)
            self.error = Unstorable(f"{batch.cause}: {error}")

    def _add_events(self, batch: Batch) -> None:
        seq, crc = self.head
        txn = seq + 1
        for event in batch.events:
            seq += 1
            kind = type(event).__name__
            row = (seq, event.time_ms, event.account_id, kind, codec.version_of(kind), txn, codec.encode(event))
            crc = checksum(crc, *row)
            self.events.append((*row, crc))
        self.head = Head(seq, crc)

    def _add_updates(self, batch: Batch, numbers: dict[str, int], txn: int) -> None:
        encoded: dict[int, bytes] = {}
        for update in batch.updates:
            name = update.channel
            route, _, account = name.partition(":")
            if route not in EXACT:
                continue
            body = encoded.get(id(update.payload))
            if body is None:
                body = encoded[id(update.payload)] = orjson.dumps(update.payload)
            number = numbers[name] = numbers.get(name, 0) + 1
            self.updates.append((name, number, body))
            if number % PRUNE_EVERY == 0 and number > KEPT_UPDATES:
                self.prunes.append((name, number - KEPT_UPDATES))
            if route == "orders" and update.payload["status"] in FINAL:
                self.orders.append((txn * MAX_ENDED + len(self.orders), account, update.payload["updateTime"], body))

    def write(self, connection: sqlite3.Connection) -> None:
        """Store the rows in one transaction; they are durable when this returns. Raises: sqlite3.Error, Unstorable."""
        if self.error is not None:
            raise self.error
        connection.execute("BEGIN IMMEDIATE")
        insert(connection, "INSERT INTO events VALUES", self.events)
        insert(connection, "INSERT INTO updates VALUES", self.updates)
        insert(connection, "INSERT OR REPLACE INTO orders VALUES", self.orders)
        for prune in self.prunes:
            connection.execute("DELETE FROM updates WHERE channel = ? AND seq <= ?", prune)
        connection.execute("COMMIT")

    def finish(self, error: Exception | None) -> None:
        """Tell everybody, in the order of the batches."""
        for done in self.dones:
            done(error)


def insert(connection: sqlite3.Connection, statement: str, rows: Sequence[tuple[Any, ...]]) -> None:
    """Insert many rows with few statements: each of them gives up the interpreter and has to get it back."""
    start, left = 0, len(rows)
    size = MAX_ROWS
    while left:
        while size > left:
            size //= 2
        row = f"({','.join('?' * len(rows[0]))})"
        values = [value for one in rows[start : start + size] for value in one]
        connection.execute(f"{statement} {','.join([row] * size)}", values)
        start, left = start + size, left - size
