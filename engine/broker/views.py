"""Wire shapes of the broker's state: exact units in, plain dictionaries for the wire out, a fresh one every time.

Called by the cascade for every update and by the broker for REST; a test holds each of them against its model.
"""

from engine.broker import events as ev
from engine.broker.account import Account, OpenPosition, QuoteOf
from engine.broker.ledger import money_out, unrealised
from engine.broker.matching import mark_price
from engine.broker.order import Order
from engine.models.market.instruments import Instrument
from engine.models.market.quotes import Quote
from engine.topics import Payload

RATE_SCALE = 1_000_000
AVERAGE_DECIMALS = 4
"""Decimals that an average price has beyond those of the instrument's prices: averages do not lie on the tick grid."""


def average_out(value: int, qty: int, instrument: Instrument) -> float:
    """Write an average price from a sum of quantity * price."""
    decimals = len(str(instrument.pricescale)) - 1 + AVERAGE_DECIMALS
    return round(value / qty / instrument.pricescale, decimals)


def order_payload(order: Order) -> Payload:
    """Return a PlacedOrder."""
    request, instrument = order.request, order.instrument
    limit_price, stop_price = order.limit_price, order.stop_price
    return {
        "id": order.id,
        "symbol": instrument.name,
        "type": int(order.type),
        "side": order.side,
        "qty": instrument.qty_out(order.qty),
        "status": int(order.status),
        "limitPrice": request.limitPrice if limit_price is None else instrument.price_out(limit_price),
        "stopPrice": request.stopPrice if stop_price is None else instrument.price_out(stop_price),
        "takeProfit": request.takeProfit,
        "stopLoss": request.stopLoss,
        "guaranteedStop": request.guaranteedStop,
        "trailingStopPips": request.trailingStopPips,
        "stopType": request.stopType,
        "duration": request.duration and request.duration.model_dump(),
        "seenPrice": request.seenPrice,
        "currentQuotes": request.currentQuotes and request.currentQuotes.model_dump(),
        "isClose": request.isClose,
        "postOnly": request.postOnly,
        "clientOrderId": request.clientOrderId,
        "customFields": request.customFields,
        "filledQty": instrument.qty_out(order.filled),
        "avgPrice": average_out(order.value, order.filled, instrument) if order.filled else None,
        "createTime": order.create_time,
        "updateTime": order.update_time,
        "parentId": None,
        "parentType": None,
        "commission": money_out(order.commission),
        "message": order.message and {"text": order.message[0], "type": order.message[1]},
        "reason": order.reason,
    }


def execution_payload(event: ev.OrderExecuted, instrument: Instrument) -> Payload:
    """Return an Execution."""
    notional = event.side * event.qty * event.price * instrument.money_factor
    return {
        "id": event.execution_id,
        "orderId": event.order_id,
        "symbol": event.symbol,
        "price": instrument.price_out(event.price),
        "qty": instrument.qty_out(event.qty),
        "side": event.side,
        "time": event.time_ms,
        "commission": money_out(event.commission),
        "netAmount": money_out(-notional - event.commission),
        "maker": event.is_maker,
    }


def position_money(position: OpenPosition, quote: Quote) -> int:
    """Return the unrealised profit of a position in money units."""
    mark = mark_price(position.holding.qty, quote)
    return unrealised(position.holding, mark) * position.instrument.money_factor


def position_payload(position: OpenPosition, quote: Quote) -> Payload:
    """Return a Position; `pl` is marked with `quote`."""
    instrument, (qty, basis) = position.instrument, position.holding
    return {
        "id": instrument.name,
        "symbol": instrument.name,
        "qty": instrument.qty_out(abs(qty)),
        "side": position.side,
        "avgPrice": average_out(basis, abs(qty), instrument) if qty else 0.0,
        "pl": money_out(position_money(position, quote)) if qty else 0.0,
        "realizedPL": money_out(position.realised),
        "takeProfit": None,
        "stopLoss": None,
        "guaranteedStop": None,
        "trailingStopPips": None,
        "updateTime": position.update_time,
    }


def pl_payload(positions: list[OpenPosition], quotes: QuoteOf, now_ms: int) -> Payload:
    """Return a PLUpdate for the positions whose mark moved."""
    rows = []
    for position in positions:
        instrument = position.instrument
        quote = quotes(instrument.name)
        rows.append(
            {
                "id": instrument.name,
                "symbol": instrument.name,
                "pl": money_out(position_money(position, quote)),
                "price": instrument.price_out(mark_price(position.holding.qty, quote)),
            }
        )
    return {"positions": rows, "time": now_ms}


def equity_payload(account: Account, quotes: QuoteOf, now_ms: int) -> Payload:
    """Return EquityData: marks from the current quotes, everything else exact."""
    profit = margin = 0
    for symbol, position in account.positions.items():
        quote = quotes(symbol)
        profit += position_money(position, quote)
        margin += margin_money(position, quote, account.profile.leverage)
    funds = account.funds
    equity = funds.balance + profit
    return {
        "equity": money_out(equity),
        "balance": money_out(funds.balance),
        "unrealizedPL": money_out(profit),
        "realizedPL": money_out(funds.realised),
        "commission": money_out(funds.commissions),
        "marginUsed": money_out(margin),
        "marginAvailable": money_out(equity - margin),
        "currency": account.currency,
        "updateTime": now_ms,
    }


def margin_money(position: OpenPosition, quote: Quote, leverage: int) -> int:
    """Return the margin of a position at its mark, in money units, rounded up.

    notional * max(instrument margin rate, 1 / leverage). Source: docs/trading.md, margin.
    """
    instrument, qty = position.instrument, position.holding.qty
    notional = abs(qty) * mark_price(qty, quote) * instrument.money_factor
    rate = max(round(instrument.margin_rate * RATE_SCALE), -(-RATE_SCALE // leverage))
    return -(-notional * rate // RATE_SCALE)


def account_payload(account: Account) -> Payload:
    """Return AccountMetainfo."""
    return {"id": account.id, "name": account.name, "type": "demo", "currency": account.currency}
