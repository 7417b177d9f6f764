"""Cost of worlds and of skipped time: memory and time of a fresh world, 1,000 rounds of use, a year in one call.

Run it on a quiet machine: `python -m bench.worlds [ROUNDS]`. Times are processor time of this process.
"""

import asyncio
import gc
import resource
import sys
import time
from pathlib import Path
from typing import Any

from engine.models.broker.orders import PreOrder
from engine.models.control.clock import ClockAdvance
from engine.models.control.worlds import WorldCreate
from server.app import Server, make_server
from server.settings import Settings

ROUNDS = 1_000
ORDERS = 100
YEAR_MS = 365 * 86_400_000
PAGE = resource.getpagesize()
START_MS = 1_767_625_200_000


def resident_mib() -> float:
    """Return the resident memory of this process."""
    gc.collect()
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


async def measure_fresh(server: Server) -> None:
    """Print memory and time of a fresh world."""
    begin = WorldCreate(start=START_MS, mode="paused")
    await server.worlds.delete(server.worlds.create(begin)["id"])
    before, began = resident_mib(), time.process_time()
    ids = [server.worlds.create(begin)["id"] for _ in range(20)]
    took = time.process_time() - began
    print(f"fresh world: {(resident_mib() - before) / 20:.2f} MiB, {1000 * took / 20:.1f} ms")
    for one in ids:
        await server.worlds.delete(one)


async def measure_rounds(server: Server, rounds: int) -> None:
    """Print the memory after rounds of making, using and deleting a world."""
    marks = []
    for number in range(rounds + 1):
        world_id = server.worlds.create(WorldCreate(seed=number % 7, start=START_MS, mode="paused"))["id"]
        place(server, world_id, number)
        await server.worlds.delete(world_id)
        if number in (rounds // 10, rounds):
            marks.append(resident_mib())
    tasks = len(asyncio.all_tasks())
    print(f"{rounds} rounds: {marks[0]:.0f} MiB after a tenth, {marks[1]:.0f} MiB at the end, {tasks} tasks")


async def measure_year(server: Server) -> None:
    """Print time and longest hold of the loop for a year with working orders."""
    world_id = server.worlds.create(WorldCreate(seed=3, start=START_MS, mode="paused"))["id"]
    for number in range(ORDERS):
        place(server, world_id, number)
    world = server.worlds.world(world_id)
    assert world.time is not None
    gc.collect()
    gc.freeze()
    began, longest, last = time.process_time(), 0.0, time.process_time()
    world.time.advance(ClockAdvance(by=YEAR_MS))
    while not await world.time.wait(0):
        now = time.process_time()
        longest, last = max(longest, now - last), now
        await asyncio.sleep(0)
    took = time.process_time() - began
    events = world.services.journal.count
    print(f"a year, {ORDERS} orders: {took:.2f} s, longest hold {1000 * longest:.1f} ms, {events} events")
    await server.worlds.delete(world_id)


async def main(rounds: int) -> None:
    """Run every measure."""
    server = make_server(Settings(ephemeral=True, control=True, worlds=100))
    await measure_fresh(server)
    await measure_year(server)
    await measure_rounds(server, rounds)
    await server.worlds.close()
    await server.storage.close()


if __name__ == "__main__":
    asyncio.run(main(int(sys.argv[1]) if len(sys.argv) > 1 else ROUNDS))
