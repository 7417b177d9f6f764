"""Worlds: isolation of 50 of them, memory and time of a fresh one, 1,000 rounds of use, a year in one call.

Run it on a quiet machine: `python -m bench.worlds [ROUNDS]`. Times are processor time of the event loop's thread. The
garbage collector has the thresholds of the server, and is never called by hand during the rounds.
"""

import asyncio
import gc
import resource
import sys
import time
from pathlib import Path
from typing import Any

from bench.crowd import Crowd, compare
from engine.models.broker.orders import PreOrder
from engine.models.control.clock import ClockAdvance
from engine.models.control.worlds import WorldCreate
from server.app import Server, make_server
from server.main import GC_THRESHOLDS
from server.settings import Settings
from server.world import World

ROUNDS = 1_000
ORDERS = 100
CROWD = Crowd(worlds=50, clients=10)
RUNS = 3
DAY_MS = 86_400_000
YEAR_MS = 365 * DAY_MS
PAGE = resource.getpagesize()
START_MS = 1_767_625_200_000


def resident_mib() -> float:
    """Return the resident memory of this process."""
    return int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1]) * PAGE / 2**20


def place(server: Server, world_id: str, number: int) -> None:
    """Place a resting order in a world, 2 to 30 % below the market."""
    services = server.worlds.world(world_id).services
    symbols = sorted(services.engine.market.instruments)
    symbol = symbols[number % len(symbols)]
    instrument, quote = services.engine.instrument(symbol), services.engine.view().quote(symbol)
    price = instrument.grid.nearest(quote.bid * (0.98 - 0.28 * (number % ORDERS) / ORDERS)) / instrument.pricescale
    fields: dict[str, Any] = {
        "symbol": symbol,
        "type": 1,
        "side": 1,
        "qty": float(instrument.qty.min),
        "limitPrice": price,
    }
    services.publisher.submit(services.engine.place_order(None, PreOrder.model_validate(fields)).result)


async def advance(world: World, by_ms: int) -> list[float]:
    """Move a world's clock forward; return the processor time of each turn of the event loop in seconds."""
    assert world.time is not None
    turns, last = [], time.thread_time()
    world.time.advance(ClockAdvance(by=by_ms))
    while world.time.state()["status"] == "advancing":
        await asyncio.sleep(0)
        now = time.thread_time()
        turns.append(now - last)
        last = now
    return turns


async def measure_fresh(server: Server) -> None:
    """Print memory and time of a fresh world."""
    begin = WorldCreate(start=START_MS, mode="paused")
    await server.worlds.delete(server.worlds.create(begin)["id"])
    before, began = resident_mib(), time.thread_time()
    ids = [server.worlds.create(begin)["id"] for _ in range(20)]
    took = time.thread_time() - began
    print(f"fresh world: {(resident_mib() - before) / 20:.2f} MiB, {1000 * took / 20:.1f} ms")
    for one in ids:
        await server.worlds.delete(one)


async def measure_rounds(server: Server, rounds: int) -> None:
    """Print the memory after rounds of making, using and deleting a world."""
    marks = []
    for number in range(rounds + 1):
        world_id = server.worlds.create(WorldCreate(seed=number % 7, start=START_MS, mode="paused"))["id"]
        place(server, world_id, number)
        await advance(server.worlds.world(world_id), DAY_MS)
        await server.worlds.delete(world_id)
        if number in (rounds // 10, rounds):
            marks.append(resident_mib())
    tasks = len(asyncio.all_tasks())
    print(f"{rounds} rounds: {marks[0]:.0f} MiB after a tenth, {marks[1]:.0f} MiB at the end, {tasks} tasks")


def make_trading(server: Server) -> World:
    """Return a world with `ORDERS` working orders."""
    world_id = server.worlds.create(WorldCreate(seed=3, start=START_MS, mode="paused"))["id"]
    for number in range(ORDERS):
        place(server, world_id, number)
    return server.worlds.world(world_id)


async def parts_of_year(server: Server) -> list[float]:
    """Return the time of each part of a year that cannot be divided, in seconds; a turn is 1 ms and the last part."""
    world, parts, last = make_trading(server), [], time.thread_time()
    for result in world.services.engine.catch_up(START_MS + YEAR_MS):
        if result is not None:
            world.services.publisher.submit(result)
        now = time.thread_time()
        parts.append(now - last)
        last = now
    await server.worlds.delete(world.id)
    return parts


async def measure_year(server: Server) -> None:
    """Print the time of a year with working orders, and how long it holds the loop."""
    world = make_trading(server)
    turns = await advance(world, YEAR_MS)
    took, events, turns = sum(turns), world.services.journal.count, sorted(turns)
    print(f"a year, {ORDERS} orders: {took:.2f} s, {events} events in {len(turns)} turns of the loop")
    late = turns[-len(turns) // 100]
    print(f"longest turn {1000 * turns[-1]:.1f} ms, 99 % are shorter than {1000 * late:.1f} ms")
    await server.worlds.delete(world.id)
    runs = [await parts_of_year(server) for _ in range(RUNS)]
    longest = max(map(min, zip(*runs, strict=True)))
    print(f"longest of {len(runs[0])} parts: {1000 * longest:.1f} ms, each the fastest of {RUNS} runs")


async def measure_crowd() -> None:
    """Print whether the clients of 50 worlds get the bytes that they get alone, beside a world with faults."""
    began = time.perf_counter()
    found = await compare(CROWD)
    clients, updates = CROWD.worlds * CROWD.clients, f"{found.updates:,} updates"
    print(f"{CROWD.worlds} worlds, {clients} clients: {found.answers:,} answers, {updates}, {found.size:,} bytes")
    storm = ", ".join(f"{stage} {count}" for stage, count in found.storm.items())
    print(f"{len(found.different)} clients got other bytes than alone, beside a world with faults: {storm}")
    print(f"{time.perf_counter() - began:.0f} s", *found.different)


async def main(rounds: int) -> None:
    """Run every measure."""
    gc.set_threshold(*GC_THRESHOLDS)
    server = make_server(Settings(ephemeral=True, control=True, worlds=100))
    await measure_fresh(server)
    await measure_year(server)
    await measure_rounds(server, rounds)
    await server.worlds.close()
    await server.storage.close()
    await measure_crowd()


if __name__ == "__main__":
    asyncio.run(main(int(sys.argv[1]) if len(sys.argv) > 1 else ROUNDS))
