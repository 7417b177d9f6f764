"""The drift gate: what is committed under `clients/` is what the code says, and a difference is named."""

import functools
import importlib.util
import json
import shutil
import subprocess
from dataclasses import replace
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from pydantic import create_model

from engine.models.broker.orders import PreOrder
from engine.models.common import WireModel
from server.operations import Address
from server.routes import addresses
from server.settings import ALL_MODULES, MODULES
from server.specs import documents, openapi
from tests.contract.differences import differences

ROOT = Path(__file__).parents[2]
CLIENTS = ROOT / "clients"
HINT = 'clients/ is not what the code says. If the change is meant, run "make specs clients" and commit what it writes.'

exported = functools.cache(functools.partial(documents.exported, ALL_MODULES))
"""The documents that the code describes, built once."""

COMMITTED = sorted(path.relative_to(CLIENTS / "specs").as_posix() for path in (CLIENTS / "specs").rglob("*.json"))


def load_generator() -> ModuleType:
    spec = importlib.util.spec_from_file_location("generate_clients", CLIENTS / "generate.py")
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def report(lines: list[str]) -> str:
    shown = lines if len(lines) <= 40 else [*lines[:40], f"... and {len(lines) - 40} more"]
    return "\n".join([HINT, *(f"  {line}" for line in shown)])


def test_every_spec_is_committed_and_no_other() -> None:
    assert sorted(exported()) == COMMITTED, HINT


@pytest.mark.parametrize("name", COMMITTED)
def test_a_committed_spec_is_what_the_code_says(name: str) -> None:
    committed = (CLIENTS / "specs" / name).read_bytes()
    code = exported().get(name, b"{}")
    if committed != code:
        pytest.fail(report(differences(json.loads(committed), json.loads(code)) or ["another order"]), pytrace=False)


def test_the_python_client_is_what_its_generator_writes() -> None:
    target = CLIENTS / "python" / "trading_pro_client" / "generated"
    compare({path.name: path.read_text() for path in target.glob("*.py")}, load_generator().generated())


def test_typescript_client_and_page_types_are_what_their_generator_writes(tmp_path: Path, client_tools: Path) -> None:
    node = shutil.which("node")
    assert node is not None
    subprocess.run([node, client_tools / "generate.mjs", tmp_path], check=True, cwd=ROOT)
    written = {path.relative_to(tmp_path).as_posix(): path.read_text() for path in tmp_path.rglob("*.ts")}
    present = {path.relative_to(ROOT).as_posix() for path in (CLIENTS / "typescript/src/generated").iterdir()}
    compare({name: (ROOT / name).read_text() for name in {*present, "static/js/types/wire.d.ts"}}, written)


def compare(committed: dict[str, str], generated: dict[str, str]) -> None:
    changed = sorted(name for name in {*committed, *generated} if committed.get(name) != generated.get(name))
    if changed:
        pytest.fail(report([f"{name} differs" for name in changed]), pytrace=False)


def with_order_model(monkeypatch: pytest.MonkeyPatch, model: type[WireModel]) -> Any:
    """Build the specs as if `PreOrder` were another model, without the operation whose body has one inside."""

    def table(*given: Any, **options: Any) -> list[Address]:
        return [swapped(one, model) for one in addresses(*given, **options) if one.path != "/orders/linked"]

    monkeypatch.setattr(openapi, "addresses", table)
    return openapi.build(MODULES)


def swapped(address: Address, model: type[WireModel]) -> Address:
    operations = {
        method: replace(operation, request=model) if operation.request is PreOrder else operation
        for method, operation in address.operations.items()
    }
    return replace(address, operations=operations)


@pytest.mark.parametrize(
    ("fields", "line"),
    [
        ({"qty": (str, ...)}, "/components/schemas/PreOrder/properties/qty/type: 'number' became 'string'"),
        ({"side": (int, ...)}, "/components/schemas/PreOrder/properties/side/$ref: removed"),
        ({"limitPrice": (float, ...)}, "/components/schemas/PreOrder/required: now has 'limitPrice'"),
    ],
)
def test_a_breaking_change_of_a_model_is_named(
    fields: dict[str, Any], line: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    changed = create_model("PreOrder", __base__=PreOrder, __module__=__name__, __doc__=PreOrder.__doc__, **fields)
    found = differences(with_order_model(monkeypatch, PreOrder), with_order_model(monkeypatch, changed))
    assert any(one.startswith(line) and one.endswith("BREAKS clients of this version") for one in found), report(found)


def test_a_new_optional_field_is_no_break(monkeypatch: pytest.MonkeyPatch) -> None:
    changed = create_model(
        "PreOrder", __base__=PreOrder, __module__=__name__, __doc__=PreOrder.__doc__, note=(str | None, None)
    )
    found = differences(with_order_model(monkeypatch, PreOrder), with_order_model(monkeypatch, changed))
    assert found == ["/components/schemas/PreOrder/properties/note: added"]
