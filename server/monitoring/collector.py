"""The garbage collector, kept from holding up the event loop.

A full collection looks at everything that is alive, and a broker keeps much: with 10,000 orders in memory the loop
stood still for 60 to 100 ms, every few seconds under load. Nearly nothing here is garbage that references do not free
at once. So what survives its first collection is put aside: every object is looked at once, a thousand at a time in
less than a millisecond, and everything once an hour.

Python counts what is new less what was freed since. A broker that forgets an old order with every new one is at zero,
however many are new: after some seconds 28,000 were, for 20 ms. So the clock tells when to look, too.
"""

import asyncio
import gc

NEW_OBJECTS = 1_000
"""So many more than were freed since, and they are looked at."""

NEW_S = 0.025
"""So long, and what is new is looked at: at 5,000 orders a second, again a thousand objects."""

QUIET_S = 0.2
QUIET_OBJECTS = 100
"""While the count says fewer than these, the pauses double up to QUIET_S: a server at rest is left alone."""

EVERYTHING_S = 3600.0


def put_aside(phase: str, _info: dict[str, int]) -> None:
    """Take what survived a collection out of the next ones. Called by the collector itself."""
    if phase == "stop":
        gc.freeze()


def keep_short(loop: asyncio.AbstractEventLoop) -> None:
    """Collect everything now and once an hour, and in between only what is new. To be called when all is loaded."""
    gc.set_threshold(NEW_OBJECTS)
    if put_aside not in gc.callbacks:
        gc.callbacks.append(put_aside)
    collect_everything(loop)
    loop.call_later(NEW_S, collect_new, loop)


def collect_everything(loop: asyncio.AbstractEventLoop) -> None:
    """Look at all there is, and again after an hour."""
    gc.unfreeze()
    gc.collect()
    loop.call_later(EVERYTHING_S, collect_everything, loop)


def collect_new(loop: asyncio.AbstractEventLoop, pause_s: float = NEW_S) -> None:
    """Look at what is new, and again in a moment; `pause_s` is the pause before."""
    pause_s = NEW_S if gc.get_count()[0] >= QUIET_OBJECTS else min(2 * pause_s, QUIET_S)
    gc.collect(0)
    loop.call_later(pause_s, collect_new, loop, pause_s)
