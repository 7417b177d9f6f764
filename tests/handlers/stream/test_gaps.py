"""Gaps that only the journal can fill: page by page, as a whole or not at all, while the loop goes on."""

import asyncio
from collections.abc import Callable
from typing import Any

import pytest

from engine.topics import Update
from handlers.stream.hub import Hub
from tests.conftest import OpenRaw, OpenStream, StartLive
from tests.live import ACCOUNT, Live, Stream


async def ask(client: Stream, route: str, **more: Any) -> dict[str, Any]:
    reply: dict[str, Any] = (await client.ask(f"{route}.subscribe", ACCOUNT, **more))["payload"]
    assert reply["status"] == "ok", reply
    return reply


def recover(hub: Hub, seq: int) -> dict[str, Any]:
    """Return the wish to go on behind an update."""
    return {"epoch": hub.epoch, "seq": seq}


Read = Callable[[str, int, int], list[bytes] | None]


def archived(server: Live, monkeypatch: pytest.MonkeyPatch, read: Read) -> None:
    """Let the archive hold the updates that `read` returns."""
    monkeypatch.setattr(server.server.storage.archive, "updates", read)


class Passes:
    """Counts the passes of the loop."""

    count = 0

    async def __aenter__(self) -> None:
        self.task = asyncio.create_task(self.run())

    async def __aexit__(self, *_: object) -> None:
        self.task.cancel()

    async def run(self) -> None:
        while True:
            self.count += 1
            await asyncio.sleep(0)


async def test_older_updates_come_from_the_journal(
    live: StartLive, stream: OpenStream, monkeypatch: pytest.MonkeyPatch
) -> None:
    server = await live()
    hub = server.server.services.hub
    hub.restore("orders:DEMO-ACCOUNT", 2000, [{"id": str(number)} for number in range(1501, 2001)])
    asked: list[tuple[str, int, int]] = []

    def journal(channel: str, after: int, limit: int) -> list[bytes] | None:
        asked.append((channel, after, limit))
        return [b'{"id":"%d"}' % number for number in range(after + 1, after + limit + 1)] if after >= 1000 else None

    archived(server, monkeypatch, journal)
    client = await stream(server)
    client.is_held = False
    assert (await ask(client, "orders", recover={"epoch": hub.epoch, "seq": 1200}))["recovered"] is True
    ids = [(m["payload"]["seq"], m["payload"]["payload"]["id"]) for m in await client.drained()]
    assert ids == [(number, str(number)) for number in range(1201, 2001)]
    assert asked == [("orders:DEMO-ACCOUNT", after, 100) for after in (1200, 1300, 1400)]
    assert (await ask(client, "orders", recover={"epoch": hub.epoch, "seq": 999}))["recovered"] is False


async def test_a_long_gap_is_read_back_page_by_page_while_the_loop_goes_on(
    live: StartLive, stream: OpenStream, monkeypatch: pytest.MonkeyPatch
) -> None:
    server = await live()
    hub, passes, asked = server.server.services.hub, Passes(), list[tuple[int, int, int]]()
    hub.restore("orders:DEMO-ACCOUNT", 10_000)

    def journal(_channel: str, after: int, limit: int) -> list[bytes]:
        asked.append((passes.count, after, limit))
        return [b'{"id":"%d"}' % number for number in range(after + 1, after + limit + 1)]

    archived(server, monkeypatch, journal)
    first, second = await stream(server), await stream(server)
    first.is_held = second.is_held = False
    async with passes:
        for client in (first, second):
            await client.send({"type": "orders.subscribe", "payload": ACCOUNT, "recover": recover(hub, 0)})
            await client.send({"type": "positions.subscribe", "payload": ACCOUNT, "id": "behind"})
        while len(asked) < 50:
            await asyncio.sleep(0)
        hub.publish([Update("orders:DEMO-ACCOUNT", {"id": "10001"})])
        replies = [(await client.receive())["payload"] for client in (first, second)]
    assert [(reply["recovered"], reply["seq"]) for reply in replies] == [(True, 0)] * 2
    for client in (first, second):
        updates = [await client.receive() for _ in range(10_001)]
        assert [update["payload"]["seq"] for update in updates] == list(range(1, 10_002))
        assert [int(update["payload"]["payload"]["id"]) for update in updates] == list(range(1, 10_002))
        assert (await client.receive())["id"] == "behind"
    assert {limit for *_, limit in asked} == {100}
    assert sorted(after for _, after, _ in asked) == sorted([*range(0, 10_000, 100)] * 2)
    assert len({count for count, *_ in asked}) == len(asked) == 200


async def test_a_gap_that_the_journal_has_in_part_is_not_filled(
    live: StartLive, stream: OpenStream, monkeypatch: pytest.MonkeyPatch
) -> None:
    server = await live()
    hub = server.server.services.hub
    hub.restore("orders:DEMO-ACCOUNT", 2000)
    archived(server, monkeypatch, lambda _channel, after, limit: [b"{}"] * min(limit, 1700 - after))
    client = await stream(server)
    reply = await ask(client, "orders", recover=recover(hub, 0), snapshot=True)
    assert (reply["recovered"], reply["seq"], reply["snapshot"]) == (False, 2000, [])
    assert await client.drained() == []


@pytest.mark.parametrize(("after", "is_recovered"), [(0, True), (-1, False)])
async def test_ten_thousand_updates_can_be_recovered(
    after: int, is_recovered: bool, live: StartLive, raw: OpenRaw, monkeypatch: pytest.MonkeyPatch
) -> None:
    server = await live()
    hub = server.server.services.hub
    hub.restore("orders:DEMO-ACCOUNT", 10_001)
    archived(server, monkeypatch, lambda _channel, _after, limit: [b"{}"] * limit)
    reply = await (await raw(server)).subscribe("orders", ACCOUNT, recover=recover(hub, after + 1))
    assert reply["recovered"] is is_recovered


async def test_who_leaves_while_a_gap_is_read_back_is_forgotten(
    live: StartLive, raw: OpenRaw, monkeypatch: pytest.MonkeyPatch
) -> None:
    server = await live()
    hub = server.server.services.hub
    hub.restore("orders:DEMO-ACCOUNT", 10_000)
    asked: list[int] = []

    def read(_channel: str, after: int, limit: int) -> list[bytes]:
        asked.append(after)
        return [b"{}"] * limit

    archived(server, monkeypatch, read)
    client = await raw(server)
    await client.say({"type": "orders.subscribe", "payload": ACCOUNT, "recover": recover(hub, 0)})
    while not asked:
        await asyncio.sleep(0)
    client.close()
    while hub.connections or len(asked) < 100:
        await asyncio.sleep(0)
    assert (hub.counts(), hub.counters.recovered) == ((0, 0), 0)
