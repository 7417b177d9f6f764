"""A server with `--auth jwt`, and two subjects that may not use each other's accounts."""

import json
import time
from pathlib import Path
from typing import Any

from engine.models.broker.account import AccountCreate
from tests.conftest import StartLive
from tests.live import Live
from tests.tokens import ALICE, BOB, bearer, key_file, token

ORDER = {"symbol": "AAPL", "type": 2, "side": 1, "qty": 10}
RESTING = {"symbol": "AAPL", "type": 1, "side": 1, "qty": 10, "limitPrice": 1.0}


async def guarded(live: StartLive, folder: Path, **settings: Any) -> Live:
    """A server with `--auth jwt`, where Alice and Bob have an account, a position and a resting order each."""
    limits = {"order_rate": 0, "max_connections": 0}
    server = await live(auth="jwt", jwt_key_file=key_file(folder), debug=True, **(limits | settings))
    for name in (ALICE, BOB):
        open_account(server, name)
        for order in (ORDER, RESTING):
            answer = await server.fetch("POST", "/broker/orders", order, headers=bearer(token(name)))
            assert answer.code == 200, answer.body
    return server


def open_account(server: Live, account_id: str) -> None:
    """Open an account through the engine, without a request."""
    engine, publisher = server.server.services.engine, server.server.services.publisher
    request = AccountCreate(id=account_id, name=account_id.title(), balance=100_000.0)
    publisher.submit(engine.create_account(request).result)


def hello(value: str | None) -> str:
    """The message that carries a token."""
    return json.dumps({"type": "hello", "payload": {} if value is None else {"token": value}})


class WallClock:
    """A wall clock that the test can set forward."""

    def __init__(self) -> None:
        self.ahead_s = 0.0

    def __call__(self) -> float:
        return time.time() + self.ahead_s
