"""The collector looks at what is new only, and nothing that the server lets go waits for it."""

import asyncio
import gc
from collections import Counter
from collections.abc import Callable, Iterator

import pytest

from handlers.http.connection import Http1Connection
from handlers.stream.handler import StreamHandler
from server.monitoring import collector
from tests.conftest import StartLive
from tests.guarded import ORDER
from tests.raw import RawClient


class Knot:
    """Garbage that only the collector finds."""

    def __init__(self) -> None:
        self.own: Knot | None = self


class Hours:
    """A loop whose hours the test lets pass."""

    def __init__(self) -> None:
        self.waiting: list[tuple[float, Callable[..., None], tuple[object, ...]]] = []

    def call_later(self, delay_s: float, callback: Callable[..., None], *arguments: object) -> None:
        self.waiting.append((delay_s, callback, arguments))

    def pass_by(self, delay_s: float) -> None:
        """Call who waits for just so long."""
        [due] = [one for one in self.waiting if one[0] == delay_s]
        self.waiting.remove(due)
        due[1](*due[2])

    def pauses(self) -> list[float]:
        return [delay_s for delay_s, _callback, _arguments in self.waiting]


@pytest.fixture(autouse=True)
def restored() -> Iterator[None]:
    thresholds = gc.get_threshold()
    yield
    gc.enable()
    gc.set_threshold(*thresholds)
    if collector.put_aside in gc.callbacks:
        gc.callbacks.remove(collector.put_aside)
    gc.unfreeze()


def knots() -> int:
    """Count knots, those that were put aside too."""
    gc.unfreeze()
    return sum(isinstance(one, Knot) for one in gc.get_objects())


def young_knots() -> int:
    """Count knots that no collection has seen."""
    return sum(isinstance(one, Knot) for one in gc.get_objects(generation=0))


def test_what_survives_is_put_aside_and_garbage_is_not() -> None:
    collector.keep_short(Hours())  # type: ignore[arg-type]
    before, kept = gc.get_freeze_count(), [Knot() for _ in range(10_000)]
    for _ in range(10_000):
        Knot()
    gc.collect()
    assert before + 10_000 <= gc.get_freeze_count() < before + 20_000
    assert knots() == len(kept)


def test_few_objects_are_looked_at_at_a_time() -> None:
    collector.keep_short(Hours())  # type: ignore[arg-type]
    kept = [Knot() for _ in range(100_000)]
    assert len(kept) <= gc.get_freeze_count() + 10_000


def test_who_forgets_as_much_as_comes_is_looked_at_too() -> None:
    hours, old, new = Hours(), [Knot() for _ in range(5_000)], list[Knot]()
    collector.keep_short(hours)  # type: ignore[arg-type]
    while old:
        old.pop().own = None
        new.append(Knot())
    waiting = young_knots()
    hours.pass_by(0.025)
    assert waiting > 3_000
    assert young_knots() == 0


def test_a_server_at_rest_is_left_alone() -> None:
    hours, pauses = Hours(), list[float]()
    collector.keep_short(hours)  # type: ignore[arg-type]
    kept = []
    for new in (0, 0, 0, 0, 200, 0):
        pauses.append(min(hours.pauses()))
        gc.collect(0)
        kept.append([Knot() for _ in range(new)])
        hours.pass_by(pauses[-1])
    assert [*pauses, min(hours.pauses())] == [0.025, 0.05, 0.1, 0.2, 0.2, 0.025, 0.05]


def test_once_an_hour_everything_is_looked_at() -> None:
    hours = Hours()
    collector.keep_short(hours)  # type: ignore[arg-type]
    kept = [Knot() for _ in range(100)]
    gc.collect()
    kept.clear()
    gc.collect()
    hours.pass_by(3600.0)
    assert knots() == 0
    assert sorted(hours.pauses()) == [0.025, 3600.0]
    assert gc.callbacks.count(collector.put_aside) == 1


def counted() -> Counter[str]:
    kinds = (StreamHandler, Http1Connection, asyncio.Task)
    return Counter(type(one).__name__ for one in gc.get_objects() if isinstance(one, kinds))


async def test_clients_that_go_leave_nothing_for_the_collector(live: StartLive) -> None:
    """References alone free what a client had: collections may be rare. (A socket's ping is due some seconds more.)"""
    server = await live()
    await server.fetch("POST", "/broker/orders", ORDER)
    gc.collect()
    gc.disable()
    before = counted()
    for _ in range(10):
        client = await RawClient.open(server.address)
        await client.say({"type": "hello"})
        await client.message()
        for route in ("orders", "positions", "equity"):
            await client.subscribe(route, {"accountId": "DEMO-ACCOUNT"})
        client.close()
        assert (await server.fetch("POST", "/broker/orders", ORDER)).code == 200
        assert (await server.fetch("GET", "/nothing")).code == 404
    while server.server.services.hub.connections:
        await asyncio.sleep(0)
    after = counted()
    assert after["StreamHandler"] == before["StreamHandler"]
    assert after["Http1Connection"] - before["Http1Connection"] <= 1
    assert after["Task"] - before["Task"] <= 5
