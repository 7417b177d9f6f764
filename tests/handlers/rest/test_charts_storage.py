"""The storage of layouts and templates as TradingView's chart library uses it: forms, `status`, and bounds."""

import json
from typing import Any
from urllib.parse import urlencode

import pytest

from handlers.rest.charts_storage import MAX_LAYOUT_BYTES
from tests.conftest import StartLive
from tests.live import Live

CHARTS = "/charts_storage/1.1/charts?client=c&user=u"
STUDIES = "/charts_storage/1.1/study_templates?client=c&user=u"
DRAWINGS = "/charts_storage/1.1/drawing_templates?client=c&user=u&tool=LineToolRay"
FIRST = {"name": "First", "content": '{"a": "ü"}', "symbol": "AAPL", "resolution": "1D"}


async def send(server: Live, method: str, path: str, form: dict[str, str] | None = None, kind: str = "") -> Any:
    """Send a form as the library does; returns the answer, whose HTTP status is 200."""
    if kind == "multipart":
        rows = (f'--x\r\nContent-Disposition: form-data; name="{k}"\r\n\r\n{v}\r\n' for k, v in (form or {}).items())
        body, media_type = ("".join(rows) + "--x--\r\n").encode(), "multipart/form-data; boundary=x"
    elif kind == "json":
        body, media_type = json.dumps(form).encode(), "application/json"
    else:
        body, media_type = urlencode(form or {}).encode(), "application/x-www-form-urlencoded"
    response = await server.fetch(method, path, body if form else None, headers={"Content-Type": media_type})
    assert response.code == 200, response.body
    return json.loads(response.body)


@pytest.mark.parametrize("kind", ["urlencoded", "multipart", "json"])
async def test_a_layout_is_saved_listed_loaded_replaced_and_deleted(kind: str, live: StartLive) -> None:
    server = await live()
    assert await send(server, "GET", CHARTS) == {"status": "ok", "data": []}
    assert await send(server, "POST", CHARTS, FIRST, kind) == {"status": "ok", "id": 1}
    assert (await send(server, "POST", CHARTS, FIRST | {"name": "Second"}, kind))["id"] == 2
    assert (await send(server, "POST", f"{CHARTS}&chart=1", FIRST | {"symbol": "MSFT"}, kind))["status"] == "ok"
    listed = (await send(server, "GET", CHARTS))["data"]
    assert [(one["id"], one["name"], one["symbol"]) for one in listed] == [(1, "First", "MSFT"), (2, "Second", "AAPL")]
    loaded = (await send(server, "GET", f"{CHARTS}&chart=2"))["data"]
    assert (loaded["name"], loaded["content"]) == ("Second", FIRST["content"])
    assert await send(server, "DELETE", f"{CHARTS}&chart=1") == {"status": "ok"}
    assert [one["id"] for one in (await send(server, "GET", CHARTS))["data"]] == [2]
    assert (await send(server, "GET", CHARTS.replace("user=u", "user=other")))["data"] == []


async def test_templates_are_kept_by_name_and_by_tool(live: StartLive) -> None:
    server = await live()
    for content in ("{}", "[1]"):
        await send(server, "POST", STUDIES, {"name": "Trend", "content": content})
    assert (await send(server, "GET", STUDIES))["data"] == [{"name": "Trend"}]
    loaded = await send(server, "GET", f"{STUDIES}&chart=3&template=Trend")
    assert loaded["data"] == {"name": "Trend", "content": "[1]"}
    assert await send(server, "DELETE", f"{STUDIES}&template=Trend") == {"status": "ok"}
    await send(server, "POST", f"{DRAWINGS}&name=Thick", {"content": "{}"}, "multipart")
    assert (await send(server, "GET", DRAWINGS))["data"] == ["Thick"]
    assert (await send(server, "GET", DRAWINGS.replace("Ray", "Text")))["data"] == []
    assert (await send(server, "GET", f"{DRAWINGS}&name=Thick"))["data"] == {"name": "Thick", "content": "{}"}
    assert await send(server, "DELETE", f"{DRAWINGS}&name=Thick") == {"status": "ok"}


async def test_a_refusal_is_a_status_and_the_storage_has_a_bound(live: StartLive) -> None:
    server = await live()
    for method, path, form in (
        ("GET", f"{CHARTS}&chart=7", None),
        ("DELETE", CHARTS, None),
        ("POST", f"{CHARTS}&chart=7", FIRST),
        ("POST", CHARTS, {"content": "{}"}),
        ("GET", DRAWINGS.replace("&tool=LineToolRay", ""), None),
    ):
        assert (await send(server, method, path, form))["status"] == "error", path
    for _ in range(64):
        assert (await send(server, "POST", CHARTS, FIRST))["status"] == "ok"
    assert "64 documents" in (await send(server, "POST", CHARTS, FIRST))["message"]
    assert (await send(server, "POST", f"{CHARTS}&chart=64", FIRST))["status"] == "ok"


async def test_a_form_of_another_site_is_refused(live: StartLive) -> None:
    server = await live()
    headers = {"Content-Type": "application/x-www-form-urlencoded", "Origin": "https://elsewhere.example"}
    assert (await server.fetch("POST", CHARTS, b"name=x&content=y", headers=headers)).code == 403
    del headers["Origin"]
    assert (await server.fetch("POST", "/broker/orders", b"symbol=AAPL", headers=headers)).code == 415


async def test_layouts_survive_a_reset_of_the_account(live: StartLive) -> None:
    server = await live()
    await send(server, "POST", CHARTS, FIRST)
    await server.call("POST", "/broker/accounts/DEMO-ACCOUNT/reset", {})
    assert len((await send(server, "GET", CHARTS))["data"]) == 1


async def test_a_layout_is_larger_than_other_bodies(live: StartLive) -> None:
    server = await live()
    large = FIRST | {"content": "x" * 400_000}
    assert await send(server, "POST", CHARTS, large) == {"status": "ok", "id": 1}
    assert (await send(server, "GET", f"{CHARTS}&chart=1"))["data"]["content"] == large["content"]
    assert (await server.fetch("POST", CHARTS, b"x" * (MAX_LAYOUT_BYTES + 1))).code == 413
