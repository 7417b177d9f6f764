"""Scenarios of the synthetic market: the rules for adding and ending one, and the timeline of a symbol's segments.

The scenarios are stored in the journal and change by events only. Each begins and ends after the command that added or
ended it, so past prices never change. Scenarios that are over are kept, because past prices depend on them. The
timeline is applied to prices by feeds/synthetic/scenario_overlay.py.
"""

from bisect import bisect_right
from collections.abc import Iterable, Mapping
from math import prod
from typing import NamedTuple

import numpy as np

from engine.errors import Denied, Missing, Reason
from engine.models.market.arrays import Floats, Ints
from engine.models.market.instruments import Instrument
from engine.models.market.quotes import PRINT_MS
from engine.models.market.scenarios import MarketEvent, ScenarioAdded, ScenarioEnded, ScenarioRequest
from engine.topics import Payload

MAX_SCENARIOS = 100
"""Scenarios of one symbol, including those that are over."""

EARLIEST_MS = -(1 << 62)


class Segment(NamedTuple):
    """A part of a timeline in which the active scenarios stay the same.

    Attributes:
        begin_ms: Begin of the segment; it ends with the begin of the next.
        factor: Product of the active shocks; prices are multiplied by it.
        spread_ticks: Ticks between bid and ask.
        halted_ms: Begin of the halt, None while there is trading.
    """

    begin_ms: int
    factor: float
    spread_ticks: int
    halted_ms: int | None


class TradedPart(NamedTuple):
    """A part of a range of time with trading, in one segment; the end is exclusive."""

    begin_ms: int
    end_ms: int
    number: int


class ScenarioTimeline:
    """The segments of a symbol in ascending order of time; the first has no beginning.

    Attributes:
        factors, lowest_prices, are_halted: Arrays with one value per segment; prices in price units.
    """

    def __init__(self, instrument: Instrument, scenarios: Iterable[ScenarioAdded]) -> None:
        listed = sorted(scenarios, key=lambda one: one.begin_ms)
        begins = {time_ms for one in listed for time_ms in (one.begin_ms, one.end_ms) if time_ms is not None}
        self.segments: list[Segment] = []
        for begin_ms in (EARLIEST_MS, *sorted(begins)):
            self.segments.append(self._segment(instrument, listed, begin_ms))
        self._begins = [one.begin_ms for one in self.segments]
        self.factors: Floats = np.array([one.factor for one in self.segments])
        self.are_halted = np.array([one.halted_ms is not None for one in self.segments])
        # The lowest price leaves room for a bid of one tick.
        self.lowest_prices: Ints = np.array([instrument.grid.price(one.spread_ticks + 1) for one in self.segments])

    def _segment(self, instrument: Instrument, listed: list[ScenarioAdded], begin_ms: int) -> Segment:
        active = [one for one in listed if one.begin_ms <= begin_ms and (one.end_ms is None or begin_ms < one.end_ms)]
        halted_ms = None
        if any(one.kind == "halt" for one in active):
            halted_ms = self.segments[-1].halted_ms
            halted_ms = begin_ms if halted_ms is None else halted_ms
        factor = prod(one.factor for one in active if one.kind == "shock")
        spread = prod(one.factor for one in active if one.kind == "spread")
        return Segment(begin_ms, float(factor), max(1, round(instrument.spread_ticks * spread)), halted_ms)

    def number(self, instant_ms: int) -> int:
        """Return the number of the segment that contains an instant."""
        return bisect_right(self._begins, instant_ms) - 1

    def numbers(self, instants: Ints) -> Ints:
        """Return `number` for many instants."""
        found: Ints = np.searchsorted(self._begins, instants, "right") - 1
        return found

    def segment_at(self, instant_ms: int) -> Segment:
        """Return the segment that contains an instant."""
        return self.segments[self.number(instant_ms)]

    def resumed_ms(self, from_ms: int, to_ms: int) -> int | None:
        """Return the end of the last halt that ended after `from_ms`, up to `to_ms`; None without one."""
        for number in range(self.number(to_ms), self.number(from_ms), -1):
            if self.segments[number].halted_ms is None and self.segments[number - 1].halted_ms is not None:
                return self._begins[number]
        return None

    def traded_parts(self, from_ms: int, to_ms: int) -> list[TradedPart]:
        """Return the parts of a range with trading."""
        found = []
        for number in range(self.number(from_ms), self.number(to_ms - 1) + 1):
            begin_ms, _, _, halted_ms = self.segments[number]
            end_ms = self._begins[number + 1] if number + 1 < len(self._begins) else to_ms
            if halted_ms is None:
                found.append(TradedPart(max(from_ms, begin_ms), min(to_ms, end_ms), number))
        return found


class Scenarios:
    """The scenarios of all symbols, oldest first."""

    def __init__(self) -> None:
        self._listed: dict[str, ScenarioAdded] = {}
        self._count = 0

    def __len__(self) -> int:
        """Return the number of scenarios."""
        return len(self._listed)

    def __contains__(self, scenario_id: str) -> bool:
        """Whether there is a scenario with an id."""
        return scenario_id in self._listed

    def evolve(self, event: MarketEvent) -> str:
        """Apply an event; return the symbol whose prices it changes."""
        if isinstance(event, ScenarioAdded):
            self._count += 1
            self._listed[event.scenario_id] = event
            return event.symbol
        ended = self._listed[event.scenario_id]
        if event.end_ms <= ended.begin_ms:
            del self._listed[event.scenario_id]
        else:
            self._listed[event.scenario_id] = ended._replace(end_ms=event.end_ms)
        return ended.symbol

    def listed(self) -> list[ScenarioAdded]:
        """Return all scenarios, oldest first."""
        return list(self._listed.values())

    def of(self, symbol: str) -> list[ScenarioAdded]:
        """Return the scenarios of a symbol."""
        return [one for one in self._listed.values() if one.symbol == symbol]

    def symbols(self) -> set[str]:
        """Return the symbols with scenarios."""
        return {one.symbol for one in self._listed.values()}

    def next_change_ms(self, after_ms: int) -> int | None:
        """Return the first begin or end of a scenario after an instant; None without one."""
        edges = (edge for one in self._listed.values() for edge in (one.begin_ms, one.end_ms))
        return min((edge for edge in edges if edge is not None and edge > after_ms), default=None)

    def added(self, request: ScenarioRequest, instrument: Instrument, now_ms: int) -> ScenarioAdded:
        """Check a request and return the event that adds its scenario.

        Raises:
            Denied: SCENARIO when it begins in the past or ends before it begins, when the symbol has too many
                scenarios, or when prices would leave the range of `Instrument.has_room`.
        """
        if request.begin is not None and request.begin <= now_ms:
            raise _refused(f"begin {request.begin} is not after the market's time, {now_ms}")
        begin_ms = next_print(now_ms) if request.begin is None else next_print(request.begin - 1)
        end_ms = None if request.end is None else next_print(request.end - 1)
        if end_ms is not None and end_ms <= begin_ms:
            raise _refused(f"end {request.end} is not after its begin, {begin_ms}")
        others = self.of(instrument.name)
        if len(others) >= MAX_SCENARIOS:
            raise _refused(f"{instrument.name} has {len(others)} scenarios, the limit is reached")
        factor = 1.0 if request.factor is None else request.factor
        name = f"SCENARIO-{self._count + 1}"
        event = ScenarioAdded(now_ms, name, instrument.name, request.kind, factor, begin_ms, end_ms)
        _check_room(instrument, [*others, event])
        return event

    def ended(self, scenario_id: str, instruments: Mapping[str, Instrument], now_ms: int) -> ScenarioEnded:
        """Return the event that ends a scenario at the next print.

        Raises:
            Missing: SCENARIO when the id is unknown.
            Denied: SCENARIO when it is over, or when the remaining scenarios would move prices out of the range of
                `Instrument.has_room`.
        """
        one = self._listed.get(scenario_id)
        if one is None:
            raise Missing(Reason.SCENARIO, f"there is no scenario {scenario_id}")
        if status(one, now_ms) == "over":
            raise _refused(f"{scenario_id} is over: past prices cannot change")
        event = ScenarioEnded(now_ms, scenario_id, next_print(now_ms))
        if one.symbol in instruments:
            others = [other for other in self.of(one.symbol) if other is not one]
            _check_room(instruments[one.symbol], [*others, one._replace(end_ms=max(event.end_ms, one.begin_ms))])
        return event

    def payload(self, scenario_id: str, now_ms: int) -> Payload | None:
        """Return a scenario as Scenario, None when the id is unknown."""
        one = self._listed.get(scenario_id)
        return None if one is None else wire_scenario(one, now_ms)

    def payloads(self, now_ms: int) -> list[Payload]:
        """Return all scenarios as Scenario, oldest first."""
        return [wire_scenario(one, now_ms) for one in self._listed.values()]


def next_print(instant_ms: int) -> int:
    """Return the instant of the first print after an instant."""
    return (instant_ms // PRINT_MS + 1) * PRINT_MS


def status(one: ScenarioAdded, now_ms: int) -> str:
    """Return "scheduled", "active" or "over"."""
    if now_ms < one.begin_ms:
        return "scheduled"
    return "active" if one.end_ms is None or now_ms < one.end_ms else "over"


def wire_scenario(one: ScenarioAdded, now_ms: int) -> Payload:
    """Return a scenario as Scenario."""
    return {
        "id": one.scenario_id,
        "symbol": one.symbol,
        "kind": one.kind,
        "factor": None if one.kind == "halt" else one.factor,
        "begin": one.begin_ms,
        "end": one.end_ms,
        "status": status(one, now_ms),
    }


def _check_room(instrument: Instrument, scenarios: Iterable[ScenarioAdded]) -> None:
    """Check that the prices of every segment stay in range. Raises: Denied SCENARIO."""
    for segment in ScenarioTimeline(instrument, scenarios).segments:
        price = float(instrument.anchor) * segment.factor
        if not instrument.has_room(price, segment.spread_ticks):
            spread = f"a spread of {segment.spread_ticks} ticks"
            raise _refused(f"prices of {instrument.name} near {price:.10g} with {spread} are out of range")


def _refused(text: str) -> Denied:
    return Denied(Reason.SCENARIO, text)
