"""The inputs of a world: the commands that change it, in front of the objects that run them.

Each input passes through `RecordedEngine.record`: the clock stands, the instants before are processed, then the
command runs. The engine's commands are overridden one by one below; `RecordedFaults` and `RecordedTime` do the same for
faults and clock. `arguments_of` reads recorded arguments back for `replay.py`. Read next: `recorder.py`.
"""

from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from functools import cache, wraps
from inspect import signature
from typing import Any, Concatenate, NamedTuple, ParamSpec, TypeVar, cast, get_type_hints

import orjson
from pydantic import BaseModel, JsonValue, TypeAdapter

from engine.broker.broker import Broker
from engine.core import DEFAULT_ACCOUNT, Engine, Step
from engine.errors import Unavailable
from engine.faults import FaultTable, Rule
from engine.journal import ResultSink
from engine.market.market import Market
from engine.market.scenarios import Scenarios
from engine.models.control.clock import ClockAdvance, ClockChange
from engine.models.control.faults import FaultRequest
from engine.settings import EngineSettings
from engine.topics import Interest
from handlers.control.control import ClockControl, FaultChanges
from server.recording.lines import plain
from server.recording.recorder import Input, Recorder

T = TypeVar("T")
P = ParamSpec("P")
E = TypeVar("E", bound=Engine)

ACCOUNT = "account_id"
"""The parameter that is a member of the line; None means the default account."""

COMMANDS: dict[str, Callable[..., Any]] = {}
"""The engine's commands by name, as a replay calls them."""


def recorded(command: Callable[Concatenate[E, P], T]) -> Callable[Concatenate[E, P], T]:
    """Return a command of the engine that is recorded."""
    name = command.__name__
    parameters = signature(command)

    @wraps(command)
    def run(engine: E, /, *args: P.args, **kwargs: P.kwargs) -> T:
        values = parameters.bind(engine, *args, **kwargs).arguments
        del values["self"]
        own = cast(RecordedEngine, engine)
        return own.record(input_of(name, values), lambda: command(engine, *args, **kwargs))

    COMMANDS[name] = command
    return run


def input_of(do: str, values: Mapping[str, Any]) -> Input:
    """Return a command with its arguments as JSON."""
    others = {name: value for name, value in values.items() if name != ACCOUNT}
    account = values[ACCOUNT] or DEFAULT_ACCOUNT if ACCOUNT in values else None
    return Input(do, account, orjson.dumps(others, default=_as_json))


def _as_json(value: object) -> object:
    if isinstance(value, BaseModel):
        return plain(value)
    if isinstance(value, Iterable):
        return list(value)
    raise TypeError(f"{type(value).__name__} cannot be recorded")


@cache
def _adapters(do: str) -> dict[str, TypeAdapter[Any]]:
    hints = get_type_hints(COMMANDS[do], include_extras=True)
    hints.pop("return")
    return {name: TypeAdapter(hint) for name, hint in hints.items()}


def arguments_of(do: str, account: str | None, arguments: Mapping[str, JsonValue]) -> dict[str, Any]:
    """Return the arguments of a recorded command. Raises: KeyError, ValueError."""
    adapters = _adapters(do)
    found = {name: adapters[name].validate_json(orjson.dumps(value)) for name, value in arguments.items()}
    return found if account is None else found | {ACCOUNT: account}


class RecordedEngine(Engine):
    """An engine whose inputs are recorded.

    Args:
        recorder: Gets the inputs; its clock is that of the engine.
        market, interest, settings, broker, sink: As in `Engine`.
    """

    def __init__(
        self,
        recorder: Recorder,
        market: Market,
        interest: Interest,
        settings: EngineSettings,
        broker: Broker,
        sink: ResultSink,
    ) -> None:
        super().__init__(market, recorder.clock, interest, settings, broker, sink)
        self._recorder = recorder

    place_order = recorded(Engine.place_order)
    place_linked_orders = recorded(Engine.place_linked_orders)
    modify_order = recorded(Engine.modify_order)
    cancel_order = recorded(Engine.cancel_order)
    cancel_orders = recorded(Engine.cancel_orders)
    close_position = recorded(Engine.close_position)
    close_individual_position = recorded(Engine.close_individual_position)
    edit_individual_brackets = recorded(Engine.edit_individual_brackets)
    reverse_position = recorded(Engine.reverse_position)
    edit_brackets = recorded(Engine.edit_brackets)
    set_leverage = recorded(Engine.set_leverage)
    create_account = recorded(Engine.create_account)
    change_profile = recorded(Engine.change_profile)
    store_document = recorded(Engine.store_document)
    reset_account = recorded(Engine.reset_account)
    execute_orders = recorded(Engine.execute_orders)
    add_scenario = recorded(Engine.add_scenario)
    end_scenario = recorded(Engine.end_scenario)
    publish_ticks = recorded(Engine.publish_ticks)

    def record(self, given: Input, call: Callable[[], T]) -> T:
        """Run an input at one market time, after the instants before it. Raises: the errors of `call`."""
        with self._recorder.clock.held() as now_ms:
            self.settle()
            return self._recorder.run(given, now_ms, call)

    def settle(self) -> None:
        """Process the instants up to now, so that their events come before those of an input.

        Nothing is done while a caller advances the clock, which publishes the instants up to now itself, and where the
        ticks are inputs.
        """
        if self._exact is None or self._is_advancing:
            return
        with suppress(Unavailable):
            self._sink.check_writable()
            for result in self.catch_up(self.now_ms()):
                if result is not None and (result.events or result.updates):
                    self._sink.submit(result)

    def step(self) -> Step:
        """Process one tick, which is an input itself where events depend on the times of the ticks."""
        if self._exact is not None:
            return super().step()
        return self.record(Input("step", None, b"{}"), super().step)

    def replace_state(self, broker: Broker, scenarios: Scenarios) -> None:
        """Replace the state by the stored one; the recording ends, because a replay cannot repeat this."""
        self._recorder.end("the storage refused results")
        super().replace_state(broker, scenarios)


COMMANDS["step"] = Engine.step


class RecordedFaults:
    """The faults of a world, whose changes are recorded. Implements `handlers.control.control.FaultChanges`."""

    def __init__(self, faults: FaultTable, engine: RecordedEngine) -> None:
        self._faults = faults
        self._engine = engine

    def replace(self, faults: Iterable[FaultRequest]) -> None:
        """Replace the list. Raises: Denied FAULT."""
        listed = list(faults)
        self._record("replace_faults", {"faults": listed}, lambda: self._faults.replace(listed))

    def add(self, fault: FaultRequest) -> Rule:
        """Add a rule at the end of the list. Raises: Denied FAULT."""
        return self._record("add_fault", {"fault": fault}, lambda: self._faults.add(fault))

    def remove(self, fault_id: str) -> Rule:
        """Remove a rule and return it. Raises: Missing FAULT."""
        return self._record("remove_fault", {"fault_id": fault_id}, lambda: self._faults.remove(fault_id))

    def reset(self) -> None:
        """Set the counts of all rules to zero."""
        self._record("reset_faults", {}, self._faults.reset)

    def _record(self, do: str, values: Mapping[str, Any], call: Callable[[], T]) -> T:
        return self._engine.record(input_of(do, values), call)


class RecordedTime:
    """The clock of a world, whose moves are recorded. Implements `handlers.control.control.ClockControl`.

    A replay does not repeat moves, because each input has its market time. So denied moves are not recorded.
    """

    def __init__(self, time: ClockControl, engine: RecordedEngine) -> None:
        self._time = time
        self._engine = engine
        self.state = time.state
        self.wait = time.wait
        self.catch_up = time.catch_up

    def change(self, change: ClockChange) -> None:
        """Change mode and speed. Raises: Denied CLOCK_ADVANCING; Unavailable."""
        self._record("change_clock", {"change": change}, lambda: self._time.change(change))

    def advance(self, request: ClockAdvance) -> None:
        """Begin to move the clock forward. Raises: Denied CLOCK_ADVANCING, CLOCK_TARGET, UNKNOWN_SYMBOL."""
        self._record("advance_clock", {"request": request}, lambda: self._time.advance(request))

    def _record(self, do: str, values: Mapping[str, Any], call: Callable[[], None]) -> None:
        self._engine.record(input_of(do, values)._replace(has_denial=False), call)


class Controls(NamedTuple):
    """The parts of the control that change a world."""

    clock: ClockControl
    faults: FaultChanges


def recorded_controls(engine: Engine, time: ClockControl, faults: FaultTable) -> Controls:
    """Return clock and faults of a world, with a recorder in front of them if its engine has one."""
    if isinstance(engine, RecordedEngine):
        return Controls(RecordedTime(time, engine), RecordedFaults(faults, engine))
    return Controls(time, faults)


CLOCK_CHANGES = ("change_clock", "advance_clock")
FAULT_CHANGES = {
    "replace_faults": "replace",
    "add_fault": "add",
    "remove_fault": "remove",
    "reset_faults": "reset",
}
"""Inputs that change faults, and the methods of `FaultTable`."""

COMMANDS.update((do, getattr(FaultTable, method)) for do, method in FAULT_CHANGES.items())
