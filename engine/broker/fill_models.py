"""Fill models: when an order trades, how much and at which price. A model never changes the account's state.

`market` follows the fill table of docs/trading.md on real quotes. `simulator` executes one random working order at its
own price every second or two, so that every state of a screen appears quickly.
"""

from dataclasses import dataclass
from typing import NamedTuple

from engine.broker import matching
from engine.broker.account import Account
from engine.broker.events import Terms
from engine.broker.liquidity import DepthOf, Take
from engine.broker.market_view import MarketView
from engine.broker.order import Order, OrderRequest
from engine.models.market.quotes import Quote


@dataclass(slots=True)
class Fill:
    """A trade to book.

    Attributes:
        quote: The quote that it trades on.
        rule: The line of the fill table.
        take: The level that it takes, None where sizes do not matter.
        slippage: Price units worse than the rule's price.
        draw: The random number behind the slippage, if one was drawn.
    """

    qty: int
    price: int
    is_maker: bool
    quote: Quote
    rule: str
    take: Take | None = None
    slippage: int = 0
    draw: float | None = None


class TradeConditions(NamedTuple):
    """The market for an order that waits for no stop price.

    Attributes:
        reference: The quote that decides whether the limit is reached.
        quote: The quote that the order trades on.
        depth: The book behind the quote; None where there is no book, or where the order does not take it.
        is_taking: The order takes liquidity. Else it rested, and trades as maker: on quotes at its limit.
        printed: Price of the print of a bar that it trades on, in price units; None on quotes.
    """

    reference: Quote
    quote: Quote
    depth: DepthOf | None
    is_taking: bool
    printed: int | None = None


def market_fills(account: Account, order: Order, qty: int, conditions: TradeConditions) -> list[Fill]:
    """Return the trades of an order on the current market, the best price first.

    The order is working and does not wait for a stop price; it may trade `qty`.
    """
    side, limit_price = order.side, order.terms.limit_price
    reference, quote, depth, is_taking, printed = conditions
    if not qty:
        return []
    if order.is_guaranteed:
        assert order.terms.stop_price is not None
        return [Fill(qty, order.terms.stop_price, False, quote, "guaranteed stop")]
    if limit_price is None:
        return _slipped_fills(account, order, account.liquidity.find(side, qty, quote, depth, None, printed), quote)
    is_reached = matching.is_marketable if account.profile.touch or is_taking else matching.is_traded_through
    if not is_reached(side, limit_price, reference):
        return []
    rule, is_at_limit = "marketable limit" if is_taking else "resting limit", not is_taking and printed is None
    return [
        Fill(take.qty, limit_price if is_at_limit else take.price, not is_taking, quote, rule, take)
        for take in account.liquidity.find(side, qty, quote, depth, limit_price, printed)
    ]


def _slipped_fills(account: Account, order: Order, takes: list[Take], quote: Quote) -> list[Fill]:
    """Return the trades of an order without a limit, each with its own slippage."""
    fills: list[Fill] = []
    rule, model = "market" if order.terms.stop_price is None else "stop", account.profile.slippage
    for take in takes:
        price, ticks, draw = take.price, model.ticks, None
        if model.probability:
            draw = account.random.draw("slippage", account.execution_count + len(fills))
            ticks += draw < model.probability
        if ticks:
            price = order.instrument.grid.moved(price, order.side * ticks)
        fills.append(Fill(take.qty, price, False, quote, rule, take, (price - take.price) * order.side, draw))
    return fills


def due_ms(account: Account) -> int | None:
    """Return from when on the simulator may execute an order of an account; None without a working order.

    The delay counts from the last execution or the creation of the oldest working order, the later of both. It is a
    random number counted by the executions, so it is a function of the account's state. Stalled orders do not count.
    """
    profile = account.profile
    oldest = next((one for one in account.working.values() if not one.is_stalled), None)
    if profile.is_manual or oldest is None:
        return None
    since_ms = oldest.create_time
    if account.executions:
        since_ms = max(since_ms, account.executions[-1].time_ms)
    delay = profile.execution_delay
    delay_s = 1 + account.random.draw("delay", account.execution_count) if delay is None else delay
    return since_ms + round(1000 * delay_s)


def due_order(account: Account, market: MarketView) -> Order | None:
    """Return the working order that the simulator executes now, if one is due; the choice is random like the delay."""
    time_ms = due_ms(account)
    if time_ms is None or market.now_ms < time_ms:
        return None
    working = [
        one
        for one in account.working.values()
        if one.is_working and not one.is_stalled and not market.is_halted(one.symbol)
    ]
    return working[int(account.random.draw("choice", account.execution_count) * len(working))] if working else None


def reference_price(request: OrderRequest, terms: Terms, account: Account, market: MarketView) -> int:
    """Return the price to value an order at: its own, or the opposite quote for a market order.

    For a market order of a simulator account, the prices sent for information come first, rounded to the tick grid.
    """
    price = terms.limit_price if terms.limit_price is not None else terms.stop_price
    if price is None and account.is_simulated:
        sent, instrument = request.sent, request.instrument
        values = [one for one in (sent.limitPrice, sent.stopPrice, sent.seenPrice) if one and 0 < one < 1e9]
        prices = [instrument.grid.nearest(value * instrument.pricescale) for value in values]
        price = next(filter(None, prices), None)
    return matching.opposite(request.side, market.quote(request.symbol)) if price is None else price
