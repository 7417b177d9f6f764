"""Faults of ours and of the disk, met while a client waits: they cost that client at most, and hold up nobody."""

import asyncio
import json
from pathlib import Path
from typing import Any

import pytest

from handlers.stream.frames import TEXT
from tests.conftest import OpenRaw, OpenStream, StartLive
from tests.handlers.stream.test_resume import LIMIT_ORDER, resume, slowed
from tests.live import ACCOUNT
from tests.raw import client_frame


async def test_a_fault_behind_a_message_that_waited_ends_its_connection_and_no_other(
    live: StartLive, stream: OpenStream, raw: OpenRaw, monkeypatch: pytest.MonkeyPatch
) -> None:
    server = await live()
    services = server.server.services
    unlucky, other = await raw(server), await stream(server)
    await other.subscribe("orders")
    journal, place = slowed(server, monkeypatch)
    place()
    messages = (
        {"type": "orders.subscribe", "payload": ACCOUNT, "snapshot": True},
        {"type": "positions.subscribe", "payload": ACCOUNT},
    )
    await unlucky.send(b"".join(client_frame(TEXT, json.dumps(message).encode()) for message in messages))
    while not services.publisher.waiting > 1:
        await asyncio.sleep(0)

    def fail(*_: object) -> None:
        raise RuntimeError("a fault")

    place()
    monkeypatch.setattr(services.engine.__class__, "topic", fail)
    journal.commit()
    journal.commit()
    assert (await unlucky.message())["type"] == "orders.subscribe.response"
    assert (await unlucky.frame()).code == 1011
    assert [message["payload"]["seq"] for message in await other.drained()] == [1, 2]


async def test_a_journal_that_cannot_be_read_costs_the_replay_and_delays_nobody(
    live: StartLive, stream: OpenStream, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    server = await live(data_dir=tmp_path, ephemeral=False)
    order: dict[str, Any] = {"symbol": "AAPL", **LIMIT_ORDER}
    await server.place(**order)
    hub = server.server.services.hub
    server.clock.advance(200_000)
    hub.trim()
    place = {"epoch": hub.epoch, "seq": 0}
    assert (await resume(await stream(server), "orders", recover=place))["recovered"] is True
    monkeypatch.setattr(server.server.storage.archive, "updates", lambda *_: None)
    clients = [await stream(server) for _ in range(2)]
    for client in clients:
        assert (await resume(client, "orders", recover=place))["recovered"] is False
