"""What one commit takes along: several results, made into rows on the loop, written by the journal's thread.

Making rows keeps the chain of checksums in the order of the decisions; writing costs an fsync. The thread competes with
the loop for the interpreter, so it is left nothing to do but to write. There are few rows: what a channel is told in
one commit is one.
"""

import logging
import sqlite3
from collections.abc import Iterator

import orjson

from engine.broker.command_result import CommandResult
from engine.journal import Done
from engine.models.broker.orders import OrderStatus
from engine.topics import ROUTES
from server.storage import batch_insert, codec
from server.storage.batch_insert import EVENT, ORDER, PRUNE, UPDATE, Value
from server.storage.data_directory import Head, form_of, link

log = logging.getLogger("trading.journal")

EXACT = frozenset(route.name for route in ROUTES.values() if route.is_exact)
FINAL = frozenset((int(OrderStatus.CANCELED), int(OrderStatus.FILLED), int(OrderStatus.REJECTED)))
KEPT_UPDATES = 10_000
"""Updates per exact channel from which clients can resume."""

PRUNE_EVERY = 1000
MAX_ENDED = 100_000
"""Rows of orders that one group may have: numbers them."""

FORMS = {
    one: (one.__name__, codec.version_of(one.__name__), form_of(one.__name__, codec.version_of(one.__name__)))
    for one in codec.event_types()
}
"""By event: its kind, the version that its bodies are written in, and how the two go into the checksum."""

MAX_LINES = 100
"""Updates or orders in one row; a page of updates that are read back is as long."""


class Told:
    """What a channel is told in one commit.

    Attributes:
        bodies: Its updates, encoded.
        account: Whose orders they are; None for what is no order.
    """

    __slots__ = ("account", "bodies")

    def __init__(self, account: str | None) -> None:
        self.account = account
        self.bodies: list[bytes] = []


class Channels(dict[str, Told | None]):
    """The channels of one commit by name; None for those whose updates are not kept."""

    def __missing__(self, name: str) -> Told | None:
        route, _, account = name.partition(":")
        told = Told(account if route == "orders" else None) if route in EXACT else None
        self[name] = told
        return told


class Unstorable(Exception):
    """What was decided has no form in the journal: a defect of the program, not of the disk."""


class Group:
    """The results of one commit.

    Attributes:
        seq: Number of the last event of the group, or of the last one before it.
        values: Its rows, one behind the other: the events, and all the others when the group is complete.
        channels: What is told of them.
        ended: Orders that ended, encoded, by account and time.
        error: Why the group can never be stored, None for all that can.
    """

    __slots__ = ("_crc", "_numbers", "_txn", "channels", "dones", "ended", "error", "seq", "values")

    def __init__(self, head: Head) -> None:
        self.seq, self._crc = head
        self.error: Unstorable | None = None
        self.values: list[Value] = []
        self.channels = Channels()
        self.ended: dict[tuple[str, int], list[bytes]] = {}
        self.dones: list[Done] = []
        self._numbers: dict[str, int] = {}
        self._txn = head.seq + 1

    @property
    def head(self) -> Head:
        """The last event of the group, or what was the last before it."""
        return Head(self.seq, self._crc)

    def add(self, result: CommandResult, numbers: dict[str, int], done: Done) -> None:
        """Take a result along. One that is partial or has no form in the journal spoils the group: `write` says so.

        Args:
            result: Events and updates of one command or tick.
            numbers: The last number of each exact channel; goes on when the group is complete.
            done: Whom to tell.
        """
        self.dones.append(done)
        self._numbers = numbers
        if result.is_partial:
            self.error = Unstorable(f"{result.cause} was not done to its end")
            return
        try:
            self._add_events(result)
            self._tell(result)
        except (TypeError, ValueError) as error:
            log.exception("result has no form in the journal cause=%s", result.cause)
            self.error = Unstorable(f"{result.cause}: {error}")

    def _add_events(self, result: CommandResult) -> None:
        seq, crc = self.seq, self._crc
        txn = seq + 1
        for event in result.events:
            seq += 1
            kind, version, form = FORMS[type(event)]
            time_ms, account, body = event.time_ms, event.account_id, codec.encode(event)
            crc = link(crc, seq, time_ms, account, form, txn, body)
            self.values += (EVENT, seq, time_ms, account, kind, version, txn, body, crc)
        self.seq, self._crc = seq, crc

    def _tell(self, result: CommandResult) -> None:
        """Encode the updates whose numbers must survive; those that share a payload follow each other."""
        channels, payload, body = self.channels, None, b""
        for update in result.updates:
            told = channels[update.channel]
            if told is None:
                continue
            if payload is not update.payload:
                payload = update.payload
                body = orjson.dumps(payload)
            told.bodies.append(body)
            if told.account is not None and payload["status"] in FINAL:
                self.ended.setdefault((told.account, payload["updateTime"]), []).append(body)

    def complete(self) -> None:
        """Make the rows of what is told; nothing is added any more.

        Groups are completed in the order of their making, for here updates get their numbers.
        """
        if self.error is None:
            self._number_updates()
            self._number_orders()

    def _number_updates(self) -> None:
        """Make rows of updates, each under the number of its last one, and say up to where older ones can go."""
        for name, told in self.channels.items():
            if told is None:
                continue
            begun = number = self._numbers.get(name, 0)
            for bodies in in_rows(told.bodies):
                number += len(bodies)
                self.values += batch_insert.row(UPDATE, name, number, b"\n".join(bodies))
            self._numbers[name] = number
            if number // PRUNE_EVERY > begun // PRUNE_EVERY and number > KEPT_UPDATES:
                self.values += batch_insert.row(PRUNE, name, number - KEPT_UPDATES)

    def _number_orders(self) -> None:
        """Make rows of orders: those of an account that ended in the same millisecond."""
        rows = ((key, bodies) for key, ended in self.ended.items() for bodies in in_rows(ended))
        for number, (key, bodies) in enumerate(rows, self._txn * MAX_ENDED):
            self.values += batch_insert.row(ORDER, number, *key, b"\n".join(bodies))

    def write(self, connection: sqlite3.Connection) -> None:
        """Store a complete group; it is durable when this returns. Raises: sqlite3.Error, Unstorable."""
        if self.error is not None:
            raise self.error
        try:
            batch_insert.write(connection, self.values)
        except OverflowError as error:
            raise Unstorable(f"a column: {error}") from None

    def finish(self, error: Exception | None) -> None:
        """Tell everybody, in the order of the results."""
        for done in self.dones:
            done(error)


def in_rows(bodies: list[bytes]) -> Iterator[list[bytes]]:
    """Yield them as they share rows: JSON has no line breaks of its own, so they are lines."""
    return (bodies[begin : begin + MAX_LINES] for begin in range(0, len(bodies), MAX_LINES))


def lines_of(body: bytes) -> list[bytes]:
    """Return what shares a row, oldest first."""
    return body.split(b"\n")
