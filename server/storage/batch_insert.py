"""Insert of one batch: the rows of several tables in one statement.

The journal's thread needs the interpreter lock again whenever a statement returns, and waits for it while the event
loop works; in a busy server these waits took longer than the disk. So a commit is one statement: its rows go into a
view, each with its table's number in front, and triggers insert them into their tables. Outside BEGIN a statement is a
transaction. View and triggers belong to the connection and are not in the file.
"""

import sqlite3
from functools import cache

EVENT, UPDATE, ORDER, PRUNE = range(4)
"""The first value of a row: a row of `events`, `updates` or `orders`; or a channel and the number up to which its
updates are deleted."""

Value = int | str | bytes

WIDTH = 9
"""Values of each row: the table's number, and as many as `events` has columns."""

MAX_ROWS = 128
"""Rows in one statement. There is a statement for each number of rows up to this, and the connection keeps it prepared.
"""

ACTIONS = {
    EVENT: "INSERT INTO events VALUES (NEW.a, NEW.b, NEW.c, NEW.d, NEW.e, NEW.f, NEW.g, NEW.h)",
    UPDATE: "INSERT INTO updates VALUES (NEW.a, NEW.b, NEW.c, NEW.d)",
    ORDER: "INSERT OR REPLACE INTO orders VALUES (NEW.a, NEW.b, NEW.c, NEW.d, NEW.e)",
    PRUNE: "DELETE FROM updates WHERE channel = NEW.a AND seq <= NEW.b",
}


def prepare(connection: sqlite3.Connection) -> None:
    """Make a connection ready for `insert`. Raises: sqlite3.Error."""
    connection.execute("PRAGMA temp_store=MEMORY")
    columns = ", ".join(f"0 AS {name}" for name in ("target", *"abcdefgh"))
    connection.execute(f"CREATE TEMP VIEW batch AS SELECT {columns}")
    for target, action in ACTIONS.items():
        trigger = f"CREATE TEMP TRIGGER batch_{target} INSTEAD OF INSERT ON batch WHEN NEW.target = {target}"
        connection.execute(f"{trigger} BEGIN {action}; END")


def row(target: int, *columns: Value) -> tuple[Value, ...]:
    """Return the values of a row: its target and its columns, filled up to `WIDTH`."""
    return (target, *columns, *(0,) * (WIDTH - 1 - len(columns)))


def insert(connection: sqlite3.Connection, values: list[Value]) -> None:
    """Store rows, one behind the other in `values`, in one transaction; they are durable when this returns.

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
            part = values[start : start + most]
            connection.execute(_statement(len(part) // WIDTH), part)
        connection.execute("COMMIT")
    except (sqlite3.Error, OverflowError):
        if connection.in_transaction:
            connection.execute("ROLLBACK")
        raise


@cache
def _statement(rows: int) -> str:
    one = f"({','.join('?' * WIDTH)})"
    return f"INSERT INTO batch VALUES {','.join([one] * rows)}"
