"""The specs as HTML pages: Tornado's templates in `templates/`, filled from the OpenAPI or the AsyncAPI document.

The pages need no inline script, no inline style and no other host, so they work under a strict content policy. Style
sheet, filter box and the forms that try an operation are `static/specs/page.css`, `page.js` and `try.js`. Called by
`documents.py`.
"""

import json
import re
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Any, NamedTuple

from tornado.escape import xhtml_escape
from tornado.template import Loader

from server.specs.schemas import Json

TEMPLATES = Loader(str(Path(__file__).parent / "templates"))
BOUNDS = {"minimum": "&ge;", "maximum": "&le;", "minLength": "length &ge;", "maxLength": "length &le;"}


class Entry(NamedTuple):
    """One operation or message of a page.

    Attributes:
        key: Its anchor.
        title: Its text in the table of contents.
        value: The operation or message, unchanged from the document.
        method: Of an operation, in lower case.
        path: Of an operation.
    """

    key: str
    title: str
    value: Json
    method: str = ""
    path: str = ""


def page(kind: str, document: Json, base: str) -> bytes:
    """Return the page of an "openapi" or "asyncapi" document, whose addresses begin with `base`."""
    return TEMPLATES.load(f"{kind}.html").generate(
        document=document,
        base=base,
        groups=operations(document) if kind == "openapi" else messages(document),
        prose=prose,
        type_of=type_of,
        resolved=partial(resolved, document),
        indented=partial(json.dumps, indent=2, ensure_ascii=False),
    )


def operations(document: Json) -> dict[str, list[Entry]]:
    """Return the operations of an OpenAPI document by tag, with the whole paths."""
    server = document["servers"][0]["url"].rstrip("/")
    groups: dict[str, list[Entry]] = {tag["name"]: [] for tag in document["tags"]}
    for path, methods in document["paths"].items():
        for method, operation in methods.items():
            whole = server + path
            entry = Entry(operation["operationId"], f"{method.upper()} {whole}", operation, method, whole)
            groups[operation["tags"][0]].append(entry)
    return groups


def messages(document: Json) -> dict[str, list[Entry]]:
    """Return the messages of an AsyncAPI document by route."""
    groups: dict[str, list[Entry]] = {}
    for key, message in document["components"]["messages"].items():
        route, dot, _ = message["name"].partition(".")
        groups.setdefault(route if dot else "connection", []).append(Entry(key, message["name"], message))
    return groups


def resolved(document: Json, node: Json) -> Json:
    """Return the component that a `$ref` names; any other node is returned as it is."""
    while "$ref" in node:
        _, section, kind, name = node["$ref"].split("/")
        node = document[section][kind][name]
    return node


def prose(text: str) -> str:
    """Return a sentence as HTML; text between backticks becomes code."""
    return re.sub(r"`([^`]+)`", r"<code>\1</code>", xhtml_escape(text))


def type_of(schema: Json) -> str:
    """Return a short description of a schema's type, as HTML with links to the models."""
    if "$ref" in schema:
        name = xhtml_escape(schema["$ref"].rpartition("/")[2])
        return f'<a href="#model-{name}">{name}</a>'
    if "const" in schema:
        return _code(schema["const"])
    if choices := schema.get("anyOf") or schema.get("oneOf"):
        return " or ".join(map(type_of, choices))
    if "enum" in schema:
        return " | ".join(map(_code, schema["enum"]))
    kind = schema.get("type", "any")
    if kind == "array":
        return f"list of {type_of(schema.get('items', {}))}"
    if kind == "object" and "properties" in schema:
        fields = schema["properties"].items()
        return "; ".join(f"<code>{xhtml_escape(name)}</code> {type_of(field)}" for name, field in fields)
    return " ".join([xhtml_escape(str(kind)), *_bounds(schema)])


def _bounds(schema: Json) -> Iterator[str]:
    return (f"<small>{sign} {schema[key]:g}</small>" for key, sign in BOUNDS.items() if key in schema)


def _code(value: Any) -> str:
    return f"<code>{xhtml_escape(json.dumps(value))}</code>"
