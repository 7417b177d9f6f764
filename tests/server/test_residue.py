"""Clients that leave free what the server had for them."""

import asyncio
import gc
from collections import Counter

from tests.conftest import StartLive
from tests.guarded import ORDER
from tests.live import Live
from tests.raw import RawClient


def handler_objects() -> Counter[str]:
    """Count the live objects of the classes in `handlers`, after a full collection."""
    gc.collect()
    names = (f"{type(one).__module__}.{type(one).__name__}" for one in gc.get_objects())
    return Counter(name for name in names if name.startswith("handlers."))


async def one_client(server: Live) -> None:
    """Open a WebSocket, subscribe, place an order, ask for an unknown address, leave."""
    client = await RawClient.open(server.address)
    await client.say({"type": "hello"})
    await client.message()
    for route in ("orders", "positions", "equity"):
        await client.subscribe(route, {"accountId": "DEMO-ACCOUNT"})
    client.close()
    assert (await server.fetch("POST", "/broker/orders", ORDER)).code == 200
    assert (await server.fetch("GET", "/nothing")).code == 404
    while server.server.services.hub.connections:
        await asyncio.sleep(0)


async def test_clients_that_leave_free_their_objects(live: StartLive) -> None:
    server = await live()
    await one_client(server)
    before = handler_objects()
    for _ in range(10):
        await one_client(server)
    grown = handler_objects() - before
    # Less than one object for each client: caches may fill, nothing may stay for every client.
    assert {name: number for name, number in grown.items() if number >= 10} == {}
