"""The page's files: compressed where the client accepts it, and not sent again while they are unchanged."""

import gzip
import os
from pathlib import Path

import pytest
from tornado.httpclient import AsyncHTTPClient, HTTPResponse

from server import world
from tests.conftest import StartLive

SCRIPT = b"export const answer = 42;\n" * 40


@pytest.fixture
def script(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A file of the page."""
    (tmp_path / "index.html").write_text("the page")
    path = tmp_path / "app.js"
    path.write_bytes(SCRIPT)
    monkeypatch.setattr(world, "STATIC", tmp_path)
    return path


async def fetch(client: AsyncHTTPClient, address: str, **headers: str) -> HTTPResponse:
    """Ask for the file as it is on the wire; underscores in the names of headers are hyphens."""
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    url = f"http://{address}/app.js"
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
