"""The routes of the page: its files, the chart library, and the command that starts the program.

Used by `world.py` and by edges (`server/edge/routes.py`).
"""

from collections.abc import Sequence
from pathlib import Path

from handlers.page import ChartLibraryHandler, CommandHandler, PageHandler
from handlers.page_bundle import bundled_pages
from handlers.routing import Route
from server.installation import SHELL_COMMAND
from server.settings import Settings


def page_routes(static: Path) -> list[Route]:
    """Return the addresses beside the page's files."""
    library = Route("/vendor/lightweight-charts.mjs", ChartLibraryHandler, {"path": str(static)})
    return [library, Route("/command.json", CommandHandler, {"command": SHELL_COMMAND})]


def page_route(static: Path, settings: Settings, modules: Sequence[str]) -> Route:
    """Return the route of the page's files, which serves every path without an address; `modules` can be followed."""
    pages = {} if settings.debug else bundled_pages(static)
    options = {"default_filename": "index.html", "pages": pages, "modules": modules}
    return Route("/", PageHandler, {"path": str(static)} | options)
