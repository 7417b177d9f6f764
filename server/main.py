"""Start and stop of the program: settings, listen, recover, compose, run, stop.

`serve` runs these steps, in this order. `server/app.py` composes the parts and `server/command_line.py` reads the
command line; read them next.
"""

import asyncio
import gc
import logging
import os
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Protocol

from tornado import autoreload

from engine.core import DEFAULT_ACCOUNT
from handlers.errors import CloseCode
from handlers.http.tornado_server import HttpServer
from handlers.turns import in_turns
from server import VERSION, doctor, launcher
from server.app import Server, load, make_server
from server.command_line import BadSettings, Command, read_command
from server.conformance.command import conform
from server.installation import COMMAND
from server.listening import FAILED, GC_THRESHOLDS, OK, UNUSABLE, clear_port, end, end_on_signals, listen, write_port
from server.market_setup import make_market_and_clock
from server.monitoring.logs import configure
from server.monitoring.systemd import Notifier
from server.recording.replay import replay as repeat_file
from server.security.admission import make_admission, reload_on_hangup, warn_if_open
from server.security.token_command import token
from server.settings import Settings
from server.specs.documents import export
from server.storage import admin
from server.storage.data_directory import StorageError

log = logging.getLogger("trading")

ANSWER_TIMEOUT_S = 1.0
STORE_TIMEOUT_S = 2.0
CLOSE_TIMEOUT_S = 1.5
HANG_S = 3.0
"""Longest time without progress of the storage at a stop; then the process exits without closing the storage."""

CHECKS = 10
"""Number of progress checks within `HANG_S`."""


def main(arguments: Sequence[str]) -> int:
    """Run the program and return its exit status."""
    if arguments and arguments[0] == "token":
        return token(arguments[1:])
    if arguments and arguments[0] == "run":
        return launcher.run(arguments[1:])
    if arguments and arguments[0] == "conform":
        return conform(arguments[1:])
    try:
        command = read_command(arguments)
    except BadSettings as error:
        return refuse(error, UNUSABLE)
    logs = configure(command.settings.log_level if command.name == "serve" else "warning", command.settings.log_format)
    try:
        return run(command, logs.close)
    except StorageError as error:
        return refuse(error, FAILED)
    except (ValueError, OSError) as error:
        return refuse(error, UNUSABLE)
    finally:
        logs.close()


def run(command: Command, close_logs: Callable[[], None]) -> int:
    """Run a command; returns the exit status. Raises: StorageError, ValueError, OSError."""
    match command.name:
        case "serve" if command.settings.role == "edge":
            from server.edge.main import serve_edge

            return asyncio.run(serve_edge(command.settings, close_logs))
        case "serve":
            return asyncio.run(serve(command.settings, close_logs))
        case "doctor":
            return doctor.run(command.settings)
        case "replay":
            return asyncio.run(replay(command, close_logs))
        case "export-specs":
            return export(command.file or Path(), command.settings.modules)
        case _:
            return admin.run(command)


def refuse(error: Exception, status: int) -> int:
    """Print the error as one line on standard error; returns `status`."""
    print(f"{COMMAND}: {error}", file=sys.stderr)
    return status


async def replay(command: Command, close_logs: Callable[[], None]) -> int:
    """Repeat a recording and print the outcome; with `--until`, serve the world there until SIGTERM or SIGINT.

    Returns:
        The exit status: 1 when an event differs.

    Raises:
        BadRecording, OSError, ValueError: The file cannot be read, or the address not be used.
    """
    assert command.file is not None
    outcome = repeat_file(command.file, command.settings)
    print(outcome.text(), flush=True)
    if command.settings.until is None or outcome.difference is not None:
        return OK if outcome.difference is None else FAILED
    return await serve(outcome.settings, close_logs, outcome.server)


async def serve(settings: Settings, close_logs: Callable[[], None], composed: Server | None = None) -> int:
    """Run a server until SIGTERM, SIGINT or a failure of the storage; returns the exit status.

    The address answers 503 "starting" while the state is recovered.

    Args:
        settings: Settings of the server.
        close_logs: Writes the waiting log lines; called before the process ends without returning from here.
        composed: A server that has its state already; by default one with the state of the data directory.

    Raises:
        OSError: The port is taken, or the port file cannot be written.
        ValueError: The catalogue, a replay file or the key cannot be used.
        StorageError: The data directory cannot be used.
    """
    gc.set_threshold(*GC_THRESHOLDS)
    loop, notifier = asyncio.get_running_loop(), Notifier()
    clear_port(settings.port_file)
    if composed is None:
        market, clock = make_market_and_clock(settings)
        admission = make_admission(settings, clock)
        endpoint, ended = listen(settings, admission), end_on_signals(loop)
        recovered = await loop.run_in_executor(None, load, settings, market)
        server = make_server(settings, clock, market, recovered, admission)
    else:
        server, admission = composed, composed.services.admission
        endpoint, ended = listen(settings, admission), end_on_signals(loop)
    await begin(server, settings, ended)
    reload_on_hangup(admission, server.services.hub, loop)
    endpoint.site.serve(server.site)
    server.world.bus.start(endpoint.port)
    write_port(settings.port_file, endpoint.port)
    announce(settings, endpoint.port)
    notifier.ready()
    if settings.debug:
        autoreload.start()
    warming = asyncio.create_task(warm(server))
    status = await ended
    warming.cancel()
    notifier.stopping()
    is_stored = await stop(server, endpoint.listener)
    notifier.close()
    if not is_stored:
        # A thread is blocked by the disk; a return from here would wait for that thread.
        close_logs()
        os._exit(FAILED)
    log.info("stopped uptime=%.1f", server.services.server_info.uptime())
    return status


async def begin(server: Server, settings: Settings, ended: "asyncio.Future[int]") -> None:
    """Wait until the first events are stored, then start snapshots and ticks. Raises: StorageError."""
    failed = asyncio.create_task(server.storage.failed())
    failed.add_done_callback(lambda _task: end(ended, FAILED))
    ended.add_done_callback(lambda _future: failed.cancel())
    if (settled := server.services.publisher.settled()) is not None and not await settled:
        raise StorageError(f"{settings.data_dir}: the default account cannot be stored")
    server.storage.watch()
    server.services.wake()


def announce(settings: Settings, port: int) -> None:
    """Print the address on standard output and log the start."""
    host = f"[{settings.host}]" if ":" in settings.host else settings.host
    print(f"listening on http://{host}:{port}")
    data = "nothing is stored" if settings.ephemeral else f"data in {settings.data_dir}"
    print(f"account {DEFAULT_ACCOUNT}, {', '.join(settings.modules)}; {data}; stop with Ctrl+C", flush=True)
    warn_if_open(settings)
    log.info("started version=%s host=%s port=%d auth=%s", VERSION, settings.host, port, settings.auth)


async def warm(server: Server) -> None:
    """Compute the data for the first quotes in advance, in short steps between other work."""
    engine = server.services.engine
    await in_turns(engine.market.warm(engine.now_ms()))


async def stop(server: Server, listener: HttpServer) -> bool:
    """Stop accepting, finish the requests, store the pending events, close the WebSockets with 1012, end the recording.

    Returns:
        Whether the storage was closed in time.
    """
    admission, loop = server.services.admission, asyncio.get_running_loop()
    listener.stop()
    admission.is_closing = True
    server.ticker.stop()
    await server.worlds.close()
    began = loop.time()
    while (admission.active or listener.is_answering) and loop.time() < began + ANSWER_TIMEOUT_S:
        await asyncio.sleep(0.01)
    storing = asyncio.create_task(close_storage(server.storage, HANG_S))
    await asyncio.wait({storing}, timeout=STORE_TIMEOUT_S)
    await server.world.bus.close()
    server.services.hub.close_all(CloseCode.RESTARTING, "the server is restarting")
    try:
        async with asyncio.timeout(CLOSE_TIMEOUT_S):
            await server.services.hub.wait_closed()
    except TimeoutError:
        log.warning("some connections did not close in time")
    finally:
        await listener.close_all_connections()
    is_stored = await storing
    if is_stored and server.world.recorder is not None:
        server.world.recorder.close()
    return is_stored


class Closing(Protocol):
    """Storage at the end of a server."""

    @property
    def steps(self) -> int:
        """Number of completed disk operations."""

    async def close(self) -> None:
        """Store all pending events and close the files."""


async def close_storage(storage: Closing, hang_s: float) -> bool:
    """Close the storage; returns False when it made no progress for `hang_s` seconds."""
    closing = asyncio.create_task(storage.close())
    steps, waits = storage.steps, 0
    while not closing.done() and waits < CHECKS:
        await asyncio.wait({closing}, timeout=hang_s / CHECKS)
        waits = waits + 1 if storage.steps == steps else 0
        steps = storage.steps
    if not closing.done():
        log.error("the storage was not closed because the disk hangs; unanswered commands may be lost")
        return False
    closing.result()
    return True
