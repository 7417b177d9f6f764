"""The AsyncAPI 3.0 document of the stream, made from the routes of `engine/topics.py` and their models.

AsyncAPI describes the server's side: it receives `subscribe` and sends `update`. Called by `documents.py`, which
imports it when the first document is asked for.
"""

import re
from collections.abc import Iterator
from typing import Any, NamedTuple

from pydantic import BaseModel

from engine.models.market.ticks import PublishResponsePayload, TicksRequest
from engine.models.stream import (
    ErrorPayload,
    HeartbeatPayload,
    HelloPayload,
    NoticePayload,
    Recover,
    SubscribeResponsePayload,
    WelcomePayload,
)
from engine.topics import ROUTES, Route, topic_text
from handlers.errors import CloseCode
from handlers.rest.system import API_VERSION
from handlers.stream.ticks import MODULE, PUBLISH
from server.routes import BASE
from server.specs.examples import EXAMPLES
from server.specs.openapi import TITLES
from server.specs.schemas import Json, Schemas, Use, one_line, sample

ABOUT = """Text frames, one JSON object each: a `type`, a `payload`, and an optional `id` that the reply echoes.
Subscribe, and the response names the topic; it is the next frame of that topic, and every update after it carries the
same topic. Wrong input gets an `error` and costs nothing else. Nothing is sent before it is asked for."""

CLOSE_CODES = f"""Close codes: {"; ".join(f"{code:d} {code.description}" for code in CloseCode)}.
After 40xx to 44xx a client comes back, after 45xx to 49xx it does not."""

TOKEN = """Only where the server asks for tokens: a JSON Web Token in `hello`, the first message, within 10 seconds;
or the subprotocols `trading.v1, bearer.<token>`. Never in the address."""

SERVER: Json = {
    "host": "{host}:{port}",
    "protocol": "ws",
    "description": "A server on this machine; behind a proxy with TLS the protocol is wss.",
    "variables": {"host": {"default": "127.0.0.1"}, "port": {"default": "8000"}},
    "security": [{"$ref": "#/components/securitySchemes/token"}],
}
ID: Json = {
    "description": "Given by the client, echoed in the reply.",
    "oneOf": [{"type": "string", "maxLength": 64}, {"type": "number"}],
}
EPOCH: str = EXAMPLES["WelcomePayload"]["epoch"]
COMMON = ("hello", "welcome", "heartbeat", "notice", "error")
PARTS = {
    "subscribe": "subscribe",
    "subscribeResponse": "subscribe.response",
    "unsubscribe": "unsubscribe",
    "unsubscribeResponse": "unsubscribe.response",
    "update": "update",
}
"""The messages of a route: end of the component's name, and end of the `type` on the wire."""

TICKS = ("ticksPublish", "ticksPublishResponse")
RECEIVED = (HelloPayload, Recover)
SENT = (WelcomePayload, HeartbeatPayload, NoticePayload, ErrorPayload, SubscribeResponsePayload)


class Message(NamedTuple):
    """One kind of message.

    Attributes:
        key: Name of the component, in camelCase.
        kind: The `type` on the wire.
        schema: JSON schema of the whole frame.
        delivery: Of updates only: "exact" (every update, in order) or "conflated" (the newest state).
    """

    key: str
    kind: str
    summary: str
    schema: Json
    example: Json
    delivery: str | None = None


class Channel(NamedTuple):
    """One WebSocket address: "all", or the name of its module."""

    name: str
    routes: list[Route]
    has_ticks: bool


def build(modules: tuple[str, ...]) -> Json:
    """Return the document of these modules: the address with all routes, and one address for each module."""
    return _document(("all", *modules), modules, None)


def build_module(module: str) -> Json:
    """Return the document of the address of one module."""
    return _document((module,), (module,), module)


def _document(names: tuple[str, ...], modules: tuple[str, ...], title: str | None) -> Json:
    routes = [route for route in ROUTES.values() if route.module in modules]
    has_ticks = MODULE in modules
    schemas = Schemas(_uses(routes, has_ticks))
    messages = [*_common_messages(schemas), *(one for route in routes for one in _route_messages(route, schemas))]
    if has_ticks:
        messages += _ticks_messages(schemas)
    definitions = schemas.definitions | {_schema_name(message): message.schema for message in messages}
    channels = [
        Channel(name, [one for one in routes if name in ("all", one.module)], has_ticks and name in ("all", MODULE))
        for name in names
    ]
    return {
        "asyncapi": "3.0.0",
        "id": f"urn:trading-pro:{title or 'all'}:{API_VERSION}",
        "info": {
            "title": f"{TITLES[title]}: stream",
            "version": API_VERSION,
            "description": one_line(f"{ABOUT} {CLOSE_CODES}"),
            "license": {"name": "MIT", "url": "https://opensource.org/license/mit"},
            "contact": {"name": "Trading Pro"},
            "tags": [{"name": "trading"}, {"name": "websocket"}],
        },
        "defaultContentType": "application/json",
        "servers": {"here": SERVER},
        "channels": {channel.name: _channel(channel) for channel in channels},
        "operations": {name: body for channel in channels for name, body in _operations(channel)},
        "components": {
            "messages": {message.key: _component(message) for message in messages},
            "schemas": dict(sorted(definitions.items())),
            "securitySchemes": {
                "token": {"type": "http", "scheme": "bearer", "bearerFormat": "JWT", "description": one_line(TOKEN)}
            },
        },
    }


def _uses(routes: list[Route], has_ticks: bool) -> Iterator[Use]:
    received: list[type[BaseModel]] = [*RECEIVED, *(route.subscription for route in routes)]
    sent: list[type[BaseModel]] = [*SENT, *(route.update for route in routes)]
    if has_ticks:
        received.append(TicksRequest)
        sent.append(PublishResponsePayload)
    for model in received:
        yield model, "validation"
    for model in sent:
        yield model, "serialization"


def _channel(channel: Channel) -> Json:
    keys = [*COMMON, *(_key(route, part) for route in channel.routes for part in PARTS)]
    keys += TICKS if channel.has_ticks else ()
    is_all = channel.name == "all"
    return {
        "address": f"{BASE}/ws" if is_all else f"{BASE}/{channel.name}/ws",
        "title": "Socket for everything" if is_all else f"Socket of the {channel.name}",
        "summary": f"Routes: {', '.join(route.name for route in channel.routes)}.",
        "servers": [{"$ref": "#/servers/here"}],
        "messages": {key: {"$ref": f"#/components/messages/{key}"} for key in keys},
        "bindings": {"ws": {"method": "GET", "bindingVersion": "0.1.0"}},
    }


def _operations(channel: Channel) -> Iterator[tuple[str, Json]]:
    """Yield names and bodies of a channel's operations; the names of a module's own channel carry its name."""
    place = f"#/channels/{channel.name}"
    prefix = "" if channel.name == "all" else f"{channel.name}."

    def operation(name: str, key: str, summary: str, *replies: str) -> tuple[str, Json]:
        action = "receive" if replies else "send"
        body: Json = {"action": action, "channel": {"$ref": place}, "summary": summary}
        body["messages"] = [{"$ref": f"{place}/messages/{key}"}]
        if replies:
            messages = [{"$ref": f"{place}/messages/{reply}"} for reply in (*replies, "error")]
            body["reply"] = {"channel": {"$ref": place}, "messages": messages}
        return prefix + name, body

    yield operation("hello", "hello", "Ask for welcome and heartbeats, and authenticate", "welcome")
    yield operation("heartbeat", "heartbeat", "Say that a silent connection is alive")
    yield operation("notice", "notice", "Say that the connection will end")
    yield operation("error", "error", "Say why a message was not understood")
    if channel.has_ticks:
        yield operation(PUBLISH, TICKS[0], "Send ticks to the external feed", TICKS[1])
    for route in channel.routes:
        name = route.name
        for verb, text in (("subscribe", "Follow"), ("unsubscribe", "Stop following")):
            yield operation(f"{name}.{verb}", _key(route, verb), f"{text} {name}", _key(route, f"{verb}Response"))
        yield operation(f"{name}.update", _key(route, "update"), f"Tell news of {name}")


def _component(message: Message) -> Json:
    body = {
        "name": message.kind,
        "title": message.kind,
        "summary": message.summary,
        "contentType": "application/json",
        "payload": {"$ref": f"#/components/schemas/{_schema_name(message)}"},
        "examples": [{"name": _camel(message.kind.replace(".", "-")), "payload": message.example}],
    }
    if message.delivery is not None:
        body["x-delivery"] = message.delivery
    if "id" in message.schema["properties"]:
        body["correlationId"] = {"description": "Pairs a reply with its request.", "location": "$message.payload#/id"}
    return body


def _common_messages(schemas: Schemas) -> Iterator[Message]:
    def frame(kind: str, model: Any, **more: Json) -> Json:
        return _frame(kind, schemas.ref(model, "serialization"), **more)

    hello = _frame("hello", schemas.ref(HelloPayload, "validation"), id=ID) | {"required": ["type"]}
    summary = "Asks for welcome and heartbeats; authenticates where tokens are asked for"
    yield Message("hello", "hello", summary, hello, {"type": "hello"})
    yield Message("welcome", "welcome", "Answers hello", frame("welcome", WelcomePayload, id=ID), _told("welcome"))
    summary = "Comes after 5 silent seconds, after hello only"
    yield Message("heartbeat", "heartbeat", summary, frame("heartbeat", HeartbeatPayload), _told("heartbeat"))
    summary = "Comes a minute before the connection ends, after hello only"
    yield Message("notice", "notice", summary, frame("notice", NoticePayload), _told("notice"))
    example = {"type": "error", "id": 7, "payload": EXAMPLES["ErrorPayload"]}
    yield Message("error", "error", "Answers what was not understood", frame("error", ErrorPayload, id=ID), example)


def _told(kind: str) -> Json:
    return {"type": kind, "payload": EXAMPLES[f"{kind.capitalize()}Payload"]}


def _ticks_messages(schemas: Schemas) -> Iterator[Message]:
    summary = "Sends ticks to the external feed, all or none; needs the admin scope where tokens are asked for"
    schema = _frame(PUBLISH, schemas.ref(TicksRequest, "validation"), id=ID)
    yield Message(TICKS[0], PUBLISH, summary, schema, {"type": PUBLISH, "id": 7, "payload": EXAMPLES["TicksRequest"]})
    kind = f"{PUBLISH}.response"
    schema = _frame(kind, schemas.ref(PublishResponsePayload, "serialization"), id=ID)
    example = {"type": kind, "id": 7, "payload": EXAMPLES["PublishResponsePayload"]}
    yield Message(TICKS[1], kind, f"Answers {PUBLISH}", schema, example)


def _route_messages(route: Route, schemas: Schemas) -> Iterator[Message]:
    """Yield the five messages of a route."""
    name = route.name
    request, update = schemas.ref(route.subscription, "validation"), schemas.ref(route.update, "serialization")
    asked = EXAMPLES.get(route.subscription.__name__) or sample(request, schemas.definitions)
    told = EXAMPLES.get(route.update.__name__) or sample(update, schemas.definitions)
    topic = topic_text(name, route.subscription.model_validate(asked))

    def message(part: str, summary: str, schema: Json, payload: Json, **more: Any) -> Message:
        kind = f"{name}.{PARTS[part]}"
        frame = _frame(kind, schema, **(more if part == "update" else {"id": ID, **more}))
        ids = {"id": 7} if part in ("subscribe", "subscribeResponse") else {}
        delivery = None if part != "update" else "exact" if route.is_exact else "conflated"
        return Message(_key(route, part), kind, summary, frame, {"type": kind, **ids, "payload": payload}, delivery)

    recover = schemas.ref(Recover, "validation")
    yield message(
        "subscribe", f"Asks for news of {name}", request, asked, recover=recover, snapshot={"type": "boolean"}
    )
    yield message("unsubscribe", f"Ends it for {name}", request, asked)
    response = schemas.resolved(SubscribeResponsePayload, "serialization")
    snapshot = {
        "description": "The state as of `seq`, where it was asked for.",
        "anyOf": [{"type": "array", "items": update}, update, {"type": "null"}],
    }
    with_snapshot = response | {"properties": response["properties"] | {"snapshot": snapshot}}
    payload: Json = {"status": "ok", "message": "Subscribed", "topic": topic}
    payload |= {"epoch": EPOCH, "seq": 0} if route.is_exact else {}
    yield message("subscribeResponse", f"Answers {name}.subscribe", with_snapshot, payload)
    payload = {"status": "ok", "message": "Unsubscribed", "topic": topic}
    reference = schemas.ref(SubscribeResponsePayload, "serialization")
    yield message("unsubscribeResponse", f"Answers {name}.unsubscribe", reference, payload)
    body: Json = {
        "type": "object",
        "required": ["topic", "payload", "seq"],
        "properties": {"topic": {"type": "string"}, "payload": update, "seq": _sequence_number(route)},
    }
    yield message("update", f"News of {name}", body, {"topic": topic, "payload": told, "seq": 1})


def _sequence_number(route: Route) -> Json:
    text = "Grows; numbers may be missing, the newest state is always sent."
    if route.is_exact:
        text = "One more than the last one of this topic, without holes."
    return {"type": "integer", "minimum": 0, "description": text}


def _frame(kind: str, payload: Json, **more: Json) -> Json:
    properties = {"type": {"type": "string", "const": kind}, **more, "payload": payload}
    return {"type": "object", "required": ["type", "payload"], "properties": properties}


def _key(route: Route, part: str) -> str:
    return _camel(route.name) + part[0].upper() + part[1:]


def _camel(name: str) -> str:
    return re.sub(r"-(\w)", lambda match: match[1].upper(), name)


def _schema_name(message: Message) -> str:
    return f"{message.key[0].upper()}{message.key[1:]}Message"
