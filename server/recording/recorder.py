"""The recorder of a world: it pairs each input with its durable result, and writes a line for both.

Inputs come from `inputs.py` in the order in which the engine processes them. Results come from the publisher in the
same order, when they are durable and before the client gets its answer. So a file never has an input that was not
stored, and after a kill it has all that were answered. A recording ends early at its limit, when its file cannot be
written, and when the storage refused results, because the state then goes back.
"""

import logging
import os
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any, NamedTuple, Protocol, TypeVar

import orjson

from engine.broker.command_result import CommandResult
from engine.clock import Clock
from engine.core import Step
from engine.errors import Denied, Reason
from engine.faults import FaultApplied, FaultTable
from engine.journal import Outcome, ResultSink
from server.recording.lines import Chain, members_of
from server.storage import codec

log = logging.getLogger("trading.recording")

T = TypeVar("T")
CHUNK_BYTES = 1 << 18


@dataclass(frozen=True, slots=True)
class RecordingLimits:
    """Most inputs and bytes of a recording; None is no limit."""

    inputs: int | None = 100_000
    bytes: int | None = 64 << 20


UNLIMITED = RecordingLimits(None, None)


class RecordingStore(Protocol):
    """Where the lines are.

    Attributes:
        limits: The bounds of the recording.
    """

    limits: RecordingLimits

    def append(self, line: bytes) -> None:
        """Add a line. Raises: OSError."""

    def chunks(self) -> Iterator[bytes]:
        """Yield the lines so far, in parts of at most about `CHUNK_BYTES`."""


class MemoryStore:
    """A recording in memory.

    Attributes:
        lines: The lines.
    """

    def __init__(self, limits: RecordingLimits | None = None) -> None:
        self.limits = limits or RecordingLimits()
        self.lines: list[bytes] = []

    def append(self, line: bytes) -> None:
        """Add a line."""
        self.lines.append(line)

    def chunks(self) -> Iterator[bytes]:
        """Yield the lines so far, in parts."""
        lines = iter(self.lines[:])
        while chunk := b"".join(islice(lines, 64)):
            yield chunk


class FileStore:
    """A recording in a file. Each line is with the operating system when `append` returns, so a kill does not lose it.

    Args:
        path: The file, which must not exist.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self.limits = UNLIMITED
        self._file = os.open(path, os.O_RDWR | os.O_CREAT | os.O_EXCL | os.O_APPEND, 0o600)

    def append(self, line: bytes) -> None:
        """Add a line. Raises: OSError."""
        if os.write(self._file, line) != len(line):
            raise OSError("the disk is full")

    def chunks(self) -> Iterator[bytes]:
        """Yield the lines so far, in parts."""
        end, offset = os.fstat(self._file).st_size, 0
        while chunk := os.pread(self._file, min(CHUNK_BYTES, end - offset), offset):
            yield chunk
            offset += len(chunk)


def next_file(folder: Path) -> Path:
    """Return the path of the next recording in a data directory: `recording-1.ndjson`, or a higher number."""
    numbers = [int(one.stem.partition("-")[2]) for one in folder.glob("recording-*.ndjson") if one.stem[10:].isdigit()]
    return folder / f"recording-{max(numbers, default=0) + 1}.ndjson"


class InputClock:
    """A clock that stands still while an input is processed, so that the whole input has one market time.

    It stands from the beginning until `release`, so that a new world has one market time too.

    Args:
        source: Market time.
    """

    def __init__(self, source: Clock) -> None:
        self._source = source
        self._held_ms: int | None = source.now_ms()

    def now_ms(self) -> int:
        """Market time in epoch milliseconds."""
        return self._source.now_ms() if self._held_ms is None else self._held_ms

    def monotonic(self) -> float:
        """Seconds since an arbitrary instant."""
        return self._source.monotonic()

    def hold(self, now_ms: int) -> None:
        """Stop at an instant until `release`, as a replay does."""
        self._held_ms = now_ms

    def release(self) -> None:
        """Follow the source."""
        self._held_ms = None

    @contextmanager
    def held(self) -> Iterator[int]:
        """Stop at the current instant, and yield it."""
        before = self._held_ms
        self._held_ms = now_ms = self.now_ms()
        try:
            yield now_ms
        finally:
            self._held_ms = before


class Input(NamedTuple):
    """A command with its arguments by name, as JSON.

    Attributes:
        has_denial: Whether it is recorded when it is denied.
    """

    do: str
    account: str | None
    arguments: bytes
    has_denial: bool = True


class _Entry(NamedTuple):
    """An input that waits until its result is durable."""

    input: Input
    result: CommandResult
    denied: Denied | None
    faults: list[dict[str, Any]]


class Recorder:
    """Writes the recording of one world. Implements `handlers.control.control.Recording`.

    Args:
        header: The first line without its hash.
        store: Gets the lines; it has the bounds.
        clock: The clock of the engine; an attribute afterwards.
        results: Gets an empty result for each input without one, so that it keeps its place among the others.
        faults: Their applications are recorded; None without `--control`.
    """

    def __init__(
        self,
        header: Mapping[str, Any],
        store: RecordingStore,
        clock: InputClock,
        results: ResultSink,
        faults: FaultTable | None,
    ) -> None:
        self.clock = clock
        self._store = store
        self._results = results
        self._faults = faults
        self._chain = Chain()
        self._pending: dict[int, _Entry] = {}
        self._before: list[bytes] = []
        self._last_ms: int = header["begin"]
        self._inputs = self._events = self._bytes = self._seen_faults = 0
        self._is_over = False
        self._append(dict(header))

    # Inputs

    def run(self, given: Input, now_ms: int, call: Callable[[], T]) -> T:
        """Run an input at an instant and record it, also when it is denied. Raises: the errors of `call`."""
        if self._is_over:
            return call()
        try:
            value = call()
        except Denied as error:
            if given.has_denial and error.reason is not Reason.CLOCK_ADVANCING:
                self._enter(given, CommandResult(given.do, now_ms, (), []), error)
            raise
        if isinstance(value, Outcome | Step):
            self._pending[id(value.result)] = _Entry(given, value.result, None, self._new_faults())
        else:
            self._enter(given, CommandResult(given.do, now_ms, (), []), None)
        return value

    def _enter(self, given: Input, result: CommandResult, denied: Denied | None) -> None:
        self._pending[id(result)] = _Entry(given, result, denied, self._new_faults())
        self._results.submit(result)

    def _new_faults(self) -> list[dict[str, Any]]:
        """Return the applications since the input before."""
        found = self._later_faults()
        self._seen_faults += len(found)
        return found

    def _later_faults(self) -> list[dict[str, Any]]:
        if self._faults is None or self._faults.applied == self._seen_faults:
            return []
        applications = self._faults.applications
        self._seen_faults = max(self._seen_faults, self._faults.applied - len(applications))
        old = len(applications) - (self._faults.applied - self._seen_faults)
        return [_shown(one) for one in islice(applications, old, None)]

    # Results

    def stored(self, result: CommandResult) -> None:
        """Write the line of a durable result; the events of a tick belong to the line of the next input."""
        if self._is_over:
            return
        events = [codec.encode_named(event) for event in result.events]
        if events:
            self._last_ms = result.time_ms
        entry = self._pending.pop(id(result), None)
        if entry is None:
            self._before += events
            return
        self._inputs += 1
        self._events += len(self._before) + len(events)
        self._last_ms = result.time_ms
        given, denied = entry.input, entry.denied
        self._append(
            {
                "input": self._inputs,
                "time": result.time_ms,
                "do": given.do,
                "account": given.account,
                "arguments": orjson.Fragment(given.arguments),
                "denied": None if denied is None else {"code": denied.reason, "message": denied.message},
                "before": members_of(self._before),
                "events": members_of(events),
                "faults": entry.faults,
            }
        )
        self._before = []

    def end(self, reason: str) -> None:
        """End the recording before its world, for a reason that is logged."""
        if not self._is_over:
            self._is_over = True
            self._pending.clear()
            self._before.clear()
            log.warning("the recording ended inputs=%d: %s", self._inputs, reason)

    def close(self) -> None:
        """Write the last line, when everything is stored and the server stops; nothing is recorded afterwards."""
        if not self._is_over:
            with suppress(OSError):
                self._store.append(self.end_line())
            self._is_over = True

    def _append(self, members: dict[str, Any]) -> None:
        line = self._chain.line(members)
        try:
            self._store.append(line)
        except OSError as error:
            self.end(str(error))
            return
        self._bytes += len(line)
        limits = self._store.limits
        if self._inputs == limits.inputs or (limits.bytes is not None and self._bytes >= limits.bytes):
            self.end("the limit is reached")

    # Reading

    @property
    def inputs(self) -> int:
        """Number of inputs so far."""
        return self._inputs

    def end_line(self) -> bytes:
        """Return the last line of the recording so far; the recording goes on."""
        members = {
            "end": self._last_ms,
            "before": members_of(self._before),
            "faults": [] if self._is_over else self._later_faults(),
            "inputs": self._inputs,
            "events": self._events + len(self._before),
            "truncated": self._is_over,
        }
        return Chain(self._chain.last).line(members)

    def chunks(self) -> Iterator[bytes]:
        """Yield the recording at the first call of `next`, in parts, with its end."""
        end = self.end_line()
        yield from self._store.chunks()
        yield end


def _shown(applied: FaultApplied) -> dict[str, Any]:
    return applied._asdict() | {"case": dict(applied.case)}
