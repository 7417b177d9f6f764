"""The page: static files, and the chart library beside them. `base.py` has the headers of every answer.

Browsers keep the files and ask each time whether they changed: an unchanged file costs a 304 without a body. A file of
the bundle (`page_bundle.py`) has a digest of its content in its name, so browsers keep it without asking. Clients that
accept gzip get text compressed; clients that accept brotli get the compressed files of the bundle.
"""

import gzip
import os
import re
from collections.abc import Mapping, Sequence
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

CONTENT_NAME = re.compile(r"dist/[\w.-]+-[0-9A-Z]{8}\.\w+")
"""Path of a file of the bundle; its content never changes."""

IMMUTABLE = "public, max-age=31536000, immutable"
BROTLI_SUFFIX = ".br"

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
    """A compressed file, its content coding, and the entity tag of that form."""

    coding: str
    etag: str
    body: bytes


@lru_cache(MAX_COMPRESSED_FILES)
def compressed(path: str, modified_ns: int, coding: str, modules: str) -> CompressedFile:  # noqa: ARG001 - see below
    """Return a file compressed, with an entity tag made from its content. A changed file is compressed again.

    Args:
        path: Absolute path of the file.
        modified_ns: Its time of modification.
        coding: "br" when the compressed file lies beside it, else "gzip".
        modules: Written into a page, so that its script need not ask for them; empty for other files.
    """
    content = Path(path).read_bytes()
    if modules:
        content = content.replace(b"<html ", f'<html data-modules="{modules}" '.encode(), 1)
    etag = f'"{blake2b(content, digest_size=16).hexdigest()}-{coding}"'
    body = Path(path + BROTLI_SUFFIX).read_bytes() if coding == "br" else gzip.compress(content, mtime=0)
    return CompressedFile(coding, etag, body)


class PageHandler(StaticFileHandler, BaseHandler):
    """Serves the files in the page's folder, except hidden files and file types that a page does not use."""

    _compressed: CompressedFile | None = None
    _pages: Mapping[str, str] = {}
    _modules = ""

    def initialize(  # type: ignore[override]
        self,
        path: str,
        default_filename: str | None = None,
        pages: Mapping[str, str] | None = None,
        modules: Sequence[str] = (),
    ) -> None:
        """Store the folder of the page.

        Args:
            path: The folder.
            default_filename: The file that a request for a folder gets.
            pages: Files that are served at other paths.
            modules: Modules of the server, for the pages' scripts.
        """
        super().initialize(path, default_filename)
        self._pages = pages or {}
        self._modules = " ".join(modules)

    def parse_url_path(self, url_path: str) -> str:
        """Return the path of the file that is served at a path."""
        path = super().parse_url_path(url_path)
        return self._pages.get(path, path)

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
        file = await IOLoop.current().run_in_executor(None, self._compress, Path(self.absolute_path))
        self._compressed = file
        self.modified = self.get_modified_time()
        self.set_headers()
        if self.should_return_304():
            self.set_status(304)
            return
        self.set_header("Content-Encoding", file.coding)
        self.set_header("Content-Length", len(file.body))
        if include_body:
            self.write(file.body)

    def _compress(self, path: Path) -> CompressedFile:
        codings = self.request.headers.get("Accept-Encoding", "")
        has_brotli = Path(f"{path}{BROTLI_SUFFIX}").exists() and re.search(r"\bbr\b", codings)
        modules = self._modules if path.suffix == ".html" else ""
        return compressed(str(path), path.stat().st_mtime_ns, "br" if has_brotli else "gzip", modules)

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
        self.set_header("Cache-Control", IMMUTABLE if CONTENT_NAME.fullmatch(path) else "no-cache")
        self.add_header("Vary", "Accept-Encoding")
        is_platform = Path(path).name == PLATFORM_PAGE or path.startswith(f"{PLATFORM}/")
        self.set_header("Content-Security-Policy", PLATFORM_POLICY if is_platform else POLICY)
        if path.endswith((".mjs", ".js")):
            self.set_header("Content-Type", "text/javascript; charset=utf-8")


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
