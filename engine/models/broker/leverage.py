"""Leverage on the wire. Source: TradingView's LeverageInfo and its parameters."""

from typing import Annotated

from pydantic import Field

from engine.models.broker.orders import CustomFields, OrderTypeCode, SideCode
from engine.models.common import Name, Number, WireModel


class LeverageQuery(WireModel):
    """Query of `GET /leverage/info`; TradingView sends type and side, but leverage is per symbol."""

    symbol: Annotated[str, Field(min_length=1, max_length=64)]
    orderType: Annotated[int, Field(ge=1, le=4)] | None = None
    side: Annotated[int, Field(ge=-1, le=1)] | None = None


class LeverageInfo(WireModel):
    """Leverage of a symbol and its range."""

    title: str
    leverage: int
    min: int
    max: int
    step: int


class LeverageSetParams(WireModel):
    """Leverage that a client requests."""

    symbol: Name
    orderType: OrderTypeCode | None = None
    side: SideCode | None = None
    leverage: Number
    customFields: CustomFields | None = None


class LeverageSetResult(WireModel):
    """The new leverage."""

    leverage: int


class LeveragePreviewResult(WireModel):
    """Effect of a change of leverage."""

    infos: list[str] | None
    warnings: list[str] | None
    errors: list[str] | None
