"""The rows of one commit: several results, encoded on the loop, inserted by the journal's thread.

Encoding on the loop keeps the chain of checksums in the order of the decisions. Updates of a channel in one commit
share a row, and so do orders that end in the same millisecond: there are few rows.
"""

import logging

import orjson

from engine.broker.command_result import CommandResult
from engine.journal import Done
from engine.models.broker.orders import OrderStatus
from engine.topics import EXACT
from server.storage import codec
from server.storage.data_directory import Head
from server.storage.schema import event_checksum, event_source, row_checksum, update_checksum

log = logging.getLogger("trading.journal")

FINAL = frozenset((int(OrderStatus.CANCELED), int(OrderStatus.FILLED), int(OrderStatus.REJECTED)))
KEPT_UPDATES = 10_000
"""Updates per exact channel from which clients can resume."""

PRUNE_EVERY = 1000
MAX_ORDER_ROWS = 100_000
"""Rows of `orders` that one commit may have; their numbers are the first event's times this, and up."""

MAX_LINES = 100
"""Updates or orders in one row; updates are read back in pages of this length."""

FORMS = {one: (one.__name__, codec.version_of(one.__name__)) for one in codec.event_types()}
"""By event class: its kind, and the version that bodies are written in."""

INSERT_EVENTS = "INSERT INTO events VALUES (?, ?, ?, ?, ?, ?, ?, ?)"
INSERT_UPDATES = "INSERT INTO updates VALUES (?, ?, ?, ?)"
INSERT_ORDERS = "INSERT OR REPLACE INTO orders VALUES (?, ?, ?, ?, ?)"
DELETE_UPDATES = "DELETE FROM updates WHERE channel = ? AND seq <= ?"

Value = int | str | bytes


class Unstorable(Exception):
    """A result cannot be encoded or was left unfinished: a defect of the program, not of the disk."""


class CommitGroup:
    """The results of one commit.

    Attributes:
        head: The last event of the group, or the last one before it.
        rows: Its rows by statement; complete after `complete`.
        updates: Encoded updates by exact channel, oldest first.
        final_orders: Encoded final orders by account and time.
        order: Channel and encoded payload of each update in the order of publication, conflated ones included; None
            unless a follower needs it.
        error: Why the group cannot be stored; None when it can.
    """

    def __init__(self, head: Head, keeps_order: bool = False) -> None:
        self.head = head
        self.order: list[tuple[str, bytes]] | None = [] if keeps_order else None
        self.error: Unstorable | None = None
        statements = (INSERT_EVENTS, INSERT_UPDATES, INSERT_ORDERS, DELETE_UPDATES)
        self.rows: dict[str, list[tuple[Value, ...]]] = {one: [] for one in statements}
        self.updates: dict[str, list[bytes]] = {}
        self.final_orders: dict[tuple[str, int], list[bytes]] = {}
        self.dones: list[Done] = []
        self._numbers: dict[str, int] = {}
        self._txn = head.seq + 1

    def add(self, result: CommandResult, numbers: dict[str, int], done: Done) -> None:
        """Add a result. A partial result, or one that cannot be encoded, makes the whole group fail.

        `complete` increases `numbers`, the last number of each exact channel; `finish` calls `done`.
        """
        self.dones.append(done)
        self._numbers = numbers
        if result.is_partial:
            self.error = Unstorable(f"{result.cause} was not done to its end")
            return
        try:
            self._add_events(result)
            self._add_updates(result)
        except (TypeError, ValueError) as error:
            log.exception("result cannot be encoded cause=%s", result.cause)
            self.error = Unstorable(f"{result.cause}: {error}")

    def _add_events(self, result: CommandResult) -> None:
        rows, (seq, crc) = self.rows[INSERT_EVENTS], self.head
        txn = seq + 1
        for event in result.events:
            seq += 1
            kind, version = FORMS[type(event)]
            time_ms, account, body = event.time_ms, event.account_id, codec.encode(event)
            crc = event_checksum(crc, seq, time_ms, event_source(account, kind, version), txn, body)
            rows.append((seq, time_ms, account, kind, version, txn, body, crc))
        self.head = Head(seq, crc)

    def _add_updates(self, result: CommandResult) -> None:
        """Encode the updates of exact channels; a payload that several channels share is encoded once."""
        payload, body = None, b""
        for update in result.updates:
            route, _, account = update.channel.partition(":")
            if route not in EXACT and self.order is None:
                continue
            if payload is not update.payload:
                payload = update.payload
                body = orjson.dumps(payload)
            if self.order is not None:
                self.order.append((update.channel, body))
            if route not in EXACT:
                continue
            self.updates.setdefault(update.channel, []).append(body)
            if route == "orders" and payload["status"] in FINAL:
                self.final_orders.setdefault((account, payload["updateTime"]), []).append(body)

    def complete(self) -> None:
        """Make the rows of updates and orders; nothing is added afterwards.

        Groups have to be completed in the order of their commits, because updates get their numbers here.
        """
        if self.error is not None:
            return
        for name, updates in self.updates.items():
            before = number = self._numbers.get(name, 0)
            for lines in in_rows(updates):
                number += len(lines)
                body = b"\n".join(lines)
                self.rows[INSERT_UPDATES].append((name, number, body, update_checksum(name, number, body)))
            self._numbers[name] = number
            if number // PRUNE_EVERY > before // PRUNE_EVERY and number > KEPT_UPDATES:
                self.rows[DELETE_UPDATES].append((name, number - KEPT_UPDATES))
        rows = [(key, b"\n".join(lines)) for key, orders in self.final_orders.items() for lines in in_rows(orders)]
        for number, (key, body) in enumerate(rows, self._txn * MAX_ORDER_ROWS):
            self.rows[INSERT_ORDERS].append((number, *key, body, row_checksum(number, *key, body)))

    def finish(self, error: Exception | None) -> None:
        """Call every `done` in the order of the results."""
        for done in self.dones:
            done(error)


def in_rows(bodies: list[bytes]) -> list[list[bytes]]:
    """Return encoded values as they share rows. JSON has no line breaks of its own, so each one is a line."""
    return [bodies[begin : begin + MAX_LINES] for begin in range(0, len(bodies), MAX_LINES)]


def lines_of(body: bytes) -> list[bytes]:
    """Return the encoded values of a row, oldest first."""
    return body.split(b"\n")
