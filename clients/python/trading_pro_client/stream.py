"""The stream: confirmed subscriptions, shared by their listeners, renewed after a lost connection, without gaps.

The server names a subscription's topic in its response; listeners of one route and payload share a subscription.
After a reconnect every one is made again. Exact routes ask for what they missed; where the server cannot give all of
it, the listeners' `on_reset` is called instead.
"""

import asyncio
import json
import random
from collections.abc import Callable
from typing import Any

from tornado.httpclient import HTTPClientError
from tornado.websocket import WebSocketClientConnection, WebSocketClosedError, WebSocketError, websocket_connect

from trading_pro_client.errors import SubscriptionError
from trading_pro_client.generated.routes import EXACT, OnReset, Routes
from trading_pro_client.subscription import Subscription

FIRST_PERMANENT_CODE, LAST_PERMANENT_CODE = 4500, 4999
MISSED_HEARTBEATS = 3
NO_PONG = 4012


class Entry:
    """What one subscription at the server is to this client."""

    def __init__(self, route: str, payload: Any) -> None:
        self.route = route
        self.payload = payload
        self.key = f"{route}:{json.dumps(payload, sort_keys=True)}"
        self.listeners: dict[Subscription[Any], OnReset | None] = {}
        self.confirmed: asyncio.Task[None] | None = None
        self.topic = ""
        self.epoch: str | None = None
        self.seq = -1

    @property
    def is_exact(self) -> bool:
        """Whether every update counts."""
        return self.route in EXACT


class Stream(Routes):
    """One socket and its subscriptions; connects when it is first needed.

    Args:
        address: The socket, such as "ws://127.0.0.1:8000/api/v1/ws".
        token: Returns a token, where the server asks for tokens.
        pause_s: Seconds before the first reconnect; doubles each time, up to `max_pause_s`. Each pause is random
            between half of it and all of it.
    """

    def __init__(
        self, address: str, token: Callable[[], str] | None = None, pause_s: float = 0.5, max_pause_s: float = 30.0
    ) -> None:
        self._address = address
        self._token = token
        self._pause_s = pause_s
        self._max_pause_s = max_pause_s
        self._entries: dict[str, Entry] = {}
        self._by_topic: dict[str, Entry] = {}
        self._pending: dict[int, tuple[asyncio.Future[Any], Callable[[Any], None] | None]] = {}
        self._socket: WebSocketClientConnection | None = None
        self._connecting: asyncio.Task[None] | None = None
        self._renewing: asyncio.Task[None] | None = None
        self._watching: asyncio.Task[None] | None = None
        self._last_frame = 0.0
        self._next_id = 1
        self._is_closed = False

    async def close(self) -> None:
        """End every subscription and the connection."""
        self._is_closed = True
        for entry in self._entries.values():
            for listener in entry.listeners:
                listener.finish(None)
        self._entries.clear()
        tasks = [task for task in (self._connecting, self._renewing, self._watching) if task is not None]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        socket = self._socket
        self._lost(1000)
        if socket is not None:
            socket.close(1000)

    async def _subscribe(self, route: str, payload: Any, on_reset: OnReset | None) -> Subscription[Any]:
        if self._is_closed:
            raise SubscriptionError("CLOSED", "the stream is closed")
        made = Entry(route, payload)
        entry = self._entries.setdefault(made.key, made)
        listener: Subscription[Any] = Subscription(entry.is_exact, lambda ended: self._leave(entry, ended))
        entry.listeners[listener] = on_reset
        if entry.confirmed is None:
            entry.confirmed = asyncio.ensure_future(self._confirm(entry))
        try:
            await asyncio.shield(entry.confirmed)
        except BaseException:
            entry.listeners.pop(listener, None)
            if not entry.listeners:
                self._drop(entry)
            raise
        listener.topic = entry.topic
        return listener

    async def _leave(self, entry: Entry, listener: Subscription[Any]) -> None:
        entry.listeners.pop(listener, None)
        if not entry.listeners and self._entries.get(entry.key) is entry:
            self._drop(entry)
            if self._socket is not None:
                await self._ask(f"{entry.route}.unsubscribe", {"payload": entry.payload})

    def _drop(self, entry: Entry) -> None:
        if self._entries.get(entry.key) is entry:
            del self._entries[entry.key]
        if self._by_topic.get(entry.topic) is entry:
            del self._by_topic[entry.topic]

    async def _confirm(self, entry: Entry) -> None:
        """Subscribe at the server, resuming where it was known before. Raises: SubscriptionError."""
        await self._connected()
        known = {"epoch": entry.epoch, "seq": entry.seq} if entry.is_exact and entry.epoch is not None else None
        more: dict[str, Any] = {"recover": known, "snapshot": True} if known else {}

        def confirmed(reply: dict[str, Any]) -> None:
            if reply["status"] == "error":
                return
            entry.topic = reply["topic"]
            self._by_topic[entry.topic] = entry
            is_recovered = known is not None and reply.get("recovered") is True
            entry.epoch = reply.get("epoch")
            if not is_recovered:
                entry.seq = reply.get("seq", -1)
            if known is not None and not is_recovered:
                for on_reset in list(entry.listeners.values()):
                    if on_reset is not None:
                        on_reset(reply.get("snapshot"))

        reply = await self._ask(f"{entry.route}.subscribe", {"payload": entry.payload, **more}, confirmed)
        if reply["status"] == "error":
            raise SubscriptionError("REFUSED", reply["message"])

    async def _ask(
        self, kind: str, message: dict[str, Any], on_reply: Callable[[Any], None] | None = None
    ) -> dict[str, Any]:
        """Send a request and return its reply; `on_reply` runs before the next frame is looked at."""
        if self._socket is None:
            raise SubscriptionError("CLOSED", "the connection ended")
        number, self._next_id = self._next_id, self._next_id + 1
        future: asyncio.Future[Any] = asyncio.get_running_loop().create_future()
        self._pending[number] = future, on_reply
        try:
            await self._socket.write_message(json.dumps({"type": kind, "id": number, **message}))
        except WebSocketClosedError:
            self._pending.pop(number, None)
            raise SubscriptionError("CLOSED", "the connection ended") from None
        reply: dict[str, Any] = await future
        return reply

    async def _connected(self) -> None:
        if self._socket is not None:
            return
        if self._connecting is None or self._connecting.done():
            self._connecting = asyncio.ensure_future(self._connect())
        await asyncio.shield(self._connecting)

    async def _connect(self) -> None:
        """Open the socket and ask for heartbeats; a server that knows none answers with an error, which is fine."""
        opening = asyncio.ensure_future(websocket_connect(self._address))
        opening.add_done_callback(self._close_if_late)
        socket = await asyncio.shield(opening)
        self._socket = socket
        self._last_frame = asyncio.get_running_loop().time()
        self._watching = asyncio.ensure_future(self._read(socket))
        hello = {} if self._token is None else {"token": self._token()}
        try:
            welcome = await self._ask("hello", {"payload": hello})
        except SubscriptionError as error:
            if error.code == "CLOSED":
                raise
        else:
            self._expect_heartbeats(socket, welcome["heartbeatMs"] / 1000)

    def _close_if_late(self, opened: "asyncio.Future[WebSocketClientConnection]") -> None:
        """Let go of a socket that opened when nobody waited for it any more."""
        if self._is_closed and not opened.cancelled() and opened.exception() is None:
            opened.result().close()

    def _expect_heartbeats(self, socket: WebSocketClientConnection, period_s: float) -> None:
        loop = asyncio.get_running_loop()

        def look() -> None:
            if self._socket is not socket:
                return
            if loop.time() - self._last_frame > MISSED_HEARTBEATS * period_s:
                self._lost(NO_PONG)
                socket.close()
            else:
                loop.call_later(period_s, look)

        loop.call_later(period_s, look)

    async def _read(self, socket: WebSocketClientConnection) -> None:
        while (text := await socket.read_message()) is not None:
            self._last_frame = asyncio.get_running_loop().time()
            self._receive(json.loads(text))
        socket.close()
        if self._socket is socket:
            self._lost(socket.close_code or 1006)

    def _receive(self, message: dict[str, Any]) -> None:
        number, payload = message.get("id"), message.get("payload")
        if number in self._pending:
            future, on_reply = self._pending.pop(number)
            if message["type"] == "error":
                assert payload is not None
                future.set_exception(SubscriptionError(payload["code"], payload["message"]))
            elif not future.done():
                if on_reply is not None:
                    on_reply(payload)
                future.set_result(payload)
        elif message["type"].endswith(".update"):
            assert payload is not None
            self._update(payload["topic"], payload["payload"], payload["seq"])

    def _update(self, topic: str, payload: Any, seq: int) -> None:
        entry = self._by_topic.get(topic)
        if entry is None or (entry.is_exact and seq <= entry.seq):
            return
        entry.seq = seq
        for listener in list(entry.listeners):
            listener.put(payload, seq)

    def _lost(self, code: int) -> None:
        self._socket = None
        self._by_topic.clear()
        pending, self._pending = self._pending, {}
        ended = SubscriptionError("CLOSED", f"the connection ended with {code}")
        for future, _ in pending.values():
            if not future.done():
                future.set_exception(ended)
        if FIRST_PERMANENT_CODE <= code <= LAST_PERMANENT_CODE:
            self._is_closed = True
            for entry in self._entries.values():
                for listener in entry.listeners:
                    listener.finish(ended)
        elif not self._is_closed and (self._renewing is None or self._renewing.done()):
            self._renewing = asyncio.ensure_future(self._renew())

    async def _renew(self) -> None:
        """Come back, however long it takes, and make every confirmed subscription again."""
        pause_s = self._pause_s
        while not self._is_closed and any(entry.topic for entry in self._entries.values()):
            await asyncio.sleep(pause_s * random.uniform(0.5, 1))
            pause_s = min(self._max_pause_s, 2 * pause_s)
            try:
                await self._connected()
                for entry in [entry for entry in self._entries.values() if entry.topic]:
                    await self._renew_one(entry)
            except (OSError, HTTPClientError, WebSocketError, SubscriptionError):
                continue
            return

    async def _renew_one(self, entry: Entry) -> None:
        try:
            await self._confirm(entry)
        except SubscriptionError as error:
            if error.code == "CLOSED":
                raise
            self._drop(entry)
            for listener in entry.listeners:
                listener.finish(error)
