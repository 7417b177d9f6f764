"""Wire shapes of the broker's state: from exact units to plain dictionaries, a new one for each call.

Called by updates.py for the stream and by queries.py for REST; a test compares each with its wire model.
"""

from collections.abc import Sequence

from engine.broker import events as ev
from engine.broker import margin
from engine.broker.account import Account
from engine.broker.brackets import prices_of_leg
from engine.broker.conversion import converted
from engine.broker.individual_positions import IndividualPosition
from engine.broker.ledger import money_out
from engine.broker.market_view import MarketView
from engine.broker.matching import mark_price
from engine.broker.order import REJECTED, Order
from engine.broker.position import OpenPosition
from engine.models.broker.account import NotificationType
from engine.models.broker.orders import OrderChange
from engine.models.broker.positions import Brackets
from engine.models.common import fields_of
from engine.models.market.instruments import Instrument
from engine.topics import Payload

AVERAGE_DECIMALS = 4
"""Decimals of an average price beyond those of the instrument's prices: averages do not lie on the tick grid."""

ADDED_TO_ORDERS: Payload = {
    "stopLossLimit": None,
    "notional": None,
    "trailPercent": None,
    "revision": 0,
    "positionId": None,
    "exitLevels": None,
    "exitLevelId": None,
}
"""Fields of a PlacedOrder that stored ones of earlier programs lack, with their values."""

NO_BRACKETS: Payload = {name: None for name in Brackets.model_fields if name != "exitLevels"}
NO_EXITS: Payload = {**NO_BRACKETS, "exitLevels": None}


def average_out(value: int, qty: int, instrument: Instrument) -> float:
    """Return an average price from a sum of quantity * price units; one on the price grid needs no rounding."""
    price, rest = divmod(value, qty)
    if not rest:
        return price / instrument.pricescale
    return round(value / qty / instrument.pricescale, instrument.price_decimals + AVERAGE_DECIMALS)


def order_payload(order: Order) -> Payload:
    """Return a PlacedOrder."""
    sent, terms, parent, instrument = fields_of(order.sent), order.terms, order.parent, order.instrument
    return {
        "id": order.id,
        "symbol": order.symbol,
        "type": int(order.type),
        "side": order.side,
        "qty": terms.qty / instrument.qty_scale,
        "status": int(order.status),
        "limitPrice": sent["limitPrice"] if (price := terms.limit_price) is None else instrument.price_out(price),
        "stopPrice": sent["stopPrice"] if (price := terms.stop_price) is None else instrument.price_out(price),
        "takeProfit": sent["takeProfit"],
        "stopLoss": sent["stopLoss"],
        "stopLossLimit": sent["stopLossLimit"],
        "guaranteedStop": sent["guaranteedStop"],
        "trailingStopPips": sent["trailingStopPips"],
        "stopType": None if (stop_type := sent["stopType"]) is None else int(stop_type),
        "duration": (duration := sent["duration"]) and duration.model_dump(),
        "seenPrice": sent["seenPrice"],
        "currentQuotes": (quotes := sent["currentQuotes"]) and quotes.model_dump(),
        "isClose": sent["isClose"],
        "postOnly": sent["postOnly"],
        "clientOrderId": sent["clientOrderId"],
        "customFields": sent["customFields"],
        "filledQty": order.filled / instrument.qty_scale,
        "avgPrice": average_out(order.value, order.filled, instrument) if order.filled else None,
        "createTime": order.create_time,
        "updateTime": order.update_time,
        "parentId": None if parent is None else parent.id,
        "parentType": None if parent is None else int(parent.type),
        "exitLevelId": None if parent is None else parent.level or None,
        "commission": money_out(order.commission),
        "message": order.message and _message(order),
        "reason": order.reason,
        "notional": sent["notional"],
        "trailPercent": sent["trailPercent"],
        "revision": order.revision,
        "positionId": sent["positionId"],
        "exitLevels": (levels := sent["exitLevels"]) and [one.model_dump() for one in levels],
    }


def _message(order: Order) -> Payload:
    return {"text": order.message, "type": "error" if order.status is REJECTED else "information"}


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
    return {
        "id": symbol,
        "symbol": symbol,
        "qty": size / instrument.qty_scale,
        "side": position.side,
        "avgPrice": average_out(basis, size * instrument.money_factor, instrument) if qty else 0.0,
        "pl": money_out(margin.profit_of(account, position, quote, market)) if (qty or basis) and quote else 0.0,
        "realizedPL": money_out(position.realised),
        **_bracket_fields(account.brackets.get(symbol, ()) if qty else ()),
        "canBeClosed": qty != 0,
        "updateTime": position.update_time,
    }


def _bracket_fields(legs: Sequence[Order]) -> Payload:
    """Return the brackets of a position: the prices of its pair, and its exit levels."""
    if not legs:
        return NO_EXITS
    shown, levels = dict(NO_EXITS), dict[tuple[str, str], Payload]()
    for leg in legs:
        if leg.parent is None or not leg.parent.level:
            shown.update(prices_of_leg(leg))
            continue
        level = {"id": leg.parent.level, "qty": leg.instrument.qty_out(leg.remaining), **NO_BRACKETS}
        levels.setdefault((leg.parent.pair, leg.parent.level), level).update(prices_of_leg(leg))
    return shown | {"exitLevels": list(levels.values()) or None}


def individual_payload(account: Account, one: IndividualPosition, profit: int = 0) -> Payload:
    """Return an IndividualPosition with its unrealised profit in money units."""
    instrument, (qty, basis) = one.instrument, one.holding
    size, name = abs(qty), instrument.name
    is_first = not account.profile.fifo_close or account.individual.oldest(name, one.side) is one
    return {
        "id": one.id,
        "symbol": name,
        "orderId": one.order_id,
        "date": one.open_time,
        "qty": size / instrument.qty_scale,
        "side": one.side,
        "price": average_out(basis, size * instrument.money_factor, instrument) if qty else 0.0,
        "pl": money_out(profit),
        "realizedPL": money_out(one.realised),
        **_bracket_fields(account.brackets.get(one.id, ()) if qty else ()),
        "canBeClosed": qty != 0 and is_first,
        "updateTime": one.update_time,
    }


def individual_payloads(account: Account, market: MarketView) -> list[Payload]:
    """Return the open individual positions by symbol, oldest first, marked with the current quotes."""
    return [
        individual_payload(account, one, profit)
        for position in account.positions.values()
        for one, profit in margin.individual_profits(account, position, market)
    ]


def individual_pl_payload(account: Account, market: MarketView) -> Payload:
    """Return a PLUpdate of the individual positions: each has the mark of its net position."""
    rows = []
    for name, position in account.positions.items():
        mark = mark_price(position.holding.qty, market.quote(name), account.profile.mark)
        for one, profit in margin.individual_profits(account, position, market):
            price = position.instrument.price_out(mark)
            rows.append({"id": one.id, "symbol": name, "pl": money_out(profit), "price": price})
    return {"positions": rows, "time": market.now_ms}


def pl_payload(account: Account, market: MarketView) -> Payload:
    """Return a PLUpdate of the open positions, marked with the current quotes."""
    rows = []
    for name, position in account.positions.items():
        instrument = position.instrument
        if not position.holding.qty:
            continue
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


def margin_available_payload(account: Account, market: MarketView) -> Payload:
    """Return MarginAvailable now."""
    free = margin.assess(account, market).free
    return {"marginAvailable": money_out(free), "currency": account.currency, "updateTime": market.now_ms}


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
