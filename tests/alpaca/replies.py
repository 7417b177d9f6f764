"""The answers of the dialect that a test causes: also those that a client's library fetches have Alpaca's own shape."""

import contextlib
import json
from asyncio import Future
from collections.abc import Iterator
from typing import Any, NamedTuple

import pytest

from handlers.alpaca.base import AlpacaHandler
from tests.alpaca import oracle


class Reply(NamedTuple):
    """One answer; `path` is below `/alpaca` and has the query."""

    method: str
    path: str
    status: int
    body: bytes


@contextlib.contextmanager
def checked() -> Iterator[None]:
    """Record every answer of the dialect meanwhile, then check them with Alpaca's documents and the server's own."""
    seen: list[Reply] = []
    finish = AlpacaHandler.finish

    def record(handler: AlpacaHandler, chunk: Any = None) -> "Future[None]":
        method, path = str(handler.request.method), str(handler.request.uri).removeprefix("/alpaca")
        if isinstance(chunk, bytes):
            seen.append(Reply(method, path, handler.get_status(), chunk))
        return finish(handler, chunk)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(AlpacaHandler, "finish", record)
        yield
    for method, path, status, body in dict.fromkeys(seen):
        value = json.loads(body)
        oracle.check(method, path, status, value)
        oracle.check_own(method, path, status, value)
