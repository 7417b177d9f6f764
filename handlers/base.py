"""What every REST handler shares: who gets in, reading validated input, writing JSON, errors as problem bodies.

A handler is made for one request and lives on its connection; its methods `get`, `post`, `put` and `delete` raise, and
`refuse` answers. It stands where Tornado's RequestHandler would: docs/decisions/0012-own-http-connection.md.
"""

import asyncio
import inspect
import logging
from collections.abc import Awaitable, Callable, Sequence
from time import perf_counter
from typing import Any, ClassVar, Literal, TypeVar
from urllib.parse import unquote_to_bytes

import orjson
from pydantic import BaseModel

from engine.broker.command_result import CommandResult
from engine.models.broker.account import AccountQuery
from handlers.access_log import note_answer
from handlers.admission import (
    CORS_HEADERS,
    CORS_MAX_AGE_S,
    CORS_METHODS,
    JSON,
    MAX_BODY_BYTES,
    SAFE_METHODS,
    SECURITY_HEADERS,
    new_id,
)
from handlers.errors import EXPECTED, MEDIA_TYPE, ApiError, problem, status_of
from handlers.http.connection import Http1Connection
from handlers.http.request import Request
from handlers.permissions import ANYONE, Action, Caller, decide
from handlers.services import Services

log = logging.getLogger("trading.access")

M = TypeVar("M", bound=BaseModel)

METHODS = ("GET", "HEAD", "POST", "DELETE", "PATCH", "PUT", "OPTIONS")
DEFAULT_FIELDS = {"Content-Type": JSON, **SECURITY_HEADERS, "Cache-Control": "no-store"}


def written(fields: dict[str, str]) -> bytes:
    """Return header fields as lines. Raises: ValueError for a value that would be more than one line."""
    lines = [f"{name}: {value}" for name, value in fields.items()]
    if not all(line.isprintable() for line in lines):
        raise ValueError(f"not a header field: {lines}")
    return "".join(f"{line}\r\n" for line in lines).encode("latin-1")


DEFAULT_LINES = written(DEFAULT_FIELDS)


class ApiHandler:
    """Base of the REST handlers: an `Exchange` of the connection.

    Args:
        connection: Takes the answer.
        request: What is asked.
        parts: What stands for the names in the path, still encoded.
        options: For `initialize`.

    Attributes:
        needs: What it takes to get in: nothing, a token, or a token with the admin scope.
        is_question: Whether its unsafe methods change nothing and do not count as commands.
        methods: The methods that it answers: each one's function, and whether that has to be awaited.
        caller: Who calls.
    """

    needs: ClassVar[Literal["nothing", "token", "admin"]] = "token"
    is_question: ClassVar[bool] = False
    methods: ClassVar[dict[str, tuple[Callable[..., Any], bool]]] = {}
    caller: Caller = ANYONE
    status = 200
    _body = b""
    _received = 0
    _is_over = _is_stored_first = False
    _task: asyncio.Task[None] | None = None

    def __init_subclass__(cls) -> None:
        """Look up once what the handler answers."""
        found = {name: getattr(cls, name.lower(), None) for name in METHODS}
        cls.methods = {name: (one, inspect.iscoroutinefunction(one)) for name, one in found.items() if one is not None}

    def __init__(
        self, connection: Http1Connection, request: Request, parts: Sequence[str], options: dict[str, Any]
    ) -> None:
        self.request = request
        self._connection = connection
        self._parts = parts
        self._fields: dict[str, str] = {}
        self._chunks: list[bytes] = []
        self._began = perf_counter()
        self.request_id = request.given_id or new_id()
        self.initialize(**options)

    def initialize(self, services: Services) -> None:
        """Take what the server composed."""
        self.services = services
        self.engine = services.engine

    # What the connection calls

    def begin(self) -> None:
        """Let the request in, or not, before its body is read."""
        self.services.admission.active += 1
        try:
            self.prepare()
        except Exception as error:
            self.fail(error)

    def received(self, chunk: bytes) -> None:
        """Collect the body up to its limit; what goes beyond is counted and dropped."""
        self._received += len(chunk)
        if self._received <= MAX_BODY_BYTES:
            self._chunks.append(chunk)

    def complete(self) -> None:
        """Answer."""
        method, is_async = self.methods[self.request.method]
        if is_async:
            self._task = asyncio.get_running_loop().create_task(self._run(method))
            return
        try:
            method(self, *(self._arguments() if self._parts else ()))
            self._check_answered()
        except Exception as error:
            self.fail(error)

    def cut(self) -> None:
        """Take note that nobody waits for the answer any more."""
        if not self._is_over:
            self._is_over = True
            self.services.admission.active -= 1

    async def _run(self, method: Callable[..., Awaitable[None]]) -> None:
        try:
            await method(self, *self._arguments())
            self._check_answered()
        except Exception as error:
            self.fail(error)

    def _check_answered(self) -> None:
        if not (self._is_over or self._is_stored_first):
            raise RuntimeError(f"{type(self).__name__} did not answer {self.request.method}")

    def _arguments(self) -> list[str]:
        """Return what stands for the names in the path. Raises: ApiError 400 when it is not UTF-8."""
        try:
            return [unquote_to_bytes(part.encode("latin-1")).decode() for part in self._parts]
        except UnicodeDecodeError:
            raise ApiError(400, "the path is not UTF-8") from None

    # Who gets in

    def prepare(self) -> None:
        """Let the request in, or not: host, method, origin, caller, rate, body, in this order. Raises: ApiError.

        What is decided by the head alone is not decided again when the same head comes back.
        """
        admission, request = self.services.admission, self.request
        headers, method = request.headers, request.method
        is_new = request.admitted_by is not admission
        if is_new:
            admission.check_host(headers)
        if admission.origins:
            self._fields |= admission.sharing(headers)
            if method == "OPTIONS" and headers.get("Origin").lower() in admission.origins:
                self._permit()
                return
        is_safe = method in SAFE_METHODS
        if is_new:
            self._check_method()
            if not is_safe:
                admission.check_origin(headers)
        if self.needs != "nothing":
            self.caller = admission.caller(headers)
            if self.needs == "admin":
                decide(self.caller, None, Action.CONTROL)
        if not is_safe and not self.is_question:
            admission.count_command(self.caller, request)
        if is_new:
            admission.check_body(headers)
            request.admitted_by = admission

    def _check_method(self) -> None:
        if self.request.method not in self.methods:
            allowed = ", ".join(self.methods)
            raise ApiError(405, f"this address answers {allowed}", {"Allow": allowed})

    def _permit(self) -> None:
        """Answer a browser's question whether a listed origin may ask."""
        self.status = 204
        self.set_header("Access-Control-Allow-Methods", CORS_METHODS)
        self.set_header("Access-Control-Allow-Headers", CORS_HEADERS)
        self.set_header("Access-Control-Max-Age", str(CORS_MAX_AGE_S))
        self.finish(b"")

    # What a handler reads

    @property
    def account_id(self) -> str | None:
        """The account that the request is about, None for the default one. Raises: Missing UNKNOWN_ACCOUNT."""
        return self.permitted(self.query(AccountQuery).accountId if "accountId" in self.request.arguments else None)

    def permitted(self, account_id: str | None) -> str | None:
        """Return the account that the caller gets for a named one. Raises: Missing UNKNOWN_ACCOUNT."""
        return decide(self.caller, account_id, Action.READ if self.request.method in SAFE_METHODS else Action.TRADE)

    @property
    def has_body(self) -> bool:
        """Whether the request came with a body."""
        return self._received > 0

    def body(self) -> bytes:
        """Return the request's body. Raises: ApiError 413 or 415."""
        if self._received > MAX_BODY_BYTES:
            raise ApiError(413, f"body is larger than {MAX_BODY_BYTES} bytes")
        if not self._received:
            self.services.admission.check_type(self.request.headers)
        return b"".join(self._chunks)

    def read(self, model: type[M]) -> M:
        """Return the validated body. Raises: ApiError 413 or 415; pydantic.ValidationError."""
        # What `model_validate_json` calls; its options, which nobody gives here, cost a fifth of reading an order.
        read: M = model.__pydantic_validator__.validate_json(self.body())
        return read

    def query(self, model: type[M]) -> M:
        """Return the validated query; the last of repeated values counts.

        Raises: pydantic.ValidationError; ApiError 400.
        """
        return model.model_validate(self.request.arguments)

    # What a handler answers

    def set_header(self, name: str, value: str) -> None:
        """Let the answer have a header field, in place of the usual one of that name."""
        self._fields[name] = value

    def reply(self, value: Any) -> None:
        """Answer with JSON."""
        self.finish(orjson.dumps(value))

    def finish(self, body: bytes) -> None:
        """Answer with the status and the headers that were set; nothing happens when the client is gone."""
        if self._is_over:
            return
        lines = written(DEFAULT_FIELDS | self._fields) if self._fields else DEFAULT_LINES
        self._is_over = True
        self.services.admission.active -= 1
        request = self.request
        self._connection.answer(self.status, lines + b"X-Request-ID: %b\r\n" % self.request_id.encode(), body)
        took_s = perf_counter() - self._began
        note_answer(self.services.metrics, type(self).__name__, request, self.status, took_s, self.request_id)

    def fail(self, error: Exception) -> None:
        """Answer an error that a method let through; log it when it is a defect."""
        if not isinstance(error, EXPECTED):
            log.error("request failed method=%s path=%s", self.request.method, self.request.path, exc_info=error)
        try:
            if not self._is_over:
                self.refuse(error)
        except Exception:
            log.exception("refusal failed method=%s path=%s", self.request.method, self.request.path)
            self.status, self._fields = 500, {}
            self.finish(problem(500, None))

    def refuse(self, error: Exception) -> None:
        """Answer with the problem body and the status that the error calls for."""
        self.status = status_of(error, 500)
        self._fields = self.services.admission.sharing(self.request.headers)
        if isinstance(error, ApiError):
            self._fields |= error.headers
        self._fields["Content-Type"] = MEDIA_TYPE
        self.finish(problem(self.status, error))

    async def show(self, read: Callable[[], Any]) -> None:
        """Answer with what `read` returns, once that is durable; read again when it was thrown away."""
        value = read()
        while (settled := self.services.publisher.settled()) is not None and not await settled:
            value = read()
        self.reply(value)

    def commit(self, result: CommandResult, value: Any) -> None:
        """Store and publish what a command did, then answer with JSON: `value`, or that it could not be stored.

        No task waits: it would cost as much as everything else here.
        """
        self._is_stored_first = True
        self.services.wake()
        is_told = self.services.publisher.submit(result, (), self.request_id, self._answer_stored)
        # Behind it, for the state is ahead of the journal until then, whatever becomes of the answer.
        self._body = orjson.dumps(value)
        if is_told:
            self.finish(self._body)

    def _answer_stored(self, error: Exception | None) -> None:
        try:
            if error is not None:
                raise error
            self.finish(self._body)
        except Exception as refusal:
            self.fail(refusal)


class UnknownAddressHandler(ApiHandler):
    """Answers every address that is not in the route table."""

    def prepare(self) -> None:
        """Answer before anything else is looked at. Raises: ApiError 404, or 421 at the wrong host."""
        self.services.admission.check_host(self.request.headers)
        raise ApiError(404, f"there is nothing at {self.request.path}")
