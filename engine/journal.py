"""The answer to a command, and the interfaces of the storage for the engine and the publisher.

handlers/publisher.py is a `ResultSink`, server/storage/journal.py a `Journal`.
"""

from collections.abc import Callable
from typing import Generic, NamedTuple, Protocol, TypeVar

from engine.broker.command_result import CommandResult

T = TypeVar("T")


class Outcome(NamedTuple, Generic[T]):
    """The answer to a command, and the result that must be durable before the answer is sent."""

    value: T
    result: CommandResult


class ResultSink:
    """The storage as the engine uses it. This base accepts every change and stores nothing."""

    def check_writable(self) -> None:
        """Check that a change can be stored; called before each command and tick. Raises: Unavailable."""

    def submit(self, result: CommandResult) -> None:
        """Store a result that the caller of the engine does not get.

        It is that of the instants before a command, or the partial result of a command that an error ended midway. The
        changes of a partial result must be undone.
        """


Done = Callable[[Exception | None], None]


class Journal(Protocol):
    """Stores events in order.

    Attributes:
        kind: How events are stored ("memory", "sqlite").
        is_writable: Whether the next result will probably be stored.
    """

    kind: str
    is_writable: bool

    @property
    def count(self) -> int:
        """Durable events since the beginning."""

    def check_writable(self) -> None:
        """Check that a change can be stored. Raises: Unavailable."""

    def append(self, result: CommandResult, done: Done) -> None:
        """Store the events of a result; call `done` when they are durable, in the order of the calls.

        `done` gets None, or the error if the result could not be stored. It may be called before this method returns.
        """
