"""Validation of orders: invalid prices, quantities and combinations raise `Denied`.

Source: Binance's filters (price, quantity, notional, price band) and TradingView's InstrumentInfo. pre_trade.py checks
next whether the market and the account accept the order.
"""

from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal

from engine.broker import matching
from engine.broker.account import Account
from engine.broker.events import Terms
from engine.broker.individual_positions import IndividualPosition
from engine.broker.margin import value_of
from engine.broker.market_view import MarketView
from engine.broker.order import AUCTIONS, IMMEDIATE, MARKET, Order, OrderRequest
from engine.errors import Denied, Reason
from engine.models.broker.orders import OrderType, StopType
from engine.models.market.instruments import MAX_UNITS, MONEY_SCALE, Instrument, to_units
from engine.models.market.quotes import Quote

USES_LIMIT = frozenset((OrderType.LIMIT, OrderType.STOP_LIMIT))
USES_STOP = frozenset((OrderType.STOP, OrderType.STOP_LIMIT))
DURATIONS = ("DAY", "GTC", "GTD", *sorted(IMMEDIATE), *sorted(AUCTIONS, reverse=True))
CLOSING_MS = 60_000
"""Time before the close at which orders for the close arrive."""

RATE_SCALE = 1_000_000


def known_order_id(account: Account, request: OrderRequest) -> str | None:
    """Return the id of an order that was placed before with the same `clientOrderId`, else None.

    Raises:
        Denied: DUPLICATE_CLIENT_ORDER_ID, if that order was another one.
    """
    client_id = request.sent.clientOrderId
    known = None if client_id is None else account.client_ids.get(client_id)
    if known is None:
        return None
    if known.sent != request.sent:
        text = f"clientOrderId {client_id} was used for another order, {known.order_id}"
        raise Denied(Reason.DUPLICATE_CLIENT_ORDER_ID, text)
    return known.order_id


def read_terms(request: OrderRequest, account: Account, market: MarketView) -> Terms:
    """Return the exact terms of an order.

    Raises:
        Denied: UNSUPPORTED_COMBINATION, BAD_QTY_STEP, QTY_RANGE, PRICE_REQUIRED, BAD_PRICE_TICK, PRICE_BAND or
            NOTIONAL_RANGE.
    """
    if request.time_in_force != "GTC" or request.stop_type is not None or request.post_only:
        _check_combination(request, account)
    if request.position_id is not None:
        _check_closing(request, account)
    instrument, side = request.instrument, request.side
    quote = market.quote(request.symbol)
    limit_price = stop_price = trail = rate = None
    if request.type in USES_LIMIT:
        limit_price = read_price("limitPrice", request.sent.limitPrice, instrument)
    qty = _read_order_qty(request, limit_price or matching.opposite(side, quote))
    low, high = instrument.qty_bounds
    if not low <= qty <= high:
        limits = f"{instrument.qty.min.normalize():f}..{instrument.qty.max.normalize():f}"
        text = f"qty {instrument.qty_out(qty):.12g} is outside {limits} for {instrument.name}"
        raise Denied(Reason.QTY_RANGE, text)
    if request.type is MARKET:
        _check_notional(account, instrument, qty, matching.opposite(side, quote), market)
        return Terms(qty) if request.time_in_force == "GTC" else Terms(qty, expire_ms=_expire_ms(request, market))
    if request.is_trailing:
        best = matching.opposite(side, market.trail_quote(request.symbol))
        trail, rate = _read_distance(request, best)
        stop_price = trailing_stop(side, best, trail, instrument)
    elif request.type in USES_STOP:
        stop_price = read_price("stopPrice", request.sent.stopPrice, instrument)
    if not account.is_simulated:
        for price in (limit_price, stop_price):
            if price is not None:
                check_band(side, price, instrument, quote)
    _check_notional(account, instrument, qty, limit_price or stop_price or matching.opposite(side, quote), market)
    is_touch = (
        stop_price is not None
        and trail is None
        and account.profile.stop_orders_both_directions
        and matching.is_stop_triggered(side, stop_price, instrument.trigger, quote)
    )
    return Terms(qty, limit_price, stop_price, trail, _expire_ms(request, market), is_touch, rate)


def _read_order_qty(request: OrderRequest, price: int) -> int:
    """Return the quantity of an order; of a notional order, the largest one that costs no more at a price.

    Raises:
        Denied: BAD_QTY_STEP.
    """
    instrument, notional = request.instrument, request.sent.notional
    if notional is None:
        return read_qty(request.sent.qty, instrument)
    qty = round(Decimal(repr(notional)) * MONEY_SCALE) // (price * instrument.money_factor)
    return qty - qty % instrument.qty_step


def _read_distance(request: OrderRequest, best: int) -> tuple[int, int | None]:
    """Return the distance of a trailing stop in price units, and its rate if it is in percent. Raises: Denied."""
    percent = request.sent.trailPercent
    if percent is None:
        return read_trail(request.sent.trailingStopPips, request.instrument), None
    rate = max(1, round(Decimal(repr(percent)) * RATE_SCALE / 100))
    return distance_at(best, 0, rate, request.instrument), rate


def distance_at(best: int, trail: int, rate: int | None, instrument: Instrument) -> int:
    """Return the distance of a trailing stop from a best price: the fixed one, or at its rate, rounded up."""
    return trail if rate is None else max(instrument.minmov, -(-best * rate // RATE_SCALE))


def _check_combination(request: OrderRequest, account: Account) -> None:
    """Deny fields that contradict each other. Raises: Denied."""
    duration, kind = request.time_in_force, request.type
    is_immediate, is_stop = request.is_immediate or request.is_auction, kind in USES_STOP
    if duration not in DURATIONS:
        raise unsupported(f"duration {duration} is not one of {', '.join(DURATIONS)}")
    if is_immediate and (is_stop or account.is_simulated):
        raise unsupported(f"{duration} needs a market or limit order that can trade at once")
    if request.post_only and (kind is not OrderType.LIMIT or is_immediate):
        raise unsupported("postOnly needs a limit order that can rest")
    if request.is_immediate and account.profile.latency_ms:
        raise unsupported(f"{duration} needs an account without latency")
    if request.stop_type is not None and not is_stop:
        field, value = {
            StopType.STOP_LOSS: ("stopLoss", request.sent.stopLoss),
            StopType.TRAILING: ("trailingStopPips", request.sent.trailingStopPips),
            StopType.GUARANTEED: ("guaranteedStop", request.sent.guaranteedStop),
        }[request.stop_type]
        if value is None:
            raise unsupported(f"stopType {request.stop_type.name.lower()} goes with {field}")
    if request.stop_type in (StopType.TRAILING, StopType.GUARANTEED) and kind is OrderType.STOP_LIMIT:
        raise unsupported("a trailing or guaranteed stop has no limit price")


def unsupported(text: str) -> Denied:
    """Return the error for a combination that this broker does not support."""
    return Denied(Reason.UNSUPPORTED_COMBINATION, text)


def _expire_ms(request: OrderRequest, market: MarketView) -> int | None:
    """Return when an order expires in epoch milliseconds. Raises: Denied."""
    if request.time_in_force == "DAY" or request.is_auction:
        return market.session_end_ms(request.symbol)
    if request.time_in_force != "GTD":
        return None
    expire_ms = None if request.sent.duration is None else request.sent.duration.datetime
    if expire_ms is None or expire_ms <= market.now_ms:
        raise unsupported("GTD needs a datetime (epoch milliseconds) in the future")
    return expire_ms


def arrival_ms(request: OrderRequest, account: Account, market: MarketView) -> int:
    """Return when an order arrives at the market, in epoch milliseconds.

    Raises:
        Denied: UNSUPPORTED_COMBINATION for an order at the open after it, or at the close in the last minute.
    """
    now_ms = market.now_ms + account.profile.latency_ms
    if not request.is_auction:
        return now_ms
    symbol = request.symbol
    is_opening = request.time_in_force == "OPG"
    auction_ms = market.day_start_ms(symbol) if is_opening else market.session_end_ms(symbol) - CLOSING_MS
    if auction_ms <= market.now_ms:
        raise unsupported(f"{request.time_in_force}: the {'open' if is_opening else 'close'} of this session is over")
    return max(now_ms, auction_ms)


def read_qty(value: float, instrument: Instrument) -> int:
    """Return a quantity in quantity units. Raises: Denied BAD_QTY_STEP."""
    qty = to_units(value, instrument.qty_scale)
    if qty is None or qty % instrument.qty_step:
        step = instrument.qty.step.normalize()
        raise Denied(Reason.BAD_QTY_STEP, f"qty {value:.12g} is not a multiple of {step:f} for {instrument.name}")
    return qty


def read_price(field: str, value: float | None, instrument: Instrument) -> int:
    """Return a price in price units. Raises: Denied PRICE_REQUIRED, BAD_PRICE_TICK or PRICE_BAND."""
    if value is None:
        raise Denied(Reason.PRICE_REQUIRED, f"{field} is required for this order type")
    if value <= 0:
        raise Denied(Reason.PRICE_BAND, f"{field} {value:.12g} is not above zero")
    if value * instrument.pricescale > MAX_UNITS:
        raise Denied(Reason.PRICE_BAND, f"{field} {value:.12g} is above {MAX_UNITS / instrument.pricescale:.12g}")
    price = instrument.to_price(value)
    tick = instrument.minmov if price is None else instrument.grid.tick_at(price)
    if price is None or price % tick:
        size = tick / instrument.pricescale
        text = f"{field} {value:.12g} is not a multiple of {size:.12g} for {instrument.name}"
        raise Denied(Reason.BAD_PRICE_TICK, text)
    return price


def read_trail(pips: float | None, instrument: Instrument) -> int:
    """Return the distance of a trailing stop in price units. Raises: Denied PRICE_REQUIRED, BAD_PRICE_TICK."""
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
    tick = instrument.grid.tick_at(price)
    below = price - price % tick
    return below if side < 0 or below == price else below + tick


def keep_best(order: Order, terms: Terms) -> Terms:
    """Return the new terms of a trailing order; the stop follows its best price, or stays if the distance is the same.

    Raises:
        Denied: PRICE_BAND, see `trailing_stop`.
    """
    if terms.trail is None or order.best is None:
        return terms
    rate, old = terms.trail_rate, order.terms
    if rate == old.trail_rate and (rate is not None or terms.trail == old.trail):
        return terms._replace(stop_price=old.stop_price, trail=old.trail)
    distance = distance_at(order.best, terms.trail, rate, order.instrument)
    return terms._replace(stop_price=trailing_stop(order.side, order.best, distance, order.instrument))


def check_band(side: int, price: int, instrument: Instrument, quote: Quote) -> None:
    """Check that a price lies in the band around the market. Raises: Denied PRICE_BAND."""
    band = instrument.band
    if band is None:
        return
    up, down = (band.buy_up, band.buy_down) if side > 0 else (band.sell_up, band.sell_down)
    low = (quote.last * down).to_integral_value(ROUND_CEILING)
    high = (quote.last * up).to_integral_value(ROUND_FLOOR)
    if not low <= price <= high:
        limits = f"{instrument.price_out(int(low)):.12g}..{instrument.price_out(int(high)):.12g}"
        text = f"price {instrument.price_out(price):.12g} is outside {limits} around the market of {instrument.name}"
        raise Denied(Reason.PRICE_BAND, text)


def _check_closing(request: OrderRequest, account: Account) -> None:
    """Check the individual position that an order closes. Raises: Denied."""
    if not (request.is_close and account.is_hedging):
        raise unsupported("positionId needs isClose, and an account with hedging")
    position = account.individual.find(request.position_id or "")
    if position is None or position.instrument is not request.instrument:
        text = f"there is no individual position {request.position_id} in {request.symbol}"
        raise Denied(Reason.UNKNOWN_POSITION, text)
    check_fifo(account, position)


def check_fifo(account: Account, position: IndividualPosition) -> None:
    """Check that an account may close an individual position before others. Raises: Denied FIFO_CLOSE."""
    oldest = account.individual.oldest(position.instrument.name, position.side)
    if account.profile.fifo_close and oldest is not None and oldest is not position:
        raise Denied(Reason.FIFO_CLOSE, f"{oldest.id} is older than {position.id} and has to be closed first")


def _check_notional(account: Account, instrument: Instrument, qty: int, price: int, market: MarketView) -> None:
    notional = value_of(account, instrument, qty, price, market)
    low, high = instrument.value_bounds
    if not low <= notional <= high:
        limits = f"{instrument.min_notional.normalize():f}..{instrument.max_notional}"
        text = f"order value {notional / MONEY_SCALE:.2f} is outside {limits} for {instrument.name}"
        raise Denied(Reason.NOTIONAL_RANGE, text)
