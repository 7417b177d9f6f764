"""Fill models: when an order trades, how much and at which price. The only randomness of the broker is here.

`market` follows the fill table of docs/trading.md on real quotes; `simulator` executes one random working order at its
own price every second or two, so that every screen state is seen fast. A model never changes state.
"""

from random import Random
from typing import NamedTuple

from engine.broker import matching
from engine.broker.order import Order
from engine.models.broker.account import Profile
from engine.models.market.instruments import Instrument
from engine.models.market.quotes import Quote


class Fill(NamedTuple):
    """A trade to book; `rule` names the line of the fill table."""

    qty: int
    price: int
    is_maker: bool
    rule: str


class Liquidity:
    """How much of the displayed size an account has taken, per symbol and side; a new quote displays anew."""

    __slots__ = ("_taken",)

    def __init__(self) -> None:
        self._taken: dict[tuple[str, int], tuple[int, int]] = {}

    def left(self, side: int, quote: Quote) -> int | None:
        """Return what an order of this side still finds, None where the size is unlimited."""
        size = matching.displayed(side, quote)
        if size == 0:
            return None
        time_ms, taken = self._taken.get((quote.symbol, side), (quote.time_ms, 0))
        return size - taken if time_ms == quote.time_ms else size

    def take(self, side: int, qty: int, quote: Quote) -> None:
        """Count a trade against the displayed size."""
        time_ms, taken = self._taken.get((quote.symbol, side), (quote.time_ms, 0))
        self._taken[quote.symbol, side] = (quote.time_ms, qty + (taken if time_ms == quote.time_ms else 0))


def market_fill(order: Order, quote: Quote, left: int | None, is_arriving: bool) -> Fill | None:
    """Return the trade that the market gives a triggered or unconditional order now, or None.

    Args:
        order: A working order that does not wait for a stop price.
        quote: The market.
        left: Displayed quantity not yet consumed; None is unlimited.
        is_arriving: The order (or its triggered limit) was not resting before this quote.
    """
    qty = order.remaining if left is None else min(order.remaining, left)
    if qty <= 0:
        return None
    if order.limit_price is None:
        rule = "market" if order.stop_price is None else "stop"
        return Fill(qty, matching.opposite(order.side, quote), False, rule)
    if not matching.is_marketable(order.side, order.limit_price, quote):
        return None
    if is_arriving:
        price = matching.fill_price_on_arrival(order.side, order.limit_price, quote)
        return Fill(qty, price, False, "marketable limit")
    return Fill(qty, order.limit_price, True, "resting limit")


class Simulator:
    """The `simulator` model of one account: its clock and its dice.

    Args:
        profile: `execution_delay` and `is_manual`.
        random: The account's own seeded generator.
    """

    def __init__(self, profile: Profile, random: Random) -> None:
        self._profile = profile
        self._random = random
        self._due_ms: int | None = None

    def pick(self, working: list[Order], now_ms: int) -> Order | None:
        """Return the order to execute now, if one is due; the first look at waiting orders starts the delay."""
        if self._profile.is_manual or not working:
            self._due_ms = None
            return None
        if self._due_ms is None:
            self._due_ms = now_ms + self._delay_ms()
        if now_ms < self._due_ms:
            return None
        self._due_ms = now_ms + self._delay_ms()
        return self._random.choice(working)

    def _delay_ms(self) -> int:
        delay = self._profile.execution_delay
        return round(1000 * (self._random.uniform(1, 2) if delay is None else delay))


def simulated_fill(order: Order, quote: Quote) -> Fill:
    """Return the simulator's trade: the whole rest at the order's own price.

    The first of limit price, stop price, `seenPrice` and the quote; information is rounded to the tick grid.
    """
    request, instrument = order.request, order.instrument
    price = order.limit_price or order.stop_price
    if price is None:
        price = _informed_price(request.limitPrice, instrument) or _informed_price(request.stopPrice, instrument)
    if price is None:
        price = _informed_price(request.seenPrice, instrument) or matching.opposite(order.side, quote)
    return Fill(order.remaining, price, order.limit_price is not None, "simulator")


def _informed_price(value: float | None, instrument: Instrument) -> int | None:
    if value is None or not 0 < value < 1e9:
        return None
    ticks = round(value * instrument.pricescale / instrument.minmov)
    return ticks * instrument.minmov or None
