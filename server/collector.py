"""The garbage collector, kept from holding up the event loop.

A full collection looks at everything that is alive, and a broker keeps much: with 10,000 orders in memory the loop
stood still for 60 to 100 ms, every few seconds under load. Nearly nothing here is garbage that references do not free
at once. So what survives a full collection is put aside, and the next one looks at what came since, in a millisecond or
two; everything is looked at once an hour.
"""

import asyncio
import gc

THRESHOLDS = (500, 4, 1)
"""Objects until the youngest are looked at, and how often until the older ones are: some 5,000 new ones at a time."""

EVERYTHING_S = 3600.0


def put_aside(phase: str, info: dict[str, int]) -> None:
    """Take what survived a full collection out of the next ones. Called by the collector itself."""
    if phase == "stop" and info["generation"] == 2:
        gc.freeze()


def keep_short(loop: asyncio.AbstractEventLoop) -> None:
    """Collect everything now and once an hour, and in between only what is new. To be called when all is loaded."""
    gc.unfreeze()
    gc.set_threshold(*THRESHOLDS)
    if put_aside not in gc.callbacks:
        gc.callbacks.append(put_aside)
    gc.collect()
    loop.call_later(EVERYTHING_S, keep_short, loop)
