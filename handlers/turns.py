"""Long work in pieces, so that the event loop serves other clients in between."""

import asyncio
from collections.abc import Iterator
from time import perf_counter

TURN_S = 0.001
"""Time that a request works before the event loop serves other clients, in seconds."""


async def in_turns(pieces: Iterator[None]) -> None:
    """Run work in pieces; the event loop serves other clients after every `TURN_S` of work."""
    began = perf_counter()
    for _ in pieces:
        if perf_counter() - began > TURN_S:
            await asyncio.sleep(0)
            began = perf_counter()
