"""picows: a WebSocket library in Cython, the fastest that Python has."""

import asyncio

import orjson
from picows import WSFrame, WSListener, WSMsgType, WSTransport, ws_create_server

from bench.peers.common import listening, measure, message, options

clients: set[WSTransport] = set()


class Client(WSListener):
    """One client."""

    def on_ws_connected(self, transport: WSTransport) -> None:
        """Take it in."""
        clients.add(transport)

    def on_ws_disconnected(self, transport: WSTransport) -> None:
        """Let it go."""
        clients.discard(transport)

    def on_ws_frame(self, transport: WSTransport, frame: WSFrame) -> None:
        """Clients say nothing here."""


async def main() -> None:
    chosen = options()

    async def tick() -> None:
        for topic in range(chosen.topics):
            data = orjson.dumps(message(topic))
            for client in clients:
                client.send(WSMsgType.TEXT, data)

    server = await ws_create_server(lambda _: Client(), "127.0.0.1", 0, backlog=1024)
    listening(server.sockets[0].getsockname()[1])
    await measure(chosen, lambda: len(clients), tick)


asyncio.run(main())
