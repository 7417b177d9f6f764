"""Heads that were read lately. A client that keeps its connection sends the same bytes again with every request.

What a head says depends on its bytes alone, once the parser stands between two requests: so a head that was read, and
whose request came in one piece with nothing behind it, need not be read again. What depends on more than the head
(tokens, rates, the body) is looked at every time. docs/decisions/0013-heads-are-read-once.md has the conditions.
"""

from collections import OrderedDict
from typing import NamedTuple

from handlers.http.request import Request

MAX_HEADS = 1024
MAX_MARKS = 4096
MAX_KEPT_BYTES = 2048
"""A longer head is read every time; so all of them take a few MiB."""

HEAD_END = b"\r\n\r\n"


class Known(NamedTuple):
    """A request that was read, and how many bytes its body has."""

    request: Request
    body_bytes: int


class Heads:
    """Requests by whom they came from and the bytes of their heads; what was kept first is forgotten first.

    A head is kept when it comes for the second time: where every head is another one, as behind a proxy that numbers
    requests, keeping them would cost as much as it saves elsewhere.
    """

    def __init__(self) -> None:
        self._known: OrderedDict[tuple[str, bytes], Known] = OrderedDict()
        self._marks: set[int] = set()

    def __len__(self) -> int:
        """Return the number of heads that are kept."""
        return len(self._known)

    def find(self, remote_ip: str, head: bytes) -> Known | None:
        """Return what a head said; it comes without the empty line at its end."""
        return self._known.get((remote_ip, head))

    def keep(self, head: bytes, known: Known) -> None:
        """Keep what a head says, if it came before."""
        if len(head) > MAX_KEPT_BYTES:
            return
        key = known.request.remote_ip, head
        mark = hash(key)
        if mark not in self._marks:
            if len(self._marks) >= MAX_MARKS:
                self._marks.clear()
            self._marks.add(mark)
            return
        if len(self._known) >= MAX_HEADS:
            self._known.popitem(last=False)
        self._known[key] = known
