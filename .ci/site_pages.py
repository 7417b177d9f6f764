"""Hook of MkDocs: pages of the site that are not written in docs/, and links that leave docs/.

The REST and stream references are made from the documents in clients/specs; the clients' page and the changelog are
files of other folders.
"""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from mkdocs.structure.files import File, Files

ROOT = Path(__file__).parents[1]
MOVED = {"clients/README.md": "clients.md", "CHANGELOG.md": "changelog.md"}
"""Pages that lie elsewhere in the repository, and their names on the site."""

ON_SITE = MOVED | {
    "clients/specs/openapi.json": "reference/rest.md",
    "clients/specs/asyncapi.json": "reference/stream.md",
}
"""Targets of links that leave docs/, and their pages on the site."""

REPOSITORY_LINK = re.compile(r"\]\((?:\.\./)+(?!docs/)([^)#]+)\)")
DOCS_LINK = re.compile(r"\]\((?:\.\./)?docs/")
METHODS = ("get", "post", "put", "delete")


def on_files(files: Files, config: Any) -> Files:
    """Add the generated pages."""
    pages = {target: (ROOT / source).read_text(encoding="utf-8") for source, target in MOVED.items()}
    pages |= {"reference/rest.md": "\n".join(rest_page()), "reference/stream.md": "\n".join(stream_page())}
    for name, text in pages.items():
        files.append(File.generated(config, name, content=text))
    return files


def on_page_markdown(markdown: str, page: Any, **_: Any) -> str:
    """Point links to moved pages and to the documents of the server at their pages on the site."""
    up = "../" * page.file.src_uri.count("/")
    if page.file.src_uri in MOVED.values():
        return DOCS_LINK.sub("](", markdown)

    def link(match: re.Match[str]) -> str:
        target = ON_SITE.get(match[1])
        return match[0] if target is None else f"]({up}{target})"

    return REPOSITORY_LINK.sub(link, markdown)


def spec(name: str) -> dict[str, Any]:
    """Return a document of the server."""
    found: dict[str, Any] = json.loads((ROOT / "clients/specs" / name).read_text(encoding="utf-8"))
    return found


def cell(text: str) -> str:
    """Return a text that fits into a cell of a table."""
    return " ".join(text.split()).replace("|", "\\|")


def rest_page() -> Iterator[str]:
    """Yield the lines of the reference of REST: one table for each tag."""
    yield "# REST\n\nMade from the OpenAPI document. A running server shows every field at `/api/v1/docs`."
    by_tag: dict[str, list[str]] = {}
    for path, operations in spec("openapi.json")["paths"].items():
        for method in METHODS:
            if operation := operations.get(method):
                row = f"| `{method.upper()} {path}` | {cell(operation['summary'])} | `{operation['operationId']}` |"
                by_tag.setdefault(operation.get("tags", ["server"])[0], []).append(row)
    for tag, rows in by_tag.items():
        yield f"\n## {tag}\n\n| address | | operation of the clients |\n|---|---|---|"
        yield from rows


def stream_page() -> Iterator[str]:
    """Yield the lines of the reference of the stream: the messages, and the fields of each payload."""
    yield "# Stream\n\nMade from the AsyncAPI document. A running server shows it at `/api/v1/ws/asyncapi`.\n"
    yield "| message | |\n|---|---|"
    for name, message in sorted(spec("asyncapi.json")["components"]["messages"].items()):
        yield f"| `{message.get('name', name)}` | {cell(message.get('summary') or message.get('title') or '')} |"
