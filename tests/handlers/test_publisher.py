"""A result is stored, then published, then answered; a result that cannot be stored is neither."""

import asyncio
from typing import Any

import pytest

from engine.broker.command_result import CommandResult
from engine.broker.events import OrderTriggered
from engine.errors import Unavailable
from engine.journal import Done
from engine.topics import Update
from handlers.publisher import Publisher


class Slow:
    """A journal that stores when the test says so."""

    kind, is_writable, is_full, count = "test", True, False, 0

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

    def commit(self, name: str, has_events: bool = True, channel: str = "orders:A") -> Any:
        """Commit the result of a command; returns the future that its answer waits for, None when it need not wait."""
        return self.publisher.commit(self.result(name, has_events, channel), "test")

    def tick(self, name: str, market: str, has_events: bool = True) -> None:
        """Submit the result of a tick, with market data."""
        self.publisher.submit(self.result(name, has_events), [Update("bars:x", {}, market)])

    def result(self, name: str, has_events: bool, channel: str = "orders:A") -> CommandResult:
        events = (OrderTriggered("A", 1, name),) if has_events else ()
        return CommandResult("test", 1, events, [Update(channel, {}, name)] if name else [])


async def test_order_is_kept_whatever_needs_storing() -> None:
    desk = Desk()
    first = desk.commit("one")
    second = desk.commit("quotes", has_events=False, channel="equity:A")
    desk.tick("three", market="bar")
    fourth = desk.commit("four")
    assert (desk.told, first.done()) == ([], False)
    desk.journal.store()
    await second
    assert (desk.told, first.done(), second.done(), fourth.done()) == (["one", "quotes"], True, True, False)
    desk.journal.store()
    desk.journal.store()
    await fourth
    assert desk.told == ["one", "quotes", "bar", "three", "four"]


async def test_nothing_to_store_is_told_at_once() -> None:
    desk = Desk()
    assert desk.commit("quotes", has_events=False, channel="equity:A") is None
    assert desk.publisher.settled() is None
    assert desk.told == ["quotes"]


async def test_exact_update_without_an_event_is_stored_too() -> None:
    desk = Desk()
    desk.commit("same", has_events=False)
    assert (desk.told, len(desk.journal.waiting)) == ([], 1)


async def test_followers_have_their_place() -> None:
    desk = Desk()
    desk.commit("one")
    assert desk.publisher.follow(lambda is_stored, was_late: desk.told.append(f"read {is_stored} {was_late}"))
    desk.commit("two")
    desk.journal.store()
    assert desk.told == ["one", "read True True"]
    desk.journal.store()
    assert not desk.publisher.follow(lambda is_stored, was_late: desk.told.append(f"read {is_stored} {was_late}"))
    assert desk.told == ["one", "read True True", "two", "read True False"]


async def test_answers_come_when_all_that_was_stored_with_them_is_published() -> None:
    desk = Desk()

    async def command(name: str) -> None:
        await desk.commit(name)
        desk.told.append(f"answer {name}")

    commands = [asyncio.create_task(command(name)) for name in ("one", "two")]
    await asyncio.sleep(0)
    desk.journal.store()
    desk.journal.store()
    await asyncio.gather(*commands)
    assert desk.told == ["one", "two", "answer one", "answer two"]


async def test_an_answer_whose_task_was_cancelled_leaves_the_others_alone() -> None:
    desk = Desk()
    canceled, other = desk.commit("one"), desk.commit("two")
    canceled.cancel()
    desk.journal.store()
    desk.journal.store()
    await other
    assert desk.told == ["one", "two"]


async def test_failure_takes_everything_behind_it_along() -> None:
    desk = Desk()
    desk.commit("one")
    failing = desk.commit("two")
    reading = desk.publisher.settled()
    desk.tick("", market="bar", has_events=False)
    behind = desk.commit("behind", has_events=False, channel="equity:A")
    later = desk.commit("three")
    desk.journal.store()
    desk.journal.store(OSError("disk"))
    desk.journal.store(OSError("disk"))
    for future in (failing, behind, later):
        with pytest.raises(Unavailable):
            await future
    assert desk.told == ["one", "bar"]
    assert reading is not None and not reading.done()
    asked = desk.publisher.settled()
    desk.publisher.state_restored()
    assert asked is not None
    assert (await reading, await asked) == (False, False)
    assert desk.publisher.settled() is None
    again = desk.commit("four")
    desk.journal.store()
    await again
    assert desk.told[-1] == "four"
