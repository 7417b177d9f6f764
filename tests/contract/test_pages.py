"""The pages of the documents: complete, without anything from elsewhere, every link leads somewhere."""

import json
import re
from html.parser import HTMLParser
from pathlib import Path

import pytest

from server.operations import BASE
from tests.conftest import StartLive
from tests.contract.built import PARTS, Build, rest_document, stream_document

ROOT = Path(__file__).parents[2]


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


@pytest.mark.parametrize(("path", "build"), [("/docs", rest_document), ("/ws/asyncapi", stream_document)])
@pytest.mark.parametrize("part", PARTS)
async def test_pages_show_everything_and_need_nothing_else(
    path: str, build: Build, part: str | None, live: StartLive
) -> None:
    server = await live()
    document = build(part)
    path = f"/{part}{path}" if part else path
    response = await server.fetch("GET", path)
    page = PageReader(response.body.decode())
    assert "default-src 'self'" in response.headers["Content-Security-Policy"]
    assert page.inline == []
    assert len(page.ids) == len(set(page.ids))
    assert [link for link in page.links if "//" in link] == []
    assert [link for link in page.links if link.startswith("#") and link[1:] not in page.ids] == []
    for link in (link for link in page.links if link.startswith(BASE)):
        assert (await server.fetch("GET", link)).code == 200
    names = re.findall(r'"operationId": "(\w+)"', json.dumps(document)) or list(document["components"]["messages"])
    assert set(names) <= set(page.ids)
    assert all(f"model-{name}" in page.ids for name in document["components"]["schemas"])
    for asset in (link for link in page.links if link.startswith("/specs/")):
        assert (ROOT / "static" / asset[1:]).is_file()
