"""What the engine hands out after every command, and what it expects of whoever keeps the events."""

from collections.abc import Callable
from typing import Generic, NamedTuple, Protocol, TypeVar

from engine.broker.batch import Batch

T = TypeVar("T")


class Outcome(NamedTuple, Generic[T]):
    """The answer to a command, and the batch that must be durable before it is given."""

    value: T
    batch: Batch


Done = Callable[[Exception | None], None]


class Journal(Protocol):
    """Keeps events in order.

    Attributes:
        kind: How events are kept ("memory", "sqlite").
        is_writable: Whether the next batch can be expected to be stored.
    """

    kind: str
    is_writable: bool

    @property
    def count(self) -> int:
        """Durable events since the beginning."""

    def append(self, batch: Batch, done: Done) -> None:
        """Store the events of a batch; call `done` when they are durable, in the order of the calls.

        `done` gets None, or the error that kept the batch from being stored. It may be called before this returns.
        """
