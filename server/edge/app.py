"""Composition of an edge: the core's market and the hub become the services of its handlers.

Called by `main.py`. `routes.py` has the addresses, `follower.py` receives the core's updates.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from secrets import token_hex

from tornado.httpclient import AsyncHTTPClient

from engine.broker.account import Account
from engine.broker.command_result import CommandResult
from engine.core import Engine
from engine.errors import Denied, Reason, Unavailable
from engine.journal import Done
from engine.market.market import Market
from engine.models.broker.orders import HistoryQuery
from engine.models.market.ticks import Tick
from engine.settings import EngineSettings
from engine.topics import ROUTES, Payload, Update
from handlers.admission import Admission
from handlers.edge.hub import CONNECTION, EdgeHub
from handlers.publisher import Publisher
from handlers.routing import Site
from handlers.services import ServerInfo, Services
from server import VERSION
from server.bus.messages import StatesMessage
from server.bus.names import BusNames
from server.bus.record import CoreRecord
from server.edge.clock import EdgeClock
from server.edge.core_client import CoreClient
from server.edge.interest import EdgeInterest
from server.edge.link import Link
from server.edge.market import MarketCopy, ReadRecord
from server.edge.replica import Replica
from server.edge.requests import CoreRequests, RequestSender
from server.edge.routes import RouteParts, make_table
from server.edge.sources import edge_readings
from server.installation import ROOT
from server.monitoring.metrics import ServerMetrics
from server.settings import Settings, stream_limits
from server.ticker import Ticker

ELSEWHERE = "accounts are at the core"
MARKET_ROUTES = tuple(route.name for route in ROUTES.values() if route.module == "datafeed")
MAX_CLIENTS = 500
"""Requests that are passed to the core at a time; further ones wait."""


class EdgeEngine(Engine):
    """The market of an edge; there are no accounts."""

    def publish_ticks(self, ticks: Sequence[Tick]) -> int:  # noqa: ARG002 - the name is the base's
        """Refuse ticks on a socket. Raises: Denied UNSUPPORTED_COMBINATION."""
        text = "an edge takes no ticks on its sockets; send them over REST or to the core"
        raise Denied(Reason.UNSUPPORTED_COMBINATION, text)


class NoStorage:
    """The storage of a process without accounts: an `engine.journal.Journal` and a `handlers.rest.archive.Archive`."""

    kind = "none"
    is_writable = False
    count = 0

    def check_writable(self) -> None:
        """Refuse a command. Raises: Unavailable."""
        raise Unavailable(ELSEWHERE)

    def append(self, result: CommandResult, done: Done) -> None:  # noqa: ARG002 - the names are the protocol's
        """Refuse a result."""
        done(Unavailable(ELSEWHERE))

    async def orders(self, account: Account, query: HistoryQuery) -> list[Payload]:  # noqa: ARG002 - as above
        """Refuse a query. Raises: Unavailable."""
        raise Unavailable(ELSEWHERE)

    async def executions(self, account: Account, query: HistoryQuery) -> list[Payload]:  # noqa: ARG002 - as above
        """Refuse a query. Raises: Unavailable."""
        raise Unavailable(ELSEWHERE)


@dataclass(frozen=True, slots=True)
class EdgeParts:
    """What an edge is composed of.

    Attributes:
        settings: Settings with those of the core's market.
        market: The market of the core.
        clock: Follows the clock of the core.
        admission: The rules of admission.
        record: The core's record.
        read_record: Returns the present record.
        bus: Sends requests and messages to the core.
    """

    settings: Settings
    market: Market
    clock: EdgeClock
    admission: Admission
    record: CoreRecord
    read_record: ReadRecord
    bus: RequestSender


@dataclass(frozen=True, slots=True)
class Edge:
    """A composed edge.

    Attributes:
        site: Its application.
        replica: Gets the messages of the stream.
        link: Gets the heartbeats of the core.
        market: Gets ticks of an external feed.
        client: Passes requests on to the core.
        interest: Tells the core the conflated channels with subscribers.
    """

    site: Site
    services: Services
    hub: EdgeHub
    clock: EdgeClock
    ticker: Ticker
    replica: Replica
    link: Link
    market: MarketCopy
    client: AsyncHTTPClient
    interest: EdgeInterest

    def receive_states(self, message: StatesMessage) -> None:
        """Process a heartbeat of the core: its clock, its position, and conflated states."""
        self.clock.follow(message.clock)
        self.link.heard(message)
        self.replica.receive_states(message)

    def publish_connection(self) -> None:
        """Send the state of the connection to the core to its subscribers."""
        channels = dict.fromkeys(topic.channel for topic in self.hub.topics(CONNECTION))
        self.hub.publish([Update(channel, self.link.status) for channel in channels])


def make_edge(parts: EdgeParts, find_address: Callable[[], str | None]) -> Edge:
    """Compose an edge.

    Args:
        parts: Market, clock, admission and bus.
        find_address: Returns the base of the core's URLs.
    """
    settings, clock, names, edge_id = parts.settings, parts.clock, BusNames(parts.record.epoch), token_hex(4)
    hub = EdgeHub(names.history, edge_id, clock, stream_limits(settings))
    market_copy = MarketCopy(parts.market, parts.read_record, clock.now_ms)
    market_copy.adopt(parts.record)
    requests = CoreRequests(parts.bus, names)
    replica = Replica(hub, requests, market_copy)
    link = Link(clock, replica, find_address)
    interest = EdgeInterest(edge_id, hub, lambda data: parts.bus.publish(names.interest, data))
    ticker = make_ticker(parts, hub)
    metrics = ServerMetrics(lambda: edge_readings(services, replica, link, requests))
    services = make_services(parts, hub, ticker, link, metrics)
    core = CoreClient(requests, replica, link, interest, names.history)
    client: AsyncHTTPClient = AsyncHTTPClient(force_instance=True, max_clients=MAX_CLIENTS)
    site = Site(parts.admission, make_table(RouteParts(services, hub, core, client), settings), metrics)
    return Edge(site, services, hub, clock, ticker, replica, link, market_copy, client, interest)


def make_ticker(parts: EdgeParts, hub: EdgeHub) -> Ticker:
    """Return the ticker, which sends market data while it has subscribers."""
    market, clock = parts.market, parts.clock
    return Ticker(
        parts.settings.tick_ms,
        lambda: hub.publish(market.updates(hub, clock.now_ms())),
        lambda: any(True for route in MARKET_ROUTES for _ in hub.topics(route)),
    )


def make_services(parts: EdgeParts, hub: EdgeHub, ticker: Ticker, link: Link, metrics: ServerMetrics) -> Services:
    """Return the services of the handlers; there is no storage."""
    storage = NoStorage()
    publisher = Publisher(storage, hub)
    engine = EdgeEngine(parts.market, parts.clock, hub, EngineSettings(parts.settings.seed), None, publisher)
    info = make_info(parts.settings, parts.clock, ticker, link)
    static = ROOT / "static"
    return Services(engine, hub, publisher, storage, storage, info, ticker.wake, static, parts.admission, metrics)


def make_info(settings: Settings, clock: EdgeClock, ticker: Ticker, link: Link) -> ServerInfo:
    """Return the facts of the server; its uptime starts now."""
    began = clock.monotonic()
    return ServerInfo(
        VERSION,
        settings.native_modules,
        speed=lambda: clock.speed,
        uptime=lambda: clock.monotonic() - began,
        ticker=ticker.health,
        lint=lambda: None,
        bus=link.health,
    )
