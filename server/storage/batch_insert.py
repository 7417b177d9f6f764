"""One commit as one statement: rows of several tables go in together.

A thread that writes beside the event loop has to get the interpreter back whenever SQLite returns to it, and waits for
that while the loop works: in a busy server that took longer than the disk. So SQLite returns once a commit. All rows
are inserted into a view, each with a number in front that says what it is, and triggers put it where it belongs;
outside a transaction, a statement is one of its own. View and triggers are the connection's: nothing is in the file.
"""

import sqlite3
from functools import cache

EVENT, UPDATE, ORDER, PRUNE = range(4)
"""What a row is: of `events`, of `updates`, of `orders`, or up to which number (b) a channel's updates (a) go."""

Value = int | str | bytes

WIDTH = 9
"""Values of each row, whatever it is: one for what it is, and as many as the widest table has columns."""

MAX_ROWS = 128
"""Rows in one statement. There is a statement for each count up to this, and SQLite keeps them prepared."""

DESTINATIONS = {
    EVENT: "INSERT INTO events VALUES (NEW.a, NEW.b, NEW.c, NEW.d, NEW.e, NEW.f, NEW.g, NEW.h)",
    UPDATE: "INSERT INTO updates VALUES (NEW.a, NEW.b, NEW.c)",
    ORDER: "INSERT OR REPLACE INTO orders VALUES (NEW.a, NEW.b, NEW.c, NEW.d)",
    PRUNE: "DELETE FROM updates WHERE channel = NEW.a AND seq <= NEW.b",
}


def prepare(connection: sqlite3.Connection) -> None:
    """Make a connection ready for `write`. Raises: sqlite3.Error."""
    connection.execute("PRAGMA temp_store=MEMORY")
    columns = ", ".join(f"0 AS {name}" for name in ("what", *"abcdefgh"))
    connection.execute(f"CREATE TEMP VIEW intake AS SELECT {columns}")
    for what, statement in DESTINATIONS.items():
        trigger = f"CREATE TEMP TRIGGER intake_{what} INSTEAD OF INSERT ON intake WHEN NEW.what = {what}"
        connection.execute(f"{trigger} BEGIN {statement}; END")


def row(what: int, *columns: Value) -> tuple[Value, ...]:
    """Return a row's values."""
    return (what, *columns, *(0,) * (WIDTH - 1 - len(columns)))


def write(connection: sqlite3.Connection, values: list[Value]) -> None:
    """Store rows, one behind the other, in one transaction: they are durable when this returns.

    Raises: sqlite3.Error, or OverflowError for a number beyond 64 bits; then nothing is stored.
    """
    most = MAX_ROWS * WIDTH
    if len(values) <= most:
        if values:
            connection.execute(_statement(len(values) // WIDTH), values)
        return
    connection.execute("BEGIN IMMEDIATE")
    try:
        for start in range(0, len(values), most):
            some = values[start : start + most]
            connection.execute(_statement(len(some) // WIDTH), some)
        connection.execute("COMMIT")
    except (sqlite3.Error, OverflowError):
        if connection.in_transaction:
            connection.execute("ROLLBACK")
        raise


@cache
def _statement(rows: int) -> str:
    one = f"({','.join('?' * WIDTH)})"
    return f"INSERT INTO intake VALUES {','.join([one] * rows)}"
