"""websockets: its `broadcast`, which frames once per client without a task per message; no compression."""

import asyncio

import orjson
from websockets.asyncio.server import ServerConnection, broadcast, serve

from bench.peers.common import listening, measure, message, options

clients: set[ServerConnection] = set()


async def stay(client: ServerConnection) -> None:
    clients.add(client)
    try:
        await client.wait_closed()
    finally:
        clients.discard(client)


async def main() -> None:
    chosen = options()

    async def tick() -> None:
        for topic in range(chosen.topics):
            broadcast(clients, orjson.dumps(message(topic)).decode())

    async with serve(stay, "127.0.0.1", 0, compression=None, backlog=1024, ping_interval=None) as server:
        listening(server.sockets[0].getsockname()[1])
        await measure(chosen, lambda: len(clients), tick)


asyncio.run(main())
