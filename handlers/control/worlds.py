"""The worlds of the process over REST: make, list, show and delete them."""

from tornado.httputil import HTTPServerRequest

from engine.models.control.worlds import MAX_STATE, WorldCreate, WorldFork
from engine.topics import Payload
from handlers.control.base import ControlHandler

PATHS = {
    "page": "/",
    "api": "/api/v1",
    "udf": "/udf",
    "alpaca": "/alpaca",
    "alpacaData": "/alpaca",
}
SOCKETS = {"ws": "/api/v1/ws", "alpacaStream": "/alpaca/stream"}


class WorldsHandler(ControlHandler):
    """`/worlds`."""

    max_body_bytes = MAX_STATE + 4096

    def get(self) -> None:
        """List the worlds that callers made, oldest first."""
        self.reply([with_urls(one, self.request) for one in self.control.worlds.listed()])

    def post(self) -> None:
        """Make a world."""
        world = self.control.worlds.create(self.read(WorldCreate))
        self.set_status(201)
        self.reply(with_urls(world, self.request))


class WorldHandler(ControlHandler):
    """`/worlds/{id}`."""

    def get(self, world_id: str) -> None:
        """Show a world."""
        self.reply(with_urls(self.control.worlds.shown(world_id), self.request))

    async def delete(self, world_id: str) -> None:
        """Delete a world; answers when nothing of it is left."""
        await self.control.worlds.delete(world_id)
        self.reply({"id": world_id, "object": "world", "deleted": True})


class ForkHandler(ControlHandler):
    """`/worlds/{id}/fork`."""

    async def post(self, world_id: str) -> None:
        """Make a second world in the same state."""
        request = self.read(WorldFork) if self.has_body else WorldFork()
        world = await self.control.worlds.fork(world_id, request)
        self.set_status(201)
        self.reply(with_urls(world, self.request))


class SnapshotHandler(ControlHandler):
    """`/worlds/{id}/snapshot`."""

    async def get(self, world_id: str) -> None:
        """Return the world in one file, which `POST /worlds` takes as its body."""
        self.reply(await self.control.worlds.snapshot(world_id))


def with_urls(world: Payload, request: HTTPServerRequest) -> Payload:
    """Return a world with its addresses, at the host by which the client reached this server."""
    base, scheme = f"{request.host}/w/{world['id']}", request.protocol
    urls = {name: f"{scheme}://{base}{path}" for name, path in PATHS.items()}
    urls |= {name: f"{scheme.replace('http', 'ws')}://{base}{path}" for name, path in SOCKETS.items()}
    return world | {"urls": urls}
