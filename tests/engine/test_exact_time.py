"""The law of controlled clocks: the same commands at the same market times have the same events, whatever the steps.

The cost of an advance depends on what triggers: a day without events processes a few instants only.
"""

from typing import Any, NamedTuple

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.broker.command_result import CommandResult
from engine.core import Engine
from engine.errors import Denied
from engine.faults import FaultTable
from engine.journal import ResultSink
from engine.market.feeds.synthetic import SyntheticFeed
from engine.market.instruments import Catalogue, Sessions
from engine.market.market import Market
from engine.models.broker.account import Profile, Slippage
from engine.models.broker.leverage import LeverageSetParams
from engine.models.broker.orders import CancelQuery, PreOrder
from engine.models.control.faults import FaultRequest
from engine.models.market.scenarios import ScenarioRequest
from engine.settings import EngineSettings
from tests.engine.broker.harness import AllSubscribed
from tests.engine.market.specimens import instant
from tests.properties import examples
from tests.support import ManualClock

START_MS = instant("2026-01-05T14:29:57.100")
SYMBOLS = ("AAPL", "BTCUSD", "EURUSD", "USDJPY")
SESSIONS: tuple[Sessions, ...] = ("24x7", "exchange")
CATALOGUES = {sessions: Catalogue.load(sessions=sessions) for sessions in SESSIONS}
PROFILES = {
    "market": Profile(),
    "slow": Profile(latency_ms=730, slippage=Slippage(probability=0.5)),
    "leveraged": Profile(leverage=100),
    "simulator": Profile(fill_model="simulator"),
}


class Command(NamedTuple):
    """A command, and the milliseconds of market time after the one before it."""

    after_ms: int
    kind: str
    fields: dict[str, Any]


class Trader(ResultSink):
    """An engine whose clock is moved by the test; it keeps every event as text."""

    def __init__(self, profile: Profile, sessions: Sessions) -> None:
        catalogue = CATALOGUES[sessions]
        self.clock = ManualClock(START_MS)
        market = Market(catalogue, SyntheticFeed(catalogue, 3, catalogue.calendars))
        self.faults = FaultTable(5, self.clock)
        settings = EngineSettings(seed=5, profile=profile, balance=100_000, faults=self.faults, is_exact=True)
        self.engine = Engine(market, self.clock, AllSubscribed(), settings, sink=self)
        self.events: list[str] = []
        self.submit(self.engine.open())

    def submit(self, result: CommandResult) -> None:
        """Keep the events of a result."""
        self.events += map(repr, result.events)

    def tick(self) -> None:
        self.submit(self.engine.step().result)

    def run(self, command: Command) -> None:
        fields, engine, now_ms = dict(command.fields), self.engine, self.clock.now_ms()
        try:
            match command.kind:
                case "order":
                    self.submit(engine.place_order(None, self._order(fields)).result)
                case "cancel":
                    self.submit(engine.cancel_orders(None, CancelQuery()).result)
                case "close":
                    self.submit(engine.close_position(None, fields["symbol"], None).result)
                case "leverage":
                    self.submit(engine.set_leverage(None, LeverageSetParams.model_validate(fields)).result)
                case "fault":
                    self.faults.add(FaultRequest.model_validate({"stage": "order", "do": fields}))
                case _:
                    begin = now_ms + fields.pop("begin")
                    request = ScenarioRequest(
                        kind=command.kind, begin=begin, end=begin + fields.pop("length"), **fields
                    )
                    self.submit(engine.add_scenario(request).result)
        except Denied as denied:
            self.events.append(str(denied))

    def _order(self, fields: dict[str, Any]) -> PreOrder:
        symbol = fields["symbol"]
        instrument, quote = self.engine.instrument(symbol), self.engine.view().quote(symbol)
        for name in ("limitPrice", "stopPrice", "takeProfit", "stopLoss"):
            if name in fields:
                place = instrument.grid.moved(instrument.grid.nearest(quote.last * (1 + fields[name])), 0)
                fields[name] = place / instrument.pricescale
        if "expires" in fields:
            fields["duration"] = {"type": "GTD", "datetime": self.clock.now_ms() + fields.pop("expires")}
        fields["qty"] = float(instrument.qty.min) * fields["qty"]
        return PreOrder.model_validate(fields)


def played(commands: list[Command], steps: list[int], profile: str, sessions: Sessions, last_ms: int) -> list[str]:
    """Return the events of commands, with a tick after each step in milliseconds; the steps are repeated."""
    trader, number = Trader(PROFILES[profile], sessions), 0
    for command in (*commands, Command(last_ms, "cancel", {})):
        left = command.after_ms
        while steps and left > (step := steps[number % len(steps)]):
            trader.clock.advance(step)
            trader.tick()
            left, number = left - step, number + 1
        trader.clock.advance(left)
        trader.run(command)
    return trader.events


gaps = st.one_of(st.integers(0, 2_000), st.integers(0, 40_000))
distances = st.one_of(st.floats(-0.002, 0.002), st.floats(-0.03, 0.03))
symbols = st.sampled_from(SYMBOLS)
extras = st.one_of(
    st.just({}),
    st.just({"trailingStopPips": 30, "stopType": 1}),
    st.builds(lambda take, stop: {"takeProfit": take, "stopLoss": stop}, distances, distances),
    st.builds(lambda expires: {"expires": expires}, st.integers(1, 4_000_000)),
)
orders = st.builds(
    lambda symbol, side, kind, limit, stop, qty, extra: {
        "symbol": symbol, "side": side, "type": kind, "limitPrice": limit, "stopPrice": stop, "qty": qty, **extra,
    },
    symbols, st.sampled_from((1, -1)), st.sampled_from((1, 1, 2, 3, 3, 4)), distances, distances,
    st.sampled_from((1, 50, 2_000)), extras,
)  # fmt: skip
scenarios = st.builds(
    lambda symbol, begin, length, factor: {"symbol": symbol, "begin": begin, "length": length, "factor": factor},
    symbols, st.integers(1, 500_000), st.integers(1, 3_000_000), st.floats(0.5, 1.8),
)  # fmt: skip
commands = st.one_of(
    st.builds(Command, gaps, st.just("order"), orders),
    st.builds(Command, gaps, st.just("order"), orders),
    st.builds(Command, gaps, st.sampled_from(("shock", "spread")), scenarios),
    st.builds(Command, gaps, st.just("halt"), scenarios.map(lambda one: {**one, "factor": None})),
    st.builds(Command, gaps, st.just("close"), symbols.map(lambda symbol: {"symbol": symbol})),
    st.builds(Command, gaps, st.just("leverage"), symbols.map(lambda symbol: {"symbol": symbol, "leverage": 50})),
)


MINUTE_MS = 60_000


@pytest.mark.parametrize("sessions", SESSIONS)
@pytest.mark.parametrize("profile", PROFILES)
@examples(24)
@given(st.lists(commands, min_size=1, max_size=6))
def test_a_jump_has_the_events_of_every_instant(profile: str, sessions: Sessions, script: list[Command]) -> None:
    assert played(script, [], profile, sessions, MINUTE_MS) == played(script, [200], profile, sessions, MINUTE_MS)


@pytest.mark.parametrize("sessions", SESSIONS)
@pytest.mark.parametrize("profile", ["market", "simulator"])
@examples(8)
@given(st.lists(commands, min_size=1, max_size=3), st.lists(st.integers(1, 100_000), min_size=1, max_size=5))
def test_events_do_not_depend_on_the_steps_of_the_clock(
    profile: str, sessions: Sessions, script: list[Command], steps: list[int]
) -> None:
    script = [command._replace(after_ms=command.after_ms * 3) for command in script]
    jump = played(script, [], profile, sessions, 3 * MINUTE_MS)
    assert played(script, steps, profile, sessions, 3 * MINUTE_MS) == jump


def order(**fields: Any) -> Command:
    """Return a command that buys EURUSD at once; `fields` as in `orders`."""
    return Command(0, "order", {"symbol": "EURUSD", "side": 1, "type": 2, "qty": 50, **fields})


def scene(kind: str, factor: float | None) -> Command:
    """Return a command that changes the prices of EURUSD after a minute, for longer than the day."""
    fields = {"symbol": "EURUSD", "begin": MINUTE_MS, "length": 2 * DAY_MS, "factor": factor}
    return Command(0, kind, fields)


DAY_MS = 86_400_000
STALL = Command(0, "fault", {"fill": {"qty": 1, "then": "stall"}})
FAR = {"type": 1, "limitPrice": -0.03}
QUIET = {
    "position": [order()],
    "position in another currency": [order(symbol="USDJPY", side=-1)],
    "limit": [order(**FAR)],
    "brackets": [order(takeProfit=0.03, stopLoss=-0.03)],
    "stalled market order": [STALL, order()],
    "stalled limit order at the market": [STALL, order(type=1, limitPrice=0.02)],
    "stalled entry with brackets": [STALL, order(takeProfit=0.03, stopLoss=-0.03)],
    "halt": [order(), order(type=1, limitPrice=-0.001), scene("halt", None)],
    "shock": [order(**FAR), scene("shock", 1.5)],
    "wide spread": [order(type=1, limitPrice=-0.005), scene("spread", 100.0)],
}


@pytest.mark.parametrize("profile", ["market", "slow", "leveraged"])
@pytest.mark.parametrize("state", QUIET)
def test_a_day_without_events_processes_a_few_instants(profile: str, state: str) -> None:
    trader = Trader(PROFILES[profile], "24x7")
    for command in QUIET[state]:
        trader.run(command)
    trader.clock.advance(MINUTE_MS // 2)
    trader.tick()
    results = [one for one in trader.engine.catch_up(START_MS + DAY_MS) if one is not None]
    assert not any(one.events for one in results)
    assert len(results) <= 4
