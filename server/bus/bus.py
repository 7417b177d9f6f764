"""The bus as the server sees it, in its form within one process: the hub serves every client, and nothing is sent.

`composition.py` and `core.py` have the form on NATS, for `--role core`.
"""

from prometheus_client.metrics_core import Metric

from engine.models.system import BusHealth
from engine.topics import Interest
from handlers.result_feed import ResultFeed
from handlers.services import Services
from server.storage.commits import CommitFollower
from server.storage.service import Stores
from server.world_time import WorldTime


class Bus:
    """The running bus."""

    def start(self, port: int) -> None:
        """Begin to serve edges, on the event loop. The server listens on `port`."""

    async def close(self) -> None:
        """Send what is durable, if the bus takes it at once, and disconnect."""

    def metrics(self) -> list[Metric]:
        """Return the counters for `/metrics`."""
        return []


class BusLink:
    """How the parts of a world are linked to the bus while the world is composed.

    Attributes:
        follower: Gets the commits of the journal.
    """

    follower: CommitFollower | None = None

    def interest(self, hub: Interest, _feed: ResultFeed) -> Interest:
        """Return the subscriptions of all clients, those of the hub and those behind the bus."""
        return hub

    def health(self) -> BusHealth | None:
        """Return the state of the connection; None without one."""
        return None

    def bus(self, _services: Services, _stores: Stores, _time: WorldTime | None) -> Bus:
        """Return the bus of a composed world."""
        return Bus()
