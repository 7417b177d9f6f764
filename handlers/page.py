"""The page: static files, and the chart library beside them. `base.py` has the headers of every answer.

Browsers keep the files and ask each time whether they changed: an unchanged file costs a 304 without a body. Clients
that accept gzip get text compressed.
"""

import gzip
import os
from functools import lru_cache
from hashlib import blake2b
from pathlib import Path
from typing import NamedTuple

from tornado.ioloop import IOLoop
from tornado.web import HTTPError, StaticFileHandler

from handlers.base import BaseHandler

SERVED = frozenset((".html", ".js", ".css", ".svg", ".png", ".ico", ".webmanifest"))
PLATFORM_PAGE, PLATFORM = "tradingview.html", "charting_library"
"""The page of TradingView's Trading Platform, and the folder where a licensee puts that library."""

COMPRESSED = frozenset((".html", ".js", ".mjs", ".css", ".svg", ".json", ".map", ".webmanifest"))
"""Types of text, which are sent compressed."""

MAX_COMPRESSED_FILES = 256

SERVED_OF_PLATFORM = SERVED | {".json", ".woff2", ".cur", ".map", ".wasm"}
CHART_LIBRARY = Path("node_modules/lightweight-charts/dist/lightweight-charts.standalone.production.mjs")

CHART_STYLE = "sha256-3pRED1tOXas1FXFoPb9TGCjmYe9XQsmO9OV23khV2nY="
"""Digest of the style element that the pinned chart library writes for its attribution."""

POLICY = (
    f"default-src 'self'; style-src 'self' '{CHART_STYLE}'; "
    "object-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)

PLATFORM_POLICY = (
    "default-src 'self'; script-src 'self' 'unsafe-inline' blob:; style-src 'self' 'unsafe-inline'; "
    "img-src 'self' data: blob:; font-src 'self' data:; frame-src 'self' blob:; worker-src 'self' blob:; "
    "object-src 'none'; base-uri 'self'; form-action 'none'; frame-ancestors 'self'"
)
"""Policy of the Trading Platform only: it uses frames, inline styles and inline scripts."""


class CompressedFile(NamedTuple):
    """A file compressed with gzip, and the entity tag of that form."""

    etag: str
    body: bytes


@lru_cache(MAX_COMPRESSED_FILES)
def compressed(path: str, modified_ns: int) -> CompressedFile:  # noqa: ARG001 - a changed file is compressed again
    """Return a file compressed, with an entity tag made from its content."""
    content = Path(path).read_bytes()
    return CompressedFile(f'"{blake2b(content, digest_size=16).hexdigest()}-gzip"', gzip.compress(content, mtime=0))


class PageHandler(StaticFileHandler, BaseHandler):
    """Serves the files in the page's folder, except hidden files and file types that a page does not use."""

    _compressed: CompressedFile | None = None

    async def get(self, path: str, include_body: bool = True) -> None:
        """Serve a file; text is compressed where the client accepts it and asks for the whole file."""
        headers = self.request.headers
        if "gzip" not in headers.get("Accept-Encoding", "") or "Range" in headers:
            await super().get(path, include_body)
            return
        self.path = self.parse_url_path(path)
        self.absolute_path = self.validate_absolute_path(self.root, self.get_absolute_path(self.root, self.path))
        if self.absolute_path is None:
            return
        if Path(self.absolute_path).suffix not in COMPRESSED:
            await super().get(path, include_body)
            return
        modified_ns = Path(self.absolute_path).stat().st_mtime_ns
        file = await IOLoop.current().run_in_executor(None, compressed, self.absolute_path, modified_ns)
        self._compressed = file
        self.modified = self.get_modified_time()
        self.set_headers()
        if self.should_return_304():
            self.set_status(304)
            return
        self.set_header("Content-Encoding", "gzip")
        self.set_header("Content-Length", len(file.body))
        if include_body:
            self.write(file.body)

    def compute_etag(self) -> str | None:
        """Return the entity tag of the form that is sent."""
        return self._compressed.etag if self._compressed is not None else super().compute_etag()

    def validate_absolute_path(self, root: str, absolute_path: str) -> str | None:
        """Refuse a file that is not part of the page, or links to a path outside. Raises: HTTPError 404."""
        path = Path(absolute_path)
        inside = path.relative_to(root) if path.is_relative_to(root) else None
        if inside is None or any(part.startswith(".") or part == "node_modules" for part in inside.parts):
            raise HTTPError(404)
        if not Path(os.path.realpath(path)).is_relative_to(os.path.realpath(root)):
            raise HTTPError(404)
        validated = super().validate_absolute_path(root, absolute_path)
        served = SERVED_OF_PLATFORM if inside.parts[:1] == (PLATFORM,) else SERVED
        if validated is not None and Path(validated).suffix not in served:
            raise HTTPError(404)
        return validated

    @classmethod
    def get_absolute_path(cls, root: str, path: str) -> str:
        """Return the absolute path of a file. Raises: HTTPError 404: the path is malformed."""
        if not path.isprintable() or "\\" in path or path.startswith("/") or path.endswith("/"):
            raise HTTPError(404)
        return super().get_absolute_path(root, path)

    def set_extra_headers(self, path: str) -> None:
        """Set the revalidation of cached copies, the Content-Security-Policy, and the type of scripts."""
        self.set_header("Cache-Control", "no-cache")
        self.add_header("Vary", "Accept-Encoding")
        is_platform = path == PLATFORM_PAGE or path.startswith(f"{PLATFORM}/")
        self.set_header("Content-Security-Policy", PLATFORM_POLICY if is_platform else POLICY)
        if path.endswith((".mjs", ".js")):
            self.set_header("Content-Type", "text/javascript; charset=utf-8")


class CommandHandler(BaseHandler):
    """The command that starts this program. The page shows it to an operator who has to make a token."""

    def initialize(self, command: str) -> None:
        """Set the command, such as "python run.py"."""
        self._command = command

    def get(self) -> None:
        """Answer with the command."""
        self.finish({"command": self._command})


class ChartLibraryHandler(PageHandler):
    """The chart library at its one address; 404 where it is not installed."""

    async def get(self, path: str = "lightweight-charts", include_body: bool = True) -> None:
        """Serve the library."""
        await super().get(path, include_body)

    async def head(self, path: str = "lightweight-charts") -> None:
        """Answer with the headers of the library."""
        await self.get(path, include_body=False)

    @classmethod
    def get_absolute_path(cls, root: str, path: str) -> str:  # noqa: ARG003 - the name is Tornado's
        """Return the path of the installed library."""
        return str(Path(root) / CHART_LIBRARY)

    def validate_absolute_path(self, root: str, absolute_path: str) -> str | None:
        """Accept the library, although it is in `node_modules`."""
        return StaticFileHandler.validate_absolute_path(self, root, absolute_path)
