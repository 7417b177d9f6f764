"""Stored, then told, then answered; and when it is not stored, nothing of it was."""

import asyncio
from typing import Any

import pytest

from engine.broker.command_result import CommandResult
from engine.broker.events import OrderTriggered
from engine.errors import Unavailable
from engine.journal import Done
from engine.topics import Update
from handlers.publisher import Publisher
from tests.support import stored


class Slow:
    """A journal that stores when the test says so."""

    kind, is_writable, count = "test", True, 0

    def __init__(self) -> None:
        self.waiting: list[Done] = []

    def append(self, result: CommandResult, done: Done) -> None:
        self.waiting.append(done)

    def store(self, error: Exception | None = None) -> None:
        self.waiting.pop(0)(error)


class Desk:
    """A publisher between a slow journal and a hub that writes down what it is told."""

    def __init__(self) -> None:
        self.told: list[str] = []
        self.journal = Slow()
        hub: Any = self
        journal: Any = self.journal
        self.publisher = Publisher(journal, hub)

    def publish(self, updates: list[Update]) -> None:
        self.told += [update.key for update in updates]

    def submit(self, name: str, has_events: bool = True, market: str | None = None, channel: str = "orders:A") -> Any:
        events = (OrderTriggered("A", 1, name),) if has_events else ()
        updates = [Update(channel, {}, name)] if name else []
        quotes = [] if market is None else [Update("bars:x", {}, market)]
        return stored(self.publisher, CommandResult("test", 1, events, updates), quotes)


async def test_order_is_kept_whatever_needs_storing() -> None:
    desk = Desk()
    first = desk.submit("one")
    second = desk.submit("quotes", has_events=False, channel="equity:A")
    third = desk.submit("three", market="bar")
    assert (desk.told, first.done()) == ([], False)
    desk.journal.store()
    await second
    assert (desk.told, first.done(), second.done(), third.done()) == (["one", "quotes"], True, True, False)
    desk.journal.store()
    await third
    assert desk.told == ["one", "quotes", "bar", "three"]


async def test_nothing_to_store_is_told_at_once() -> None:
    desk = Desk()
    assert desk.submit("quotes", has_events=False, channel="equity:A") is None
    assert desk.publisher.settled() is None
    assert desk.told == ["quotes"]


async def test_exact_update_without_an_event_is_stored_too() -> None:
    desk = Desk()
    desk.submit("same", has_events=False)
    assert (desk.told, len(desk.journal.waiting)) == ([], 1)


async def test_followers_have_their_place() -> None:
    desk = Desk()
    desk.submit("one")
    assert desk.publisher.follow(lambda is_stored, was_late: desk.told.append(f"read {is_stored} {was_late}"))
    desk.submit("two")
    desk.journal.store()
    assert desk.told == ["one", "read True True"]
    desk.journal.store()
    assert not desk.publisher.follow(lambda is_stored, was_late: desk.told.append(f"read {is_stored} {was_late}"))
    assert desk.told == ["one", "read True True", "two", "read True False"]


async def test_answers_come_when_all_that_was_stored_with_them_is_told() -> None:
    desk = Desk()
    for name in ("one", "two"):
        result = CommandResult("test", 1, (OrderTriggered("A", 1, name),), [Update("orders:A", {}, name)])
        desk.publisher.submit(result, done=lambda _error, name=name: desk.told.append(f"answer {name}"))  # type: ignore[misc]
    desk.journal.store()
    desk.journal.store()
    await asyncio.sleep(0)
    assert desk.told == ["one", "two", "answer one", "answer two"]


async def test_an_answer_that_fails_leaves_the_others_alone() -> None:
    desk, failed = Desk(), list[Any]()
    asyncio.get_running_loop().set_exception_handler(lambda _loop, context: failed.append(context["exception"]))
    error = RuntimeError("an answer failed")

    def fail(_error: Exception | None) -> None:
        raise error

    result = CommandResult("test", 1, (OrderTriggered("A", 1, "one"),), [])
    desk.publisher.submit(result, done=fail)
    other = desk.submit("two")
    desk.journal.store()
    desk.journal.store()
    await other
    assert failed == [error]


async def test_failure_takes_everything_behind_it_along() -> None:
    desk = Desk()
    desk.submit("one")
    failing = desk.submit("two", market="bar")
    reading = desk.publisher.settled()
    behind = desk.submit("", has_events=False, market="bar 2")
    later = desk.submit("three")
    desk.journal.store()
    desk.journal.store(OSError("disk"))
    desk.journal.store(OSError("disk"))
    for future in (failing, behind, later):
        with pytest.raises(Unavailable):
            await future
    assert desk.told == ["one", "bar", "bar 2"]
    assert reading is not None and not reading.done()
    asked = desk.publisher.settled()
    desk.publisher.rebuilt()
    assert asked is not None
    assert (await reading, await asked) == (False, False)
    assert desk.publisher.settled() is None
    again = desk.submit("four")
    desk.journal.store()
    await again
    assert desk.told[-1] == "four"
