"""One method for each operation of the REST interface. Generated from the specs: change the server's models."""

from typing import Any, Literal
from urllib.parse import quote

from trading_pro_client.generated.models import (
    AccountCreate,
    AccountInfo,
    AccountMetainfo,
    AccountReset,
    ApiVersion,
    BarsReply,
    BrokerConfig,
    ClosePositionRequest,
    DatafeedConfiguration,
    EditBracketsRequest,
    EquityData,
    Execution,
    ExecutionExplanation,
    InstrumentInfo,
    LeverageInfo,
    LeveragePreviewResult,
    LeverageSetParams,
    LeverageSetResult,
    LibrarySymbolInfo,
    ModuleHealth,
    OrderPreviewResult,
    PlaceOrderResult,
    PlacedOrder,
    Position,
    PreOrder,
    QuoteData,
    QuotesRequest,
    SearchSymbolResultItem,
    ServerHealth,
    SuccessResponse,
    Versions,
)


class Operations:
    """The REST interface; a method raises `Refused` when the server refuses."""

    async def _call(self, method: str, path: str, query: dict[str, Any], body: Any = None) -> Any:
        raise NotImplementedError

    async def cancel_order(
        self,
        order_id: str,
        *,
        account_id: str | None = None,
    ) -> SuccessResponse:
        """Cancel a working order."""
        query: dict[str, Any] = {"accountId": account_id}
        path = f"/api/v1/broker/orders/{quote(order_id, safe='')}"
        reply: SuccessResponse = await self._call("DELETE", path, query)
        return reply

    async def cancel_orders(
        self,
        *,
        symbol: str | None = None,
        side: Literal[1, -1] | None = None,
        ids: str | None = None,
        account_id: str | None = None,
    ) -> SuccessResponse:
        """Cancel the matching orders."""
        query: dict[str, Any] = {"symbol": symbol, "side": side, "ids": ids, "accountId": account_id}
        path = "/api/v1/broker/orders"
        reply: SuccessResponse = await self._call("DELETE", path, query)
        return reply

    async def close_position(
        self,
        position_id: str,
        *,
        amount: float | None = None,
        account_id: str | None = None,
    ) -> SuccessResponse:
        """Close a position or part of it."""
        query: dict[str, Any] = {"amount": amount, "accountId": account_id}
        path = f"/api/v1/broker/positions/{quote(position_id, safe='')}"
        reply: SuccessResponse = await self._call("DELETE", path, query)
        return reply

    async def close_position_part(
        self,
        position_id: str,
        body: ClosePositionRequest | None = None,
        *,
        account_id: str | None = None,
    ) -> SuccessResponse:
        """Close a position or part of it."""
        query: dict[str, Any] = {"accountId": account_id}
        path = f"/api/v1/broker/positions/{quote(position_id, safe='')}/close"
        reply: SuccessResponse = await self._call("POST", path, query, body)
        return reply

    async def create_account(
        self,
        body: AccountCreate,
    ) -> AccountInfo:
        """Open an account."""
        query: dict[str, Any] = {}
        path = "/api/v1/broker/accounts"
        reply: AccountInfo = await self._call("POST", path, query, body)
        return reply

    async def edit_position_brackets(
        self,
        position_id: str,
        body: EditBracketsRequest,
        *,
        account_id: str | None = None,
    ) -> SuccessResponse:
        """Change a position's brackets."""
        query: dict[str, Any] = {"accountId": account_id}
        path = f"/api/v1/broker/positions/{quote(position_id, safe='')}/brackets"
        reply: SuccessResponse = await self._call("PUT", path, query, body)
        return reply

    async def explain_execution(
        self,
        execution_id: str,
        *,
        account_id: str | None = None,
    ) -> ExecutionExplanation:
        """Show why a trade came out as it did."""
        query: dict[str, Any] = {"accountId": account_id}
        path = f"/api/v1/broker/executions/{quote(execution_id, safe='')}/explain"
        reply: ExecutionExplanation = await self._call("GET", path, query)
        return reply

    async def get_account_info(
        self,
        *,
        account_id: str | None = None,
    ) -> AccountMetainfo:
        """Show who the account is."""
        query: dict[str, Any] = {"accountId": account_id}
        path = "/api/v1/broker/account"
        reply: AccountMetainfo = await self._call("GET", path, query)
        return reply

    async def get_account_state(
        self,
        *,
        account_id: str | None = None,
    ) -> EquityData:
        """Show the account's money."""
        query: dict[str, Any] = {"accountId": account_id}
        path = "/api/v1/broker/account/state"
        reply: EquityData = await self._call("GET", path, query)
        return reply

    async def get_accounts(self) -> list[AccountInfo]:
        """List the accounts."""
        query: dict[str, Any] = {}
        path = "/api/v1/broker/accounts"
        reply: list[AccountInfo] = await self._call("GET", path, query)
        return reply

    async def get_all_executions(
        self,
        *,
        from_: int | None = None,
        to: int | None = None,
        limit: int | None = None,
        account_id: str | None = None,
    ) -> list[Execution]:
        """List executions."""
        query: dict[str, Any] = {"from": from_, "to": to, "limit": limit, "accountId": account_id}
        path = "/api/v1/broker/executions"
        reply: list[Execution] = await self._call("GET", path, query)
        return reply

    async def get_bars(
        self,
        *,
        symbol: str,
        resolution: Literal["1", "3", "5", "15", "30", "60", "240", "1D", "1W", "1M", "D", "W", "M"],
        from_time: int | None = None,
        to_time: int | None = None,
        count_back: int | None = None,
    ) -> BarsReply:
        """Show history."""
        query: dict[str, Any] = {
            "symbol": symbol,
            "resolution": resolution,
            "from_time": from_time,
            "to_time": to_time,
            "count_back": count_back,
        }
        path = "/api/v1/datafeed/bars"
        reply: BarsReply = await self._call("GET", path, query)
        return reply

    async def get_broker_config(
        self,
        *,
        account_id: str | None = None,
    ) -> BrokerConfig:
        """Show what the broker supports."""
        query: dict[str, Any] = {"accountId": account_id}
        path = "/api/v1/broker/config"
        reply: BrokerConfig = await self._call("GET", path, query)
        return reply

    async def get_broker_health(self) -> ModuleHealth:
        """Show whether all is well."""
        query: dict[str, Any] = {}
        path = "/api/v1/broker/health"
        reply: ModuleHealth = await self._call("GET", path, query)
        return reply

    async def get_broker_version(self) -> ApiVersion:
        """Show this version of the contract."""
        query: dict[str, Any] = {}
        path = "/api/v1/broker/version"
        reply: ApiVersion = await self._call("GET", path, query)
        return reply

    async def get_broker_versions(self) -> Versions:
        """List the versions of the contract."""
        query: dict[str, Any] = {}
        path = "/api/v1/broker/versions"
        reply: Versions = await self._call("GET", path, query)
        return reply

    async def get_config(self) -> DatafeedConfiguration:
        """Show what the datafeed supports."""
        query: dict[str, Any] = {}
        path = "/api/v1/datafeed/config"
        reply: DatafeedConfiguration = await self._call("GET", path, query)
        return reply

    async def get_datafeed_health(self) -> ModuleHealth:
        """Show whether all is well."""
        query: dict[str, Any] = {}
        path = "/api/v1/datafeed/health"
        reply: ModuleHealth = await self._call("GET", path, query)
        return reply

    async def get_datafeed_version(self) -> ApiVersion:
        """Show this version of the contract."""
        query: dict[str, Any] = {}
        path = "/api/v1/datafeed/version"
        reply: ApiVersion = await self._call("GET", path, query)
        return reply

    async def get_datafeed_versions(self) -> Versions:
        """List the versions of the contract."""
        query: dict[str, Any] = {}
        path = "/api/v1/datafeed/versions"
        reply: Versions = await self._call("GET", path, query)
        return reply

    async def get_executions(
        self,
        symbol: str,
        *,
        account_id: str | None = None,
    ) -> list[Execution]:
        """List the executions of a symbol."""
        query: dict[str, Any] = {"accountId": account_id}
        path = f"/api/v1/broker/executions/{quote(symbol, safe='')}"
        reply: list[Execution] = await self._call("GET", path, query)
        return reply

    async def get_health(self) -> ServerHealth:
        """Show whether all is well."""
        query: dict[str, Any] = {}
        path = "/api/v1/health"
        reply: ServerHealth = await self._call("GET", path, query)
        return reply

    async def get_leverage_info(
        self,
        *,
        symbol: str,
        order_type: int | None = None,
        side: int | None = None,
        account_id: str | None = None,
    ) -> LeverageInfo:
        """Show the leverage of a symbol."""
        query: dict[str, Any] = {"symbol": symbol, "orderType": order_type, "side": side, "accountId": account_id}
        path = "/api/v1/broker/leverage/info"
        reply: LeverageInfo = await self._call("GET", path, query)
        return reply

    async def get_order(
        self,
        order_id: str,
        *,
        account_id: str | None = None,
    ) -> PlacedOrder:
        """Show one order."""
        query: dict[str, Any] = {"accountId": account_id}
        path = f"/api/v1/broker/orders/{quote(order_id, safe='')}"
        reply: PlacedOrder = await self._call("GET", path, query)
        return reply

    async def get_orders(
        self,
        *,
        account_id: str | None = None,
    ) -> list[PlacedOrder]:
        """List the session's orders."""
        query: dict[str, Any] = {"accountId": account_id}
        path = "/api/v1/broker/orders"
        reply: list[PlacedOrder] = await self._call("GET", path, query)
        return reply

    async def get_orders_history(
        self,
        *,
        from_: int | None = None,
        to: int | None = None,
        limit: int | None = None,
        account_id: str | None = None,
    ) -> list[PlacedOrder]:
        """List final orders."""
        query: dict[str, Any] = {"from": from_, "to": to, "limit": limit, "accountId": account_id}
        path = "/api/v1/broker/orders/history"
        reply: list[PlacedOrder] = await self._call("GET", path, query)
        return reply

    async def get_positions(
        self,
        *,
        account_id: str | None = None,
    ) -> list[Position]:
        """List open positions."""
        query: dict[str, Any] = {"accountId": account_id}
        path = "/api/v1/broker/positions"
        reply: list[Position] = await self._call("GET", path, query)
        return reply

    async def get_quotes(
        self,
        body: QuotesRequest,
    ) -> list[QuoteData]:
        """Show current quotes."""
        query: dict[str, Any] = {}
        path = "/api/v1/datafeed/quotes"
        reply: list[QuoteData] = await self._call("POST", path, query, body)
        return reply

    async def get_server_time(self) -> int:
        """Show market time in seconds."""
        query: dict[str, Any] = {}
        path = "/api/v1/datafeed/time"
        reply: int = await self._call("GET", path, query)
        return reply

    async def get_symbol_info(
        self,
        symbol: str,
        *,
        account_id: str | None = None,
    ) -> InstrumentInfo:
        """Show the trading facts of a symbol."""
        query: dict[str, Any] = {"accountId": account_id}
        path = f"/api/v1/broker/symbols/{quote(symbol, safe='')}"
        reply: InstrumentInfo = await self._call("GET", path, query)
        return reply

    async def get_version(self) -> ApiVersion:
        """Show this version of the contract."""
        query: dict[str, Any] = {}
        path = "/api/v1/version"
        reply: ApiVersion = await self._call("GET", path, query)
        return reply

    async def get_versions(self) -> Versions:
        """List the versions of the contract."""
        query: dict[str, Any] = {}
        path = "/api/v1/versions"
        reply: Versions = await self._call("GET", path, query)
        return reply

    async def modify_order(
        self,
        order_id: str,
        body: PreOrder,
        *,
        account_id: str | None = None,
    ) -> SuccessResponse:
        """Modify a working order."""
        query: dict[str, Any] = {"accountId": account_id}
        path = f"/api/v1/broker/orders/{quote(order_id, safe='')}"
        reply: SuccessResponse = await self._call("PUT", path, query, body)
        return reply

    async def place_order(
        self,
        body: PreOrder,
        *,
        account_id: str | None = None,
    ) -> PlaceOrderResult:
        """Place an order."""
        query: dict[str, Any] = {"accountId": account_id}
        path = "/api/v1/broker/orders"
        reply: PlaceOrderResult = await self._call("POST", path, query, body)
        return reply

    async def preview_leverage(
        self,
        body: LeverageSetParams,
        *,
        account_id: str | None = None,
    ) -> LeveragePreviewResult:
        """Show what another leverage would mean."""
        query: dict[str, Any] = {"accountId": account_id}
        path = "/api/v1/broker/leverage/preview"
        reply: LeveragePreviewResult = await self._call("POST", path, query, body)
        return reply

    async def preview_order(
        self,
        body: PreOrder,
        *,
        account_id: str | None = None,
    ) -> OrderPreviewResult:
        """Show what an order would cost."""
        query: dict[str, Any] = {"accountId": account_id}
        path = "/api/v1/broker/orders/preview"
        reply: OrderPreviewResult = await self._call("POST", path, query, body)
        return reply

    async def reset_account(
        self,
        account_id: str,
        body: AccountReset | None = None,
    ) -> AccountInfo:
        """Let an account start anew."""
        query: dict[str, Any] = {}
        path = f"/api/v1/broker/accounts/{quote(account_id, safe='')}/reset"
        reply: AccountInfo = await self._call("POST", path, query, body)
        return reply

    async def resolve_symbol(
        self,
        symbol: str,
    ) -> LibrarySymbolInfo:
        """Show a symbol."""
        query: dict[str, Any] = {}
        path = f"/api/v1/datafeed/resolve/{quote(symbol, safe='')}"
        reply: LibrarySymbolInfo = await self._call("GET", path, query)
        return reply

    async def reverse_position(
        self,
        position_id: str,
        *,
        account_id: str | None = None,
    ) -> SuccessResponse:
        """Turn a position around."""
        query: dict[str, Any] = {"accountId": account_id}
        path = f"/api/v1/broker/positions/{quote(position_id, safe='')}/reverse"
        reply: SuccessResponse = await self._call("POST", path, query)
        return reply

    async def search_symbols(
        self,
        *,
        user_input: str | None = None,
        exchange: str | None = None,
        symbol_type: str | None = None,
        max_results: int | None = None,
    ) -> list[SearchSymbolResultItem]:
        """Find symbols."""
        query: dict[str, Any] = {
            "user_input": user_input,
            "exchange": exchange,
            "symbol_type": symbol_type,
            "max_results": max_results,
        }
        path = "/api/v1/datafeed/search"
        reply: list[SearchSymbolResultItem] = await self._call("GET", path, query)
        return reply

    async def set_leverage(
        self,
        body: LeverageSetParams,
        *,
        account_id: str | None = None,
    ) -> LeverageSetResult:
        """Change the leverage."""
        query: dict[str, Any] = {"accountId": account_id}
        path = "/api/v1/broker/leverage/set"
        reply: LeverageSetResult = await self._call("PUT", path, query, body)
        return reply
