"""The law of controlled clocks, over a whole world: the same commands at the same market times have the same events.

A generated script (orders, changes, scenarios, faults) runs at speed 1000, in steps of random size and in one jump from
command to command; it is recorded and replayed, and forked in its middle. The bytes of all events, the outcomes of all
commands and the faults of orders must be the same. `tests/engine/test_exact_time.py` has the law of the engine alone.
"""

import asyncio
import json
from collections.abc import Awaitable, Callable
from contextlib import suppress
from itertools import cycle
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, NamedTuple

import orjson
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, rule, run_state_machine_as_test

from engine.errors import Denied
from engine.journal import Outcome
from engine.models.broker.account import AccountCreate, Profile, Slippage
from engine.models.broker.leverage import LeverageSetParams
from engine.models.broker.orders import CancelQuery, OrderChange, PreOrder
from engine.models.control.clock import ClockAdvance, ClockChange
from engine.models.control.faults import FaultRequest
from engine.models.control.worlds import WorldCreate, WorldFork
from engine.models.market.scenarios import ScenarioRequest
from handlers.control.control import Control
from server.app import Server
from server.recording.replay import replay
from server.settings import Settings
from server.world import World
from tests.live import compose
from tests.properties import share
from tests.support import MONDAY_MORNING_MS, ManualClock

SYMBOLS = ("AAPL", "BTCUSD", "EURUSD", "USDJPY")
ACCOUNTS = (None, "SLOW", "SIMULATED", "LEVERAGED")
PROFILES = {
    "SLOW": Profile(latency_ms=730, slippage=Slippage(probability=0.5)),
    "SIMULATED": Profile(fill_model="simulator"),
    "LEVERAGED": Profile(leverage=100),
}
MINUTE_MS = 60_000
CLOCK = ("change_clock", "advance_clock")


class Command(NamedTuple):
    """A command at a market time; `name` is its name in recordings."""

    at_ms: int
    name: str
    values: dict[str, Any]


Move = Callable[[World, int], Awaitable[None]]
"""Moves the clock of a world to an instant."""


def control_of(world: World) -> Control:
    control = world.services.control
    assert control is not None
    return control


async def jump(world: World, to_ms: int) -> None:
    """Move the clock in one advance."""
    if to_ms > world.services.engine.now_ms():
        clock = control_of(world).clock
        clock.advance(ClockAdvance(to=to_ms))
        assert await clock.wait(60)


def run(world: World, command: Command) -> None:
    """Run a command now; the recording has its denial."""
    services, changes = world.services, control_of(world).fault_changes
    targets: dict[str, Callable[..., object]]
    targets = {"add_fault": changes.add, "remove_fault": changes.remove, "reset_faults": changes.reset}
    with suppress(Denied):
        call = targets.get(command.name) or getattr(services.engine, command.name)
        value = call(**command.values)
        if isinstance(value, Outcome):
            services.publisher.submit(value.result)


class Seen(NamedTuple):
    """The outcome of a script: commands and bytes of events in order, and the faults that were applied to orders."""

    facts: list[bytes]
    faults: list[bytes]

    def with_later(self, later: "Seen") -> "Seen":
        return Seen(self.facts + later.facts, self.faults + later.faults)


def recording_of(world: World) -> bytes:
    """Return the recording so far."""
    assert world.recorder is not None
    return b"".join(world.recorder.chunks())


def seen_in(recording: bytes) -> Seen:
    """Return what a recording holds, without the moves of the clock."""
    seen = Seen([], [])
    for line in map(json.loads, recording.splitlines()[1:]):
        seen.facts.extend(map(orjson.dumps, line["before"]))
        if line.get("do", CLOCK[0]) not in CLOCK:
            seen.facts.append(orjson.dumps([line[name] for name in ("time", "do", "account", "arguments", "denied")]))
        if "input" in line:
            seen.facts.extend(map(orjson.dumps, line["events"]))
        seen.faults.extend(orjson.dumps(one | {"number": 0}) for one in line["faults"])
    return seen


parts = st.floats(0.2, 0.9)
waits = st.one_of(st.integers(0, 2_000), st.integers(0, 4 * MINUTE_MS))
prices = st.one_of(st.floats(-0.002, 0.002), st.floats(-0.03, 0.03))
gains = st.floats(0.0005, 0.02)
symbols, accounts, numbers = st.sampled_from(SYMBOLS), st.sampled_from(ACCOUNTS), st.integers(1, 4)
extras: st.SearchStrategy[dict[str, Any]] = st.one_of(
    st.just({}),
    st.just({"trailingStopPips": 30, "stopType": 1}),
    st.fixed_dictionaries({"takeProfit": gains, "stopLoss": gains}),
    st.fixed_dictionaries({"expires": st.integers(1, 30 * MINUTE_MS)}),
    st.fixed_dictionaries({"clientOrderId": st.sampled_from(("one", "two"))}),
)
orders = st.fixed_dictionaries(
    {
        "symbol": symbols,
        "side": st.sampled_from((1, -1)),
        "type": st.sampled_from((1, 1, 2, 2, 3, 4)),
        "limitPrice": prices,
        "stopPrice": prices,
        "qty": st.sampled_from((1, 50, 2_000)),
    }
)
scenes = st.builds(
    lambda symbol, kind, delay, length, factor: {
        "symbol": symbol, "kind": kind, "delay": delay, "length": length, "factor": None if kind == "halt" else factor,
    },
    symbols, st.sampled_from(("shock", "halt", "spread")), st.integers(1, 10 * MINUTE_MS),
    st.integers(1_000, 60 * MINUTE_MS), st.floats(0.5, 1.8),
)  # fmt: skip
ACTIONS = (
    {"reject": {"reason": "HALTED", "message": "not now"}},
    {"delay": {"ms": 700}},
    {"fill": {"qty": 1, "then": "stall"}},
    {"fill": {"qty": 1, "then": "cancel"}},
)
faults = st.builds(
    lambda symbol, action, after, probability: FaultRequest.model_validate(
        {"stage": "order", "match": symbol, "do": action, "after": after, "probability": probability}
    ),
    st.one_of(st.just({}), st.builds(lambda symbol: {"symbol": symbol}, symbols)), st.sampled_from(ACTIONS),
    st.integers(0, 1), st.sampled_from((0.5, 1.0)),
)  # fmt: skip


def act(name: str, **values: st.SearchStrategy[Any]) -> st.SearchStrategy[tuple[str, dict[str, Any]]]:
    """Return commands with a name, from strategies of their arguments."""
    return st.tuples(st.just(name), st.fixed_dictionaries(values))


placing = act("place_order", account_id=accounts, order=st.builds(lambda one, more: one | more, orders, extras))
changes = st.one_of(
    act("modify_order", account_id=accounts, order_id=st.builds("ORDER-{}".format, numbers),
        change=st.builds(OrderChange, qty=st.integers(1, 9))),
    act("cancel_order", account_id=accounts, order_id=st.builds("ORDER-{}".format, numbers)),
    act("cancel_orders", account_id=accounts, query=st.just(CancelQuery())),
    act("reverse_position", account_id=accounts, position_id=symbols),
    act("close_position", account_id=accounts, position_id=symbols, amount=st.none()),
    act("set_leverage", account_id=accounts,
        request=st.builds(LeverageSetParams, symbol=symbols, leverage=st.integers(1, 50))),
)  # fmt: skip
failing = st.one_of(
    act("add_fault", fault=faults), act("add_fault", fault=faults), act("reset_faults"),
    act("remove_fault", fault_id=st.just("fault-1")),
)  # fmt: skip
others = st.lists(st.tuples(waits, st.one_of(changes, failing, act("add_scenario", request=scenes))), max_size=1)


class ClockLaw(RuleBasedStateMachine):
    """Commands at random market times, each run at once in a world whose clock jumps; the other ways run at the end."""

    def __init__(self) -> None:
        super().__init__()
        self._loop = asyncio.new_event_loop()
        self._clock = ManualClock()
        self._server: Server = self._loop.run_until_complete(self._compose())
        self._commands: list[Command] = []
        self._steps: list[float] = []
        self._begin = WorldCreate()

    async def _compose(self) -> Server:
        return compose(self._clock, control=True)

    def _make(self) -> World:
        worlds = self._server.worlds
        return worlds.world(worlds.create(self._begin)["id"])

    @initialize(seed=st.integers(0, 9), offset=st.integers(0, 4 * MINUTE_MS), steps=st.lists(parts, min_size=1))
    def begin(self, seed: int, offset: int, steps: list[float]) -> None:
        made = [AccountCreate(id=name, balance=20_000, profile=profile) for name, profile in PROFILES.items()]
        self._begin = WorldCreate(seed=seed, start=MONDAY_MORNING_MS + offset, mode="paused", accounts=made)
        self._steps = steps
        self._world = self._loop.run_until_complete(self._started())
        self._now_ms = MONDAY_MORNING_MS + offset

    async def _started(self) -> World:
        return self._make()

    @rule(wait_ms=waits, placed=placing, later=others)
    def trade(self, wait_ms: int, placed: tuple[str, dict[str, Any]], later: list[Any]) -> None:
        for next_wait_ms, (name, values) in [(wait_ms, placed), *later]:
            self._command(next_wait_ms, name, values)

    def _command(self, wait_ms: int, name: str, values: dict[str, Any]) -> None:
        self._now_ms += wait_ms
        self._loop.run_until_complete(jump(self._world, self._now_ms))
        if name == "place_order":
            values = values | {"order": self._order(values["order"])}
        if name == "add_scenario":
            values = {"request": self._scenario(values["request"])}
        self._commands.append(Command(self._now_ms, name, values))
        run(self._world, self._commands[-1])

    def _order(self, given: dict[str, Any]) -> PreOrder:
        """Return an order with prices for their distances from the market, and a time for its expiry."""
        engine, fields = self._world.services.engine, dict(given)
        instrument = engine.instrument(fields["symbol"])
        last = engine.view().quote(instrument.name).last
        gain, loss = fields["side"], -fields["side"]
        for name, sign in (("limitPrice", 1), ("stopPrice", 1), ("takeProfit", gain), ("stopLoss", loss)):
            if name in fields:
                fields[name] = instrument.grid.nearest(last * (1 + sign * fields[name])) / instrument.pricescale
        if "expires" in fields:
            fields["duration"] = {"type": "GTD", "datetime": self._now_ms + fields.pop("expires")}
        return PreOrder.model_validate(fields | {"qty": float(instrument.qty.min) * fields["qty"]})

    def _scenario(self, given: dict[str, Any]) -> ScenarioRequest:
        fields = dict(given)
        begin = self._now_ms + fields.pop("delay")
        return ScenarioRequest(begin=begin, end=begin + fields.pop("length"), **fields)

    def teardown(self) -> None:
        try:
            if self._commands:
                self._loop.run_until_complete(self._compare())
        finally:
            self._loop.run_until_complete(self._close())
            self._loop.close()

    async def _close(self) -> None:
        self._server.ticker.stop()
        await self._server.worlds.close()
        await self._server.storage.close()
        await self._loop.shutdown_default_executor()

    async def _compare(self) -> None:
        self._now_ms += 2 * MINUTE_MS
        await jump(self._world, self._now_ms)
        recording = recording_of(self._world)
        jumped, ways = seen_in(recording), (self._at_speed, self._in_steps)
        for move in ways:
            world = await self._played(self._make(), self._commands, move)
            assert seen_in(recording_of(world)) == jumped, move.__name__
        await asyncio.to_thread(_replay, recording)
        middle = len(self._commands) // 2
        first = await self._played(self._make(), self._commands[:middle], jump, self._commands[middle].at_ms)
        fork = self._server.worlds.world((await self._server.worlds.fork(first.id, WorldFork()))["id"])
        before = seen_in(recording_of(first))
        await self._played(fork, self._commands[middle:], jump)
        assert before.with_later(seen_in(recording_of(fork))) == jumped, "fork"
        await asyncio.to_thread(_replay, recording_of(fork))

    async def _played(self, world: World, commands: list[Command], move: Move, end_ms: int | None = None) -> World:
        """Run commands in a world whose clock is moved in one way; returns it."""
        for command in commands:
            await move(world, command.at_ms)
            run(world, command)
        await move(world, self._now_ms if end_ms is None else end_ms)
        return world

    async def _at_speed(self, world: World, to_ms: int) -> None:
        """Let the clock run at speed 1000, with ticks, and advance by the rest of less than a second."""
        clock, left_ms = control_of(world).clock, to_ms - world.services.engine.now_ms()
        clock.change(ClockChange(mode="running", speed=1000.0))
        for number in range(left_ms // 1000):
            self._clock.advance(1)
            if number % 20 == 0:
                world.step()
        clock.change(ClockChange(mode="paused"))
        await jump(world, to_ms)

    async def _in_steps(self, world: World, to_ms: int) -> None:
        """Advance in steps, each a part of the time that is left; the parts are repeated."""
        parts_left, last_ms = cycle(self._steps), to_ms - 1000
        while (now_ms := world.services.engine.now_ms()) < last_ms:
            await jump(world, now_ms + 1 + int(next(parts_left) * (last_ms - now_ms)))
        await jump(world, to_ms)


def _replay(recording: bytes) -> None:
    """Replay a recording: the same hash."""
    with TemporaryDirectory() as folder:
        path = Path(folder) / "recording.ndjson"
        path.write_bytes(recording)
        outcome = replay(path, Settings())
    assert outcome.difference is None and outcome.has_end, outcome.text()


def test_events_depend_only_on_commands_and_their_market_times() -> None:
    run_state_machine_as_test(ClockLaw, settings=settings(max_examples=share(32), stateful_step_count=6))
