"""The documents: their addresses, and the command `export-specs`, which writes the specs to files.

A document is built at its first request, in a thread, and cached. `openapi.py` and `asyncapi.py` build the specs,
`pages.py` the HTML pages.
"""

import asyncio
import json
from collections.abc import Callable, Iterator
from functools import cache, partial
from pathlib import Path
from typing import Any, NamedTuple

from handlers.rest.specs import SpecHandler
from handlers.routing import Route
from server.operations import BASE
from server.settings import ALPACA

JSON_TYPE = "application/json"
HTML_TYPE = "text/html; charset=utf-8"
KINDS = ("openapi", "asyncapi")


class Form(NamedTuple):
    """One form of a spec.

    Attributes:
        kind: "openapi" or "asyncapi".
        is_page: Whether it is an HTML page; else it is JSON.
        paths: Its addresses below the base of a module and of the server.
        root_paths: Further addresses of the spec of all modules. Clients of the original link them.
    """

    kind: str
    is_page: bool
    paths: tuple[str, ...]
    root_paths: tuple[str, ...] = ()


FORMS = (
    Form("openapi", True, ("/docs", "/redoc"), ("/api/docs", "/api/redoc")),
    Form("openapi", False, ("/openapi.json",), ("/api/openapi.json",)),
    Form("asyncapi", True, ("/ws/asyncapi",)),
    Form("asyncapi", False, ("/asyncapi.json", "/ws/asyncapi.json")),
)


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


def served_page(kind: str, modules: tuple[str, ...], module: str | None) -> bytes:
    """Return the HTML page of a spec."""
    from server.specs import pages

    return pages.page(kind, spec(kind, modules, module), base_of(module))


def base_of(module: str | None) -> str:
    """Return the base of a module's addresses; None means the server."""
    return f"{BASE}/{module}" if module else BASE


def spec_routes(modules: tuple[str, ...]) -> list[Route]:
    """Return the addresses of the documents: of all modules together, and of each module."""
    return [route for module in (None, *modules) for form in FORMS for route in _form_routes(form, modules, module)]


def _form_routes(form: Form, modules: tuple[str, ...], module: str | None) -> Iterator[Route]:
    make, media_type = (served_page, HTML_TYPE) if form.is_page else (served_spec, JSON_TYPE)
    options = {"source": Document(partial(make, form.kind, modules, module)), "media_type": media_type}
    for path in (*(base_of(module) + path for path in form.paths), *(() if module else form.root_paths)):
        yield Route(path, SpecHandler, options)


def files(modules: tuple[str, ...]) -> Iterator[tuple[str, str, str | None]]:
    """Yield (relative path, kind, module) of each spec; module None means all modules."""
    for kind in KINDS:
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


def export(folder: Path, modules: tuple[str, ...]) -> int:
    """Write the files of an export and print their paths; returns the exit status 0. Raises: OSError."""
    for file, body in exported(modules).items():
        target = folder / file
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(body)
        print(target)
    return 0
