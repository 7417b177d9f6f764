"""Many worlds at once, each with clients that trade: each client sees the bytes that it sees when its world runs alone.

One more world has a storm of faults at every stage meanwhile. Compared are the bodies of all answers and all exact
updates. `bench/worlds.py` runs it with 50 worlds of 10 clients, and tests/bench/test_worlds.py a small one.
"""

import asyncio
import json
from collections import Counter
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from tornado.httpclient import AsyncHTTPClient, HTTPClientError
from tornado.netutil import bind_sockets
from tornado.websocket import WebSocketClientConnection, websocket_connect

from handlers.http.tornado_server import HttpServer
from server.app import Server, make_http_server, make_server
from server.settings import Settings

START_MS = 1_767_625_200_000
TURNS = 3
TOPICS = ("orders", "executions", "positions", "notifications")
SYMBOLS = ("AAPL", "BTCUSD", "EURUSD")
HALF: dict[str, Any] = {"probability": 0.5}
STORM: list[dict[str, Any]] = [
    HALF | {"stage": "request", "match": {"path": "*/datafeed/*"}, "do": {"latency": {"ms": 5, "jitter": 5}}},
    HALF | {"stage": "request", "match": {"method": "POST", "path": "*/orders"}, "do": {"status": {"code": 503}}},
    HALF | {"stage": "request", "match": {"path": "*/orders"}, "do": {"reset": True}, "phase": "after"},
    HALF | {"stage": "order", "match": {"symbol": "AAPL"}, "do": {"reject": {"reason": "HALTED", "message": "no"}}},
    HALF | {"stage": "order", "match": {}, "do": {"fill": {"qty": 1, "then": "cancel"}}},
    {"stage": "order", "match": {}, "do": {"delay": {"ms": 700}}},
    HALF | {"stage": "push", "match": {"route": "orders"}, "do": {"drop": True}},
    HALF | {"stage": "push", "match": {"route": "executions"}, "do": {"duplicate": True}},
    HALF | {"stage": "push", "match": {"route": "positions"}, "do": {"truncate": {"bytes": 9}}},
    {"stage": "push", "match": {}, "do": {"reorder": {"n": 1}}},
    {"stage": "connection", "match": {"topic": "notifications:*"}, "do": {"close": {"code": 1012}}, "times": 1},
    HALF | {"stage": "connection", "match": {"topic": "orders:*"}, "do": {"bandwidth": {"bytesPerS": 20_000}}},
]


class Crowd(NamedTuple):
    """How many worlds, and how many clients each has."""

    worlds: int
    clients: int


@dataclass(slots=True)
class Seen:
    """What one client got.

    Attributes:
        answers: Status and body of each request; status 0 without an answer.
        updates: Its updates as text.
    """

    answers: list[tuple[int, bytes]] = field(default_factory=list)
    updates: list[str] = field(default_factory=list)


class Outcome(NamedTuple):
    """The outcome of a crowd.

    Attributes:
        different: Names of the clients that got other bytes than alone.
        answers, updates, size: Numbers of the answers and updates that were compared, and their bytes.
        storm: Applications of the faults by stage.
    """

    different: list[str]
    answers: int
    updates: int
    size: int
    storm: Counter[str]


class Site:
    """A listening server in this process, and a client of its worlds."""

    def __init__(self, server: Server, listener: HttpServer, address: str) -> None:
        self.server = server
        self.address = address
        self._listener = listener
        self._http = AsyncHTTPClient(force_instance=True, max_clients=1000)

    @classmethod
    def start(cls, worlds: int) -> "Site":
        """Start a server for so many worlds."""
        settings = Settings(ephemeral=True, control=True, worlds=worlds)
        server = make_server(settings)
        sockets = bind_sockets(0, "127.0.0.1")
        listener = make_http_server(settings, server.site)
        listener.add_sockets(sockets)
        return cls(server, listener, f"127.0.0.1:{sockets[0].getsockname()[1]}")

    async def stop(self) -> None:
        """Stop the server."""
        self._http.close()
        self._listener.stop()
        self.server.ticker.stop()
        await self.server.worlds.close()
        await self._listener.close_all_connections()
        await self.server.storage.close()

    async def ask(self, method: str, path: str, body: Any = None) -> tuple[int, bytes]:
        """Send a request; returns status and body, status 0 without an answer."""
        data = None if body is None else json.dumps(body)
        headers = {"Content-Type": "application/json", "Prefer": "wait=60"}
        with suppress(HTTPClientError, OSError):
            reply = await self._http.fetch(
                f"http://{self.address}{path}",
                method=method,
                body=data,
                headers=headers,
                raise_error=False,
                request_timeout=120,
            )
            return reply.code, reply.body
        return 0, b""


class Client:
    """A client of one world with an account of its own.

    Args:
        site: The server.
        base: Path of the world.
        number: Its number in the world.

    Attributes:
        seen: What it got.
    """

    def __init__(self, site: Site, base: str, number: int) -> None:
        self.seen = Seen()
        self._site = site
        self._base = f"{base}/api/v1"
        self._account = f"CLIENT-{number}"
        self._number = number
        self._socket: WebSocketClientConnection | None = None
        self._settled = asyncio.Event()

    async def connect(self) -> None:
        """Open its socket and subscribe to its exact topics."""
        url = f"ws://{self._site.address}{self._base}/ws"
        self._socket = await websocket_connect(url, on_message_callback=self._receive)
        for topic in TOPICS:
            await self._socket.write_message(
                json.dumps({"type": f"{topic}.subscribe", "payload": {"accountId": self._account}})
            )
        await self.settle()

    async def settle(self) -> None:
        """Wait until every message until now has arrived."""
        assert self._socket is not None
        self._settled.clear()
        await self._socket.write_message('{"type": "unknown", "id": "settle"}')
        await self._settled.wait()

    async def trade(self, turn: int) -> None:
        """Place an order with brackets around the price of its symbol, and look at the account."""
        symbol = SYMBOLS[(self._number + turn) % len(SYMBOLS)]
        status, body = await self.ask("POST", "/datafeed/quotes", {"symbols": [symbol]})
        last = json.loads(body)[0]["v"]["lp"] if status == 200 else 100.0
        side = 1 if (self._number + turn) % 3 else -1
        order = {"symbol": symbol, "type": 2, "side": side, "qty": 1000 if symbol == "EURUSD" else 1 + turn}
        brackets = {"takeProfit": round(last * (1 + side * 0.002), 2), "stopLoss": round(last * (1 - side * 0.002), 2)}
        await self.ask("POST", "/broker/orders", order if symbol == "EURUSD" else order | brackets)
        await self.ask("GET", "/broker/account/state")

    async def ask(self, method: str, path: str, body: Any = None) -> tuple[int, bytes]:
        """Send a request of its account and keep the answer."""
        self.seen.answers.append(await self._site.ask(method, f"{self._base}{path}?accountId={self._account}", body))
        return self.seen.answers[-1]

    def close(self) -> None:
        """Close its socket."""
        if self._socket is not None:
            self._socket.close()

    def _receive(self, message: str | bytes | None) -> None:
        if isinstance(message, str):
            if '"settle"' in message:
                self._settled.set()
            elif '.update"' in message:
                self.seen.updates.append(message)


class Played(NamedTuple):
    """A world after its script: its path, and what its clients got."""

    base: str
    seen: list[Seen]


async def play(site: Site, seed: int, clients: int, faults: Sequence[dict[str, Any]] = ()) -> Played:
    """Run the script of a world in a new one, which has to be deleted afterwards."""
    accounts = [{"id": f"CLIENT-{number}"} for number in range(clients)]
    body = {"seed": seed, "start": START_MS, "mode": "paused", "accounts": accounts}
    status, made = await site.ask("POST", "/api/v1/worlds", body)
    assert status == 201, made
    base = f"/w/{json.loads(made)['id']}"
    crowd = [Client(site, base, number) for number in range(clients)]
    for client in crowd:
        await client.connect()
    if faults:
        status, answer = await site.ask("PUT", f"{base}/api/v1/faults", {"faults": list(faults)})
        assert status == 200, answer
    for turn in range(TURNS):
        for client in crowd:
            await client.trade(turn)
        await site.ask("POST", f"{base}/api/v1/clock/advance", {"by": 60_000 * (1 + seed % 3)})
    for client in crowd:
        for path in ("/broker/orders", "/broker/executions", "/broker/positions"):
            await client.ask("GET", path)
        if not faults:
            await client.settle()
        client.close()
    return Played(base, [client.seen for client in crowd])


async def delete(site: Site, base: str) -> None:
    """Delete a world."""
    status, answer = await site.ask("DELETE", f"/api/v1/worlds/{base.rpartition('/')[2]}")
    assert status == 200, answer


async def compare(crowd: Crowd) -> Outcome:
    """Run every world alone and then all of them with a storm beside them, and compare."""
    site = Site.start(crowd.worlds + 1)
    try:
        alone = []
        for seed in range(crowd.worlds):
            base, seen = await play(site, seed, crowd.clients)
            await delete(site, base)
            alone.append(seen)
        worlds = [play(site, seed, crowd.clients) for seed in range(crowd.worlds)]
        *together, (stormy, _) = await asyncio.gather(*worlds, play(site, 1, crowd.clients, STORM))
        _, answer = await site.ask("GET", f"{stormy}/api/v1/faults")
        for base in (*(base for base, _ in together), stormy):
            await delete(site, base)
    finally:
        await site.stop()
    storm = Counter[str]()
    for fault in json.loads(answer):
        storm[fault["stage"]] += fault["stats"]["applied"]
    pairs = {
        f"world {seed}, client {number}": (first, second)
        for seed, (before, (_, after)) in enumerate(zip(alone, together, strict=True))
        for number, (first, second) in enumerate(zip(before, after, strict=True))
    }
    answers = [body for first, _ in pairs.values() for _, body in first.answers]
    updates = [text for first, _ in pairs.values() for text in first.updates]
    size = sum(map(len, answers)) + sum(map(len, updates))
    different = [name for name, (first, second) in pairs.items() if first != second]
    return Outcome(different, len(answers), len(updates), size, storm)
