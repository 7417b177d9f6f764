"""The table of the Alpaca dialect's addresses: paths with their handlers. `server/app.py` adds its routes."""

from typing import NamedTuple

from handlers.alpaca import accounts, activities, assets, clock, orders, positions
from handlers.alpaca.base import AlpacaHandler
from handlers.alpaca.latest_data import LatestHandler, SnapshotHandler
from handlers.alpaca.market_data import HistoryHandler
from handlers.alpaca.market_stream import MarketStreamHandler
from handlers.alpaca.trade_updates import TradeUpdates
from handlers.alpaca.trading_stream import TradingStreamHandler
from handlers.result_feed import ResultFeed
from handlers.routing import Route
from handlers.services import Services

BASE = "/alpaca"

TRADING: dict[str, type[AlpacaHandler]] = {
    "/account": accounts.AccountHandler,
    "/account/configurations": accounts.ConfigurationsHandler,
    "/account/activities": activities.ActivitiesHandler,
    "/account/activities/{type}": activities.ActivitiesHandler,
    "/orders": orders.OrdersHandler,
    "/orders/{order_id}": orders.OrderHandler,
    "/orders:by_client_order_id": orders.OrderByClientIdHandler,
    "/positions": positions.PositionsHandler,
    "/positions/{symbol}": positions.PositionHandler,
    "/positions/{base}/{currency}": positions.PositionHandler,
    "/assets": assets.AssetsHandler,
    "/assets/{symbol}": assets.AssetHandler,
    "/assets/{base}/{currency}": assets.AssetHandler,
    "/clock": clock.ClockHandler,
    "/calendar": clock.CalendarHandler,
}


class MarketPaths(NamedTuple):
    """Paths of the market data of stocks or of crypto pairs; `{kind}` is replaced by each kind of data."""

    streams: tuple[str, ...]
    history: tuple[str, ...]
    latest: tuple[str, ...]
    latest_kinds: tuple[str, ...]
    snapshots: tuple[str, ...]


STOCKS, CRYPTO = f"{BASE}/v2/stocks", f"{BASE}/v1beta3/crypto/{{loc}}"
MARKETS = {
    "stocks": MarketPaths(
        (f"{BASE}/v2/iex", f"{BASE}/v2/sip"),
        (STOCKS, f"{STOCKS}/{{symbol}}"),
        (f"{STOCKS}/{{kind}}/latest", f"{STOCKS}/{{{{symbol}}}}/{{kind}}/latest"),
        ("bars", "quotes", "trades"),
        (f"{STOCKS}/snapshots", f"{STOCKS}/{{symbol}}/snapshot"),
    ),
    "crypto": MarketPaths(
        (f"{BASE}/v1beta3/crypto/us", f"{BASE}/v1beta2/crypto"),
        (CRYPTO,),
        (f"{BASE}/v1beta3/crypto/{{{{loc}}}}/latest/{{kind}}",),
        ("bars", "quotes", "trades", "orderbooks"),
        (f"{CRYPTO}/snapshots",),
    ),
}


def alpaca_routes(services: Services, feed: ResultFeed) -> list[Route]:
    """Return the routes of the dialect.

    Args:
        services: Services of the handlers.
        feed: Source of the durable events of orders.
    """
    of_services = {"services": services}
    routes = [Route(f"{BASE}/v2{path}", handler, of_services) for path, handler in TRADING.items()]
    updates = of_services | {"updates": TradeUpdates(services.engine, feed)}
    routes += [Route(f"{BASE}{path}", TradingStreamHandler, updates) for path in ("/stream", "/stream/")]
    for name, paths in MARKETS.items():
        market = of_services | {"market": name}
        routes += [Route(path, MarketStreamHandler, market) for path in paths.streams]
        routes += [
            Route(f"{path}/{kind}", HistoryHandler, market | {"kind": kind})
            for path in paths.history
            for kind in ("bars", "quotes", "trades")
        ]
        routes += [
            Route(path.format(kind=kind), LatestHandler, market | {"kind": kind})
            for path in paths.latest
            for kind in paths.latest_kinds
        ]
        routes += [Route(path, SnapshotHandler, market) for path in paths.snapshots]
    return routes
