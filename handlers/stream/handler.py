"""The stream's WebSocketHandler: the messages of one client.

It authenticates the client, handles its messages in order, and holds its subscriptions. An invalid message gets an
error reply; repeated ones close the connection. It does not depend on trading. `socket_handler.py` opens and closes the
connection. Read `messages.py` for the form of messages, `subscriptions.py` for subscribe with replay and snapshot.
"""

from collections import deque
from typing import Any

from engine.errors import Denied, Unavailable
from engine.models.market.ticks import TicksRequest
from engine.models.stream import HelloPayload
from engine.topics import Payload, Topic, topic_text
from handlers.account_opening import open_named_account
from handlers.errors import CloseCode
from handlers.services import Services
from handlers.stream import ticks
from handlers.stream.identity import PROTOCOL
from handlers.stream.messages import (
    BadMessage,
    MessageId,
    SubscriptionMessage,
    error_frame,
    message_frame,
    notice_frame,
    parse_id,
    parse_json,
    parse_subscription,
    response_frame,
    validate,
)
from handlers.stream.socket_handler import SocketHandler
from handlers.stream.subscriptions import SubscribeRequest


class StreamHandler(SocketHandler):
    """One client of the stream, as long as it is connected."""

    def initialize(self, services: Services, modules: tuple[str, ...]) -> None:  # type: ignore[override]
        """Store the services, and the modules whose routes are served at this address."""
        super().initialize(services)
        self.modules = modules
        self._malformed_in_a_row = self._refused_topics = 0
        self._inbox: deque[str] | None = None
        """Messages received while an earlier one waits for its response; None while none waits."""

    def select_subprotocol(self, subprotocols: list[str]) -> str | None:
        """Choose our subprotocol when the client offers it."""
        return PROTOCOL if PROTOCOL in subprotocols else None

    @property
    def topics(self) -> set[str]:
        """Texts of the topics that the client is subscribed to."""
        return self.connection.topics

    def on_message(self, message: str | bytes) -> None:
        """Handle a message at once, or queue it while an earlier one waits for its response."""
        if isinstance(message, bytes):
            self._report(BadMessage("BINARY_FRAME", "messages are text frames"))
        elif self._inbox is not None:
            self._inbox.append(message)
        else:
            self._handle(message)

    def _handle(self, text: str) -> None:
        message_id: MessageId = None
        try:
            fields = parse_json(text)
            message_id = parse_id(fields)
            self._dispatch(fields, message_id)
            self._malformed_in_a_row = 0
        except BadMessage as error:
            self._report(error, message_id)
        self.services.wake()

    def _dispatch(self, fields: dict[str, Any], message_id: MessageId) -> None:
        """Handle a message by its type. Raises: BadMessage."""
        kind = fields.get("type")
        if kind == "hello":
            self._hello(validate(HelloPayload, fields.get("payload") or {}), message_id)
        elif self.identity.caller is None:
            raise BadMessage("UNAUTHORIZED", "say hello with a token first")
        elif kind == ticks.PUBLISH and ticks.MODULE in self.modules:
            request = validate(TicksRequest, fields.get("payload"))
            reply = ticks.publish(self.services, self.identity, request)
            self._send(message_frame(f"{ticks.PUBLISH}.response", reply, message_id))
        else:
            message = parse_subscription(fields, message_id, self.modules)
            if message.operation == "subscribe":
                self._subscribe(message)
            else:
                self._unsubscribe(message)

    def _report(self, error: BadMessage, message_id: MessageId = None) -> None:
        """Send an error reply; close the connection after too many of them in a row."""
        self._send(error_frame(error, message_id))
        self._malformed_in_a_row += 1
        self.observe("malformed", status=400)
        if self._malformed_in_a_row >= self.services.hub.limits.malformed_in_a_row:
            self.close(CloseCode.MALFORMED, f"{self._malformed_in_a_row} malformed messages in a row")

    # Messages

    def _hello(self, hello: HelloPayload, message_id: MessageId) -> None:
        """Check the token, send the welcome message, and start heartbeats."""
        if not self.identity.authenticate(hello.token):
            return
        services, limits = self.services, self.services.hub.limits
        welcome: Payload = {
            "session": self.session,
            "serverTime": services.engine.now_ms(),
            "epoch": services.hub.epoch,
            "heartbeatMs": round(limits.silence_s * 1000),
            "limits": limits.shown() | services.admission.shown(),
            "resumeWindowMs": round(limits.history_s * 1000),
        }
        self._send(message_frame("welcome", welcome, message_id))
        services.hub.keepalive.enable_heartbeats(self.connection)
        self.observe("hello")

    def _subscribe(self, message: SubscriptionMessage) -> None:
        caller = self.identity.caller
        assert caller is not None
        try:
            # Under the name of an account that does not exist the engine would return a topic of the default account.
            is_opened = open_named_account(self.services, caller, self.identity.permit(message.params))
            topic = self.services.engine.topic(message.route.name, message.params)
        except (Denied, Unavailable) as error:
            text = topic_text(message.route.name, message.params)
            self._send(response_frame(message, "error", str(error), text))
            return
        if (refusal := self._topic_limit(topic)) is not None:
            self._refuse_topic(message, topic, refusal)
            return
        kind, has_resume = f"{topic.route.name}.subscribe", message.resume.recover is not None
        request = SubscribeRequest(self.services, self.connection, message, topic, self._resume, is_opened)
        if not request.start():
            self._inbox = deque()
        self.observe(kind, topic.text, topic.account_name, has_resume=has_resume)

    def _unsubscribe(self, message: SubscriptionMessage) -> None:
        text = topic_text(message.route.name, message.params)
        self.services.hub.unsubscribe(self.connection, text)
        self._send(response_frame(message, "ok", "Unsubscribed", text))
        self.observe(f"{message.route.name}.unsubscribe", text)

    def _topic_limit(self, topic: Topic) -> str | None:
        """Return the limit that one more topic would exceed, None when the client may subscribe to it."""
        hub = self.services.hub
        if topic.text in self.topics:
            return None
        if len(self.topics) >= hub.limits.topics:
            return f"a connection holds at most {hub.limits.topics} topics"
        if topic.names and topic.names + hub.quote_names(self.connection) > hub.limits.names:
            return f"a connection follows at most {hub.limits.names} names"
        return None

    def _refuse_topic(self, message: SubscriptionMessage, topic: Topic, reason: str) -> None:
        """Refuse a subscription beyond the limits; close the connection after too many of them."""
        self._send(response_frame(message, "error", reason, topic.text))
        self._refused_topics += 1
        if self._refused_topics > self.services.hub.limits.refused_topics:
            self.close(CloseCode.TOO_MANY_TOPICS, "too many topics")

    def _resume(self) -> None:
        """Handle the queued messages, up to the next one whose response has to wait."""
        waiting, self._inbox = self._inbox or deque(), None
        while waiting and self.connection.is_open:
            self._handle(waiting.popleft())
            if self._inbox is not None:
                self._inbox.extend(waiting)
                return
        self.services.wake()

    # Sending

    def warn_of_expiry(self, left_s: float) -> None:
        """Send the notice that the token expires."""
        self._send(notice_frame("TOKEN", "the token ends; send hello with a fresh one", left_s))

    def _send(self, data: bytes) -> None:
        """Send a frame; unlike `write_message` it makes no future."""
        self.services.hub.send(self.connection, data)
