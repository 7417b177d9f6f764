"""Orders on the wire: requests and replies, and the subscription of the `orders` topic.

Source of names and codes: TradingView's broker types (PreOrder, PlacedOrder and their enumerations).
"""

from enum import IntEnum
from typing import Annotated, Any, Literal

import orjson
from pydantic import AfterValidator, Field, JsonValue, field_validator

from engine.models.broker.account import AccountSubscription
from engine.models.common import CODE, Name, Number, Text, TimeMs, WireModel

CUSTOM_FIELDS_LIMIT = 4096
"""Characters that the custom fields of one order may take, written as JSON."""


class OrderStatus(IntEnum):
    """Status of an order; Filled, Canceled and Rejected are final."""

    CANCELED = 1
    FILLED = 2
    INACTIVE = 3
    PLACING = 4
    REJECTED = 5
    WORKING = 6


class OrderType(IntEnum):
    """Type of an order."""

    LIMIT = 1
    MARKET = 2
    STOP = 3
    STOP_LIMIT = 4


class Side(IntEnum):
    """Direction: the sign of the quantity."""

    BUY = 1
    SELL = -1


OrderTypeCode = Annotated[OrderType, CODE]
SideCode = Annotated[Side, CODE]


class StopType(IntEnum):
    """Kind of a stop order."""

    STOP_LOSS = 0
    TRAILING = 1
    GUARANTEED = 2


class ParentType(IntEnum):
    """Kind of the parent of a bracket."""

    ORDER = 1
    POSITION = 2
    INDIVIDUAL_POSITION = 3


class OrderDuration(WireModel):
    """Time in force: `type` is one of `durations` in `GET /broker/config`; `datetime` is epoch milliseconds."""

    type: Annotated[str, Field(strict=True, min_length=1, max_length=16)]
    datetime: TimeMs | None = None


class CurrentQuotes(WireModel):
    """The quote on the client's screen."""

    ask: Number
    bid: Number


CustomFields = dict[str, JsonValue]


class ExitLevel(WireModel):
    """One of several exits: a quantity with a take-profit, a stop or both, of which one cancels the other.

    Attributes:
        id: `exitLevelId` of its bracket orders; a level that is sent without an id gets its number.
    """

    id: Annotated[str, Field(strict=True, min_length=1, max_length=16)] | None = None
    qty: Number
    takeProfit: Number | None = None
    stopLoss: Number | None = None
    stopLossLimit: Number | None = None
    guaranteedStop: Number | None = None
    trailingStopPips: Number | None = None


def _with_ids(levels: list[ExitLevel]) -> list[ExitLevel]:
    """Return levels that all have an id: by default their number, from 1."""
    return [one if one.id else one.model_copy(update={"id": str(n)}) for n, one in enumerate(levels, 1)]


ExitLevels = Annotated[list[ExitLevel], Field(min_length=1, max_length=10), AfterValidator(_with_ids)]


def _absent() -> Any:
    """Return the value of a field that was not sent and cannot be null."""


class OrderChange(WireModel):
    """A change of an order: an absent field keeps its value, null removes it.

    Prices and quantities are in the instrument's natural units. Symbol, type and side cannot change. Which fields were
    sent is in `model_fields_set`.

    Attributes:
        notional: Value in the quote currency: the order gets the largest quantity that costs no more, and `qty` has no
            effect.
        stopLossLimit: Limit price of the `stopLoss` leg, which then is a stop-limit order.
        trailPercent: Distance of a trailing stop in percent of the best price, instead of `trailingStopPips`.
        positionId: The individual position that an `isClose` order of a hedging account closes; by default the oldest.
        exitLevels: Exits with quantities, instead of `takeProfit`, `stopLoss`, `guaranteedStop` and a trailing bracket.
    """

    symbol: Name = Field(default_factory=_absent)
    type: OrderTypeCode = Field(default_factory=_absent)
    side: SideCode = Field(default_factory=_absent)
    qty: Number = Field(default_factory=_absent)
    notional: Annotated[Number, Field(gt=0)] | None = None
    limitPrice: Number | None = None
    stopPrice: Number | None = None
    takeProfit: Number | None = None
    stopLoss: Number | None = None
    stopLossLimit: Number | None = None
    guaranteedStop: Number | None = None
    trailingStopPips: Number | None = None
    trailPercent: Annotated[Number, Field(gt=0, lt=100)] | None = None
    stopType: Annotated[StopType, CODE] | None = None
    duration: OrderDuration | None = None
    seenPrice: Number | None = None
    currentQuotes: CurrentQuotes | None = None
    isClose: Annotated[bool | None, Field(strict=True)] = None
    postOnly: Annotated[bool | None, Field(strict=True)] = None
    clientOrderId: Annotated[str | None, Field(strict=True, min_length=1, max_length=128)] = None
    customFields: CustomFields | None = None
    positionId: Name | None = None
    exitLevels: ExitLevels | None = None

    @field_validator("customFields")
    @classmethod
    def _custom_fields_are_bounded(cls, value: CustomFields | None) -> CustomFields | None:
        if value is None:
            return None
        if len(repr(value)) > CUSTOM_FIELDS_LIMIT:
            raise ValueError(f"custom fields take more than {CUSTOM_FIELDS_LIMIT} characters")
        try:
            is_kept = orjson.loads(orjson.dumps(value)) == value
        except TypeError:  # an integer beyond 64 bits
            is_kept = False
        if not is_kept:
            raise ValueError("custom fields hold a number that JSON readers lose: not finite, or beyond 64 bits")
        return value


class PreOrder(OrderChange):
    """An order as the client sends it. Prices and quantities in the instrument's natural units."""

    symbol: Name
    type: OrderTypeCode
    side: SideCode
    qty: Number


class OrderMessage(WireModel):
    """A message to the owner of an order."""

    text: Text
    type: Literal["information", "warning", "error"]


class PlacedOrder(WireModel):
    """An order in the server's state. All keys are present, null where unset; times are epoch milliseconds.

    Attributes:
        revision: How often its owner changed it.
        exitLevelId: Of a bracket: `id` of the exit level that it belongs to.
    """

    id: Name
    symbol: Name
    type: OrderType
    side: Side
    qty: Number
    status: OrderStatus
    limitPrice: Number | None
    stopPrice: Number | None
    takeProfit: Number | None
    stopLoss: Number | None
    stopLossLimit: Number | None
    guaranteedStop: Number | None
    trailingStopPips: Number | None
    stopType: StopType | None
    duration: OrderDuration | None
    seenPrice: Number | None
    currentQuotes: CurrentQuotes | None
    isClose: bool | None
    postOnly: bool | None
    clientOrderId: str | None
    customFields: CustomFields | None
    filledQty: Number
    avgPrice: Number | None
    createTime: TimeMs
    updateTime: TimeMs
    parentId: Name | None
    parentType: ParentType | None
    commission: Number
    message: OrderMessage | None
    reason: str | None
    notional: Number | None
    trailPercent: Number | None
    revision: int
    positionId: Name | None
    exitLevels: list[ExitLevel] | None
    exitLevelId: str | None


class LinkedOrders(WireModel):
    """Two orders of which one cancels the other (OCO): the same symbol, side and quantity."""

    orders: Annotated[list[PreOrder], Field(min_length=2, max_length=2)]


class LinkedOrdersResult(WireModel):
    """The ids of two linked orders, in the order of the request."""

    orderIds: list[Name]


class PlaceOrderResult(WireModel):
    """The id of the new order."""

    orderId: Name


class PreviewRow(WireModel):
    """One line of an order preview."""

    title: str
    value: str


class PreviewSection(WireModel):
    """A titled group of lines of an order preview."""

    header: str | None
    rows: list[PreviewRow]


class OrderPreviewResult(WireModel):
    """Estimated cost of an order, and the reasons against it. Source: TradingView, OrderPreviewResult."""

    sections: list[PreviewSection]
    confirmId: str | None
    warnings: list[str] | None
    errors: list[str] | None


class OrderSubscriptionRequest(AccountSubscription):
    """The account of an `orders` subscription."""


class CancelQuery(WireModel):
    """Query of `DELETE /orders`: filters of the working orders to cancel; an order has to match all of them.

    `ids` is a comma-separated list.
    """

    symbol: Annotated[str, Field(max_length=64)] | None = None
    side: Side | None = None
    ids: Annotated[str, Field(max_length=8192)] | None = None

    @field_validator("side", mode="before")
    @classmethod
    def _side_is_a_number(cls, value: object) -> object:
        return int(value) if isinstance(value, str) and value in ("1", "-1") else value


class HistoryQuery(WireModel):
    """Query of order history and executions: `from` (inclusive) and `to` (exclusive) in epoch milliseconds.

    With `from` the reply has the oldest `limit` rows since then, without it the newest ones; always oldest first.
    """

    from_time: Annotated[int, Field(ge=0, le=10**15)] | None = Field(default=None, alias="from")
    to_time: Annotated[int, Field(ge=0, le=10**15)] | None = Field(default=None, alias="to")
    limit: Annotated[int, Field(ge=1, le=500)] = 500
