"""A client of a broker for the script: REST calls, and sockets whose messages go through the checker.

The bodies and messages are as the broker sends them; nothing is corrected.
"""

import asyncio
import json
from collections.abc import Callable
from typing import Any, NamedTuple

from tornado.httpclient import AsyncHTTPClient, HTTPClientError, HTTPRequest
from tornado.websocket import WebSocketClientConnection, WebSocketError, websocket_connect

from server.conformance.checker import Checker, Conversation
from server.conformance.state import Json

API = "/api/v1"
REQUEST_TIMEOUT_S = 15.0
RESPONSE_TIMEOUT_S = 15.0
PROTOCOL = "trading.v1"


class Unreachable(Exception):
    """The broker does not answer as one that speaks the contract; the message is one line."""


class Reply(NamedTuple):
    """A REST call and its answer; `body` is None where the answer is no JSON."""

    method: str
    path: str
    status: int
    media_type: str
    body: Any

    @property
    def is_ok(self) -> bool:
        """Whether the command or query was accepted."""
        return self.status == 200

    @property
    def evidence(self) -> Json:
        """The call and its answer, for reports."""
        return {"call": f"{self.method} {self.path}", "status": self.status, "body": self.body}


class Connection:
    """A WebSocket to the broker.

    Attributes:
        conversation: Gets each message.
        told: Number of the last message about each order and position, by "orders:ID" and "positions:ID", and of the
            last one of each route, by its name.
    """

    def __init__(self, conversation: Conversation, confirm_s: float) -> None:
        self.conversation = conversation
        self.told: dict[str, int] = {}
        self._confirm_s = confirm_s
        self._responses: dict[int, Json] = {}
        self._changed = asyncio.Event()
        self._socket: WebSocketClientConnection | None = None
        self._last_id = 0

    async def open(self, url: str, token: str | None) -> None:
        """Connect. Raises: Unreachable."""
        offered = None if token is None else [PROTOCOL, f"bearer.{token}"]
        try:
            self._socket = await websocket_connect(url, on_message_callback=self._receive, subprotocols=offered)
        except (OSError, ValueError, HTTPClientError, WebSocketError) as error:
            raise Unreachable(f"{url}: {error}") from None

    def close(self) -> None:
        """Close the socket."""
        if self._socket is not None:
            self._socket.close()

    async def ask(self, kind: str, payload: Json, **more: Any) -> Json:
        """Send a message and return the payload of its response. Raises: Unreachable: there is none in time."""
        assert self._socket is not None
        self._last_id += 1
        number = self._last_id
        await self._socket.write_message(json.dumps({"type": kind, "id": number, "payload": payload, **more}))
        if not await self._wait(lambda: number in self._responses, RESPONSE_TIMEOUT_S):
            raise Unreachable(f"{kind} with id {number} has no response within {RESPONSE_TIMEOUT_S:g} s")
        return self._responses.pop(number)

    async def wait(self, is_reached: Callable[[], bool]) -> bool:
        """Wait until a message makes a condition true; returns False if none does within the time of a confirmation."""
        return await self._wait(is_reached, self._confirm_s)

    async def _wait(self, is_reached: Callable[[], bool], timeout_s: float) -> bool:
        try:
            async with asyncio.timeout(timeout_s):
                while not is_reached():
                    self._changed.clear()
                    await self._changed.wait()
        except TimeoutError:
            return False
        return True

    async def next_update(self, route: str) -> None:
        """Wait for the next update of a route, as long as for a confirmation."""
        before = self.conversation.received
        await self.wait(lambda: self.told.get(route, 0) > before)

    def _receive(self, text: str | bytes | None) -> None:
        if text is not None:
            try:
                message = json.loads(text)
            except ValueError:
                message = str(text)
            self.conversation.receive(message)
            if isinstance(message, dict):
                self._note(message)
        self._changed.set()

    def _note(self, message: Json) -> None:
        route, _, operation = str(message.get("type")).partition(".")
        body = message.get("payload")
        if isinstance(message.get("id"), int) and isinstance(body, dict):
            self._responses[message["id"]] = body
        elif operation == "update" and isinstance(body, dict) and isinstance(body.get("payload"), dict):
            number = self.conversation.received
            self.told[route] = self.told[f"{route}:{body['payload'].get('id')}"] = number


class BrokerClient:
    """REST calls and connections to one broker.

    Args:
        url: Address of the broker, without `/api/v1`.
        token: Bearer token, if it needs one.
        checker: Gets the messages of all connections.
        confirm_s: Longest wait for a confirmation, in seconds.
    """

    def __init__(self, url: str, token: str | None, checker: Checker, confirm_s: float) -> None:
        self._base = url.rstrip("/").removesuffix(API) + API
        self._token = token
        self._checker = checker
        self._confirm_s = confirm_s
        self._http = AsyncHTTPClient(force_instance=True)
        self._connections: list[Connection] = []

    async def call(self, method: str, path: str, body: Any = None) -> Reply:
        """Send a request to a path below `/api/v1`. Raises: Unreachable: there is no answer."""
        headers = {"Content-Type": "application/json"}
        if self._token is not None:
            headers["Authorization"] = f"Bearer {self._token}"
        request = HTTPRequest(
            self._base + path,
            method=method,
            headers=headers,
            body=None if body is None else json.dumps(body),
            allow_nonstandard_methods=True,
            request_timeout=REQUEST_TIMEOUT_S,
        )
        try:
            answer = await self._http.fetch(request, raise_error=False)
        except OSError as error:
            raise Unreachable(f"{self._base}: {error}") from None
        if answer.code == 599:
            raise Unreachable(f"{self._base}: {answer.error}")
        media_type = answer.headers.get("Content-Type", "").partition(";")[0]
        try:
            content = json.loads(answer.body)
        except ValueError:
            content = None
        return Reply(method, path, answer.code, media_type, content)

    async def connect(self, name: str) -> Connection:
        """Open a connection whose messages go through the checker. Raises: Unreachable."""
        connection = Connection(Conversation(self._checker, name), self._confirm_s)
        self._connections.append(connection)
        await connection.open("ws" + self._base.removeprefix("http") + "/ws", self._token)
        return connection

    def close(self) -> None:
        """Close all connections."""
        for connection in self._connections:
            connection.close()
        self._http.close()
