"""Bodies of the requests, and orders translated into our own. Numbers may be strings, as Alpaca takes them."""

from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, model_validator

from engine.broker.order import Order, is_trailing
from engine.models.broker.orders import OrderChange, OrderDuration, OrderType, PreOrder, Side, StopType
from engine.models.market.instruments import Instrument

Decimal = Annotated[float, Field(gt=0, le=1e15, allow_inf_nan=False)]
Symbol = Annotated[str, Field(min_length=1, max_length=64)]
ClientOrderId = Annotated[str, Field(min_length=1, max_length=128)]
TimeInForce = Literal["day", "gtc", "opg", "cls", "ioc", "fok"]

TYPES = {
    "market": OrderType.MARKET,
    "limit": OrderType.LIMIT,
    "stop": OrderType.STOP,
    "stop_limit": OrderType.STOP_LIMIT,
    "trailing_stop": OrderType.STOP,
}
NEEDED = {
    "limit": ("limit_price",),
    "stop": ("stop_price",),
    "stop_limit": ("limit_price", "stop_price"),
}
"""Prices that a type of order needs."""

SIDES = {"buy": Side.BUY, "sell": Side.SELL}
DURATIONS = {name: OrderDuration(type=name.upper()) for name in ("day", "gtc", "opg", "cls", "ioc", "fok")}
LEGS = {"bracket": ("take_profit", "stop_loss"), "oco": ("take_profit", "stop_loss")}
"""Legs that a class of order needs; oto needs exactly one of them."""


class Body(BaseModel):
    """Base of the bodies; unknown fields are ignored."""

    model_config = ConfigDict(frozen=True, extra="ignore", defer_build=True)


class TakeProfit(Body):
    """The leg that takes a profit."""

    limit_price: Decimal


class StopLoss(Body):
    """The leg that stops a loss; with a limit price it is a stop-limit order."""

    stop_price: Decimal
    limit_price: Decimal | None = None


class OrderBody(Body):
    """Body of `POST /v2/orders`."""

    symbol: Symbol
    qty: Decimal | None = None
    notional: Decimal | None = None
    side: Literal["buy", "sell"]
    type: Literal["market", "limit", "stop", "stop_limit", "trailing_stop"]
    time_in_force: TimeInForce
    limit_price: Decimal | None = None
    stop_price: Decimal | None = None
    trail_price: Decimal | None = None
    trail_percent: Annotated[Decimal, Field(lt=100)] | None = None
    extended_hours: bool | None = None
    client_order_id: ClientOrderId | None = None
    order_class: Literal["", "simple", "bracket", "oco", "oto"] | None = None
    take_profit: TakeProfit | None = None
    stop_loss: StopLoss | None = None
    position_intent: Literal["buy_to_open", "buy_to_close", "sell_to_open", "sell_to_close"] | None = None

    @model_validator(mode="after")
    def _fields_fit(self) -> "OrderBody":
        if (self.qty is None) == (self.notional is None):
            raise ValueError("qty or notional is required, and not both")
        for name in NEEDED.get(self.type, ()):
            if getattr(self, name) is None and self.order_class != "oco":
                raise ValueError(f"{self.type} orders require {name}")
        if self.type == "trailing_stop" and (self.trail_price is None) == (self.trail_percent is None):
            raise ValueError("trailing_stop orders require either trail_price or trail_percent")
        legs = [name for name in ("take_profit", "stop_loss") if getattr(self, name) is not None]
        missing = [name for name in LEGS.get(self.order_class or "", ()) if name not in legs]
        if missing:
            raise ValueError(f"{self.order_class} orders require {' and '.join(missing)}")
        if self.order_class == "oco" and (self.qty is None or self.type != "limit"):
            raise ValueError("oco orders require qty and type limit")
        if self.order_class == "oto" and len(legs) != 1:
            raise ValueError("oto orders require one of take_profit and stop_loss")
        if legs and self.order_class in (None, "", "simple"):
            raise ValueError(f"{' and '.join(legs)} need order_class bracket, oco or oto")
        return self


class ReplaceBody(Body):
    """Body of `PATCH /v2/orders/{id}`."""

    qty: Decimal | None = None
    time_in_force: TimeInForce | None = None
    limit_price: Decimal | None = None
    stop_price: Decimal | None = None
    trail: Decimal | None = None
    client_order_id: ClientOrderId | None = None


class CloseQuery(Body):
    """Query of `DELETE /v2/positions/{symbol}`."""

    qty: Decimal | None = None
    percentage: Annotated[float, Field(gt=0, le=100)] | None = None


def pips(instrument: Instrument, distance: float) -> float:
    """Return a trailing distance, given as a price, in pips."""
    return distance / float(instrument.pip_size)


def new_order(body: OrderBody, instrument: Instrument, is_before_open: bool) -> PreOrder:
    """Return the order of a body.

    Args:
        body: The body.
        instrument: Its symbol.
        is_before_open: Whether it is a market order and the market waits for its open: it becomes an order at the open.
    """
    waits = is_before_open and body.time_in_force in ("day", "gtc")
    kind = body.type
    fields: dict[str, Any] = {
        "symbol": instrument.name,
        "type": TYPES[kind],
        "side": SIDES[body.side],
        "qty": body.qty or 0.0,
        "duration": DURATIONS["opg" if waits else body.time_in_force],
    }
    if body.notional is not None:
        fields["notional"] = body.notional
    if kind in ("limit", "stop_limit"):
        fields["limitPrice"] = body.limit_price
    if kind in ("stop", "stop_limit"):
        fields["stopPrice"] = body.stop_price
    if body.take_profit is not None:
        fields["takeProfit"] = body.take_profit.limit_price
    if body.stop_loss is not None:
        fields |= {"stopLoss": body.stop_loss.stop_price, "stopLossLimit": body.stop_loss.limit_price}
    if kind == "trailing_stop":
        distance = None if body.trail_price is None else pips(instrument, body.trail_price)
        fields |= {"trailingStopPips": distance, "trailPercent": body.trail_percent, "stopType": StopType.TRAILING}
    if body.client_order_id is not None:
        fields["clientOrderId"] = body.client_order_id
    custom = {name: value for name in ("extended_hours", "position_intent") if (value := getattr(body, name))}
    if waits:
        custom["time_in_force"] = body.time_in_force
    if custom:
        fields["customFields"] = custom
    return PreOrder(**fields)


def linked_orders(body: OrderBody, instrument: Instrument) -> list[PreOrder]:
    """Return the two orders of an OCO body: the one that takes a profit, and the one that stops a loss."""
    assert body.take_profit is not None and body.stop_loss is not None
    stop = body.stop_loss
    common: dict[str, Any] = {
        "symbol": instrument.name,
        "side": SIDES[body.side],
        "qty": body.qty,
        "duration": DURATIONS[body.time_in_force],
    }
    has_limit = stop.limit_price is not None
    return [
        PreOrder(
            **common,
            type=OrderType.LIMIT,
            limitPrice=body.take_profit.limit_price,
            clientOrderId=body.client_order_id,
        ),
        PreOrder(
            **common,
            type=OrderType.STOP_LIMIT if has_limit else OrderType.STOP,
            stopPrice=stop.stop_price,
            limitPrice=stop.limit_price,
        ),
    ]


def replaced_order(body: ReplaceBody, order: Order) -> OrderChange:
    """Return the change of a body; a price that the type of the order does not use has no effect."""
    terms, sent = order.terms, order.sent
    fields: dict[str, Any] = {"qty": body.qty}
    if terms.limit_price is not None:
        fields["limitPrice"] = body.limit_price
    if terms.stop_price is not None and terms.trail is None:
        fields["stopPrice"] = body.stop_price
    if body.trail is not None and is_trailing(sent):
        if sent.trailPercent is not None:
            fields["trailPercent"] = body.trail
        else:
            fields["trailingStopPips"] = pips(order.instrument, body.trail)
    if body.time_in_force is not None:
        fields["duration"] = DURATIONS[body.time_in_force]
    return OrderChange(**{name: value for name, value in fields.items() if value is not None})
