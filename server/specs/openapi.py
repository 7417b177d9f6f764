"""The OpenAPI 3.1 document of the REST interface, made from the route table and the wire models by apispec.

Called by `documents.py`, which imports it at the first request for a document: apispec and the schemas of all models
would make the start of the server slower.
"""

from collections.abc import Iterable, Iterator
from dataclasses import replace

from apispec import APISpec
from pydantic import BaseModel

from engine.models.broker.account import AccountQuery
from engine.models.common import Problem
from handlers.errors import MEDIA_TYPE
from handlers.rest.system import API_VERSION
from server.operations import BASE, Address, Operation
from server.routes import addresses
from server.specs.examples import EXAMPLES, PATHS, QUERIES, load
from server.specs.schemas import Json, Mode, Schemas, Use

DATA = load("openapi.json")
TITLES: dict[str, str] = DATA["titles"]
"""Titles of the documents, by module; "all" is the document of all modules."""

NAMES = {body["content"][MEDIA_TYPE]["example"]["status"]: name for name, body in DATA["responses"].items()}
"""Names of the error responses, by status."""

ALSO = {202: "The same, while it goes on.", 503: "The same, when not all is well."}
PLAIN: dict[type, Json] = {
    int: {"schema": {"type": "integer"}, "example": 1_767_625_200},
    str: {"schema": {"type": "string"}, "example": "{...}\n"},
}
"""Replies that are no models: the time, and the lines of a recording."""


def build(modules: tuple[str, ...], module: str | None = None, *, with_debug: bool = False) -> Json:
    """Return the document of these modules, or of one `module` only.

    The document of a module has paths below the base of the module, and the operation ids of the original. It omits
    UDF, whose addresses are elsewhere.

    Args:
        modules: The modules; the addresses of the server itself and of its control are described too.
        module: The only module to describe.
        with_debug: Whether to describe the debug addresses; the served document omits them.
    """
    base = f"{BASE}/{module}" if module else ""
    table = addresses(modules, with_debug, has_control=True)
    if module:
        table = [_with_module_ids(one) for one in table if one.base == base]
    schemas = Schemas(_uses(table))
    tags = {address.module or "server" for address in table}
    spec = APISpec(
        title=TITLES[module or "all"],
        version=API_VERSION,
        openapi_version="3.1.0",
        info=dict(DATA["info"]),
        servers=[{"url": base}] if module else DATA["servers"],
        tags=[tag for tag in DATA["tags"] if tag["name"] in tags],
        security=DATA["security"],
    )
    spec.components.security_scheme("token", DATA["token"])
    for name, schema in schemas.definitions.items():
        spec.components.schema(name, schema)
    for name, response in DATA["responses"].items():
        spec.components.response(name, response)
    for address in table:
        operations = {
            method.lower(): _operation(address, method, operation, schemas)
            for method, operation in address.operations.items()
        }
        spec.path(path=address.full_path.removeprefix(base), operations=operations)
    return spec.to_dict()


def _with_module_ids(address: Address) -> Address:
    """Return an address whose operations have their ids of the module's own document."""
    return replace(
        address,
        operations={method: replace(one, id=one.module_id or one.id) for method, one in address.operations.items()},
    )


def _uses(table: Iterable[Address]) -> Iterator[Use]:
    yield Problem, "serialization"
    for address in table:
        for operation in address.operations.values():
            if issubclass(operation.reply, BaseModel):
                yield operation.reply, "serialization"
            if operation.request is not None:
                yield operation.request, "validation"


def _operation(address: Address, method: str, operation: Operation, schemas: Schemas) -> Json:
    body: Json = {"operationId": operation.id, "summary": operation.summary, "tags": [address.module or "server"]}
    if parameters := _parameters(address, operation):
        body["parameters"] = parameters
    if operation.request is not None:
        body["requestBody"] = {
            "required": operation.needs_body,
            "content": {"application/json": _content(operation.request, "validation", schemas)},
        }
    body["responses"] = _responses(address, method, operation, schemas)
    return body


def _parameters(address: Address, operation: Operation) -> list[Json]:
    names = [part[1:-1] for part in address.path.split("/") if part.startswith("{")]
    found: list[Json] = [
        {
            "name": name,
            "in": "path",
            "required": True,
            "schema": {"type": "string", "minLength": 1, "maxLength": 64},
            **({"example": PATHS[name]} if name in PATHS else {}),
        }
        for name in names
    ]
    if operation.query is not None:
        found += _query(operation.query)
    if _has_account(address, operation):
        found += _query(AccountQuery)
    return found


def _query(model: type[BaseModel]) -> Iterator[Json]:
    schemas = Schemas([(model, "validation")])
    schema = schemas.resolved(model, "validation")
    values = QUERIES.get(model.__name__, {})
    for name, field in schema["properties"].items():
        parameter: Json = {"name": name, "in": "query", "required": name in schema.get("required", ())}
        parameter["schema"] = _parameter_schema(field, schemas.definitions)
        if "description" in field:
            parameter["description"] = field["description"]
        if name in values:
            parameter["example"] = values[name]
        yield parameter


def _parameter_schema(field: Json, definitions: Json) -> Json:
    """Return the schema of a query parameter: without null, without references."""
    choices = [choice for choice in field.get("anyOf", [field]) if choice.get("type") != "null"]
    schema = dict(choices[0])
    if "$ref" in schema:
        schema = dict(definitions[schema["$ref"].rpartition("/")[2]])
    for name in ("description", "default", "title"):
        schema.pop(name, None)
    return schema | ({"default": field["default"]} if field.get("default") is not None else {})


def _responses(address: Address, method: str, operation: Operation, schemas: Schemas) -> Json:
    content = PLAIN.get(operation.reply)
    if issubclass(operation.reply, BaseModel):
        content = _content(operation.reply, "serialization", schemas, is_list=operation.is_list)
    good: Json = {"content": {operation.media_type: content}}
    if links := DATA["links"].get(operation.id):
        good["links"] = {to: {"operationId": to, "parameters": given} for to, given in links.items()}
    refused = {str(status): NAMES[status] for status in refusals(address, method, operation)}
    also = {str(status): {"description": ALSO[status], **good} for status in operation.also}
    return dict(sorted(({str(operation.status): {"description": "Done.", **good}} | refused | also).items()))


def refusals(address: Address, method: str, operation: Operation) -> set[int]:
    """Return the error statuses of an operation."""
    found = {401, 403, 413, 415, 421, 429, 503}
    has_account = _has_account(address, operation)
    if operation.request is not None or operation.query is not None or has_account:
        found |= {400, 422}
    names_a_symbol = operation.query is not None and "symbol" in operation.query.model_fields
    if "{" in address.path or has_account or names_a_symbol:
        found |= {400, 404}
    if address.module == "control":  # without --control, or where a world is not recorded
        found.add(404)
    if method != "GET" and address.module in ("broker", "control"):
        found |= {400, 409}
    return found - set(operation.also)


def _has_account(address: Address, operation: Operation) -> bool:
    return address.module == "broker" and operation.takes_account and "{accountId}" not in address.path


def _content(model: type[BaseModel], mode: Mode, schemas: Schemas, *, is_list: bool = False) -> Json:
    ref, example = schemas.ref(model, mode), EXAMPLES[model.__name__]
    if is_list:
        return {"schema": {"type": "array", "items": ref}, "example": [example]}
    return {"schema": ref, "example": example}
