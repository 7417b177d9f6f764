"""What every REST handler shares: reading validated input, writing JSON, turning errors into problem bodies."""

import asyncio
from collections.abc import Callable
from functools import cache, cached_property
from typing import Any, ClassVar, Literal, TypeVar

import orjson
from pydantic import BaseModel, ValidationError
from tornado.web import HTTPError, RequestHandler, stream_request_body

from engine.broker.batch import Batch
from engine.errors import Denied, Unavailable
from engine.journal import Outcome
from engine.models.broker.account import AccountQuery
from handlers.access import ANYONE, Action, Caller, decide
from handlers.admission import (
    CORS_EXPOSED,
    CORS_HEADERS,
    CORS_MAX_AGE_S,
    CORS_METHODS,
    JSON,
    MAX_BODY_BYTES,
    SAFE_METHODS,
    SECURITY_HEADERS,
    request_id_of,
)
from handlers.problems import MEDIA_TYPE, Refusal, problem, status_of
from handlers.services import Services
from handlers.trace import REQUEST_ID

M = TypeVar("M", bound=BaseModel)
T = TypeVar("T")


class Answering(RequestHandler):
    """How every handler answers, page, API and socket alike: security headers, the request's id, problem bodies.

    Attributes:
        services: What the server composed.
    """

    EXPECTED: ClassVar[tuple[type[BaseException], ...]] = (Denied, ValidationError, Unavailable, Refusal)
    services: Services

    @cached_property
    def request_id(self) -> str:
        """Names the request in the answer and in the logs."""
        return request_id_of(self.request)

    def set_default_headers(self) -> None:
        """Keep answers out of caches and guesses, and name the request."""
        for name, value in SECURITY_HEADERS.items():
            self.set_header(name, value)
        self.set_header("Cache-Control", "no-store")
        self.set_header("X-Request-ID", self.request_id)
        self.clear_header("Server")

    def log_exception(self, typ: Any, value: BaseException | None, tb: Any) -> None:
        """Log what is a defect; refusals are not."""
        if not isinstance(value, self.EXPECTED):
            super().log_exception(typ, value, tb)

    def send_error(self, status_code: int = 500, **kwargs: Any) -> None:
        """Answer with the status that the error calls for."""
        error = kwargs["exc_info"][1] if "exc_info" in kwargs else None
        super().send_error(status_of(error, status_code) if error is not None else status_code, **kwargs)

    def write_error(self, status_code: int, **kwargs: Any) -> None:
        """Write the problem body."""
        error = kwargs["exc_info"][1] if "exc_info" in kwargs else None
        self.share()
        if isinstance(error, Refusal):
            for name, value in error.headers.items():
                self.set_header(name, value)
        if status_code == 405:
            self.set_header("Allow", ", ".join(self.allowed_methods()))
        self.set_header("Content-Type", MEDIA_TYPE)
        self.finish(problem(status_code, error))

    def share(self) -> None:
        """Let the pages of listed origins read the answer."""
        origins = self.services.gate.origins
        if origins:
            self.set_header("Vary", "Origin")
            origin = self.request.headers.get("Origin", "").lower()
            if origin in origins:
                self.set_header("Access-Control-Allow-Origin", origin)
                self.set_header("Access-Control-Expose-Headers", CORS_EXPOSED)

    @classmethod
    def allowed_methods(cls) -> tuple[str, ...]:
        """Return the methods that this address answers."""
        return _methods_of(cls)  # type: ignore[arg-type]  # mypy thinks that a class has no hash


@cache
def _methods_of(handler: type[RequestHandler]) -> tuple[str, ...]:
    return tuple(
        method
        for method in handler.SUPPORTED_METHODS
        if getattr(handler, method.lower()) is not getattr(RequestHandler, method.lower())
    )


@stream_request_body
class ApiHandler(Answering):
    """Base of the REST handlers. Its methods raise; `send_error` answers.

    Attributes:
        needs: What it takes to get in: nothing, a token, or a token with the admin scope.
        is_question: Whether its unsafe methods change nothing and do not count as commands.
        caller: Who calls.
    """

    needs: ClassVar[Literal["nothing", "token", "admin"]] = "token"
    is_question: ClassVar[bool] = False
    caller: Caller = ANYONE

    def initialize(self, services: Services) -> None:
        """Take what the server composed."""
        self.services = services
        self.engine = services.engine
        self._chunks: list[bytes] = []
        self._received = 0
        self._is_counted = False

    def prepare(self) -> None:
        """Let the request in, or not: host, method, origin, caller, rate, body, in this order. Raises: Refusal."""
        gate, request = self.services.gate, self.request
        gate.active += 1
        self._is_counted = True
        REQUEST_ID.set(self.request_id)
        gate.check_host(request)
        self.share()
        if self._is_preflight():
            return
        if request.method not in self.allowed_methods():
            raise HTTPError(405)
        is_safe = request.method in SAFE_METHODS
        if not is_safe:
            gate.check_origin(request)
        if self.needs != "nothing":
            self.caller = gate.caller(request)
        if self.needs == "admin":
            decide(self.caller, None, Action.CONTROL)
        if not is_safe and not self.is_question:
            gate.count_command(self.caller, request)
        gate.check_body(request)

    def on_finish(self) -> None:
        """Take note that the request is answered."""
        if self._is_counted:
            self._is_counted = False
            self.services.gate.active -= 1

    def on_connection_close(self) -> None:
        """Take note that nobody waits for the answer any more."""
        super().on_connection_close()
        self.on_finish()

    def data_received(self, chunk: bytes) -> None:
        """Collect the body up to its limit; what goes beyond is counted and dropped."""
        self._received += len(chunk)
        if self._received <= MAX_BODY_BYTES:
            self._chunks.append(chunk)

    @property
    def account_id(self) -> str | None:
        """The account that the request is about, None for the default one. Raises: Missing UNKNOWN_ACCOUNT."""
        return self.permitted(
            self.query(AccountQuery).accountId if "accountId" in self.request.query_arguments else None
        )

    def permitted(self, account_id: str | None) -> str | None:
        """Return the account that the caller gets for a named one. Raises: Missing UNKNOWN_ACCOUNT."""
        return decide(self.caller, account_id, Action.READ if self.request.method in SAFE_METHODS else Action.TRADE)

    @property
    def has_body(self) -> bool:
        """Whether the request came with a body."""
        return self._received > 0

    def body(self) -> bytes:
        """Return the request's body. Raises: Refusal 413 or 415."""
        if self._received > MAX_BODY_BYTES:
            raise Refusal(413, f"body is larger than {MAX_BODY_BYTES} bytes")
        media_type = self.request.headers.get("Content-Type", "").partition(";")[0].strip().lower()
        if media_type != JSON:
            raise Refusal(415, f"the body must be {JSON}")
        return b"".join(self._chunks)

    def read(self, model: type[M]) -> M:
        """Return the validated body. Raises: Refusal 413 or 415; pydantic.ValidationError."""
        return model.model_validate_json(self.body())

    def query(self, model: type[M]) -> M:
        """Return the validated query; the last of repeated values counts. Raises: pydantic.ValidationError."""
        arguments = {name: self.get_query_arguments(name, strip=False)[-1] for name in self.request.query_arguments}
        return model.model_validate(arguments)

    def reply(self, value: Any) -> None:
        """Answer with JSON."""
        self.set_header("Content-Type", "application/json")
        self.finish(orjson.dumps(value))

    async def show(self, read: Callable[[], Any]) -> None:
        """Answer with what `read` returns, once that is durable; read again when it was thrown away."""
        value = read()
        while (settled := self.services.publisher.settled()) is not None and not await settled:
            value = read()
        self.reply(value)

    async def commit(self, outcome: Outcome[T]) -> T:
        """Store and publish what a command did, then return its answer. Raises: Unavailable."""
        await self.settle(outcome.batch)
        return outcome.value

    async def settle(self, batch: Batch) -> None:
        """Store and publish a batch. Raises: Unavailable."""
        self.services.wake()
        stored: asyncio.Future[None] | None = self.services.publisher.submit(batch)
        if stored is not None:
            await stored

    def _is_preflight(self) -> bool:
        """Answer a browser's question whether a listed origin may ask; False when this is none."""
        headers = self.request.headers
        if self.request.method != "OPTIONS" or headers.get("Origin", "").lower() not in self.services.gate.origins:
            return False
        self.set_header("Access-Control-Allow-Methods", CORS_METHODS)
        self.set_header("Access-Control-Allow-Headers", CORS_HEADERS)
        self.set_header("Access-Control-Max-Age", str(CORS_MAX_AGE_S))
        self.set_status(204)
        self.finish()
        return True

    def compute_etag(self) -> str | None:
        """Answers are never the same twice."""
        return None


class UnknownAddressHandler(ApiHandler):
    """Answers every address that is not in the route table."""

    def prepare(self) -> None:
        """Answer before anything else is looked at. Raises: Refusal 404, or 421 at the wrong host."""
        self.services.gate.check_host(self.request)
        raise Refusal(404, f"there is nothing at {self.request.path}")
