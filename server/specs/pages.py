"""The specs as pages for people: plain HTML that works without scripts, without the internet and under a strict policy.

What a page needs beside itself are two files of ours, `specs/page.css` and `specs/page.js` (the filter box).
"""

import json
import re
from collections.abc import Iterable, Iterator
from html import escape
from typing import Any

from server.specs.schemas import Json

HEAD = """<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{title}</title>
<link rel="stylesheet" href="/specs/page.css">
<link rel="icon" href="/favicon.svg">
<script type="module" src="/specs/page.js"></script>
</head>
<body>
<a class="skip" href="#content">Skip to the content</a>
<header>
<h1>{title} <span class="version">{version}</span></h1>
<p>{about}</p>
<p class="links">{links}</p>
</header>
"""


def openapi_page(document: Json) -> str:
    """Return the page of an OpenAPI document."""
    links = {"openapi.json": "This document", "ws/asyncapi": "The stream", "../../": "The terminal"}
    groups = [(tag["name"], tag["description"], _operations(document, tag["name"])) for tag in document["tags"]]
    sections = [
        _section(name, text, (_operation(method, path, operation, document) for method, path, operation in found))
        for name, text, found in groups
    ]
    names = [(name, [(o["operationId"], f"{m.upper()} {p}") for m, p, o in found]) for name, _, found in groups]
    return _page(document, links, names, sections)


def asyncapi_page(document: Json) -> str:
    """Return the page of an AsyncAPI document."""
    links = {"../asyncapi.json": "This document", "../docs": "REST", "../../../": "The terminal"}
    channels = document["channels"]
    messages = document["components"]["messages"]
    rows = "".join(
        f"<tr><td><code>{escape(one['address'])}</code></td><td>{escape(one['title'])}</td>"
        f"<td>{escape(one['summary'])}</td></tr>"
        for one in channels.values()
    )
    table = f"<table><thead><tr><th>Address<th>What<th>Routes</thead><tbody>{rows}</tbody></table>"
    sections = [_section("sockets", "Where to connect.", [table])]
    groups: dict[str, list[str]] = {}
    for key, message in messages.items():
        groups.setdefault(message["name"].partition(".")[0] if "." in message["name"] else "connection", []).append(key)
    for group, keys in groups.items():
        sections.append(_section(group, "", (_message(key, messages[key], document) for key in keys)))
    names = [(group, [(key, messages[key]["name"]) for key in keys]) for group, keys in groups.items()]
    return _page(document, links, names, sections)


def _page(
    document: Json, links: dict[str, str], names: list[tuple[str, list[tuple[str, str]]]], sections: list[str]
) -> str:
    info = document["info"]
    head = HEAD.format(
        title=escape(info["title"]),
        version=escape(info["version"]),
        about=_prose(info["description"]),
        links=" ".join(f'<a href="{escape(to)}">{escape(text)}</a>' for to, text in links.items()),
    )
    schemas = document["components"]["schemas"]
    models = _section("models", "", (_model(name, schema) for name, schema in schemas.items()))
    entries = [*names, ("models", [(f"model-{name}", name) for name in schemas])]
    menu = "".join(
        f"<h2>{escape(group)}</h2><ul>"
        + "".join(f'<li><a href="#{escape(key)}">{escape(text)}</a></li>' for key, text in found)
        + "</ul>"
        for group, found in entries
    )
    search = (
        '<form role="search"><label for="filter">Filter</label>'
        '<input id="filter" type="search" autocomplete="off" aria-describedby="found">'
        '<output id="found" for="filter"></output></form>'
    )
    return (
        f'{head}<div class="columns"><nav aria-label="Contents">{search}{menu}</nav>'
        f'<main id="content" tabindex="-1">{"".join(sections)}{models}</main></div></body></html>\n'
    )


def _section(name: str, text: str, parts: Iterable[str]) -> str:
    return f'<section><h2 id="group-{escape(name)}">{escape(name)}</h2><p>{escape(text)}</p>{"".join(parts)}</section>'


def _operations(document: Json, tag: str) -> list[tuple[str, str, Json]]:
    return [
        (method, path, operation)
        for path, methods in document["paths"].items()
        for method, operation in methods.items()
        if tag in operation["tags"]
    ]


def _operation(method: str, path: str, operation: Json, document: Json) -> str:
    key = escape(operation["operationId"])
    parts = [
        f'<article id="{key}" class="entry"><h3><span class="verb {method}">{method.upper()}</span> '
        f"<code>{escape(path)}</code></h3><p>{_prose(operation['summary'])} <small>{key}</small></p>"
    ]
    if operation.get("deprecated"):
        parts.append('<p class="deprecated">Deprecated.</p>')
    if parameters := operation.get("parameters"):
        rows = "".join(
            f"<tr><td><code>{escape(one['name'])}</code><td>{one['in']}<td>{_type(one['schema'])}"
            f"<td>{'required' if one['required'] else ''}<td>{_prose(one.get('description', ''))}</tr>"
            for one in parameters
        )
        head = "<tr><th>Parameter<th>In<th>Type<th><th></tr>"
        parts.append(f"<table><thead>{head}</thead><tbody>{rows}</tbody></table>")
    if body := operation.get("requestBody"):
        parts.append(f"<h4>Request{'' if body['required'] else ' (optional)'}</h4>{_content(body['content'])}")
    for status, answer in operation["responses"].items():
        parts.append(_response(status, answer, document))
    return "".join(parts) + "</article>"


def _response(status: str, answer: Json, document: Json) -> str:
    if "$ref" in answer:
        answer = document["components"]["responses"][answer["$ref"].rpartition("/")[2]]
    return (
        f'<details><summary><span class="status s{status[0]}">{status}</span> {_prose(answer["description"])}'
        f"</summary>{_content(answer['content'])}</details>"
    )


def _content(content: Json) -> str:
    return "".join(
        f"<p><code>{escape(kind)}</code>: {_type(body['schema'])}</p>{_code(body['example'])}"
        for kind, body in content.items()
    )


def _message(key: str, message: Json, document: Json) -> str:
    schema = document["components"]["schemas"][message["payload"]["$ref"].rpartition("/")[2]]
    examples = "".join(_code(example["payload"]) for example in message["examples"])
    return (
        f'<article id="{escape(key)}" class="entry"><h3><code>{escape(message["name"])}</code></h3>'
        f"<p>{_prose(message['summary'])}</p>{_fields(schema)}{examples}</article>"
    )


def _model(name: str, schema: Json) -> str:
    text = _prose(schema.get("description", ""))
    members = schema.get("x-enum-varnames")
    if members:
        values = zip(members, schema["enum"], strict=True)
        listed = "".join(f"<li><code>{escape(str(value))}</code> {escape(member)}</li>" for member, value in values)
        body = f"<ul>{listed}</ul>"
    else:
        body = _fields(schema)
    return f'<article id="model-{escape(name)}" class="entry"><h3>{escape(name)}</h3><p>{text}</p>{body}</article>'


def _fields(schema: Json) -> str:
    if "properties" not in schema:
        return f"<p>{_type(schema)}</p>"
    required = set(schema.get("required", ()))
    rows = "".join(
        f"<tr><td><code>{escape(name)}</code><td>{_type(field)}<td>{'required' if name in required else ''}"
        f"<td>{_prose(field.get('description', ''))}</tr>"
        for name, field in schema["properties"].items()
    )
    return f"<table><thead><tr><th>Field<th>Type<th><th></tr></thead><tbody>{rows}</tbody></table>"


def _type(schema: Json) -> str:
    """Write a schema's type in a few words, with links to the models."""
    if "$ref" in schema:
        name = escape(schema["$ref"].rpartition("/")[2])
        return f'<a href="#model-{name}">{name}</a>'
    if "const" in schema:
        return f"<code>{escape(json.dumps(schema['const']))}</code>"
    for key in ("anyOf", "oneOf"):
        if key in schema:
            return " or ".join(_type(choice) for choice in schema[key])
    if "enum" in schema:
        return " | ".join(f"<code>{escape(json.dumps(value))}</code>" for value in schema["enum"])
    if schema.get("type") == "array":
        return f"list of {_type(schema.get('items', {}))}"
    if schema.get("type") == "object" and "properties" in schema:
        return "; ".join(f"<code>{escape(name)}</code> {_type(field)}" for name, field in schema["properties"].items())
    return " ".join([escape(str(schema.get("type", "any"))), *_bounds(schema)])


def _bounds(schema: Json) -> Iterator[str]:
    marks = {"minimum": "&ge;", "maximum": "&le;", "minLength": "length &ge;", "maxLength": "length &le;"}
    for key, mark in marks.items():
        if key in schema:
            yield f"<small>{mark} {schema[key]:g}</small>"


def _prose(text: str) -> str:
    """Write a sentence; what stands between backticks is code."""
    return re.sub(r"`([^`]+)`", r"<code>\1</code>", escape(text))


def _code(value: Any) -> str:
    return f"<pre tabindex='0'><code>{escape(json.dumps(value, indent=2, ensure_ascii=False))}</code></pre>"
