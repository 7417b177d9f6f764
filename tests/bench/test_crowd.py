"""Worlds side by side: the clients of each get the bytes that they get alone, beside a world with a storm of faults."""

from bench.crowd import Crowd, compare


async def test_clients_of_worlds_side_by_side_get_the_bytes_that_they_get_alone() -> None:
    found = await compare(Crowd(worlds=3, clients=2))
    assert found.different == []
    assert found.updates > 50
    assert sorted(found.storm) == ["connection", "order", "push", "request"]
    assert min(found.storm.values()) > 0
