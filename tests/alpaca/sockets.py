"""Clients of the dialect's streams, with JSON or msgpack."""

import asyncio
import json
from typing import Any

import msgpack
from tornado.httpclient import HTTPRequest
from tornado.websocket import WebSocketClientConnection

from tests.conftest import Connect
from tests.live import Live
from tests.support import WAIT_S


class Client:
    """A client of one stream, with JSON or msgpack."""

    def __init__(self, socket: WebSocketClientConnection, is_msgpack: bool = False) -> None:
        self.socket = socket
        self._is_msgpack = is_msgpack

    async def send(self, message: Any) -> None:
        if self._is_msgpack:
            await self.socket.write_message(msgpack.packb(message), binary=True)
        else:
            await self.socket.write_message(json.dumps(message))

    async def receive(self) -> Any:
        message = await asyncio.wait_for(self.socket.read_message(), WAIT_S)
        assert message is not None, f"closed with {self.socket.close_code}"
        if self._is_msgpack:
            assert isinstance(message, bytes)
            return msgpack.unpackb(message)
        return json.loads(message)

    async def ask(self, message: Any) -> Any:
        await self.send(message)
        return await self.receive()


async def opened(connect: Connect, server: Live, path: str, **headers: str) -> Client:
    request = HTTPRequest(f"ws://{server.address}/alpaca{path}", headers=headers)
    return Client(await connect(request), "Content-Type" in headers)
