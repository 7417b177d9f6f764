"""Group commit, order of answers, and what happens when SQLite says that it is full: a real one, with a page limit."""

import asyncio
import sqlite3
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import orjson
import pytest

from engine.broker.command_result import CommandResult
from engine.broker.events import OrderTriggered
from engine.topics import Update
from server.storage import data_directory, seal
from server.storage import disk as disk_module
from server.storage import journal as journal_module
from server.storage.data_directory import Directory, Head
from server.storage.disk import Disk
from server.storage.group_commit import KEPT_UPDATES, MAX_LINES, Group, lines_of
from server.storage.journal import SqliteJournal
from server.storage.recovery import open_storage
from tests.conftest import OpenStream, StartLive
from tests.live import Live
from tests.server.storage.test_recovery import INSTRUMENTS

NO_LIMIT = 1 << 30
WAIT_S = 5.0


def result(number: int, *updates: Update) -> CommandResult:
    return CommandResult("test", number, (OrderTriggered("A", number, f"ORDER-{number}"),), list(updates))


class Desk:
    """A journal on a real file, and the order in which it answers."""

    def __init__(self, path: Path) -> None:
        recovered = open_storage(path, INSTRUMENTS, 1)
        assert recovered.directory is not None
        self.directory: Directory = recovered.directory
        self.connection = recovered.connection
        disk = Disk(recovered.connection, recovered.directory, recovered.head)
        self.journal = SqliteJournal(disk, recovered.numbers, asyncio.get_running_loop())
        self.answers: list[tuple[int, bool]] = []
        self._more = asyncio.Event()

    def append(self, number: int, *updates: Update) -> None:
        self.journal.append(result(number, *updates), lambda error: self._answer(number, error))

    def _answer(self, number: int, error: Exception | None) -> None:
        self.answers.append((number, error is None))
        self._more.set()

    async def wait(self, count: int) -> None:
        async with asyncio.timeout(WAIT_S):
            while len(self.answers) < count:
                self._more.clear()
                await self._more.wait()

    def rows(self, statement: str) -> list[Any]:
        reader = data_directory.connect(self.directory.database, is_read_only=True)
        found = reader.execute(statement).fetchall()
        reader.close()
        return found

    def close(self) -> None:
        self.journal.close()
        self.directory.unlock()


async def test_batches_of_one_loop_pass_are_one_commit(tmp_path: Path) -> None:
    desk = Desk(tmp_path)
    for number in range(100):
        desk.append(number)
    assert desk.answers == []
    await desk.wait(100)
    assert desk.answers == [(number, True) for number in range(100)]
    assert (desk.journal.commits, desk.journal.count) == (1, 100)
    desk.close()


async def test_what_comes_during_a_commit_is_the_next_one(tmp_path: Path) -> None:
    desk = Desk(tmp_path)
    desk.append(0)
    await asyncio.sleep(0)  # handed over
    for number in range(1, 50):
        desk.append(number)
        await asyncio.sleep(0)
    await desk.wait(50)
    assert desk.answers == [(number, True) for number in range(50)]
    assert desk.journal.commits < 25
    assert [row[0] for row in desk.rows("SELECT seq FROM events ORDER BY seq")] == list(range(1, 51))
    desk.close()


async def test_close_stores_what_is_pending(tmp_path: Path) -> None:
    desk = Desk(tmp_path)
    for number in range(10):
        desk.append(number)
    desk.close()
    await desk.wait(10)
    recovered = sqlite3.connect(tmp_path / "journal.db")
    assert recovered.execute("SELECT count(*) FROM events").fetchone() == (10,)
    recovered.close()


async def test_full_disk_refuses_the_group_and_all_behind_it(tmp_path: Path) -> None:
    desk = Desk(tmp_path)
    failures: list[tuple[Exception, bool]] = []
    writable = asyncio.Event()
    desk.journal.on_failure = lambda error, is_fatal: failures.append((error, is_fatal))
    desk.journal.on_writable = writable.set
    desk.append(0)
    await desk.wait(1)
    durable = desk.journal.head
    desk.connection.execute("PRAGMA max_page_count=1")
    for number in range(1, 400):
        desk.append(number)
    await asyncio.sleep(0)
    desk.append(400)
    await desk.wait(401)
    desk.append(401)
    assert desk.answers[1:] == [(number, False) for number in range(1, 402)]
    assert [is_fatal for _, is_fatal in failures] == [False]
    assert not desk.journal.is_writable
    desk.connection.execute(f"PRAGMA max_page_count={NO_LIMIT}")
    desk.journal.resume(durable, {})
    async with asyncio.timeout(WAIT_S):
        await writable.wait()
    desk.append(500)
    await desk.wait(403)
    assert desk.answers[-1] == (500, True)
    assert [row[0] for row in desk.rows("SELECT time_ms FROM events ORDER BY seq")] == [0, 500]
    desk.close()


async def test_closed_journal_waits_for_space(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(journal_module, "PROBE_S", 0.001)
    desk = Desk(tmp_path)
    probes: list[bool] = []
    disk = desk.journal._disk
    probe = disk.probe

    def counted() -> None:
        probes.append(True)
        if len(probes) == 3:
            desk.connection.execute(f"PRAGMA max_page_count={NO_LIMIT}")
        probe()

    monkeypatch.setattr(disk, "probe", counted)
    writable = asyncio.Event()
    desk.journal.on_writable = writable.set
    desk.connection.execute("PRAGMA max_page_count=1")
    desk.append(1, Update("orders:A", {"status": 6, "note": "x" * 100_000}))
    await desk.wait(1)
    desk.journal.resume(Head(0, 0), {})
    async with asyncio.timeout(WAIT_S):
        await writable.wait()
    assert len(probes) == 3
    desk.close()


async def test_full_queue_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(journal_module, "MAX_PENDING", 10)
    desk = Desk(tmp_path)
    for number in range(10):
        assert not desk.journal.is_full
        desk.append(number)
    assert desk.journal.is_full
    await desk.wait(10)
    assert not desk.journal.is_full
    desk.close()


async def test_numbers_of_exact_channels_are_stored_and_old_ones_let_go(tmp_path: Path) -> None:
    desk = Desk(tmp_path)
    desk.journal._numbers["orders:A"] = KEPT_UPDATES + 1995
    shared = {"id": "ORDER-1", "status": 2, "updateTime": 7}
    for number in range(10):
        desk.append(number, Update("equity:A", {"equity": 1.0}), Update("orders:A", shared))
    await desk.wait(10)
    found = [(seq, len(lines_of(body))) for seq, body in desk.rows("SELECT seq, body FROM updates ORDER BY seq")]
    assert found == [(KEPT_UPDATES + 2005, 10)], "what is told in one commit is one row, under its last number"
    desk.append(11, *(Update("orders:B", shared | {"id": str(number)}) for number in range(KEPT_UPDATES + 1500)))
    await desk.wait(11)
    found = [
        (seq, len(lines_of(body)))
        for seq, body in desk.rows("SELECT seq, body FROM updates WHERE channel = 'orders:B' ORDER BY seq")
    ]
    kept = sum(count for _, count in found)
    assert (found[-1][0], KEPT_UPDATES <= kept < KEPT_UPDATES + 1000) == (KEPT_UPDATES + 1500, True)
    assert max(count for _, count in found) == MAX_LINES
    desk.close()


async def test_orders_that_end_in_one_commit_and_millisecond_are_one_row(tmp_path: Path) -> None:
    desk = Desk(tmp_path)
    times = [("A", 7), ("A", 7), ("B", 7), ("A", 8), ("A", 7)]
    for number, (account, time_ms) in enumerate(times):
        payload = {"id": f"ORDER-{number}", "status": 2, "updateTime": time_ms}
        desk.append(number, Update(f"orders:{account}", payload), Update(f"orders:{account}", payload | {"status": 6}))
    await desk.wait(len(times))
    found = [
        (account, time_ms, [orjson.loads(line)["id"] for line in lines_of(body)])
        for account, time_ms, body in desk.rows("SELECT account, ended_ms, body FROM orders ORDER BY number")
    ]
    assert found == [("A", 7, ["ORDER-0", "ORDER-1", "ORDER-4"]), ("B", 7, ["ORDER-2"]), ("A", 8, ["ORDER-3"])]
    desk.close()


def test_payload_that_channels_share_is_the_same_bytes_in_each() -> None:
    group, shared = Group(Head(0, 0)), {"id": "EXEC-1", "price": 1.5}
    updates = [
        Update("executions:A", shared),
        Update("executions:A:AAPL", shared),
        Update("executions:A:AAPL", shared | {"id": "EXEC-2"}),
    ]
    group.add(result(1, *updates), {}, lambda _error: None)
    bodies = {name: told.bodies for name, told in group.channels.items() if told is not None}
    first, second = (orjson.dumps(shared | {"id": f"EXEC-{number}"}) for number in (1, 2))
    assert bodies == {"executions:A": [first], "executions:A:AAPL": [first, second]}


async def test_commits_go_on_while_the_log_is_copied(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The copy takes as long as it likes: it waits here for the last of 50 commits."""
    monkeypatch.setattr(disk_module, "CHECKPOINT_BYTES", 4 << 10)
    desk = Desk(tmp_path)
    begun, go_on = threading.Event(), threading.Event()
    disk = desk.journal._disk
    copy = disk.copy

    def slow() -> bool:
        begun.set()
        assert go_on.wait(WAIT_S)
        return copy()

    monkeypatch.setattr(disk, "copy", slow)
    for number in range(50):
        desk.append(number)
        await desk.wait(number + 1)
    assert begun.is_set()
    go_on.set()
    desk.close()
    assert desk.answers == [(number, True) for number in range(50)]


async def test_log_is_emptied_while_commits_come(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """500 commits of some pages each, over 8 MiB, through a log that is full at 64 KiB."""
    monkeypatch.setattr(disk_module, "CHECKPOINT_BYTES", 64 << 10)
    desk = Desk(tmp_path)
    settled: list[bool] = []
    settle = desk.journal._disk.settle

    def noted() -> None:
        settle()
        settled.append(True)

    monkeypatch.setattr(desk.journal._disk, "settle", noted)
    for number in range(500):
        desk.append(number, Update("orders:A", {"status": 6, "note": "x" * 9000}))
        await desk.wait(number + 1)
    desk.close()
    assert settled
    assert seal.check(desk.directory, desk.journal.head)
    assert desk.rows("SELECT count(*) FROM events") == [(500,)]


@pytest.mark.parametrize(("error", "is_fatal"), [(OSError(28, "full"), False), (OSError(5, "broken"), True)])
async def test_log_that_cannot_be_copied_ends_storage_only_when_the_disk_is_at_fault(
    error: OSError, is_fatal: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(disk_module, "CHECKPOINT_BYTES", 4 << 10)
    desk = Desk(tmp_path)
    tried = asyncio.Event()
    failures: list[bool] = []
    loop = asyncio.get_running_loop()
    desk.journal.on_failure = lambda _error, fatal: failures.append(fatal)

    def broken() -> bool:
        loop.call_soon_threadsafe(loop.call_soon, tried.set)
        raise error

    monkeypatch.setattr(desk.journal._disk, "copy", broken)
    desk.append(0)
    async with asyncio.timeout(WAIT_S):
        await tried.wait()
        while is_fatal and not failures:
            await asyncio.sleep(0)
    assert failures == [True] * is_fatal
    assert desk.journal.is_writable is not is_fatal
    desk.close()


def test_chain_covers_every_column() -> None:
    group = Group(Head(0, 0))
    group.add(result(1), {}, lambda _error: None)
    row: list[Any] = group.values[1:]
    changed: list[Callable[[Any], Any]] = [lambda value: value + 1] * 2
    changed += [lambda value: value + "x"] * 2
    changed += [lambda value: value + 1] * 2
    changed += [lambda value: value + b"x"]
    for place, change in enumerate(changed):
        other = list(row[:-1])
        other[place] = change(other[place])
        assert data_directory.checksum(0, *other) != row[-1]
    assert data_directory.checksum(1, *row[:-1]) != row[-1]


# The whole server


def limit(server: Live, pages: int) -> None:
    """Let the database grow no further than so many pages."""
    server.server.storage.journal._disk.connection.execute(f"PRAGMA max_page_count={pages}")


async def until_refused(server: Live) -> list[str]:
    """Place orders until one is refused; returns the ids of the others."""
    placed: list[str] = []
    order = {"symbol": "AAPL", "type": 2, "side": 1, "qty": 1, "customFields": {"note": "x" * 4000}}
    for _ in range(100):
        response = await server.fetch("POST", "/broker/orders", order)
        if response.code == 503:
            return placed
        assert response.code == 200
        placed.append(f"ORDER-{len(placed) + 1}")
    raise AssertionError("a limit on pages stops nothing")


async def test_refused_change_never_was(
    live: StartLive, stream: OpenStream, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(journal_module, "PROBE_S", 0.001)
    server = await live(data_dir=tmp_path, ephemeral=False)
    client = await stream(server)
    await client.subscribe("orders")
    limit(server, 1)
    placed = await until_refused(server)
    assert [row["id"] for row in await server.call("GET", "/broker/orders")] == placed
    assert [row["qty"] for row in await server.call("GET", "/broker/positions")] == ([len(placed)] if placed else [])
    [quote] = await server.call("POST", "/datafeed/quotes", {"symbols": ["AAPL"]})
    assert quote["s"] == "ok"
    for _ in range(3):
        server.step()
    limit(server, NO_LIMIT)
    async with asyncio.timeout(WAIT_S):
        while (await server.fetch("GET", "/health")).code == 503:
            await asyncio.sleep(0)
    assert await server.place() == f"ORDER-{len(placed) + 1}"
    messages = await client.drained()
    told = [(m["payload"]["seq"], m["payload"]["payload"]["id"]) for m in messages]
    assert told == [(number + 1, f"ORDER-{number + 1}") for number in range(len(placed) + 1)]
    assert (await server.call("GET", "/health"))["ledger"]["violations"] == 0


async def test_everything_in_flight_is_refused_together(live: StartLive, tmp_path: Path) -> None:
    server = await live(data_dir=tmp_path, ephemeral=False)
    limit(server, 1)
    order = {"symbol": "AAPL", "type": 2, "side": 1, "qty": 1, "customFields": {"note": "x" * 4000}}
    answers = await asyncio.gather(*(server.fetch("POST", "/broker/orders", order) for _ in range(40)))
    taken = sum(answer.code == 200 for answer in answers)
    assert {answer.code for answer in answers} <= {200, 503}
    assert taken < 40
    assert len(await server.call("GET", "/broker/orders")) == taken
