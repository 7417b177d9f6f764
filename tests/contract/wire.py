"""Holds every reply and every frame of the test suite against the specs, as strictly as they can be read.

The test client calls it for whatever it receives. Schemas are closed first: a key that the contract does not have fails
a test as surely as one that is missing.
"""

import functools
import json
import re
from collections.abc import Mapping
from typing import Any, NamedTuple

import jsonschema_rs

from server.settings import MODULES
from server.specs import asyncapi, openapi

Json = dict[str, Any]
REST_ROOT = "/api/v1"
PROBLEM = "application/problem+json"
OUTSIDE = re.compile(r"/api/(?:v1/(?:[a-z]+/)?)?(?:docs|redoc|openapi\.json|(?:ws/)?asyncapi(?:\.json)?)$")
"""Addresses that are no operations: the specs themselves."""

LINES = "application/x-ndjson"
"""A JSON value in each line; the contract has it as a text."""

SOCKET = re.compile(r"/(?:[a-z]+/)?ws$")
"""Sockets; a handshake that fails is answered as RFC 6455 says, not with a problem body."""


class Reply(NamedTuple):
    """An answer of the server."""

    status: int
    media_type: str
    body: bytes


def closed(node: Any) -> Any:
    """Return a copy of a schema in which objects have no keys but their own."""
    if isinstance(node, list):
        return [closed(item) for item in node]
    if not isinstance(node, dict):
        return node
    copy = {key: closed(value) for key, value in node.items()}
    if isinstance(copy.get("properties"), dict) and copy.get("type") == "object":
        copy.setdefault("additionalProperties", False)
    return copy


@functools.cache
def rest() -> Json:
    """The OpenAPI document with the debug addresses, closed."""
    document: Json = closed(openapi.build(MODULES, with_debug=True))
    return document


@functools.cache
def stream() -> Json:
    """The AsyncAPI document, closed."""
    document: Json = closed(asyncapi.build(MODULES))
    return document


def validator(document: Json, schema: Json) -> jsonschema_rs.Draft202012Validator:
    """Return the validator of a schema whose references point into its document."""
    return jsonschema_rs.Draft202012Validator(schema | {"components": document["components"]})


@functools.cache
def paths() -> list[tuple[re.Pattern[str], Json]]:
    """The documented paths as patterns; plain ones first, as `/orders/history` is no order."""
    ordered = sorted(rest()["paths"].items(), key=lambda item: ("{" in item[0], item[0]))
    return [(re.compile(re.sub(r"\{\w+\}", "[^/]+", path)), methods) for path, methods in ordered]


@functools.cache
def reply_validator(operation_id: str, status: str, media_type: str) -> jsonschema_rs.Draft202012Validator | None:
    """The validator of one documented answer; None where the contract has no such answer."""
    for methods in rest()["paths"].values():
        for operation in methods.values():
            if operation["operationId"] == operation_id and status in operation["responses"]:
                answer = operation["responses"][status]
                if "$ref" in answer:
                    answer = rest()["components"]["responses"][answer["$ref"].rpartition("/")[2]]
                content = answer["content"].get(media_type)
                return content and validator(rest(), content["schema"])
    return None


@functools.cache
def problem_validator() -> jsonschema_rs.Draft202012Validator:
    """The validator of problem bodies."""
    return validator(rest(), {"$ref": "#/components/schemas/Problem"})


def full_path(path: str) -> str:
    """Return the path from the root; tests leave out `/api/v1`."""
    return path if path.startswith(("/udf/", "/api/", "/charts_storage/")) else f"{REST_ROOT}{path}"


def check_reply(method: str, path: str, reply: Reply) -> None:
    """Hold an answer against the contract. Raises: AssertionError that names operation, status and place."""
    plain = full_path(path).partition("?")[0]
    if (OUTSIDE.search(plain) and reply.status in (200, 304)) or SOCKET.search(plain):
        return
    if method == "OPTIONS" or (reply.status == 400 and not reply.media_type):
        return  # a browser's preflight; what is not HTTP is refused by the library below the server
    operation = next((methods.get(method.lower()) for pattern, methods in paths() if pattern.fullmatch(plain)), None)
    where = f"{method} {plain} answered {reply.status} {reply.media_type}"
    check: jsonschema_rs.Draft202012Validator | None
    if operation is None or (reply.status == 404 and reply.media_type == PROBLEM):
        assert (reply.status, reply.media_type) in ((404, PROBLEM), (405, PROBLEM)), f"{where}: not in the contract"
        check = problem_validator()
    else:
        check = reply_validator(operation["operationId"], str(reply.status), reply.media_type)
        assert check is not None, f"{where}: {operation['operationId']} has no such answer in the contract"
    is_json = reply.media_type.endswith("json") and reply.media_type != LINES
    complain(check, json.loads(reply.body) if is_json else reply.body.decode(), where)


@functools.cache
def frame_validators() -> Mapping[str, jsonschema_rs.Draft202012Validator]:
    """Validators of what the server sends, by message type."""
    document = stream()
    sent = {
        ref["$ref"].rpartition("/")[2]
        for operation in document["operations"].values()
        for ref in (operation["messages"] if operation["action"] == "send" else operation.get("reply", {})["messages"])
    }
    messages = document["components"]["messages"]
    return {messages[key]["name"]: validator(document, messages[key]["payload"]) for key in sent}


def check_frame(message: Any) -> None:
    """Hold a frame of the server against the contract. Raises: AssertionError that names message and place."""
    assert isinstance(message, dict), f"a frame is an object: {message!r}"
    kind = str(message.get("type"))
    assert kind in frame_validators(), f"the contract has no message {kind!r} that the server sends"
    complain(frame_validators()[kind], message, f"frame {kind}")


def complain(check: jsonschema_rs.Draft202012Validator, value: Any, where: str) -> None:
    """Raise: AssertionError with everything that does not fit."""
    faults = [f"  at /{'/'.join(map(str, one.instance_path))}: {one.message}" for one in check.iter_errors(value)]
    assert not faults, "\n".join([f"{where}: does not fit the contract", *faults[:10]])
