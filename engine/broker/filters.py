"""Checks at the door: what makes an order wrong on its face. Raises `Denied`, changes nothing.

Source: Binance's filters (price, quantity, notional) and TradingView's InstrumentInfo.
"""

from typing import NamedTuple

from engine.errors import Denied, Reason
from engine.models.broker.orders import OrderType, PreOrder, StopType
from engine.models.market.instruments import MONEY_SCALE, Instrument

USES_LIMIT = frozenset((OrderType.LIMIT, OrderType.STOP_LIMIT))
USES_STOP = frozenset((OrderType.STOP, OrderType.STOP_LIMIT))


class Terms(NamedTuple):
    """What an order trades on, in the instrument's units; a price that its type does not use is None."""

    qty: int
    limit_price: int | None
    stop_price: int | None


def read_terms(order: PreOrder, instrument: Instrument) -> Terms:
    """Read an order's quantity and prices.

    Raises:
        Denied: UNSUPPORTED_COMBINATION, BAD_QTY_STEP, QTY_RANGE, PRICE_REQUIRED, BAD_PRICE_TICK, PRICE_BAND or
            NOTIONAL_RANGE.
    """
    refuse_unsupported(order)
    qty = read_qty(order.qty, instrument)
    check_qty_range(qty, instrument)
    limit_price = stop_price = None
    if order.type in USES_LIMIT:
        limit_price = read_price("limitPrice", order.limitPrice, instrument)
    if order.type in USES_STOP:
        stop_price = read_price("stopPrice", order.stopPrice, instrument)
    reference = limit_price or stop_price
    if reference is not None:
        check_notional(qty, reference, instrument)
    return Terms(qty, limit_price, stop_price)


def refuse_unsupported(order: PreOrder) -> None:
    """Refuse what this broker cannot do yet, rather than ignore it."""
    refused = [
        name for name in ("takeProfit", "stopLoss", "guaranteedStop", "trailingStopPips") if getattr(order, name)
    ]
    if order.stopType is not None and (order.stopType is not StopType.STOP_LOSS or order.type not in USES_STOP):
        refused.append("stopType")
    if order.duration is not None and order.duration.type != "GTC":
        refused.append(f"duration {order.duration.type}")
    if order.postOnly:
        refused.append("postOnly")
    if order.clientOrderId is not None:
        refused.append("clientOrderId")
    if refused:
        raise Denied(Reason.UNSUPPORTED_COMBINATION, f"{', '.join(refused)}: not supported by this broker")


def read_qty(value: float, instrument: Instrument) -> int:
    """Read a quantity on the step grid. Raises: Denied BAD_QTY_STEP."""
    qty = instrument.to_qty(value)
    if qty is None or qty % instrument.qty_step:
        step = instrument.qty.step.normalize()
        raise Denied(Reason.BAD_QTY_STEP, f"qty {value:g} is not a multiple of {step:f} for {instrument.name}")
    return qty


def check_qty_range(qty: int, instrument: Instrument) -> None:
    """Hold a quantity against the instrument's range. Raises: Denied QTY_RANGE."""
    low, high = instrument.qty.min, instrument.qty.max
    if not low * instrument.qty_scale <= qty <= high * instrument.qty_scale:
        text = f"qty {instrument.qty_out(qty):g} is outside {low.normalize():f}..{high.normalize():f}"
        raise Denied(Reason.QTY_RANGE, f"{text} for {instrument.name}")


def read_price(field: str, value: float | None, instrument: Instrument) -> int:
    """Read a price on the tick grid. Raises: Denied PRICE_REQUIRED, BAD_PRICE_TICK or PRICE_BAND."""
    if value is None:
        raise Denied(Reason.PRICE_REQUIRED, f"{field} is required for this order type")
    if value <= 0:
        raise Denied(Reason.PRICE_BAND, f"{field} {value:g} is not above zero")
    price = instrument.to_price(value)
    if price is None or price % instrument.minmov:
        tick = instrument.minmov / instrument.pricescale
        raise Denied(Reason.BAD_PRICE_TICK, f"{field} {value:.10g} is not a multiple of {tick:g} for {instrument.name}")
    return price


def check_notional(qty: int, price: int, instrument: Instrument) -> None:
    """Hold an order's value against the instrument's limit. Raises: Denied NOTIONAL_RANGE."""
    notional = qty * price * instrument.money_factor
    if notional > instrument.max_notional * MONEY_SCALE:
        raise Denied(
            Reason.NOTIONAL_RANGE,
            f"order value {notional / MONEY_SCALE:.2f} is above {instrument.max_notional} for {instrument.name}",
        )
