"""Real processes: a NATS server, a core and edges; and clients that follow topics across them."""

import asyncio
import itertools
import json
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from random import Random
from typing import Any

from tornado.httpclient import AsyncHTTPClient, HTTPClientError, HTTPRequest
from tornado.websocket import WebSocketClientConnection, WebSocketError, websocket_connect

from tests.faults.program import Program
from tests.nats_server import NatsServer
from tests.tokens import bearer

WAIT_S = 60.0
"""Longest wait for one event; it only ends a test that hangs."""

PAUSE_S = 0.05
EXACT = ("orders", "executions", "positions")


class Fleet:
    """A NATS server, a core and its edges. Every process can be killed and started again at the same port.

    Attributes:
        nats: The NATS server.
        core: The core.
        edges: The edges.
    """

    def __init__(self, nats: NatsServer, folder: Path, edges: int, *options: str) -> None:
        self.nats = nats
        self._folder = folder
        self._options = ("--bus", nats.url, "--seed", "7", *options)
        with ThreadPoolExecutor(edges + 1) as threads:
            self.core, *self.edges = threads.map(self._start, ["core"] + edges * ["edge"])

    @property
    def addresses(self) -> list[str]:
        """Host and port of the core and of each edge."""
        return [self.core.address, *(edge.address for edge in self.edges)]

    def start_core(self) -> None:
        """Start the killed core again, at its port."""
        self.core = self._start("core", self.core)

    def start_edge(self, number: int) -> None:
        """Start a killed edge again, at its port."""
        self.edges[number] = self._start("edge", self.edges[number])

    def kill(self) -> None:
        """Kill every process that runs."""
        for program in (*self.edges, self.core):
            if program.process.poll() is None:
                program.kill()
        self.nats.kill()

    def _start(self, role: str, before: Program | None = None) -> Program:
        port = [] if before is None else ["--port", before.address.rpartition(":")[2]]
        options = ("--log-level", "error", *self._options)
        program = Program(self._folder / "var", "--role", role, *options, *port)
        # The processes live as long as the fleet, not as one test.
        Program.started.remove(program)
        assert program.address
        return program


class Follower:
    """A client that follows topics of an account, and connects again where it can, at any of some addresses.

    Attributes:
        seen: By topic: the updates, oldest first.
        first_seq: By topic: the number before the first update.
        connects: Number of connections.
    """

    def __init__(self, account: str, token: str, routes: Sequence[str] = EXACT) -> None:
        self.account = account
        self.seen: dict[str, list[str]] = {route: [] for route in routes}
        self.first_seq: dict[str, int] = {}
        self.connects = 0
        self._epochs: dict[str, str] = {}
        self._token = token
        self._socket: WebSocketClientConnection | None = None
        self._inbox: asyncio.Queue[str | bytes | None] = asyncio.Queue()

    def seq(self, route: str) -> int:
        """Return the number of the last update."""
        return self.first_seq.get(route, 0) + len(self.seen[route])

    async def connect(self, address: str) -> None:
        """Connect and subscribe; a topic that is known is resumed. Raises: OSError, WebSocketError, ..."""
        await self.close()
        url = f"ws://{address}/api/v1/ws"
        request = HTTPRequest(url, connect_timeout=5, request_timeout=5)
        # Messages are taken as they arrive: an unread one would keep the connection from closing.
        inbox = self._inbox = asyncio.Queue()
        socket = self._socket = await websocket_connect(request, on_message_callback=inbox.put_nowait)
        self.connects += 1
        await socket.write_message(json.dumps({"type": "hello", "payload": {"token": self._token}}))
        for route in self.seen:
            message: dict[str, Any] = {"type": f"{route}.subscribe", "payload": {"accountId": self.account}}
            if route in self._epochs:
                message["recover"] = {"epoch": self._epochs[route], "seq": self.seq(route)}
            await socket.write_message(json.dumps(message))

    async def receive(self) -> bool:
        """Process the next frame; returns False when the connection ended."""
        text = await asyncio.wait_for(self._inbox.get(), WAIT_S)
        if text is None:
            return False
        message = json.loads(text)
        route, _, kind = message["type"].partition(".")
        payload = message["payload"]
        if kind == "subscribe.response":
            assert payload["status"] == "ok", payload
            if route in self._epochs:
                assert payload["recovered"], f"{route} cannot be resumed: {payload}"
                assert payload["seq"] == self.seq(route)
            else:
                self._epochs[route] = payload["epoch"]
                self.first_seq[route] = payload["seq"]
        elif kind == "update" and route in self.seen:
            assert payload["seq"] == self.seq(route) + 1, f"{route}: {payload['seq']} after {self.seq(route)}"
            self.seen[route].append(json.dumps(payload["payload"], sort_keys=True))
        return True

    async def subscribed(self) -> None:
        """Receive until every topic has a response."""
        while len(self._epochs) < len(self.seen):
            assert await self.receive()

    async def until(self, is_reached: Callable[[], bool]) -> None:
        """Receive until a condition holds, on one connection."""
        while not is_reached():
            assert await self.receive(), "the connection ended"

    async def follow(self, addresses: Sequence[str], random: Random, done: Callable[[], bool]) -> None:
        """Receive until `done`; connect at another address whenever the connection ends."""
        while not done():
            try:
                if self._socket is None:
                    await self.connect(random.choice(addresses))
                if not await self.receive():
                    await self.close()
            except (OSError, WebSocketError, HTTPClientError):
                await self.close()
                await asyncio.sleep(PAUSE_S)

    async def close(self) -> None:
        """Close the connection, if there is one."""
        if self._socket is not None:
            self._socket.close()
            self._socket = None


class OrderLoad:
    """Orders to any of some addresses, each repeated under its own id until it is answered.

    Attributes:
        acknowledged: Order ids by number.
    """

    def __init__(self, addresses: Sequence[str], token: str) -> None:
        self.acknowledged: dict[int, str] = {}
        self._addresses = addresses
        self._headers = {"Content-Type": "application/json"} | bearer(token)
        self._numbers = itertools.count()
        self._is_stopped = False
        self._client: AsyncHTTPClient = AsyncHTTPClient(force_instance=True)

    async def run(self, tasks: int, seed: int = 0) -> None:
        """Send orders with so many at a time, until `stop`."""
        await asyncio.gather(*(self._work(Random(seed + number)) for number in range(tasks)))
        self._client.close()

    def stop(self) -> None:
        """Send no further order; those that were sent are repeated until they are answered."""
        self._is_stopped = True

    async def _work(self, random: Random) -> None:
        for number in self._numbers:
            if self._is_stopped:
                return
            order = {"symbol": "AAPL", "type": 2, "side": random.choice((1, -1)), "qty": 1}
            body = json.dumps(order | {"clientOrderId": f"load-{number}"})
            while (order_id := await self._send(random.choice(self._addresses), body)) is None:
                await asyncio.sleep(PAUSE_S)
            self.acknowledged[number] = order_id

    async def _send(self, address: str, body: str) -> str | None:
        """Send an order; returns its id, None without an answer of the core."""
        try:
            response = await self._client.fetch(
                f"http://{address}/api/v1/broker/orders",
                method="POST",
                headers=self._headers,
                body=body,
                request_timeout=10,
                raise_error=False,
            )
        except (OSError, HTTPClientError):
            return None
        if response.code == 503:
            return None
        assert response.code == 200, response.body
        order_id: str = json.loads(response.body)["orderId"]
        return order_id
