"""What crosses the wire. Generated from the specs: change the server's models."""

from __future__ import annotations

from typing import Any, Literal, NotRequired, TypedDict

ConnectionStatus = Literal[1, 2, 3, 4]
"""Source: TradingView, ConnectionStatus."""

JsonValue = str | float | bool | None | list[Any] | dict[str, Any]
"""Any JSON value."""

NotificationType = Literal[0, 1]
"""Source: TradingView, NotificationType."""

OrderStatus = Literal[1, 2, 3, 4, 5, 6]
"""Status of an order; Filled, Canceled and Rejected are final."""

OrderType = Literal[1, 2, 3, 4]
"""Type of an order."""

ParentType = Literal[1, 2, 3]
"""Kind of the parent of a bracket."""

Side = Literal[1, -1]
"""Direction: the sign of the quantity."""

StopType = Literal[0, 1, 2]
"""Kind of a stop order."""


class AccountCreate(TypedDict):
    """A new account; the server chooses an id where none is sent. Every instrument needs a rate to its currency."""

    id: NotRequired[str | None]
    name: NotRequired[str]
    balance: NotRequired[float]
    currency: NotRequired[str]
    profile: NotRequired[Profile | None]


class AccountInfo(TypedDict):
    """An account with its deposit and its rules."""

    id: str
    name: str
    type: Literal["demo"]
    currency: str
    deposit: float
    profile: Profile


class AccountMessage(TypedDict):
    """A message to the owner of an account."""

    text: str
    type: Literal["information", "warning", "error"]


class AccountMetainfo(TypedDict):
    """Id, name and currency of an account. Source: TradingView, AccountMetainfo."""

    id: str
    name: str
    type: Literal["demo"]
    currency: str


class AccountReset(TypedDict):
    """Balance and rules of an account that is reset; by default its former ones."""

    balance: NotRequired[float | None]
    profile: NotRequired[Profile | None]


class ApiVersion(TypedDict):
    """One version of the contract; `breaking_changes` says what differs from the version before, one change a text.
    """

    version: str
    release_date: str
    status: Literal["stable", "beta", "deprecated"]
    breaking_changes: list[str]
    deprecation_notice: str | None
    sunset_date: str | None


class BandwidthAction(TypedDict):
    """Send at most `bytesPerS` bytes a second."""

    bytesPerS: int


class Bar(TypedDict):
    """One bar on the wire; `time` is epoch milliseconds of its start. Source: TradingView, Bar."""

    time: int
    open: float
    high: float
    low: float
    close: float
    volume: float


class BarsReply(TypedDict):
    """History of one symbol, ascending; without bars `next_time` (epoch milliseconds) is the nearest older bar."""

    bars: list[Bar]
    no_data: bool
    next_time: int | None


class BarsSubscriptionRequest(TypedDict):
    """Subscription to the bars of a symbol; the topic keeps the client's spelling."""

    symbol: str
    resolution: Literal["1", "3", "5", "15", "30", "60", "240", "1D", "1W", "1M", "D", "W", "M"]


class Brackets(TypedDict):
    """Bracket prices of a position; a field that is absent or null removes that bracket."""

    stopLoss: NotRequired[float | None]
    stopLossLimit: NotRequired[float | None]
    takeProfit: NotRequired[float | None]
    guaranteedStop: NotRequired[float | None]
    trailingStopPips: NotRequired[float | None]
    exitLevels: NotRequired[list[ExitLevel] | None]


class BrokerConfig(TypedDict):
    """`GET /broker/config`: the flags and the supported durations."""

    supportPositions: bool
    supportPLUpdate: bool
    supportMarketOrders: bool
    supportLimitOrders: bool
    supportStopOrders: bool
    supportStopLimitOrders: bool
    supportMarketBrackets: bool
    supportOrderBrackets: bool
    supportPositionBrackets: bool
    supportModifyBrackets: bool
    supportAddBracketsToExistingOrder: bool
    supportModifyOrderPrice: bool
    supportModifyOrderType: bool
    supportModifyDuration: bool
    supportEditAmount: bool
    supportTrailingStop: bool
    supportModifyTrailingStop: bool
    supportGuaranteedStop: bool
    supportClosePosition: bool
    supportPartialClosePosition: bool
    supportReversePosition: bool
    supportNativeReversePosition: bool
    supportMargin: bool
    supportLeverage: bool
    supportLeverageButton: bool
    supportPlaceOrderPreview: bool
    supportModifyOrderPreview: bool
    supportOrdersHistory: bool
    supportExecutions: bool
    supportSymbolSearch: bool
    supportStopOrdersInBothDirections: bool
    supportDemoLiveSwitcher: bool
    showNotificationsLog: bool
    closePositionCancelsOrders: bool
    supportPositionNetting: bool
    supportIndividualPositionBrackets: bool
    supportCloseIndividualPosition: bool
    supportPartialCloseIndividualPosition: bool
    requiresFIFOCloseIndividualPositions: bool
    supportMultipleExitLevels: bool
    supportUnpairedExitLevels: bool
    supportLevel2Data: bool
    supportBalances: bool
    supportCryptoExchangeOrderTicket: bool
    supportMultiposition: bool
    supportOnlyPairPositionBrackets: bool
    supportOnlyPairOrderBrackets: bool
    supportCancellingBothBracketsOnly: bool
    supportPreviewClosePosition: bool
    positionPLInInstrumentCurrency: bool
    showRiskInInstrumentCurrency: bool
    durations: list[DurationInfo]


class BrokerConnectionStatus(TypedDict):
    """Current state of the broker; `timestamp` is epoch milliseconds."""

    status: ConnectionStatus
    message: str | None
    disconnectType: int | None
    timestamp: int


class BrokerConnectionSubscriptionRequest(TypedDict):
    """The account of a `broker-connection` subscription."""

    accountId: str


class BusHealth(TypedDict):
    """The connection of a core or an edge to the bus."""

    role: Literal["core", "edge"]
    status: Literal["connected", "catching-up", "away"]
    lag: int
    lag_ms: int
    core: str | None


class ChartContent(TypedDict):
    """A saved layout; `timestamp` is epoch seconds."""

    id: int
    name: str
    content: str
    timestamp: int


class ChartList(TypedDict):
    """The layouts of an owner, oldest first."""

    status: Literal["ok"]
    data: list[ChartMetaInfo]


class ChartMetaInfo(TypedDict):
    """A saved layout without its content; `timestamp` is epoch seconds."""

    id: int
    name: str
    symbol: str
    resolution: str
    timestamp: int


class ChartToSave(TypedDict):
    """A layout to save, as a form or as JSON; `content` is that of the chart library."""

    name: str
    content: str
    symbol: NotRequired[str]
    resolution: NotRequired[str]


class ClientReport(TypedDict):
    """How a client behaved."""

    account: str | None
    session: str | None
    requests: int
    messages: int
    faults: int
    reconnects: Reconnects
    topics: TopicReport
    orders: ResentOrders
    retryAfter: RetryAfterReport
    cancelsAfterFill: int
    gaps: GapReport


class ClockAdvance(TypedDict):
    """How far to move the clock forward: exactly one of `to`, `by` and `until`.

    `to` is an instant, `by` a length in milliseconds. `until` ends at the next open or close of `symbol`, at the
    begin of its next bar of `resolution`, at the next execution, or at the next event of the world, but after
    `limit` milliseconds at the latest.
    """

    to: NotRequired[int | None]
    by: NotRequired[int | None]
    until: NotRequired[Literal["open", "close", "bar", "fill", "event"] | None]
    symbol: NotRequired[str | None]
    resolution: NotRequired[Literal["1", "3", "5", "15", "30", "60", "240", "1D", "1W", "1M", "D", "W", "M"] | None]
    limit: NotRequired[int | None]


class ClockChange(TypedDict):
    """New mode and speed; a field that is absent or null keeps its value."""

    mode: NotRequired[Literal["running", "paused"] | None]
    speed: NotRequired[float | None]


class ClockHealth(TypedDict):
    """Market time in epoch milliseconds, and the market seconds in one second; 0 while the clock stands still."""

    now: int
    speed: float


class ClockState(TypedDict):
    """The clock of a world.

    `speed` is the market seconds in one second while it runs. `target` is the end of an advance, null without one.
    """

    object: Literal["clock"]
    now: int
    mode: Literal["running", "paused"]
    speed: float
    status: Literal["ready", "advancing", "failed"]
    target: int | None


class ClockSubscription(TypedDict):
    """The clock of the world; an update after each change of it."""



class CloseAction(TypedDict):
    """Close a socket with a close code."""

    code: NotRequired[int]


class ClosePositionRequest(TypedDict):
    """Quantity of a position to close; all of it without `amount`."""

    amount: NotRequired[float | None]


class Commission(TypedDict):
    """Commission of a trade in account currency: `perTrade + perUnit * qty + rate * notional`, at least `minimum`.

    `rate`, `makerRate` and `takerRate` are fractions of the notional; the last two add to the first.
    """

    perTrade: NotRequired[float]
    perUnit: NotRequired[float]
    minimum: NotRequired[float]
    rate: NotRequired[float]
    makerRate: NotRequired[float]
    takerRate: NotRequired[float]


class CurrentQuotes(TypedDict):
    """The quote on the client's screen."""

    ask: float
    bid: float


class DOMData(TypedDict):
    """The order book, or its changes since the last snapshot; prices ascending on both sides.

    A change has the new volume of a level, 0 for a removed level. Source: TradingView, DOMData.
    """

    snapshot: bool
    asks: list[DOMLevel]
    bids: list[DOMLevel]


class DOMLevel(TypedDict):
    """One price of the order book; `volume` is null where the size is not told. Source: TradingView, DOMLevel."""

    price: float
    volume: float | None


class DatafeedConfiguration(TypedDict):
    """The supported features of the datafeed. Source: TradingView, DatafeedConfiguration."""

    exchanges: list[Exchange]
    symbols_types: list[SymbolType]
    supported_resolutions: list[str]
    supports_marks: bool
    supports_timescale_marks: bool
    supports_time: bool
    supports_search: NotRequired[bool]
    supports_group_request: NotRequired[bool]


class DepthSubscriptionRequest(TypedDict):
    """Subscription to the order book of a symbol."""

    symbol: str


class DrawingTemplateList(TypedDict):
    """The names of an owner's templates of one drawing tool, oldest first."""

    status: Literal["ok"]
    data: list[str]


class DrawingTemplateToSave(TypedDict):
    """A drawing template to save, as a form or as JSON; tool and name are in the query."""

    content: str


class DurationAction(TypedDict):
    """A duration in milliseconds."""

    ms: int


class DurationInfo(TypedDict):
    """A supported time in force. Source: TradingView, OrderDurationMetaInfo."""

    name: str
    value: str
    hasDatePicker: bool
    hasTimePicker: bool
    default: bool
    supportedOrderTypes: list[OrderType] | None


class EditBracketsRequest(TypedDict):
    """Brackets of a position: in `brackets` as TradingView sends them, or bare."""

    stopLoss: NotRequired[float | None]
    stopLossLimit: NotRequired[float | None]
    takeProfit: NotRequired[float | None]
    guaranteedStop: NotRequired[float | None]
    trailingStopPips: NotRequired[float | None]
    exitLevels: NotRequired[list[ExitLevel] | None]
    brackets: NotRequired[Brackets | None]
    customFields: NotRequired[dict[str, Any] | None]


class EquityData(TypedDict):
    """The money of an account, in its currency: equity = balance + unrealizedPL.

    `marginUsed` is the margin of the positions, `marginAvailable` is equity minus that and the margin of open
    orders; `message` is a warning while the account is below its maintenance margin.
    """

    equity: float
    balance: float
    unrealizedPL: float
    realizedPL: float
    commission: float
    marginUsed: float
    marginAvailable: float
    currency: str
    message: AccountMessage | None
    updateTime: int


class EquityHistory(TypedDict):
    """Equity of an account over time, oldest first; it begins with the account, or with the oldest trade it keeps.
    """

    resolution: str
    points: list[EquityPoint]


class EquityPoint(TypedDict):
    """Begin of a period in epoch milliseconds, and the equity at its end."""

    time: int
    equity: float


class EquitySubscriptionRequest(TypedDict):
    """The account of an `equity` subscription."""

    accountId: str


class ErrorPayload(TypedDict):
    """Why a message was refused."""

    code: str
    message: str


class Exchange(TypedDict):
    """An exchange filter of the symbol search."""

    value: str
    name: str
    desc: str


class Execution(TypedDict):
    """One trade.

    `netAmount` is minus its signed value (side * qty * price * point value), minus commission. Both amounts are in
    the account's currency; of an instrument in another one, at the rate of the trade.
    """

    id: str
    orderId: str
    symbol: str
    price: float
    qty: float
    side: Side
    time: int
    commission: float
    netAmount: float
    maker: bool


class ExecutionExplanation(TypedDict):
    """Rule and figures behind a trade."""

    execution: Execution
    rule: str
    quote: QuoteSeen
    level: int | None
    levelPrice: float | None
    displayed: float | None
    takenBefore: float
    slippage: float
    draw: float | None
    rate: RateSeen | None
    margin: MarginSeen


class ExecutionSubscriptionRequest(TypedDict):
    """The account of an `executions` subscription, for all symbols or for one."""

    accountId: str
    symbol: NotRequired[str | None]


class ExitLevel(TypedDict):
    """One of several exits: a quantity with a take-profit, a stop or both, of which one cancels the other."""

    id: NotRequired[str | None]
    qty: float
    takeProfit: NotRequired[float | None]
    stopLoss: NotRequired[float | None]
    stopLossLimit: NotRequired[float | None]
    guaranteedStop: NotRequired[float | None]
    trailingStopPips: NotRequired[float | None]


class Fault(TypedDict):
    """A rule with its id and its counts."""

    id: str
    name: NotRequired[str]
    stage: Literal["request", "order", "push", "connection"]
    match: NotRequired[FaultMatch]
    do: FaultAction
    phase: NotRequired[Literal["before", "after"]]
    after: NotRequired[int]
    times: NotRequired[int | None]
    probability: NotRequired[float]
    stats: FaultStats


class FaultAction(TypedDict):
    """The action of a rule: exactly one field."""

    status: NotRequired[StatusAction | None]
    latency: NotRequired[LatencyAction | None]
    timeout: NotRequired[DurationAction | None]
    reset: NotRequired[bool | None]
    halfOpen: NotRequired[bool | None]
    truncate: NotRequired[TruncateAction | None]
    reject: NotRequired[RejectAction | None]
    fill: NotRequired[FillAction | None]
    delay: NotRequired[DurationAction | None]
    drop: NotRequired[bool | None]
    duplicate: NotRequired[bool | None]
    reorder: NotRequired[ReorderAction | None]
    close: NotRequired[CloseAction | None]
    stall: NotRequired[bool | None]
    bandwidth: NotRequired[BandwidthAction | None]
    refuse: NotRequired[bool | None]


class FaultList(TypedDict):
    """A whole list of rules; the first that matches wins."""

    faults: list[FaultRequest]


class FaultMatch(TypedDict):
    """The cases of a rule: each field that is given must match. In text, `*` stands for any characters."""

    method: NotRequired[str | None]
    path: NotRequired[str | None]
    account: NotRequired[str | None]
    address: NotRequired[str | None]
    symbol: NotRequired[str | None]
    type: NotRequired[OrderType | None]
    side: NotRequired[Side | None]
    clientOrderId: NotRequired[str | None]
    topic: NotRequired[str | None]
    route: NotRequired[str | None]
    session: NotRequired[str | None]


class FaultRequest(TypedDict):
    """A rule."""

    id: NotRequired[str | None]
    name: NotRequired[str]
    stage: Literal["request", "order", "push", "connection"]
    match: NotRequired[FaultMatch]
    do: FaultAction
    phase: NotRequired[Literal["before", "after"]]
    after: NotRequired[int]
    times: NotRequired[int | None]
    probability: NotRequired[float]


class FaultStats(TypedDict):
    """How many cases a rule matched, and how often it was applied."""

    matched: int
    applied: int


class FeedHealth(TypedDict):
    """Kind of the feed and of the sessions, and the symbols whose price is overdue, with the seconds."""

    kind: Literal["synthetic", "replay", "external"]
    sessions: Literal["24x7", "exchange"]
    stale: dict[str, int]


class FillAction(TypedDict):
    """Fill at most `qty` of the order; then it stays as it is, or its rest is canceled."""

    qty: float
    then: NotRequired[Literal["stall", "cancel"]]


class GapReport(TypedDict):
    """Updates of exact topics that a fault dropped, and those after which the topic was resumed."""

    seen: int
    resumed: int
    notResumed: int


class HaltedQuoteValues(TypedDict):
    """Values of a quote while trading is halted; `halted` is the begin of the halt."""

    lp: float
    ask: float
    bid: float
    spread: float
    open_price: float
    high_price: float
    low_price: float
    prev_close_price: float
    volume: float
    ch: float
    chp: float
    short_name: str
    exchange: str
    description: str
    original_name: str
    halted: int


class HeartbeatPayload(TypedDict):
    """Heartbeat; `serverTime` is market time."""

    serverTime: int


class HelloPayload(TypedDict):
    """Request for `welcome` and heartbeats; the token is used where the server requires one."""

    token: NotRequired[str | None]


class IndividualPLSubscriptionRequest(TypedDict):
    """The account of an `individual-pl` subscription; an update is the PLUpdate of its individual positions."""

    accountId: str


class IndividualPosition(TypedDict):
    """The open part of what one order of a hedging account opened; `qty` is 0 in its last update."""

    takeProfit: float | None
    stopLoss: float | None
    stopLossLimit: float | None
    guaranteedStop: float | None
    trailingStopPips: float | None
    exitLevels: list[ExitLevel] | None
    id: str
    symbol: str
    orderId: str
    date: int
    qty: float
    side: Side
    price: float
    pl: float
    realizedPL: float
    canBeClosed: bool
    updateTime: int


class IndividualPositionSubscriptionRequest(TypedDict):
    """The account of an `individual-positions` subscription."""

    accountId: str


class InstrumentInfo(TypedDict):
    """Trading facts of one instrument. Source: TradingView, InstrumentInfo."""

    symbol: str
    description: str
    type: str
    qty: QtyInfo
    pipSize: float
    pipValue: float
    minTick: float
    variableMinTick: str | None
    lotSize: float
    limitPriceStep: float
    stopPriceStep: float
    bigPointValue: float
    marginRate: float
    leverage: str
    currency: str
    baseCurrency: str | None
    quoteCurrency: str | None
    allowedDurations: list[str]
    allowedOrderTypes: list[OrderType]


class LatencyAction(TypedDict):
    """Wait `ms`, and up to `jitter` milliseconds more."""

    ms: int
    jitter: NotRequired[int]


class LedgerHealth(TypedDict):
    """The ledger audit: checks and violations since the start, and the last violation."""

    checks: int
    violations: int
    last: str | None


class LeverageInfo(TypedDict):
    """Leverage of a symbol and its range."""

    title: str
    leverage: int
    min: int
    max: int
    step: int


class LeveragePreviewResult(TypedDict):
    """Effect of a change of leverage."""

    infos: list[str] | None
    warnings: list[str] | None
    errors: list[str] | None


class LeverageSetParams(TypedDict):
    """Leverage that a client requests."""

    symbol: str
    orderType: NotRequired[OrderType | None]
    side: NotRequired[Side | None]
    leverage: float
    customFields: NotRequired[dict[str, Any] | None]


class LeverageSetResult(TypedDict):
    """The new leverage."""

    leverage: int


class LibrarySymbolInfo(TypedDict):
    """A resolved symbol; `ticker` is the plain name: TradingView allows no exchange in it. Source: TradingView."""

    name: str
    full_name: str
    ticker: str
    description: str
    type: str
    session: str
    session_holidays: str
    corrections: str
    exchange: str
    listed_exchange: str
    timezone: str
    format: Literal["price", "volume"]
    pricescale: int
    minmov: int
    variable_tick_size: NotRequired[str]
    has_intraday: bool
    intraday_multipliers: list[str]
    has_daily: bool
    daily_multipliers: list[str]
    has_weekly_and_monthly: bool
    supported_resolutions: list[str]
    volume_precision: int
    data_status: Literal["streaming", "endofday", "delayed_streaming"]
    currency_code: str


class Limits(TypedDict):
    """Limits of an account; None is no limit."""

    maxOpenOrders: NotRequired[int | None]
    maxPosition: NotRequired[float | None]
    dailyLoss: NotRequired[float | None]


class LinkedOrders(TypedDict):
    """Two orders of which one cancels the other (OCO): the same symbol, side and quantity."""

    orders: list[PreOrder]


class LinkedOrdersResult(TypedDict):
    """The ids of two linked orders, in the order of the request."""

    orderIds: list[str]


class LintHealth(TypedDict):
    """The linter of `--lint`: checks and violations since the start, and the last violation."""

    checks: int
    violations: int
    last: str | None


class LoadedChart(TypedDict):
    """One layout."""

    status: Literal["ok"]
    data: ChartContent


class LoadedTemplate(TypedDict):
    """One template."""

    status: Literal["ok"]
    data: Template


class MarginAvailable(TypedDict):
    """Margin that new risk can use: `marginAvailable` of the account's EquityData.

    Source: marginAvailableUpdate.
    """

    marginAvailable: float
    currency: str
    updateTime: int


class MarginAvailableSubscriptionRequest(TypedDict):
    """The account of a `margin-available` subscription."""

    accountId: str


class MarginSeen(TypedDict):
    """Margin figures of the account before a trade; `required` is the margin beyond the reserve of the order."""

    equity: float
    used: float
    reserved: float
    available: float
    required: float


class ModuleHealth(TypedDict):
    """Health of one module; `timestamp` is ISO 8601."""

    status: Literal["ok", "degraded", "starting"]
    message: str
    timestamp: str
    module_name: str
    api_version: str


class NoticePayload(TypedDict):
    """The connection will be closed in `inMs` milliseconds."""

    code: str
    message: str
    inMs: int


class Notification(TypedDict):
    """A notification, in the arguments of TradingView's `showNotification`; `time` is epoch milliseconds."""

    title: str
    text: str
    type: NotificationType
    time: int


class NotificationSubscriptionRequest(TypedDict):
    """The account of a `notifications` subscription."""

    accountId: str


class OrderChange(TypedDict):
    """A change of an order: an absent field keeps its value, null removes it.

    Prices and quantities are in the instrument's natural units. Symbol, type and side cannot change. Which fields
    were sent is in `model_fields_set`.
    """

    symbol: NotRequired[str]
    type: NotRequired[OrderType]
    side: NotRequired[Side]
    qty: NotRequired[float]
    notional: NotRequired[float | None]
    limitPrice: NotRequired[float | None]
    stopPrice: NotRequired[float | None]
    takeProfit: NotRequired[float | None]
    stopLoss: NotRequired[float | None]
    stopLossLimit: NotRequired[float | None]
    guaranteedStop: NotRequired[float | None]
    trailingStopPips: NotRequired[float | None]
    trailPercent: NotRequired[float | None]
    stopType: NotRequired[StopType | None]
    duration: NotRequired[OrderDuration | None]
    seenPrice: NotRequired[float | None]
    currentQuotes: NotRequired[CurrentQuotes | None]
    isClose: NotRequired[bool | None]
    postOnly: NotRequired[bool | None]
    clientOrderId: NotRequired[str | None]
    customFields: NotRequired[dict[str, Any] | None]
    positionId: NotRequired[str | None]
    exitLevels: NotRequired[list[ExitLevel] | None]


class OrderDuration(TypedDict):
    """Time in force: `type` is one of `durations` in `GET /broker/config`; `datetime` is epoch milliseconds."""

    type: str
    datetime: NotRequired[int | None]


class OrderMessage(TypedDict):
    """A message to the owner of an order."""

    text: str
    type: Literal["information", "warning", "error"]


class OrderPreviewResult(TypedDict):
    """Estimated cost of an order, and the reasons against it. Source: TradingView, OrderPreviewResult."""

    sections: list[PreviewSection]
    confirmId: str | None
    warnings: list[str] | None
    errors: list[str] | None


class OrderSubscriptionRequest(TypedDict):
    """The account of an `orders` subscription."""

    accountId: str


class PLSubscriptionRequest(TypedDict):
    """The account of a `pl` subscription."""

    accountId: str


class PLUpdate(TypedDict):
    """The open positions of an account, sent in each tick that moves the mark of one of them."""

    positions: list[PositionPL]
    time: int


class PipValueSubscriptionRequest(TypedDict):
    """The account and the symbol of a `pip-value` subscription."""

    accountId: str
    symbol: str


class PipValues(TypedDict):
    """Value of a pip of one lot in the account's currency, for a buy and for a sell. Source: pipValueUpdate."""

    symbol: str
    buyPipValue: float
    sellPipValue: float


class PlaceOrderResult(TypedDict):
    """The id of the new order."""

    orderId: str


class PlacedOrder(TypedDict):
    """An order in the server's state. All keys are present, null where unset; times are epoch milliseconds."""

    id: str
    symbol: str
    type: OrderType
    side: Side
    qty: float
    status: OrderStatus
    limitPrice: float | None
    stopPrice: float | None
    takeProfit: float | None
    stopLoss: float | None
    stopLossLimit: float | None
    guaranteedStop: float | None
    trailingStopPips: float | None
    stopType: StopType | None
    duration: OrderDuration | None
    seenPrice: float | None
    currentQuotes: CurrentQuotes | None
    isClose: bool | None
    postOnly: bool | None
    clientOrderId: str | None
    customFields: dict[str, Any] | None
    filledQty: float
    avgPrice: float | None
    createTime: int
    updateTime: int
    parentId: str | None
    parentType: ParentType | None
    commission: float
    message: OrderMessage | None
    reason: str | None
    notional: float | None
    trailPercent: float | None
    revision: int
    positionId: str | None
    exitLevels: list[ExitLevel] | None
    exitLevelId: str | None


class Position(TypedDict):
    """A netted position; `qty` is 0 in its last update, `pl` is unrealised, all money in the account currency.

    With individual positions on both sides of the market, `avgPrice` is the price at which their sum makes no
    profit.
    """

    takeProfit: float | None
    stopLoss: float | None
    stopLossLimit: float | None
    guaranteedStop: float | None
    trailingStopPips: float | None
    exitLevels: list[ExitLevel] | None
    id: str
    symbol: str
    qty: float
    side: Side
    avgPrice: float
    pl: float
    realizedPL: float
    canBeClosed: bool
    updateTime: int


class PositionPL(TypedDict):
    """Unrealised profit of one position at one mark price."""

    id: str
    symbol: str
    pl: float
    price: float


class PositionSubscriptionRequest(TypedDict):
    """The account of a `positions` subscription."""

    accountId: str


class PreOrder(TypedDict):
    """An order as the client sends it. Prices and quantities in the instrument's natural units."""

    symbol: str
    type: OrderType
    side: Side
    qty: float
    notional: NotRequired[float | None]
    limitPrice: NotRequired[float | None]
    stopPrice: NotRequired[float | None]
    takeProfit: NotRequired[float | None]
    stopLoss: NotRequired[float | None]
    stopLossLimit: NotRequired[float | None]
    guaranteedStop: NotRequired[float | None]
    trailingStopPips: NotRequired[float | None]
    trailPercent: NotRequired[float | None]
    stopType: NotRequired[StopType | None]
    duration: NotRequired[OrderDuration | None]
    seenPrice: NotRequired[float | None]
    currentQuotes: NotRequired[CurrentQuotes | None]
    isClose: NotRequired[bool | None]
    postOnly: NotRequired[bool | None]
    clientOrderId: NotRequired[str | None]
    customFields: NotRequired[dict[str, Any] | None]
    positionId: NotRequired[str | None]
    exitLevels: NotRequired[list[ExitLevel] | None]


class PreviewRow(TypedDict):
    """One line of an order preview."""

    title: str
    value: str


class PreviewSection(TypedDict):
    """A titled group of lines of an order preview."""

    header: str | None
    rows: list[PreviewRow]


class Problem(TypedDict):
    """Error body of every refused request. Source: RFC 9457; `code` and `errors` are our extension members."""

    type: NotRequired[str]
    title: str
    status: int
    detail: str
    code: str
    errors: NotRequired[list[ValidationIssue] | None]


class Profile(TypedDict):
    """The rules of an account."""

    fillModel: NotRequired[Literal["market", "simulator"]]
    executionDelay: NotRequired[float | None]
    isManual: NotRequired[bool]
    latencyMs: NotRequired[int]
    touch: NotRequired[bool]
    unlimitedSize: NotRequired[bool]
    commission: NotRequired[Commission]
    slippage: NotRequired[Slippage]
    limits: NotRequired[Limits]
    leverage: NotRequired[int]
    guaranteedStopPremium: NotRequired[float]
    mark: NotRequired[Literal["quote", "last"]]
    marginCall: NotRequired[float | None]
    stopOut: NotRequired[float | None]
    stopOrdersBothDirections: NotRequired[bool]
    longOnly: NotRequired[bool]
    suspended: NotRequired[bool]
    hedging: NotRequired[bool]
    fifoClose: NotRequired[bool]


class PublishResponsePayload(TypedDict):
    """Answer to ticks on a socket; `code` is the broken rule of a refused batch, of which no tick was accepted."""

    status: Literal["ok", "error"]
    message: str
    accepted: int
    code: str | None


class QtyInfo(TypedDict):
    """Quantity range and step."""

    min: float
    max: float
    step: float
    default: float


class QuoteData(TypedDict):
    """One quote; `n` is the requested name. Source: TradingView, QuoteData."""

    s: Literal["ok", "error"]
    n: str
    v: StaleUntradedQuoteValues | UntradedQuoteValues | StaleQuoteValues | HaltedQuoteValues | QuoteValues | QuoteError


class QuoteDataSubscriptionRequest(TypedDict):
    """Subscription to quotes: `fast_symbols` at every tick, `symbols` at most once a minute; fast is preferred."""

    symbols: NotRequired[list[str]]
    fast_symbols: NotRequired[list[str]]


class QuoteError(TypedDict):
    """Values of a quote without a price."""

    error: str


class QuoteSeen(TypedDict):
    """The quote that a trade was decided on; `time` is epoch milliseconds, a size is null where it was not told."""

    time: int
    bid: float
    ask: float
    last: float
    bidSize: float | None
    askSize: float | None


class QuoteValues(TypedDict):
    """Values of a good quote. Source: TradingView, DatafeedQuoteValues."""

    lp: float
    ask: float
    bid: float
    spread: float
    open_price: float
    high_price: float
    low_price: float
    prev_close_price: float
    volume: float
    ch: float
    chp: float
    short_name: str
    exchange: str
    description: str
    original_name: str


class QuotesRequest(TypedDict):
    """A request for quotes of at most 500 names."""

    symbols: list[str]


class RateSeen(TypedDict):
    """Rate of a trade whose instrument has another currency than the account: one unit of `currency` is `value` units.

    `symbol` is the instrument that gave it: a currency pair, or the instrument itself.
    """

    symbol: str
    currency: str
    value: float


class Reconnects(TypedDict):
    """Sockets that ended without the client's wish, and the time until the next one of the same address."""

    lost: int
    reconnected: int
    maxMs: int | None


class Recover(TypedDict):
    """Position of a client that resumes: epoch and number of its last update."""

    epoch: str
    seq: int


class RejectAction(TypedDict):
    """Reject the order with a reason code and a message for traders."""

    reason: str
    message: NotRequired[str]


class ReorderAction(TypedDict):
    """Send the message after the next `n` messages of its topic."""

    n: NotRequired[int]


class RequestRecord(TypedDict):
    """A request, a message of a socket, or the begin or end of a socket.

    `status` is the HTTP status, the close code of a socket, or 200 or 400 for a message; null without an answer.
    `durationMs` is null for messages. With `replyLost` the command was done, and a fault kept its reply.
    """

    number: int
    time: int
    kind: Literal["request", "open", "message", "close"]
    method: str
    path: str
    account: str | None
    address: str
    session: str | None
    requestId: str
    status: int | None
    durationMs: float | None
    fault: str | None
    replyLost: bool


class ResentOrders(TypedDict):
    """Orders whose reply was lost, and which of them came again.

    A repeated `clientOrderId` is one order; the same body under another id, or without one, is a second order.
    """

    repliesLost: int
    sameClientOrderId: int
    sameBody: int


class ResolveRequest(TypedDict):
    """A request for the symbol infos of at most 500 names."""

    symbols: list[str]


class RetryAfterReport(TypedDict):
    """Requests after an answer with Retry-After: in time, or too early."""

    kept: int
    ignored: int


class SavedChart(TypedDict):
    """A layout was saved."""

    status: Literal["ok"]
    id: int


class Scenario(TypedDict):
    """A stored scenario; `end` is null while it has no end."""

    id: str
    symbol: str
    kind: Literal["shock", "halt", "spread"]
    factor: float | None
    begin: int
    end: int | None
    status: Literal["scheduled", "active", "over"]


class ScenarioRequest(TypedDict):
    """A scenario of a symbol from `begin` to before `end` (epoch milliseconds of market time).

    A `shock` multiplies prices by `factor`, a `spread` the distance of bid and ask; a `halt` stops trading. Without
    `begin` it starts at once, without `end` it lasts until it is deleted. Times are rounded up to 200 ms.
    """

    symbol: str
    kind: Literal["shock", "halt", "spread"]
    factor: NotRequired[float | None]
    begin: NotRequired[int | None]
    end: NotRequired[int | None]


class SearchPage(TypedDict):
    """A page of matches, the best first, and the number of matches behind it."""

    items: list[SearchSymbolResultItem]
    symbols_remaining: int


class SearchSymbolResultItem(TypedDict):
    """One row of a symbol search; `ticker` is the plain name. Source: TradingView, SearchSymbolResultItem."""

    symbol: str
    full_name: str
    description: str
    exchange: str
    ticker: str
    type: str


class ServerHealth(TypedDict):
    """Health of the whole server; `uptime` is seconds, `lint` is null without `--lint`, `bus` without `--bus`."""

    status: Literal["ok", "degraded", "starting"]
    message: str
    timestamp: str
    module_name: str
    api_version: str
    uptime: float
    version: str
    modules: list[str]
    clock: ClockHealth
    feed: FeedHealth
    ledger: LedgerHealth | None
    storage: StorageHealth
    ticker: TickHealth
    lint: LintHealth | None
    bus: BusHealth | None


class Slippage(TypedDict):
    """Slippage of market and stop orders, and the share of the displayed size that an account can take."""

    ticks: NotRequired[int]
    probability: NotRequired[float]
    volumeShare: NotRequired[float]


class Sparkline(TypedDict):
    """The course of one trading day for a small picture: the closes of its bars, ascending; the last one is forming.

    While the market is closed it is the day before. `symbol` is the name of the request, `time` the open of the day
    in epoch milliseconds; bars have 15 minutes, or more where the feed has no such bars.
    """

    symbol: str
    time: int
    resolution: str
    closes: list[float]


class SparklinesRequest(TypedDict):
    """A request for the sparklines of at most 100 names."""

    symbols: list[str]


class StaleQuoteValues(TypedDict):
    """Values of an overdue quote; `stale` is the number of seconds without a new price."""

    lp: float
    ask: float
    bid: float
    spread: float
    open_price: float
    high_price: float
    low_price: float
    prev_close_price: float
    volume: float
    ch: float
    chp: float
    short_name: str
    exchange: str
    description: str
    original_name: str
    stale: int


class StaleUntradedQuoteValues(TypedDict):
    """Values of an overdue quote before the first trade: `lp` is the middle of bid and ask."""

    lp: float
    ask: float
    bid: float
    spread: float
    open_price: float
    high_price: float
    low_price: float
    prev_close_price: float
    volume: float
    ch: float
    chp: float
    short_name: str
    exchange: str
    description: str
    original_name: str
    stale: int
    untraded: bool


class StatusAction(TypedDict):
    """Answer with a status; without `body` it is the problem body of the status."""

    code: int
    retryAfter: NotRequired[int | None]
    body: NotRequired[dict[str, Any] | None]


class StorageError(TypedDict):
    """A request that was refused."""

    status: Literal["error"]
    message: str


class StorageHealth(TypedDict):
    """Kind of the storage, number of its events, and whether it can be written."""

    kind: str
    events: int
    writable: bool


class StorageOk(TypedDict):
    """Something was saved or deleted."""

    status: Literal["ok"]


class StudyTemplateList(TypedDict):
    """The study templates of an owner, oldest first."""

    status: Literal["ok"]
    data: list[TemplateName]


class StudyTemplateToSave(TypedDict):
    """A study template to save, as a form or as JSON."""

    name: str
    content: str


class SubscribeResponsePayload(TypedDict):
    """Answer to subscribe and unsubscribe.

    The next update of the topic on this connection has a greater number than `seq`; `seq + 1` where every update is
    delivered. `snapshot` is the state at `seq`; it is left out when the missed updates follow.
    """

    status: Literal["ok", "error"]
    message: str
    topic: str
    epoch: NotRequired[str | None]
    seq: NotRequired[int | None]
    recovered: NotRequired[bool | None]
    snapshot: NotRequired[Any]


class SuccessResponse(TypedDict):
    """Answer to a command without a result of its own."""

    success: bool
    message: str | None


class SymbolType(TypedDict):
    """A type filter of the symbol search."""

    name: str
    value: str


class Template(TypedDict):
    """A saved template."""

    name: str
    content: str


class TemplateName(TypedDict):
    """A saved study template without its content."""

    name: str


class Tick(TypedDict):
    """A trade, a quote, or both, of one symbol at one instant (epoch milliseconds).

    A trade is a `price` with its `size`; a quote is `bid` and `ask`, with sizes where they are known.
    """

    symbol: str
    time: int
    price: NotRequired[float | None]
    size: NotRequired[float | None]
    bid: NotRequired[float | None]
    ask: NotRequired[float | None]
    bid_size: NotRequired[float | None]
    ask_size: NotRequired[float | None]


class TickHealth(TypedDict):
    """The ticker: whether it runs, its ticks, and the periods that it skipped."""

    running: bool
    ticks: int
    skipped: int


class TicksReply(TypedDict):
    """Number of accepted ticks."""

    accepted: int


class TicksRequest(TypedDict):
    """Ticks in order of time; all of them are accepted, or none."""

    ticks: list[Tick]


class TopicReport(TypedDict):
    """Topics of lost sockets: subscribed again without a gap, or not."""

    resumed: int
    lost: list[str]


class TruncateAction(TypedDict):
    """Send only the first `bytes` of a body; of a message, by default the first half."""

    bytes: NotRequired[int | None]


class UdfConfig(TypedDict):
    """The supported features of the feed."""

    supports_search: bool
    supports_group_request: bool
    supports_marks: bool
    supports_timescale_marks: bool
    supports_time: bool
    supported_resolutions: list[str]
    exchanges: list[Exchange]
    symbols_types: list[SymbolType]


class UdfError(TypedDict):
    """A refused query; `errmsg` is `unknown_symbol` for an unknown symbol."""

    s: Literal["error"]
    errmsg: str


class UdfHistory(TypedDict):
    """Bars as columns, ascending.

    Without bars `s` is `no_data` and `nextTime` the time of the nearest older bar.
    """

    s: Literal["ok", "no_data"]
    t: list[int]
    o: list[float]
    h: list[float]
    l: list[float]
    c: list[float]
    v: list[float]
    nextTime: int | None


class UdfMark(TypedDict):
    """A mark on a bar: one of the account's executions."""

    id: str
    time: int
    color: str
    text: str
    label: str
    labelFontColor: str
    minSize: int


class UdfQuotes(TypedDict):
    """Quotes of the requested names, in order."""

    s: Literal["ok"]
    d: list[QuoteData]


class UdfSymbol(TypedDict):
    """A resolved symbol with the protocol's other field names beside those of LibrarySymbolInfo."""

    name: str
    full_name: str
    ticker: str
    description: str
    type: str
    session: str
    session_holidays: str
    corrections: str
    exchange: str
    listed_exchange: str
    timezone: str
    format: Literal["price", "volume"]
    pricescale: int
    minmov: int
    variable_tick_size: NotRequired[str]
    has_intraday: bool
    intraday_multipliers: list[str]
    has_daily: bool
    daily_multipliers: list[str]
    has_weekly_and_monthly: bool
    supported_resolutions: list[str]
    volume_precision: int
    data_status: Literal["streaming", "endofday", "delayed_streaming"]
    currency_code: str
    minmovement: int
    exchange_listed_name: str
    minmove2: int
    fractional: bool


class UdfTimescaleMark(TypedDict):
    """A mark on the time axis: a day with exceptional trading hours."""

    id: str
    time: int
    color: str
    label: str
    tooltip: list[str]


class UntradedQuoteValues(TypedDict):
    """Values of a quote before the first trade: `lp` is the middle of bid and ask."""

    lp: float
    ask: float
    bid: float
    spread: float
    open_price: float
    high_price: float
    low_price: float
    prev_close_price: float
    volume: float
    ch: float
    chp: float
    short_name: str
    exchange: str
    description: str
    original_name: str
    untraded: bool


class ValidationIssue(TypedDict):
    """One field that does not validate; `loc` is the path to it."""

    loc: list[str | int]
    msg: str
    type: str


class Versions(TypedDict):
    """All versions of the contract by name, and the recommended one."""

    current_version: str
    available_versions: dict[str, ApiVersion]
    documentation_url: str
    support_contact: str


class WelcomePayload(TypedDict):
    """Answer to hello."""

    session: str
    serverTime: int
    epoch: str
    heartbeatMs: int
    limits: dict[str, float | int]
    resumeWindowMs: int


class World(TypedDict):
    """A world that a caller made; `created` and `deletesAfter` are real time, the latter as long as nobody uses it.
    """

    id: str
    object: Literal["world"]
    name: str | None
    status: Literal["ready"]
    created: int
    deletesAfter: int
    seed: int
    clock: ClockState
    accounts: list[AccountInfo]
    urls: WorldUrls


class WorldCreate(TypedDict):
    """A new world; what is absent or null is as in the server's settings.

    `start` is its market time, epoch milliseconds. `ttl` is the seconds after its last use when it is deleted.
    `program` and `state` are those of a snapshot: a snapshot is the body that makes the world again.
    """

    name: NotRequired[str | None]
    seed: NotRequired[int | None]
    start: NotRequired[int | None]
    mode: NotRequired[Literal["running", "paused"]]
    speed: NotRequired[float]
    fillModel: NotRequired[Literal["market", "simulator"] | None]
    accounts: NotRequired[list[AccountCreate]]
    ttl: NotRequired[int]
    program: NotRequired[str | None]
    state: NotRequired[str | None]


class WorldDeleted(TypedDict):
    """Answer to the deletion of a world."""

    id: str
    object: Literal["world"]
    deleted: bool


class WorldFork(TypedDict):
    """A copy of a world, with a name and a `ttl` of its own."""

    name: NotRequired[str | None]
    ttl: NotRequired[int]


class WorldSnapshot(TypedDict):
    """A world in one file: the body of a later `POST /worlds`, in this process or another one of the same version.

    `program` names the version and the catalogue. `state` is compressed and in base64.
    """

    name: str | None
    seed: int
    start: int
    mode: Literal["running", "paused"]
    speed: float
    fillModel: Literal["market", "simulator"]
    ttl: int
    program: str
    state: str


class WorldUrls(TypedDict):
    """Addresses of a world: its page, API and stream, the UDF protocol, and the three bases of the Alpaca dialect.
    """

    page: str
    api: str
    ws: str
    udf: str
    alpaca: str
    alpacaStream: str
    alpacaData: str


ChartsReply = ChartList | LoadedChart | StorageError
"""Answer of `GET /charts`."""

DrawingTemplatesReply = DrawingTemplateList | LoadedTemplate | StorageError
"""Answer of `GET /drawing_templates`."""

SavedChartReply = SavedChart | StorageError
"""Answer of `POST /charts`."""

StorageReply = StorageOk | StorageError
"""Answer to another save, or to a delete."""

StudyTemplatesReply = StudyTemplateList | LoadedTemplate | StorageError
"""Answer of `GET /study_templates`."""

UdfHistoryReply = UdfHistory | UdfError
"""Answer of `/udf/history`."""

UdfMarksReply = list[UdfMark] | UdfError
"""Answer of `/udf/marks`."""

UdfQuotesReply = UdfQuotes | UdfError
"""Answer of `/udf/quotes`."""

UdfSearchReply = list[SearchSymbolResultItem] | UdfError
"""Answer of `/udf/search`."""

UdfSymbolInfoReply = dict[str, list[str] | list[int] | list[bool] | list[list[str]]] | UdfError
"""Answer of `/udf/symbol_info`."""

UdfSymbolReply = UdfSymbol | UdfError
"""Answer of `/udf/symbols`."""

UdfTimescaleMarksReply = list[UdfTimescaleMark] | UdfError
"""Answer of `/udf/timescale_marks`."""
