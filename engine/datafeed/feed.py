"""The one interface of every feed. Nothing after the instant that is asked for is ever answered."""

from typing import Protocol

from engine.models.market.bars import BarColumns, BarRow
from engine.models.market.quotes import DayStats, Quote


class Feed(Protocol):
    """Prices of the instruments of one catalogue. Symbols are canonical names; resolutions as in `RESOLUTIONS`."""

    def quote(self, symbol: str, now_ms: int) -> Quote:
        """Return the market at `now_ms`."""

    def day_stats(self, symbol: str, now_ms: int) -> DayStats:
        """Return the trading day that holds `now_ms`, up to `now_ms`."""

    def forming_bar(self, symbol: str, resolution: str, now_ms: int) -> BarRow:
        """Return the bar that holds `now_ms`, as it is at `now_ms`."""

    def bars(self, symbol: str, resolution: str, from_ms: int, to_ms: int, now_ms: int) -> BarColumns:
        """Return the bars whose start lies in `[from_ms, to_ms)`, the forming one included, nothing after `now_ms`."""

    def last_bars(self, symbol: str, resolution: str, count: int, to_ms: int, now_ms: int) -> BarColumns:
        """Return the newest `count` bars whose start is before `to_ms`, fewer where history begins."""
