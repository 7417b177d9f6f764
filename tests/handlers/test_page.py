"""The page's files: compressed where the client accepts it, and not sent again while they are unchanged."""

import gzip
import json
import os
from pathlib import Path

import pytest
from tornado.httpclient import AsyncHTTPClient, HTTPResponse

from handlers.page_bundle import source_digest
from server import world
from tests.conftest import StartLive

SCRIPT = b"export const answer = 42;\n" * 40


@pytest.fixture
def script(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A file of the page."""
    (tmp_path / "index.html").write_text("the page")
    (tmp_path / "tradingview.html").write_text("the other page")
    (tmp_path / "favicon.svg").write_text("the icon")
    path = tmp_path / "app.js"
    path.write_bytes(SCRIPT)
    monkeypatch.setattr(world, "STATIC", tmp_path)
    return path


def make_bundle(static: Path) -> None:
    """Write a bundle of the page as it is."""
    (static / "dist").mkdir()
    (static / "dist/index.html").write_text("the bundle")
    (static / "dist/app-0123ABCD.js").write_bytes(SCRIPT)
    (static / "dist/app-0123ABCD.js.br").write_bytes(b"as brotli")
    (static / "dist/bundle.json").write_text(json.dumps({"source": source_digest(static)}))


async def fetch(client: AsyncHTTPClient, address: str, path: str = "app.js", **headers: str) -> HTTPResponse:
    """Ask for a file as it is on the wire; underscores in the names of headers are hyphens."""
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    url = f"http://{address}/{path}"
    return await client.fetch(url, headers=named, decompress_response=False, raise_error=False)


async def test_text_is_compressed_for_clients_that_accept_it(
    script: Path, live: StartLive, http_client: AsyncHTTPClient
) -> None:
    server = await live()
    packed = await fetch(http_client, server.address, Accept_Encoding="gzip, br")
    plain = await fetch(http_client, server.address)
    part = await fetch(http_client, server.address, Accept_Encoding="gzip", Range="bytes=0-5")
    assert packed.headers["Content-Encoding"] == "gzip"
    assert gzip.decompress(packed.body) == SCRIPT
    assert len(packed.body) < len(SCRIPT) / 4
    assert (plain.body, plain.headers.get("Content-Encoding")) == (SCRIPT, None)
    assert (part.code, part.body) == (206, SCRIPT[:6])
    assert packed.headers["Etag"] != plain.headers["Etag"]
    assert "Accept-Encoding" in packed.headers["Vary"]


async def test_an_unchanged_file_is_not_sent_again_and_a_changed_one_is(
    script: Path, live: StartLive, http_client: AsyncHTTPClient
) -> None:
    server = await live()
    first = await fetch(http_client, server.address, Accept_Encoding="gzip")
    tag = first.headers["Etag"]
    again = await fetch(http_client, server.address, Accept_Encoding="gzip", If_None_Match=tag)
    assert (again.code, again.body, again.headers["Cache-Control"]) == (304, b"", "no-cache")
    script.write_bytes(b"export {};\n")
    os.utime(script, ns=(0, script.stat().st_mtime_ns + 1))
    changed = await fetch(http_client, server.address, Accept_Encoding="gzip", If_None_Match=tag)
    assert (changed.code, gzip.decompress(changed.body)) == (200, b"export {};\n")


async def test_the_page_is_told_the_command_that_starts_the_program(
    live: StartLive, http_client: AsyncHTTPClient
) -> None:
    server = await live()
    response = await http_client.fetch(f"http://{server.address}/command.json")
    assert json.loads(response.body) == {"command": "python run.py"}


async def test_file_of_the_bundle_is_kept_without_asking_and_comes_as_brotli(
    script: Path, live: StartLive, http_client: AsyncHTTPClient
) -> None:
    make_bundle(script.parent)
    server = await live()
    packed = await fetch(http_client, server.address, "dist/app-0123ABCD.js", Accept_Encoding="gzip, br")
    other = await fetch(http_client, server.address, "dist/app-0123ABCD.js", Accept_Encoding="gzip")
    assert packed.headers["Cache-Control"] == "public, max-age=31536000, immutable"
    assert (packed.headers["Content-Encoding"], packed.body) == ("br", b"as brotli")
    assert gzip.decompress(other.body) == SCRIPT
    assert packed.headers["Etag"] != other.headers["Etag"]


@pytest.mark.parametrize(
    ("options", "edit", "shown"),
    [
        ({}, "", b"the bundle"),
        ({"debug": True}, "", b"the page"),
        ({}, "a newer page", b"a newer page"),
    ],
)
async def test_bundle_is_served_while_it_is_that_of_the_source(
    script: Path, live: StartLive, http_client: AsyncHTTPClient, options: dict[str, bool], edit: str, shown: bytes
) -> None:
    make_bundle(script.parent)
    if edit:
        (script.parent / "index.html").write_text(edit)
    server = await live(**options)
    for path in ("", "index.html"):
        page = await fetch(http_client, server.address, path)
        assert (page.body, page.headers["Cache-Control"]) == (shown, "no-cache")


@pytest.mark.parametrize(("control", "named"), [(False, "datafeed"), (True, "datafeed control")])
async def test_page_names_the_modules_of_the_server_and_its_control(
    script: Path, live: StartLive, http_client: AsyncHTTPClient, control: bool, named: str
) -> None:
    (script.parent / "index.html").write_text('<html lang="en">')
    server = await live(modules=("datafeed",), control=control)
    page = await fetch(http_client, server.address, "", Accept_Encoding="gzip")
    assert gzip.decompress(page.body) == f'<html data-modules="{named}" lang="en">'.encode()
