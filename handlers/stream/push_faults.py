"""The push stage of the faults: updates that get lost, doubled, late, out of order or cut.

`hub.py` passes each publication through it, after the updates were numbered and kept: a client that misses one sees
the gap in `seq` and can resume. Replies, snapshots and replayed updates pass unchanged.
"""

import asyncio
from collections import deque
from collections.abc import Callable
from typing import NamedTuple

from engine.faults import FaultTable, Rule
from handlers.stream.channels import SubscriberGroup
from handlers.stream.fanout import Entry
from handlers.stream.frames import frame
from handlers.stream.send_queue import Frame

Publish = Callable[[list[Entry]], None]


class Late(NamedTuple):
    """An entry that waits until a time on the loop's clock."""

    due_at: float
    entry: Entry


class Overtaken(NamedTuple):
    """An entry that waits until `left` more updates of its topic were sent."""

    left: int
    entry: Entry


class PushFaults:
    """The push stage of one world.

    Args:
        faults: The rules of the world.
        publish: Sends entries to the subscribers of their topics.
    """

    def __init__(self, faults: FaultTable, publish: Publish) -> None:
        self._faults = faults
        self._publish = publish
        self._late: dict[SubscriberGroup, deque[Late]] = {}
        self._overtaken: dict[SubscriberGroup, list[Overtaken]] = {}

    def changed(self, entries: list[Entry]) -> list[Entry]:
        """Return the entries to send now."""
        if not (self._faults.pushes or self._late or self._overtaken):
            return entries
        sent: list[Entry] = []
        for entry in entries:
            for one in self._passed(entry):
                if one.group in self._late:
                    self._late[one.group].append(Late(self._late[one.group][-1].due_at, one))
                else:
                    sent += self._with_overtaken(one)
        return sent

    def _passed(self, entry: Entry) -> list[Entry]:
        """Apply the rules to one entry; returns what is left of it now."""
        topic = entry.group.topic
        account = topic.channel.split(":", 2)[1] if topic.route.module == "broker" else None
        case = {"topic": topic.text, "route": topic.route.name, "account": account}
        rule = self._faults.take(self._faults.pushes, case)
        if rule is None:
            return [entry]
        action = rule.action
        if action.duplicate:
            return [entry, entry]
        if action.truncate is not None:
            return [Entry(entry.group, Frame(_truncated(entry.frame.data, action.truncate.bytes)))]
        if not action.drop:
            self._hold(rule, Entry(entry.group, Frame(entry.frame.data)))
        return []

    def _hold(self, rule: Rule, entry: Entry) -> None:
        """Keep an entry for later. It is exact from then on: no newer state replaces it."""
        action = rule.action
        if action.reorder is not None:
            self._overtaken.setdefault(entry.group, []).append(Overtaken(action.reorder.n, entry))
            return
        assert action.delay is not None
        loop, waiting = asyncio.get_running_loop(), self._late.get(entry.group)
        due_at = loop.time() + action.delay.ms / 1000
        if waiting is None:
            self._late[entry.group] = deque((Late(due_at, entry),))
            loop.call_at(due_at, self._release, entry.group)
        else:
            waiting.append(Late(max(due_at, waiting[-1].due_at), entry))

    def _release(self, group: SubscriberGroup) -> None:
        """Send the late entries of a topic that are due, in their order."""
        loop, waiting = asyncio.get_running_loop(), self._late[group]
        due: list[Entry] = []
        while waiting and waiting[0].due_at <= loop.time():
            due += self._with_overtaken(waiting.popleft().entry)
        if waiting:
            loop.call_at(waiting[0].due_at, self._release, group)
        else:
            del self._late[group]
        if due and group.connections:
            self._publish(due)

    def _with_overtaken(self, entry: Entry) -> list[Entry]:
        """Return an entry that is sent, and those that waited for it."""
        waiting = self._overtaken.pop(entry.group, None)
        if waiting is None:
            return [entry]
        waiting = [Overtaken(one.left - 1, one.entry) for one in waiting]
        later = [one for one in waiting if one.left > 0]
        if later:
            self._overtaken[entry.group] = later
        return [entry, *(one.entry for one in waiting if one.left <= 0)]


def _truncated(data: bytes, size: int | None) -> bytes:
    """Return a frame of the first `size` bytes of a message, by default of its first half; whole characters only."""
    begin = {126: 4, 127: 10}.get(data[1], 2)
    body = data[begin:]
    kept = body[: len(body) // 2 if size is None else size]
    return frame(kept.decode("utf-8", "ignore").encode(), data[0] & 0x0F)
