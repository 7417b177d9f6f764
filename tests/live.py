"""A live server for tests: the real application on real sockets, with a clock and ticks that the test controls."""

import asyncio
import functools
import json
from typing import Any

from tornado.httpclient import AsyncHTTPClient, HTTPResponse
from tornado.websocket import WebSocketClientConnection

from engine.market.feeds.synthetic import SyntheticFeed
from engine.market.instruments import Catalogue, Sessions
from engine.market.market import Market
from handlers.stream.limits import StreamLimits
from server.app import Server, make_server
from server.conformance.checker import Checker, Conversation
from server.monitoring.linter import instrument_info
from server.settings import Settings
from server.storage.recovery import Recovered
from tests.contract import wire
from tests.support import WAIT_S, ManualClock

SILENT_TICKER_MS = 60_000
Inbox = asyncio.Queue[str | bytes | None]
ACCOUNT = {"accountId": "DEMO-ACCOUNT"}


@functools.cache
def default_catalogue(sessions: Sessions) -> Catalogue:
    """The catalogue of the program, read once: it never changes, and reading it is most of the work of a server."""
    return Catalogue.load(sessions=sessions)


def invented_market(settings: Settings) -> Market | None:
    """The market of the default catalogue; None for settings that name files or another feed."""
    if settings.feed == "external" or settings.instruments is not None or settings.replay is not None:
        return None
    catalogue = default_catalogue(settings.sessions)
    return Market(catalogue, SyntheticFeed(catalogue, settings.seed, catalogue.calendars))


def compose(
    clock: ManualClock, limits: StreamLimits | None = None, recovered: Recovered | None = None, **settings: Any
) -> Server:
    """Compose a server that ticks only when the test steps it; `recovered` is storage that is already open."""
    chosen = Settings(**({"tick_ms": SILENT_TICKER_MS, "ephemeral": True} | settings))
    return make_server(chosen, clock, invented_market(chosen), recovered, limits=limits)


def infos(market: Market) -> dict[str, Any]:
    """The instruments of a market as the rules of the conformance kit know them."""
    return {name: instrument_info(one) for name, one in market.instruments.items()}


class Live:
    """A listening server and its REST client."""

    def __init__(self, server: Server, address: str, clock: ManualClock, http: AsyncHTTPClient) -> None:
        self.server = server
        self.address = address
        self.clock = clock
        self.conversations: list[Conversation] = []
        self.http = http

    async def fetch(self, method: str, path: str, body: Any = None, **options: Any) -> HTTPResponse:
        """Send a request to a whole path, or to one below `/api/v1`; raises only if the answer breaks the contract."""
        headers = {"Content-Type": "application/json"} | options.pop("headers", {})
        if path.endswith("/reset"):
            for conversation in self.conversations:
                conversation.ignore_sums()
        data = body if body is None or isinstance(body, bytes) else json.dumps(body)
        response = await self.http.fetch(
            f"http://{self.address}{wire.full_path(path)}",
            method=method,
            body=data,
            headers=headers,
            raise_error=False,
            allow_nonstandard_methods=True,
            **options,
        )
        media_type = response.headers.get("Content-Type", "").partition(";")[0]
        wire.check_reply(method, path, wire.Reply(response.code, media_type, response.body))
        return response

    async def call(self, method: str, path: str, body: Any = None) -> Any:
        """Send a request that succeeds; returns the decoded answer."""
        response = await self.fetch(method, path, body)
        assert response.code == 200, response.body
        return json.loads(response.body)

    async def place(self, **order: Any) -> str:
        """Place an order; returns its id."""
        fields = {"symbol": "AAPL", "type": 2, "side": 1, "qty": 10} | order
        reply: dict[str, str] = await self.call("POST", "/broker/orders", fields)
        return reply["orderId"]

    def step(self, ms: int = 200) -> None:
        """Advance the clock and run one tick."""
        self.clock.advance(ms)
        self.server.step()


class Stream:
    """A WebSocket client: messages as dictionaries, every wait with a timeout.

    Messages are read from the socket as they arrive: an unread one would hide the close of the connection. Each one is
    checked against the contract and the rules of the conformance kit.

    Args:
        socket: The WebSocket.
        inbox: Its messages.
        server: The server, which knows the instruments and the resets of accounts.

    Attributes:
        is_held: Whether frames are checked; False for updates that a test invents.
    """

    def __init__(self, socket: WebSocketClientConnection, inbox: Inbox, server: Live | None = None) -> None:
        self.socket = socket
        self._inbox = inbox
        self._checker = Checker()
        self._conversation = Conversation(self._checker, "test")
        self.is_held = True
        if server is not None:
            self._checker.instruments |= infos(server.server.services.engine.market)
            server.conversations.append(self._conversation)

    async def send(self, message: Any) -> None:
        """Send a message; text and bytes are sent unchanged."""
        if isinstance(message, bytes):
            await self.socket.write_message(message, binary=True)
        else:
            await self.socket.write_message(message if isinstance(message, str) else json.dumps(message))

    async def receive(self) -> dict[str, Any]:
        """Return the next message. Raises: TimeoutError; AssertionError when the server closed."""
        text = await asyncio.wait_for(self._inbox.get(), WAIT_S)
        assert text is not None, f"closed with {self.socket.close_code}"
        message: dict[str, Any] = json.loads(text)
        if self.is_held:
            wire.check_frame(message)
            self._conversation.receive(message)
            assert not self._checker.violations, f"breaks a rule of the conformance kit: {self._checker.violations[0]}"
        return message

    async def closed(self) -> int | None:
        """Wait for the server's close and return its code."""
        assert await asyncio.wait_for(self._inbox.get(), WAIT_S) is None
        return self.socket.close_code

    async def ask(self, kind: str, payload: Any = ACCOUNT, **more: Any) -> dict[str, Any]:
        """Send a message and return the next one."""
        await self.send({"type": kind, "payload": payload, **more})
        return await self.receive()

    async def subscribe(self, route: str, payload: Any = ACCOUNT) -> str:
        """Subscribe and return the topic."""
        reply = await self.ask(f"{route}.subscribe", payload)
        assert (reply["type"], reply["payload"]["status"]) == (f"{route}.subscribe.response", "ok"), reply
        topic: str = reply["payload"]["topic"]
        return topic

    async def updates(self, count: int) -> list[tuple[str, Any]]:
        """Return the routes and payloads of the next updates."""
        messages = [await self.receive() for _ in range(count)]
        return [(m["type"].removesuffix(".update"), m["payload"]["payload"]) for m in messages]

    async def settled(self) -> list[dict[str, Any]]:
        """Return all messages until now, after every command was answered; checks the rules about a quiet state."""
        messages = await self.drained()
        self._conversation.settle()
        assert not self._checker.violations, f"breaks a rule of the conformance kit: {self._checker.violations[0]}"
        return messages

    async def drained(self) -> list[dict[str, Any]]:
        """Return all messages that the server sent before the answer to a marker message."""
        await self.send({"type": "nonsense", "id": "marker"})
        messages: list[dict[str, Any]] = []
        while (message := await self.receive()).get("id") != "marker":
            messages.append(message)
        return messages
