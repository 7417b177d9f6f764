"""Insert of one batch as one statement, in one transaction."""

import sqlite3
from collections.abc import Iterator
from typing import Any

import pytest

from engine.broker.command_result import CommandResult
from engine.broker.events import OrderTriggered
from server.storage import batch_insert, data_directory, schema
from server.storage.batch_insert import EVENT, ORDER, PRUNE, UPDATE, Value, row
from server.storage.data_directory import Head
from server.storage.group_commit import CommitGroup, Unstorable


@pytest.fixture
def connection() -> Iterator[sqlite3.Connection]:
    made = data_directory.connect(":memory:")
    schema.create(made)
    batch_insert.prepare(made)
    yield made
    made.close()


def event(seq: int) -> tuple[Value, ...]:
    return row(EVENT, seq, 7, "A", "OrderTriggered", 1, seq, b'{"id":"ORDER-1"}', 0xFFFFFFFF)


def rows(connection: sqlite3.Connection, table: str) -> list[tuple[Value, ...]]:
    return connection.execute(f"SELECT * FROM {table}").fetchall()


def test_rows_go_to_their_tables_as_they_are(connection: sqlite3.Connection) -> None:
    text = "ä\0'😀"
    update, order = (text, 2**53, b"\xff\0\n", 1), (5, text, 7, b"", 2)
    batch_insert.insert(connection, [*event(1), *row(UPDATE, *update), *row(ORDER, *order)])
    assert rows(connection, "events") == [(1, 7, "A", "OrderTriggered", 1, 1, b'{"id":"ORDER-1"}', 0xFFFFFFFF)]
    assert rows(connection, "updates") == [update]
    assert rows(connection, "orders") == [order]


def test_prune_deletes_updates_of_a_channel_up_to_a_number(connection: sqlite3.Connection) -> None:
    updates = [row(UPDATE, channel, number, b"x", 0) for channel in ("a", "b") for number in (1, 2, 3)]
    batch_insert.insert(connection, [value for each in (*updates, row(PRUNE, "a", 2)) for value in each])
    found = [(channel, number) for channel, number, *_rest in rows(connection, "updates")]
    assert found == [("a", 3), ("b", 1), ("b", 2), ("b", 3)]


def test_order_that_ended_again_takes_its_row(connection: sqlite3.Connection) -> None:
    batch_insert.insert(connection, [*row(ORDER, 5, "A", 7, b"old", 0), *row(ORDER, 5, "A", 8, b"new", 0)])
    assert rows(connection, "orders") == [(5, "A", 8, b"new", 0)]


class Counting(sqlite3.Connection):
    """Counts its statements."""

    statements = 0

    def execute(self, *arguments: Any) -> sqlite3.Cursor:
        self.statements += 1
        return super().execute(*arguments)


@pytest.mark.parametrize(("count", "statements"), [(0, 0), (1, 1), (128, 1), (129, 4), (256, 4), (1000, 10)])
def test_commit_is_one_statement_up_to_128_rows(count: int, statements: int) -> None:
    connection = sqlite3.connect(":memory:", isolation_level=None, factory=Counting)
    schema.create(connection)
    batch_insert.prepare(connection)
    before = connection.statements
    batch_insert.insert(connection, [value for number in range(1, count + 1) for value in event(number)])
    assert connection.statements - before == statements
    assert [seq for seq, *_rest in rows(connection, "events")] == list(range(1, count + 1))
    connection.close()


UNSTORABLE = {sqlite3.IntegrityError: event(1), OverflowError: row(ORDER, 2**63, "A", 7, b"x", 0)}


@pytest.mark.parametrize("count", [2, 300])
@pytest.mark.parametrize("error", UNSTORABLE)
def test_nothing_is_stored_when_one_row_cannot_be(
    connection: sqlite3.Connection, count: int, error: type[Exception]
) -> None:
    values = [value for number in range(1, count) for value in event(number)]
    with pytest.raises(error):
        batch_insert.insert(connection, [*values, *row(UPDATE, "a", 1, b"x", 0), *UNSTORABLE[error]])
    assert not connection.in_transaction
    assert (rows(connection, "events"), rows(connection, "updates")) == ([], [])


def test_group_with_a_number_that_no_column_takes_is_refused(connection: sqlite3.Connection) -> None:
    group = CommitGroup(Head(2**63 - 1, 0))
    group.add(CommandResult("test", 7, (OrderTriggered("A", 7, "ORDER-1"),), []), {}, lambda _error: None)
    group.complete()
    with pytest.raises(Unstorable, match="a column"):
        group.write(connection)


def test_view_and_triggers_are_not_in_the_file(connection: sqlite3.Connection) -> None:
    names = {name for (name,) in connection.execute("SELECT name FROM sqlite_schema")}
    assert names >= {"events", "updates", "orders", "meta"}
    assert not {name for name in names if "batch" in name}
