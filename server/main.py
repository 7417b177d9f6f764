"""Start and stop: settings in, a listening server, a clean end."""

import asyncio
import gc
import logging
import os
import signal
import sys
from collections.abc import Callable, Sequence

from tornado import autoreload
from tornado.netutil import bind_sockets

from engine.core import DEFAULT_ACCOUNT
from handlers.http.tornado_server import HttpServer
from handlers.rest.datafeed import in_turns
from server import VERSION
from server.app import Server, load, make_ground, make_http_server, make_server
from server.monitoring.collector import keep_short
from server.monitoring.logs import configure
from server.monitoring.systemd import Notifier
from server.security.admission import make_admission, reload_on_hangup, warn
from server.security.token_command import token
from server.settings import BadSettings, Settings, read_command
from server.specs.documents import export
from server.starting import starting_site
from server.storage import admin
from server.storage.data_directory import StorageError

log = logging.getLogger("trading")

RESTARTING = 1012
ANSWER_TIMEOUT_S = 1.0
STORE_TIMEOUT_S = 2.0
CLOSE_TIMEOUT_S = 1.5
END_S = 4.0
"""After the signal the process ends, whatever the disk does: sockets are told meanwhile."""

SWITCH_S = 0.0001
"""How long a thread that wants the interpreter waits before it asks for it. Python's 5 ms are longer than a commit."""


def main(arguments: Sequence[str]) -> int:
    """Run the program; returns its exit status.

    0 after a clean stop, 1 when storage failed or cannot be used, 2 for a setting that cannot be used.
    """
    if arguments and arguments[0] == "export-specs":
        return export(arguments[1:])
    if arguments[:1] == ["token"]:
        return token(arguments[1:])
    try:
        command = read_command(arguments)
    except BadSettings as error:
        print(f"run.py: {error}", file=sys.stderr)
        return 2
    settings = command.settings
    logs = configure(settings.log_level if command.name == "serve" else "warning", settings.log_format)
    try:
        sys.setswitchinterval(SWITCH_S)
        return asyncio.run(serve(settings, logs.close)) if command.name == "serve" else admin.run(command)
    except StorageError as error:
        print(f"run.py: {error}", file=sys.stderr)
        return 1
    except (ValueError, OSError) as error:
        print(f"run.py: {error}", file=sys.stderr)
        return 2
    finally:
        logs.close()


async def serve(settings: Settings, close_logs: Callable[[], None]) -> int:
    """Listen until SIGTERM or SIGINT, or until storage fails. The address answers while the state is brought back.

    Args:
        settings: What the program was started with.
        close_logs: Writes out what was logged; called only where this function does not return.

    Raises:
        OSError: the port is taken.
        ValueError: the catalogue, the files of the replay or the key cannot be used.
        StorageError: the data directory cannot be used.
    """
    market, clock = make_ground(settings)
    admission = make_admission(settings, clock)
    sockets = bind_sockets(settings.port, settings.host)
    site = starting_site(settings, admission)
    http = make_http_server(settings, site)
    http.add_sockets(sockets)
    loop = asyncio.get_running_loop()
    stopped: asyncio.Future[int] = loop.create_future()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, end, stopped, 0)
    notifier = Notifier()
    # What is read stays for long: the collector would look at all of it at once, and find nothing.
    gc.disable()
    recovered = await loop.run_in_executor(None, load, settings, market)
    gc.freeze()
    gc.enable()
    server = make_server(settings, clock, market, recovered, admission)
    await begin(server, settings, stopped)
    reload_on_hangup(admission, server.services.hub, loop)
    site.serve(server.site.table, server.site.metrics)
    port = sockets[0].getsockname()[1]
    greet(settings, port)
    warn(settings)
    log.info("started version=%s host=%s port=%d auth=%s", VERSION, settings.host, port, settings.auth)
    notifier.ready()
    if settings.debug:
        autoreload.start()
    warming = asyncio.create_task(warm(server))
    status = await stopped
    warming.cancel()
    notifier.stopping()
    is_stored = await stop(server, http)
    notifier.close()
    if not is_stored:
        # A thread waits for the disk, and an orderly end would wait for the thread.
        close_logs()
        os._exit(1)
    log.info("stopped uptime=%.1f", server.services.server_info.uptime())
    return status


async def begin(server: Server, settings: Settings, stopped: asyncio.Future[int]) -> None:
    """See that the first events are stored, and let time go on. Raises: StorageError."""
    server.storage.on_fatal = lambda _error: end(stopped, 1)
    if (settled := server.services.publisher.settled()) is not None and not await settled:
        raise StorageError(f"{settings.data_dir}: the default account cannot be stored")
    server.storage.watch()
    server.services.wake()


def end(stopped: asyncio.Future[int], status: int) -> None:
    """Let the program end with a status, once."""
    if not stopped.done():
        stopped.set_result(status)


async def warm(server: Server) -> None:
    """Compute what the first quotes need, others in between; from then on garbage is collected in short turns."""
    engine = server.services.engine
    await in_turns(engine.market.warm(engine.now_ms()))
    keep_short(asyncio.get_running_loop())


def greet(settings: Settings, port: int) -> None:
    """Say where the server is, on standard output."""
    host = f"[{settings.host}]" if ":" in settings.host else settings.host
    print(f"listening on http://{host}:{port}")
    print(f"account {DEFAULT_ACCOUNT}, {', '.join(settings.modules)}; stop with Ctrl+C", flush=True)


async def stop(server: Server, http: HttpServer) -> bool:
    """Stop accepting, let what was begun be answered, store what is pending, tell the sockets, let them go.

    Returns whether storage was closed in time.
    """
    admission, loop = server.services.admission, asyncio.get_running_loop()
    http.stop()
    admission.is_closing = True
    server.ticker.stop()
    began = loop.time()
    while (admission.active or http.is_answering) and loop.time() < began + ANSWER_TIMEOUT_S:
        await asyncio.sleep(0.01)
    storing = asyncio.create_task(server.storage.close())
    await asyncio.wait({storing}, timeout=STORE_TIMEOUT_S)
    server.services.hub.close_all(RESTARTING, "the server is restarting")
    try:
        async with asyncio.timeout(CLOSE_TIMEOUT_S):
            await server.services.hub.wait_closed()
    except TimeoutError:
        log.warning("connections were still open at the end")
    finally:
        await http.close_all_connections()
    await asyncio.wait({storing}, timeout=max(0.0, began + END_S - loop.time()))
    if not storing.done():
        log.error("storage was not closed in time, the disk hangs; what was not answered may not be stored")
        return False
    storing.result()
    return True
