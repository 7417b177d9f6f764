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
    ChartToSave,
    ChartsReply,
    ClientReport,
    ClockAdvance,
    ClockChange,
    ClockState,
    ClosePositionRequest,
    DOMData,
    DatafeedConfiguration,
    DrawingTemplateToSave,
    DrawingTemplatesReply,
    EditBracketsRequest,
    EquityData,
    EquityHistory,
    Execution,
    ExecutionExplanation,
    Fault,
    FaultList,
    FaultRequest,
    IndividualPosition,
    InstrumentInfo,
    LeverageInfo,
    LeveragePreviewResult,
    LeverageSetParams,
    LeverageSetResult,
    LibrarySymbolInfo,
    LinkedOrders,
    LinkedOrdersResult,
    ModuleHealth,
    OrderChange,
    OrderPreviewResult,
    PlaceOrderResult,
    PlacedOrder,
    Position,
    PreOrder,
    QuoteData,
    QuotesRequest,
    RequestRecord,
    ResolveRequest,
    SavedChartReply,
    Scenario,
    ScenarioRequest,
    SearchPage,
    SearchSymbolResultItem,
    ServerHealth,
    Sparkline,
    SparklinesRequest,
    StorageReply,
    StudyTemplateToSave,
    StudyTemplatesReply,
    SuccessResponse,
    TicksReply,
    TicksRequest,
    UdfConfig,
    UdfHistoryReply,
    UdfMarksReply,
    UdfQuotesReply,
    UdfSearchReply,
    UdfSymbolInfoReply,
    UdfSymbolReply,
    UdfTimescaleMarksReply,
    Versions,
    World,
    WorldCreate,
    WorldDeleted,
    WorldFork,
    WorldSnapshot,
)


class Operations:
    """The REST interface; a method raises `Refused` when the server refuses."""

    async def _call(self, method: str, path: str, query: dict[str, Any], body: Any = None) -> Any:
        raise NotImplementedError

    async def add_fault(
        self,
        body: FaultRequest,
    ) -> Fault:
        """Add a fault at the end of the list."""
        asked: dict[str, Any] = {}
        path = "/api/v1/faults"
        reply: Fault = await self._call("POST", path, asked, body)
        return reply

    async def add_scenario(
        self,
        body: ScenarioRequest,
    ) -> Scenario:
        """Let something happen to a symbol."""
        asked: dict[str, Any] = {}
        path = "/api/v1/datafeed/scenarios"
        reply: Scenario = await self._call("POST", path, asked, body)
        return reply

    async def advance_clock(
        self,
        body: ClockAdvance,
    ) -> ClockState:
        """Move the clock forward."""
        asked: dict[str, Any] = {}
        path = "/api/v1/clock/advance"
        reply: ClockState = await self._call("POST", path, asked, body)
        return reply

    async def cancel_order(
        self,
        order_id: str,
        *,
        account_id: str | None = None,
    ) -> SuccessResponse:
        """Cancel a working order."""
        asked: dict[str, Any] = {"accountId": account_id}
        path = f"/api/v1/broker/orders/{quote(order_id, safe='')}"
        reply: SuccessResponse = await self._call("DELETE", path, asked)
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
        asked: dict[str, Any] = {"symbol": symbol, "side": side, "ids": ids, "accountId": account_id}
        path = "/api/v1/broker/orders"
        reply: SuccessResponse = await self._call("DELETE", path, asked)
        return reply

    async def close_individual_position(
        self,
        individual_position_id: str,
        *,
        amount: float | None = None,
        account_id: str | None = None,
    ) -> SuccessResponse:
        """Close an individual position or part of it."""
        asked: dict[str, Any] = {"amount": amount, "accountId": account_id}
        path = f"/api/v1/broker/individual-positions/{quote(individual_position_id, safe='')}"
        reply: SuccessResponse = await self._call("DELETE", path, asked)
        return reply

    async def close_individual_position_part(
        self,
        individual_position_id: str,
        body: ClosePositionRequest | None = None,
        *,
        account_id: str | None = None,
    ) -> SuccessResponse:
        """Close an individual position or part of it."""
        asked: dict[str, Any] = {"accountId": account_id}
        path = f"/api/v1/broker/individual-positions/{quote(individual_position_id, safe='')}/close"
        reply: SuccessResponse = await self._call("POST", path, asked, body)
        return reply

    async def close_position(
        self,
        position_id: str,
        *,
        amount: float | None = None,
        account_id: str | None = None,
    ) -> SuccessResponse:
        """Close a position or part of it."""
        asked: dict[str, Any] = {"amount": amount, "accountId": account_id}
        path = f"/api/v1/broker/positions/{quote(position_id, safe='')}"
        reply: SuccessResponse = await self._call("DELETE", path, asked)
        return reply

    async def close_position_part(
        self,
        position_id: str,
        body: ClosePositionRequest | None = None,
        *,
        account_id: str | None = None,
    ) -> SuccessResponse:
        """Close a position or part of it."""
        asked: dict[str, Any] = {"accountId": account_id}
        path = f"/api/v1/broker/positions/{quote(position_id, safe='')}/close"
        reply: SuccessResponse = await self._call("POST", path, asked, body)
        return reply

    async def create_account(
        self,
        body: AccountCreate,
    ) -> AccountInfo:
        """Open an account."""
        asked: dict[str, Any] = {}
        path = "/api/v1/broker/accounts"
        reply: AccountInfo = await self._call("POST", path, asked, body)
        return reply

    async def create_world(
        self,
        body: WorldCreate,
    ) -> World:
        """Make a world."""
        asked: dict[str, Any] = {}
        path = "/api/v1/worlds"
        reply: World = await self._call("POST", path, asked, body)
        return reply

    async def delete_chart(
        self,
        *,
        client: str | None = None,
        user: str | None = None,
        chart: int | None = None,
        account_id: str | None = None,
    ) -> StorageReply:
        """Delete a layout."""
        asked: dict[str, Any] = {"client": client, "user": user, "chart": chart, "accountId": account_id}
        path = "/charts_storage/1.1/charts"
        reply: StorageReply = await self._call("DELETE", path, asked)
        return reply

    async def delete_drawing_template(
        self,
        *,
        tool: str,
        client: str | None = None,
        user: str | None = None,
        name: str | None = None,
        account_id: str | None = None,
    ) -> StorageReply:
        """Delete a template of a drawing tool."""
        asked: dict[str, Any] = {
            "tool": tool,
            "client": client,
            "user": user,
            "name": name,
            "accountId": account_id,
        }
        path = "/charts_storage/1.1/drawing_templates"
        reply: StorageReply = await self._call("DELETE", path, asked)
        return reply

    async def delete_study_template(
        self,
        *,
        client: str | None = None,
        user: str | None = None,
        template: str | None = None,
        account_id: str | None = None,
    ) -> StorageReply:
        """Delete a study template."""
        asked: dict[str, Any] = {"client": client, "user": user, "template": template, "accountId": account_id}
        path = "/charts_storage/1.1/study_templates"
        reply: StorageReply = await self._call("DELETE", path, asked)
        return reply

    async def delete_world(
        self,
        world_id: str,
    ) -> WorldDeleted:
        """Delete a world."""
        asked: dict[str, Any] = {}
        path = f"/api/v1/worlds/{quote(world_id, safe='')}"
        reply: WorldDeleted = await self._call("DELETE", path, asked)
        return reply

    async def edit_individual_position_brackets(
        self,
        individual_position_id: str,
        body: EditBracketsRequest,
        *,
        account_id: str | None = None,
    ) -> SuccessResponse:
        """Change the brackets of an individual position."""
        asked: dict[str, Any] = {"accountId": account_id}
        path = f"/api/v1/broker/individual-positions/{quote(individual_position_id, safe='')}/brackets"
        reply: SuccessResponse = await self._call("PUT", path, asked, body)
        return reply

    async def edit_position_brackets(
        self,
        position_id: str,
        body: EditBracketsRequest,
        *,
        account_id: str | None = None,
    ) -> SuccessResponse:
        """Change a position's brackets."""
        asked: dict[str, Any] = {"accountId": account_id}
        path = f"/api/v1/broker/positions/{quote(position_id, safe='')}/brackets"
        reply: SuccessResponse = await self._call("PUT", path, asked, body)
        return reply

    async def end_scenario(
        self,
        scenario_id: str,
    ) -> SuccessResponse:
        """End a scenario, or drop one that has not begun."""
        asked: dict[str, Any] = {}
        path = f"/api/v1/datafeed/scenarios/{quote(scenario_id, safe='')}"
        reply: SuccessResponse = await self._call("DELETE", path, asked)
        return reply

    async def explain_execution(
        self,
        execution_id: str,
        *,
        account_id: str | None = None,
    ) -> ExecutionExplanation:
        """Show why a trade came out as it did."""
        asked: dict[str, Any] = {"accountId": account_id}
        path = f"/api/v1/broker/executions/{quote(execution_id, safe='')}/explain"
        reply: ExecutionExplanation = await self._call("GET", path, asked)
        return reply

    async def fork_world(
        self,
        world_id: str,
        body: WorldFork | None = None,
    ) -> World:
        """Make a second world in the same state."""
        asked: dict[str, Any] = {}
        path = f"/api/v1/worlds/{quote(world_id, safe='')}/fork"
        reply: World = await self._call("POST", path, asked, body)
        return reply

    async def get_account_info(
        self,
        *,
        account_id: str | None = None,
    ) -> AccountMetainfo:
        """Show who the account is."""
        asked: dict[str, Any] = {"accountId": account_id}
        path = "/api/v1/broker/account"
        reply: AccountMetainfo = await self._call("GET", path, asked)
        return reply

    async def get_account_state(
        self,
        *,
        account_id: str | None = None,
    ) -> EquityData:
        """Show the account's money."""
        asked: dict[str, Any] = {"accountId": account_id}
        path = "/api/v1/broker/account/state"
        reply: EquityData = await self._call("GET", path, asked)
        return reply

    async def get_accounts(self) -> list[AccountInfo]:
        """List the accounts."""
        asked: dict[str, Any] = {}
        path = "/api/v1/broker/accounts"
        reply: list[AccountInfo] = await self._call("GET", path, asked)
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
        asked: dict[str, Any] = {"from": from_, "to": to, "limit": limit, "accountId": account_id}
        path = "/api/v1/broker/executions"
        reply: list[Execution] = await self._call("GET", path, asked)
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
        asked: dict[str, Any] = {
            "symbol": symbol,
            "resolution": resolution,
            "from_time": from_time,
            "to_time": to_time,
            "count_back": count_back,
        }
        path = "/api/v1/datafeed/bars"
        reply: BarsReply = await self._call("GET", path, asked)
        return reply

    async def get_broker_config(
        self,
        *,
        account_id: str | None = None,
    ) -> BrokerConfig:
        """Show what the broker supports."""
        asked: dict[str, Any] = {"accountId": account_id}
        path = "/api/v1/broker/config"
        reply: BrokerConfig = await self._call("GET", path, asked)
        return reply

    async def get_broker_health(self) -> ModuleHealth:
        """Show whether all is well."""
        asked: dict[str, Any] = {}
        path = "/api/v1/broker/health"
        reply: ModuleHealth = await self._call("GET", path, asked)
        return reply

    async def get_broker_version(self) -> ApiVersion:
        """Show this version of the contract."""
        asked: dict[str, Any] = {}
        path = "/api/v1/broker/version"
        reply: ApiVersion = await self._call("GET", path, asked)
        return reply

    async def get_broker_versions(self) -> Versions:
        """List the versions of the contract."""
        asked: dict[str, Any] = {}
        path = "/api/v1/broker/versions"
        reply: Versions = await self._call("GET", path, asked)
        return reply

    async def get_charts(
        self,
        *,
        client: str | None = None,
        user: str | None = None,
        chart: int | None = None,
        account_id: str | None = None,
    ) -> ChartsReply:
        """List the saved layouts, or load one."""
        asked: dict[str, Any] = {"client": client, "user": user, "chart": chart, "accountId": account_id}
        path = "/charts_storage/1.1/charts"
        reply: ChartsReply = await self._call("GET", path, asked)
        return reply

    async def get_clock(self) -> ClockState:
        """Show the clock of the world."""
        asked: dict[str, Any] = {}
        path = "/api/v1/clock"
        reply: ClockState = await self._call("GET", path, asked)
        return reply

    async def get_config(self) -> DatafeedConfiguration:
        """Show what the datafeed supports."""
        asked: dict[str, Any] = {}
        path = "/api/v1/datafeed/config"
        reply: DatafeedConfiguration = await self._call("GET", path, asked)
        return reply

    async def get_datafeed_health(self) -> ModuleHealth:
        """Show whether all is well."""
        asked: dict[str, Any] = {}
        path = "/api/v1/datafeed/health"
        reply: ModuleHealth = await self._call("GET", path, asked)
        return reply

    async def get_datafeed_version(self) -> ApiVersion:
        """Show this version of the contract."""
        asked: dict[str, Any] = {}
        path = "/api/v1/datafeed/version"
        reply: ApiVersion = await self._call("GET", path, asked)
        return reply

    async def get_datafeed_versions(self) -> Versions:
        """List the versions of the contract."""
        asked: dict[str, Any] = {}
        path = "/api/v1/datafeed/versions"
        reply: Versions = await self._call("GET", path, asked)
        return reply

    async def get_depth(
        self,
        symbol: str,
    ) -> DOMData:
        """Show the book of a symbol."""
        asked: dict[str, Any] = {}
        path = f"/api/v1/datafeed/depth/{quote(symbol, safe='')}"
        reply: DOMData = await self._call("GET", path, asked)
        return reply

    async def get_drawing_templates(
        self,
        *,
        tool: str,
        client: str | None = None,
        user: str | None = None,
        name: str | None = None,
        account_id: str | None = None,
    ) -> DrawingTemplatesReply:
        """List the templates of a drawing tool, or load one."""
        asked: dict[str, Any] = {
            "tool": tool,
            "client": client,
            "user": user,
            "name": name,
            "accountId": account_id,
        }
        path = "/charts_storage/1.1/drawing_templates"
        reply: DrawingTemplatesReply = await self._call("GET", path, asked)
        return reply

    async def get_equity_history(
        self,
        *,
        resolution: Literal["1", "5", "15", "60", "1D"] | None = None,
        from_: int | None = None,
        to: int | None = None,
        account_id: str | None = None,
    ) -> EquityHistory:
        """Show the account's equity over time."""
        asked: dict[str, Any] = {"resolution": resolution, "from": from_, "to": to, "accountId": account_id}
        path = "/api/v1/broker/account/equity-history"
        reply: EquityHistory = await self._call("GET", path, asked)
        return reply

    async def get_executions(
        self,
        symbol: str,
        *,
        account_id: str | None = None,
    ) -> list[Execution]:
        """List the executions of a symbol."""
        asked: dict[str, Any] = {"accountId": account_id}
        path = f"/api/v1/broker/executions/{quote(symbol, safe='')}"
        reply: list[Execution] = await self._call("GET", path, asked)
        return reply

    async def get_fault(
        self,
        fault_id: str,
    ) -> Fault:
        """Show a fault and its counts."""
        asked: dict[str, Any] = {}
        path = f"/api/v1/faults/{quote(fault_id, safe='')}"
        reply: Fault = await self._call("GET", path, asked)
        return reply

    async def get_faults(self) -> list[Fault]:
        """List the faults in their order."""
        asked: dict[str, Any] = {}
        path = "/api/v1/faults"
        reply: list[Fault] = await self._call("GET", path, asked)
        return reply

    async def get_health(self) -> ServerHealth:
        """Show whether all is well."""
        asked: dict[str, Any] = {}
        path = "/api/v1/health"
        reply: ServerHealth = await self._call("GET", path, asked)
        return reply

    async def get_individual_positions(
        self,
        *,
        account_id: str | None = None,
    ) -> list[IndividualPosition]:
        """List open individual positions."""
        asked: dict[str, Any] = {"accountId": account_id}
        path = "/api/v1/broker/individual-positions"
        reply: list[IndividualPosition] = await self._call("GET", path, asked)
        return reply

    async def get_order(
        self,
        order_id: str,
        *,
        account_id: str | None = None,
    ) -> PlacedOrder:
        """Show one order."""
        asked: dict[str, Any] = {"accountId": account_id}
        path = f"/api/v1/broker/orders/{quote(order_id, safe='')}"
        reply: PlacedOrder = await self._call("GET", path, asked)
        return reply

    async def get_orders(
        self,
        *,
        account_id: str | None = None,
    ) -> list[PlacedOrder]:
        """List the session's orders."""
        asked: dict[str, Any] = {"accountId": account_id}
        path = "/api/v1/broker/orders"
        reply: list[PlacedOrder] = await self._call("GET", path, asked)
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
        asked: dict[str, Any] = {"from": from_, "to": to, "limit": limit, "accountId": account_id}
        path = "/api/v1/broker/orders/history"
        reply: list[PlacedOrder] = await self._call("GET", path, asked)
        return reply

    async def get_positions(
        self,
        *,
        account_id: str | None = None,
    ) -> list[Position]:
        """List open positions."""
        asked: dict[str, Any] = {"accountId": account_id}
        path = "/api/v1/broker/positions"
        reply: list[Position] = await self._call("GET", path, asked)
        return reply

    async def get_quotes(
        self,
        body: QuotesRequest,
    ) -> list[QuoteData]:
        """Show current quotes."""
        asked: dict[str, Any] = {}
        path = "/api/v1/datafeed/quotes"
        reply: list[QuoteData] = await self._call("POST", path, asked, body)
        return reply

    async def get_report(
        self,
        *,
        account: str | None = None,
        session: str | None = None,
    ) -> ClientReport:
        """Report how a client behaved."""
        asked: dict[str, Any] = {"account": account, "session": session}
        path = "/api/v1/report"
        reply: ClientReport = await self._call("GET", path, asked)
        return reply

    async def get_requests(
        self,
        *,
        path: str | None = None,
        method: str | None = None,
        account: str | None = None,
        status: int | None = None,
        from_: int | None = None,
        limit: int | None = None,
    ) -> list[RequestRecord]:
        """List what clients sent."""
        asked: dict[str, Any] = {
            "path": path,
            "method": method,
            "account": account,
            "status": status,
            "from": from_,
            "limit": limit,
        }
        path = "/api/v1/requests"
        reply: list[RequestRecord] = await self._call("GET", path, asked)
        return reply

    async def get_scenarios(self) -> list[Scenario]:
        """List what is let happen to the synthetic market."""
        asked: dict[str, Any] = {}
        path = "/api/v1/datafeed/scenarios"
        reply: list[Scenario] = await self._call("GET", path, asked)
        return reply

    async def get_server_time(self) -> int:
        """Show market time in seconds."""
        asked: dict[str, Any] = {}
        path = "/api/v1/datafeed/time"
        reply: int = await self._call("GET", path, asked)
        return reply

    async def get_sparklines(
        self,
        body: SparklinesRequest,
    ) -> list[Sparkline]:
        """Show the course of the day of several symbols."""
        asked: dict[str, Any] = {}
        path = "/api/v1/datafeed/sparklines"
        reply: list[Sparkline] = await self._call("POST", path, asked, body)
        return reply

    async def get_study_templates(
        self,
        *,
        client: str | None = None,
        user: str | None = None,
        template: str | None = None,
        account_id: str | None = None,
    ) -> StudyTemplatesReply:
        """List the study templates, or load one."""
        asked: dict[str, Any] = {"client": client, "user": user, "template": template, "accountId": account_id}
        path = "/charts_storage/1.1/study_templates"
        reply: StudyTemplatesReply = await self._call("GET", path, asked)
        return reply

    async def get_symbol_info(
        self,
        symbol: str,
        *,
        account_id: str | None = None,
    ) -> InstrumentInfo:
        """Show the trading facts of a symbol."""
        asked: dict[str, Any] = {"accountId": account_id}
        path = f"/api/v1/broker/symbols/{quote(symbol, safe='')}"
        reply: InstrumentInfo = await self._call("GET", path, asked)
        return reply

    async def get_udf_config(self) -> UdfConfig:
        """Show what the feed supports."""
        asked: dict[str, Any] = {}
        path = "/udf/config"
        reply: UdfConfig = await self._call("GET", path, asked)
        return reply

    async def get_udf_history(
        self,
        *,
        symbol: str,
        resolution: Literal["1", "3", "5", "15", "30", "60", "240", "1D", "1W", "1M", "D", "W", "M"],
        to: int,
        from_: int | None = None,
        countback: int | None = None,
    ) -> UdfHistoryReply:
        """Show bars as columns."""
        asked: dict[str, Any] = {
            "symbol": symbol,
            "resolution": resolution,
            "to": to,
            "from": from_,
            "countback": countback,
        }
        path = "/udf/history"
        reply: UdfHistoryReply = await self._call("GET", path, asked)
        return reply

    async def get_udf_marks(
        self,
        *,
        symbol: str,
        from_: int,
        to: int,
        resolution: str | None = None,
    ) -> UdfMarksReply:
        """Mark the account's executions."""
        asked: dict[str, Any] = {"symbol": symbol, "from": from_, "to": to, "resolution": resolution}
        path = "/udf/marks"
        reply: UdfMarksReply = await self._call("GET", path, asked)
        return reply

    async def get_udf_quotes(
        self,
        *,
        symbols: str,
    ) -> UdfQuotesReply:
        """Show current quotes."""
        asked: dict[str, Any] = {"symbols": symbols}
        path = "/udf/quotes"
        reply: UdfQuotesReply = await self._call("GET", path, asked)
        return reply

    async def get_udf_symbol(
        self,
        *,
        symbol: str,
    ) -> UdfSymbolReply:
        """Resolve a symbol."""
        asked: dict[str, Any] = {"symbol": symbol}
        path = "/udf/symbols"
        reply: UdfSymbolReply = await self._call("GET", path, asked)
        return reply

    async def get_udf_symbol_info(
        self,
        *,
        group: str | None = None,
    ) -> UdfSymbolInfoReply:
        """List an exchange's symbols as columns."""
        asked: dict[str, Any] = {"group": group}
        path = "/udf/symbol_info"
        reply: UdfSymbolInfoReply = await self._call("GET", path, asked)
        return reply

    async def get_udf_time(self) -> int:
        """Show market time in seconds."""
        asked: dict[str, Any] = {}
        path = "/udf/time"
        reply: int = await self._call("GET", path, asked)
        return reply

    async def get_udf_timescale_marks(
        self,
        *,
        symbol: str,
        from_: int,
        to: int,
        resolution: str | None = None,
    ) -> UdfTimescaleMarksReply:
        """Mark special days."""
        asked: dict[str, Any] = {"symbol": symbol, "from": from_, "to": to, "resolution": resolution}
        path = "/udf/timescale_marks"
        reply: UdfTimescaleMarksReply = await self._call("GET", path, asked)
        return reply

    async def get_version(self) -> ApiVersion:
        """Show this version of the contract."""
        asked: dict[str, Any] = {}
        path = "/api/v1/version"
        reply: ApiVersion = await self._call("GET", path, asked)
        return reply

    async def get_versions(self) -> Versions:
        """List the versions of the contract."""
        asked: dict[str, Any] = {}
        path = "/api/v1/versions"
        reply: Versions = await self._call("GET", path, asked)
        return reply

    async def get_world(
        self,
        world_id: str,
    ) -> World:
        """Show a world."""
        asked: dict[str, Any] = {}
        path = f"/api/v1/worlds/{quote(world_id, safe='')}"
        reply: World = await self._call("GET", path, asked)
        return reply

    async def get_world_snapshot(
        self,
        world_id: str,
    ) -> WorldSnapshot:
        """Show a world as the body that makes it again."""
        asked: dict[str, Any] = {}
        path = f"/api/v1/worlds/{quote(world_id, safe='')}/snapshot"
        reply: WorldSnapshot = await self._call("GET", path, asked)
        return reply

    async def get_worlds(self) -> list[World]:
        """List the worlds that callers made."""
        asked: dict[str, Any] = {}
        path = "/api/v1/worlds"
        reply: list[World] = await self._call("GET", path, asked)
        return reply

    async def leverage_info(
        self,
        *,
        symbol: str,
        order_type: int | None = None,
        side: int | None = None,
        account_id: str | None = None,
    ) -> LeverageInfo:
        """Show the leverage of a symbol."""
        asked: dict[str, Any] = {"symbol": symbol, "orderType": order_type, "side": side, "accountId": account_id}
        path = "/api/v1/broker/leverage/info"
        reply: LeverageInfo = await self._call("GET", path, asked)
        return reply

    async def modify_order(
        self,
        order_id: str,
        body: OrderChange,
        *,
        account_id: str | None = None,
    ) -> SuccessResponse:
        """Modify a working order."""
        asked: dict[str, Any] = {"accountId": account_id}
        path = f"/api/v1/broker/orders/{quote(order_id, safe='')}"
        reply: SuccessResponse = await self._call("PUT", path, asked, body)
        return reply

    async def place_linked_orders(
        self,
        body: LinkedOrders,
        *,
        account_id: str | None = None,
    ) -> LinkedOrdersResult:
        """Place two orders of which one cancels the other."""
        asked: dict[str, Any] = {"accountId": account_id}
        path = "/api/v1/broker/orders/linked"
        reply: LinkedOrdersResult = await self._call("POST", path, asked, body)
        return reply

    async def place_order(
        self,
        body: PreOrder,
        *,
        account_id: str | None = None,
    ) -> PlaceOrderResult:
        """Place an order."""
        asked: dict[str, Any] = {"accountId": account_id}
        path = "/api/v1/broker/orders"
        reply: PlaceOrderResult = await self._call("POST", path, asked, body)
        return reply

    async def preview_leverage(
        self,
        body: LeverageSetParams,
        *,
        account_id: str | None = None,
    ) -> LeveragePreviewResult:
        """Show what another leverage would mean."""
        asked: dict[str, Any] = {"accountId": account_id}
        path = "/api/v1/broker/leverage/preview"
        reply: LeveragePreviewResult = await self._call("POST", path, asked, body)
        return reply

    async def preview_order(
        self,
        body: PreOrder,
        *,
        account_id: str | None = None,
    ) -> OrderPreviewResult:
        """Show what an order would cost."""
        asked: dict[str, Any] = {"accountId": account_id}
        path = "/api/v1/broker/orders/preview"
        reply: OrderPreviewResult = await self._call("POST", path, asked, body)
        return reply

    async def publish_ticks(
        self,
        body: TicksRequest,
    ) -> TicksReply:
        """Send ticks to the external feed."""
        asked: dict[str, Any] = {}
        path = "/api/v1/datafeed/ticks"
        reply: TicksReply = await self._call("POST", path, asked, body)
        return reply

    async def remove_fault(
        self,
        fault_id: str,
    ) -> Fault:
        """Remove a fault."""
        asked: dict[str, Any] = {}
        path = f"/api/v1/faults/{quote(fault_id, safe='')}"
        reply: Fault = await self._call("DELETE", path, asked)
        return reply

    async def replace_faults(
        self,
        body: FaultList,
    ) -> list[Fault]:
        """Replace the list of faults."""
        asked: dict[str, Any] = {}
        path = "/api/v1/faults"
        reply: list[Fault] = await self._call("PUT", path, asked, body)
        return reply

    async def reset_account(
        self,
        account_id: str,
        body: AccountReset | None = None,
    ) -> AccountInfo:
        """Let an account start anew."""
        asked: dict[str, Any] = {}
        path = f"/api/v1/broker/accounts/{quote(account_id, safe='')}/reset"
        reply: AccountInfo = await self._call("POST", path, asked, body)
        return reply

    async def reset_faults(self) -> SuccessResponse:
        """Set the counts of all faults to zero."""
        asked: dict[str, Any] = {}
        path = "/api/v1/faults/reset"
        reply: SuccessResponse = await self._call("POST", path, asked)
        return reply

    async def resolve_symbol(
        self,
        symbol: str,
    ) -> LibrarySymbolInfo:
        """Show a symbol."""
        asked: dict[str, Any] = {}
        path = f"/api/v1/datafeed/resolve/{quote(symbol, safe='')}"
        reply: LibrarySymbolInfo = await self._call("GET", path, asked)
        return reply

    async def resolve_symbols(
        self,
        body: ResolveRequest,
    ) -> list[LibrarySymbolInfo]:
        """Show several symbols."""
        asked: dict[str, Any] = {}
        path = "/api/v1/datafeed/resolve"
        reply: list[LibrarySymbolInfo] = await self._call("POST", path, asked, body)
        return reply

    async def reverse_position(
        self,
        position_id: str,
        *,
        account_id: str | None = None,
    ) -> SuccessResponse:
        """Turn a position around."""
        asked: dict[str, Any] = {"accountId": account_id}
        path = f"/api/v1/broker/positions/{quote(position_id, safe='')}/reverse"
        reply: SuccessResponse = await self._call("POST", path, asked)
        return reply

    async def save_chart(
        self,
        body: ChartToSave,
        *,
        client: str | None = None,
        user: str | None = None,
        chart: int | None = None,
        account_id: str | None = None,
    ) -> SavedChartReply:
        """Save a layout."""
        asked: dict[str, Any] = {"client": client, "user": user, "chart": chart, "accountId": account_id}
        path = "/charts_storage/1.1/charts"
        reply: SavedChartReply = await self._call("POST", path, asked, body)
        return reply

    async def save_drawing_template(
        self,
        body: DrawingTemplateToSave,
        *,
        tool: str,
        client: str | None = None,
        user: str | None = None,
        name: str | None = None,
        account_id: str | None = None,
    ) -> StorageReply:
        """Save a template of a drawing tool."""
        asked: dict[str, Any] = {
            "tool": tool,
            "client": client,
            "user": user,
            "name": name,
            "accountId": account_id,
        }
        path = "/charts_storage/1.1/drawing_templates"
        reply: StorageReply = await self._call("POST", path, asked, body)
        return reply

    async def save_study_template(
        self,
        body: StudyTemplateToSave,
        *,
        client: str | None = None,
        user: str | None = None,
        template: str | None = None,
        account_id: str | None = None,
    ) -> StorageReply:
        """Save a study template."""
        asked: dict[str, Any] = {"client": client, "user": user, "template": template, "accountId": account_id}
        path = "/charts_storage/1.1/study_templates"
        reply: StorageReply = await self._call("POST", path, asked, body)
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
        asked: dict[str, Any] = {
            "user_input": user_input,
            "exchange": exchange,
            "symbol_type": symbol_type,
            "max_results": max_results,
        }
        path = "/api/v1/datafeed/search"
        reply: list[SearchSymbolResultItem] = await self._call("GET", path, asked)
        return reply

    async def search_symbols_paginated(
        self,
        *,
        user_input: str | None = None,
        exchange: str | None = None,
        symbol_type: str | None = None,
        max_results: int | None = None,
        start: int | None = None,
    ) -> SearchPage:
        """Find symbols, page by page."""
        asked: dict[str, Any] = {
            "user_input": user_input,
            "exchange": exchange,
            "symbol_type": symbol_type,
            "max_results": max_results,
            "start": start,
        }
        path = "/api/v1/datafeed/search/page"
        reply: SearchPage = await self._call("GET", path, asked)
        return reply

    async def search_udf_symbols(
        self,
        *,
        query: str | None = None,
        type: str | None = None,
        exchange: str | None = None,
        limit: int | None = None,
    ) -> UdfSearchReply:
        """Find symbols."""
        asked: dict[str, Any] = {"query": query, "type": type, "exchange": exchange, "limit": limit}
        path = "/udf/search"
        reply: UdfSearchReply = await self._call("GET", path, asked)
        return reply

    async def set_clock(
        self,
        body: ClockChange,
    ) -> ClockState:
        """Pause the clock, let it run, or change its speed."""
        asked: dict[str, Any] = {}
        path = "/api/v1/clock"
        reply: ClockState = await self._call("PUT", path, asked, body)
        return reply

    async def set_leverage(
        self,
        body: LeverageSetParams,
        *,
        account_id: str | None = None,
    ) -> LeverageSetResult:
        """Change the leverage."""
        asked: dict[str, Any] = {"accountId": account_id}
        path = "/api/v1/broker/leverage/set"
        reply: LeverageSetResult = await self._call("PUT", path, asked, body)
        return reply
