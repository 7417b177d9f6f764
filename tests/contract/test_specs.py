"""The documents: valid for the official tools, complete, with examples that validate, served and exported alike."""

import functools
import json
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import jsonschema_rs
import pytest
from openapi_spec_validator import validate

from engine.topics import ROUTES
from handlers.routing import allowed_methods
from server.main import main
from server.operations import BASE
from server.routes import addresses
from server.settings import ALL_MODULES, MODULES
from server.specs import documents
from server.specs.examples import EXAMPLES, QUERIES
from tests.conftest import StartLive
from tests.contract.built import PARTS, Build, Json, rest_document, stream_document
from tests.contract.wire import validator

ROOT = Path(__file__).parents[2]
TIMEOUT_S = 600
"""Longest wait for a tool; it only ends a test that hangs."""

exported = functools.cache(functools.partial(documents.exported, ALL_MODULES))
"""The documents that the code describes, built once."""

ABOUT = {
    "getHealthStatus": ("GET", "/health"),
    "getAPIVersions": ("GET", "/versions"),
    "getAPIVersion": ("GET", "/version"),
}
ORIGINAL: dict[str, dict[str, tuple[str, str]]] = {
    "broker": ABOUT
    | {
        "placeOrder": ("POST", "/orders"),
        "previewOrder": ("POST", "/orders/preview"),
        "modifyOrder": ("PUT", "/orders/{orderId}"),
        "cancelOrder": ("DELETE", "/orders/{orderId}"),
        "getOrders": ("GET", "/orders"),
        "getPositions": ("GET", "/positions"),
        "closePosition": ("DELETE", "/positions/{positionId}"),
        "editPositionBrackets": ("PUT", "/positions/{positionId}/brackets"),
        "getExecutions": ("GET", "/executions/{symbol}"),
        "getAccountInfo": ("GET", "/account"),
        "leverageInfo": ("GET", "/leverage/info"),
        "setLeverage": ("PUT", "/leverage/set"),
        "previewLeverage": ("POST", "/leverage/preview"),
    },
    "datafeed": ABOUT
    | {
        "getConfig": ("GET", "/config"),
        "searchSymbols": ("GET", "/search"),
        "resolveSymbol": ("GET", "/resolve/{symbol}"),
        "getBars": ("GET", "/bars"),
        "getQuotes": ("POST", "/quotes"),
    },
}
"""By module: the operations that clients of the original know by these names, in the module's own document."""

SUBSCRIPTIONS = [
    *("BarsSubscriptionRequest", "QuoteDataSubscriptionRequest", "OrderSubscriptionRequest"),
    *("PositionSubscriptionRequest", "ExecutionSubscriptionRequest", "EquitySubscriptionRequest"),
    "BrokerConnectionSubscriptionRequest",
]
"""Schemas that clients of the original know by these names."""

KINDS = {"type", "$ref", "anyOf", "oneOf", "allOf", "const", "enum"}
"""A schema with one of these keys has a type."""


def operations(document: Json) -> Iterator[tuple[str, str, Json]]:
    for path, methods in document["paths"].items():
        for method, operation in methods.items():
            yield method.upper(), path, operation


@pytest.mark.parametrize("part", PARTS)
def test_openapi_is_valid(part: str | None) -> None:
    document = rest_document(part)
    assert document["openapi"] == "3.1.0"
    validate(document)


def test_asyncapi_is_valid_for_the_official_parser(tmp_path: Path, client_tools: Path) -> None:
    file = tmp_path / "asyncapi.json"
    file.write_text(json.dumps(stream_document(None)))
    command = ["node", str(client_tools / "validate.mjs"), str(file)]
    ran = subprocess.run(command, check=True, capture_output=True, timeout=TIMEOUT_S)
    found = json.loads(ran.stdout)[str(file)]
    # The documents are in version 3.0 on purpose; a newer version is no defect.
    assert {one["code"] for one in found} == {"asyncapi-latest-version"}, found


REFERENCES = {
    r"servers/\w+/security/\d+": r"components/securitySchemes/\w+",
    r"operations/[\w.-]+/(reply/)?channel": r"channels/\w+",
    r"operations/[\w.-]+/(reply/)?messages/\d+": r"channels/\w+/messages/[\w.-]+",
    r"channels/\w+/servers/\d+": r"servers/\w+",
    r"channels/\w+/messages/\w+": r"components/messages/\w+",
    r"components/(messages/\w+/payload|schemas/\w+)(/.+)?": r"components/schemas/\w+",
}
"""By place in the AsyncAPI document: the place that a reference leads to."""


def references(node: Any, place: str = "") -> Iterator[tuple[str, str]]:
    """Yield the place of each reference, and the place that it leads to."""
    for key, value in node.items() if isinstance(node, dict) else enumerate(node) if isinstance(node, list) else ():
        if key == "$ref" and isinstance(value, str):
            yield place, value.removeprefix("#/")
        else:
            yield from references(value, f"{place}/{key}".removeprefix("/"))


def test_references_of_the_stream_lead_to_objects_of_the_right_kind() -> None:
    """The parser checks every object where it is defined. With this test it need not check them at each reference."""
    document = stream_document(None)
    for place, target in references(document):
        expected = [kind for pattern, kind in REFERENCES.items() if re.fullmatch(pattern, place)]
        assert len(expected) == 1, place
        assert re.fullmatch(expected[0], target), f"{place} leads to {target}"
        functools.reduce(lambda found, name: found[name], target.split("/"), document)


@pytest.mark.parametrize("module", MODULES)
def test_asyncapi_of_a_module_is_a_closed_part_of_the_valid_document(module: str) -> None:
    whole, document = stream_document(None), stream_document(module)
    assert document.keys() == whole.keys()
    assert document["components"].keys() == whole["components"].keys()
    for part in ("channels", "operations"):
        assert document[part].items() <= whole[part].items()
    for part, entries in document["components"].items():
        assert entries.items() <= whole["components"][part].items()
    for _, target in references(document):
        functools.reduce(lambda found, name: found[name], target.split("/"), document)


@pytest.mark.parametrize("module", MODULES)
def test_the_originals_operations_keep_their_names_in_the_modules_document(module: str) -> None:
    document = rest_document(module)
    assert document["servers"] == [{"url": f"{BASE}/{module}"}]
    found = {one["operationId"]: (method, path) for method, path, one in operations(document)}
    assert ORIGINAL[module].items() <= found.items()
    assert len(found) == sum(1 for _ in operations(document))


@pytest.mark.parametrize("name", SUBSCRIPTIONS)
def test_the_originals_subscriptions_keep_their_names(name: str) -> None:
    assert name in stream_document(None)["components"]["schemas"]


def inner_schemas(schema: Json, place: str) -> Iterator[tuple[str, Json]]:
    """A schema and every schema in it."""
    yield place, schema
    for name, field in schema.get("properties", {}).items():
        yield from inner_schemas(field, f"{place}/{name}")
    for key in ("items", "additionalProperties"):
        if isinstance(schema.get(key), dict):
            yield from inner_schemas(schema[key], f"{place}/{key}")
    for key in ("anyOf", "oneOf", "allOf"):
        for number, choice in enumerate(schema.get(key, ())):
            yield from inner_schemas(choice, f"{place}/{key}/{number}")


@pytest.mark.parametrize("build", [rest_document, stream_document], ids=["rest", "stream"])
@pytest.mark.parametrize("part", PARTS)
def test_every_value_has_a_type_and_no_boolean_is_an_enumeration(part: str | None, build: Build) -> None:
    document = build(part)
    schemas = list(document["components"]["schemas"].items())
    for _, path, operation in operations(document) if "paths" in document else ():
        schemas += [(f"{path} {one['name']}", one["schema"]) for one in operation.get("parameters", ())]
        bodies = [operation.get("requestBody", {}), *operation["responses"].values()]
        schemas += [(path, content["schema"]) for body in bodies for content in body.get("content", {}).values()]
    for name, whole in schemas:
        for place, schema in inner_schemas(whole, name):
            assert KINDS & schema.keys(), f"{place} has no type"
            listed = [*schema.get("enum", ()), schema.get("const")]
            assert not any(isinstance(value, bool) for value in listed), f"{place} lists booleans"


def test_every_address_is_described_once_and_debug_is_not() -> None:
    table = {
        (method, address.full_path): one.id
        for address in addresses(MODULES, False, has_control=True)
        for method, one in address.operations.items()
    }
    assert {(method, path): one["operationId"] for method, path, one in operations(rest_document(None))} == table
    assert len(set(table.values())) == len(table)
    assert not any("/debug/" in path for part in PARTS for path in rest_document(part)["paths"])


def test_a_module_has_its_own_addresses_and_models_only() -> None:
    for module in MODULES:
        document = rest_document(module)
        own = {one.path for one in addresses(MODULES, False) if one.base == f"{BASE}/{module}"}
        assert set(document["paths"]) == own
        assert {tag["name"] for tag in document["tags"]} == {module}
    assert "PreOrder" not in rest_document("datafeed")["components"]["schemas"]


def test_handlers_answer_what_the_table_says_and_nothing_else() -> None:
    wrong = {}
    for address in addresses(MODULES, True, has_control=True):
        answered = set(allowed_methods(address.handler))
        if answered != set(address.operations):
            wrong[address.full_path] = answered
    assert wrong == {}


def test_broker_operations_take_an_account() -> None:
    without = {
        one["operationId"]
        for _, path, one in operations(rest_document("broker"))
        if not any(parameter["name"] == "accountId" for parameter in one.get("parameters", ()))
    }
    assert {"getOrders", "placeOrder", "getPositions", "getAccountState"} & without == set()


SUCCESSES = {"200", "201"}


def test_every_answer_has_a_body_that_is_described() -> None:
    for _, _, operation in operations(rest_document(None)):
        assert {"401", "403", "429"} <= set(operation["responses"])
        assert SUCCESSES & set(operation["responses"])
        for status, answer in operation["responses"].items():
            if status not in SUCCESSES and "$ref" in answer:
                answer = rest_document(None)["components"]["responses"][answer["$ref"].rpartition("/")[2]]
                assert list(answer["content"]) == ["application/problem+json"]
            assert answer["description"]


def contents(document: Json) -> Iterator[tuple[str, Json]]:
    """Every body and parameter with an example."""
    for _, path, operation in operations(document):
        yield from ((f"{path} {one['name']}", one) for one in operation.get("parameters", ()) if "example" in one)
        bodies = [operation.get("requestBody", {}), *operation["responses"].values()]
        yield from ((path, content) for body in bodies for content in body.get("content", {}).values())
    for name, answer in document["components"]["responses"].items():
        yield from ((name, content) for content in answer["content"].values())


@pytest.mark.parametrize("part", PARTS)
def test_examples_of_rest_validate(part: str | None) -> None:
    document = rest_document(part)
    count = 0
    for place, content in contents(document):
        found = list(validator(document, content["schema"]).iter_errors(content["example"]))
        assert not found, f"{place}: {found[0].message}: add or correct the example in server/specs/examples.json"
        count += 1
    assert count > 20


@pytest.mark.parametrize("part", PARTS)
def test_examples_of_the_stream_validate(part: str | None) -> None:
    document = stream_document(part)
    for name, message in document["components"]["messages"].items():
        check = validator(document, message["payload"])
        for example in message["examples"]:
            found: list[jsonschema_rs.ValidationError] = list(check.iter_errors(example["payload"]))
            assert not found, f"{name}: {found[0].message}"


def test_every_example_is_shown() -> None:
    text = json.dumps([rest_document(None), stream_document(None)])
    assert [name for name, value in EXAMPLES.items() if json.dumps(value) not in text] == []
    named = {one.query.__name__ for a in addresses(MODULES, True) for one in a.operations.values() if one.query}
    assert set(QUERIES) - named <= {"AccountQuery"}


def test_the_stream_has_a_channel_for_each_socket_and_operations_for_each_route() -> None:
    document = stream_document(None)
    assert {one["address"] for one in document["channels"].values()} == {
        f"{BASE}/ws",
        *(f"{BASE}/{module}/ws" for module in MODULES),
    }
    for route in ROUTES.values():
        for prefix in ("", *(f"{name}." for name in MODULES if name == route.module)):
            for verb in ("subscribe", "unsubscribe"):
                operation = document["operations"][f"{prefix}{route.name}.{verb}"]
                assert operation["action"] == "receive"
                replies = [ref["$ref"].rpartition("/")[2] for ref in operation["reply"]["messages"]]
                names = [document["components"]["messages"][reply]["name"] for reply in replies]
                assert names == [f"{route.name}.{verb}.response", "error"]
            assert document["operations"][f"{prefix}{route.name}.update"]["action"] == "send"
        update = next(m for m in document["components"]["messages"].values() if m["name"] == f"{route.name}.update")
        assert update["x-delivery"] == ("exact" if route.is_exact else "conflated")
    for name in ("hello", "error", "heartbeat"):
        assert name in document["operations"]


@pytest.mark.parametrize("path", [route.path for route in documents.spec_routes(MODULES)])
async def test_documents_are_served_as_they_are_built(path: str, live: StartLive) -> None:
    server = await live()
    response = await server.fetch("GET", path)
    assert response.code == 200
    if path.endswith(".json"):
        file = path.removeprefix(f"{BASE}/").removeprefix("/api/").replace("ws/", "")
        assert json.loads(response.body) == json.loads(exported()[file])
        assert response.headers["Content-Type"] == "application/json"
    else:
        assert response.headers["Content-Type"] == "text/html; charset=utf-8"
    again = await server.fetch("GET", path, headers={"If-None-Match": response.headers["Etag"]}, follow_redirects=False)
    assert (again.code, again.body) == (304, b"")


LINKED = [
    *("/api/docs", "/api/redoc", "/api/openapi.json"),
    *(
        f"{base}{path}"
        for base in (BASE, f"{BASE}/broker", f"{BASE}/datafeed")
        for path in ("/docs", "/redoc", "/openapi.json", "/asyncapi.json", "/ws/asyncapi", "/ws/asyncapi.json")
    ),
]
"""Addresses of documents that clients of the original link."""


def test_documents_have_the_addresses_that_the_originals_clients_link() -> None:
    assert sorted(route.path for route in documents.spec_routes(MODULES)) == sorted(LINKED)


async def test_a_module_that_is_off_is_in_no_document(live: StartLive) -> None:
    server = await live(modules=("datafeed",))
    whole = await server.call("GET", "/openapi.json")
    assert not any("/broker" in path for path in whole["paths"])
    assert set((await server.call("GET", "/asyncapi.json"))["channels"]) == {"all", "datafeed"}
    assert (await server.fetch("GET", "/broker/openapi.json")).code == 404
    assert (await server.fetch("GET", "/broker/docs")).code == 404


async def test_debug_addresses_are_in_no_document_even_when_open(live: StartLive) -> None:
    assert "debug" not in json.dumps(list((await (await live(debug=True)).call("GET", "/openapi.json"))["paths"]))


def test_the_program_starts_without_the_tools_of_the_specs() -> None:
    code = (
        "import sys; from server.app import make_server; from server.market_setup import make_clock;"
        "from server.settings import Settings;"
        "s = Settings(ephemeral=True); make_server(s, make_clock(s));"
        "print([name for name in ('apispec', 'server.specs.openapi', 'server.specs.pages') if name in sys.modules])"
    )
    ran = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert ran.stdout.strip() == "[]"


def test_export_writes_what_is_served(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["export-specs", str(tmp_path / "new" / "folder")]) == 0
    written = {
        path.relative_to(tmp_path / "new" / "folder").as_posix(): path.read_bytes() for path in tmp_path.rglob("*.json")
    }
    assert written == exported()
    assert len(capsys.readouterr().out.splitlines()) == len(written)


@pytest.mark.parametrize("arguments", [[], ["--modules", "broker"], ["/dev/null/x"], ["x", "--modules", "weather"]])
def test_export_that_cannot_be_is_one_line(
    arguments: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    assert main(["export-specs", *arguments]) == 2
    assert capsys.readouterr().err.count("\n") == 1
