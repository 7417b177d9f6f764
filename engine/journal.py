"""What the engine hands out after every command, and what it expects of whoever keeps the events."""

from collections.abc import Callable
from typing import Generic, NamedTuple, Protocol, TypeVar

from engine.broker.command_result import CommandResult

T = TypeVar("T")


class Outcome(NamedTuple, Generic[T]):
    """The answer to a command, and the result that must be durable before it is given."""

    value: T
    result: CommandResult


Done = Callable[[Exception | None], None]


class Journal(Protocol):
    """Keeps events in order.

    Attributes:
        kind: How events are kept ("memory", "sqlite").
        is_writable: Whether the next result can be expected to be stored.
    """

    kind: str
    is_writable: bool

    @property
    def count(self) -> int:
        """Durable events since the beginning."""

    @property
    def is_full(self) -> bool:
        """Whether too many results wait to be stored, so that no command should be accepted."""

    def append(self, result: CommandResult, done: Done) -> None:
        """Store the events of a result; call `done` when they are durable, in the order of the calls.

        `done` gets None, or the error that kept the result from being stored. It may be called before this returns.
        """


class ResultSink(Protocol):
    """Takes the results of the engine, and says whether a command may change anything now."""

    def check_writable(self) -> None:
        """Permit a command. Raises: Unavailable: its result could not be stored."""

    def submit_partial(self, result: CommandResult) -> None:
        """Take the events of a command that failed midway; the state in memory has to be rebuilt."""
