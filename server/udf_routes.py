"""The addresses of TradingView's Universal Data Feed protocol, a part of the route table."""

from engine.models.market.udf import (
    UdfConfig,
    UdfGroupQuery,
    UdfHistoryQuery,
    UdfHistoryReply,
    UdfMarksQuery,
    UdfMarksReply,
    UdfQuotesQuery,
    UdfQuotesReply,
    UdfSearchQuery,
    UdfSearchReply,
    UdfSymbolInfoReply,
    UdfSymbolQuery,
    UdfSymbolReply,
    UdfTimescaleMarksReply,
)
from handlers.base import ApiHandler
from handlers.rest import udf
from server.addresses import Address, Operation


def _udf(name: str, handler: type[ApiHandler], operation: Operation) -> Address:
    return Address("datafeed", f"/udf/{name}", handler, {"GET": operation}, is_at_root=True)


UDF = [
    _udf("config", udf.UdfConfigHandler, Operation("getUdfConfig", "Show what the feed supports", UdfConfig)),
    _udf(
        "symbols",
        udf.UdfSymbolsHandler,
        Operation("getUdfSymbol", "Resolve a symbol", UdfSymbolReply, query=UdfSymbolQuery),
    ),
    _udf(
        "symbol_info",
        udf.UdfSymbolInfoHandler,
        Operation("getUdfSymbolInfo", "List an exchange's symbols as columns", UdfSymbolInfoReply, query=UdfGroupQuery),
    ),
    _udf(
        "search",
        udf.UdfSearchHandler,
        Operation("searchUdfSymbols", "Find symbols", UdfSearchReply, query=UdfSearchQuery),
    ),
    _udf(
        "history",
        udf.UdfHistoryHandler,
        Operation("getUdfHistory", "Show bars as columns", UdfHistoryReply, query=UdfHistoryQuery),
    ),
    _udf(
        "quotes",
        udf.UdfQuotesHandler,
        Operation("getUdfQuotes", "Show current quotes", UdfQuotesReply, query=UdfQuotesQuery),
    ),
    _udf("time", udf.UdfTimeHandler, Operation("getUdfTime", "Show market time in seconds", int)),
    _udf(
        "marks",
        udf.UdfMarksHandler,
        Operation("getUdfMarks", "Mark the account's executions", UdfMarksReply, query=UdfMarksQuery),
    ),
    _udf(
        "timescale_marks",
        udf.UdfTimescaleMarksHandler,
        Operation("getUdfTimescaleMarks", "Mark special days", UdfTimescaleMarksReply, query=UdfMarksQuery),
    ),
]
