"""The documents: their addresses, and the command `run.py export-specs`, which writes the specs to files.

A document is built at its first request, in a thread, and cached. `openapi.py` and `asyncapi.py` build the specs,
`pages.py` the HTML pages.
"""

import asyncio
import json
import sys
from collections.abc import Callable, Iterator, Sequence
from functools import cache, partial
from pathlib import Path
from typing import Any

from handlers.rest.specs import SpecHandler
from handlers.routing import Route
from server.routes import BASE
from server.settings import ALPACA, BadSettings, read_settings

JSON_TYPE = "application/json"
HTML_TYPE = "text/html; charset=utf-8"
PAGES = {"openapi": f"{BASE}/docs", "asyncapi": f"{BASE}/ws/asyncapi"}


class Document:
    """One document, built at the first request.

    Building takes about 100 ms, so it is done in a thread, not on the event loop.

    Args:
        make: Builds the document.
    """

    def __init__(self, make: Callable[[], bytes]) -> None:
        self._make = cache(make)

    async def get(self) -> bytes:
        """Return the document."""
        return await asyncio.to_thread(self._make)


def spec(kind: str, modules: tuple[str, ...], module: str | None = None) -> dict[str, Any]:
    """Return the "openapi" or "asyncapi" document of all `modules`, or of one `module` only."""
    from server.specs import asyncapi, openapi

    build = openapi.build if kind == "openapi" else asyncapi.build
    return build(modules, module)


def alpaca_spec() -> dict[str, Any]:
    """Return the OpenAPI document of the Alpaca dialect."""
    from server.specs import alpaca

    return alpaca.build()


def alpaca_route() -> Route:
    """Return the address of the dialect's document."""
    document = Document(lambda: json.dumps(alpaca_spec(), ensure_ascii=False, separators=(",", ":")).encode())
    return Route("/alpaca/openapi.json", SpecHandler, {"source": document, "media_type": JSON_TYPE})


def served_spec(kind: str, modules: tuple[str, ...], module: str | None) -> bytes:
    """Return a spec as it is served: JSON without spaces."""
    return json.dumps(spec(kind, modules, module), ensure_ascii=False, separators=(",", ":")).encode()


def served_page(kind: str, modules: tuple[str, ...]) -> bytes:
    """Return the HTML page of a spec."""
    from server.specs import pages

    return pages.page(kind, spec(kind, modules))


def spec_routes(modules: tuple[str, ...]) -> list[Route]:
    """Return the addresses of the documents of these modules."""
    made = [(PAGES[kind], HTML_TYPE, partial(served_page, kind, modules)) for kind in PAGES]
    made += [
        (f"{BASE}/{name}", JSON_TYPE, partial(served_spec, kind, modules, module))
        for name, kind, module in files(modules)
    ]
    return [Route(path, SpecHandler, {"source": Document(make), "media_type": kind}) for path, kind, make in made]


def files(modules: tuple[str, ...]) -> Iterator[tuple[str, str, str | None]]:
    """Yield (relative path, kind, module) of each spec; module None means all modules."""
    for kind in PAGES:
        yield f"{kind}.json", kind, None
        yield from ((f"{module}/{kind}.json", kind, module) for module in modules)


def exported(modules: tuple[str, ...]) -> dict[str, bytes]:
    """Return the files of an export by relative path: indented JSON, one folder for each module."""
    native = tuple(name for name in modules if name != ALPACA)
    documents = {name: spec(kind, native, module) for name, kind, module in files(native)}
    if ALPACA in modules:
        documents["alpaca/openapi.json"] = alpaca_spec()
    return {
        name: json.dumps(document, ensure_ascii=False, indent=2).encode() + b"\n"
        for name, document in documents.items()
    }


def export(arguments: Sequence[str]) -> int:
    """Run `export-specs DIR`, with the server's options after the folder.

    Returns:
        The exit status: 2 when an argument is missing or unusable, or the folder cannot be written.
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
