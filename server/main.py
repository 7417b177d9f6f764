"""Start and stop: settings in, a listening server, a clean end."""

import asyncio
import gc
import logging
import signal
import sys
from collections.abc import Sequence

from tornado.httpserver import HTTPServer
from tornado.netutil import bind_sockets

from engine.core import DEFAULT_ACCOUNT
from server import upkeep
from server.app import Server, load, make_clock, make_server, read_catalogue
from server.door import Door, starting_app
from server.settings import BadSettings, Settings, read_command
from server.specs import export
from server.store import StorageError

IDLE_TIMEOUT_S = 120
BODY_TIMEOUT_S = 10
MAX_HEADER_BYTES = 16 * 1024
MAX_UPLOAD_BYTES = 16 * 1024 * 1024
RESTARTING = 1012
STOP_TIMEOUT_S = 4.0


def main(arguments: Sequence[str]) -> int:
    """Run the program; returns its exit status.

    0 after a clean stop, 1 when storage failed or cannot be used, 2 for a setting that cannot be used.
    """
    if arguments and arguments[0] == "export-specs":
        return export(arguments[1:])
    try:
        command = read_command(arguments)
    except BadSettings as error:
        print(f"run.py: {error}", file=sys.stderr)
        return 2
    settings = command.settings
    level = settings.log_level if command.name == "serve" else "warning"
    logging.basicConfig(level=level.upper(), stream=sys.stderr, format="%(asctime)s %(levelname)s %(name)s %(message)s")
    try:
        return asyncio.run(serve(settings)) if command.name == "serve" else upkeep.run(command)
    except StorageError as error:
        print(f"run.py: {error}", file=sys.stderr)
        return 1
    except (ValueError, OSError) as error:
        print(f"run.py: {error}", file=sys.stderr)
        return 2


async def serve(settings: Settings) -> int:
    """Listen until SIGTERM or SIGINT, or until storage fails. The address answers while the state is brought back.

    Raises:
        OSError: the port is taken.
        ValueError: the catalogue cannot be used.
        StorageError: the data directory cannot be used.
    """
    catalogue = read_catalogue(settings)
    sockets = bind_sockets(settings.port, settings.host)
    door = Door(starting_app(settings))
    http = HTTPServer(
        door,
        idle_connection_timeout=IDLE_TIMEOUT_S,
        body_timeout=BODY_TIMEOUT_S,
        max_header_size=MAX_HEADER_BYTES,
        max_body_size=MAX_UPLOAD_BYTES,
        max_buffer_size=MAX_UPLOAD_BYTES,
    )
    http.add_sockets(sockets)
    loop = asyncio.get_running_loop()
    stopped: asyncio.Future[int] = loop.create_future()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, end, stopped, 0)
    recovered = await loop.run_in_executor(None, load, settings, catalogue)
    server = make_server(settings, make_clock(settings), catalogue, recovered)
    server.storage.on_fatal = lambda _error: end(stopped, 1)
    if (settled := server.services.publisher.settled()) is not None and not await settled:
        raise StorageError(f"{settings.data_dir}: the default account cannot be stored")
    server.storage.watch()
    server.services.wake()
    gc.freeze()
    door.app = server.app
    greet(settings, sockets[0].getsockname()[1])
    status = await stopped
    await stop(server, http)
    return status


def end(stopped: asyncio.Future[int], status: int) -> None:
    """Let the program end with a status, once."""
    if not stopped.done():
        stopped.set_result(status)


def greet(settings: Settings, port: int) -> None:
    """Say where the server is, on standard output."""
    host = f"[{settings.host}]" if ":" in settings.host else settings.host
    print(f"listening on http://{host}:{port}")
    print(f"account {DEFAULT_ACCOUNT}, {', '.join(settings.modules)}; stop with Ctrl+C", flush=True)


async def stop(server: Server, http: HTTPServer) -> None:
    """Stop accepting, store what is pending, tell the sockets, let them go."""
    http.stop()
    server.ticker.stop()
    try:
        await asyncio.wait_for(server.storage.close(), STOP_TIMEOUT_S)
    except TimeoutError:
        logging.getLogger("trading").warning("storage was not closed in time")
    server.services.hub.close_all(RESTARTING, "the server is restarting")
    try:
        async with asyncio.timeout(STOP_TIMEOUT_S):
            await server.services.hub.wait_closed()
            await http.close_all_connections()
    except TimeoutError:
        logging.getLogger("trading").warning("connections were still open at the end")
