"""The request stage of the faults, and the connection stage of HTTP: below every dialect.

`routing.py` asks before it runs a handler. A rule acts before the command, in place of the handler, or after it: the
handler then writes to a `HeldReply`, so that the command is done when its reply is lost, replaced or late.
`http/breaking.py` has the ends that HTTP does not know.
"""

import asyncio
from collections.abc import Callable
from typing import NamedTuple

import orjson
from tornado.httputil import HTTPConnection, HTTPHeaders, HTTPServerRequest, RequestStartLine, ResponseStartLine

from engine.faults import Case, FaultTable, Rule
from handlers.answers import JSON, Answer, error_answer, request_id_of, write_answer
from handlers.errors import ApiError
from handlers.http.breaking import cut, stall

Step = Callable[[], None]

HTTP_ACTIONS = ("reset", "stall", "bandwidth", "refuse")
"""Actions of the connection stage on the connection of a request."""

LOSING = frozenset(("status", "timeout", "reset", "halfOpen", "truncate"))
"""Actions after which the client does not know the outcome of a command that is done."""

PACE_S = 0.05
"""Time between two pieces of an answer with limited bandwidth."""


class Reply(NamedTuple):
    """A whole answer of a handler."""

    line: ResponseStartLine
    headers: HTTPHeaders
    body: bytes


class HeldReply(HTTPConnection):
    """Stands for the connection of a request: collects the answer of its handler and passes it on at the end.

    Args:
        connection: The real connection.
        rule: The rule that acts on the answer.
        deliver: Called with the whole answer.

    Attributes:
        fault: Id of the rule.
        is_lost: Whether the client does not get the answer.
        retry_after_s: Retry-After of the answer that it gets instead, in seconds.
    """

    def __init__(self, connection: HTTPConnection, rule: Rule, deliver: Callable[[Reply], None]) -> None:
        self.context = getattr(connection, "context")  # noqa: B009 - of every server, but not declared
        self.fault = rule.id
        self.is_lost = rule.action.kind in LOSING
        self.retry_after_s = None if rule.action.status is None else rule.action.status.retryAfter
        self._connection = connection
        self._deliver = deliver
        self._head: tuple[ResponseStartLine, HTTPHeaders] | None = None
        self._parts: list[bytes] = []

    def set_close_callback(self, callback: Callable[[], None] | None) -> None:
        """Set the function to call when the client disconnects before the answer is complete."""
        self._connection.set_close_callback(callback)  # type: ignore[attr-defined]

    def write_headers(
        self, start_line: RequestStartLine | ResponseStartLine, headers: HTTPHeaders, chunk: bytes | None = None
    ) -> asyncio.Future[None]:
        """Keep the head, and the first piece of the body."""
        assert isinstance(start_line, ResponseStartLine)
        self._head = (start_line, headers)
        return self.write(chunk or b"")

    def write(self, chunk: bytes) -> asyncio.Future[None]:
        """Keep a piece of the body."""
        self._parts.append(chunk)
        written: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        written.set_result(None)
        return written

    def finish(self) -> None:
        """Pass the answer on."""
        if self._head is not None:
            self._deliver(Reply(*self._head, b"".join(self._parts)))


class FaultyRequest:
    """One request that may meet a fault.

    Args:
        faults: The rules of the world.
        request: The request, whose body has arrived.
        case: Method, path, account and address of it.
        run: Runs its handler.
        is_socket: Whether it is the handshake of a socket: its connection is refused or accepted, not replied to.
    """

    def __init__(self, faults: FaultTable, request: HTTPServerRequest, case: Case, run: Step, is_socket: bool) -> None:
        self._faults = faults
        self._request = request
        self._case = case
        self._run = run
        self._is_socket = is_socket
        connection = request.connection
        assert connection is not None
        self._connection: HTTPConnection = connection

    def begin(self) -> Rule | None:
        """Run the handler, or let a rule act.

        Returns the rule that acts before the handler, or in place of it; None if the handler runs at once.
        """
        faults = self._faults
        actions = ("refuse",) if self._is_socket else HTTP_ACTIONS
        rule = faults.take(faults.connections, self._case, actions) if faults.connections else None
        if rule is not None:
            return self._limit_connection(rule)
        rules = faults.requests
        if self._is_socket:
            rules = tuple(one for one in rules if one.fault.phase == "before")
        rule = faults.take(rules, self._case)
        if rule is None:
            self._run()
            return None
        if rule.fault.phase == "before":
            self._act(rule, self._run if self._is_socket else lambda: self._hold(rule, self._send_whole))
            return rule
        self._hold(rule, lambda reply: self._act_on_reply(rule, reply))
        return None

    def _limit_connection(self, rule: Rule) -> Rule | None:
        action = rule.action
        if action.bandwidth is not None:
            bytes_per_s = action.bandwidth.bytesPerS
            self._hold(rule, lambda reply: _Paced(self._connection, reply, bytes_per_s).send())
            return None
        if action.stall:
            stall(self._connection)
        else:
            cut(self._connection, is_reset=True)
        return rule

    def _hold(self, rule: Rule, deliver: Callable[[Reply], None]) -> None:
        """Run the handler with a connection that collects its answer."""
        self._request.connection = HeldReply(self._connection, rule, deliver)
        self._run()

    def _act_on_reply(self, rule: Rule, reply: Reply) -> None:
        truncate = rule.action.truncate
        if truncate is None:
            self._act(rule, lambda: self._send_whole(reply))
            return
        assert truncate.bytes is not None
        if truncate.bytes >= len(reply.body):
            self._send_whole(reply)
        else:
            self._connection.write_headers(reply.line, reply.headers, reply.body[: truncate.bytes])
            cut(self._connection)

    def _send_whole(self, reply: Reply) -> None:
        self._connection.write_headers(reply.line, reply.headers, reply.body)
        self._connection.finish()

    def _act(self, rule: Rule, proceed: Step) -> None:
        """Take the action of a rule; `proceed` runs the handler or sends its answer."""
        action, loop = rule.action, asyncio.get_running_loop()
        if action.status is not None:
            request, status = self._request, action.status
            headers = {} if status.retryAfter is None else {"Retry-After": str(status.retryAfter)}
            if status.body is None:
                answer = error_answer(ApiError(status.code, "a fault answers this request", headers), path=request.path)
            else:
                answer = Answer(status.code, {"Content-Type": JSON, **headers}, orjson.dumps(status.body))
            write_answer(self._connection, request.method or "", request_id_of(request.headers), answer)
        elif action.latency is not None:
            wait_ms = action.latency.ms + action.latency.jitter * rule.draw("jitter")
            loop.call_later(wait_ms / 1000, proceed)
        elif action.timeout is not None:
            loop.call_later(action.timeout.ms / 1000, cut, self._connection)
        elif action.halfOpen:
            stall(self._connection)
        else:
            cut(self._connection, is_reset=True)


class _Paced:
    """Sends an answer in pieces, at most `bytes_per_s`."""

    def __init__(self, connection: HTTPConnection, reply: Reply, bytes_per_s: int) -> None:
        self._connection = connection
        self._reply = reply
        self._size = max(1, round(bytes_per_s * PACE_S))

    def send(self) -> None:
        """Send the head, and begin with the body."""
        self._connection.write_headers(self._reply.line, self._reply.headers, b"")
        self._send_from(0)

    def _send_from(self, begin: int) -> None:
        end = begin + self._size
        self._connection.write(self._reply.body[begin:end])
        if end >= len(self._reply.body):
            self._connection.finish()
        else:
            asyncio.get_running_loop().call_later(PACE_S, self._send_from, end)
