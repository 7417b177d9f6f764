"""The page: static files, and the chart library beside them. `base.py` has the headers of every answer."""

import os
from pathlib import Path

from tornado.web import HTTPError, StaticFileHandler

from handlers.base import BaseHandler

SERVED = frozenset((".html", ".js", ".css", ".svg", ".png", ".ico", ".webmanifest"))
PLATFORM_PAGE, PLATFORM = "tradingview.html", "charting_library"
"""The page of TradingView's Trading Platform, and the folder where a licensee puts that library."""

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


class PageHandler(StaticFileHandler, BaseHandler):
    """Serves the files in the page's folder, except hidden files and file types that a page does not use."""

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
        is_platform = path == PLATFORM_PAGE or path.startswith(f"{PLATFORM}/")
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
