"""Positions of the dialect: `/v2/positions`."""

from typing import Any

import orjson

from engine.broker import margin
from engine.broker.account import Account
from engine.broker.ledger import unrealised
from engine.broker.market_view import MarketView
from engine.broker.matching import mark_price
from engine.broker.position import OpenPosition
from engine.broker.serializers import average_out
from engine.errors import Denied, Missing
from engine.market.market import Market
from engine.models.broker.orders import CancelQuery
from handlers.alpaca.assets import asset_id, class_of, exchange_of, find_instrument, symbol_of
from handlers.alpaca.formats import decimal_text, money_text, ratio_text
from handlers.alpaca.orders import OrderReplies, rejection
from handlers.alpaca.requests import CloseQuery
from handlers.errors import error_body


def position_shape(account: Account, position: OpenPosition, view: MarketView, market: Market) -> dict[str, Any]:
    """Return a Position, marked with the current quote; money is in the account's currency."""
    instrument, (qty, basis) = position.instrument, position.holding
    name, factor, scale = instrument.name, instrument.money_factor, instrument.qty_scale
    mark = mark_price(qty, view.quote(name), account.profile.mark)
    last = _previous_close(market, name, view.now_ms)
    profit, value = (
        margin.amount_of(position, amount, mark, view)
        for amount in (unrealised(position.holding, mark * factor), qty * mark * factor)
    )
    cost = value - profit
    before = qty - _traded_since(account, name, view.day_start_ms(name))
    is_new = before * qty <= 0
    today = profit if is_new else margin.amount_of(position, qty * (mark - last) * factor, mark, view)
    begin = margin.amount_of(position, abs(qty) * last * factor, mark, view)
    return {
        "asset_id": asset_id(instrument),
        "symbol": symbol_of(instrument),
        "exchange": exchange_of(instrument),
        "asset_class": class_of(instrument),
        "asset_marginable": True,
        "avg_entry_price": f"{average_out(basis, abs(qty) * factor, instrument):.10g}",
        "qty": decimal_text(qty, scale),
        "qty_available": decimal_text(qty - _held(account, name, qty), scale),
        "side": "long" if qty > 0 else "short",
        "market_value": money_text(value),
        "cost_basis": money_text(cost),
        "unrealized_pl": money_text(profit),
        "unrealized_plpc": ratio_text(profit, abs(cost)),
        "unrealized_intraday_pl": money_text(today),
        "unrealized_intraday_plpc": ratio_text(today, begin),
        "current_price": decimal_text(mark, instrument.pricescale),
        "lastday_price": decimal_text(last, instrument.pricescale),
        "change_today": ratio_text(mark - last, last),
    }


def _previous_close(market: Market, symbol: str, now_ms: int) -> int:
    return market.day_stats(symbol, now_ms).prev_close


def _traded_since(account: Account, symbol: str, since_ms: int) -> int:
    """Return the signed quantity of a symbol that was traded since an instant."""
    total = 0
    for event in reversed(account.executions):
        if event.time_ms < since_ms:
            break
        if event.symbol == symbol:
            total += event.side * event.qty
    return total


def _held(account: Account, symbol: str, qty: int) -> int:
    """Return the signed part of a position that open orders would close; legs of one pair count once."""
    side = 1 if qty > 0 else -1
    pairs: dict[str, int] = {}
    for order in account.working.values():
        if order.symbol == symbol and order.side == -side and order.is_working:
            pair = order.id if order.parent is None else order.parent.pair
            pairs[pair] = max(pairs.get(pair, 0), order.remaining)
    return side * min(abs(qty), sum(pairs.values()))


class ShownPositions(OrderReplies):
    """Base of the handlers that show and close positions."""

    def position(self, position: OpenPosition) -> dict[str, Any]:
        """Return the Position of an open position."""
        return position_shape(self.account, position, self.view, self.engine.market)

    async def close(self, symbol: str, amount: float | None) -> tuple[dict[str, Any], Denied | None]:
        """Close a position and store the result; returns the closing order, and why it was rejected if it was."""
        account = self.account
        order_id = account.next_order_id()
        _, result = self.engine.close_position(account.id, symbol, amount)
        order = account.order(order_id)
        reply, refusal = self.shown(order, account), rejection(order)
        await self.store(result)
        return reply, refusal


class PositionHandler(ShownPositions):
    """`/v2/positions/{symbol or asset id}`; the symbol of a crypto pair may have a slash."""

    async def get(self, *parts: str) -> None:
        """Show one position."""
        name = find_instrument(self.engine, "/".join(parts), Missing).name
        await self.show(lambda: self.position(self.account.position(name)))

    async def delete(self, *parts: str) -> None:
        """Close a position, a quantity or a percentage of it."""
        query, name = self.query(CloseQuery), find_instrument(self.engine, "/".join(parts), Missing).name
        reply, refusal = await self.close(name, self._amount(name, query))
        if refusal is not None:
            raise refusal
        self.reply(reply)

    def _amount(self, symbol: str, query: CloseQuery) -> float | None:
        """Return the quantity to close, None for all of it. Raises: Missing UNKNOWN_POSITION."""
        if query.percentage is None:
            return query.qty
        position = self.account.position(symbol)
        instrument = position.instrument
        qty = int(abs(position.holding.qty) * query.percentage / 100)
        return instrument.qty_out(qty - qty % instrument.qty_step)


class PositionsHandler(ShownPositions):
    """`/v2/positions`."""

    async def get(self) -> None:
        """List the open positions."""
        await self.show(lambda: [self.position(one) for one in self.account.positions.values() if one.holding.qty])

    async def delete(self) -> None:
        """Close every position; with `cancel_orders`, cancel every open order first."""
        account = self.account
        if self.is_set("cancel_orders"):
            _, result = self.engine.cancel_orders(account.id, CancelQuery())
            await self.store(result)
        rows = []
        for position in [one for one in account.positions.values() if one.holding.qty]:
            symbol = symbol_of(position.instrument)
            try:
                reply, refusal = await self.close(position.instrument.name, None)
            except Denied as denied:
                reply, refusal = {}, denied
            if refusal is None:
                rows.append({"symbol": symbol, "status": 200, "body": reply})
            else:
                rows.append({"symbol": symbol, **_failed(self.request.path, refusal)})
        self.reply_multi_status(rows)


def _failed(path: str, error: Denied) -> dict[str, Any]:
    """Return status and body of a position that was not closed."""
    status, _, body = error_body(path, 403, error)
    return {"status": status, "body": orjson.Fragment(body)}
