"""The documents: what is served at which address, and `run.py export-specs`, which writes them to files.

A document is built when it is first asked for, in a thread, and kept. `openapi.py` and `asyncapi.py` build the specs,
`pages.py` the HTML pages.
"""

import asyncio
import json
import sys
from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import Any

from handlers.rest.specs import SpecHandler
from handlers.routing import Route
from server.routes import BASE
from server.settings import BadSettings, read_settings

JSON_TYPE = "application/json"
HTML_TYPE = "text/html; charset=utf-8"
KINDS = ("openapi", "asyncapi")
PAGES = {"openapi": f"{BASE}/docs", "asyncapi": f"{BASE}/ws/asyncapi"}


class Document:
    """One document, built at the first request.

    Building takes about 100 ms, so it is done in a thread, not on the event loop.

    Args:
        make: Builds the document.
    """

    def __init__(self, make: partial[bytes]) -> None:
        self._make = make
        self._bytes: bytes | None = None

    async def get(self) -> bytes:
        """Return the document."""
        if self._bytes is None:
            self._bytes = await asyncio.to_thread(self._make)
        return self._bytes


def spec(kind: str, modules: tuple[str, ...], module: str | None = None) -> dict[str, Any]:
    """Return the "openapi" or "asyncapi" document of all `modules`, or of one `module` alone."""
    from server.specs import asyncapi, openapi

    if kind == "openapi":
        return openapi.build(modules) if module is None else openapi.build_module(module)
    return asyncapi.build(modules) if module is None else asyncapi.build_module(module)


def served_spec(kind: str, modules: tuple[str, ...], module: str | None) -> bytes:
    """Return a spec as it is served: JSON without spaces."""
    return json.dumps(spec(kind, modules, module), ensure_ascii=False, separators=(",", ":")).encode()


def served_page(kind: str, modules: tuple[str, ...]) -> bytes:
    """Return the HTML page of a spec."""
    from server.specs import pages

    document = spec(kind, modules)
    return pages.openapi_page(document) if kind == "openapi" else pages.asyncapi_page(document)


def spec_routes(modules: tuple[str, ...]) -> list[Route]:
    """Return the addresses of the documents of these modules."""

    def route(path: str, media_type: str, make: partial[bytes]) -> Route:
        return Route(path, SpecHandler, {"source": Document(make), "media_type": media_type})

    routes = [route(PAGES[kind], HTML_TYPE, partial(served_page, kind, modules)) for kind in KINDS]
    for kind in KINDS:
        for module in (None, *modules):
            make = partial(served_spec, kind, modules, module)
            routes.append(route(f"{BASE}/{file_name(kind, module)}", JSON_TYPE, make))
    return routes


def file_name(kind: str, module: str | None) -> str:
    """Return the path of a spec below the API's base or the folder of an export."""
    return f"{module}/{kind}.json" if module else f"{kind}.json"


def exported(modules: tuple[str, ...]) -> dict[str, bytes]:
    """Return the files of an export by name: indented JSON, in one folder for each module beside the whole."""
    return {
        file_name(kind, module): json.dumps(spec(kind, modules, module), ensure_ascii=False, indent=2).encode() + b"\n"
        for module in (None, *modules)
        for kind in KINDS
    }


def export(arguments: Sequence[str]) -> int:
    """Run `export-specs DIR`, with the server's options after the folder.

    Returns:
        The exit status: 2 when the folder is missing in the command or cannot be written.
    """
    if not arguments or arguments[0].startswith("-"):
        print("run.py: export-specs needs the folder to write to: export-specs DIR", file=sys.stderr)
        return 2
    try:
        for file, body in exported(read_settings(arguments[1:]).modules).items():
            target = Path(arguments[0]) / file
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(body)
            print(target)
    except (BadSettings, OSError) as error:
        print(f"run.py: {error}", file=sys.stderr)
        return 2
    return 0
