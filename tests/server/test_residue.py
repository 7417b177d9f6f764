"""Clients that leave free what the server had for them."""

import asyncio
import gc
from collections import Counter

from tests.conftest import StartLive
from tests.guarded import ORDER
from tests.live import Live
from tests.raw import RawClient
from tests.support import WAIT_S

CLIENTS = 10


def handler_objects() -> Counter[str]:
    """Count the live objects of the classes in `handlers`, after a full collection.

    Updates kept for resume do not count: their number and age have bounds of their own.
    """
    gc.collect()
    kinds = [type(one) for one in gc.get_objects()]
    names = [kind.__name__ for kind in kinds if str(kind.__module__).startswith("handlers.")]
    return Counter(name for name in names if name != "KeptUpdate")


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
    for _ in range(CLIENTS):
        await one_client(server)
    server.clock.advance(60_000)  # past the next ping, whose timer holds closed connections
    async with asyncio.timeout(WAIT_S):
        while any(number >= CLIENTS for number in (handler_objects() - before).values()):
            await asyncio.sleep(0.1)
