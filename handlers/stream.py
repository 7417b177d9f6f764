"""The socket: messages in, replies out. It knows message types and topics, nothing of trading.

Wrong input costs a client nothing but an error reply; only abuse closes. Subscriptions end with the connection, however
it ends.
"""

import logging
from typing import Any, NamedTuple

import orjson
from pydantic import ValidationError
from tornado.ioloop import IOLoop
from tornado.websocket import WebSocketHandler, WebSocketProtocol13

from engine.errors import Denied
from engine.topics import ROUTES, Payload, Route, Topic, topic_text
from handlers.base import Answering
from handlers.connection import Connection, frame
from handlers.identity import PROTOCOL, Identity
from handlers.problems import first_issue
from handlers.services import Services

log = logging.getLogger("trading.stream")

CUT_AFTER_S = 1.0
MAX_TOPICS = 256


class BadMessage(Exception):
    """A message that gets an error reply."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code


class Message(NamedTuple):
    """A well-formed message: its route, operation, payload, and the id to echo (a string, a number, or None)."""

    route: Route
    operation: str
    payload: object
    id: str | int | float | None


class StreamHandler(Answering, WebSocketHandler):
    """One client's WebSocket.

    Attributes:
        modules: The modules whose routes this address serves.
    """

    connection: Connection | None = None
    identity: Identity

    def initialize(self, services: Services, modules: tuple[str, ...]) -> None:
        """Take what the server composed."""
        self.services = services
        self.modules = modules

    def prepare(self) -> None:
        """Refuse the wrong Host and the pages of other sites before the upgrade. Raises: Refusal."""
        self.services.gate.check_host(self.request)
        self.services.gate.check_origin(self.request)

    def check_origin(self, origin: str) -> bool:  # noqa: ARG002 - the name is Tornado's
        """Let through what `prepare` has let through."""
        return True

    def select_subprotocol(self, subprotocols: list[str]) -> str | None:
        """Agree on ours when the client offers it."""
        return PROTOCOL if PROTOCOL in subprotocols else None

    def open(self, *_args: str, **_kwargs: str) -> None:
        """Take the socket; nothing is sent first."""
        assert isinstance(self.ws_connection, WebSocketProtocol13)
        self.connection = Connection(self.ws_connection.stream, self)
        self.services.hub.join(self.connection)
        self.identity = Identity(self.services.gate, self.request, self.connection.close, self._warn)
        self.identity.open()

    def on_message(self, message: str | bytes) -> None:
        """Answer a message; a wrong one gets an error reply."""
        echo: str | int | float | None = None
        try:
            if isinstance(message, bytes):
                raise BadMessage("BINARY_FRAME", "messages are text frames")
            envelope = self._envelope(message)
            echo = self._echo(envelope)
            if envelope.get("type") == "hello":
                self._hello(envelope.get("payload"))
                return
            if self.identity.caller is None:
                raise BadMessage("UNAUTHORIZED", "say hello with a token first")
            self._answer(self._message(envelope, echo))
        except BadMessage as error:
            payload = {"code": error.code, "message": str(error)}
            self._send({"type": "error", **_id(echo), "payload": payload})
        self.services.wake()

    def on_close(self) -> None:
        """Release everything that the connection held."""
        if self.connection is not None:
            self.connection.is_open = False
            self.identity.end()
            self.services.hub.leave(self.connection)
            self.services.wake()

    def cut(self, code: int, reason: str) -> None:
        """Close; by force after a second, since a close frame cannot pass a backlog."""
        assert self.connection is not None
        self.services.hub.leave(self.connection)
        log.info("cut code=%d reason=%r", code, reason)
        self.close(code, reason)
        if isinstance(self.ws_connection, WebSocketProtocol13):
            IOLoop.current().call_later(CUT_AFTER_S, self.ws_connection.stream.close)

    def _hello(self, payload: object) -> None:
        token = payload.get("token") if isinstance(payload, dict) else None
        if self.identity.hello(token):
            self._send({"type": "welcome", "payload": {"serverTime": self.services.engine.now_ms()}})

    def _warn(self, left_s: float) -> None:
        payload = {"code": "TOKEN", "message": "send hello with a fresh token", "inMs": round(left_s * 1000)}
        self._send({"type": "notice", "payload": payload})

    def _envelope(self, text: str) -> dict[str, Any]:
        try:
            envelope = orjson.loads(text)
        except orjson.JSONDecodeError as error:
            raise BadMessage("NOT_JSON", f"the message is not JSON: {error}") from None
        if not isinstance(envelope, dict):
            raise BadMessage("BAD_MESSAGE", "a message is an object with a type and a payload")
        return envelope

    def _echo(self, envelope: dict[str, Any]) -> str | int | float | None:
        echo = envelope.get("id")
        if echo is None or (isinstance(echo, int | float) and not isinstance(echo, bool)):
            return echo
        if isinstance(echo, str) and len(echo) <= 64:
            return echo
        raise BadMessage("BAD_MESSAGE", "id is a number or a string of at most 64 characters")

    def _message(self, envelope: dict[str, Any], echo: str | int | float | None) -> Message:
        kind = envelope.get("type")
        if not isinstance(kind, str):
            raise BadMessage("BAD_MESSAGE", "type is missing or not a string")
        name, _, operation = kind.partition(".")
        route = ROUTES.get(name)
        if route is None or operation not in ("subscribe", "unsubscribe"):
            raise BadMessage("UNKNOWN_TYPE", f"message type {kind[:80]!r} is not known")
        if route.module not in self.modules:
            raise BadMessage("UNKNOWN_TYPE", f"{name} is not served at this address")
        return Message(route, operation, envelope.get("payload"), echo)

    def _answer(self, message: Message) -> None:
        route = message.route
        try:
            params = route.subscription.model_validate(message.payload)
        except ValidationError as error:
            raise BadMessage("INVALID_PAYLOAD", f"payload: {first_issue(error)}") from None
        if message.operation == "unsubscribe":
            assert self.connection is not None
            text = topic_text(route.name, params)
            self.services.hub.unsubscribe(self.connection, text)
            self._respond(message, "ok", "Unsubscribed", text)
            return
        try:
            self.identity.permit(self.services.engine, params)
            topic = self.services.engine.topic(route.name, params)
        except Denied as denied:
            self._respond(message, "error", denied.message, topic_text(route.name, params))
            return
        self._subscribe(message, topic)

    def _subscribe(self, message: Message, topic: Topic) -> None:
        connection, hub = self.connection, self.services.hub
        assert connection is not None
        if len(connection.topics) >= MAX_TOPICS and topic.text not in connection.topics:
            self._respond(message, "error", f"a connection holds at most {MAX_TOPICS} topics", topic.text)
            return
        receipt = hub.subscribe(connection, topic)
        has_status = topic.route.name == "broker-connection"
        numbers = {"epoch": receipt.epoch, "seq": receipt.seq - has_status} if topic.route.is_exact else {}
        self._respond(message, "ok", "Subscribed", topic.text, numbers)
        if has_status:
            hub.replay_last(connection, topic)

    def _respond(self, message: Message, status: str, text: str, topic: str, more: Payload | None = None) -> None:
        payload = {"status": status, "message": text, "topic": topic, **(more or {})}
        kind = f"{message.route.name}.{message.operation}.response"
        self._send({"type": kind, **_id(message.id), "payload": payload})

    def _send(self, value: Payload) -> None:
        if self.connection is not None:
            self.connection.send(frame(orjson.dumps(value)))


def _id(echo: str | int | float | None) -> Payload:
    return {} if echo is None else {"id": echo}
