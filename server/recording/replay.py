"""The replay of a recording: a new world gets the inputs at their market times, and its events are compared.

The new world is recorded too, so that the lines of both recordings are compared, one after the other. Faults of orders
are repeated; those of requests, pushes and connections are not, because a replay has no clients. Called by
`server/main.py`. Read `lines.py` first.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from time import monotonic

import orjson

from engine.core import Step
from engine.errors import Denied
from engine.journal import Outcome
from server.app import Server, compose, load
from server.clock import WorldClock
from server.market_setup import make_market
from server.recording.difference import Difference, difference
from server.recording.header import catalogue_hash, settings_of, with_state
from server.recording.inputs import CLOCK_CHANGES, FAULT_CHANGES, RecordedEngine, arguments_of
from server.recording.lines import BadRecording, EndLine, Header, InputLine, ReadLine, read_lines
from server.recording.recorder import UNLIMITED, Input, MemoryStore
from server.security.admission import make_admission
from server.settings import Settings, stream_limits
from server.world import WorldParts


@dataclass(frozen=True, slots=True)
class Replay:
    """The outcome of a replay.

    Attributes:
        server, settings: The server of the new world, whose clock is paused at the last input.
        inputs, events: Numbers of what was repeated.
        hash: Hash over all lines that were repeated.
        difference: The first difference; None without one.
        has_end: Whether the last line was reached.
    """

    server: Server
    settings: Settings
    inputs: int
    events: int
    hash: str
    difference: Difference | None = None
    has_end: bool = False

    def text(self) -> str:
        """Return the outcome for people."""
        if self.difference is not None:
            return f"different after {self.inputs:,} same inputs, at {self.difference.text()}"
        end = "" if self.has_end else f"; stopped after input {self.inputs:,}, before the end of the recording"
        return f"same: {self.inputs:,} inputs, {self.events:,} events, {self.hash}{end}"


class ReplayWorld:
    """A new world that gets the inputs of a recording.

    Args:
        server: Its server.
        store: The store of its own recording.
        clock: Its clock, which is paused.

    Attributes:
        server: Its server.
    """

    def __init__(self, server: Server, store: MemoryStore, clock: WorldClock) -> None:
        recorder, engine, control = server.world.recorder, server.services.engine, server.services.control
        assert recorder is not None and isinstance(engine, RecordedEngine) and control is not None
        self.server = server
        self._store = store
        self._clock = clock
        self._recorder = recorder
        self._engine = engine
        self._faults = control.fault_changes

    def enter(self, line: InputLine, number: int) -> InputLine:
        """Run an input at its market time; returns its line in the new recording. Raises: BadRecording."""
        self._recorder.clock.hold(line.time)
        try:
            self._run(line)
        except Denied:
            pass  # the line has the denial, and is compared
        except (KeyError, ValueError) as error:
            raise BadRecording(f"line {number}: {line.do} cannot be repeated: {error}") from None
        return InputLine.model_validate_json(self._store.lines[-1])

    def end(self, line: EndLine) -> EndLine:
        """Run the ticks up to the end; returns the last line of the new recording."""
        self._recorder.clock.hold(line.end)
        self._engine.settle()
        return EndLine.model_validate_json(self._recorder.end_line())

    def pause(self) -> None:
        """Leave the world at the last instant, with a paused clock that callers may move."""
        self._clock.move_to(self._recorder.clock.now_ms())
        self._recorder.clock.release()

    def _run(self, line: InputLine) -> None:
        if line.do in CLOCK_CHANGES:
            self._engine.record(Input(line.do, line.account, orjson.dumps(line.arguments)), lambda: None)
            return
        arguments = arguments_of(line.do, line.account, line.arguments)
        target = self._faults if line.do in FAULT_CHANGES else self._engine
        value = getattr(target, FAULT_CHANGES.get(line.do, line.do))(**arguments)
        if isinstance(value, Outcome | Step):
            self.server.services.publisher.submit(value.result)


def open_world(header: Header, settings: Settings) -> ReplayWorld:
    """Return a new world at the beginning of a recording. Raises: BadRecording; ValueError, OSError."""
    market, _ = make_market(settings)
    if catalogue_hash(market.instruments) != header.catalogue:
        raise BadRecording("line 1: the recording has other instruments; give their file with --instruments")
    recovered = with_state(load(settings, market), header, market.instruments)
    clock = WorldClock(StandingClock(header.begin), is_paused=True)
    store = MemoryStore(UNLIMITED)
    admission = make_admission(settings, clock)
    parts = WorldParts(
        market,
        clock,
        recovered,
        admission,
        stream_limits(settings),
        recording=store,
        is_copy=header.copy_,
        faults=None if header.state is None else header.state.faults,
    )
    return ReplayWorld(compose(settings, parts), store, clock)


class StandingClock:
    """A clock whose market time stands at the beginning of a recording.

    Args:
        begin_ms: Market time in epoch milliseconds.
    """

    def __init__(self, begin_ms: int) -> None:
        self._begin_ms = begin_ms

    def now_ms(self) -> int:
        """Market time in epoch milliseconds."""
        return self._begin_ms

    def monotonic(self) -> float:
        """Seconds since an arbitrary instant."""
        return monotonic()


def replay(path: Path, given: Settings) -> Replay:
    """Repeat a recording in a new world, up to `--until`. Raises: BadRecording; ValueError, OSError."""
    with path.open("rb") as file:
        lines = read_lines(file)
        first = next(lines, None)
        if first is None or not isinstance(first.content, Header):
            raise BadRecording(f"{path} is not a recording")
        if not first.is_intact:
            raise BadRecording("line 1 was changed after it was recorded: its hash is not that of its content")
        settings = settings_of(first.content, given)
        own = open_world(first.content, settings)
        outcome = repeat(own, lines, Replay(own.server, settings, 0, 0, first.content.hash))
        own.pause()
        return outcome


def repeat(own: ReplayWorld, lines: Iterator[ReadLine], done: Replay) -> Replay:
    """Repeat the lines after the header, up to the input `--until`. Raises: BadRecording.

    Args:
        own: A world at the beginning.
        lines: The lines after the header.
        done: The outcome so far.
    """
    last_ms = 0
    for line in lines:
        if done.inputs == done.settings.until:
            break
        content = line.content
        if isinstance(content, Header):
            raise BadRecording(f"line {line.number} is a second header")
        time_ms = content.end if isinstance(content, EndLine) else content.time
        if time_ms < last_ms:
            raise BadRecording(f"line {line.number}: its time {time_ms} is before {last_ms}; time never goes back")
        last_ms = time_ms
        repeated = own.end(content) if isinstance(content, EndLine) else own.enter(content, line.number)
        if found := difference(line, repeated):
            return replace(done, difference=found)
        events = done.events + len(content.before)
        if isinstance(content, EndLine):
            return replace(done, events=events, hash=content.hash, has_end=True)
        done = replace(done, inputs=content.input, events=events + len(content.events), hash=content.hash)
    return done
