"""The OpenAPI 3.1 document of the REST interface, made from the route table and the wire models by apispec.

Called by `documents.py`, which imports it when the first document is asked for: apispec and the schemas of all models
would make the start of the server slower.
"""

from collections.abc import Iterable, Iterator
from typing import Any

from apispec import APISpec
from pydantic import BaseModel

from engine.models.broker.account import AccountQuery
from engine.models.common import Problem
from handlers.errors import CODES, MEDIA_TYPE
from handlers.rest.system import API_VERSION
from server.routes import Address, Operation, addresses
from server.specs.examples import EXAMPLES, PATHS, PROBLEMS, QUERIES
from server.specs.schemas import Json, Schemas, Use, one_line, sample

TITLES = {None: "Trading Pro", "broker": "Trading Pro, broker", "datafeed": "Trading Pro, datafeed"}

ABOUT = """Commands go over REST, events come over WebSocket (see the AsyncAPI document). Names and shapes are those of
TradingView's broker and datafeed interfaces. Times are epoch milliseconds unless a parameter says seconds; money is in
the account's currency. Optional fields may be absent or null in requests and are present, null where unset, in replies.
Unknown fields of requests are ignored. Every refusal has a problem body (RFC 9457) with a reason code."""

TAGS = {
    "server": "The server as a whole.",
    "broker": "Orders, positions, executions and the account.",
    "datafeed": "Symbols, history and quotes.",
}

REFUSALS = {
    400: "The command is denied, `code` says by which rule; or the request is not well-formed.",
    401: "Without a token, or with a bad one, where the server asks for tokens.",
    403: "The token does not allow this, or the origin is refused.",
    404: "What the address names (an order, a position, a symbol, an account) is not there, or is not yours.",
    409: "The order is final, or the id is taken.",
    413: "The body is too large.",
    415: "The body is not JSON.",
    421: "The server does not answer for this host name.",
    422: "Body, query or path does not validate; `errors` names the fields.",
    429: "Too many requests; `Retry-After` says when to come back, in seconds.",
    503: "The server is shutting down, or the change could not be stored; nothing was changed.",
}
TITLES_OF = {status: CODES[status].replace("_", " ").title() for status in REFUSALS}
LINKS = {
    "placeOrder": {name: {"orderId": "$response.body#/orderId"} for name in ("getOrder", "modifyOrder", "cancelOrder")}
}
"""OpenAPI links: parameters of other operations that the response of an operation contains."""

ALSO = {503: "The same, when not all is well."}
NAMES = {status: title.replace(" ", "") for status, title in TITLES_OF.items()}


def build(modules: tuple[str, ...], *, with_debug: bool = False) -> Json:
    """Return the document of these modules.

    Args:
        modules: The modules; the addresses of the server itself are always described.
        with_debug: Whether to describe the debug addresses; the served document never does.
    """
    return _document(addresses(modules, with_debug), None)


def build_module(module: str) -> Json:
    """Return the document of one module."""
    return _document([address for address in addresses((module,), False) if address.module == module], module)


def _document(table: list[Address], module: str | None) -> Json:
    schemas = Schemas(_uses(table))
    spec = APISpec(
        title=TITLES[module],
        version=API_VERSION,
        openapi_version="3.1.0",
        info={"description": one_line(ABOUT), "license": {"name": "MIT", "identifier": "MIT"}},
        servers=[{"url": "/", "description": "The server that this document comes from"}],
        tags=[
            {"name": tag, "description": text}
            for tag, text in TAGS.items()
            if any((address.module or "server") == tag for address in table)
        ],
        security=[{}, {"token": []}],
    )
    spec.components.security_scheme(
        "token",
        {"type": "http", "scheme": "bearer", "bearerFormat": "JWT", "description": "Needed where tokens are on."},
    )
    for name, schema in schemas.definitions.items():
        spec.components.schema(name, schema)
    for status, text in REFUSALS.items():
        spec.components.response(NAMES[status], _refusal(status, text, schemas))
    for address in table:
        operations = {
            method.lower(): _operation(address, method, operation, schemas)
            for method, operation in address.operations.items()
        }
        spec.path(path=address.full_path, operations=operations)
    return spec.to_dict()


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
            "content": {"application/json": _content(operation.request, schemas, is_request=True)},
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
    content: Json
    if issubclass(operation.reply, BaseModel):
        content = _content(operation.reply, schemas, is_list=operation.is_list)
    else:
        content = {"schema": {"type": "integer"}, "example": 1_767_625_200}
    good: Json = {"content": {"application/json": content}}
    if operation.id in LINKS:
        good["links"] = {to: {"operationId": to, "parameters": given} for to, given in LINKS[operation.id].items()}
    refused = {str(status): NAMES[status] for status in refusals(address, method, operation)}
    also = {str(status): {"description": ALSO[status], **good} for status in operation.also}
    return dict(sorted(({"200": {"description": "Done.", **good}} | refused | also).items()))


def refusals(address: Address, method: str, operation: Operation) -> set[int]:
    """Return the error statuses of an operation."""
    found = {401, 403, 413, 415, 421, 429, 503}
    has_account = _has_account(address, operation)
    if operation.request is not None:
        found |= {400, 422}
    if operation.query is not None or has_account:
        found |= {400, 422}
    if "{" in address.path or has_account or _names_a_symbol(operation):
        found |= {400, 404}
    if method != "GET" and address.module == "broker":
        found |= {400, 409}
    return found - set(operation.also)


def _names_a_symbol(operation: Operation) -> bool:
    return operation.query is not None and "symbol" in operation.query.model_fields


def _has_account(address: Address, operation: Operation) -> bool:
    return address.module == "broker" and operation.takes_account and "{accountId}" not in address.path


def _content(model: type[BaseModel], schemas: Schemas, *, is_list: bool = False, is_request: bool = False) -> Json:
    mode: Any = "validation" if is_request else "serialization"
    ref = schemas.ref(model, mode)
    example = EXAMPLES.get(model.__name__)
    if example is None:
        example = sample(ref, schemas.definitions)
    return {
        "schema": {"type": "array", "items": ref} if is_list else ref,
        "example": [example] if is_list else example,
    }


def _refusal(status: int, text: str, schemas: Schemas) -> Json:
    problem = PROBLEMS[status]
    example: Json = {"type": "about:blank", "title": TITLES_OF[status], "status": status}
    example |= {"detail": problem["detail"], "code": problem["code"]}
    if status == 422:
        example["errors"] = [{"loc": ["qty"], "msg": "Input should be a valid number", "type": "float_type"}]
    body: Json = {
        "description": text,
        "content": {MEDIA_TYPE: {"schema": schemas.ref(Problem, "serialization"), "example": example}},
    }
    if status == 429:
        seconds = {"type": "integer", "minimum": 1}
        body["headers"] = {"Retry-After": {"description": "Seconds to wait.", "schema": seconds}}
    return body
