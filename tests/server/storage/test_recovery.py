"""A server that comes back: the same state, the same numbers, the same updates, and time that does not go back."""

import asyncio
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import orjson
import pytest

from engine.broker.broker import Broker
from engine.broker.transaction import Transaction
from engine.topics import Update
from server.clock import SystemClock
from server.storage import codec, data_directory, snapshots
from server.storage.data_directory import GENESIS, StorageError
from server.storage.recovery import open_storage, rebuild
from tests.conftest import OpenStream, StartLive
from tests.engine.broker.harness import AllSubscribed, FakeMarketView
from tests.live import ACCOUNT, Live
from tests.server.storage.journals import INSTRUMENTS
from tests.support import MONDAY_MORNING_MS, ManualClock

READS = ("/broker/orders", "/broker/executions", "/broker/positions", "/broker/account/state", "/broker/orders/history")


async def trade(server: Live) -> None:
    """Some of everything: fills, a rest, a cancel, a modification, a rejection, a bracket, a reset account."""
    await server.place(qty=30)
    server.step()
    await server.place(side=-1, qty=10, clientOrderId="mine")
    resting = await server.place(type=1, limitPrice=100.0)
    await server.call(
        "PUT", f"/broker/orders/{resting}", {"symbol": "AAPL", "type": 1, "side": 1, "qty": 5, "limitPrice": 90}
    )
    canceled = await server.place(symbol="MSFT", type=1, limitPrice=100.0, duration={"type": "GTC"})
    await server.call("DELETE", f"/broker/orders/{canceled}")
    await server.place(symbol="MSFT", isClose=True)
    server.step()
    await server.call("PUT", "/broker/leverage/set", {"symbol": "AAPL", "orderType": 2, "side": 1, "leverage": 25})
    await server.call(
        "POST", "/broker/accounts", {"id": "SECOND", "name": "Second", "balance": 5000, "currency": "USD"}
    )
    await server.fetch("POST", "/broker/orders?accountId=SECOND", {"symbol": "AAPL", "type": 2, "side": 1, "qty": 1})
    await server.call("POST", "/broker/accounts/SECOND/reset", {"balance": 7000})


async def restart(live: StartLive, server: Live, data_dir: Path) -> Live:
    server.server.ticker.stop()
    await server.server.storage.close()
    return await live(data_dir=data_dir, ephemeral=False)


async def seen(server: Live) -> dict[str, Any]:
    """AllSubscribed that REST shows of both accounts."""
    return {
        f"{path}?accountId={account}": await server.call("GET", f"{path}?accountId={account}")
        for path in READS
        for account in ("DEMO-ACCOUNT", "SECOND")
    }


@pytest.mark.parametrize("has_snapshot", [True, False])
async def test_state_and_ids_come_back(has_snapshot: bool, live: StartLive, tmp_path: Path) -> None:
    server = await live(data_dir=tmp_path, ephemeral=False)
    await trade(server)
    before = await seen(server)
    server.server.ticker.stop()
    await server.server.storage.close()
    assert list((tmp_path / "snapshots").iterdir())
    if not has_snapshot:
        for file in (tmp_path / "snapshots").iterdir():
            file.unlink()
    again = await live(data_dir=tmp_path, ephemeral=False)
    assert await seen(again) == before
    assert await again.place(side=-1, qty=10, clientOrderId="mine") == "ORDER-2"
    assert await again.place() == "ORDER-6"


async def test_snapshot_and_tail_make_the_state_that_all_events_make(live: StartLive, tmp_path: Path) -> None:
    server = await live(data_dir=tmp_path, ephemeral=False)
    await trade(server)
    again = await restart(live, server, tmp_path)
    await again.place(qty=7)
    connection = data_directory.connect(tmp_path / "journal.db", is_read_only=True)
    directory = data_directory.Directory(tmp_path)
    with_snapshot = rebuild(directory, connection, INSTRUMENTS, 1)
    from_all = rebuild(None, connection, INSTRUMENTS, 1)
    connection.close()
    assert 0 < with_snapshot.snapshot_seq < with_snapshot.head.seq
    assert from_all.snapshot_seq == 0
    assert accounts(with_snapshot.broker) == accounts(from_all.broker)


def accounts(broker: Broker) -> dict[str, str]:
    """Return the state of the accounts without the marks, which are derived."""
    for account in broker.accounts.values():
        for position in account.positions.values():
            position.mark = 0
    return {account.id: repr(account) for account in broker.accounts.values()}


async def test_numbers_and_updates_come_back_byte_for_byte(
    live: StartLive, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    server = await live(data_dir=tmp_path, ephemeral=False)
    told = listen(server, monkeypatch)
    await trade(server)
    hub = server.server.services.hub
    epoch, stored = hub.epoch, exact(told)
    again = await restart(live, server, tmp_path)
    archive = again.server.storage.archive
    assert again.server.services.hub.epoch == epoch
    for channel, bodies in stored.items():
        assert archive.updates(channel, 0, 1000) == bodies
    assert archive.updates("orders:DEMO-ACCOUNT", 3, 2) == stored["orders:DEMO-ACCOUNT"][3:5]
    assert archive.updates("orders:NOBODY", 3, 2) == []


async def test_updates_are_what_the_stored_events_make(
    live: StartLive, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The projection is the cascade that runs live: replayed, it says the same again."""
    server = await live(data_dir=tmp_path, ephemeral=False)
    told = listen(server, monkeypatch)
    await trade(server)
    await server.server.storage.close()
    connection = data_directory.connect(tmp_path / "journal.db", is_read_only=True)
    projected = exact(
        project(connection.execute("SELECT txn, kind, version, body FROM events ORDER BY seq").fetchall())
    )
    connection.close()
    assert projected == exact(told)


def listen(server: Live, monkeypatch: pytest.MonkeyPatch) -> list[Update]:
    """Return the list that every published update will be added to."""
    hub, told = server.server.services.hub, list[Update]()
    publish = hub.publish

    def overheard(updates: list[Update]) -> None:
        told.extend(updates)
        publish(updates)

    monkeypatch.setattr(hub, "publish", overheard)
    return told


def exact(updates: list[Update]) -> dict[str, list[bytes]]:
    """Return the encoded updates of each exact channel."""
    found: dict[str, list[bytes]] = {}
    for channel, payload, *_ in updates:
        if channel.partition(":")[0] in ("orders", "positions", "executions", "notifications", "broker-connection"):
            found.setdefault(channel, []).append(orjson.dumps(payload))
    return found


def project(rows: list[tuple[int, str, int, bytes]]) -> list[Update]:
    """Let a new broker go through stored transactions and return what it tells."""
    broker, updates = Broker(INSTRUMENTS, 1), list[Update]()
    for txn in dict.fromkeys(row[0] for row in rows):
        events: list[Any] = [codec.decode(*row[1:]) for row in rows if row[0] == txn]
        transaction = Transaction(broker, "replay", FakeMarketView(events[0].time_ms))
        for event in events:
            account = broker.accounts.get(event.account_id) or broker.new_account(event.account_id)
            transaction.apply(account, iter((event,)))
        updates += transaction.close(NobodyAsksForMarks()).updates
    return updates


class NobodyAsksForMarks(AllSubscribed):
    def wants(self, channel: str) -> bool:
        return False


async def test_client_resumes_across_a_restart_without_a_gap(
    live: StartLive, stream: OpenStream, tmp_path: Path
) -> None:
    server = await live(data_dir=tmp_path, ephemeral=False)
    client = await stream(server)
    reply = await client.ask("orders.subscribe", ACCOUNT)
    await server.place()
    [first] = [m["payload"] for m in await client.drained()]
    for _ in range(3):
        await server.place(side=-1)
    missed = [m["payload"] for m in await client.drained()]
    again = await restart(live, server, tmp_path)
    back = await stream(again)
    known = {"epoch": reply["payload"]["epoch"], "seq": first["seq"]}
    resumed = await back.ask("orders.subscribe", ACCOUNT, recover=known)
    assert resumed["payload"]["recovered"] is True
    await again.place()
    told = [m["payload"] for m in await back.drained()]
    assert told[:-1] == missed
    assert [one["seq"] for one in told] == [2, 3, 4, 5]


async def test_broker_status_is_told_after_a_restart(live: StartLive, stream: OpenStream, tmp_path: Path) -> None:
    server = await live(data_dir=tmp_path, ephemeral=False)
    again = await restart(live, server, tmp_path)
    client = await stream(again)
    await client.subscribe("broker-connection")
    [(route, payload)] = await client.updates(1)
    assert (route, payload["status"]) == ("broker-connection", 1)


def test_market_time_goes_on_behind_the_last_event() -> None:
    wall = [1000.0]
    clock = SystemClock(wall=lambda: wall[0], monotonic=lambda: wall[0] - 1000)
    clock.advance_to(5_000_000)
    assert clock.now_ms() == 5_000_000
    wall[0] += 2
    assert clock.now_ms() == 5_002_000
    clock.advance_to(1_000_000)
    assert clock.now_ms() == 5_002_000


async def test_clock_set_back_between_two_lives(tmp_path: Path, live: StartLive, clock: ManualClock) -> None:
    server = await live(data_dir=tmp_path, ephemeral=False)
    clock.advance(10_000)
    await server.place()
    server.server.ticker.stop()
    await server.server.storage.close()
    recovered = open_storage(tmp_path, INSTRUMENTS, 1)
    assert recovered.state.last_ms == MONDAY_MORNING_MS + 10_000
    recovered.release()


def spoil_hash(data: bytes) -> bytes:
    return data[:-1] + bytes([data[-1] ^ 1])


def spoil_history(data: bytes) -> bytes:
    first, rest = data.split(b"\n", 1)
    parts = first.split(b" ")
    parts[2] = b"12345"
    return b" ".join(parts) + b"\n" + rest


def spoil_program(data: bytes) -> bytes:
    first, rest = data.split(b"\n", 1)
    parts = first.split(b" ")
    parts[3] = b"0" * 32
    return b" ".join(parts) + b"\n" + rest


@pytest.mark.parametrize("spoil", [spoil_hash, spoil_history, spoil_program, lambda _data: b"", lambda data: data[:50]])
async def test_bad_snapshot_is_left_aside(spoil: Callable[[bytes], bytes], live: StartLive, tmp_path: Path) -> None:
    server = await live(data_dir=tmp_path, ephemeral=False)
    await trade(server)
    before = await seen(server)
    server.server.ticker.stop()
    await server.server.storage.close()
    [file] = (tmp_path / "snapshots").iterdir()
    file.write_bytes(spoil(file.read_bytes()))
    again = await live(data_dir=tmp_path, ephemeral=False)
    assert await seen(again) == before


def test_snapshot_makes_no_strange_objects(tmp_path: Path) -> None:
    import pickle
    from hashlib import sha256

    data = pickle.dumps(json.JSONEncoder)
    first = f"trading-snapshot 1 1 {snapshots.fingerprint(INSTRUMENTS)} {sha256(data).hexdigest()}\n"
    (tmp_path / "1.snapshot").write_bytes(first.encode() + data)
    [found] = snapshots.newest(tmp_path, INSTRUMENTS)
    with pytest.raises(snapshots.BadSnapshot, match=r"json\.encoder"):
        snapshots.load(found, INSTRUMENTS)


async def test_event_of_an_unknown_symbol_is_refused_in_words(live: StartLive, tmp_path: Path) -> None:
    server = await live(data_dir=tmp_path, ephemeral=False)
    await server.place()
    server.server.ticker.stop()
    await server.server.storage.close()
    fewer = {name: one for name, one in INSTRUMENTS.items() if name != "AAPL"}
    with pytest.raises(StorageError, match="--instruments"):
        open_storage(tmp_path, fewer, 1)


def test_memory_starts_empty() -> None:
    recovered = open_storage(None, INSTRUMENTS, 1)
    assert (recovered.state.head, recovered.state.broker.accounts, recovered.state.numbers) == (GENESIS, {}, {})
    recovered.connection.close()


async def test_reads_show_only_what_is_durable(live: StartLive, tmp_path: Path) -> None:
    server = await live(data_dir=tmp_path, ephemeral=False)
    placing = asyncio.ensure_future(server.place())
    reading = asyncio.ensure_future(server.call("GET", "/broker/orders"))
    order_id, orders = await asyncio.gather(placing, reading)
    journal = server.server.storage.journal
    assert {row["id"] for row in orders} <= {order_id}
    assert journal.count == journal.head.seq


async def test_another_process_makes_the_snapshot(live: StartLive, tmp_path: Path) -> None:
    server = await live(data_dir=tmp_path, ephemeral=False)
    await trade(server)
    storage = server.server.storage
    await storage.make_snapshot(tmp_path)
    [found] = snapshots.newest(tmp_path / "snapshots", INSTRUMENTS)
    assert found.head == storage.journal.head
    assert list(snapshots.load(found, INSTRUMENTS).broker.accounts) == ["DEMO-ACCOUNT", "SECOND"]


@pytest.mark.parametrize(("given", "model"), [({"fill_model": "simulator"}, "simulator"), ({}, "market")])
async def test_a_flag_takes_the_stored_account_over_with_its_orders(
    given: dict[str, str], model: str, live: StartLive, tmp_path: Path
) -> None:
    server = await live(data_dir=tmp_path, ephemeral=False, fill_model="market")
    order_id = await server.place(type=1, limitPrice=1.0)
    server.server.ticker.stop()
    await server.server.storage.close()
    again = await live(data_dir=tmp_path, ephemeral=False, debug=True, **given)
    assert again.server.services.engine.account(None).profile.fill_model == model
    await again.call("POST", "/broker/debug/execute-orders")
    status = (await again.call("GET", f"/broker/orders/{order_id}"))["status"]
    assert status == (2 if model == "simulator" else 6)
