"""The OpenAPI 3.1 document of the Alpaca dialect, made from `server/alpaca_routes.py` and the models of its answers."""

import re
from collections.abc import Iterator

from apispec import APISpec
from pydantic import BaseModel

from handlers.alpaca import models
from server import VERSION
from server.alpaca_routes import BASE, AlpacaAddress, Call, alpaca_addresses
from server.specs.schemas import Json, Schemas, Use

DESCRIPTION = (
    "The part of Alpaca's Trading and Market Data API that this server speaks; docs/alpaca.md has the differences. "
    "The key id is the account, the secret one of the server's tokens."
)
KEYS = ("APCA-API-KEY-ID", "APCA-API-SECRET-KEY")


def build() -> Json:
    """Return the document."""
    table = alpaca_addresses()
    schemas = Schemas(_uses(table))
    spec = APISpec(
        title="Trading Pro: the Alpaca dialect",
        version=VERSION,
        openapi_version="3.1.0",
        info={"description": DESCRIPTION},
        servers=[{"url": "/"}],
        security=[{name: [] for name in KEYS}],
    )
    for name in KEYS:
        spec.components.security_scheme(name, {"type": "apiKey", "in": "header", "name": name})
    for name, schema in schemas.definitions.items():
        spec.components.schema(name, schema)
    for address in table:
        operations = {
            method.lower(): _operation(address, method, call, schemas) for method, call in address.calls.items()
        }
        spec.path(path=BASE + address.path, operations=operations)
    return spec.to_dict()


def _uses(table: list[AlpacaAddress]) -> Iterator[Use]:
    yield models.Error, "serialization"
    for address in table:
        for call in address.calls.values():
            if call.reply is not None:
                yield call.reply, "serialization"
            if call.request is not None:
                yield call.request, "validation"


def _operation(address: AlpacaAddress, method: str, call: Call, schemas: Schemas) -> Json:
    body: Json = {"operationId": _id(address, method), "summary": call.summary}
    if parameters := [*_path_parameters(address.path), *_query_parameters(call)]:
        body["parameters"] = parameters
    if call.request is not None:
        content = {"application/json": {"schema": schemas.ref(call.request, "validation")}}
        body["requestBody"] = {"required": True, "content": content}
    answer: Json = {"description": "Done."}
    if call.reply is not None:
        answer["content"] = {"application/json": {"schema": _schema(call.reply, call.many, schemas)}}
    error = {"application/json": {"schema": schemas.ref(models.Error, "serialization")}}
    body["responses"] = {str(call.status): answer, "default": {"description": "Refused.", "content": error}}
    return body


def _id(address: AlpacaAddress, method: str) -> str:
    """Return an id such as `get_v2_orders_order_id`."""
    return re.sub(r"\W+", "_", f"{method.lower()}{address.path}").strip("_")


def _schema(model: type[BaseModel], many: str, schemas: Schemas) -> Json:
    ref = schemas.ref(model, "serialization")
    if many == "list":
        return {"type": "array", "items": ref}
    return {"type": "object", "additionalProperties": ref} if many == "map" else ref


def _path_parameters(path: str) -> Iterator[Json]:
    for name in re.findall(r"{(\w+)}", path):
        yield {"name": name, "in": "path", "required": True, "schema": {"type": "string", "minLength": 1}}


def _query_parameters(call: Call) -> Iterator[Json]:
    for name in call.names:
        yield {"name": name, "in": "query", "required": False, "schema": {"type": "string"}}
    if call.query is None:
        return
    for name, field in Schemas([(call.query, "validation")]).resolved(call.query, "validation")["properties"].items():
        choices = [one for one in field.get("anyOf", [field]) if one.get("type") != "null"]
        yield {"name": name, "in": "query", "required": False, "schema": dict(choices[0])}
