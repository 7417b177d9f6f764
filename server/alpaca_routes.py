"""The table of the Alpaca dialect: every address with its handler and its operations.

`server/app.py` adds its routes, and `server/specs/alpaca.py` makes the OpenAPI document from it.
"""

from collections.abc import Iterator
from typing import Any, NamedTuple

from pydantic import BaseModel

from handlers.alpaca import accounts, activities, assets, clock, market_models, models, orders, positions, watchlists
from handlers.alpaca.clients import ClientsHandler
from handlers.alpaca.latest_data import LatestHandler, SnapshotHandler
from handlers.alpaca.market_data import HistoryHandler, HistoryQuery
from handlers.alpaca.market_stream import MarketStreamHandler
from handlers.alpaca.requests import CloseQuery, OrderBody, ReplaceBody
from handlers.alpaca.trade_updates import TradeUpdates
from handlers.alpaca.trading_stream import TradingStreamHandler
from handlers.base import ApiHandler
from handlers.result_feed import ResultFeed
from handlers.routing import Route
from handlers.services import Services

BASE = "/alpaca"


class Call(NamedTuple):
    """One method of one address.

    Attributes:
        reply: Model of the answer, or of its items; None for an answer without a body.
        request: Model of the body.
        query: Model of the query.
        names: Further fields of the query.
        status: HTTP status of success.
        many: Whether the answer is one object, a list of them, or a map of them by symbol.
    """

    summary: str
    reply: type[BaseModel] | None
    request: type[BaseModel] | None = None
    query: type[BaseModel] | None = None
    names: tuple[str, ...] = ()
    status: int = 200
    many: str = "one"


class AlpacaAddress(NamedTuple):
    """A path below `/alpaca`, its handler with its options, and its calls by HTTP method."""

    path: str
    handler: type[ApiHandler]
    calls: dict[str, Call]
    options: dict[str, Any]


def at(path: str, handler: type[ApiHandler], **calls: Call) -> AlpacaAddress:
    """Return one row of the table of trading; the keywords are HTTP methods."""
    return AlpacaAddress(f"/v2{path}", handler, calls, {})


GET_WATCHLIST = Call("Show a watchlist", models.Watchlist)
PUT_WATCHLIST = Call("Change name and symbols", models.Watchlist, watchlists.WatchlistBody)
ADD_SYMBOL = Call("Add a symbol", models.Watchlist, watchlists.SymbolBody)
DELETE_WATCHLIST = Call("Delete a watchlist", None, status=204)
ACTIVITIES = Call("List trades", models.Activity, query=activities.ActivitiesQuery, many="list")
GET_POSITION = Call("Show a position", models.Position)
CLOSE_POSITION = Call("Close a position or part of it", models.Order, query=CloseQuery)
REMOVE_SYMBOL = Call("Remove a symbol", models.Watchlist)

# The table has one operation on each line.
# fmt: off
TRADING = [
    at("/account", accounts.AccountHandler, GET=Call("Show the account and its money", models.Account)),
    at("/account/configurations", accounts.ConfigurationsHandler,
       GET=Call("Show the configuration", models.Configuration),
       PATCH=Call("Change the configuration", models.Configuration, accounts.ConfigurationBody)),
    at("/account/portfolio/history", accounts.PortfolioHistoryHandler,
       GET=Call("Show equity over time", models.PortfolioHistory, query=accounts.HistoryQuery)),
    at("/account/activities", activities.ActivitiesHandler, GET=ACTIVITIES),
    at("/account/activities/{type}", activities.ActivitiesHandler, GET=ACTIVITIES),
    at("/orders", orders.OrdersHandler,
       GET=Call("List orders", models.Order, query=orders.OrdersQuery, many="list"),
       POST=Call("Place an order", models.Order, OrderBody),
       DELETE=Call("Cancel every open order", models.CanceledOrder, status=207, many="list")),
    at("/orders/{order_id}", orders.OrderHandler,
       GET=Call("Show an order", models.Order),
       PATCH=Call("Replace an order", models.Order, ReplaceBody),
       DELETE=Call("Cancel an order", None, status=204)),
    at("/orders:by_client_order_id", orders.OrderByClientIdHandler,
       GET=Call("Show the order of a client's id", models.Order, names=("client_order_id",))),
    at("/positions", positions.PositionsHandler,
       GET=Call("List open positions", models.Position, many="list"),
       DELETE=Call("Close every position", models.ClosedPosition, names=("cancel_orders",), status=207, many="list")),
    at("/positions/{symbol}", positions.PositionHandler, GET=GET_POSITION, DELETE=CLOSE_POSITION),
    at("/positions/{base}/{currency}", positions.PositionHandler, GET=GET_POSITION, DELETE=CLOSE_POSITION),
    at("/assets", assets.AssetsHandler,
       GET=Call("List assets", models.Asset, names=("status", "asset_class", "exchange"), many="list")),
    at("/assets/{symbol}", assets.AssetHandler, GET=Call("Show an asset", models.Asset)),
    at("/assets/{base}/{currency}", assets.AssetHandler, GET=Call("Show a crypto pair", models.Asset)),
    at("/watchlists", watchlists.WatchlistsHandler,
       GET=Call("List watchlists", models.WatchlistHead, many="list"),
       POST=Call("Make a watchlist", models.Watchlist, watchlists.WatchlistBody)),
    at("/watchlists:by_name", watchlists.NamedWatchlistHandler,
       GET=GET_WATCHLIST._replace(names=("name",)), PUT=PUT_WATCHLIST._replace(names=("name",)),
       POST=ADD_SYMBOL._replace(names=("name",)), DELETE=DELETE_WATCHLIST._replace(names=("name",))),
    at("/watchlists/{id}", watchlists.WatchlistHandler,
       GET=GET_WATCHLIST, PUT=PUT_WATCHLIST, POST=ADD_SYMBOL, DELETE=DELETE_WATCHLIST),
    at("/watchlists/{id}/{symbol}", watchlists.WatchlistSymbolHandler, DELETE=REMOVE_SYMBOL),
    at("/watchlists/{id}/{base}/{currency}", watchlists.WatchlistSymbolHandler, DELETE=REMOVE_SYMBOL),
    at("/clock", clock.ClockHandler, GET=Call("Show market time", models.Clock)),
    at("/calendar", clock.CalendarHandler,
       GET=Call("List trading days", models.CalendarDay, names=("start", "end"), many="list")),
]
# fmt: on

STOCKS, CRYPTO = "/v2/stocks", "/v1beta3/crypto/{loc}"
STREAMS = {"stocks": ("/v2/iex", "/v2/sip"), "crypto": ("/v1beta3/crypto/us", "/v1beta2/crypto")}
PAGES: dict[str, tuple[type[BaseModel], type[BaseModel]]] = {
    "bars": (market_models.BarsPage, market_models.SymbolBarsPage),
    "quotes": (market_models.QuotesPage, market_models.SymbolQuotesPage),
    "trades": (market_models.TradesPage, market_models.SymbolTradesPage),
}
"""By kind: the answers of several symbols and of one."""

LATEST: dict[str, tuple[type[BaseModel], type[BaseModel] | None]] = {
    "bars": (market_models.LatestBars, market_models.LatestBar),
    "quotes": (market_models.LatestQuotes, market_models.LatestQuote),
    "trades": (market_models.LatestTrades, market_models.LatestTrade),
    "orderbooks": (market_models.LatestBooks, None),
}


def market_addresses() -> Iterator[AlpacaAddress]:
    """Yield the addresses of market data."""
    symbols = ("symbols",)
    for kind, (many, one) in PAGES.items():
        call = Call(f"List {kind}", many, query=HistoryQuery)
        for name, path in (("stocks", STOCKS), ("crypto", CRYPTO)):
            yield AlpacaAddress(f"{path}/{kind}", HistoryHandler, {"GET": call}, {"market": name, "kind": kind})
        options = {"market": "stocks", "kind": kind}
        yield AlpacaAddress(f"{STOCKS}/{{symbol}}/{kind}", HistoryHandler, {"GET": call._replace(reply=one)}, options)
    for kind, (latest, single) in LATEST.items():
        call, options = Call(f"Show the newest {kind}", latest, names=symbols), {"market": "crypto", "kind": kind}
        yield AlpacaAddress(f"{CRYPTO}/latest/{kind}", LatestHandler, {"GET": call}, options)
        if single is not None:
            options = {"market": "stocks", "kind": kind}
            yield AlpacaAddress(f"{STOCKS}/{kind}/latest", LatestHandler, {"GET": call}, options)
            own = call._replace(reply=single, names=())
            yield AlpacaAddress(f"{STOCKS}/{{symbol}}/{kind}/latest", LatestHandler, {"GET": own}, options)
    call = Call("Show snapshots", market_models.Snapshot, names=symbols, many="map")
    yield AlpacaAddress(f"{STOCKS}/snapshots", SnapshotHandler, {"GET": call}, {"market": "stocks"})
    call = Call("Show a snapshot", market_models.SymbolSnapshot)
    yield AlpacaAddress(f"{STOCKS}/{{symbol}}/snapshot", SnapshotHandler, {"GET": call}, {"market": "stocks"})
    call = Call("Show snapshots", market_models.CryptoSnapshots, names=symbols)
    yield AlpacaAddress(f"{CRYPTO}/snapshots", SnapshotHandler, {"GET": call}, {"market": "crypto"})


def alpaca_addresses() -> list[AlpacaAddress]:
    """Return every REST address of the dialect."""
    return [*TRADING, *market_addresses()]


def alpaca_routes(services: Services, feed: ResultFeed) -> list[Route]:
    """Return the routes of the dialect: REST, streams, and the settings of clients.

    Args:
        services: Services of the handlers.
        feed: Source of the durable events of orders.
    """
    of_services, updates = {"services": services}, {"updates": TradeUpdates(services.engine, feed)}
    more: dict[type[ApiHandler], dict[str, TradeUpdates]] = {orders.OrderHandler: updates}
    routes = [
        Route(BASE + one.path, one.handler, of_services | one.options | more.get(one.handler, {}))
        for one in alpaca_addresses()
    ]
    routes.append(Route(f"{BASE}/clients.json", ClientsHandler, of_services))
    routes += [Route(BASE + path, TradingStreamHandler, of_services | updates) for path in ("/stream", "/stream/")]
    routes += [
        Route(BASE + path, MarketStreamHandler, of_services | {"market": market})
        for market, paths in STREAMS.items()
        for path in paths
    ]
    return routes
