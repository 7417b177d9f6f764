"""The synthetic market: prices as a pure function of (seed, symbol, time). Nothing is stored and nothing drifts.

A restarted server shows the same chart, two servers with one seed agree, and history and live prices are the same data.
`levels` makes the prices, `tape` answers for one instrument, `overlays` lets scenarios happen to it and puts it on tick
sizes that differ by price; this module answers for the catalogue.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence

from engine.market.feeds.bar_hierarchy import Caches
from engine.market.feeds.feed import Question
from engine.market.feeds.instrument_feed import Tape
from engine.market.feeds.scenario_overlay import Overlaid
from engine.market.instruments import calendars_of
from engine.market.scenarios import Course
from engine.market.sessions import Calendar
from engine.models.market.bars import BarColumns, BarRow
from engine.models.market.depth import Depth
from engine.models.market.instruments import RESOLUTIONS, Instrument
from engine.models.market.quotes import DayStats, Print, Quote
from engine.models.market.scenarios import ScenarioAdded


class SyntheticFeed:
    """A `Feed` of invented prices, always up to date.

    Args:
        instruments: What has a price; symbols are their names.
        seed: Another seed is another market.
        calendars: Trading days by symbol; without them every market is open around the clock.
    """

    kind = "synthetic"

    def __init__(
        self, instruments: Iterable[Instrument], seed: int = 0, calendars: Mapping[str, Calendar] | None = None
    ) -> None:
        listed = tuple(instruments)
        days = calendars_of(listed, "24x7") if calendars is None else calendars
        caches = Caches(len(listed))
        self._instruments = {one.name: one for one in listed}
        self._calendars = {one.name: days[one.name] for one in listed}
        self._plain = {one.name: Tape(seed, one, days[one.name], caches) for one in listed}
        self._tapes: dict[str, Tape | Overlaid] = {}
        for name in self._plain:
            self.bend(name, ())

    def bend(self, symbol: str, scenarios: Collection[ScenarioAdded]) -> None:
        """Let scenarios happen to a symbol, instead of those of before; none of them changes what has happened."""
        instrument, tape = self._instruments[symbol], self._plain[symbol]
        if not scenarios and instrument.grid.is_even:
            self._tapes[symbol] = tape
        else:
            course = Course(instrument, scenarios)
            self._tapes[symbol] = Overlaid(tape, instrument, self._calendars[symbol], course)

    def halted_since(self, symbol: str, now_ms: int) -> int | None:
        """Return when the halt began that holds at `now_ms`, None without one."""
        return self._tapes[symbol].halted_since(now_ms)

    def resumed_ms(self, symbol: str, from_ms: int, to_ms: int) -> int | None:
        """Return when the last halt ended after `from_ms`, up to `to_ms`; None where none did."""
        return self._tapes[symbol].resumed_ms(from_ms, to_ms)

    def resolutions(self, symbol: str) -> Sequence[str]:  # noqa: ARG002
        """Return all resolutions."""
        return RESOLUTIONS

    def overdue_ms(self, symbol: str, now_ms: int) -> int | None:  # noqa: ARG002
        """Return None: the prices are those of the grid point before `now_ms`."""
        return None

    def depth(self, symbol: str, now_ms: int) -> Depth:
        """Return the book at the newest 200 ms grid point. Raises: NoPrice before 1990."""
        return self._tapes[symbol].depth(now_ms)

    def prepare(self, question: Question) -> Iterator[None]:
        """Compute the blocks that `last_bars` needs, one after each step that took its time."""
        return self._tapes[question.symbol].prepare(question)

    def quote(self, symbol: str, now_ms: int) -> Quote:
        """Return the market at the newest 200 ms grid point. Raises: NoPrice before 1990."""
        return self._tapes[symbol].quote(now_ms)

    def passed(self, symbol: str, since_ms: int, until_ms: int) -> Sequence[Print] | None:
        """Return the quotes of the grid points that were passed, evenly thinned; None where it was one at most."""
        return self._tapes[symbol].passed(since_ms, until_ms)

    def day_stats(self, symbol: str, now_ms: int) -> DayStats:
        """Return the trading day that holds `now_ms`, up to `now_ms`. Raises: NoPrice before 1990."""
        return self._tapes[symbol].day_stats(now_ms)

    def forming_bar(self, symbol: str, resolution: str, now_ms: int) -> BarRow:
        """Return the bar that holds `now_ms`, as it is at `now_ms`. Raises: NoPrice before 1990."""
        return self._tapes[symbol].forming_bar(resolution, now_ms)

    def bars(self, symbol: str, resolution: str, from_ms: int, to_ms: int, now_ms: int) -> BarColumns:
        """Return the bars that start in `[from_ms, to_ms)`, nothing after `now_ms`. The caller bounds the range."""
        return self._tapes[symbol].bars(resolution, from_ms, to_ms, now_ms)

    def last_bars(self, symbol: str, resolution: str, count: int, to_ms: int, now_ms: int) -> BarColumns:
        """Return the newest `count` bars whose start is before `to_ms`, fewer where history begins."""
        return self._tapes[symbol].last_bars(resolution, count, to_ms, now_ms)
