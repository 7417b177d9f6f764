"""The recording over REST: with clock, faults and denied commands; it replays, and holds no token."""

import asyncio
from pathlib import Path

from server.recording.replay import replay
from server.settings import Settings
from tests.conftest import StartLive
from tests.tokens import ALICE, bearer, key_file, token


async def test_recording_of_a_controlled_world_replays_and_has_no_token(live: StartLive, tmp_path: Path) -> None:
    server = await live(control=True, record=True, auth="jwt", jwt_key_file=key_file(tmp_path))
    text = token(ALICE, scope="admin trade")
    headers = bearer(text)

    async def send(method: str, path: str, body: object = None, status: int = 200) -> bytes:
        reply = await server.fetch(method, path, body, headers=headers)
        assert reply.code == status, reply.body
        return reply.body

    order = {"symbol": "AAPL", "type": 1, "side": 1, "qty": 5, "limitPrice": 204.1}
    reject = {"stage": "order", "match": {"symbol": "MSFT"}, "do": {"reject": {"reason": "HALTED"}}, "times": 1}
    lost = {"stage": "request", "match": {"method": "DELETE"}, "do": {"status": {"code": 503}}, "phase": "after"}
    await send("PUT", "/clock", {"mode": "paused"})
    await send("POST", "/broker/orders", order)
    await send("POST", "/broker/orders", order | {"qty": 1.5}, 400)
    await send("POST", "/faults", reject)
    await send("POST", "/faults", lost)
    await send("POST", "/broker/orders", {"symbol": "MSFT", "type": 2, "side": 1, "qty": 5})
    advance = await server.fetch("POST", "/clock/advance", {"by": 3_600_000}, headers=headers | {"Prefer": "wait=30"})
    assert advance.code == 200, advance.body
    await send("DELETE", "/broker/orders/ORDER-1", status=503)
    recording = await send("GET", "/recording")
    (tmp_path / "recording.ndjson").write_bytes(recording)
    outcome = await asyncio.to_thread(replay, tmp_path / "recording.ndjson", Settings())
    assert outcome.difference is None and outcome.has_end, outcome.text()
    dones = ("change_clock", "place_order", "BAD_QTY_STEP", "add_fault", "advance_clock", '"stage":"request"')
    assert [one for one in dones if one not in recording.decode()] == []
    assert text not in recording.decode()


async def test_world_that_is_not_recorded_answers_404(live: StartLive) -> None:
    server = await live(control=True)
    assert (await server.fetch("GET", "/recording")).code == 404
