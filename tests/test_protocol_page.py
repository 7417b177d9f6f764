"""The sessions on the protocol page, replayed against the real server line by line."""

import json
import re
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import OpenStream, StartLive
from tests.live import Live, Stream

PAGE = Path(__file__).parents[1] / "docs" / "protocol.md"
SESSIONS = re.findall(r"^```session\n(.*?)^```", PAGE.read_text(), re.M | re.S)
ANY = "..."
RESTARTING = 1012


def fits(said: Any, written: Any, names: dict[str, Any]) -> bool:
    """Whether a value equals the value on the page: "..." is any value, "$name" the same value at each place."""
    if written == ANY:
        return True
    if isinstance(written, str) and written.startswith("$"):
        return bool(names.setdefault(written, said) == said)
    if isinstance(written, dict) and isinstance(said, dict):
        own = set(written) - {ANY}
        is_complete = own <= set(said) if ANY in written else own == set(said)
        return is_complete and all(fits(said[key], written[key], names) for key in own)
    return isinstance(said, bool) is isinstance(written, bool) and bool(said == written)


def filled(value: Any, names: dict[str, Any]) -> Any:
    """Return a message with each "$name" replaced by its value."""
    if isinstance(value, dict):
        return {key: filled(one, names) for key, one in value.items()}
    return names[value] if isinstance(value, str) and value.startswith("$") else value


class Replay:
    """One session: the server, the current WebSocket, and the last REST answer, which is not yet compared."""

    def __init__(self, server: Live, stream: OpenStream) -> None:
        self.server = server
        self.open = stream
        self.client: Stream | None = None
        self.answer: tuple[int, Any] | None = None
        self.names: dict[str, Any] = {}

    async def play(self, line: str) -> None:
        """Run the action of a line, or compare the result with the line."""
        verb, _, rest = line.partition(" ")
        if verb == "connect":
            self.client = await self.open(self.server, rest.removeprefix("/api/v1"))
        elif verb == ">":
            assert self.client is not None
            await self.client.send(filled(json.loads(rest), self.names))
        elif verb == "<":
            assert self.client is not None
            said = await self.client.receive()
            assert fits(said, json.loads(rest), self.names), f"the page says {rest}, the server {json.dumps(said)}"
        elif verb in ("GET", "POST", "PUT", "DELETE"):
            path, _, body = rest.partition(" ")
            response = await self.server.fetch(verb, path.removeprefix("/api/v1"), body.encode() or None)
            self.answer = response.code, json.loads(response.body)
        elif verb.isdigit():
            assert self.answer is not None
            assert self.answer[0] == int(verb)
            assert fits(self.answer[1], json.loads(rest), self.names), f"the page says {rest}, REST {self.answer[1]}"
        elif line == "tick":
            self.server.step()
        elif line == "lose the connection":
            self.server.server.services.hub.close_all(RESTARTING, "lost")
        else:
            raise AssertionError(f"the page has a line that cannot be replayed: {line}")


@pytest.mark.parametrize("session", SESSIONS)
async def test_a_session_goes_as_the_page_says(session: str, live: StartLive, stream: OpenStream) -> None:
    replay = Replay(await live(), stream)
    for line in session.splitlines():
        await replay.play(line)
    assert replay.client is not None
    assert await replay.client.drained() == []


def test_the_page_has_sessions() -> None:
    assert len(SESSIONS) == 3


@pytest.mark.parametrize(
    ("said", "written", "expected"),
    [
        ({"a": 1}, {"a": 1}, True),
        ({"a": 1, "b": 2}, {"a": 1}, False),
        ({"a": 1, "b": 2}, {"a": 1, ANY: ANY}, True),
        ({"b": 2}, {"a": 1, ANY: ANY}, False),
        ({"a": True}, {"a": 1}, False),
        ({"a": 1.0}, {"a": 1}, True),
        ({"a": [1]}, {"a": ANY}, True),
    ],
)
def test_a_line_can_differ(said: Any, written: Any, expected: bool) -> None:
    assert fits(said, written, {}) is expected
