"""Examples of wire models for the specs, by the model's name. Tests hold each of them against its model.

A model without an example here is shown with a small value made from its schema.
"""

from typing import Any

TIME_MS = 1_767_625_200_000
"""2026-01-05 15:00 UTC, a Monday morning in New York."""

ORDER = {"symbol": "AAPL", "type": 1, "side": 1, "qty": 10, "limitPrice": 228.5}

PLACED = ORDER | {
    "id": "ORDER-1",
    "status": 6,
    "stopPrice": None,
    "takeProfit": None,
    "stopLoss": None,
    "guaranteedStop": None,
    "trailingStopPips": None,
    "stopType": None,
    "duration": {"type": "GTC", "datetime": None},
    "seenPrice": None,
    "currentQuotes": None,
    "isClose": None,
    "postOnly": None,
    "clientOrderId": "bot-17",
    "customFields": None,
    "filledQty": 0,
    "avgPrice": None,
    "createTime": TIME_MS,
    "updateTime": TIME_MS,
    "parentId": None,
    "parentType": None,
    "commission": 0,
    "message": None,
    "reason": None,
}

QUOTE = {
    "s": "ok",
    "n": "AAPL",
    "v": {
        "lp": 229.1,
        "ask": 229.11,
        "bid": 229.09,
        "spread": 0.02,
        "open_price": 228.4,
        "high_price": 229.6,
        "low_price": 227.95,
        "prev_close_price": 228.05,
        "volume": 1_250_400,
        "ch": 1.05,
        "chp": 0.46,
        "short_name": "AAPL",
        "exchange": "NASDAQ",
        "description": "Apple Inc.",
        "original_name": "NASDAQ:AAPL",
    },
}

BAR = {"time": TIME_MS, "open": 228.9, "high": 229.2, "low": 228.85, "close": 229.1, "volume": 18_200}

ACCOUNT = {"accountId": "DEMO-ACCOUNT"}

TICK = {"symbol": "AAPL", "time": TIME_MS, "price": 229.1, "size": 100, "bid": 229.09, "ask": 229.11}

SCENARIO = {"symbol": "AAPL", "kind": "shock", "factor": 0.9, "begin": TIME_MS, "end": None}

EXAMPLES: dict[str, Any] = {
    "TicksRequest": {"ticks": [TICK]},
    "PublishResponsePayload": {"status": "ok", "message": "Published", "accepted": 1, "code": None},
    "ScenarioRequest": SCENARIO,
    "Scenario": {"id": "SCENARIO-1", **SCENARIO, "status": "scheduled"},
    "PreOrder": ORDER,
    "PlacedOrder": PLACED,
    "PlaceOrderResult": {"orderId": "ORDER-1"},
    "SuccessResponse": {"success": True, "message": "ORDER-1 modified"},
    "OrderPreviewResult": {
        "sections": [
            {
                "header": "Cost Analysis",
                "rows": [
                    {"title": "Estimated Price", "value": "228.50"},
                    {"title": "Order Value", "value": "2,285.00 USD"},
                    {"title": "Margin Required", "value": "228.50 USD"},
                ],
            }
        ],
        "confirmId": "PREVIEW-1",
        "warnings": None,
        "errors": None,
    },
    "ClosePositionRequest": {"amount": 5},
    "EditBracketsRequest": {"brackets": {"stopLoss": 221, "takeProfit": 240}},
    "LeverageInfo": {"title": "Leverage for AAPL", "leverage": 10, "min": 1, "max": 100, "step": 1},
    "LeverageSetParams": {"symbol": "AAPL", "leverage": 25},
    "LeverageSetResult": {"leverage": 25},
    "LeveragePreviewResult": {"infos": ["25x frees 137.10 USD of margin"], "warnings": None, "errors": None},
    "AccountCreate": {"id": "PAPER-2", "name": "Second account", "balance": 50_000, "currency": "USD"},
    "AccountReset": {"balance": 100_000},
    "Position": {
        "id": "AAPL",
        "symbol": "AAPL",
        "qty": 10,
        "side": 1,
        "avgPrice": 228.5,
        "pl": 6.0,
        "realizedPL": 0,
        "takeProfit": None,
        "stopLoss": None,
        "guaranteedStop": None,
        "trailingStopPips": None,
        "updateTime": TIME_MS,
    },
    "Execution": {
        "id": "EXEC-1",
        "orderId": "ORDER-1",
        "symbol": "AAPL",
        "price": 228.5,
        "qty": 10,
        "side": 1,
        "time": TIME_MS,
        "commission": 0,
        "netAmount": -2285,
        "maker": True,
    },
    "AccountMetainfo": {
        "id": "DEMO-ACCOUNT",
        "name": "Demo Trading Account",
        "type": "demo",
        "currency": "USD",
    },
    "EquityData": {
        "equity": 100_006,
        "balance": 100_000,
        "unrealizedPL": 6,
        "realizedPL": 0,
        "commission": 0,
        "marginUsed": 1145.5,
        "marginAvailable": 98_860.5,
        "currency": "USD",
        "updateTime": TIME_MS,
        "message": None,
    },
    "PLUpdate": {"positions": [{"id": "AAPL", "symbol": "AAPL", "pl": 6, "price": 229.1}], "time": TIME_MS},
    "BrokerConnectionStatus": {"status": 1, "message": None, "disconnectType": None, "timestamp": TIME_MS},
    "Bar": BAR,
    "BarsReply": {"bars": [BAR], "no_data": False, "next_time": None},
    "QuoteData": QUOTE,
    "QuotesRequest": {"symbols": ["AAPL", "MSFT"]},
    "SearchSymbolResultItem": {
        "symbol": "AAPL",
        "full_name": "NASDAQ:AAPL",
        "description": "Apple Inc.",
        "exchange": "NASDAQ",
        "ticker": "NASDAQ:AAPL",
        "type": "stock",
    },
    "BarsSubscriptionRequest": {"symbol": "AAPL", "resolution": "1"},
    "QuotesSubscriptionRequest": {"symbols": [], "fast_symbols": ["AAPL"]},
    "ExecutionSubscriptionRequest": ACCOUNT | {"symbol": "AAPL"},
    "OrderSubscriptionRequest": ACCOUNT,
    "PositionSubscriptionRequest": ACCOUNT,
    "EquitySubscriptionRequest": ACCOUNT,
    "PLSubscriptionRequest": ACCOUNT,
    "BrokerConnectionSubscriptionRequest": ACCOUNT,
    "ApiVersion": {
        "version": "v1",
        "release_date": "2026-11-20",
        "status": "stable",
        "deprecation_notice": None,
        "sunset_date": None,
    },
}

QUERIES: dict[str, dict[str, Any]] = {
    "BarsQuery": {"symbol": "AAPL", "resolution": "1", "count_back": 300},
    "SearchQuery": {"user_input": "app", "max_results": 10},
    "HistoryQuery": {"from": TIME_MS, "limit": 100},
    "CancelQuery": {"symbol": "AAPL", "side": 1},
    "CloseQuery": {"amount": 5},
    "LeverageQuery": {"symbol": "AAPL"},
    "AccountQuery": ACCOUNT,
}
"""Values of query parameters."""

PATHS = {
    "orderId": "ORDER-1",
    "positionId": "AAPL",
    "executionId": "EXEC-1",
    "symbol": "AAPL",
    "scenarioId": "SCENARIO-1",
    "accountId": "DEMO-ACCOUNT",
}
"""Values of path parameters."""

PROBLEMS: dict[int, tuple[str, str]] = {
    400: ("BAD_QTY_STEP", "qty 1.5 is not a multiple of 1 for AAPL"),
    401: ("UNAUTHORIZED", "the token has expired"),
    403: ("FORBIDDEN", "the token does not have the scope admin"),
    404: ("UNKNOWN_ORDER", "there is no order ORDER-99"),
    409: ("ORDER_FINAL", "ORDER-1 is filled"),
    413: ("BODY_TOO_LARGE", "body is larger than 65536 bytes"),
    415: ("UNSUPPORTED_MEDIA_TYPE", "the body must be application/json"),
    421: ("WRONG_HOST", "this server does not answer for other.example"),
    422: ("VALIDATION", "qty: Input should be a valid number"),
    429: ("RATE_LIMIT", "more than 50 orders a second"),
    503: ("UNAVAILABLE", "the change could not be stored"),
}
"""Reason code and detail of an example for each refusal."""
