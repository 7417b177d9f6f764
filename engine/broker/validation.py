"""Checks at the door: what makes an order wrong on its face. Raises `Denied`, changes nothing.

Source: Binance's filters (price, quantity, notional, price band) and TradingView's InstrumentInfo.
"""

from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal

from engine.broker import matching
from engine.broker.account import Account
from engine.broker.events import Terms
from engine.broker.moment import Moment
from engine.broker.order import MARKET, Order
from engine.errors import Denied, Reason
from engine.models.broker.orders import OrderType, PreOrder, StopType
from engine.models.market.instruments import MAX_UNITS, MONEY_SCALE, Instrument, to_units
from engine.models.market.quotes import Quote

USES_LIMIT = frozenset((OrderType.LIMIT, OrderType.STOP_LIMIT))
USES_STOP = frozenset((OrderType.STOP, OrderType.STOP_LIMIT))
IMMEDIATE = frozenset(("IOC", "FOK"))
STOP_FIELD = {
    StopType.STOP_LOSS: "stopLoss",
    StopType.TRAILING: "trailingStopPips",
    StopType.GUARANTEED: "guaranteedStop",
}
DURATIONS = ("DAY", "GTC", "GTD", *sorted(IMMEDIATE))


def duration_of(order: PreOrder) -> str:
    """Return the time in force of an order; without one it is good till canceled."""
    return "GTC" if order.duration is None else order.duration.type


def is_trailing(order: PreOrder) -> bool:
    """Whether an order is itself a trailing stop (an entry of another type may have one as its bracket)."""
    return order.type is OrderType.STOP and order.stopType is StopType.TRAILING


def read_terms(order: PreOrder, account: Account, instrument: Instrument, moment: Moment) -> Terms:
    """Read what an order trades on.

    Raises:
        Denied: UNSUPPORTED_COMBINATION, BAD_QTY_STEP, QTY_RANGE, PRICE_REQUIRED, BAD_PRICE_TICK, PRICE_BAND or
            NOTIONAL_RANGE.
    """
    # Attributes of a model are several times dearer than entries of a dictionary.
    asked = order.__dict__
    if asked["duration"] is not None or asked["stopType"] is not None or asked["postOnly"]:
        _check_combination(order, account)
    qty = read_qty(asked["qty"], instrument)
    least, most = instrument.qty_bounds
    if not least <= qty <= most:
        raise _out_of_range(qty, instrument)
    quote = moment.quotes(asked["symbol"])
    if asked["type"] is MARKET:
        _check_notional(qty, quote.ask if asked["side"] > 0 else quote.bid, instrument)
        return Terms(qty, expire_ms=_expiry(order, instrument, moment)) if asked["duration"] else Terms(qty)
    ignores_market = account.profile.fill_model == "simulator"
    limit_price = stop_price = trail = None
    if order.type in USES_LIMIT:
        limit_price = read_price("limitPrice", order.limitPrice, instrument)
    if is_trailing(order):
        trail = read_trail(order.trailingStopPips, instrument)
        stop_price = trailing_stop(order.side, matching.trailing_basis(order.side, quote), trail, instrument)
    elif order.type in USES_STOP:
        stop_price = read_price("stopPrice", order.stopPrice, instrument)
    if not ignores_market:
        for price in (limit_price, stop_price):
            if price is not None:
                check_band(order.side, price, instrument, quote)
    _check_notional(qty, limit_price or stop_price or matching.opposite(order.side, quote), instrument)
    is_touch = stop_price is not None and _waits_for_touch(order, stop_price, account, instrument, quote)
    return Terms(qty, limit_price, stop_price, trail, _expiry(order, instrument, moment), is_touch)


def _check_combination(order: PreOrder, account: Account) -> None:
    """Refuse what cannot be meant together, rather than ignore a part of it."""
    duration, kind = duration_of(order), order.type
    if duration not in DURATIONS:
        raise unsupported(f"duration {duration} is not one of {', '.join(DURATIONS)}")
    if duration in IMMEDIATE and (kind in USES_STOP or account.profile.fill_model == "simulator"):
        raise unsupported(f"{duration} needs a market or limit order that can trade at once")
    if order.postOnly and (kind is not OrderType.LIMIT or duration in IMMEDIATE):
        raise unsupported("postOnly needs a limit order that can rest")
    if duration in IMMEDIATE and account.profile.latency_ms:
        raise unsupported(f"{duration} needs an account without latency")
    if order.stopType is not None and kind not in USES_STOP and getattr(order, STOP_FIELD[order.stopType]) is None:
        raise unsupported(f"stopType {order.stopType.name.lower()} goes with {STOP_FIELD[order.stopType]}")
    if order.stopType in (StopType.TRAILING, StopType.GUARANTEED) and kind is OrderType.STOP_LIMIT:
        raise unsupported("a trailing or guaranteed stop has no limit price")


def unsupported(text: str) -> Denied:
    """Return the refusal of what this broker does not do."""
    return Denied(Reason.UNSUPPORTED_COMBINATION, text)


def _expiry(order: PreOrder, instrument: Instrument, moment: Moment) -> int | None:
    if order.duration is None:
        return None
    if order.duration.type == "DAY":
        return moment.session(instrument.name)[1]
    if order.duration.type != "GTD":
        return None
    expire_ms = order.duration.datetime
    if expire_ms is None or expire_ms <= moment.now_ms:
        raise unsupported("GTD needs a datetime (epoch milliseconds) in the future")
    return expire_ms


def _waits_for_touch(order: PreOrder, stop_price: int, account: Account, instrument: Instrument, quote: Quote) -> bool:
    """Whether a stop lies on the other side of the market and the account lets it wait there."""
    if not account.profile.stop_orders_both_directions or is_trailing(order):
        return False
    return matching.is_stop_triggered(order.side, stop_price, instrument.trigger, quote)


def read_qty(value: float, instrument: Instrument) -> int:
    """Read a quantity on the step grid. Raises: Denied BAD_QTY_STEP."""
    qty = to_units(value, instrument.qty_scale)
    if qty is None or qty % instrument.qty_step:
        step = instrument.qty.step.normalize()
        raise Denied(Reason.BAD_QTY_STEP, f"qty {value:.12g} is not a multiple of {step:f} for {instrument.name}")
    return qty


def _out_of_range(qty: int, instrument: Instrument) -> Denied:
    low, high = instrument.qty.min, instrument.qty.max
    text = f"qty {instrument.qty_out(qty):g} is outside {low.normalize():f}..{high.normalize():f}"
    return Denied(Reason.QTY_RANGE, f"{text} for {instrument.name}")


def read_price(field: str, value: float | None, instrument: Instrument) -> int:
    """Read a price on the tick grid. Raises: Denied PRICE_REQUIRED, BAD_PRICE_TICK or PRICE_BAND."""
    if value is None:
        raise Denied(Reason.PRICE_REQUIRED, f"{field} is required for this order type")
    if value <= 0:
        raise Denied(Reason.PRICE_BAND, f"{field} {value:g} is not above zero")
    if value * instrument.pricescale > MAX_UNITS:
        raise Denied(Reason.PRICE_BAND, f"{field} {value:g} is above {MAX_UNITS / instrument.pricescale:g}")
    price = instrument.to_price(value)
    tick = instrument.minmov if price is None else instrument.tick_at(price)
    if price is None or price % tick:
        size = tick / instrument.pricescale
        raise Denied(Reason.BAD_PRICE_TICK, f"{field} {value:.12g} is not a multiple of {size:g} for {instrument.name}")
    return price


def read_trail(pips: float | None, instrument: Instrument) -> int:
    """Read the distance of a trailing stop, in price units. Raises: Denied PRICE_REQUIRED, BAD_PRICE_TICK."""
    if pips is None:
        raise Denied(Reason.PRICE_REQUIRED, "trailingStopPips is required for a trailing stop")
    trail = round(Decimal(repr(pips)) * instrument.pip_size * instrument.pricescale)
    if not instrument.minmov <= trail <= MAX_UNITS:
        text = f"trailingStopPips {pips:g} is less than one tick of {instrument.name}, or beyond all prices"
        raise Denied(Reason.BAD_PRICE_TICK, text)
    return trail


def trailing_stop(side: int, best: int, trail: int, instrument: Instrument) -> int:
    """Return the stop price behind a best price, on the tick grid: a sell stop rounded down, a buy stop up.

    Raises:
        Denied: PRICE_BAND when there is no such price above zero.
    """
    price = best + side * trail
    if price <= 0:
        raise Denied(Reason.PRICE_BAND, "the trailing stop would be below zero")
    tick = instrument.tick_at(price)
    below = price - price % tick
    return below if side < 0 or below == price else below + tick


def kept_trail(order: Order, terms: Terms) -> Terms:
    """Reckon the stop of a trailing order from the best price that it has seen; an unchanged distance keeps it.

    Raises:
        Denied: PRICE_BAND, see `trailing_stop`.
    """
    if terms.trail is None or order.best is None:
        return terms
    if terms.trail == order.terms.trail:
        return terms._replace(stop_price=order.terms.stop_price)
    return terms._replace(stop_price=trailing_stop(order.side, order.best, terms.trail, order.instrument))


def check_band(side: int, price: int, instrument: Instrument, quote: Quote) -> None:
    """Hold a price to the band around the market. Raises: Denied PRICE_BAND."""
    band = instrument.band
    if band is None:
        return
    up, down = (band.buy_up, band.buy_down) if side > 0 else (band.sell_up, band.sell_down)
    low = (quote.last * down).to_integral_value(ROUND_CEILING)
    high = (quote.last * up).to_integral_value(ROUND_FLOOR)
    if not low <= price <= high:
        limits = f"{instrument.price_out(int(low)):g}..{instrument.price_out(int(high)):g}"
        text = f"price {instrument.price_out(price):g} is outside {limits} around the market of {instrument.name}"
        raise Denied(Reason.PRICE_BAND, text)


def _check_notional(qty: int, price: int, instrument: Instrument) -> None:
    notional = qty * price * instrument.money_factor
    least, most = instrument.value_bounds
    if not least <= notional <= most:
        limits = f"{instrument.min_notional.normalize():f}..{instrument.max_notional}"
        text = f"order value {notional / MONEY_SCALE:.2f} is outside {limits} for {instrument.name}"
        raise Denied(Reason.NOTIONAL_RANGE, text)
