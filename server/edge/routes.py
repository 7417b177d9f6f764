"""The routes of an edge: market reads, documents and the page are answered here, every other address by the core.

The table of `server/routes.py` decides the addresses. WebSockets of the Alpaca dialect and worlds are at the core only.
"""

from typing import Any, NamedTuple

from tornado.httpclient import AsyncHTTPClient

from handlers.base import ApiHandler
from handlers.edge.core import Core
from handlers.edge.hub import EdgeHub
from handlers.edge.proxy import OpenProxyHandler, ProxyHandler
from handlers.edge.stream import EdgeStreamHandler
from handlers.edge.system import EdgeHealthHandler
from handlers.rest import datafeed, system, udf
from handlers.rest.system import MetricsHandler
from handlers.routing import Route, RouteTable
from handlers.services import Services
from server.alpaca_routes import BASE as ALPACA_BASE
from server.alpaca_routes import alpaca_addresses
from server.operations import BASE, Address
from server.page_routes import page_route, page_routes
from server.routes import addresses
from server.settings import ALPACA, Settings
from server.specs.documents import alpaca_route, spec_routes

LOCAL: frozenset[type[ApiHandler]] = frozenset(
    (
        *(datafeed.DatafeedConfigHandler, datafeed.SearchHandler, datafeed.SearchPageHandler, datafeed.ResolveHandler),
        *(datafeed.ResolveManyHandler, datafeed.TimeHandler, udf.UdfConfigHandler, udf.UdfSymbolsHandler),
        *(udf.UdfSymbolInfoHandler, udf.UdfSearchHandler, udf.UdfTimeHandler, udf.UdfTimescaleMarksHandler),
        *(system.VersionsHandler, system.VersionHandler),
    )
)
"""Handlers that need the catalogue and the clock only."""

PRICES: frozenset[type[ApiHandler]] = frozenset(
    (
        *(datafeed.BarsHandler, datafeed.QuotesHandler, datafeed.DepthHandler),
        *(udf.UdfHistoryHandler, udf.UdfQuotesHandler),
    )
)
"""Handlers of prices. The history of an external feed is at the core only."""


class RouteParts(NamedTuple):
    """The parts of an edge that its handlers get."""

    services: Services
    hub: EdgeHub
    core: Core
    client: AsyncHTTPClient


def make_table(parts: RouteParts, settings: Settings) -> RouteTable:
    """Return the routes of an edge."""
    services, modules = parts.services, settings.native_modules
    of_services: dict[str, Any] = {"services": services}
    to_core = of_services | {"core": parts.core, "client": parts.client}
    routes = [_route(one, parts) for one in addresses(modules, settings.debug, has_control=settings.control)]
    documents = spec_routes(modules)
    if ALPACA in settings.modules:
        documents.append(alpaca_route())
        routes += [Route(path, OpenProxyHandler, to_core) for path in alpaca_paths()]
    routes += [route._replace(options=of_services | route.options) for route in documents]
    routes.append(Route("/metrics", MetricsHandler, of_services))
    of_stream = of_services | {"hub": parts.hub, "core": parts.core}
    sockets = {f"{BASE}/ws": modules} | {f"{BASE}/{one}/ws": (one,) for one in modules}
    routes += [Route(path, EdgeStreamHandler, of_stream | {"modules": served}) for path, served in sockets.items()]
    page = page_route(services.static, modules, not settings.debug)
    return RouteTable([*routes, *page_routes(services.static)], page)


def alpaca_paths() -> list[str]:
    """Return the REST addresses of the Alpaca dialect."""
    return [f"{ALPACA_BASE}{one.path}" for one in alpaca_addresses()] + [f"{ALPACA_BASE}/clients.json"]


def _route(address: Address, parts: RouteParts) -> Route:
    """Return the route of an address of the core: a handler of market data, or one that passes requests on."""
    services, handler = parts.services, address.handler
    of_services = {"services": services}
    if handler is system.HealthHandler:
        return Route(address.full_path, EdgeHealthHandler, of_services | address.arguments)
    if handler in LOCAL or (handler in PRICES and services.engine.market.kind != "external"):
        return Route(address.full_path, handler, of_services | address.arguments)
    return Route(address.full_path, ProxyHandler, of_services | {"core": parts.core, "client": parts.client})
