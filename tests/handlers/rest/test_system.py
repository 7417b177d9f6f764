"""Versions over REST: the shapes that the clients of the original read."""

import json
from typing import Any

import pytest

from tests.conftest import StartLive

VERSION: dict[str, Any] = {
    "version": "v1",
    "release_date": "2026-11-20",
    "status": "stable",
    "breaking_changes": [],
    "deprecation_notice": None,
    "sunset_date": None,
}


@pytest.mark.parametrize("part", ["", "/broker", "/datafeed"])
async def test_versions_are_an_object_by_version(part: str, live: StartLive) -> None:
    server = await live()
    assert await server.call("GET", f"{part}/version") == VERSION
    versions: dict[str, Any] = await server.call("GET", f"{part}/versions")
    assert versions["current_version"] == "v1"
    assert versions["available_versions"] == {"v1": VERSION}
    assert versions["documentation_url"] == f"/api/v1{part}/docs"
    assert (await server.fetch("GET", versions["documentation_url"])).code == 200
    assert versions["support_contact"]


@pytest.mark.parametrize("part", ["", "/broker", "/datafeed"])
async def test_health_names_its_module(part: str, live: StartLive) -> None:
    answer = await (await live()).fetch("GET", f"{part}/health")
    health = json.loads(answer.body)
    assert (answer.code, health["status"], health["api_version"]) == (200, "ok", "v1")
    assert health["module_name"] == (part.removeprefix("/") or "server")
