"""Group commit, order of answers, and a full disk: a real SQLite with a limit on its pages."""

import asyncio
import sqlite3
from pathlib import Path
from typing import Any

import orjson
import pytest

from engine.errors import Unavailable
from engine.topics import Update
from server.storage import data_directory, schema
from server.storage.data_directory import Head
from server.storage.group_commit import KEPT_UPDATES, MAX_LINES, CommitGroup, Unstorable, lines_of
from server.storage.journal import JournalDatabase, JournalLimits
from server.storage.recovery import open_storage
from server.storage.schema import event_checksum, event_source
from tests.conftest import OpenStream, StartLive
from tests.live import Live
from tests.server.storage.journals import INSTRUMENTS, NO_LIMIT, OpenJournal, note, result
from tests.support import WAIT_S


async def test_results_of_one_loop_pass_are_one_commit(tmp_path: Path) -> None:
    one = OpenJournal(tmp_path)
    for number in range(100):
        one.append(number)
    assert one.answers == []
    await one.wait(100)
    assert one.answers == [(number, True) for number in range(100)]
    assert (one.journal.commits, one.journal.count) == (1, 100)
    one.close()


async def test_results_during_a_commit_are_the_next_commit(tmp_path: Path) -> None:
    one = OpenJournal(tmp_path)
    one.append(0)
    await asyncio.sleep(0)  # handed over
    for number in range(1, 50):
        one.append(number)
        await asyncio.sleep(0)
    await one.wait(50)
    assert one.answers == [(number, True) for number in range(50)]
    assert one.journal.commits < 25
    assert [row[0] for row in one.rows("SELECT seq FROM events ORDER BY seq")] == list(range(1, 51))
    one.close()


async def test_close_stores_pending_results(tmp_path: Path) -> None:
    one = OpenJournal(tmp_path)
    for number in range(10):
        one.append(number)
    one.close()
    await one.wait(10)
    recovered = sqlite3.connect(tmp_path / "journal.db")
    assert recovered.execute("SELECT count(*) FROM events").fetchone() == (10,)
    recovered.close()


async def test_full_disk_refuses_the_group_and_all_behind_it(tmp_path: Path) -> None:
    one = OpenJournal(tmp_path)
    await one.store(0)
    durable = one.journal.head
    one.limit_pages(1)
    for number in range(1, 400):
        one.append(number)
    await asyncio.sleep(0)
    one.append(400)
    await one.wait(401)
    one.append(401)
    assert one.answers[1:] == [(number, False) for number in range(1, 402)]
    failure = await one.journal.failed()
    assert (failure.is_fatal, one.journal.is_writable) == (False, False)
    with pytest.raises(Unavailable, match="nothing was changed, storage refused it"):
        one.journal.check_writable()
    one.limit_pages(NO_LIMIT)
    one.journal.resume(durable, {})
    await until_writable(one)
    await one.store(500)
    assert one.answers[-1] == (500, True)
    assert [row[0] for row in one.rows("SELECT time_ms FROM events ORDER BY seq")] == [0, 500]
    one.close()


async def until_writable(one: OpenJournal) -> None:
    async with asyncio.timeout(WAIT_S):
        while not one.journal.is_writable:
            await asyncio.sleep(0)
    one.journal.check_writable()


async def test_journal_that_refused_takes_results_when_there_is_space(tmp_path: Path) -> None:
    class SpaceAtThirdProbe(JournalDatabase):
        probes = 0

        def probe(self) -> None:
            self.probes += 1
            if self.probes == 3:
                one.limit_pages(NO_LIMIT)
            super().probe()

    one = OpenJournal(tmp_path, limits=JournalLimits(probe_s=0.001), database=SpaceAtThirdProbe)
    one.limit_pages(1)
    await one.store(1, note(100_000))
    one.journal.resume(Head(0, 0), {})
    await until_writable(one)
    await one.store(2)
    assert one.answers == [(1, False), (2, True)]
    one.close()


async def test_full_queue_refuses_commands(tmp_path: Path) -> None:
    one = OpenJournal(tmp_path, limits=JournalLimits(max_pending=10))
    for number in range(10):
        one.journal.check_writable()
        one.append(number)
    with pytest.raises(Unavailable, match="too much waits to be stored"):
        one.journal.check_writable()
    await one.wait(10)
    one.journal.check_writable()
    one.close()


async def test_steps_grow_while_the_thread_works(tmp_path: Path) -> None:
    one = OpenJournal(tmp_path)
    seen = [one.journal.steps]
    for number in range(3):
        await one.store(number)
        seen.append(one.journal.steps)
    one.close()
    assert sorted(seen) == seen
    assert one.journal.steps == 4, "three commits and the end"


async def test_numbers_of_exact_channels_are_stored_and_old_updates_deleted(tmp_path: Path) -> None:
    one = OpenJournal(tmp_path, numbers={"orders:A": KEPT_UPDATES + 1995})
    shared = {"id": "ORDER-1", "status": 2, "updateTime": 7}
    for number in range(10):
        one.append(number, Update("equity:A", {"equity": 1.0}), Update("orders:A", shared))
    await one.wait(10)
    found = [(seq, len(lines_of(body))) for seq, body in one.rows("SELECT seq, body FROM updates ORDER BY seq")]
    assert found == [(KEPT_UPDATES + 2005, 10)], "the updates of one commit are one row, under the last number"
    await one.store(11, *(Update("orders:B", shared | {"id": str(n)}) for n in range(KEPT_UPDATES + 1500)))
    found = [
        (seq, len(lines_of(body)))
        for seq, body in one.rows("SELECT seq, body FROM updates WHERE channel = 'orders:B' ORDER BY seq")
    ]
    kept = sum(count for _, count in found)
    assert (found[-1][0], KEPT_UPDATES <= kept < KEPT_UPDATES + 1000) == (KEPT_UPDATES + 1500, True)
    assert max(count for _, count in found) == MAX_LINES
    one.close()


async def test_orders_that_end_in_one_commit_and_millisecond_are_one_row(tmp_path: Path) -> None:
    one = OpenJournal(tmp_path)
    times = [("A", 7), ("A", 7), ("B", 7), ("A", 8), ("A", 7)]
    for number, (account, time_ms) in enumerate(times):
        payload = {"id": f"ORDER-{number}", "status": 2, "updateTime": time_ms}
        one.append(number, Update(f"orders:{account}", payload), Update(f"orders:{account}", payload | {"status": 6}))
    await one.wait(len(times))
    found = [
        (account, time_ms, [orjson.loads(line)["id"] for line in lines_of(body)])
        for account, time_ms, body in one.rows("SELECT account, ended_ms, body FROM orders ORDER BY number")
    ]
    assert found == [("A", 7, ["ORDER-0", "ORDER-1", "ORDER-4"]), ("B", 7, ["ORDER-2"]), ("A", 8, ["ORDER-3"])]
    one.close()


def test_payload_that_channels_share_is_the_same_bytes_in_each() -> None:
    group, shared = CommitGroup(Head(0, 0)), {"id": "EXEC-1", "price": 1.5}
    updates = [
        Update("executions:A", shared),
        Update("executions:A:AAPL", shared),
        Update("executions:A:AAPL", shared | {"id": "EXEC-2"}),
    ]
    group.add(result(1, *updates), {}, lambda _error: None)
    first, second = (orjson.dumps(shared | {"id": f"EXEC-{number}"}) for number in (1, 2))
    assert group.updates == {"executions:A": [first], "executions:A:AAPL": [first, second]}


@pytest.mark.parametrize("head", [Head(0, 0), Head(2**63 - 2, 0)], ids=["row that is there", "number beyond 64 bits"])
def test_nothing_of_a_group_is_stored_when_one_row_cannot_be(head: Head) -> None:
    connection = data_directory.connect(":memory:")
    schema.create(connection)
    if head.seq == 0:
        connection.execute("INSERT INTO events VALUES (2, 7, 'A', 'Kind', 1, 2, x'00', 0)")
    before = list(connection.iterdump())
    group = CommitGroup(head)
    for number in (1, 2):
        group.add(result(number, note(10)), {}, lambda _error: None)
    group.complete()
    with pytest.raises((sqlite3.IntegrityError, Unstorable)):
        JournalDatabase(connection, None, head).write(group)
    assert not connection.in_transaction
    assert list(connection.iterdump()) == before
    connection.close()


async def test_strange_text_and_bytes_come_back_as_they_were(tmp_path: Path) -> None:
    one, account = OpenJournal(tmp_path), "ä\0'😀"
    payload = {"id": account, "status": 2, "updateTime": 2**53}
    await one.store(1, Update(f"orders:{account}", payload))
    body = orjson.dumps(payload)
    assert one.rows("SELECT channel, seq, body FROM updates") == [(f"orders:{account}", 1, body)]
    assert one.rows("SELECT account, ended_ms, body FROM orders") == [(account, 2**53, body)]
    one.close()
    recovered = open_storage(tmp_path, INSTRUMENTS, 1)
    recovered.release()


CHANGED_EVENTS: list[tuple[Any, ...]] = [
    (0, 2, 7, event_source("A", "Kind", 1), 1, b"body"),
    (0, 1, 8, event_source("A", "Kind", 1), 1, b"body"),
    (0, 1, 7, event_source("B", "Kind", 1), 1, b"body"),
    (0, 1, 7, event_source("A", "Kinder", 1), 1, b"body"),
    (0, 1, 7, event_source("A", "Kind", 2), 1, b"body"),
    (0, 1, 7, event_source("A", "Kind", 1), 2, b"body"),
    (0, 1, 7, event_source("A", "Kind", 1), 1, b"bodies"),
    (1, 1, 7, event_source("A", "Kind", 1), 1, b"body"),
]


@pytest.mark.parametrize("changed", CHANGED_EVENTS)
def test_checksum_covers_every_column_of_an_event_and_the_event_before(changed: tuple[Any, ...]) -> None:
    assert event_checksum(*changed) != event_checksum(0, 1, 7, event_source("A", "Kind", 1), 1, b"body")


# The whole server


class LimitedServer:
    """A live server on a data directory whose database can be kept from growing."""

    def __init__(self, server: Live, connection: sqlite3.Connection) -> None:
        self.live = server
        self._connection = connection

    def limit_pages(self, pages: int) -> None:
        """Let the database grow no further than so many pages."""
        self._connection.execute(f"PRAGMA max_page_count={pages}")


async def limited(live: StartLive, path: Path) -> LimitedServer:
    recovered = open_storage(path, INSTRUMENTS, 1)
    return LimitedServer(await live(recovered=recovered, data_dir=path, ephemeral=False), recovered.connection)


LARGE_ORDER = {"symbol": "AAPL", "type": 2, "side": 1, "qty": 1, "customFields": {"note": "x" * 4000}}


async def until_refused(server: Live) -> list[str]:
    """Place orders until one is refused; returns the ids of the others."""
    placed: list[str] = []
    for _ in range(100):
        response = await server.fetch("POST", "/broker/orders", LARGE_ORDER)
        if response.code == 503:
            return placed
        assert response.code == 200
        placed.append(f"ORDER-{len(placed) + 1}")
    raise AssertionError("a limit on pages stops nothing")


async def test_refused_change_leaves_nothing(live: StartLive, stream: OpenStream, tmp_path: Path) -> None:
    one = await limited(live, tmp_path)
    server = one.live
    client = await stream(server)
    await client.subscribe("orders")
    one.limit_pages(1)
    placed = await until_refused(server)
    assert [row["id"] for row in await server.call("GET", "/broker/orders")] == placed
    assert [row["qty"] for row in await server.call("GET", "/broker/positions")] == ([len(placed)] if placed else [])
    [quote] = await server.call("POST", "/datafeed/quotes", {"symbols": ["AAPL"]})
    assert quote["s"] == "ok"
    for _ in range(3):
        server.step()
    one.limit_pages(NO_LIMIT)
    async with asyncio.timeout(WAIT_S):
        while (await server.fetch("GET", "/health")).code == 503:
            await asyncio.sleep(0)
    assert await server.place() == f"ORDER-{len(placed) + 1}"
    messages = await client.drained()
    seen = [(m["payload"]["seq"], m["payload"]["payload"]["id"]) for m in messages]
    assert seen == [(number + 1, f"ORDER-{number + 1}") for number in range(len(placed) + 1)]
    assert (await server.call("GET", "/health"))["ledger"]["violations"] == 0


async def test_commands_in_flight_are_refused_together(live: StartLive, tmp_path: Path) -> None:
    one = await limited(live, tmp_path)
    one.limit_pages(1)
    answers = await asyncio.gather(*(one.live.fetch("POST", "/broker/orders", LARGE_ORDER) for _ in range(40)))
    taken = sum(answer.code == 200 for answer in answers)
    assert {answer.code for answer in answers} <= {200, 503}
    assert taken < 40
    assert len(await one.live.call("GET", "/broker/orders")) == taken
