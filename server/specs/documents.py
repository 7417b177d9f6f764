"""The specs as bytes: built when first asked for, away from the event loop, and kept. `export` writes them to files."""

import asyncio
import json
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from handlers.rest.specs import SpecHandler
from handlers.routing import Route
from server.routes import BASE
from server.settings import BadSettings, Settings, read_settings

JSON_TYPE = "application/json"
PAGE_TYPE = "text/html; charset=utf-8"


class Document(NamedTuple):
    """One document: where it is served, what it is, and how it is made."""

    path: str
    media_type: str
    make: Callable[[], bytes]


def compact(document: Any) -> bytes:
    """Write a document as it is served."""
    return json.dumps(document, ensure_ascii=False, separators=(",", ":")).encode()


def readable(document: Any) -> bytes:
    """Write a document as it is kept in files."""
    return json.dumps(document, ensure_ascii=False, indent=2).encode() + b"\n"


def spec(kind: str, modules: tuple[str, ...], module: str | None = None) -> dict[str, Any]:
    """Return the "openapi" or "asyncapi" document of all `modules`, or of one `module` alone."""
    from server.specs import asyncapi, openapi

    if kind == "openapi":
        return openapi.build(modules) if module is None else openapi.build_module(module)
    return asyncapi.build(modules) if module is None else asyncapi.build_module(module)


def page(kind: str, modules: tuple[str, ...]) -> bytes:
    """Return the page that shows a spec to people."""
    from server.specs import pages

    document = spec(kind, modules)
    text = pages.openapi_page(document) if kind == "openapi" else pages.asyncapi_page(document)
    return text.encode()


def documents(modules: tuple[str, ...]) -> list[Document]:
    """Return everything that is served, with its address."""
    found = [
        Document(f"{BASE}/docs", PAGE_TYPE, lambda: page("openapi", modules)),
        Document(f"{BASE}/ws/asyncapi", PAGE_TYPE, lambda: page("asyncapi", modules)),
    ]
    for kind in ("openapi", "asyncapi"):
        for module in (None, *modules):
            found.append(Document(f"{BASE}{_file(kind, module)}", JSON_TYPE, _maker(kind, modules, module)))
    return found


def _file(kind: str, module: str | None) -> str:
    return f"/{module}/{kind}.json" if module else f"/{kind}.json"


def _maker(kind: str, modules: tuple[str, ...], module: str | None) -> Callable[[], bytes]:
    return lambda: compact(spec(kind, modules, module))


class Kept:
    """A document that is made once, in a thread: its making would hold the loop for a tenth of a second."""

    def __init__(self, make: Callable[[], bytes]) -> None:
        self._make = make
        self._bytes: bytes | None = None

    async def get(self) -> bytes:
        """Return the document."""
        if self._bytes is None:
            self._bytes = await asyncio.to_thread(self._make)
        return self._bytes


def spec_routes(modules: tuple[str, ...]) -> list[Route]:
    """Return the addresses of the documents of these modules."""
    return [
        Route(one.path, SpecHandler, {"source": Kept(one.make), "media_type": one.media_type})
        for one in documents(modules)
    ]


def export(arguments: Sequence[str]) -> int:
    """Write the specs below a folder, without a server: `export-specs DIR`, flags as for the server.

    Returns the exit status: 2 when the folder is missing from the command or cannot be written.
    """
    if not arguments or arguments[0].startswith("-"):
        print("run.py: export-specs needs the folder to write to: export-specs DIR", file=sys.stderr)
        return 2
    try:
        settings: Settings = read_settings(arguments[1:])
        for file, body in exported(settings.modules).items():
            target = Path(arguments[0]) / file
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(body)
            print(target)
    except (BadSettings, OSError) as error:
        print(f"run.py: {error}", file=sys.stderr)
        return 2
    return 0


def exported(modules: tuple[str, ...]) -> dict[str, bytes]:
    """Return the files of `export-specs` by their names: the whole, and one folder a module."""
    return {
        _file(kind, module)[1:]: readable(spec(kind, modules, module))
        for module in (None, *modules)
        for kind in ("openapi", "asyncapi")
    }
