"""Wire shapes of the broker's state: from exact units to plain dictionaries, a new one for each call.

Called by updates.py for the stream and by queries.py for REST; a test compares each with its wire model.
"""

from engine.broker import events as ev
from engine.broker import margin
from engine.broker.account import Account
from engine.broker.brackets import prices_of_leg
from engine.broker.conversion import converted
from engine.broker.ledger import money_out
from engine.broker.market_view import MarketView
from engine.broker.matching import mark_price
from engine.broker.order import REJECTED, Order
from engine.broker.position import OpenPosition
from engine.models.broker.account import NotificationType
from engine.models.broker.orders import OrderChange
from engine.models.broker.positions import Brackets
from engine.models.market.instruments import Instrument
from engine.topics import Payload

AVERAGE_DECIMALS = 4
"""Decimals of an average price beyond those of the instrument's prices: averages do not lie on the tick grid."""

ADDED_TO_ORDERS: Payload = {"stopLossLimit": None, "notional": None, "trailPercent": None, "revision": 0}
"""Fields of a PlacedOrder that stored ones of earlier programs lack, with their values."""

NO_BRACKETS: Payload = dict.fromkeys(Brackets.model_fields)


def average_out(value: int, qty: int, instrument: Instrument) -> float:
    """Return an average price from a sum of quantity * price units; one on the price grid needs no rounding."""
    price, rest = divmod(value, qty)
    if not rest:
        return price / instrument.pricescale
    return round(value / qty / instrument.pricescale, instrument.price_decimals + AVERAGE_DECIMALS)


def order_payload(order: Order) -> Payload:
    """Return a PlacedOrder."""
    sent, instrument, terms, parent = order.sent, order.instrument, order.terms, order.parent
    limit_price, stop_price, qty_scale = terms.limit_price, terms.stop_price, instrument.qty_scale
    is_rejected = order.status is REJECTED
    return {
        "id": order.id,
        "symbol": order.symbol,
        "type": int(order.type),
        "side": order.side,
        "qty": terms.qty / qty_scale,
        "status": int(order.status),
        "limitPrice": sent.limitPrice if limit_price is None else instrument.price_out(limit_price),
        "stopPrice": sent.stopPrice if stop_price is None else instrument.price_out(stop_price),
        "takeProfit": sent.takeProfit,
        "stopLoss": sent.stopLoss,
        "stopLossLimit": sent.stopLossLimit,
        "guaranteedStop": sent.guaranteedStop,
        "trailingStopPips": sent.trailingStopPips,
        "stopType": None if sent.stopType is None else int(sent.stopType),
        "duration": sent.duration and sent.duration.model_dump(),
        "seenPrice": sent.seenPrice,
        "currentQuotes": sent.currentQuotes and sent.currentQuotes.model_dump(),
        "isClose": sent.isClose,
        "postOnly": sent.postOnly,
        "clientOrderId": sent.clientOrderId,
        "customFields": sent.customFields,
        "filledQty": order.filled / qty_scale,
        "avgPrice": average_out(order.value, order.filled, instrument) if order.filled else None,
        "createTime": order.create_time,
        "updateTime": order.update_time,
        "parentId": None if parent is None else parent.id,
        "parentType": None if parent is None else int(parent.type),
        "commission": money_out(order.commission),
        "message": order.message and {"text": order.message, "type": "error" if is_rejected else "information"},
        "reason": order.reason,
        "notional": sent.notional,
        "trailPercent": sent.trailPercent,
        "revision": order.revision,
    }


def changed_fields(order: Order, change: OrderChange) -> list[str]:
    """Return the fields of a change that do not have the value that clients see."""
    shown, sent = order_payload(order), change.model_dump(include=change.model_fields_set)
    return [name for name, value in sent.items() if value != shown[name]]


def execution_payload(event: ev.OrderExecuted, instrument: Instrument) -> Payload:
    """Return an Execution."""
    _, time_ms, execution_id, order_id, symbol, side, qty, price, commission, is_maker, _, rate = event
    paid = side * qty * price * instrument.money_factor
    if rate is not None:
        paid = converted(paid, rate)
    return {
        "id": execution_id,
        "orderId": order_id,
        "symbol": symbol,
        "price": price / instrument.pricescale,
        "qty": qty / instrument.qty_scale,
        "side": side,
        "time": time_ms,
        "commission": money_out(commission),
        "netAmount": money_out(-paid - commission),
        "maker": is_maker,
    }


def explanation_payload(event: ev.OrderExecuted, instrument: Instrument) -> Payload:
    """Return an ExecutionExplanation."""
    basis = event.basis
    quote, out = basis.quote, instrument.price_out
    return {
        "execution": execution_payload(event, instrument),
        "rule": basis.rule,
        "quote": {
            "time": quote.time_ms,
            "bid": out(quote.bid),
            "ask": out(quote.ask),
            "last": out(quote.last),
            "bidSize": _size_out(quote.bid_size, instrument),
            "askSize": _size_out(quote.ask_size, instrument),
        },
        "level": basis.level,
        "levelPrice": None if basis.level_price is None else out(basis.level_price),
        "displayed": _size_out(basis.displayed, instrument),
        "takenBefore": instrument.qty_out(basis.taken),
        "slippage": out(basis.slippage),
        "draw": basis.draw,
        "rate": None if event.rate is None else rate_payload(event.rate, instrument),
        "margin": {
            "equity": money_out(basis.equity),
            "used": money_out(basis.used),
            "reserved": money_out(basis.reserved),
            "available": money_out(basis.equity - basis.used - basis.reserved),
            "required": money_out(basis.required),
        },
    }


def _size_out(size: int | None, instrument: Instrument) -> float | None:
    return None if size is None else instrument.qty_out(size)


def rate_payload(rate: ev.Rate, instrument: Instrument) -> Payload:
    """Return the RateSeen of a trade in another currency than the account's."""
    return {"symbol": rate.symbol, "currency": instrument.currency, "value": rate.numerator / rate.denominator}


def position_payload(account: Account, position: OpenPosition, market: MarketView | None = None) -> Payload:
    """Return a Position; `pl` is marked with the market, by default with the quote and the rate of its last trade."""
    instrument, (qty, basis) = position.instrument, position.holding
    symbol, size = instrument.name, abs(qty)
    quote = position.quote if market is None else market.quote(symbol)
    legs = account.brackets.get(symbol, ()) if qty else ()
    return {
        "id": symbol,
        "symbol": symbol,
        "qty": size / instrument.qty_scale,
        "side": position.side,
        "avgPrice": average_out(basis, size * instrument.money_factor, instrument) if qty else 0.0,
        "pl": money_out(margin.profit_of(account, position, quote, market)) if qty and quote else 0.0,
        "realizedPL": money_out(position.realised),
        **NO_BRACKETS,
        **{name: price for leg in legs for name, price in prices_of_leg(leg).items()},
        "updateTime": position.update_time,
    }


def pl_payload(account: Account, market: MarketView) -> Payload:
    """Return a PLUpdate of the open positions, marked with the current quotes."""
    rows = []
    for name, position in account.positions.items():
        instrument = position.instrument
        quote = market.quote(name)
        mark = mark_price(position.holding.qty, quote, account.profile.mark)
        profit = margin.profit_of(account, position, quote, market)
        rows.append({"id": name, "symbol": name, "pl": money_out(profit), "price": instrument.price_out(mark)})
    return {"positions": rows, "time": market.now_ms}


def equity_payload(account: Account, market: MarketView) -> Payload:
    """Return EquityData, marked with the current quotes; everything else is exact."""
    margins, funds = margin.assess(account, market), account.funds
    warning = None
    if account.is_called:
        text = f"Margin call: equity {money_out(margins.equity):.2f}, margin used {money_out(margins.used):.2f}"
        warning = {"text": text, "type": "warning"}
    return {
        "equity": money_out(margins.equity),
        "balance": money_out(funds.balance),
        "unrealizedPL": money_out(margins.equity - funds.balance),
        "realizedPL": money_out(funds.realised),
        "commission": money_out(funds.commissions),
        "marginUsed": money_out(margins.used),
        "marginAvailable": money_out(margins.free),
        "currency": account.currency,
        "message": warning,
        "updateTime": market.now_ms,
    }


def margin_call_payload(event: ev.MarginCallChanged) -> Payload:
    """Return the Notification about the start or the end of a margin call."""
    figures = f"equity {money_out(event.equity):.2f}, margin used {money_out(event.used):.2f}"
    return {
        "title": "Margin call" if event.is_called else "Margin call is over",
        "text": figures[0].upper() + figures[1:],
        "type": int(NotificationType.ERROR if event.is_called else NotificationType.SUCCESS),
        "time": event.time_ms,
    }


def account_payload(account: Account) -> Payload:
    """Return AccountMetainfo."""
    return {"id": account.id, "name": account.name, "type": "demo", "currency": account.currency}


def account_info(account: Account) -> Payload:
    """Return AccountInfo."""
    profile = account.profile.model_dump(mode="json", by_alias=True)
    return {**account_payload(account), "deposit": money_out(account.funds.deposits), "profile": profile}
