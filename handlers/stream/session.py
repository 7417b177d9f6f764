"""One client's conversation: messages in, replies out. It knows message types and topics, nothing of trading.

Wrong input costs a client nothing but an error reply; only abuse closes. Messages are answered in their order, also
when one of them has to wait for the disk.
"""

import logging
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from secrets import token_hex
from typing import Any, NamedTuple, TypeVar

import orjson
from pydantic import ValidationError

from engine.errors import Denied
from engine.models.common import WireModel
from engine.models.market.ticks import TicksRequest
from engine.models.stream import HelloPayload, ResumeRequest
from engine.topics import ROUTES, Payload, Route, Topic, topic_text
from handlers.errors import first_issue
from handlers.services import Services
from handlers.stream import connection as wire
from handlers.stream.connection import Connection
from handlers.stream.frames import BINARY, TEXT, decoded, frame
from handlers.stream.history import Gap
from handlers.stream.identity import Identity
from handlers.stream.limits import StreamLimits
from handlers.stream.ticks import MODULE, PUBLISH, publish
from handlers.token_bucket import TokenBucket

log = logging.getLogger("trading.stream")

M = TypeVar("M", bound=WireModel)
Echo = str | int | float | None


class BadMessage(Exception):
    """A message that gets an error reply."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code


class Message(NamedTuple):
    """A well-formed message: its route, operation, payload, what to resume from, and the id to echo."""

    route: Route
    operation: str
    payload: object
    resume: ResumeRequest
    id: Echo


@dataclass(frozen=True, slots=True)
class Door:
    """What all sessions at one address share.

    Attributes:
        modules: The modules whose routes are served there.
    """

    services: Services
    modules: tuple[str, ...]

    @property
    def limits(self) -> StreamLimits:
        """What a client may take and do."""
        return self.services.hub.limits


class Session:
    """The server's side of a conversation.

    Args:
        door: Where the client came in.
        connection: Its socket.

    Attributes:
        identity: Who the client is.
    """

    __slots__ = ("_bucket", "_connection", "_door", "_inbox", "_malformed", "_refused_topics", "_warned", "identity")

    def __init__(self, door: Door, connection: Connection) -> None:
        hub = door.services.hub
        self._door = door
        self._connection = connection
        self.identity = Identity(door.services.admission, connection.close, self._warn)
        self._bucket = TokenBucket(door.limits.message_burst, hub.now_s())
        self._malformed = self._refused_topics = self._warned = 0
        self._inbox: deque[str] | None = None
        """Messages behind one that waits for the disk; None while none does."""

    def received(self, opcode: int, data: bytes) -> None:
        """Take a message, or another frame, which counts as one."""
        limits = self._door.limits
        now = self._door.services.hub.now_s()
        if self._bucket.take(now, limits.messages_per_s, limits.message_burst):
            self._refuse(opcode)
        elif opcode == TEXT:
            text = decoded(data)
            if self._inbox is not None:
                self._inbox.append(text)
            else:
                self._answer(text)
        elif opcode == BINARY:
            self._complain(None, BadMessage("BINARY_FRAME", "messages are text frames"))

    def ended(self) -> None:
        """Release everything that the connection held."""
        services = self._door.services
        log.debug("ended code=%s topics=%d", self._connection.close_code, len(self._connection.topics))
        self.identity.end()
        services.hub.leave(self._connection)
        services.wake()

    # Reading

    def _refuse(self, opcode: int) -> None:
        """Warn a client that sends too much; cut it when it goes on."""
        self._warned += 1
        limits = self._door.limits
        if self._warned > limits.warned_messages:
            self._connection.close(wire.TOO_MANY_REQUESTS, "too many messages")
        elif opcode in (TEXT, BINARY):
            text = f"at most {limits.messages_per_s:g} messages a second, {limits.message_burst} at once"
            self._send({"type": "error", "payload": {"code": "RATE_LIMIT", "message": text}})

    def _answer(self, text: str) -> None:
        """Answer a message; a wrong one gets an error reply."""
        echo: Echo = None
        try:
            envelope = _envelope(text)
            echo = _echo(envelope)
            if envelope.get("type") == "hello":
                self._hello(_valid(HelloPayload, envelope.get("payload") or {}), echo)
            elif self.identity.caller is None:
                raise BadMessage("UNAUTHORIZED", "say hello with a token first")
            elif envelope.get("type") == PUBLISH and MODULE in self._door.modules:
                request = _valid(TicksRequest, envelope.get("payload"))
                reply = publish(self._door.services, self.identity, request)
                self._send({"type": f"{PUBLISH}.response", **_id(echo), "payload": reply})
            else:
                self._obey(self._message(envelope, echo))
            self._malformed = 0
        except BadMessage as error:
            self._complain(echo, error)
        self._door.services.wake()

    def _complain(self, echo: Echo, error: BadMessage) -> None:
        self._send({"type": "error", **_id(echo), "payload": {"code": error.code, "message": str(error)}})
        self._malformed += 1
        if self._malformed >= self._door.limits.malformed_in_a_row:
            self._connection.close(wire.MALFORMED, f"{self._malformed} malformed messages in a row")

    def _message(self, envelope: dict[str, Any], echo: Echo) -> Message:
        kind = envelope.get("type")
        if not isinstance(kind, str):
            raise BadMessage("BAD_MESSAGE", "type is missing or not a string")
        name, _, operation = kind.partition(".")
        route = ROUTES.get(name)
        if route is None or operation not in ("subscribe", "unsubscribe"):
            raise BadMessage("UNKNOWN_TYPE", f"message type {kind[:80]!r} is not known")
        if route.module not in self._door.modules:
            raise BadMessage("UNKNOWN_TYPE", f"{name} is not served at this address")
        return Message(route, operation, envelope.get("payload"), _valid(ResumeRequest, envelope), echo)

    # Answering

    def _hello(self, hello: HelloPayload, echo: Echo) -> None:
        """Greet: welcome now, heartbeats from now on; a token says who the client is, or goes on being."""
        if not self.identity.hello(hello.token):
            return
        services, limits = self._door.services, self._door.limits
        services.hub.lives.greet(self._connection)
        welcome = {
            "session": token_hex(8),
            "serverTime": services.engine.now_ms(),
            "epoch": services.hub.epoch,
            "heartbeatMs": round(limits.silence_s * 1000),
            "limits": limits.shown() | services.admission.shown(),
            "resumeWindowMs": round(limits.history_s * 1000),
        }
        self._send({"type": "welcome", **_id(echo), "payload": welcome})

    def _obey(self, message: Message) -> None:
        route = message.route
        params = _valid(route.subscription, message.payload)
        if message.operation == "unsubscribe":
            text = topic_text(route.name, params)
            self._door.services.hub.unsubscribe(self._connection, text)
            self._respond(message, "ok", "Unsubscribed", text)
            return
        try:
            self.identity.permit(self._door.services.engine, params)
            topic = self._door.services.engine.topic(route.name, params)
        except Denied as denied:
            self._respond(message, "error", denied.message, topic_text(route.name, params))
            return
        if self._has_room(message, topic):
            self._subscribe(message, topic)

    def _has_room(self, message: Message, topic: Topic) -> bool:
        """Whether the connection may hold one more topic; tells the client if not, and cuts it when it insists."""
        held, limits = self._connection.topics, self._door.limits
        if topic.text in held:
            return True
        if len(held) >= limits.topics:
            self._respond(message, "error", f"a connection holds at most {limits.topics} topics", topic.text)
        elif topic.names and topic.names + self._door.services.hub.names(self._connection) > limits.names:
            self._respond(message, "error", f"a connection follows at most {limits.names} names", topic.text)
        else:
            return True
        self._refused_topics += 1
        if self._refused_topics > limits.refused_topics:
            self._connection.close(wire.TOO_MANY_TOPICS, "too many topics")
        return False

    def _subscribe(self, message: Message, topic: Topic) -> None:
        """Subscribe; where the client missed more than a turn of the loop can bring back, that is read before."""
        recover, hub = message.resume.recover, self._door.services.hub
        gap = None if recover is None else Gap(topic, recover.epoch, recover.seq)
        if gap is not None and hub.is_long(gap):
            self._inbox = deque()
            hub.fill(gap, partial(self._guarded, self._filled, message, topic, gap))
        else:
            self._join(message, topic, gap)

    def _filled(self, message: Message, topic: Topic, gap: Gap) -> None:
        """Subscribe with what was read back, then answer what was asked meanwhile."""
        if self._connection.is_open and not self._join(message, topic, gap):
            self._catch_up()

    def _join(self, message: Message, topic: Topic, gap: Gap | None) -> bool:
        """Subscribe, at once or behind the results that are on their way to the disk; returns whether it has to wait.

        A snapshot shows all that was decided before now, so its place in the stream is behind the updates of that.
        """
        services = self._door.services
        is_wanted = message.resume.snapshot or (gap is not None and not topic.route.is_exact)
        if not is_wanted:
            self._confirm(message, topic, gap)
            return False
        snapshot = services.engine.snapshot(topic)
        follower = partial(self._guarded, self._followed, message, topic, gap, snapshot)
        has_to_wait = services.publisher.follow(follower)
        if has_to_wait and self._inbox is None:
            self._inbox = deque()
        return has_to_wait

    def _followed(
        self, message: Message, topic: Topic, gap: Gap | None, snapshot: object, is_stored: bool, was_late: bool
    ) -> None:
        """Confirm a subscription whose turn has come, then answer what was asked meanwhile."""
        if not self._connection.is_open:
            return
        if is_stored:
            self._confirm(message, topic, gap, snapshot)
        else:
            self._respond(message, "error", "a change could not be stored; subscribe again", topic.text)
        if was_late:
            self._catch_up()

    def _guarded(self, act: Callable[..., None], *arguments: object) -> None:
        """Go on where a message had to wait: called by who serves others too, so a fault ends this connection alone."""
        try:
            act(*arguments)
        except Exception:
            self._connection.fail()

    def _catch_up(self) -> None:
        """Answer the messages that came while one had to wait, up to the next that has to."""
        waiting, self._inbox = self._inbox or deque(), None
        while waiting and self._connection.is_open:
            self._answer(waiting.popleft())
            if self._inbox is not None:
                self._inbox.extend(waiting)
                return
        self._door.services.wake()

    def _confirm(self, message: Message, topic: Topic, gap: Gap | None, snapshot: object = None) -> None:
        """Subscribe and answer; what was missed, or the current broker status, follows in the same breath."""
        hub, resume = self._door.services.hub, message.resume
        receipt = hub.subscribe(self._connection, topic, gap)
        self._door.services.engine.joined(topic, receipt.is_first)
        more: Payload = {}
        seq, following = receipt.seq, receipt.missed or []
        if topic.route.is_status:
            snapshot = hub.last(topic.channel)
            if receipt.missed is None and (status := hub.last_frame(topic)) is not None:
                seq, following = seq - 1, [status]
        elif topic.route.name == "quotes" and receipt.is_new and not receipt.is_first:
            following = self._first_quotes(topic)
        if topic.route.is_exact or resume.snapshot or gap is not None:
            more |= {"epoch": receipt.epoch, "seq": seq}
        if gap is not None:
            more["recovered"] = receipt.missed is not None
        if receipt.missed is None and (resume.snapshot or (gap is not None and not topic.route.is_exact)):
            more["snapshot"] = orjson.Fragment(snapshot) if isinstance(snapshot, bytes) else snapshot
        reply = self._response(message, "ok", "Subscribed", topic.text, more)
        fresh = topic.text if receipt.is_new and not topic.route.is_exact else ""
        hub.tell(self._connection, b"".join((reply, *following[:1])), fresh)
        for page in following[1:]:
            hub.tell(self._connection, page)

    def _first_quotes(self, topic: Topic) -> list[bytes]:
        """Return the names that are told once a minute, for one that joins others in between: its first is at once."""
        services = self._door.services
        fast = set(getattr(topic.params, "fast_symbols", ()))
        quotes = services.engine.snapshot(topic)
        return [b"".join([services.hub.update(topic, quote) for quote in quotes if quote["n"] not in fast])]

    def _respond(self, message: Message, status: str, text: str, topic: str) -> None:
        self._door.services.hub.tell(self._connection, self._response(message, status, text, topic, {}))

    def _response(self, message: Message, status: str, text: str, topic: str, more: Payload) -> bytes:
        payload = {"status": status, "message": text, "topic": topic, **more}
        kind = f"{message.route.name}.{message.operation}.response"
        return frame(orjson.dumps({"type": kind, **_id(message.id), "payload": payload}))

    def _warn(self, left_s: float) -> None:
        message = "the token ends; send hello with a fresh one"
        self._send({"type": "notice", "payload": {"code": "TOKEN", "message": message, "inMs": round(left_s * 1000)}})

    def _send(self, value: Payload) -> None:
        self._door.services.hub.tell(self._connection, frame(orjson.dumps(value)))


def _envelope(text: str) -> dict[str, Any]:
    try:
        envelope = orjson.loads(text)
    except orjson.JSONDecodeError as error:
        raise BadMessage("NOT_JSON", f"the message is not JSON: {error}") from None
    if not isinstance(envelope, dict):
        raise BadMessage("BAD_MESSAGE", "a message is an object with a type and a payload")
    return envelope


def _echo(envelope: dict[str, Any]) -> Echo:
    echo = envelope.get("id")
    if echo is None or (isinstance(echo, int | float) and not isinstance(echo, bool)):
        return echo
    if isinstance(echo, str) and len(echo) <= 64:
        return echo
    raise BadMessage("BAD_MESSAGE", "id is a number or a string of at most 64 characters")


def _valid(model: type[M], value: object) -> M:
    try:
        return model.model_validate(value)
    except ValidationError as error:
        raise BadMessage("INVALID_PAYLOAD", f"payload: {first_issue(error)}") from None


def _id(echo: Echo) -> Payload:
    return {} if echo is None else {"id": echo}
