"""Starlette on uvicorn, as its users write it: a loop over the clients that awaits each send; no compression."""

import asyncio

import orjson
import uvicorn
import uvloop
from starlette.applications import Starlette
from starlette.routing import WebSocketRoute
from starlette.websockets import WebSocket, WebSocketDisconnect

from bench.peers.common import listening, measure, message, options, tcp_listener

clients: set[WebSocket] = set()


async def stay(client: WebSocket) -> None:
    await client.accept()
    clients.add(client)
    try:
        while True:
            await client.receive_text()
    except WebSocketDisconnect:
        clients.discard(client)


async def main() -> None:
    chosen = options()

    async def tick() -> None:
        for topic in range(chosen.topics):
            text = orjson.dumps(message(topic)).decode()
            for client in list(clients):
                await client.send_text(text)

    app = Starlette(routes=[WebSocketRoute("/{path:path}", stay)])
    config = uvicorn.Config(
        app, ws="websockets-sansio", ws_per_message_deflate=False, ws_ping_interval=None, log_level="error"
    )
    listener = tcp_listener()
    serving = asyncio.create_task(uvicorn.Server(config).serve(sockets=[listener]))
    listening(listener.getsockname()[1])
    await measure(chosen, lambda: len(clients), tick)
    await serving


uvloop.run(main())
