"""Accounts on the wire: rules, money, notifications, connection, and the subscriptions of these three topics."""

from enum import IntEnum
from functools import cached_property
from typing import Annotated, Literal

from pydantic import ConfigDict, Field
from pydantic.alias_generators import to_camel

from engine.models.common import WHOLE, Name, Number, Text, TimeMs, WireModel

DEFAULT_CURRENCY = "USD"
"""Currency of the default account, and of a new one that names none."""

Fraction = Annotated[Number, Field(ge=0, le=1)]
Money = Annotated[Number, Field(ge=0, le=500_000_000)]


class ProfileModel(WireModel):
    """Base of a profile and its parts: camelCase on the wire. Requests may have the names of the fields as well."""

    model_config = ConfigDict(alias_generator=to_camel, validate_by_name=True, validate_by_alias=True)


class Commission(ProfileModel):
    """Commission of a trade in account currency: `perTrade + perUnit * qty + rate * notional`, at least `minimum`.

    `rate`, `makerRate` and `takerRate` are fractions of the notional; the last two add to the first.
    """

    per_trade: Annotated[Number, Field(ge=0, le=1000)] = 0.0
    per_unit: Annotated[Number, Field(ge=0, le=1000)] = 0.0
    minimum: Annotated[Number, Field(ge=0, le=1000)] = 0.0
    rate: Annotated[Number, Field(ge=0, le=0.1)] = 0.0
    maker_rate: Annotated[Number, Field(ge=0, le=0.1)] = 0.0
    taker_rate: Annotated[Number, Field(ge=0, le=0.1)] = 0.0

    @cached_property
    def is_free(self) -> bool:
        """Whether trades are free."""
        return not any(self.model_dump().values())


class Slippage(ProfileModel):
    """Slippage of market and stop orders, and the share of the displayed size that an account can take.

    Attributes:
        ticks: Ticks by which every trade is worse than the quote.
        probability: Probability of one tick more, drawn from the account's random numbers.
        volume_share: Largest share of the displayed size that an account can take; the rest of the order waits.
    """

    ticks: Annotated[int, Field(strict=True, ge=0, le=1000), WHOLE] = 0
    probability: Fraction = 0.0
    volume_share: Annotated[Number, Field(gt=0, le=1)] = 1.0


class Limits(ProfileModel):
    """Limits of an account; None is no limit.

    Attributes:
        max_open_orders: Orders that are not final, brackets included.
        max_position: Largest position per symbol, in the instrument's natural quantity.
        daily_loss: Realised and unrealised loss of the day (UTC); at this loss only closing is allowed.
    """

    max_open_orders: Annotated[int, Field(strict=True, ge=1, le=1_000_000), WHOLE] | None = 1000
    max_position: Annotated[Number, Field(gt=0)] | None = None
    daily_loss: Annotated[Money, Field(gt=0)] | None = None


class Profile(ProfileModel):
    """The rules of an account.

    Attributes:
        fill_model: Orders fill by the market's rules, or one random working order at a time fills at its own price.
        execution_delay: Seconds between two executions of the simulator model; None is random between 1 and 2.
        is_manual: With the simulator model: orders execute only on command.
        latency_ms: Time between the acceptance of an order and the first quote that it can trade on.
        touch: Whether a resting limit trades when its price is touched, or only when it is traded through.
        unlimited_size: Whether every order fills whole, whatever size is displayed.
        leverage: Notional that one unit of margin carries, for symbols without their own leverage.
        guaranteed_stop_premium: Fraction of the notional that a guaranteed stop costs when it trades.
        mark: Open positions are valued at the quote that closing them would get, or at the last price.
        margin_call: Equity below this multiple of the margin used starts a margin call; None: no margin calls.
        stop_out: Equity below this multiple of the margin used closes positions; None: no stop-out.
        stop_orders_both_directions: Whether a stop may be on the other side of the market (market if touched).
        long_only: Whether no trade may open a short position.
        suspended: Whether only closing is allowed.
        hedging: Whether each order opens an individual position beside the symbol's net one; it cannot change while
            positions are open, and not be combined with `long_only`.
        fifo_close: With `hedging`: whether only the oldest long and the oldest short individual position of a symbol
            can be closed by a command.
    """

    fill_model: Literal["market", "simulator"] = "market"
    execution_delay: Annotated[Number, Field(ge=0, le=3600)] | None = None
    is_manual: Annotated[bool, Field(strict=True)] = False
    latency_ms: Annotated[int, Field(strict=True, ge=0, le=60_000), WHOLE] = 0
    touch: Annotated[bool, Field(strict=True)] = True
    unlimited_size: Annotated[bool, Field(strict=True)] = False
    commission: Commission = Commission()
    slippage: Slippage = Slippage()
    limits: Limits = Limits()
    leverage: Annotated[int, Field(strict=True, ge=1, le=100), WHOLE] = 10
    guaranteed_stop_premium: Annotated[Number, Field(ge=0, le=0.1)] = 0.001
    mark: Literal["quote", "last"] = "quote"
    margin_call: Annotated[Number, Field(ge=0, le=10)] | None = 1.0
    stop_out: Annotated[Number, Field(ge=0, le=10)] | None = 0.5
    stop_orders_both_directions: Annotated[bool, Field(strict=True)] = False
    long_only: Annotated[bool, Field(strict=True)] = False
    suspended: Annotated[bool, Field(strict=True)] = False
    hedging: Annotated[bool, Field(strict=True)] = False
    fifo_close: Annotated[bool, Field(strict=True)] = False


class AccountCreate(WireModel):
    """A new account; the server chooses an id where none is sent. Every instrument needs a rate to its currency."""

    id: Annotated[Name, Field(pattern=r"^[A-Za-z0-9_.-]+$")] | None = None
    name: Annotated[Text, Field(min_length=1)] = "Paper account"
    balance: Money = 100_000.0
    currency: Name = DEFAULT_CURRENCY
    profile: Profile | None = None


class AccountReset(WireModel):
    """Balance and rules of an account that is reset; by default its former ones."""

    balance: Money | None = None
    profile: Profile | None = None


class AccountSubscription(WireModel):
    """Payload of every subscription of the broker module: the account."""

    accountId: Name


class AccountQuery(WireModel):
    """Query of every broker call: the account, by default the caller's own."""

    accountId: Name | None = None


class AccountMetainfo(WireModel):
    """Id, name and currency of an account. Source: TradingView, AccountMetainfo."""

    id: Name
    name: str
    type: Literal["demo"]
    currency: str


class AccountInfo(AccountMetainfo):
    """An account with its deposit and its rules."""

    deposit: Number
    profile: Profile


class AccountMessage(WireModel):
    """A message to the owner of an account."""

    text: str
    type: Literal["information", "warning", "error"]


class EquityData(WireModel):
    """The money of an account, in its currency: equity = balance + unrealizedPL.

    `marginUsed` is the margin of the positions, `marginAvailable` is equity minus that and the margin of open orders;
    `message` is a warning while the account is below its maintenance margin.
    """

    equity: Number
    balance: Number
    unrealizedPL: Number
    realizedPL: Number
    commission: Number
    marginUsed: Number
    marginAvailable: Number
    currency: str
    message: AccountMessage | None
    updateTime: TimeMs


class MarginAvailable(WireModel):
    """Margin that new risk can use: `marginAvailable` of the account's EquityData. Source: marginAvailableUpdate."""

    marginAvailable: Number
    currency: str
    updateTime: TimeMs


class MarginAvailableSubscriptionRequest(AccountSubscription):
    """The account of a `margin-available` subscription."""


class EquityHistoryQuery(WireModel):
    """Query of the equity history: `from` and `to` in epoch milliseconds; by default the last day or 30 days."""

    resolution: Literal["1", "5", "15", "60", "1D"] = "5"
    from_time: Annotated[int, Field(ge=0, le=10**15)] | None = Field(default=None, alias="from")
    to_time: Annotated[int, Field(ge=0, le=10**15)] | None = Field(default=None, alias="to")


class EquityPoint(WireModel):
    """Begin of a period in epoch milliseconds, and the equity at its end."""

    time: TimeMs
    equity: Number


class EquityHistory(WireModel):
    """Equity of an account over time, oldest first; it begins with the account, or with the oldest trade it keeps."""

    resolution: str
    points: list[EquityPoint]


class EquitySubscriptionRequest(AccountSubscription):
    """The account of an `equity` subscription."""


class NotificationType(IntEnum):
    """Source: TradingView, NotificationType."""

    ERROR = 0
    SUCCESS = 1


class Notification(WireModel):
    """A notification, in the arguments of TradingView's `showNotification`; `time` is epoch milliseconds."""

    title: Text
    text: Text
    type: NotificationType
    time: TimeMs


class NotificationSubscriptionRequest(AccountSubscription):
    """The account of a `notifications` subscription."""


class ConnectionStatus(IntEnum):
    """Source: TradingView, ConnectionStatus."""

    CONNECTED = 1
    CONNECTING = 2
    DISCONNECTED = 3
    ERROR = 4


class BrokerConnectionStatus(WireModel):
    """Current state of the broker; `timestamp` is epoch milliseconds."""

    status: ConnectionStatus
    message: str | None
    disconnectType: int | None
    timestamp: TimeMs


class BrokerConnectionSubscriptionRequest(AccountSubscription):
    """The account of a `broker-connection` subscription."""
