"""Fill models: when an order trades, how much and at which price. A model never changes the account's state.

`market` follows the fill table of docs/trading.md on real quotes; `simulator` executes one random working order at its
own price every second or two, so that every screen state is seen fast.
"""

from dataclasses import dataclass
from typing import NamedTuple

from engine.broker import matching
from engine.broker.account import Account
from engine.broker.liquidity import DepthOf, Found, Liquidity, Offer
from engine.broker.moment import Moment
from engine.broker.order import Order
from engine.broker.random_source import Dice
from engine.models.broker.orders import PreOrder
from engine.models.market.instruments import Instrument
from engine.models.market.quotes import Quote


@dataclass(slots=True)
class Fill:
    """A trade to book, and how it came about.

    Attributes:
        rule: The line of the fill table.
        offer: The level that it takes, None where sizes do not matter.
        slippage: Price units worse than the rule's price.
        draw: The random number behind it, if one was drawn.
    """

    qty: int
    price: int
    is_maker: bool
    rule: str
    offer: Offer | None = None
    slippage: int = 0
    draw: float | None = None


class Encounter(NamedTuple):
    """How an order that waits for no stop price meets the market.

    Attributes:
        seen: What decides whether its limit is reached.
        quote: What it trades on.
        depth: The levels behind the quote; None where there are none, or where it does not take them.
        is_taking: It takes what is there. Else it rested, and is taken: as maker,
        is_at_limit: at its limit, however good the quote is.
        printed: Price of the print of a bar that it trades on the way to, in price units; None on quotes.
    """

    seen: Quote
    quote: Quote
    depth: DepthOf | None
    is_taking: bool
    is_at_limit: bool
    printed: int | None = None


def market_fills(account: Account, order: Order, most: int, encounter: Encounter, liquidity: Liquidity) -> list[Fill]:
    """Return the trades that the market gives a triggered or unconditional order now, the best price first.

    Args:
        account: The owner: slippage and touch rules, and the number of the next draw.
        order: A working order that does not wait for a stop price.
        most: Quantity that it may trade.
        encounter: The market.
        liquidity: What the account finds there.
    """
    side, limit_price = order.side, order.terms.limit_price
    seen, quote, depth, is_taking, is_at_limit, printed = encounter
    if not most:
        return []
    if order.is_guaranteed:
        assert order.terms.stop_price is not None
        return [Fill(most, order.terms.stop_price, False, "guaranteed stop")]
    if limit_price is None:
        return slipped_fills(account, order, liquidity.find(side, most, quote, depth, None, printed), liquidity)
    if not _reaches(side, limit_price, seen, account.profile.touch or is_taking):
        return []
    found = liquidity.find(side, most, quote, depth, limit_price, printed)
    if is_taking:
        return [Fill(qty, offer.price, False, "marketable limit", offer) for offer, qty in found]
    return [
        Fill(qty, limit_price if is_at_limit else offer.price, True, "resting limit", offer) for offer, qty in found
    ]


def slipped_fills(account: Account, order: Order, found: Found, liquidity: Liquidity) -> list[Fill]:
    """Return the trades of an order without a limit, each with its own slippage."""
    fills: list[Fill] = []
    rule, model = "market" if order.terms.stop_price is None else "stop", account.profile.slippage
    if not (model.ticks or model.probability):
        return [Fill(qty, offer.price, False, rule, offer) for offer, qty in found]
    for offer, qty in found:
        ticks, draw = liquidity.slip(model, account.execution_count + len(fills))
        price = order.instrument.grid.moved(offer.price, order.side * ticks) if ticks else offer.price
        fills.append(Fill(qty, price, False, rule, offer, (price - offer.price) * order.side, draw))
    return fills


def _reaches(side: int, limit_price: int, quote: Quote, is_touch_enough: bool) -> bool:
    if is_touch_enough:
        return matching.is_marketable(side, limit_price, quote)
    return matching.is_traded_through(side, limit_price, quote)


def due_order(account: Account, dice: Dice, moment: Moment) -> Order | None:
    """Return the working order that the simulator executes now, if one is due.

    The delay counts from the last execution, or from when the oldest order that waits came in. It and the choice are
    drawn by the number of executions: a function of the account's state.
    """
    profile, waiting = account.profile, account.working
    if profile.is_manual or not waiting:
        return None
    since_ms = next(iter(waiting.values())).create_time
    if account.executions:
        since_ms = max(since_ms, account.executions[-1].time_ms)
    number, delay = account.execution_count, profile.execution_delay
    delay_s = 1 + dice.draw("delay", number) if delay is None else delay
    if moment.at_ms < since_ms + round(1000 * delay_s):
        return None
    working = [order for order in waiting.values() if order.is_working and not moment.is_halted(order.symbol)]
    return working[int(dice.draw("choice", number) * len(working))] if working else None


def simulated_fill(order: Order, qty: int, quote: Quote) -> Fill:
    """Return the simulator's trade: all that the order may trade, at its own price."""
    price = own_price(order.request, order.terms.limit_price, order.terms.stop_price, order.instrument)
    is_maker = order.terms.limit_price is not None
    return Fill(qty, price or matching.opposite(order.side, quote), is_maker, "simulator")


def own_price(request: PreOrder, limit_price: int | None, stop_price: int | None, instrument: Instrument) -> int | None:
    """Return an order's own price: the first of limit price, stop price and `seenPrice`, or None.

    The information of a market order is rounded to the tick grid.
    """
    if limit_price is not None or stop_price is not None:
        return limit_price if limit_price is not None else stop_price
    for name in ("limitPrice", "stopPrice", "seenPrice"):
        price = _informed_price(getattr(request, name), instrument)
        if price is not None:
            return price
    return None


def _informed_price(value: float | None, instrument: Instrument) -> int | None:
    if value is None or not 0 < value < 1e9:
        return None
    return instrument.grid.nearest(value * instrument.pricescale) or None
