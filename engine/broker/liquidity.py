"""Displayed liquidity for one account: the levels of the book, less the quantity that it has taken of them already.

It is kept per account, so that accounts do not affect each other. Executions alone change it, live and in recovery.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import NamedTuple

from engine.broker import matching
from engine.broker.events import OrderExecuted
from engine.broker.random_source import RandomSource
from engine.models.broker.account import Profile, Slippage
from engine.models.market.depth import Depth
from engine.models.market.quotes import Quote

KEPT_LEVELS = 64
"""Levels of one symbol and side whose taken quantity is kept, the latest ones."""

DepthOf = Callable[[str], Depth]
"""Returns the book of a symbol at the instant of the command or tick."""


@dataclass(slots=True)
class Take:
    """A quantity that an order takes of one level of the book.

    Attributes:
        number: Of the level; 1 is the best.
        price: Price units.
        counted_at: Price under which the taken quantity is counted: its own, or that of the print that it belongs to.
        size: Displayed quantity that counts for the account, in quantity units; 0 is unlimited.
        taken: Quantity that the account has taken of the level before.
        qty: Quantity that the order takes.
    """

    number: int
    price: int
    counted_at: int
    size: int
    taken: int
    qty: int = 0


class Taken(NamedTuple):
    """The quantity that was taken of a level, with the time of its quote and its size."""

    time_ms: int
    size: int
    qty: int


class Liquidity:
    """Displayed liquidity for one account, and its slippage.

    The best level is displayed again with every quote. A level behind it is displayed again when its size changes;
    until then the quantity that was taken of it is gone.

    Args:
        profile: Share of the sizes, and whether sizes limit at all.
        random: The account's random numbers.

    Attributes:
        ignores_market: Whether the account uses the simulator, which does not trade on the market.
    """

    __slots__ = ("_is_unlimited", "_random", "_share", "_taken", "ignores_market")

    def __init__(self, profile: Profile, random: RandomSource) -> None:
        self.ignores_market = profile.fill_model == "simulator"
        self._is_unlimited = profile.unlimited_size
        self._share = profile.slippage.volume_share
        self._random = random
        self._taken: dict[tuple[str, int], dict[int, Taken]] = {}

    def find(
        self,
        side: int,
        qty: int,
        quote: Quote,
        depth: DepthOf | None,
        limit_price: int | None = None,
        printed: int | None = None,
    ) -> list[Take]:
        """Return what an order takes now, the best price first.

        Args:
            side: +1 takes the asks, -1 the bids.
            qty: Quantity wanted, above 0.
            quote: The market; the best level is its own.
            depth: The book, called when the best level is not enough; None where there is no book.
            limit_price: No price is worse.
            printed: Price of the print of a bar that the order trades on: all orders on it share its size.
        """
        price, size = (quote.ask, quote.ask_size) if side > 0 else (quote.bid, quote.bid_size)
        if limit_price is not None and (price - limit_price) * side > 0:
            return []
        best = self._level(1, side, price, size, quote, printed)
        best.qty = min(qty, best.size - best.taken) if best.size else qty
        if best.qty == qty:
            return [best]
        takes = [best] if best.qty > 0 else []
        if depth is None:
            return takes
        qty -= max(0, best.qty)
        book = depth(quote.symbol)
        for number, shown in enumerate((book.asks if side > 0 else book.bids)[1:], start=2):
            if not qty or (limit_price is not None and (shown.price - limit_price) * side > 0):
                break
            level = self._level(number, side, shown.price, shown.size, quote)
            level.qty = min(qty, level.size - level.taken)
            if level.qty > 0:
                takes.append(level)
                qty -= level.qty
        return takes

    def _level(self, number: int, side: int, price: int, size: int, quote: Quote, printed: int | None = None) -> Take:
        """Return a level, with what the account has taken of it before."""
        taken, counted_at = 0, price if printed is None else printed
        if self._is_unlimited:
            size = 0
        elif size and self._share != 1.0:
            size = max(1, int(size * self._share))
        levels = self._taken.get((quote.symbol, side))
        if levels is not None and (known := levels.get(counted_at)) is not None:
            is_same = known.size == size and (number > 1 or known.time_ms == quote.time_ms)
            taken = known.qty if is_same else 0
        return Take(number, price, counted_at, size, taken)

    def count(self, event: OrderExecuted) -> None:
        """Count an execution against its level."""
        basis = event.basis
        size, price = basis.displayed, basis.level_price
        if not size or price is None:
            return
        levels = self._taken.setdefault((event.symbol, event.side), {})
        levels.pop(price, None)
        levels[price] = Taken(basis.quote.time_ms, size, basis.taken + event.qty)
        if len(levels) > KEPT_LEVELS:
            del levels[next(iter(levels))]

    def slip(self, model: Slippage, number: int) -> tuple[int, float | None]:
        """Return by how many ticks the execution of this number slips, and the random number behind it."""
        if not model.probability:
            return model.ticks, None
        draw = self._random.draw("slippage", number)
        return model.ticks + (draw < model.probability), draw


class Part(NamedTuple):
    """A quantity at a price."""

    qty: int
    price: int


class Estimate(NamedTuple):
    """The executions that an order would get now.

    Attributes:
        parts: One for each execution; the last one is for the quantity that finds no liquidity, if there is any.
        rest: Quantity that finds no liquidity now.
    """

    parts: tuple[Part, ...]
    rest: int

    @property
    def cost(self) -> int:
        """Sum of quantity * price."""
        return sum(part.qty * part.price for part in self.parts)

    @property
    def price(self) -> int:
        """Average price of all parts, rounded up to the next price unit."""
        if len(self.parts) == 1:
            return self.parts[0].price
        return -(-self.cost // sum(part.qty for part in self.parts))


def estimate(takes: list[Take], side: int, qty: int, quote: Quote, limit_price: int | None = None) -> Estimate:
    """Return the executions of an order of `qty` that takes these levels.

    Quantity that finds no liquidity is estimated at the limit price, or at the last price taken.
    """
    parts = tuple(Part(take.qty, take.price) for take in takes)
    rest = qty - sum(part.qty for part in parts)
    if not rest:
        return Estimate(parts, 0)
    last = parts[-1].price if parts else matching.opposite(side, quote)
    return Estimate((*parts, Part(rest, last if limit_price is None else limit_price)), rest)


def average_price(takes: list[Take], side: int, qty: int, quote: Quote) -> int:
    """Return the average price of a market order of `qty` that takes these levels, rounded up."""
    if len(takes) == 1 and takes[0].qty == qty:
        return takes[0].price
    return estimate(takes, side, qty, quote).price
