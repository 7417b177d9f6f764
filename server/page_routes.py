"""The routes of the page: its files, the chart library, and the command that starts the program.

Used by `world.py` and by edges (`server/edge/routes.py`).
"""

from collections.abc import Sequence
from pathlib import Path

from handlers.page import ChartLibraryHandler, CommandHandler, PageHandler
from handlers.page_bundle import bundled_pages
from handlers.routing import Route
from server.installation import SHELL_COMMAND


def page_routes(static: Path) -> list[Route]:
    """Return the addresses beside the page's files."""
    library = Route("/vendor/lightweight-charts.mjs", ChartLibraryHandler, {"path": str(static)})
    return [library, Route("/command.json", CommandHandler, {"command": SHELL_COMMAND})]


def page_route(static: Path, modules: Sequence[str], is_bundled: bool) -> Route:
    """Return the route of the page's files, which serves every path without an address.

    Args:
        static: Folder of the files.
        modules: Modules that the sockets of this program serve; written into the page.
        is_bundled: Whether the bundle is served where there is one.
    """
    pages = bundled_pages(static) if is_bundled else {}
    options = {"default_filename": "index.html", "pages": pages, "modules": modules}
    return Route("/", PageHandler, {"path": str(static)} | options)
