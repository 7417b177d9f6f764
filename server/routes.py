"""The route table: every address with its handler, its module and its models. The specs are made from it."""

from dataclasses import dataclass, field
from typing import Any

from pydantic import BaseModel
from tornado.web import RequestHandler

from engine.models.broker.account import AccountCreate, AccountInfo, AccountMetainfo, AccountReset, EquityData
from engine.models.broker.config import BrokerConfig, InstrumentInfo
from engine.models.broker.executions import Execution, ExecutionExplanation
from engine.models.broker.leverage import (
    LeverageInfo,
    LeveragePreviewResult,
    LeverageQuery,
    LeverageSetParams,
    LeverageSetResult,
)
from engine.models.broker.orders import (
    CancelQuery,
    HistoryQuery,
    OrderPreviewResult,
    PlacedOrder,
    PlaceOrderResult,
    PreOrder,
)
from engine.models.broker.positions import ClosePositionRequest, CloseQuery, EditBracketsRequest, Position
from engine.models.common import SuccessResponse
from engine.models.market.bars import BarsReply
from engine.models.market.depth import DOMData
from engine.models.market.instruments import DatafeedConfiguration, LibrarySymbolInfo, SearchSymbolResultItem
from engine.models.market.queries import BarsQuery, SearchQuery
from engine.models.market.quotes import QuoteData, QuotesRequest
from engine.models.market.ticks import TicksReply, TicksRequest
from engine.models.market.udf import (
    UdfConfig,
    UdfGroupQuery,
    UdfHistory,
    UdfHistoryQuery,
    UdfMark,
    UdfMarksQuery,
    UdfQuotes,
    UdfQuotesQuery,
    UdfSearchQuery,
    UdfSymbol,
    UdfSymbolColumns,
    UdfSymbolQuery,
    UdfTimescaleMark,
)
from engine.models.system import ApiVersion, ModuleHealth, ServerHealth, Versions
from handlers import account, datafeed, leverage, orders, positions, system, udf

BASE = "/api/v1"
ID = r"([^/]{1,64})"


@dataclass(frozen=True, slots=True)
class Operation:
    """One method of one address.

    Attributes:
        id: Name of the operation in the specs and the generated clients.
        query: Model of the query string; the broker's operations take `AccountQuery` besides, where `takes_account`.
        reply: Model of the answer; a list of it where `is_list`.
        needs_body: Whether a request without its body is wrong.
        also: Statuses besides 200 that carry the same body.
        is_deprecated: Whether the specs say so; what to use instead belongs into the summary.
    """

    id: str
    summary: str
    reply: type[BaseModel] | type[int]
    request: type[BaseModel] | None = None
    query: type[BaseModel] | None = None
    is_list: bool = False
    needs_body: bool = True
    takes_account: bool = True
    also: tuple[int, ...] = ()
    is_deprecated: bool = False


@dataclass(frozen=True, slots=True)
class Address:
    """One address: a path pattern, who answers, and which operations it has.

    Attributes:
        module: The module it belongs to, None for the server's own.
        path: As in OpenAPI, with `{names}`.
        is_at_root: The path is the whole one, outside the API's base and the module's.
        is_debug: Open only when the server runs with `--debug`.
    """

    module: str | None
    path: str
    handler: type[RequestHandler]
    operations: dict[str, Operation]
    arguments: dict[str, Any] = field(default_factory=dict)
    is_debug: bool = False
    is_at_root: bool = False

    @property
    def full_path(self) -> str:
        """The whole path, as in OpenAPI."""
        return self.path if self.is_at_root else BASE + (f"/{self.module}" if self.module else "") + self.path

    @property
    def pattern(self) -> str:
        """The regular expression that Tornado matches."""
        parts = [ID if part.startswith("{") else part for part in self.full_path.split("/")]
        return "/".join(parts)


def _system(module: str | None) -> list[Address]:
    name = module.capitalize() if module else ""
    health = ModuleHealth if module else ServerHealth

    def show(what: str, summary: str, reply: type[BaseModel], also: tuple[int, ...] = ()) -> dict[str, Operation]:
        return {"GET": Operation(f"get{name}{what}", summary, reply, takes_account=False, also=also)}

    return [
        Address(
            module,
            "/health",
            system.HealthHandler,
            show("Health", "Show whether all is well", health, (503,)),
            {"module": module},
        ),
        Address(
            module,
            "/versions",
            system.VersionsHandler,
            show("Versions", "List the versions of the contract", Versions),
        ),
        Address(
            module,
            "/version",
            system.VersionHandler,
            show("Version", "Show this version of the contract", ApiVersion),
        ),
    ]


BROKER = [
    Address(
        "broker",
        "/orders",
        orders.OrdersHandler,
        {
            "GET": Operation("getOrders", "List the session's orders", PlacedOrder, is_list=True),
            "POST": Operation("placeOrder", "Place an order", PlaceOrderResult, request=PreOrder),
            "DELETE": Operation("cancelOrders", "Cancel the matching orders", SuccessResponse, query=CancelQuery),
        },
    ),
    Address(
        "broker",
        "/orders/preview",
        orders.PreviewOrderHandler,
        {"POST": Operation("previewOrder", "Show what an order would cost", OrderPreviewResult, request=PreOrder)},
    ),
    Address(
        "broker",
        "/orders/history",
        orders.OrderHistoryHandler,
        {"GET": Operation("getOrdersHistory", "List final orders", PlacedOrder, query=HistoryQuery, is_list=True)},
    ),
    Address(
        "broker",
        "/orders/{orderId}",
        orders.OrderHandler,
        {
            "GET": Operation("getOrder", "Show one order", PlacedOrder),
            "PUT": Operation("modifyOrder", "Modify a working order", SuccessResponse, request=PreOrder),
            "DELETE": Operation("cancelOrder", "Cancel a working order", SuccessResponse),
        },
    ),
    Address(
        "broker",
        "/positions",
        positions.PositionsHandler,
        {"GET": Operation("getPositions", "List open positions", Position, is_list=True)},
    ),
    Address(
        "broker",
        "/positions/{positionId}",
        positions.PositionHandler,
        {"DELETE": Operation("closePosition", "Close a position or part of it", SuccessResponse, query=CloseQuery)},
    ),
    Address(
        "broker",
        "/positions/{positionId}/close",
        positions.ClosePositionHandler,
        {
            "POST": Operation(
                "closePositionPart",
                "Close a position or part of it",
                SuccessResponse,
                request=ClosePositionRequest,
                needs_body=False,
            )
        },
    ),
    Address(
        "broker",
        "/positions/{positionId}/reverse",
        positions.ReversePositionHandler,
        {"POST": Operation("reversePosition", "Turn a position around", SuccessResponse)},
    ),
    Address(
        "broker",
        "/positions/{positionId}/brackets",
        positions.PositionBracketsHandler,
        {
            "PUT": Operation(
                "editPositionBrackets", "Change a position's brackets", SuccessResponse, request=EditBracketsRequest
            )
        },
    ),
    Address(
        "broker",
        "/executions",
        account.ExecutionsHandler,
        {"GET": Operation("getAllExecutions", "List executions", Execution, query=HistoryQuery, is_list=True)},
    ),
    Address(
        "broker",
        "/executions/{symbol}",
        account.SymbolExecutionsHandler,
        {"GET": Operation("getExecutions", "List the executions of a symbol", Execution, is_list=True)},
    ),
    Address(
        "broker",
        "/executions/{executionId}/explain",
        account.ExplainExecutionHandler,
        {"GET": Operation("explainExecution", "Show why a trade came out as it did", ExecutionExplanation)},
    ),
    Address(
        "broker",
        "/accounts",
        account.AccountsHandler,
        {
            "GET": Operation("getAccounts", "List the accounts", AccountInfo, is_list=True, takes_account=False),
            "POST": Operation(
                "createAccount", "Open an account", AccountInfo, request=AccountCreate, takes_account=False
            ),
        },
    ),
    Address(
        "broker",
        "/accounts/{accountId}/reset",
        account.ResetAccountHandler,
        {
            "POST": Operation(
                "resetAccount", "Let an account start anew", AccountInfo, request=AccountReset, needs_body=False
            )
        },
    ),
    Address(
        "broker",
        "/leverage/info",
        leverage.LeverageInfoHandler,
        {"GET": Operation("getLeverageInfo", "Show the leverage of a symbol", LeverageInfo, query=LeverageQuery)},
    ),
    Address(
        "broker",
        "/leverage/set",
        leverage.SetLeverageHandler,
        {"PUT": Operation("setLeverage", "Change the leverage", LeverageSetResult, request=LeverageSetParams)},
    ),
    Address(
        "broker",
        "/leverage/preview",
        leverage.PreviewLeverageHandler,
        {
            "POST": Operation(
                "previewLeverage",
                "Show what another leverage would mean",
                LeveragePreviewResult,
                request=LeverageSetParams,
            )
        },
    ),
    Address(
        "broker",
        "/account",
        account.AccountHandler,
        {"GET": Operation("getAccountInfo", "Show who the account is", AccountMetainfo)},
    ),
    Address(
        "broker",
        "/account/state",
        account.AccountStateHandler,
        {"GET": Operation("getAccountState", "Show the account's money", EquityData)},
    ),
    Address(
        "broker",
        "/config",
        account.BrokerConfigHandler,
        {"GET": Operation("getBrokerConfig", "Show what the broker supports", BrokerConfig)},
    ),
    Address(
        "broker",
        "/symbols/{symbol}",
        account.InstrumentHandler,
        {"GET": Operation("getSymbolInfo", "Show the trading facts of a symbol", InstrumentInfo)},
    ),
    Address(
        "broker",
        "/debug/reset",
        account.DebugResetHandler,
        {"POST": Operation("resetDebug", "Let the account start anew", SuccessResponse)},
        is_debug=True,
    ),
    Address(
        "broker",
        "/debug/execute-orders",
        orders.ExecuteOrdersHandler,
        {"POST": Operation("executeOrders", "Execute the simulator's working orders", SuccessResponse)},
        is_debug=True,
    ),
]

DATAFEED = [
    Address(
        "datafeed",
        "/config",
        datafeed.DatafeedConfigHandler,
        {"GET": Operation("getConfig", "Show what the datafeed supports", DatafeedConfiguration)},
    ),
    Address(
        "datafeed",
        "/search",
        datafeed.SearchHandler,
        {"GET": Operation("searchSymbols", "Find symbols", SearchSymbolResultItem, query=SearchQuery, is_list=True)},
    ),
    Address(
        "datafeed",
        "/resolve/{symbol}",
        datafeed.ResolveHandler,
        {"GET": Operation("resolveSymbol", "Show a symbol", LibrarySymbolInfo)},
    ),
    Address(
        "datafeed",
        "/bars",
        datafeed.BarsHandler,
        {"GET": Operation("getBars", "Show history", BarsReply, query=BarsQuery)},
    ),
    Address(
        "datafeed",
        "/quotes",
        datafeed.QuotesHandler,
        {"POST": Operation("getQuotes", "Show current quotes", QuoteData, request=QuotesRequest, is_list=True)},
    ),
    Address(
        "datafeed",
        "/depth/{symbol}",
        datafeed.DepthHandler,
        {"GET": Operation("getDepth", "Show the book of a symbol", DOMData)},
    ),
    Address(
        "datafeed",
        "/ticks",
        datafeed.TicksHandler,
        {"POST": Operation("publishTicks", "Send ticks to the external feed", TicksReply, request=TicksRequest)},
    ),
    Address(
        "datafeed",
        "/time",
        datafeed.TimeHandler,
        {"GET": Operation("getServerTime", "Show market time in seconds", int)},
    ),
]


def _udf(name: str, handler: type[RequestHandler], operation: Operation) -> Address:
    return Address("datafeed", f"/udf/{name}", handler, {"GET": operation}, is_at_root=True)


UDF = [
    _udf("config", udf.UdfConfigHandler, Operation("getUdfConfig", "Show what the feed supports", UdfConfig)),
    _udf(
        "symbols",
        udf.UdfSymbolsHandler,
        Operation("getUdfSymbol", "Resolve a symbol", UdfSymbol, query=UdfSymbolQuery),
    ),
    _udf(
        "symbol_info",
        udf.UdfSymbolInfoHandler,
        Operation("getUdfSymbolInfo", "List an exchange's symbols as columns", UdfSymbolColumns, query=UdfGroupQuery),
    ),
    _udf(
        "search",
        udf.UdfSearchHandler,
        Operation("searchUdfSymbols", "Find symbols", SearchSymbolResultItem, query=UdfSearchQuery, is_list=True),
    ),
    _udf(
        "history",
        udf.UdfHistoryHandler,
        Operation("getUdfHistory", "Show bars as columns", UdfHistory, query=UdfHistoryQuery),
    ),
    _udf(
        "quotes",
        udf.UdfQuotesHandler,
        Operation("getUdfQuotes", "Show current quotes", UdfQuotes, query=UdfQuotesQuery),
    ),
    _udf("time", udf.UdfTimeHandler, Operation("getUdfTime", "Show market time in seconds", int)),
    _udf(
        "marks",
        udf.UdfMarksHandler,
        Operation("getUdfMarks", "Mark the account's executions", UdfMark, query=UdfMarksQuery, is_list=True),
    ),
    _udf(
        "timescale_marks",
        udf.UdfTimescaleMarksHandler,
        Operation("getUdfTimescaleMarks", "Mark special days", UdfTimescaleMark, query=UdfMarksQuery, is_list=True),
    ),
]


def addresses(modules: tuple[str, ...], is_debug: bool) -> list[Address]:
    """Return every REST address that is open with these modules."""
    table = _system(None)
    for module, own in (("broker", BROKER), ("datafeed", [*DATAFEED, *UDF])):
        if module in modules:
            table += [address for address in own if is_debug or not address.is_debug]
            table += _system(module)
    return table
