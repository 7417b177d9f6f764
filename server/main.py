"""Start and stop: settings in, a listening server, a clean end."""

import asyncio
import logging
import signal
import sys
from collections.abc import Sequence

from tornado.httpserver import HTTPServer
from tornado.netutil import bind_sockets

from engine.core import DEFAULT_ACCOUNT
from server.app import Server, make_clock, make_server
from server.settings import BadSettings, Settings, read_settings
from server.specs import export

IDLE_TIMEOUT_S = 120
BODY_TIMEOUT_S = 10
MAX_HEADER_BYTES = 16 * 1024
MAX_UPLOAD_BYTES = 16 * 1024 * 1024
RESTARTING = 1012
STOP_TIMEOUT_S = 4.0


def main(arguments: Sequence[str]) -> int:
    """Run the program; returns its exit status: 0 after a clean stop, 2 for a setting that cannot be used."""
    if arguments and arguments[0] == "export-specs":
        return export(arguments[1:])
    try:
        settings = read_settings(arguments)
    except BadSettings as error:
        print(f"run.py: {error}", file=sys.stderr)
        return 2
    logging.basicConfig(
        level=settings.log_level.upper(), stream=sys.stderr, format="%(asctime)s %(levelname)s %(name)s %(message)s"
    )
    try:
        return asyncio.run(serve(settings))
    except (ValueError, OSError) as error:
        print(f"run.py: {error}", file=sys.stderr)
        return 2


async def serve(settings: Settings) -> int:
    """Listen until SIGTERM or SIGINT. Raises: OSError when the port is taken; ValueError for a bad catalogue."""
    server = make_server(settings, make_clock(settings))
    sockets = bind_sockets(settings.port, settings.host)
    http = HTTPServer(
        server.app,
        idle_connection_timeout=IDLE_TIMEOUT_S,
        body_timeout=BODY_TIMEOUT_S,
        max_header_size=MAX_HEADER_BYTES,
        max_body_size=MAX_UPLOAD_BYTES,
        max_buffer_size=MAX_UPLOAD_BYTES,
    )
    http.add_sockets(sockets)
    stopped = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stopped.set)
    greet(settings, sockets[0].getsockname()[1])
    await stopped.wait()
    await stop(server, http)
    return 0


def greet(settings: Settings, port: int) -> None:
    """Say where the server is, on standard output."""
    host = f"[{settings.host}]" if ":" in settings.host else settings.host
    print(f"listening on http://{host}:{port}")
    print(f"account {DEFAULT_ACCOUNT}, {', '.join(settings.modules)}; stop with Ctrl+C", flush=True)


async def stop(server: Server, http: HTTPServer) -> None:
    """Stop accepting, tell the sockets, let them go."""
    http.stop()
    server.ticker.stop()
    server.services.hub.close_all(RESTARTING, "the server is restarting")
    try:
        async with asyncio.timeout(STOP_TIMEOUT_S):
            await server.services.hub.wait_closed()
            await http.close_all_connections()
    except TimeoutError:
        logging.getLogger("trading").warning("connections were still open at the end")
