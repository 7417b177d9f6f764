"""The command `doctor`: checks the installation and the surroundings, and says what to do.

Each check yields findings; a problem makes the exit status 1. Nothing is changed. `main.py` runs it with the settings
that a server would have.
"""

import json
import os
import platform
import resource
import socket
import sys
import time
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import NamedTuple
from urllib.error import URLError
from urllib.request import ProxyHandler, build_opener

from handlers.page import CHART_LIBRARY
from handlers.page_bundle import bundled_pages
from server import VERSION
from server.installation import COMMAND, IS_INSTALLED, ROOT
from server.settings import Settings
from server.storage.data_directory import Directory

OK, NOTE, PROBLEM = "ok", "note", "problem"

LIBRARIES = ("tornado", "pydantic", "orjson", "httptools", "numpy", "pyjwt", "apispec", "prometheus-client")
OPTIONAL = {"trading-pro-client": "the typed client for Python"}
RELEASED = datetime(2026, 11, 1, tzinfo=UTC)
"""A clock before this time is wrong: the program did not exist."""

SPARE_FILES = 200
TIMEOUT_S = 2.0


class Finding(NamedTuple):
    """The result of a check; `advice` is what to do, or ""."""

    level: str
    subject: str
    text: str
    advice: str = ""


def run(settings: Settings) -> int:
    """Print all findings; returns the exit status: 1 when there is a problem."""
    findings = [*program(), *libraries(), *page()]
    findings += [found for check in (data, port, clock, limits) for found in check(settings)]
    for one in findings:
        print(f"{one.level:<8} {one.subject}: {one.text}")
        if one.advice:
            print(f"{'':<8} -> {one.advice}")
    return int(any(one.level == PROBLEM for one in findings))


def program() -> Iterator[Finding]:
    """Say which program this is and where it lies."""
    where = "package" if IS_INSTALLED else "checkout"
    yield Finding(OK, "program", f"Trading Pro {VERSION}, {where} in {ROOT}")
    yield Finding(OK, "Python", f"{platform.python_version()} on {platform.platform()}, {sys.executable}")


def libraries() -> Iterator[Finding]:
    """Say the versions of the libraries."""
    yield Finding(OK, "libraries", ", ".join(f"{name} {version(name)}" for name in LIBRARIES))
    for name, use in OPTIONAL.items():
        try:
            yield Finding(OK, "optional", f"{name} {version(name)}")
        except PackageNotFoundError:
            yield Finding(NOTE, "optional", f"{name} is not installed: {use}", f"pip install {name}")


def page() -> Iterator[Finding]:
    """Check whether page and chart are there."""
    if not (ROOT / "static/index.html").exists():
        yield Finding(PROBLEM, "page", f"{ROOT / 'static'} is missing", "install the program again")
    elif (ROOT / "static" / CHART_LIBRARY).exists():
        yield Finding(OK, "page", "the page and its chart are there")
        if not bundled_pages(ROOT / "static"):
            yield Finding(NOTE, "page", "the page is served without a bundle: it loads slower", "make page")
    else:
        advice = "install the program again" if IS_INSTALLED else "install Node >= 20, then run 'npm ci' in static/"
        yield Finding(PROBLEM, "page", "the chart library is missing: the page has no chart", advice)


def data(settings: Settings) -> Iterator[Finding]:
    """Check whether a server could use the data directory."""
    if settings.ephemeral:
        yield Finding(OK, "data", "nothing is stored")
        return
    directory, path = Directory(settings.data_dir), settings.data_dir.absolute()
    if directory.is_live:
        yield Finding(NOTE, "data", f"{path} is in use by a server", "a second server needs another --data-dir")
    elif directory.database.exists():
        size = directory.database.stat().st_size / 1e6
        advice = f"check it with '{COMMAND} verify --data-dir {settings.data_dir}'"
        yield Finding(OK, "data", f"{path} has a journal of {size:.1f} MB", advice)
    elif may_write(path):
        yield Finding(OK, "data", f"{path} does not exist yet; a server creates it" if not path.exists() else str(path))
    else:
        yield Finding(PROBLEM, "data", f"{path} cannot be written", "choose a folder of yours with --data-dir")


def may_write(path: Path) -> bool:
    """Whether a file can be created in a folder, or the folder in the nearest parent that exists."""
    while not path.exists():
        path = path.parent
    return path.is_dir() and os.access(path, os.W_OK | os.X_OK)


def port(settings: Settings) -> Iterator[Finding]:
    """Check whether the port is free, and whether the program that uses it is this one."""
    address = f"{settings.host}:{settings.port}"
    family = socket.AF_INET6 if ":" in settings.host else socket.AF_INET
    try:
        with closing(socket.socket(family)) as listener:
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            listener.bind((settings.host, settings.port))
    except OSError as error:
        user = who_answers(settings)
        text = f"{address} is used by {user}" if user else f"{address}: {error.strerror}"
        yield Finding(PROBLEM, "port", text, "choose another one with --port, or any free one with --port 0")
    else:
        yield Finding(OK, "port", f"{address} is free")


def who_answers(settings: Settings) -> str:
    """Return the program that answers at the port, or ""."""
    opener = build_opener(ProxyHandler({}))
    try:
        with opener.open(f"http://{settings.host}:{settings.port}/api/v1/health", timeout=TIMEOUT_S) as answer:
            return f"Trading Pro {json.load(answer)['version']}"
    except (URLError, OSError, ValueError, KeyError, TypeError):
        return ""


def clock(settings: Settings) -> Iterator[Finding]:
    """Check the clock of the machine against the release of the program and the newest file of the data directory."""
    now, advice = datetime.now(UTC), "set the clock of the machine; use NTP"
    files = (settings.data_dir / "journal.db", settings.data_dir / "journal.head")
    newest = max((file.stat().st_mtime for file in files if file.exists()), default=0.0)
    if now < RELEASED:
        yield Finding(PROBLEM, "clock", f"{now:%Y-%m-%d %H:%M} UTC is before this program was written", advice)
    elif newest > time.time() + 1:
        text = f"{now:%Y-%m-%d %H:%M:%S} UTC is before the last change of the journal"
        yield Finding(PROBLEM, "clock", text, advice)
    else:
        yield Finding(OK, "clock", f"{now:%Y-%m-%d %H:%M:%S} UTC")


def limits(settings: Settings) -> Iterator[Finding]:
    """Check whether the process may open as many files as there may be clients."""
    allowed, needed = resource.getrlimit(resource.RLIMIT_NOFILE)[0], settings.max_sockets + SPARE_FILES
    if allowed == resource.RLIM_INFINITY or allowed >= needed:
        yield Finding(OK, "files", f"{allowed} may be open")
    else:
        clients = max(0, allowed - SPARE_FILES)
        text = f"{allowed} may be open, which is enough for {clients} clients; --max-sockets is {settings.max_sockets}"
        yield Finding(NOTE, "files", text, f"for more clients run 'ulimit -n {needed}' first")
