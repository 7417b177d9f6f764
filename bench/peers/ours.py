"""This project: the composed server, its hub fed with updates; subscriptions, encoding and framing included."""

import asyncio

from tornado.httpserver import HTTPServer
from tornado.netutil import bind_sockets

from bench.peers.common import listening, measure, options, payload
from engine.topics import Update
from server.app import make_clock, make_server
from server.settings import Settings


async def main() -> None:
    chosen = options()
    settings = Settings(ephemeral=True, tick_ms=60_000)
    server = make_server(settings, make_clock(settings))
    hub = server.services.hub
    sockets = bind_sockets(0, "127.0.0.1", backlog=1024)
    http = HTTPServer(server.app)
    http.add_sockets(sockets)
    listening(sockets[0].getsockname()[1])

    async def tick() -> None:
        channels = [topic.channel for topic in hub.topics("quotes")]
        hub.publish([Update(channel, payload(number), "key") for number, channel in enumerate(channels)])

    await measure(chosen, lambda: hub.counts()[1] // chosen.topics, tick)


asyncio.run(main())
