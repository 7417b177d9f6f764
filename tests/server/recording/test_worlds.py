"""Every world that a caller makes is recorded, also a copy of another one with its faults."""

import asyncio
import json
from pathlib import Path

from server.recording.replay import replay
from server.settings import Settings
from tests.conftest import StartLive

DELAY = {"stage": "order", "match": {}, "do": {"delay": {"ms": 700}}}
ORDER = {"symbol": "AAPL", "type": 2, "side": 1, "qty": 5}


async def test_recordings_of_a_world_and_of_its_copy_replay(live: StartLive, tmp_path: Path) -> None:
    server = await live(control=True)
    made = await server.fetch("POST", "/worlds", {"seed": 5, "mode": "paused", "fillModel": "simulator"})
    assert made.code == 201, made.body

    async def ask(path: str, body: object = None) -> bytes:
        data = None if body is None else json.dumps(body)
        url, headers = f"http://{server.address}/w/{path}", {"Content-Type": "application/json"}
        reply = await server.http.fetch(url, method="GET" if data is None else "POST", body=data, headers=headers)
        return reply.body

    await ask("w-1/api/v1/broker/orders", ORDER)
    await ask("w-1/api/v1/faults", DELAY)
    fork = await server.fetch("POST", "/worlds/w-1/fork", {})
    assert fork.code == 201, fork.body
    await ask("w-2/api/v1/broker/orders", ORDER)
    for name, inputs in (("w-1", 2), ("w-2", 1)):
        (tmp_path / name).write_bytes(await ask(f"{name}/api/v1/recording"))
        outcome = await asyncio.to_thread(replay, tmp_path / name, Settings())
        assert outcome.difference is None and outcome.inputs == inputs, outcome.text()
