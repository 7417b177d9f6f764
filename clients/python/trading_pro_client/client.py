"""The client: every operation of the REST interface as a method, and the stream beside it."""

import json
from collections.abc import Callable
from types import TracebackType
from typing import Any
from urllib.parse import urlencode

from tornado.httpclient import AsyncHTTPClient

from trading_pro_client.errors import Refused
from trading_pro_client.generated.models import ClockAdvance, ClockState
from trading_pro_client.generated.operations import Operations
from trading_pro_client.stream import Stream

GOOD = (200, 201, 202)
"""Statuses of answers: done, made, and begun."""


class TradingClient(Operations):
    """A server's REST interface and its stream, as an asynchronous context manager.

    Args:
        address: The server, such as "http://127.0.0.1:8000".
        token: Returns a token, where the server asks for tokens.
        timeout_s: Seconds that a request may take.
        pause_s: Seconds before the first reconnect of the stream; see `Stream`.

    Attributes:
        stream: Subscriptions; connects with the first of them.
    """

    def __init__(
        self, address: str, token: Callable[[], str] | None = None, timeout_s: float = 20.0, pause_s: float = 0.5
    ) -> None:
        self._address = address.rstrip("/")
        self._token = token
        self._timeout_s = timeout_s
        self._http = AsyncHTTPClient(force_instance=True)
        self.stream = Stream(f"ws{self._address.removeprefix('http')}/api/v1/ws", token, pause_s)

    async def __aenter__(self) -> "TradingClient":
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.close()

    async def close(self) -> None:
        """Close the stream and the connections."""
        await self.stream.close()
        self._http.close()

    async def move_clock(self, target: ClockAdvance, wait_s: int = 60) -> ClockState:
        """Move the clock forward, and wait until that is done; the server needs `--control`.

        Args:
            target: The end of the move.
            wait_s: Seconds to wait, at most 300. When it takes longer, the status of the answer is `advancing`.

        Raises:
            Refused: The target is impossible, or the clock is advancing already.
        """
        headers = {"Prefer": f"wait={wait_s}"}
        reply: ClockState = await self._send("POST", "/api/v1/clock/advance", target, headers, self._timeout_s + wait_s)
        return reply

    async def _call(self, method: str, path: str, query: dict[str, Any], body: Any = None) -> Any:
        given = urlencode({name: value for name, value in query.items() if value is not None})
        return await self._send(method, f"{path}{'?' if given else ''}{given}", body, {}, self._timeout_s)

    async def _send(self, method: str, address: str, body: Any, headers: dict[str, str], timeout_s: float) -> Any:
        if self._token is not None:
            headers["Authorization"] = f"Bearer {self._token()}"
        if body is not None:
            headers["Content-Type"] = "application/json"
        response = await self._http.fetch(
            f"{self._address}{address}",
            method=method,
            headers=headers,
            body=None if body is None else json.dumps(body, allow_nan=False),
            request_timeout=timeout_s,
            raise_error=False,
            allow_nonstandard_methods=True,
        )
        media_type = response.headers.get("Content-Type", "").partition(";")[0]
        answer = json.loads(response.body) if media_type.endswith("json") else None
        if response.code in GOOD and answer is not None:
            return answer
        problem = answer if isinstance(answer, dict) else {}
        detail = problem.get("detail", f"the server answered {response.code}")
        raise Refused(response.code, problem.get("code", "UNKNOWN"), detail)
