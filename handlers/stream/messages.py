"""The messages of the stream: parses and validates those of a client, and builds the replies.

It handles the envelope (`type`, `id`, `payload`), and keeps no state of a connection. Called by `handler.py` and
`subscriptions.py`. Source: docs/protocol.md.
"""

from typing import Any, NamedTuple, TypeVar

import orjson
from pydantic import ValidationError

from engine.models.common import WireModel
from engine.models.stream import ResumeRequest
from engine.topics import ROUTES, Payload, Route
from handlers.errors import first_issue
from handlers.stream.frames import frame

MAX_ID_CHARACTERS = 64
MAX_QUOTED_CHARACTERS = 80

M = TypeVar("M", bound=WireModel)
MessageId = str | int | float | None
"""The id that a client gave its message; every reply echoes it."""


class BadMessage(Exception):
    """A message that gets an error reply."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code


class SubscriptionMessage(NamedTuple):
    """A validated subscribe or unsubscribe message.

    Attributes:
        operation: "subscribe" or "unsubscribe".
        params: The payload, as the route's subscription model.
        resume: Resume position, and whether a snapshot is requested.
    """

    id: MessageId
    route: Route
    operation: str
    params: WireModel
    resume: ResumeRequest


def parse_json(text: str) -> dict[str, Any]:
    """Return the fields of a message. Raises: BadMessage."""
    try:
        fields = orjson.loads(text)
    except orjson.JSONDecodeError as error:
        raise BadMessage("NOT_JSON", f"the message is not JSON: {error}") from None
    if not isinstance(fields, dict):
        raise BadMessage("BAD_MESSAGE", "a message is an object with a type and a payload")
    return fields


def parse_id(fields: dict[str, Any]) -> MessageId:
    """Return the id of a message, None without one. Raises: BadMessage."""
    given = fields.get("id")
    if given is None or (isinstance(given, int | float) and not isinstance(given, bool)):
        return given
    if isinstance(given, str) and len(given) <= MAX_ID_CHARACTERS:
        return given
    raise BadMessage("BAD_MESSAGE", f"id is a number or a string of at most {MAX_ID_CHARACTERS} characters")


def parse_subscription(fields: dict[str, Any], message_id: MessageId, modules: tuple[str, ...]) -> SubscriptionMessage:
    """Return a validated subscribe or unsubscribe message of a route that is served at this address.

    Raises:
        BadMessage: the type is unknown or the payload is not valid.
    """
    kind = fields.get("type")
    if not isinstance(kind, str):
        raise BadMessage("BAD_MESSAGE", "type is missing or not a string")
    name, _, operation = kind.partition(".")
    route = ROUTES.get(name)
    if route is None or operation not in ("subscribe", "unsubscribe"):
        raise BadMessage("UNKNOWN_TYPE", f"message type {kind[:MAX_QUOTED_CHARACTERS]!r} is not known")
    if route.module not in modules:
        raise BadMessage("UNKNOWN_TYPE", f"{name} is not served at this address")
    resume = validate(ResumeRequest, fields)
    params = validate(route.subscription, fields.get("payload"))
    return SubscriptionMessage(message_id, route, operation, params, resume)


def validate(model: type[M], value: object) -> M:
    """Return a validated payload. Raises: BadMessage."""
    try:
        return model.model_validate(value)
    except ValidationError as error:
        raise BadMessage("INVALID_PAYLOAD", f"payload: {first_issue(error)}") from None


def message_frame(kind: str, payload: Payload, message_id: MessageId = None) -> bytes:
    """Return a message as a frame; the id is left out when there is none."""
    echo = {} if message_id is None else {"id": message_id}
    return frame(orjson.dumps({"type": kind, **echo, "payload": payload}))


def error_frame(error: BadMessage, message_id: MessageId = None) -> bytes:
    """Return the error reply to a message."""
    return message_frame("error", {"code": error.code, "message": str(error)}, message_id)


def notice_frame(code: str, message: str, left_s: float) -> bytes:
    """Return the notice that the connection will be closed in `left_s` seconds."""
    return message_frame("notice", {"code": code, "message": message, "inMs": round(left_s * 1000)})


def response_frame(message: SubscriptionMessage, status: str, text: str, topic: str, **more: Any) -> bytes:
    """Return the response to a subscribe or unsubscribe message."""
    payload = {"status": status, "message": text, "topic": topic, **more}
    return message_frame(f"{message.route.name}.{message.operation}.response", payload, message.id)
