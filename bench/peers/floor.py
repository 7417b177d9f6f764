"""The floor: one `send` of a ready frame for each client and nothing else. No server can cost less."""

import asyncio
import base64
import hashlib
import socket

import orjson

from bench.peers.common import listening, measure, message, options
from handlers.stream.frames import frame


async def main() -> None:
    chosen = options()
    loop = asyncio.get_running_loop()
    clients: list[socket.socket] = []

    async def accept(listener: socket.socket) -> None:
        while True:
            client, _ = await loop.sock_accept(listener)
            client.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            head = await loop.sock_recv(client, 4096)
            key = next(line[19:] for line in head.split(b"\r\n") if line.lower().startswith(b"sec-websocket-key:"))
            digest = hashlib.sha1(key.strip() + b"258EAFA5-E914-47DA-95CA-C5AB0DC85B11").digest()
            answer = b"HTTP/1.1 101 OK\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: %b\r\n\r\n"
            await loop.sock_sendall(client, answer % base64.b64encode(digest))
            clients.append(client)

    async def tick() -> None:
        for topic in range(chosen.topics):
            data = frame(orjson.dumps(message(topic)))
            for client in clients:
                client.send(data)

    listener = socket.create_server(("127.0.0.1", 0), backlog=1024)
    listener.setblocking(False)
    listening(listener.getsockname()[1])
    accepting = asyncio.create_task(accept(listener))
    await measure(chosen, lambda: len(clients), tick)
    accepting.cancel()


asyncio.run(main())
