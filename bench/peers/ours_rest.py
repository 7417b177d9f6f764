"""This project over REST: validation, rules, matching, ledger, updates, answer; events are in memory only."""

import asyncio

from tornado.netutil import bind_sockets

from bench.peers.common import listening
from handlers.http.listener import Listener
from server.app import make_server
from server.market_setup import make_clock
from server.settings import Settings


async def main() -> None:
    settings = Settings(ephemeral=True, tick_ms=60_000, start="2026-01-05T15:00:00Z")
    server = make_server(settings, make_clock(settings))
    sockets = bind_sockets(0, "127.0.0.1", backlog=1024)
    http = Listener(server.site)
    http.add_sockets(sockets)
    listening(sockets[0].getsockname()[1])
    await asyncio.Event().wait()


asyncio.run(main())
