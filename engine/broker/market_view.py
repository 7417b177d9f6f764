"""The market as the broker sees it at one instant.

It is the broker's only access to the market. engine/market/market_view.py implements it on a datafeed, and
engine/core.py passes it with every command and tick.
"""

from typing import Protocol

from engine.models.market.depth import Depth
from engine.models.market.quotes import Print, Quote


class MarketView(Protocol):
    """The market at one instant, for one command or tick; symbols are canonical names."""

    @property
    def now_ms(self) -> int:
        """Market time of the instant in epoch milliseconds: the time of its events."""

    def quote(self, symbol: str) -> Quote:
        """Return the quote of a symbol."""

    def has_price(self, symbol: str) -> bool:
        """Whether a symbol has a quote; an external feed may not have sent one yet."""

    def trail_quote(self, symbol: str) -> Quote:
        """Return the quote that trailing stops follow. On bars, its bid and ask are the print."""

    def new_print(self, symbol: str) -> Print | None:
        """Return the print that resting orders are matched against, None where nothing is new at this instant."""

    def depth(self, symbol: str) -> Depth:
        """Return the book of a symbol; needed only where the best level is not enough."""

    def is_open(self, symbol: str) -> bool:
        """Whether a symbol is traded now: its market is open, and trading is not halted."""

    def is_halted(self, symbol: str) -> bool:
        """Whether trading in a symbol is halted, also outside its trading hours."""

    def session_end_ms(self, symbol: str) -> int:
        """Return the end of a symbol's trading session, of the next one while its market is closed."""

    def opened_ms(self, symbol: str) -> int | None:
        """Return when the market opened or a halt ended, if the quote is the first one since then; else None."""

    def day_start_ms(self, symbol: str) -> int:
        """Return the start of a symbol's trading day, of the next one when the last session of the day is over."""
