"""Fixtures of the bus: cores in this process on a real NATS server, and a reader that does what an edge does."""

from collections.abc import Awaitable, Callable, Iterator
from typing import Any

import pytest
from tornado.ioloop import IOLoop

from tests.conftest import StartLive
from tests.live import Live
from tests.nats_server import NatsServer
from tests.server.bus.reader import Reader

StartCore = Callable[..., Awaitable[Live]]
OpenReader = Callable[[NatsServer, Live], Awaitable[Reader]]


@pytest.fixture
def core(io_loop: IOLoop, live: StartLive) -> Iterator[StartCore]:
    """Starts cores: `server = await core(nats, seed=7)`; they need no NATS server that runs."""
    started: list[Live] = []

    async def start(nats: NatsServer, **settings: Any) -> Live:
        server = await live(role="core", bus=(nats.url,), **settings)
        server.server.world.bus.start(int(server.address.rpartition(":")[2]))
        started.append(server)
        return server

    async def stop() -> None:
        for one in started:
            await one.server.world.bus.close()

    yield start
    io_loop.run_sync(stop)


@pytest.fixture
def reader(io_loop: IOLoop) -> Iterator[OpenReader]:
    """Opens readers: `edge = await reader(nats, server)`."""
    opened: list[Reader] = []

    async def open_one(nats: NatsServer, server: Live) -> Reader:
        opened.append(Reader(nats, server.server.services.hub.epoch))
        await opened[-1].connect()
        return opened[-1]

    async def close() -> None:
        for one in opened:
            await one.close()

    yield open_one
    io_loop.run_sync(close)
