"""Listening and ending, as every role of the program does it: sockets, the port file, signals.

Used by `main.py` and by edges (`server/edge/main.py`).
"""

import asyncio
import os
import signal
from pathlib import Path
from typing import NamedTuple

from tornado.netutil import bind_sockets

from handlers.admission import Admission
from handlers.http.tornado_server import HttpServer
from handlers.routing import Site
from server.app import make_http_server
from server.settings import Settings
from server.starting import starting_site

OK, FAILED, UNUSABLE = 0, 1, 2
"""Exit statuses: clean stop; storage error; unusable setting."""

GC_THRESHOLDS = (1_000, 10, 1_000)
"""Thresholds of the garbage collector; Python's are 700, 10, 10.

The third one makes full collections rare, because nothing may block the event loop for more than 5 ms. With Python's
thresholds a full collection blocked it for 53 to 68 ms in the first seconds of a load of 2,400 orders a second; with
these the longest pause in 45 s was 4 ms.
"""


class Endpoint(NamedTuple):
    """The listening HTTP server, its application and its port."""

    site: Site
    listener: HttpServer
    port: int


def listen(settings: Settings, admission: Admission) -> Endpoint:
    """Listen with the application of the starting phase. Raises: OSError when the port is taken."""
    sockets = bind_sockets(settings.port, settings.host)
    site = starting_site(settings, admission)
    listener = make_http_server(settings, site)
    listener.add_sockets(sockets)
    return Endpoint(site, listener, sockets[0].getsockname()[1])


def end_on_signals(loop: asyncio.AbstractEventLoop) -> "asyncio.Future[int]":
    """Return a future of the exit status, which SIGTERM and SIGINT set to 0."""
    ended: asyncio.Future[int] = loop.create_future()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, end, ended, OK)
    return ended


def end(ended: "asyncio.Future[int]", status: int) -> None:
    """Set the exit status, unless it is set already."""
    if not ended.done():
        ended.set_result(status)


def clear_port(file: Path | None) -> None:
    """Delete the port file of an earlier server. Raises: OSError when its folder does not exist."""
    if file is not None:
        if not file.parent.is_dir():
            raise FileNotFoundError(f"--port-file: there is no folder {file.parent}")
        file.unlink(missing_ok=True)


def write_port(file: Path | None, port: int) -> None:
    """Write the port into the port file, which appears with its complete content. Raises: OSError."""
    if file is not None:
        draft = file.with_name(f".{file.name}.{os.getpid()}")
        draft.write_text(f"{port}\n", encoding="ascii")
        draft.replace(file)
