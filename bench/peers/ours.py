"""This project: the composed server; the benchmark publishes to its hub, which encodes, frames and sends."""

import asyncio
import gc
import time

from tornado.netutil import bind_sockets

from bench.peers.common import listening, measure, memory_kib, options, payload
from engine.core import DEFAULT_ACCOUNT
from engine.topics import Update
from handlers.http.listener import Listener
from server.app import make_server
from server.main import GC_THRESHOLDS
from server.market_setup import make_clock
from server.settings import Settings


async def main() -> None:
    chosen = options()
    settings = Settings(ephemeral=True, tick_ms=60_000, ping_s=3600)  # the peers' pings are off, too
    server = make_server(settings, make_clock(settings))
    hub = server.services.hub
    sockets = bind_sockets(0, "127.0.0.1", backlog=1024)
    http = Listener(server.site)
    http.add_sockets(sockets)
    gc.set_threshold(*GC_THRESHOLDS)
    listening(sockets[0].getsockname()[1])
    most = {"bytes": 0.0, "frames": 0.0, "rss_kib": 0.0, "first_cut_at": 0.0}

    async def drained() -> None:
        """Wait until an update is sent: joined updates would be fewer sends than those of the peers."""
        while hub.pending_sends:
            await asyncio.sleep(0)

    async def tick() -> None:
        channels = [topic.channel for topic in hub.topics("quotes")]
        hub.publish([Update(channel, payload(number), "key") for number, channel in enumerate(channels)])
        await drained()

    async def tick_exact() -> None:
        hub.publish([Update(f"orders:{DEFAULT_ACCOUNT}", payload(number)) for number in range(chosen.exact)])
        await drained()
        behind = [one.send_queue for one in hub.connections if one.send_queue is not None]
        most["bytes"] = max([most["bytes"], *(queue.exact_bytes for queue in behind)])
        most["frames"] = max([most["frames"], *(queue.exact_frames for queue in behind)])
        most["rss_kib"] = max(most["rss_kib"], memory_kib())
        if hub.counters.closed[4008] and not most["first_cut_at"]:
            most["first_cut_at"] = time.monotonic()

    def count() -> int:
        return hub.counts()[1] // (1 if chosen.exact else chosen.topics)

    await measure(chosen, count, tick_exact if chosen.exact else tick, lambda: most)


asyncio.run(main())
