"""A bot that behaves: it gives each order an id, waits as long as it is told, and resumes its stream without a gap.

`python docs/examples/careful_bot.py http://127.0.0.1:8000 ACCOUNT`. docs/faults.md shows its report under faults.
"""

import asyncio
import json
import sys
from typing import Any

from tornado.httpclient import AsyncHTTPClient, HTTPClientError
from tornado.websocket import WebSocketClientConnection, websocket_connect

ORDERS = 5
PAUSE_S = 0.1


class CarefulBot:
    """Places orders and follows them until it has seen each of them."""

    def __init__(self, address: str, account: str) -> None:
        self.url = f"{address}/api/v1/broker/orders?accountId={account}"
        self.stream_url = f"ws{address.removeprefix('http')}/api/v1/ws"
        self.account = account
        self.position: dict[str, Any] = {}
        self.seen = asyncio.Event()

    async def run(self) -> None:
        """Follow the orders and place them."""
        following = asyncio.create_task(self.follow())
        await self.seen.wait()
        for number in range(ORDERS):
            await self.place(f"careful-{number}")
        while self.position["seq"] < ORDERS:
            await asyncio.sleep(PAUSE_S)
        following.cancel()

    async def place(self, client_order_id: str) -> None:
        """Place an order; after a lost reply send it again with the same id, so that it is one order."""
        order = {"symbol": "AAPL", "type": 1, "side": 1, "qty": 1, "limitPrice": 1, "clientOrderId": client_order_id}
        headers, body = {"Content-Type": "application/json"}, json.dumps(order)
        while True:
            try:
                await AsyncHTTPClient().fetch(self.url, method="POST", headers=headers, body=body)
                return
            except HTTPClientError as error:
                wait = error.response.headers.get("Retry-After") if error.response else None
                await asyncio.sleep(PAUSE_S if wait is None else float(wait))
            except OSError:
                await asyncio.sleep(PAUSE_S)

    async def follow(self) -> None:
        """Follow the orders; after a lost connection connect again and ask for what was missed."""
        while True:
            socket = await websocket_connect(self.stream_url)
            try:
                await self.subscribe(socket)
                while (text := await socket.read_message()) is not None:
                    await self.read(json.loads(text), socket)
            finally:
                socket.close()

    async def subscribe(self, socket: WebSocketClientConnection) -> None:
        """Subscribe, from the last update on that was seen."""
        message = {"type": "orders.subscribe", "payload": {"accountId": self.account}}
        await socket.write_message(json.dumps(message | ({"recover": self.position} if self.position else {})))

    async def read(self, message: dict[str, Any], socket: WebSocketClientConnection) -> None:
        """Read a message: count each update once, and ask again from a gap on."""
        payload = message["payload"]
        if message["type"] == "orders.subscribe.response":
            self.position = self.position or {"epoch": payload["epoch"], "seq": payload["seq"]}
            self.seen.set()
        elif message["type"] == "orders.update" and payload["seq"] == self.position["seq"] + 1:
            self.position["seq"] += 1
        elif message["type"] == "orders.update" and payload["seq"] > self.position["seq"]:
            await self.subscribe(socket)


if __name__ == "__main__":
    asyncio.run(CarefulBot(*sys.argv[1:3]).run())
