"""A bot that retries blindly: without ids, at once, and without a look at what it missed.

`python docs/examples/blind_bot.py http://127.0.0.1:8000 ACCOUNT`. docs/faults.md shows its report under faults.
"""

import asyncio
import json
import sys

from tornado.httpclient import AsyncHTTPClient, HTTPClientError
from tornado.websocket import websocket_connect

ORDERS = 5
HEADERS = {"Content-Type": "application/json"}


class BlindBot:
    """Places orders and cancels each of them, whatever happened to it."""

    def __init__(self, address: str, account: str) -> None:
        self.address = address
        self.account = account
        self.url = f"{address}/api/v1/broker/orders"
        self.seen = asyncio.Event()

    async def run(self) -> None:
        """Follow the orders and place them."""
        following = asyncio.create_task(self.follow())
        await self.seen.wait()
        for _ in range(ORDERS):
            order_id = await self.place()
            await self.cancel(order_id)
        following.cancel()

    async def place(self) -> str:
        """Place an order; whatever goes wrong, send it again at once."""
        order = {"symbol": "AAPL", "type": 2, "side": 1, "qty": 1}
        while True:
            try:
                url = f"{self.url}?accountId={self.account}"
                answer = await AsyncHTTPClient().fetch(url, method="POST", headers=HEADERS, body=json.dumps(order))
            except (HTTPClientError, OSError):
                continue
            order_id: str = json.loads(answer.body)["orderId"]
            return order_id

    async def cancel(self, order_id: str) -> None:
        """Cancel an order that has traded already."""
        url = f"{self.url}/{order_id}?accountId={self.account}"
        await AsyncHTTPClient().fetch(url, method="DELETE", raise_error=False)

    async def follow(self) -> None:
        """Follow the orders; after a lost connection connect again and go on with the next update."""
        while True:
            socket = await websocket_connect(f"ws{self.address.removeprefix('http')}/api/v1/ws")
            try:
                message = {"type": "orders.subscribe", "payload": {"accountId": self.account}}
                await socket.write_message(json.dumps(message))
                while (text := await socket.read_message()) is not None:
                    if json.loads(text)["type"] == "orders.subscribe.response":
                        self.seen.set()
            finally:
                socket.close()


if __name__ == "__main__":
    asyncio.run(BlindBot(*sys.argv[1:3]).run())
