"""What every REST handler shares: reading validated input, writing JSON, turning errors into problem bodies."""

import asyncio
from collections.abc import Callable
from typing import Any, ClassVar, TypeVar

import orjson
from pydantic import BaseModel, ValidationError
from tornado.web import HTTPError, RequestHandler, stream_request_body

from engine.broker.batch import Batch
from engine.errors import Denied, Unavailable
from engine.journal import Outcome
from engine.models.broker.account import AccountQuery
from handlers.problems import MEDIA_TYPE, problem, status_of
from handlers.services import Services

M = TypeVar("M", bound=BaseModel)
T = TypeVar("T")

MAX_BODY_BYTES = 64 * 1024


@stream_request_body
class ApiHandler(RequestHandler):
    """Base of the REST handlers. Its methods raise; `send_error` answers."""

    EXPECTED: ClassVar[tuple[type[BaseException], ...]] = (Denied, ValidationError, Unavailable)

    def initialize(self, services: Services) -> None:
        """Take what the server composed."""
        self.services = services
        self.engine = services.engine
        self._chunks: list[bytes] = []
        self._received = 0

    def prepare(self) -> None:
        """Refuse a body that says it is too large before it is read."""
        length = self.request.headers.get("Content-Length", "0")
        if length.isdigit() and int(length) > MAX_BODY_BYTES:
            raise HTTPError(413, reason=f"body is larger than {MAX_BODY_BYTES} bytes")

    def data_received(self, chunk: bytes) -> None:
        """Collect the body up to its limit; what goes beyond is counted and dropped."""
        self._received += len(chunk)
        if self._received <= MAX_BODY_BYTES:
            self._chunks.append(chunk)

    @property
    def account_id(self) -> str | None:
        """The account that the request names, None for the caller's own."""
        return self.query(AccountQuery).accountId if "accountId" in self.request.query_arguments else None

    @property
    def has_body(self) -> bool:
        """Whether the request came with a body."""
        return self._received > 0

    def body(self) -> bytes:
        """Return the request's body. Raises: HTTPError 413 or 415."""
        if self._received > MAX_BODY_BYTES:
            raise HTTPError(413, reason=f"body is larger than {MAX_BODY_BYTES} bytes")
        media_type = self.request.headers.get("Content-Type", "").partition(";")[0].strip().lower()
        if media_type != "application/json":
            raise HTTPError(415, reason="the body must be application/json")
        return b"".join(self._chunks)

    def read(self, model: type[M]) -> M:
        """Return the validated body. Raises: HTTPError 413 or 415; pydantic.ValidationError."""
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

    def set_default_headers(self) -> None:
        """Keep answers out of caches and guesses."""
        self.set_header("Cache-Control", "no-store")
        self.set_header("X-Content-Type-Options", "nosniff")

    def compute_etag(self) -> str | None:
        """Answers are never the same twice."""
        return None

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
        if status_code == 405:
            self.set_header("Allow", ", ".join(self.allowed_methods()))
        self.set_header("Content-Type", MEDIA_TYPE)
        self.finish(problem(status_code, error))

    def allowed_methods(self) -> list[str]:
        """Return the methods that this address answers."""
        return [
            method
            for method in self.SUPPORTED_METHODS
            if getattr(type(self), method.lower()) is not getattr(RequestHandler, method.lower())
        ]


class UnknownAddressHandler(ApiHandler):
    """Answers every address that is not in the route table."""

    def prepare(self) -> None:
        """Answer before anything else is looked at."""
        raise HTTPError(404, reason=f"there is nothing at {self.request.path}")
