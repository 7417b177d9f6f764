"""The table of routes: every REST address with its handler and its operations.

`server/app.py` makes Tornado's rules from it and `server/specs/openapi.py` the OpenAPI document; no other module lists
REST addresses. A new operation is one line here and one method of a handler in `handlers/rest/`.
"""

from collections.abc import Sequence
from dataclasses import replace

from engine.models.broker import charts as chart_models
from engine.models.broker.account import (
    AccountCreate,
    AccountInfo,
    AccountMetainfo,
    AccountReset,
    EquityData,
    EquityHistory,
    EquityHistoryQuery,
)
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
    LinkedOrders,
    LinkedOrdersResult,
    OrderChange,
    OrderPreviewResult,
    PlacedOrder,
    PlaceOrderResult,
    PreOrder,
)
from engine.models.broker.positions import (
    ClosePositionRequest,
    CloseQuery,
    EditBracketsRequest,
    IndividualPosition,
    Position,
)
from engine.models.common import SuccessResponse
from engine.models.market import udf as udf_models
from engine.models.market.bars import BarsQuery, BarsReply, Sparkline, SparklinesRequest
from engine.models.market.depth import DOMData
from engine.models.market.instruments import (
    DatafeedConfiguration,
    LibrarySymbolInfo,
    ResolveRequest,
    SearchPage,
    SearchPageQuery,
    SearchQuery,
    SearchSymbolResultItem,
)
from engine.models.market.quotes import QuoteData, QuotesRequest
from engine.models.market.scenarios import Scenario, ScenarioRequest
from engine.models.market.ticks import TicksReply, TicksRequest
from engine.models.system import ApiVersion, ModuleHealth, ServerHealth, Versions
from handlers.rest import (
    accounts,
    charts_storage,
    control,
    datafeed,
    executions,
    leverage,
    orders,
    positions,
    system,
    udf,
)
from server.control_routes import control_addresses
from server.operations import BASE, Address, Operation, at

UDF_BASE = "/udf"
CHARTS_BASE = "/charts_storage/1.1"


def system_addresses(module: str | None) -> list[Address]:
    """Return the addresses that the server and each of its modules have. Source: the original."""
    name = (module or "").capitalize()
    docs = f"{BASE}/{module}/docs" if module else f"{BASE}/docs"
    health = ModuleHealth if module else ServerHealth
    checked = Operation(
        f"get{name}Health",
        "Show whether all is well",
        health,
        also=(503,),
        takes_account=False,
        module_id="getHealthStatus",
    )
    listed = Operation(
        f"get{name}Versions",
        "List the versions of the contract",
        Versions,
        takes_account=False,
        module_id="getAPIVersions",
    )
    current = Operation(
        f"get{name}Version",
        "Show this version of the contract",
        ApiVersion,
        takes_account=False,
        module_id="getAPIVersion",
    )
    return [
        at("/health", system.HealthHandler, {"module": module}, GET=checked),
        at("/versions", system.VersionsHandler, {"documentation_url": docs}, GET=listed),
        at("/version", system.VersionHandler, GET=current),
    ]


# The tables have one operation on each line.
# fmt: off
BROKER = [
    at("/orders", orders.OrdersHandler,
       GET=Operation("getOrders", "List the session's orders", PlacedOrder, is_list=True),
       POST=Operation("placeOrder", "Place an order", PlaceOrderResult, PreOrder),
       DELETE=Operation("cancelOrders", "Cancel the matching orders", SuccessResponse, query=CancelQuery)),
    at("/orders/linked", orders.LinkedOrdersHandler,
       POST=Operation("placeLinkedOrders", "Place two orders of which one cancels the other", LinkedOrdersResult,
                      LinkedOrders)),
    at("/orders/preview", orders.PreviewOrderHandler,
       POST=Operation("previewOrder", "Show what an order would cost", OrderPreviewResult, PreOrder)),
    at("/orders/history", orders.OrderHistoryHandler,
       GET=Operation("getOrdersHistory", "List final orders", PlacedOrder, query=HistoryQuery, is_list=True)),
    at("/orders/{orderId}", orders.OrderHandler,
       GET=Operation("getOrder", "Show one order", PlacedOrder),
       PUT=Operation("modifyOrder", "Modify a working order", SuccessResponse, OrderChange),
       DELETE=Operation("cancelOrder", "Cancel a working order", SuccessResponse)),
    at("/positions", positions.PositionsHandler,
       GET=Operation("getPositions", "List open positions", Position, is_list=True)),
    at("/positions/{positionId}", positions.PositionHandler,
       DELETE=Operation("closePosition", "Close a position or part of it", SuccessResponse, query=CloseQuery)),
    at("/positions/{positionId}/close", positions.ClosePositionHandler,
       POST=Operation("closePositionPart", "Close a position or part of it", SuccessResponse, ClosePositionRequest,
                      needs_body=False)),
    at("/positions/{positionId}/reverse", positions.ReversePositionHandler,
       POST=Operation("reversePosition", "Turn a position around", SuccessResponse)),
    at("/positions/{positionId}/brackets", positions.PositionBracketsHandler,
       PUT=Operation("editPositionBrackets", "Change a position's brackets", SuccessResponse, EditBracketsRequest)),
    at("/individual-positions", positions.IndividualPositionsHandler,
       GET=Operation("getIndividualPositions", "List open individual positions", IndividualPosition, is_list=True)),
    at("/individual-positions/{individualPositionId}", positions.IndividualPositionHandler,
       DELETE=Operation("closeIndividualPosition", "Close an individual position or part of it", SuccessResponse,
                        query=CloseQuery)),
    at("/individual-positions/{individualPositionId}/close", positions.CloseIndividualPositionHandler,
       POST=Operation("closeIndividualPositionPart", "Close an individual position or part of it", SuccessResponse,
                      ClosePositionRequest, needs_body=False)),
    at("/individual-positions/{individualPositionId}/brackets", positions.IndividualPositionBracketsHandler,
       PUT=Operation("editIndividualPositionBrackets", "Change the brackets of an individual position",
                     SuccessResponse, EditBracketsRequest)),
    at("/executions", executions.ExecutionsHandler,
       GET=Operation("getAllExecutions", "List executions", Execution, query=HistoryQuery, is_list=True)),
    at("/executions/{symbol}", executions.SymbolExecutionsHandler,
       GET=Operation("getExecutions", "List the executions of a symbol", Execution, is_list=True)),
    at("/executions/{executionId}/explain", executions.ExplainExecutionHandler,
       GET=Operation("explainExecution", "Show why a trade came out as it did", ExecutionExplanation)),
    at("/accounts", accounts.AccountsHandler,
       GET=Operation("getAccounts", "List the accounts", AccountInfo, is_list=True, takes_account=False),
       POST=Operation("createAccount", "Open an account", AccountInfo, AccountCreate, takes_account=False)),
    at("/accounts/{accountId}/reset", accounts.ResetAccountHandler,
       POST=Operation("resetAccount", "Let an account start anew", AccountInfo, AccountReset, needs_body=False)),
    at("/leverage/info", leverage.LeverageInfoHandler,
       GET=Operation("leverageInfo", "Show the leverage of a symbol", LeverageInfo, query=LeverageQuery)),
    at("/leverage/set", leverage.SetLeverageHandler,
       PUT=Operation("setLeverage", "Change the leverage", LeverageSetResult, LeverageSetParams)),
    at("/leverage/preview", leverage.PreviewLeverageHandler,
       POST=Operation("previewLeverage", "Show what another leverage would mean", LeveragePreviewResult,
                      LeverageSetParams)),
    at("/account", accounts.AccountHandler,
       GET=Operation("getAccountInfo", "Show who the account is", AccountMetainfo)),
    at("/account/state", accounts.AccountStateHandler,
       GET=Operation("getAccountState", "Show the account's money", EquityData)),
    at("/account/equity-history", accounts.EquityHistoryHandler,
       GET=Operation("getEquityHistory", "Show the account's equity over time", EquityHistory,
                     query=EquityHistoryQuery)),
    at("/config", accounts.BrokerConfigHandler,
       GET=Operation("getBrokerConfig", "Show what the broker supports", BrokerConfig)),
    at("/symbols/{symbol}", accounts.InstrumentHandler,
       GET=Operation("getSymbolInfo", "Show the trading facts of a symbol", InstrumentInfo)),
    at("/debug/reset", control.DebugResetHandler,
       POST=Operation("resetDebug", "Let the account start anew", SuccessResponse)),
    at("/debug/execute-orders", control.ExecuteOrdersHandler,
       POST=Operation("executeOrders", "Execute the simulator's working orders", SuccessResponse)),
]

CHARTS = [  # TradingView's storage of layouts and templates
    at("/charts", charts_storage.ChartsHandler,
       GET=Operation("getCharts", "List the saved layouts, or load one", chart_models.ChartsReply,
                     query=chart_models.ChartsQuery),
       POST=Operation("saveChart", "Save a layout", chart_models.SavedChartReply, chart_models.ChartToSave,
                      query=chart_models.ChartsQuery),
       DELETE=Operation("deleteChart", "Delete a layout", chart_models.StorageReply, query=chart_models.ChartsQuery)),
    at("/study_templates", charts_storage.StudyTemplatesHandler,
       GET=Operation("getStudyTemplates", "List the study templates, or load one", chart_models.StudyTemplatesReply,
                     query=chart_models.StudyTemplatesQuery),
       POST=Operation("saveStudyTemplate", "Save a study template", chart_models.StorageReply,
                      chart_models.StudyTemplateToSave, query=chart_models.StudyTemplatesQuery),
       DELETE=Operation("deleteStudyTemplate", "Delete a study template", chart_models.StorageReply,
                        query=chart_models.StudyTemplatesQuery)),
    at("/drawing_templates", charts_storage.DrawingTemplatesHandler,
       GET=Operation("getDrawingTemplates", "List the templates of a drawing tool, or load one",
                     chart_models.DrawingTemplatesReply, query=chart_models.DrawingTemplatesQuery),
       POST=Operation("saveDrawingTemplate", "Save a template of a drawing tool", chart_models.StorageReply,
                      chart_models.DrawingTemplateToSave, query=chart_models.DrawingTemplatesQuery),
       DELETE=Operation("deleteDrawingTemplate", "Delete a template of a drawing tool", chart_models.StorageReply,
                        query=chart_models.DrawingTemplatesQuery)),
]

DATAFEED = [
    at("/config", datafeed.DatafeedConfigHandler,
       GET=Operation("getConfig", "Show what the datafeed supports", DatafeedConfiguration)),
    at("/search", datafeed.SearchHandler,
       GET=Operation("searchSymbols", "Find symbols", SearchSymbolResultItem, query=SearchQuery, is_list=True)),
    at("/search/page", datafeed.SearchPageHandler,
       GET=Operation("searchSymbolsPaginated", "Find symbols, page by page", SearchPage, query=SearchPageQuery)),
    at("/resolve/{symbol}", datafeed.ResolveHandler,
       GET=Operation("resolveSymbol", "Show a symbol", LibrarySymbolInfo)),
    at("/resolve", datafeed.ResolveManyHandler,
       POST=Operation("resolveSymbols", "Show several symbols", LibrarySymbolInfo, ResolveRequest, is_list=True)),
    at("/bars", datafeed.BarsHandler,
       GET=Operation("getBars", "Show history", BarsReply, query=BarsQuery)),
    at("/sparklines", datafeed.SparklinesHandler,
       POST=Operation("getSparklines", "Show the course of the day of several symbols", Sparkline, SparklinesRequest,
                      is_list=True)),
    at("/quotes", datafeed.QuotesHandler,
       POST=Operation("getQuotes", "Show current quotes", QuoteData, QuotesRequest, is_list=True)),
    at("/depth/{symbol}", datafeed.DepthHandler,
       GET=Operation("getDepth", "Show the book of a symbol", DOMData)),
    at("/ticks", control.TicksHandler,
       POST=Operation("publishTicks", "Send ticks to the external feed", TicksReply, TicksRequest)),
    at("/scenarios", control.ScenariosHandler,
       GET=Operation("getScenarios", "List what is let happen to the synthetic market", Scenario, is_list=True),
       POST=Operation("addScenario", "Let something happen to a symbol", Scenario, ScenarioRequest)),
    at("/scenarios/{scenarioId}", control.ScenarioHandler,
       DELETE=Operation("endScenario", "End a scenario, or drop one that has not begun", SuccessResponse)),
    at("/time", datafeed.TimeHandler,
       GET=Operation("getServerTime", "Show market time in seconds", int)),
]

UDF = [  # TradingView's Universal Data Feed protocol
    at("/config", udf.UdfConfigHandler,
       GET=Operation("getUdfConfig", "Show what the feed supports", udf_models.UdfConfig)),
    at("/symbols", udf.UdfSymbolsHandler,
       GET=Operation("getUdfSymbol", "Resolve a symbol", udf_models.UdfSymbolReply, query=udf_models.UdfSymbolQuery)),
    at("/symbol_info", udf.UdfSymbolInfoHandler,
       GET=Operation("getUdfSymbolInfo", "List an exchange's symbols as columns", udf_models.UdfSymbolInfoReply,
                     query=udf_models.UdfGroupQuery)),
    at("/search", udf.UdfSearchHandler,
       GET=Operation("searchUdfSymbols", "Find symbols", udf_models.UdfSearchReply, query=udf_models.UdfSearchQuery)),
    at("/history", udf.UdfHistoryHandler,
       GET=Operation("getUdfHistory", "Show bars as columns", udf_models.UdfHistoryReply,
                     query=udf_models.UdfHistoryQuery)),
    at("/quotes", udf.UdfQuotesHandler,
       GET=Operation("getUdfQuotes", "Show current quotes", udf_models.UdfQuotesReply,
                     query=udf_models.UdfQuotesQuery)),
    at("/time", udf.UdfTimeHandler,
       GET=Operation("getUdfTime", "Show market time in seconds", int)),
    at("/marks", udf.UdfMarksHandler,
       GET=Operation("getUdfMarks", "Mark the account's executions", udf_models.UdfMarksReply,
                     query=udf_models.UdfMarksQuery)),
    at("/timescale_marks", udf.UdfTimescaleMarksHandler,
       GET=Operation("getUdfTimescaleMarks", "Mark special days", udf_models.UdfTimescaleMarksReply,
                     query=udf_models.UdfMarksQuery)),
]
# fmt: on


def addresses(modules: Sequence[str], is_debug: bool, has_control: bool = False) -> list[Address]:
    """Return every REST address of the server with these modules, with the debug and the control addresses or not."""
    table = system_addresses(None)
    for module, own in (("broker", BROKER), ("datafeed", DATAFEED)):
        if module in modules:
            base = f"{BASE}/{module}"
            table += [replace(one, module=module, base=base) for one in own if is_debug or not one.is_debug]
            table += [replace(one, module=module, base=UDF_BASE) for one in UDF if module == "datafeed"]
            table += [replace(one, module=module, base=CHARTS_BASE) for one in CHARTS if module == "broker"]
            table += [replace(one, module=module, base=base) for one in system_addresses(module)]
    if has_control:
        table += control_addresses()
    return table
