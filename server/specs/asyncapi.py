"""The AsyncAPI 3.0 document of the stream, made from the routes of `engine/topics.py` and their models.

AsyncAPI describes the server's side: it receives `subscribe` and sends `update`. Messages without a route are in
`asyncapi.json`. Called by `documents.py`, which imports it at the first request for a document.
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
from handlers.stream.ticks import MODULE
from server.control_routes import CONTROL
from server.operations import BASE
from server.specs.examples import EXAMPLES, load
from server.specs.openapi import TITLES
from server.specs.schemas import Json, Schemas, Use

DATA = load("asyncapi.json")
CLOSE_CODES = (
    f"Close codes: {'; '.join(f'{code:d} {code.description}' for code in CloseCode)}."
    " After 40xx to 44xx a client comes back, after 45xx to 49xx it does not."
)
PARTS = {
    "subscribe": "subscribe",
    "subscribeResponse": "subscribe.response",
    "unsubscribe": "unsubscribe",
    "unsubscribeResponse": "unsubscribe.response",
    "update": "update",
}
"""The messages of a route: suffix of the component's name, and suffix of the `type` on the wire."""

RECEIVED = (HelloPayload, Recover)
SENT = (WelcomePayload, HeartbeatPayload, NoticePayload, ErrorPayload, SubscribeResponsePayload)


class Message(NamedTuple):
    """One kind of message.

    Attributes:
        key: Name of the component, in camelCase.
        kind: The `type` on the wire.
        payload: JSON schema of the payload.
        example: A whole frame.
        has_id: Whether the frame may have an `id`.
        more: JSON schemas of further fields of the frame.
        delivery: Of updates only: "exact" (every update, in order) or "conflated" (the newest state).
    """

    key: str
    kind: str
    summary: str
    payload: Json
    example: Json
    has_id: bool = True
    more: Json = {}
    required: tuple[str, ...] = ("type", "payload")
    delivery: str | None = None

    @property
    def schema_name(self) -> str:
        """Name of the frame's schema."""
        return f"{self.key[0].upper()}{self.key[1:]}Message"

    def schema(self) -> Json:
        """Return the JSON schema of the frame."""
        ids = {"id": DATA["id"]} if self.has_id else {}
        properties = {"type": {"type": "string", "const": self.kind}, **ids, **self.more, "payload": self.payload}
        return {"type": "object", "required": list(self.required), "properties": properties}

    def component(self) -> Json:
        """Return the entry of the message under `components.messages`."""
        body = {
            "name": self.kind,
            "title": self.kind,
            "summary": self.summary,
            "contentType": "application/json",
            "payload": {"$ref": f"#/components/schemas/{self.schema_name}"},
            "examples": [{"name": _camel(self.kind.replace(".", "-")), "payload": self.example}],
        }
        body |= {"x-delivery": self.delivery} if self.delivery else {}
        return body | ({"correlationId": DATA["correlationId"]} if self.has_id else {})


class Channel(NamedTuple):
    """One WebSocket address. `name` is "all" or a module; `fixed` are its parts of `asyncapi.json`."""

    name: str
    routes: list[Route]
    fixed: list[Json]


def build(modules: tuple[str, ...], module: str | None = None) -> Json:
    """Return the document: one channel with all routes and one for each module, or the channel of `module` only."""
    channels = [_channel(module, modules)] if module else [_channel(name, modules) for name in ("all", *modules)]
    _, routes, (common, *ticks) = channels[0]
    schemas = Schemas(_uses(routes, bool(ticks)))
    messages = [Message(**one) for one in common["messages"]]
    messages += [message for route in routes for message in _route_messages(route, schemas)]
    messages += [Message(**one) for part in ticks for one in part["messages"]]
    definitions = schemas.definitions | {message.schema_name: message.schema() for message in messages}
    return {
        "asyncapi": "3.0.0",
        "id": f"urn:trading-pro:{module or 'all'}:{API_VERSION}",
        "info": {
            "title": f"{TITLES[module or 'all']}: stream",
            "version": API_VERSION,
            **DATA["info"],
            "description": f"{DATA['info']['description']} {CLOSE_CODES}",
        },
        "defaultContentType": "application/json",
        "servers": DATA["servers"],
        "channels": {channel.name: _described(channel) for channel in channels},
        "operations": {name: body for channel in channels for name, body in _operations(channel)},
        "components": {
            "messages": {message.key: message.component() for message in messages},
            "schemas": dict(sorted(definitions.items())),
            "securitySchemes": DATA["securitySchemes"],
        },
    }


def _channel(name: str, modules: tuple[str, ...]) -> Channel:
    own = (*modules, CONTROL) if name == "all" else (name,)
    routes = [route for route in ROUTES.values() if route.module in own]
    return Channel(name, routes, [DATA["common"], *([DATA["ticks"]] if MODULE in own else [])])


def _uses(routes: list[Route], has_ticks: bool) -> Iterator[Use]:
    received: list[type[BaseModel]] = [*RECEIVED, *(route.subscription for route in routes)]
    sent: list[type[BaseModel]] = [*SENT, *(route.update for route in routes)]
    if has_ticks:
        received.append(TicksRequest)
        sent.append(PublishResponsePayload)
    yield from ((model, "validation") for model in received)
    yield from ((model, "serialization") for model in sent)


def _described(channel: Channel) -> Json:
    common, *ticks = channel.fixed
    keys: list[str] = [message["key"] for message in common["messages"]]
    keys += [_key(route, part) for route in channel.routes for part in PARTS]
    keys += [message["key"] for part in ticks for message in part["messages"]]
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
    """Yield names and bodies of a channel's operations; names of a module's channel begin with the module."""
    place = f"#/channels/{channel.name}"
    prefix = "" if channel.name == "all" else f"{channel.name}."

    def operation(name: str, key: str, summary: str, replies: list[str]) -> tuple[str, Json]:
        action = "receive" if replies else "send"
        body: Json = {"action": action, "channel": {"$ref": place}, "summary": summary}
        body["messages"] = [{"$ref": f"{place}/messages/{key}"}]
        if replies:
            messages = [{"$ref": f"{place}/messages/{reply}"} for reply in (*replies, "error")]
            body["reply"] = {"channel": {"$ref": place}, "messages": messages}
        return prefix + name, body

    for part in channel.fixed:
        yield from (operation(**one) for one in part["operations"])
    for route in channel.routes:
        name = route.name
        for verb, text in (("subscribe", "Follow"), ("unsubscribe", "Stop following")):
            yield operation(f"{name}.{verb}", _key(route, verb), f"{text} {name}", [_key(route, f"{verb}Response")])
        yield operation(f"{name}.update", _key(route, "update"), f"Tell news of {name}", [])


def _route_messages(route: Route, schemas: Schemas) -> Iterator[Message]:
    """Yield the five messages of a route."""
    name = route.name
    request, update = schemas.ref(route.subscription, "validation"), schemas.ref(route.update, "serialization")
    asked = EXAMPLES[route.subscription.__name__]
    topic = topic_text(name, route.subscription.model_validate(asked))

    def message(part: str, summary: str, schema: Json, payload: Json, **options: Any) -> Message:
        kind = f"{name}.{PARTS[part]}"
        ids = {"id": 7} if part in ("subscribe", "subscribeResponse") else {}
        return Message(_key(route, part), kind, summary, schema, {"type": kind, **ids, "payload": payload}, **options)

    more = {"recover": schemas.ref(Recover, "validation"), "snapshot": {"type": "boolean"}}
    yield message("subscribe", f"Asks for news of {name}", request, asked, more=more)
    yield message("unsubscribe", f"Ends it for {name}", request, asked)
    response = schemas.resolved(SubscribeResponsePayload, "serialization")
    snapshot = {
        "description": "The state as of `seq`, where it was asked for.",
        "anyOf": [{"type": "array", "items": update}, update, {"type": "null"}],
    }
    with_snapshot = response | {"properties": response["properties"] | {"snapshot": snapshot}}
    payload: Json = {"status": "ok", "message": "Subscribed", "topic": topic}
    payload |= {"epoch": DATA["epoch"], "seq": 0} if route.is_exact else {}
    yield message("subscribeResponse", f"Answers {name}.subscribe", with_snapshot, payload)
    payload = {"status": "ok", "message": "Unsubscribed", "topic": topic}
    reference = schemas.ref(SubscribeResponsePayload, "serialization")
    yield message("unsubscribeResponse", f"Answers {name}.unsubscribe", reference, payload)
    delivery = "exact" if route.is_exact else "conflated"
    number = {"type": "integer", "minimum": 0, "description": DATA["seq"][delivery]}
    body: Json = {
        "type": "object",
        "required": ["topic", "payload", "seq"],
        "properties": {"topic": {"type": "string"}, "payload": update, "seq": number},
    }
    news = {"topic": topic, "payload": EXAMPLES[route.update.__name__], "seq": 1}
    yield message("update", f"News of {name}", body, news, has_id=False, delivery=delivery)


def _key(route: Route, part: str) -> str:
    return _camel(route.name) + part[0].upper() + part[1:]


def _camel(name: str) -> str:
    return re.sub(r"-(\w)", lambda match: match[1].upper(), name)
