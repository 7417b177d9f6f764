"""Displayed liquidity for one account: the levels of the book, less the quantity that it has taken of them already.

It is kept per account, so that accounts do not affect each other. Only executions change it, live and in recovery.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import NamedTuple

from engine.broker import matching
from engine.broker.events import OrderExecuted
from engine.models.broker.account import Profile
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
        number: Of the level; 1 is the best, 0 is a quantity that finds no liquidity.
        price: Price units.
        counted_at: Price under which the taken quantity is counted: its own, or that of the print that it belongs to.
        size: Displayed quantity that counts for the account, in quantity units; None does not limit.
        taken: Quantity that the account has taken of the level before.
        qty: Quantity that the order takes.
    """

    number: int
    price: int
    counted_at: int
    size: int | None
    taken: int
    qty: int = 0

    def take(self, wanted: int) -> None:
        """Take the part of a wanted quantity that the level still has."""
        self.qty = wanted if self.size is None else max(0, min(wanted, self.size - self.taken))


class Taken(NamedTuple):
    """The quantity that was taken of a level, with the time of its quote and its size."""

    time_ms: int
    size: int
    qty: int


@dataclass(slots=True)
class Liquidity:
    """Displayed liquidity for one account.

    The best level has its whole size again with every quote. A level behind it has its whole size again when the
    displayed size changes; until then the taken quantity is missing.

    Attributes:
        is_unlimited: Whether sizes do not limit the account.
        share: Share of the displayed sizes that the account can take.
        levels: Taken quantity of each level, by symbol and side, then by the price under which it is counted.
    """

    is_unlimited: bool
    share: float
    levels: dict[tuple[str, int], dict[int, Taken]] = field(default_factory=dict)

    @classmethod
    def of(cls, profile: Profile) -> "Liquidity":
        """Return the liquidity for an account with these rules, which has taken nothing yet."""
        return cls(profile.unlimited_size, profile.slippage.volume_share)

    def find(
        self,
        side: int,
        qty: int,
        quote: Quote,
        depth: DepthOf | None,
        limit_price: int | None = None,
        printed: int | None = None,
    ) -> list[Take]:
        """Return the quantities that an order takes now, the best price first.

        Args:
            side: +1 takes the asks, -1 the bids.
            qty: Quantity wanted, above 0.
            quote: The market; the best level is its own.
            depth: The book, called when the best level is not enough; None where there is no book.
            limit_price: Worst price to take; None without a limit.
            printed: Price of the print of a bar that the order trades on: all orders on it share its size.
        """
        price, size = (quote.ask, quote.ask_size) if side > 0 else (quote.bid, quote.bid_size)
        if limit_price is not None and (price - limit_price) * side > 0:
            return []
        best = self._level(1, side, price, size, quote, printed)
        best.take(qty)
        if best.qty == qty:
            return [best]
        takes = [best] if best.qty else []
        if depth is None:
            return takes
        qty -= best.qty
        book = depth(quote.symbol)
        for number, shown in enumerate((book.asks if side > 0 else book.bids)[1:], start=2):
            if not qty or (limit_price is not None and (shown.price - limit_price) * side > 0):
                break
            level = self._level(number, side, shown.price, shown.size, quote)
            level.take(qty)
            if level.qty:
                takes.append(level)
                qty -= level.qty
        return takes

    def estimate(self, side: int, qty: int, quote: Quote, depth: DepthOf, limit_price: int | None = None) -> list[Take]:
        """Return the quantities that an order would take now; their sum is its whole quantity.

        A quantity that finds no liquidity is a take of level 0, at the limit price or at the last price taken.
        """
        takes, rest = self.find(side, qty, quote, depth, limit_price), qty
        for take in takes:
            rest -= take.qty
        if rest:
            last = takes[-1].price if takes else matching.opposite(side, quote)
            price = last if limit_price is None else limit_price
            takes.append(Take(0, price, price, 0, 0, rest))
        return takes

    def _level(
        self, number: int, side: int, price: int, size: int | None, quote: Quote, printed: int | None = None
    ) -> Take:
        """Return a level, with the quantity that the account has taken of it before."""
        taken, counted_at = 0, price if printed is None else printed
        if self.is_unlimited:
            size = None
        elif size and self.share != 1.0:
            size = max(1, int(size * self.share))
        levels = self.levels.get((quote.symbol, side))
        if levels is not None and (known := levels.get(counted_at)) is not None:
            is_same = known.size == size and (number > 1 or known.time_ms == quote.time_ms)
            taken = known.qty if is_same else 0
        return Take(number, price, counted_at, size, taken)

    def count(self, event: OrderExecuted) -> None:
        """Count an execution against its level."""
        basis = event.basis
        size, price = basis.displayed, basis.level_price
        if size is None or price is None:
            return
        levels = self.levels.setdefault((event.symbol, event.side), {})
        levels.pop(price, None)
        levels[price] = Taken(basis.quote.time_ms, size, basis.taken + event.qty)
        if len(levels) > KEPT_LEVELS:
            del levels[next(iter(levels))]
