"""Alpaca's own OpenAPI documents, from the wheel `alpaca-mcp-server`: the shape that every answer must have."""

import json
import re
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import jsonschema_rs

from server.specs.documents import alpaca_spec

DOCUMENTS = ("trading-api", "market-data-api")
ERROR_KEYS = {"code", "message"}
ACTIVITIES = "/v2/account/activities/{activity_type}"
"""Its items are `oneOf` two schemas without required fields, so that every object has both; `anyOf` is meant."""


@cache
def _documents() -> list[dict[str, Any]]:
    found = find_spec("alpaca_mcp_server")
    assert found is not None and found.origin is not None
    folder = Path(found.origin).parent / "specs"
    documents = [json.loads((folder / f"{name}.json").read_text()) for name in DOCUMENTS]
    content = documents[0]["paths"][ACTIVITIES]["get"]["responses"]["200"]["content"]
    items = content["application/json"]["schema"]["items"]
    items["anyOf"] = items.pop("oneOf")
    return documents


@cache
def _own() -> dict[str, Any]:
    document: dict[str, Any] = alpaca_spec()
    for schema in document["components"]["schemas"].values():
        schema["additionalProperties"] = False
    return document


@cache
def _operations() -> list[tuple[re.Pattern[str], dict[str, Any], dict[str, Any]]]:
    """Return for each path a pattern, its operations and its document; paths without parameters come first.

    Only the symbol of an asset, a position or a watchlist may have a slash.
    """
    rows = [(path, item, document) for document in _documents() for path, item in document["paths"].items()]
    rows.sort(key=lambda row: row[0].count("{"))
    return [(_pattern(path), item, document) for path, item, document in rows]


def _pattern(path: str) -> re.Pattern[str]:
    part = ".+" if "symbol_or_asset_id" in path or "{watchlist_id}/{symbol}" in path else "[^/]+"
    return re.compile(re.sub(r"\\{\w+\\}", part, re.escape(path)))


@cache
def _own_operations() -> list[tuple[re.Pattern[str], dict[str, Any]]]:
    rows = sorted(_own()["paths"].items(), key=lambda row: row[0].count("{"))
    return [(_pattern(path), item) for path, item in rows]


@cache
def _own_validator(method: str, path: str, status: int) -> Any:
    item = next(item for pattern, item in _own_operations() if pattern.fullmatch(f"/alpaca{path}"))
    answers = item[method.lower()]["responses"]
    schema = answers[str(status) if status < 400 else "default"]["content"]["application/json"]["schema"]
    schema = {**schema, "components": _own()["components"]}
    return jsonschema_rs.Draft202012Validator(schema, validate_formats=True)


def check_own(method: str, path: str, status: int, value: Any) -> None:
    """Check that an answer has exactly the fields of the server's own document; an unknown address has none."""
    if status in (404, 405) and not any(p.fullmatch(f"/alpaca{path.partition('?')[0]}") for p, _ in _own_operations()):
        return
    if status == 405:
        return
    validator = _own_validator(method, path.partition("?")[0], status)
    assert [f"{list(one.instance_path)}: {one.message}" for one in validator.iter_errors(value)] == []


def schema_of(method: str, path: str, status: int) -> dict[str, Any] | None:
    """Return the schema of an answer, with what it refers to; None where Alpaca describes no body."""
    for pattern, item, document in _operations():
        if pattern.fullmatch(path.partition("?")[0]) and method.lower() in item:
            answer = item[method.lower()]["responses"].get(str(status), {})
            if "$ref" in answer:
                answer = document["components"]["responses"][answer["$ref"].rpartition("/")[2]]
            schema = answer.get("content", {}).get("application/json", {}).get("schema")
            return None if schema is None else {**schema, "components": document["components"]}
    return None


@cache
def _validator(method: str, path: str, status: int) -> Any:
    schema = schema_of(method, path, status)
    return None if schema is None else jsonschema_rs.Draft202012Validator(schema, validate_formats=True)


def check(method: str, path: str, status: int, value: Any) -> None:
    """Check an answer: an error has code and message, anything else the shape of Alpaca's document."""
    if status >= 400:
        assert value.keys() == ERROR_KEYS, value
        assert isinstance(value["code"], int) and isinstance(value["message"], str)
        return
    validator = _validator(method, path.partition("?")[0], status)
    assert validator is not None, f"Alpaca has no {method} {path} with an answer {status}"
    problems = [f"{list(one.instance_path)}: {one.message}" for one in validator.iter_errors(value)]
    assert problems == []
