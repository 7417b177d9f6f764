"""Writes the generated part of the Python client from the committed specs: `python clients/generate.py [FOLDER]`.

Models become typed dictionaries: what is on the wire, nothing converted, everything known to a type checker.
"""

import json
import keyword
import re
import sys
import textwrap
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
TARGET = HERE / "python" / "trading_pro_client" / "generated"
NOTE = "Generated from the specs: change the server's models."
WIDTH = 116
LINES = "application/x-ndjson"
"""Media type of answers that are no JSON value, which the client does not read."""

Json = dict[str, Any]


def name_of(ref: str) -> str:
    """Return the component that a reference names."""
    return ref.rpartition("/")[2]


def python_type(schema: Json) -> str:
    """Return a schema's type as Python writes it."""
    if "$ref" in schema:
        return name_of(schema["$ref"])
    if "const" in schema:
        return f"Literal[{literal(schema['const'])}]"
    if "enum" in schema:
        return f"Literal[{', '.join(literal(value) for value in schema['enum'])}]"
    for key in ("anyOf", "oneOf"):
        if key in schema:
            return " | ".join(dict.fromkeys(python_type(choice) for choice in schema[key]))
    kind = schema.get("type")
    if kind == "array":
        return f"list[{python_type(schema.get('items', {}))}]"
    if kind == "object":
        values = schema.get("additionalProperties", {})
        return f"dict[str, {python_type(values) if isinstance(values, dict) else 'Any'}]"
    plain = {"string": "str", "number": "float", "integer": "int", "boolean": "bool", "null": "None"}
    return plain.get(str(kind), "Any")


def literal(value: Any) -> str:
    """Return a JSON value as Python writes it, strings in double quotes."""
    return json.dumps(value) if isinstance(value, str) else repr(value)


def snake(name: str) -> str:
    """Return a camelCase name as Python writes names; a keyword gets an underscore."""
    plain = re.sub(r"(?<=[a-z0-9])([A-Z])", r"_\1", name).lower()
    return f"{plain}_" if keyword.iskeyword(plain) else plain


def docstring(text: str, indent: str = "    ") -> list[str]:
    """Return a docstring, wrapped."""
    sentence = text if text.endswith((".", "?", "!")) else f"{text}."
    if len(sentence) + len(indent) + 6 <= WIDTH:
        return [f'{indent}"""{sentence}"""']
    first, _, rest = sentence.partition(". ")
    lines = [f'{indent}"""{first}{"." if rest else ""}']
    if rest:
        lines += ["", *(indent + line for line in textwrap.wrap(rest, WIDTH - len(indent)))]
    return [*lines, f'{indent}"""']


def models(schemas: Json) -> Iterator[str]:
    """Write the models; aliases are looked up when the module is read: first what models use, last what uses models."""
    yield f'"""What crosses the wire. {NOTE}"""\n'
    yield "from __future__ import annotations\n"
    yield "from typing import Any, Literal, NotRequired, TypedDict\n"
    aliases = {name: schema for name, schema in schemas.items() if "properties" not in schema}
    unions = {name: schema for name, schema in aliases.items() if "$ref" in json.dumps(schema)}
    for name, schema in aliases.items():
        if name not in unions:
            yield alias(name, schema)
    for name, schema in schemas.items():
        if name not in aliases:
            yield "\n" + "\n".join(model(name, schema)) + "\n"
    for number, (name, schema) in enumerate(unions.items()):
        yield ("\n" if number == 0 else "") + alias(name, schema)


def alias(name: str, schema: Json) -> str:
    """Write another name for a type."""
    lines = [f"{name} = {python_type(schema)}"]
    if "description" in schema:
        lines += docstring(schema["description"], "")
    return "\n".join(lines) + "\n"


def model(name: str, schema: Json) -> list[str]:
    """Write one typed dictionary."""
    lines = [f"class {name}(TypedDict):", *docstring(schema.get("description", name)), ""]
    required = set(schema.get("required", ()))
    for field, kind in schema["properties"].items():
        written = python_type(kind).replace("JsonValue", "Any")
        lines.append(f"    {field}: {written if field in required else f'NotRequired[{written}]'}")
    return lines


def codes(schemas: Json) -> Iterator[str]:
    """Write the enumerations' members as constants."""
    yield f'"""Codes on the wire by their names: `Side.BUY`. {NOTE}"""\n'
    yield "from typing import Final\n"
    for name, schema in schemas.items():
        if members := schema.get("x-enum-varnames"):
            rows = [f"    {member}: Final = {schema['enum'][at]!r}" for at, member in enumerate(members)]
            described = docstring(schema.get("description", name))
            yield "\n" + "\n".join([f"class {name}:", *described, "", *rows]) + "\n"


def operations(document: Json) -> Iterator[str]:
    """Write one method for each operation with a JSON answer."""
    found = sorted(
        (operation["operationId"], method, path, operation)
        for path, methods in document["paths"].items()
        for method, operation in methods.items()
        if LINES not in json.dumps(operation["responses"])
    )
    methods = ["\n".join(operation_method(method, path, operation)) for _, method, path, operation in found]
    body = "\n\n".join(methods)
    yield f'"""One method for each operation of the REST interface. {NOTE}"""\n'
    typing = [name for name in ("Any", "Literal") if re.search(rf"\b{name}\b", body)]
    yield f"from typing import {', '.join(dict.fromkeys(['Any', *typing]))}"
    yield "from urllib.parse import quote\n" if "quote(" in body else ""
    yield imports(body, document["components"]["schemas"])
    yield '\nclass Operations:\n    """The REST interface; a method raises `Refused` when the server refuses."""\n'
    yield "    async def _call(self, method: str, path: str, query: dict[str, Any], body: Any = None) -> Any:"
    yield "        raise NotImplementedError\n"
    yield body + "\n"


def imports(body: str, schemas: Iterable[str]) -> str:
    """Write the import of the models that a text uses."""
    used = sorted(name for name in schemas if re.search(rf"\b{name}\b", body))
    rows = "".join(f"    {name},\n" for name in used)
    return f"from trading_pro_client.generated.models import (\n{rows})\n"


def operation_method(method: str, path: str, operation: Json) -> list[str]:
    """Write one method."""
    parameters = operation.get("parameters", [])
    in_path = [one["name"] for one in parameters if one["in"] == "path"]
    query = sorted((one for one in parameters if one["in"] == "query"), key=lambda one: not one["required"])
    good = next(answer for status, answer in operation["responses"].items() if status.startswith("2"))
    content = good["content"]["application/json"]
    reply = python_type(content["schema"])
    signature = ["self", *(f"{snake(name)}: str" for name in in_path)]
    request = operation.get("requestBody")
    if request is not None:
        kind = python_type(request["content"]["application/json"]["schema"])
        signature.append(f"body: {kind}" if request["required"] else f"body: {kind} | None = None")
    if query:
        signature.append("*")
    for one in query:
        kind = python_type(one["schema"])
        signature.append(f"{snake(one['name'])}: {kind}" + ("" if one["required"] else " | None = None"))
    name = snake(operation["operationId"])
    lines = [f"    async def {name}(self) -> {reply}:"]
    if len(signature) > 1:
        rows = "".join(f"        {one},\n" for one in signature)
        lines = [f"    async def {name}(\n{rows}    ) -> {reply}:"]
    address = re.sub(r"\{(\w+)\}", lambda match: f"{{quote({snake(match[1])}, safe='')}}", path)
    pairs = [f'"{one["name"]}": {snake(one["name"])}' for one in query]
    line = f"        asked: dict[str, Any] = {{{', '.join(pairs)}}}"
    lines += docstring(operation["summary"], "        ")
    if len(line) > WIDTH:
        line = "\n".join(
            ["        asked: dict[str, Any] = {", *(f"            {pair}," for pair in pairs), "        }"]
        )
    lines += [line, f'        path = {"f" if in_path else ""}"{address}"']
    sent = ", body" if request is not None else ""
    lines += [
        f'        reply: {reply} = await self._call("{method.upper()}", path, asked{sent})',
        "        return reply",
    ]
    return lines


def routes(document: Json) -> Iterator[str]:
    """Write what each route takes and gives, as overloads of `subscribe`."""
    messages = {one["name"]: one for one in document["components"]["messages"].values()}
    schemas = document["components"]["schemas"]

    def payload(kind: str) -> Json:
        found: Json = schemas[name_of(messages[kind]["payload"]["$ref"])]["properties"]["payload"]
        return found

    names = sorted(kind.removesuffix(".update") for kind in messages if kind.endswith(".update"))
    shapes = [
        (
            route,
            python_type(payload(f"{route}.subscribe")),
            python_type(payload(f"{route}.update")["properties"]["payload"]),
        )
        for route in names
    ]
    exact = [route for route in names if messages[f"{route}.update"]["x-delivery"] == "exact"]
    yield f'"""Every route of the stream: what it takes and gives. {NOTE}"""\n'
    yield "from collections.abc import Callable\nfrom typing import Any, Literal, overload\n"
    yield imports(" ".join(f"{one[1]} {one[2]}" for one in shapes), schemas).rstrip("\n")
    yield "from trading_pro_client.subscription import Subscription\n"
    yield f"EXACT = frozenset(({', '.join(literal(route) for route in exact)}))"
    yield '"""Routes of which every update comes, once and in order; of the others the newest state does."""\n'
    yield "OnReset = Callable[[Any], None]\n\n"
    yield 'class Routes:\n    """Subscriptions by route."""\n'
    yield "    async def _subscribe(self, route: str, payload: Any, on_reset: OnReset | None) -> Subscription[Any]:"
    yield "        raise NotImplementedError\n"
    for route, takes, gives in shapes:
        yield "    @overload\n    async def subscribe(\n        self,"
        yield f'        route: Literal["{route}"],\n        payload: {takes},\n        on_reset: OnReset | None = None,'
        yield f"    ) -> Subscription[{gives}]: ...\n"
    yield "    async def subscribe("
    yield "        self, route: Any, payload: Any, on_reset: OnReset | None = None"
    yield "    ) -> Subscription[Any]:"
    yield '        """Follow a topic; returns when the server confirmed it.\n'
    yield "        Args:"
    yield "            route: The kind of topic."
    yield "            payload: What to follow."
    yield "            on_reset: Called with the state (None where the server sent none) when updates were missed that"
    yield "                cannot be had any more.\n"
    yield "        Raises:"
    yield "            SubscriptionError: the server refused."
    yield '        """'
    yield "        return await self._subscribe(route, payload, on_reset)"


def generated(specs: Path = HERE / "specs") -> dict[str, str]:
    """Return the generated files by their names."""
    rest = json.loads((specs / "openapi.json").read_text(encoding="utf-8"))
    stream = json.loads((specs / "asyncapi.json").read_text(encoding="utf-8"))
    told = {name: one for name, one in stream["components"]["schemas"].items() if not name.endswith("Message")}
    schemas = dict(sorted((rest["components"]["schemas"] | told).items()))
    return {
        "__init__.py": f'"""{NOTE}"""\n',
        "models.py": "\n".join(models(schemas)).rstrip("\n") + "\n",
        "codes.py": "\n".join(codes(schemas)).rstrip("\n") + "\n",
        "operations.py": "\n".join(operations(rest)).rstrip("\n") + "\n",
        "routes.py": "\n".join(routes(stream)).rstrip("\n") + "\n",
    }


def main(arguments: list[str]) -> int:
    """Write the files."""
    target = Path(arguments[0]) if arguments else TARGET
    target.mkdir(parents=True, exist_ok=True)
    for name, text in generated().items():
        (target / name).write_text(text, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
