"""The AsyncAPI 3.0 document of the stream, from the table of routes and their models. Imported on demand only.

AsyncAPI takes the application's view: it receives `subscribe`, and sends `update`.
"""

import re
from collections.abc import Iterator
from typing import Any, NamedTuple

from engine.models.common import WireModel
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
from handlers.rest.system import API_VERSION
from handlers.stream.ticks import MODULE, PUBLISH
from server.routes import BASE
from server.specs.examples import EXAMPLES, TIME_MS
from server.specs.openapi import TITLES
from server.specs.schemas import Json, Schemas, Use, sample

ABOUT = """Text frames, one JSON object each: a `type`, a `payload`, and an optional `id` that the reply echoes.
Subscribe, and the response names the topic; it is the next frame of that topic, and every update after it carries the
same topic. Wrong input gets an `error` and costs nothing else. Nothing is sent before it is asked for."""

CLOSE_CODES = """Close codes: 1000 and 1001 normal, 1009 message too large, 1011 internal, 1012 restarting, 1013
overload, 4005 token or age expired, 4008 too slow, 4010 resubscribe, 4012 no pong, 4013 too many requests; 4500 bad
token, 4501 repeatedly malformed, 4502 no authentication in time, 4504 connection limit, 4505 topic limit, 4507 not
permitted. After 40xx to 44xx a client comes back, after 45xx to 49xx it does not."""

ERROR_EXAMPLE = {"code": "UNKNOWN_TYPE", "message": "message type 'orders.explode' is not known"}
NOTICE_EXAMPLE = {"code": "AGE", "message": "the connection will be closed; connect anew", "inMs": 60_000}
EPOCH = "f3a9c1d27b60e845"
WELCOME_EXAMPLE: Json = {
    "session": "5d0e91c2a7b84f36",
    "serverTime": TIME_MS,
    "epoch": EPOCH,
    "heartbeatMs": 5000,
    "limits": {"topics": 256, "messageBytes": 16_384},
    "resumeWindowMs": 120_000,
}
ID: Json = {
    "description": "Given by the client, echoed in the reply.",
    "oneOf": [{"type": "string", "maxLength": 64}, {"type": "number"}],
}
ENVELOPES: tuple[Use, ...] = (
    (HelloPayload, "validation"),
    (Recover, "validation"),
    (WelcomePayload, "serialization"),
    (HeartbeatPayload, "serialization"),
    (NoticePayload, "serialization"),
    (ErrorPayload, "serialization"),
    (SubscribeResponsePayload, "serialization"),
)


class Message(NamedTuple):
    """One kind of message.

    Attributes:
        key: Name of the component: camelCase.
        kind: The `type` on the wire.
        schema: Of the whole frame.
        delivery: Of updates: "exact" (each one, in order) or "conflated" (the newest state).
    """

    key: str
    kind: str
    summary: str
    schema: Json
    example: Json
    delivery: str | None = None


def build(modules: tuple[str, ...]) -> Json:
    """Return the document of these modules: the socket for all routes, and one for each module."""
    channels: list[tuple[str, str | None]] = [("all", None), *((module, module) for module in modules)]
    return _document(channels, modules, None)


def build_module(module: str) -> Json:
    """Return the document of one module's socket alone."""
    return _document([(module, module)], (module,), module)


def _document(channels: list[tuple[str, str | None]], modules: tuple[str, ...], title: str | None) -> Json:
    routes = [route for route in ROUTES.values() if route.module in modules]
    schemas = Schemas(_uses(routes))
    messages = [*_common(schemas), *(message for route in routes for message in _of_route(route, schemas))]
    if MODULE in modules:
        messages += _of_ticks(schemas)
    definitions = schemas.definitions | {_schema_name(message): message.schema for message in messages}
    operations: Json = {}
    for channel, module in channels:
        served = [route for route in routes if module in (None, route.module)]
        operations |= _operations(channel, served, MODULE in modules and module in (None, MODULE))
    return {
        "asyncapi": "3.0.0",
        "id": f"urn:trading-pro:{title or 'all'}:{API_VERSION}",
        "info": _info(title),
        "defaultContentType": "application/json",
        "servers": _servers(),
        "channels": {
            channel: _channel(module, [route for route in routes if module in (None, route.module)], modules)
            for channel, module in channels
        },
        "operations": operations,
        "components": {
            "messages": {message.key: _component(message) for message in messages},
            "schemas": dict(sorted(definitions.items())),
            "securitySchemes": {"token": _token()},
        },
    }


def _info(title: str | None) -> Json:
    return {
        "title": f"{TITLES[title]}: stream",
        "version": API_VERSION,
        "description": " ".join(f"{ABOUT} {CLOSE_CODES}".split()),
        "license": {"name": "MIT", "url": "https://opensource.org/license/mit"},
        "contact": {"name": "Trading Pro"},
        "tags": [{"name": "trading"}, {"name": "websocket"}],
    }


def _servers() -> Json:
    return {
        "here": {
            "host": "{host}:{port}",
            "protocol": "ws",
            "description": "A server on this machine; behind a proxy with TLS the protocol is wss.",
            "variables": {"host": {"default": "127.0.0.1"}, "port": {"default": "8000"}},
            "security": [{"$ref": "#/components/securitySchemes/token"}],
        }
    }


def _token() -> Json:
    text = """Only where the server asks for tokens: a JSON Web Token in `hello`, the first message, within 10 seconds;
    or the subprotocols `trading.v1, bearer.<token>`. Never in the address."""
    return {"type": "http", "scheme": "bearer", "bearerFormat": "JWT", "description": " ".join(text.split())}


def _channel(module: str | None, routes: list[Route], modules: tuple[str, ...]) -> Json:
    keys = ["hello", "welcome", "heartbeat", "notice", "error"]
    for route in routes:
        keys += [_key(route, part) for part in PARTS]
    if MODULE in modules and module in (None, MODULE):
        keys += TICKS
    return {
        "address": f"{BASE}/{module}/ws" if module else f"{BASE}/ws",
        "title": f"Socket of the {module}" if module else "Socket for everything",
        "summary": f"Routes: {', '.join(route.name for route in routes)}.",
        "servers": [{"$ref": "#/servers/here"}],
        "messages": {key: {"$ref": f"#/components/messages/{key}"} for key in keys},
        "bindings": {"ws": {"method": "GET", "bindingVersion": "0.1.0"}},
    }


TICKS = ("ticksPublish", "ticksPublishResponse")
PARTS = ("subscribe", "subscribeResponse", "unsubscribe", "unsubscribeResponse", "update")


def _camel(name: str) -> str:
    return re.sub(r"-(\w)", lambda match: match[1].upper(), name)


def _key(route: Route, part: str) -> str:
    name = _camel(route.name)
    return name + part[0].upper() + part[1:]


def _schema_name(message: Message) -> str:
    return f"{message.key[0].upper()}{message.key[1:]}Message"


def _operations(channel: str, routes: list[Route], takes_ticks: bool) -> Json:
    """Return the operations of one socket; those of a module's own socket carry its name."""
    prefix = "" if channel == "all" else f"{channel}."

    def operation(action: str, key: str, summary: str, replies: tuple[str, ...] = ()) -> Json:
        body: Json = {
            "action": action,
            "channel": {"$ref": f"#/channels/{channel}"},
            "summary": summary,
            "messages": [{"$ref": f"#/channels/{channel}/messages/{key}"}],
        }
        if replies:
            refs = [{"$ref": f"#/channels/{channel}/messages/{reply}"} for reply in replies]
            body["reply"] = {"channel": {"$ref": f"#/channels/{channel}"}, "messages": refs}
        return body

    found = {
        f"{prefix}hello": operation(
            "receive", "hello", "Ask for welcome and heartbeats, and authenticate", ("welcome", "error")
        ),
        f"{prefix}heartbeat": operation("send", "heartbeat", "Say that a silent connection is alive"),
        f"{prefix}notice": operation("send", "notice", "Say that the connection will end"),
        f"{prefix}error": operation("send", "error", "Say why a message was not understood"),
    }
    if takes_ticks:
        answers = (*TICKS[1:], "error")
        found[f"{prefix}{PUBLISH}"] = operation("receive", TICKS[0], "Send ticks to the external feed", answers)
    for route in routes:
        for verb, text in (("subscribe", "Follow"), ("unsubscribe", "Stop following")):
            answers = (_key(route, f"{verb}Response"), "error")
            found[f"{prefix}{route.name}.{verb}"] = operation(
                "receive", _key(route, verb), f"{text} {route.name}", answers
            )
        found[f"{prefix}{route.name}.update"] = operation("send", _key(route, "update"), f"Tell news of {route.name}")
    return found


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


def _uses(routes: list[Route]) -> Iterator[Use]:
    yield from ENVELOPES
    if any(route.module == MODULE for route in routes):
        yield TicksRequest, "validation"
        yield PublishResponsePayload, "serialization"
    for route in routes:
        yield route.subscription, "validation"
        yield route.update, "serialization"


def _frame(kind: str, payload: Json, required: tuple[str, ...] = ("type", "payload"), **more: Json) -> Json:
    properties = {"type": {"type": "string", "const": kind}, **more, "payload": payload}
    return {"type": "object", "required": list(required), "properties": properties}


def _common(schemas: Schemas) -> Iterator[Message]:
    hello, welcome = schemas.ref(HelloPayload, "validation"), schemas.ref(WelcomePayload, "serialization")
    summary = "Asks for welcome and heartbeats; authenticates where tokens are asked for"
    yield Message("hello", "hello", summary, _frame("hello", hello, ("type",), id=ID), {"type": "hello"})
    example: Json = {"type": "welcome", "payload": WELCOME_EXAMPLE}
    yield Message("welcome", "welcome", "Answers hello", _frame("welcome", welcome, id=ID), example)
    told: tuple[tuple[str, type[WireModel], str, Json], ...] = (
        ("heartbeat", HeartbeatPayload, "Comes after 5 silent seconds, after hello only", {"serverTime": TIME_MS}),
        ("notice", NoticePayload, "Comes a minute before the connection ends, after hello only", NOTICE_EXAMPLE),
    )
    for kind, model, summary, values in told:
        schema = _frame(kind, schemas.ref(model, "serialization"))
        yield Message(kind, kind, summary, schema, {"type": kind, "payload": values})
    error = _frame("error", schemas.ref(ErrorPayload, "serialization"), id=ID)
    example = {"type": "error", "id": 7, "payload": ERROR_EXAMPLE}
    yield Message("error", "error", "Answers what was not understood", error, example)


def _of_ticks(schemas: Schemas) -> Iterator[Message]:
    asked, told = (EXAMPLES[model.__name__] for model in (TicksRequest, PublishResponsePayload))
    request = _frame(PUBLISH, schemas.ref(TicksRequest, "validation"), id=ID)
    example: Json = {"type": PUBLISH, "id": 7, "payload": asked}
    summary = "Sends ticks to the external feed, all or none; needs the admin scope where tokens are asked for"
    yield Message(TICKS[0], PUBLISH, summary, request, example)
    kind = f"{PUBLISH}.response"
    reply = _frame(kind, schemas.ref(PublishResponsePayload, "serialization"), id=ID)
    yield Message(TICKS[1], kind, f"Answers {PUBLISH}", reply, {"type": kind, "id": 7, "payload": told})


def _of_route(route: Route, schemas: Schemas) -> Iterator[Message]:
    request, update = schemas.ref(route.subscription, "validation"), schemas.ref(route.update, "serialization")
    asked = EXAMPLES.get(route.subscription.__name__) or sample(request, schemas.definitions)
    told = EXAMPLES.get(route.update.__name__) or sample(update, schemas.definitions)
    topic = topic_text(route.name, route.subscription.model_validate(asked))
    recover = schemas.ref(Recover, "validation")
    subscribe = _frame(f"{route.name}.subscribe", request, id=ID, recover=recover, snapshot={"type": "boolean"})
    kind = f"{route.name}.subscribe"
    example: Json = {"type": kind, "id": 7, "payload": asked}
    yield Message(_key(route, "subscribe"), kind, f"Asks for news of {route.name}", subscribe, example)
    kind = f"{route.name}.unsubscribe"
    example = {"type": kind, "payload": asked}
    yield Message(_key(route, "unsubscribe"), kind, f"Ends it for {route.name}", _frame(kind, request, id=ID), example)
    yield from _responses(route, schemas, topic)
    kind = f"{route.name}.update"
    number = {"type": "integer", "minimum": 0, "description": _numbering(route)}
    body: Json = {
        "type": "object",
        "required": ["topic", "payload", "seq"],
        "properties": {"topic": {"type": "string"}, "payload": update, "seq": number},
    }
    example = {"type": kind, "payload": {"topic": topic, "payload": told, "seq": 1}}
    delivery = "exact" if route.is_exact else "conflated"
    yield Message(_key(route, "update"), kind, f"News of {route.name}", _frame(kind, body), example, delivery)


def _numbering(route: Route) -> str:
    if route.is_exact:
        return "One more than the last one of this topic, without holes."
    return "Grows; numbers may be missing, the newest state is always sent."


def _responses(route: Route, schemas: Schemas, topic: str) -> Iterator[Message]:
    reply: Any = schemas.ref(SubscribeResponsePayload, "serialization")
    update = schemas.ref(route.update, "serialization")
    with_snapshot = dict(schemas.resolved(SubscribeResponsePayload, "serialization"))
    snapshot = {
        "description": "The state as of `seq`, where it was asked for.",
        "anyOf": [{"type": "array", "items": update}, update, {"type": "null"}],
    }
    with_snapshot["properties"] = with_snapshot["properties"] | {"snapshot": snapshot}
    numbers: Json = {"epoch": EPOCH, "seq": 0} if route.is_exact else {}
    for verb, text, schema in (("subscribe", "Subscribed", with_snapshot), ("unsubscribe", "Unsubscribed", reply)):
        kind = f"{route.name}.{verb}.response"
        values: Json = {"status": "ok", "message": text, "topic": topic} | (numbers if verb == "subscribe" else {})
        example = {"type": kind, **({"id": 7} if verb == "subscribe" else {}), "payload": values}
        key = _key(route, f"{verb}Response")
        yield Message(key, kind, f"Answers {route.name}.{verb}", _frame(kind, schema, id=ID), example)
