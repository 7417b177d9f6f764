"""The documents: valid for the official tools, complete, with examples that validate, served and exported alike."""

import json
import re
import subprocess
import sys
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import jsonschema_rs
import pytest
from openapi_spec_validator import validate

from engine.topics import ROUTES
from handlers.routing import allowed_methods
from server.main import main
from server.routes import BASE, addresses
from server.settings import ALL_MODULES, MODULES
from server.specs import asyncapi, documents, openapi
from server.specs.examples import EXAMPLES, QUERIES
from tests.conftest import StartLive
from tests.contract.wire import validator

ROOT = Path(__file__).parents[2]
Json = dict[str, Any]
OPENAPI = [openapi.build(MODULES), *(openapi.build(MODULES, module) for module in MODULES)]
ASYNCAPI = [asyncapi.build(MODULES), *(asyncapi.build(MODULES, module) for module in MODULES)]

ORIGINAL = {
    "placeOrder": ("POST", "/orders"),
    "modifyOrder": ("PUT", "/orders/{orderId}"),
    "cancelOrder": ("DELETE", "/orders/{orderId}"),
    "getOrders": ("GET", "/orders"),
    "getPositions": ("GET", "/positions"),
    "getExecutions": ("GET", "/executions/{symbol}"),
    "getAccountInfo": ("GET", "/account"),
}
"""Operations that clients of the original know by these names."""


def operations(document: Json) -> Iterator[tuple[str, str, Json]]:
    for path, methods in document["paths"].items():
        for method, operation in methods.items():
            yield method.upper(), path, operation


@pytest.mark.parametrize("document", OPENAPI)
def test_openapi_is_valid(document: Json) -> None:
    assert document["openapi"] == "3.1.0"
    validate(document)


def test_asyncapi_is_valid_for_the_official_parser(tmp_path: Path, client_tools: Path) -> None:
    files = []
    for number, document in enumerate(ASYNCAPI):
        files.append(str(tmp_path / f"{number}.json"))
        Path(files[-1]).write_text(json.dumps(document))
    command = ["node", str(client_tools / "validate.mjs"), *files]
    said = json.loads(subprocess.run(command, check=True, capture_output=True, timeout=120).stdout)
    for file, document in zip(files, ASYNCAPI, strict=True):
        found = said[file]
        assert found["isValid"]
        assert found["operations"] == len(document["operations"])
        # 3.0 is the version that was asked for; that there is a newer one is no defect.
        assert {one["code"] for one in found["diagnostics"]} <= {"asyncapi-latest-version"}, found["diagnostics"]


@pytest.mark.parametrize(("operation_id", "place"), ORIGINAL.items())
def test_the_originals_operations_keep_their_names(operation_id: str, place: tuple[str, str]) -> None:
    found = {one["operationId"]: (method, path) for method, path, one in operations(OPENAPI[0])}
    assert found[operation_id] == (place[0], f"{BASE}/broker{place[1]}")


def test_every_address_is_described_once_and_debug_is_not() -> None:
    table = {
        (method, address.full_path): one.id
        for address in addresses(MODULES, False)
        for method, one in address.operations.items()
    }
    assert {(method, path): one["operationId"] for method, path, one in operations(OPENAPI[0])} == table
    assert len(set(table.values())) == len(table)
    assert not any("/debug/" in path for document in OPENAPI for path in document["paths"])


def test_a_module_has_its_own_addresses_and_models_only() -> None:
    for module, document in zip(MODULES, OPENAPI[1:], strict=True):
        own = (f"{BASE}/{module}/", "/udf/") if module == "datafeed" else f"{BASE}/{module}/"
        assert all(path.startswith(own) for path in document["paths"])
        assert {tag["name"] for tag in document["tags"]} == {module}
    assert "PreOrder" not in OPENAPI[2]["components"]["schemas"]


def test_handlers_answer_what_the_table_says_and_nothing_else() -> None:
    wrong = {}
    for address in addresses(MODULES, True):
        answered = set(allowed_methods(address.handler))
        if answered != set(address.operations):
            wrong[address.full_path] = answered
    assert wrong == {}


def test_broker_operations_take_an_account() -> None:
    without = {
        one["operationId"]
        for _, path, one in operations(OPENAPI[1])
        if not any(parameter["name"] == "accountId" for parameter in one.get("parameters", ()))
    }
    assert {"getOrders", "placeOrder", "getPositions", "getAccountState"} & without == set()


def test_every_answer_has_a_body_that_is_described() -> None:
    for _, _, operation in operations(OPENAPI[0]):
        assert {"200", "401", "403", "429"} <= set(operation["responses"])
        for status, answer in operation["responses"].items():
            if status != "200" and "$ref" in answer:
                answer = OPENAPI[0]["components"]["responses"][answer["$ref"].rpartition("/")[2]]
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


@pytest.mark.parametrize("document", OPENAPI)
def test_examples_of_rest_validate(document: Json) -> None:
    count = 0
    for place, content in contents(document):
        found = list(validator(document, content["schema"]).iter_errors(content["example"]))
        assert not found, f"{place}: {found[0].message}: add or correct the example in server/specs/examples.json"
        count += 1
    assert count > 20


@pytest.mark.parametrize("document", ASYNCAPI)
def test_examples_of_the_stream_validate(document: Json) -> None:
    for name, message in document["components"]["messages"].items():
        check = validator(document, message["payload"])
        for example in message["examples"]:
            found: list[jsonschema_rs.ValidationError] = list(check.iter_errors(example["payload"]))
            assert not found, f"{name}: {found[0].message}"


def test_every_example_is_shown() -> None:
    text = json.dumps([OPENAPI[0], ASYNCAPI[0]])
    assert [name for name, value in EXAMPLES.items() if json.dumps(value) not in text] == []
    named = {one.query.__name__ for a in addresses(MODULES, True) for one in a.operations.values() if one.query}
    assert set(QUERIES) - named <= {"AccountQuery"}


def test_the_stream_has_a_channel_for_each_socket_and_operations_for_each_route() -> None:
    document = ASYNCAPI[0]
    assert {one["address"] for one in document["channels"].values()} == {
        f"{BASE}/ws",
        *(f"{BASE}/{module}/ws" for module in MODULES),
    }
    for route in ROUTES.values():
        for prefix in ("", f"{route.module}."):
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
    response = await server.fetch("GET", path.removeprefix(BASE))
    assert response.code == 200
    if path.endswith(".json"):
        exported = documents.exported(ALL_MODULES)[path.removeprefix(f"{BASE}/")]
        assert json.loads(response.body) == json.loads(exported)
        assert response.headers["Content-Type"] == "application/json"
    else:
        assert response.headers["Content-Type"] == "text/html; charset=utf-8"
    again = await server.fetch(
        "GET", path.removeprefix(BASE), headers={"If-None-Match": response.headers["Etag"]}, follow_redirects=False
    )
    assert (again.code, again.body) == (304, b"")


async def test_a_module_that_is_off_is_in_no_document(live: StartLive) -> None:
    server = await live(modules=("datafeed",))
    whole = await server.call("GET", "/openapi.json")
    assert not any("/broker" in path for path in whole["paths"])
    assert set((await server.call("GET", "/asyncapi.json"))["channels"]) == {"all", "datafeed"}
    assert (await server.fetch("GET", "/broker/openapi.json")).code == 404


async def test_debug_addresses_are_in_no_document_even_when_open(live: StartLive) -> None:
    assert "debug" not in json.dumps(list((await (await live(debug=True)).call("GET", "/openapi.json"))["paths"]))


def test_the_program_starts_without_the_tools_of_the_specs() -> None:
    code = (
        "import sys; from server.app import make_server; from server.market_setup import make_clock;"
        "from server.settings import Settings;"
        "s = Settings(ephemeral=True); make_server(s, make_clock(s));"
        "print([name for name in ('apispec', 'server.specs.openapi', 'server.specs.pages') if name in sys.modules])"
    )
    ran = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True, timeout=30)
    assert ran.stdout.strip() == "[]"


def test_export_writes_what_is_served(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["export-specs", str(tmp_path / "new" / "folder")]) == 0
    written = {
        path.relative_to(tmp_path / "new" / "folder").as_posix(): path.read_bytes() for path in tmp_path.rglob("*.json")
    }
    assert written == documents.exported(ALL_MODULES)
    assert len(capsys.readouterr().out.splitlines()) == len(written)


@pytest.mark.parametrize("arguments", [[], ["--modules", "broker"], ["/dev/null/x"], ["x", "--modules", "weather"]])
def test_export_that_cannot_be_is_one_line(
    arguments: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    assert main(["export-specs", *arguments]) == 2
    assert capsys.readouterr().err.count("\n") == 1


class PageReader(HTMLParser):
    """Collects what a page refers to."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.ids: list[str] = []
        self.links: list[str] = []
        self.inline: list[str] = []
        self.text = ""
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if given.get("id"):
            self.ids.append(str(given["id"]))
        self.links += [str(given[name]) for name in ("href", "src") if given.get(name)]
        if (tag == "script" and "src" not in given) or tag == "style" or "style" in given:
            self.inline.append(tag)
        self.inline += [name for name in given if name.startswith("on")]

    def handle_data(self, data: str) -> None:
        self.text += data


@pytest.mark.parametrize(
    ("path", "document"), [("/docs", OPENAPI[0]), ("/ws/asyncapi", ASYNCAPI[0])], ids=["openapi", "asyncapi"]
)
async def test_pages_show_everything_and_need_nothing_else(path: str, document: Json, live: StartLive) -> None:
    server = await live()
    response = await server.fetch("GET", path)
    page = PageReader(response.body.decode())
    assert "default-src 'self'" in response.headers["Content-Security-Policy"]
    assert page.inline == []
    assert len(page.ids) == len(set(page.ids))
    assert [link for link in page.links if "//" in link] == []
    assert [link for link in page.links if link.startswith("#") and link[1:] not in page.ids] == []
    names = re.findall(r'"operationId": "(\w+)"', json.dumps(document)) or list(document["components"]["messages"])
    assert set(names) <= set(page.ids)
    assert all(f"model-{name}" in page.ids for name in document["components"]["schemas"])
    for asset in (link for link in page.links if link.startswith("/specs/")):
        assert (ROOT / "static" / asset[1:]).is_file()


def test_schemathesis_finds_nothing(running: str, tmp_path: Path) -> None:
    """Bounded: the examples, the edges of every schema, and a few random cases for each operation."""
    config = Path(__file__).parent / "schemathesis.toml"
    command = [sys.executable, "-m", "schemathesis.cli", "--config-file", str(config), "run"]
    command += [f"{running}/api/v1/openapi.json", "--max-examples", "5", "--generation-deterministic", "--no-color"]
    ran = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, timeout=180, check=False)
    assert ran.returncode == 0, ran.stdout[-6000:] + ran.stderr[-2000:]
    assert " passed" in ran.stdout
