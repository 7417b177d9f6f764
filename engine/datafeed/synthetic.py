"""The synthetic market: prices as a pure function of (seed, symbol, time). Nothing is stored and nothing drifts.

A restarted server shows the same chart, two servers with one seed agree, and history and live prices are the same data.
`levels` makes the prices, `tape` answers for one instrument, this module for the catalogue.
"""

from collections.abc import Iterable

from engine.datafeed.levels import Caches
from engine.datafeed.sessions import Calendar
from engine.datafeed.tape import Tape
from engine.models.market.bars import BarColumns, BarRow
from engine.models.market.instruments import Instrument
from engine.models.market.quotes import DayStats, Quote


class SyntheticFeed:
    """A `Feed` of invented prices.

    Args:
        instruments: What has a price; symbols are their names.
        seed: Another seed is another market.
    """

    def __init__(self, instruments: Iterable[Instrument], seed: int = 0) -> None:
        listed = tuple(instruments)
        calendars = {timezone: Calendar(timezone) for timezone in {one.timezone for one in listed}}
        caches = Caches(len(listed))
        self._tapes = {one.name: Tape(seed, one, calendars[one.timezone], caches) for one in listed}

    def quote(self, symbol: str, now_ms: int) -> Quote:
        """Return the market at the newest 200 ms grid point. Raises: ValueError before 1990."""
        return self._tapes[symbol].quote(now_ms)

    def day_stats(self, symbol: str, now_ms: int) -> DayStats:
        """Return the trading day that holds `now_ms`, up to `now_ms`. Raises: ValueError before 1990."""
        return self._tapes[symbol].day_stats(now_ms)

    def forming_bar(self, symbol: str, resolution: str, now_ms: int) -> BarRow:
        """Return the bar that holds `now_ms`, as it is at `now_ms`. Raises: ValueError before 1990."""
        return self._tapes[symbol].forming_bar(resolution, now_ms)

    def bars(self, symbol: str, resolution: str, from_ms: int, to_ms: int, now_ms: int) -> BarColumns:
        """Return the bars that start in `[from_ms, to_ms)`, nothing after `now_ms`. The caller bounds the range."""
        return self._tapes[symbol].bars(resolution, from_ms, to_ms, now_ms)

    def last_bars(self, symbol: str, resolution: str, count: int, to_ms: int, now_ms: int) -> BarColumns:
        """Return the newest `count` bars whose start is before `to_ms`, fewer where history begins."""
        return self._tapes[symbol].last_bars(resolution, count, to_ms, now_ms)
