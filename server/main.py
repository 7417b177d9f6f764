"""Start and stop: settings in, a listening server, a clean end."""

import asyncio
import gc
import logging
import signal
import sys
from collections.abc import Sequence

from tornado import autoreload
from tornado.httpserver import HTTPServer
from tornado.netutil import bind_sockets

from engine.core import DEFAULT_ACCOUNT
from handlers.datafeed import in_turns
from server import VERSION
from server.app import Server, make_server
from server.gate import reload_on_hangup, warn
from server.listener import Listener
from server.logs import configure
from server.notify import Notifier
from server.settings import BadSettings, Settings, read_settings
from server.specs import export
from server.token import token

log = logging.getLogger("trading")

RESTARTING = 1012
ANSWER_TIMEOUT_S = 1.5
CLOSE_TIMEOUT_S = 2.0


def main(arguments: Sequence[str]) -> int:
    """Run the program; returns its exit status: 0 after a clean stop, 2 for a setting that cannot be used."""
    if arguments and arguments[0] == "export-specs":
        return export(arguments[1:])
    if arguments[:1] == ["token"]:
        return token(arguments[1:])
    try:
        settings = read_settings(arguments)
    except BadSettings as error:
        print(f"run.py: {error}", file=sys.stderr)
        return 2
    logs = configure(settings.log_level, settings.log_format)
    try:
        return asyncio.run(serve(settings))
    except (ValueError, OSError) as error:
        print(f"run.py: {error}", file=sys.stderr)
        return 2
    finally:
        logs.close()


async def serve(settings: Settings) -> int:
    """Listen until SIGTERM or SIGINT. Raises: OSError when the port is taken; ValueError for a bad catalogue."""
    server = make_server(settings)
    sockets = bind_sockets(settings.port, settings.host)
    http = Listener(server.app)
    http.add_sockets(sockets)
    stopped = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stopped.set)
    reload_on_hangup(server.services.gate, loop)
    notifier = Notifier()
    port = sockets[0].getsockname()[1]
    greet(settings, port)
    warn(settings)
    log.info("started version=%s host=%s port=%d auth=%s", VERSION, settings.host, port, settings.auth)
    notifier.ready()
    if settings.debug:
        autoreload.start()
    warming = asyncio.create_task(warm(server))
    await stopped.wait()
    warming.cancel()
    notifier.stopping()
    await stop(server, http)
    notifier.close()
    log.info("stopped uptime=%.1f", server.services.about.uptime())
    return 0


async def warm(server: Server) -> None:
    """Compute what the first quotes need, others in between; then keep what is there out of later collections."""
    engine = server.services.engine
    await in_turns(engine.market.warm(engine.now_ms()))
    gc.collect()
    gc.freeze()


def greet(settings: Settings, port: int) -> None:
    """Say where the server is, on standard output."""
    host = f"[{settings.host}]" if ":" in settings.host else settings.host
    print(f"listening on http://{host}:{port}")
    print(f"account {DEFAULT_ACCOUNT}, {', '.join(settings.modules)}; stop with Ctrl+C", flush=True)


async def stop(server: Server, http: HTTPServer) -> None:
    """Stop accepting, let what was begun be answered, tell the sockets, let them go."""
    gate, loop = server.services.gate, asyncio.get_running_loop()
    http.stop()
    gate.is_closing = True
    server.ticker.stop()
    deadline = loop.time() + ANSWER_TIMEOUT_S
    while gate.active and loop.time() < deadline:
        await asyncio.sleep(0.01)
    server.services.hub.close_all(RESTARTING, "the server is restarting")
    try:
        async with asyncio.timeout(CLOSE_TIMEOUT_S):
            await server.services.hub.wait_closed()
            await http.close_all_connections()
    except TimeoutError:
        log.warning("connections were still open at the end")
