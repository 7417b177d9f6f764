"""The answers of the dialect as models, for its OpenAPI document; the handlers write plain dictionaries.

A test compares the answers with the document. Source: Alpaca's OpenAPI documents.
"""

from typing import Annotated, Literal

from pydantic import BaseModel, Field

Decimal = Annotated[str, Field(pattern=r"^-?\d+(\.\d+)?$")]
"""A decimal number as a string."""

Uuid = Annotated[str, Field(json_schema_extra={"format": "uuid"})]
Time = Annotated[str, Field(json_schema_extra={"format": "date-time"})]


class Account(BaseModel):
    """An account and its money."""

    id: Uuid
    account_number: str
    status: str
    crypto_status: str
    currency: str
    cash: Decimal
    equity: Decimal
    last_equity: Decimal
    portfolio_value: Decimal
    buying_power: Decimal
    regt_buying_power: Decimal
    daytrading_buying_power: Decimal
    options_buying_power: Decimal
    non_marginable_buying_power: Decimal
    long_market_value: Decimal
    short_market_value: Decimal
    position_market_value: Decimal
    initial_margin: Decimal
    maintenance_margin: Decimal
    last_maintenance_margin: Decimal
    sma: Decimal
    multiplier: Decimal
    accrued_fees: Decimal
    shorting_enabled: bool
    pattern_day_trader: bool
    daytrade_count: int
    trading_blocked: bool
    transfers_blocked: bool
    account_blocked: bool
    trade_suspended_by_user: bool
    created_at: Time


class Configuration(BaseModel):
    """The configuration of an account."""

    dtbp_check: str
    pdt_check: str
    trade_confirm_email: str
    suspend_trade: bool
    no_shorting: bool
    fractional_trading: bool
    max_margin_multiplier: Decimal
    ptp_no_exception_entry: bool
    max_options_trading_level: int
    disable_overnight_trading: bool


class PortfolioHistory(BaseModel):
    """Equity over time; times are epoch seconds of the begin of each period."""

    timestamp: list[int]
    equity: list[float]
    profit_loss: list[float]
    profit_loss_pct: list[float]
    base_value: float
    timeframe: Literal["1Min", "5Min", "15Min", "1H", "1D"]


class Order(BaseModel):
    """One revision of an order."""

    id: Uuid
    client_order_id: str
    created_at: Time
    updated_at: Time
    submitted_at: Time
    filled_at: Time | None
    expired_at: Time | None
    canceled_at: Time | None
    failed_at: Time | None
    replaced_at: Time | None
    replaced_by: Uuid | None
    replaces: Uuid | None
    asset_id: Uuid
    symbol: str
    asset_class: Literal["us_equity", "crypto"]
    notional: Decimal | None
    qty: Decimal | None
    filled_qty: Decimal
    filled_avg_price: Decimal | None
    order_class: Literal["simple", "bracket", "oco", "oto"]
    order_type: Literal["market", "limit", "stop", "stop_limit", "trailing_stop"]
    type: Literal["market", "limit", "stop", "stop_limit", "trailing_stop"]
    side: Literal["buy", "sell"]
    time_in_force: Literal["day", "gtc", "opg", "cls", "ioc", "fok"]
    limit_price: Decimal | None
    stop_price: Decimal | None
    status: Literal[
        "new",
        "partially_filled",
        "filled",
        "canceled",
        "expired",
        "replaced",
        "accepted",
        "pending_new",
        "rejected",
        "held",
    ]
    extended_hours: bool
    legs: list["Order"] | None
    trail_percent: Decimal | None
    trail_price: Decimal | None
    hwm: Decimal | None
    position_intent: Literal["buy_to_open", "buy_to_close", "sell_to_open", "sell_to_close"] | None = None


class CanceledOrder(BaseModel):
    """One order of a cancellation of all, with an HTTP status."""

    id: Uuid
    status: int


class Position(BaseModel):
    """An open position; the quantity of a short one is negative."""

    asset_id: Uuid
    symbol: str
    exchange: str
    asset_class: Literal["us_equity", "crypto"]
    asset_marginable: bool
    avg_entry_price: Decimal
    qty: Decimal
    qty_available: Decimal
    side: Literal["long", "short"]
    market_value: Decimal
    cost_basis: Decimal
    unrealized_pl: Decimal
    unrealized_plpc: Decimal
    unrealized_intraday_pl: Decimal
    unrealized_intraday_plpc: Decimal
    current_price: Decimal
    lastday_price: Decimal
    change_today: Decimal


class Error(BaseModel):
    """Why a request was refused."""

    code: int
    message: str


class ClosedPosition(BaseModel):
    """One position of a close of all, with an HTTP status and the closing order or the error."""

    symbol: str
    status: int
    body: Order | Error


class Activity(BaseModel):
    """One trade."""

    id: str
    account_id: Uuid
    activity_type: Literal["FILL"]
    transaction_time: Time
    type: Literal["fill", "partial_fill"]
    price: Decimal
    qty: Decimal
    side: Literal["buy", "sell"]
    symbol: str
    leaves_qty: Decimal
    cum_qty: Decimal
    order_id: Uuid
    order_status: Literal["filled", "partially_filled"]


class Asset(BaseModel):
    """An instrument."""

    id: Uuid
    asset_class: Annotated[Literal["us_equity", "crypto"], Field(alias="class")]
    exchange: str
    symbol: str
    name: str
    status: Literal["active"]
    tradable: bool
    marginable: bool
    shortable: bool
    easy_to_borrow: bool
    fractionable: bool
    min_order_size: Decimal
    min_trade_increment: Decimal
    price_increment: Decimal
    maintenance_margin_requirement: float
    margin_requirement_long: Decimal
    margin_requirement_short: Decimal
    attributes: list[str]


class Clock(BaseModel):
    """Market time, and the next open and close."""

    timestamp: Time
    is_open: bool
    next_open: Time
    next_close: Time


class CalendarDay(BaseModel):
    """One trading day in local time."""

    date: str
    open: str
    close: str
    session_open: str
    session_close: str
    settlement_date: str


class WatchlistHead(BaseModel):
    """A watchlist without its assets."""

    id: Uuid
    account_id: Uuid
    name: str
    created_at: Time
    updated_at: Time


class Watchlist(WatchlistHead):
    """A watchlist."""

    assets: list[Asset]
