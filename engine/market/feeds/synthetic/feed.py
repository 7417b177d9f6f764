"""The synthetic market: prices as a pure function of (seed, symbol, time). Nothing is stored.

A restarted server shows the same chart, two servers with one seed agree, and history and live prices are the same data.
Read next: instrument.py, which answers for one instrument.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping

from engine.market.feeds.feed import Feed, Position
from engine.market.feeds.synthetic.bar_hierarchy import BlockCaches
from engine.market.feeds.synthetic.instrument import SyntheticInstrument
from engine.market.feeds.synthetic.price_search import SearchSteps
from engine.market.feeds.synthetic.scenario_overlay import ScenarioOverlay
from engine.market.instruments import calendars_of
from engine.market.scenarios import ScenarioTimeline
from engine.market.sessions import Calendar
from engine.models.market.instruments import Instrument
from engine.models.market.quotes import PRINT_MS, QuoteBands
from engine.models.market.scenarios import ScenarioAdded


class SyntheticFeed(Feed):
    """A feed of invented prices. Without calendars every market is open around the clock."""

    kind = "synthetic"

    def __init__(
        self, instruments: Iterable[Instrument], seed: int = 0, calendars: Mapping[str, Calendar] | None = None
    ) -> None:
        listed = tuple(instruments)
        self._searched: dict[str, SyntheticInstrument | ScenarioOverlay] = {}
        days = calendars_of(listed, "24x7") if calendars is None else calendars
        caches = BlockCaches(len(listed))
        self._plain = {one.name: SyntheticInstrument(seed, one, days[one.name], caches) for one in listed}
        super().__init__(self._plain)
        for name in self._plain:
            self.apply_scenarios(name, ())

    def has_prints(self, since: Position, until: Position) -> bool:
        """Whether the grid of prints has an instant after `since` up to `until`."""
        return until.time_ms // PRINT_MS > since.time_ms // PRINT_MS

    def apply_scenarios(self, symbol: str, scenarios: Collection[ScenarioAdded]) -> None:
        """Replace the scenarios of a symbol; prices before their begin stay the same."""
        plain = self._plain[symbol]
        if not scenarios and plain.instrument.grid.is_even:
            self._instruments[symbol] = self._searched[symbol] = plain
        else:
            overlay = ScenarioOverlay(plain, ScenarioTimeline(plain.instrument, scenarios))
            self._instruments[symbol] = self._searched[symbol] = overlay

    def prepare_quote(self, symbol: str, now_ms: int) -> Iterator[None]:
        """Compute the blocks that the quote of a symbol needs; yield after each block of a few milliseconds."""
        return self._searched[symbol].prepare_quote(now_ms)

    def first_outside(self, symbol: str, begin_ms: int, end_ms: int, bands: QuoteBands) -> SearchSteps:
        """Search for the first print of a symbol with a price outside of its band; see `Market.first_outside`."""
        return self._searched[symbol].first_outside(begin_ms, end_ms, bands)
