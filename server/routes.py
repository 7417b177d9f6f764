"""The route table: every address with its handler, its module and its models. The specs are made from it."""

from pydantic import BaseModel

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
from engine.models.market.scenarios import Scenario, ScenarioRequest
from engine.models.market.ticks import TicksReply, TicksRequest
from engine.models.system import ApiVersion, ModuleHealth, ServerHealth, Versions
from handlers.rest import accounts, control, datafeed, executions, leverage, orders, positions, system
from server.addresses import BASE, Address, Operation
from server.udf_routes import UDF

__all__ = ["BASE", "Address", "Operation", "addresses"]


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
        executions.ExecutionsHandler,
        {"GET": Operation("getAllExecutions", "List executions", Execution, query=HistoryQuery, is_list=True)},
    ),
    Address(
        "broker",
        "/executions/{symbol}",
        executions.SymbolExecutionsHandler,
        {"GET": Operation("getExecutions", "List the executions of a symbol", Execution, is_list=True)},
    ),
    Address(
        "broker",
        "/executions/{executionId}/explain",
        executions.ExplainExecutionHandler,
        {"GET": Operation("explainExecution", "Show why a trade came out as it did", ExecutionExplanation)},
    ),
    Address(
        "broker",
        "/accounts",
        accounts.AccountsHandler,
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
        accounts.ResetAccountHandler,
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
        accounts.AccountHandler,
        {"GET": Operation("getAccountInfo", "Show who the account is", AccountMetainfo)},
    ),
    Address(
        "broker",
        "/account/state",
        accounts.AccountStateHandler,
        {"GET": Operation("getAccountState", "Show the account's money", EquityData)},
    ),
    Address(
        "broker",
        "/config",
        accounts.BrokerConfigHandler,
        {"GET": Operation("getBrokerConfig", "Show what the broker supports", BrokerConfig)},
    ),
    Address(
        "broker",
        "/symbols/{symbol}",
        accounts.InstrumentHandler,
        {"GET": Operation("getSymbolInfo", "Show the trading facts of a symbol", InstrumentInfo)},
    ),
    Address(
        "broker",
        "/debug/reset",
        control.DebugResetHandler,
        {"POST": Operation("resetDebug", "Let the account start anew", SuccessResponse)},
        is_debug=True,
    ),
    Address(
        "broker",
        "/debug/execute-orders",
        control.ExecuteOrdersHandler,
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
        control.TicksHandler,
        {"POST": Operation("publishTicks", "Send ticks to the external feed", TicksReply, request=TicksRequest)},
    ),
    Address(
        "datafeed",
        "/scenarios",
        control.ScenariosHandler,
        {
            "GET": Operation("getScenarios", "List what is let happen to the synthetic market", Scenario, is_list=True),
            "POST": Operation("addScenario", "Let something happen to a symbol", Scenario, request=ScenarioRequest),
        },
    ),
    Address(
        "datafeed",
        "/scenarios/{scenarioId}",
        control.ScenarioHandler,
        {"DELETE": Operation("endScenario", "End a scenario, or drop one that has not begun", SuccessResponse)},
    ),
    Address(
        "datafeed",
        "/time",
        datafeed.TimeHandler,
        {"GET": Operation("getServerTime", "Show market time in seconds", int)},
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
