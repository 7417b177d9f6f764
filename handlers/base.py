"""The base of every handler, and that of the REST handlers: reading validated input, answering, committing commands.

Tornado makes and runs the handlers; their methods `get`, `post`, `put` and `delete` are those of its documentation. The
application (`routing.py`) has checked host, method, origin, and size and type of the body before. Read `rest/orders.py`
next for handlers, `errors.py` for the answers to errors.
"""

import gzip
import logging
from asyncio import Future
from collections.abc import Awaitable, Callable, Mapping
from functools import cached_property
from typing import Any, ClassVar, Literal, TypeVar, cast
from urllib.parse import parse_qs, parse_qsl

import orjson
from pydantic import BaseModel
from tornado.httputil import HTTPConnection, HTTPHeaders, HTTPServerRequest
from tornado.web import RequestHandler

from engine.broker.account import Account
from engine.broker.command_result import CommandResult
from engine.core import DEFAULT_ACCOUNT
from engine.errors import Denied
from engine.models.broker.account import AccountQuery
from handlers.account_opening import open_named_account
from handlers.admission import SAFE_METHODS, Admission
from handlers.answers import answer_headers, request_id_of
from handlers.errors import EXPECTED, ApiError, error_body, status_of
from handlers.permissions import ANYONE, Action, Caller, decide
from handlers.services import Services

log = logging.getLogger("trading.access")

M = TypeVar("M", bound=BaseModel)

MAX_ARGUMENTS = 100
NO_HEADERS: Mapping[str, str] = {}

MIN_COMPRESSED_BYTES = 2048
COMPRESSION_LEVEL = 1
"""The fastest one: 50 kB of bars become 15 kB in 0.7 ms."""


class BaseHandler(RequestHandler):
    """Base of all handlers: security headers, request id, errors as problem bodies.

    Attributes:
        request_id: Id of the request in the answer and in the logs.
        is_observed: Whether requests may meet faults and are listed, with `--control`; the control itself is not.
    """

    request_id = ""
    is_observed: ClassVar[bool] = True

    @classmethod
    def account_of(cls, services: Services, request: HTTPServerRequest) -> str | None:  # noqa: ARG003 - for subclasses
        """Return the account that a request names, for faults and lists; nothing is checked or opened."""
        return None

    @property
    def admission(self) -> Admission:
        """The checks that every request passes."""
        admission: Admission = self.settings["admission"]
        return admission

    def clear(self) -> None:
        """Reset the answer: status 200, JSON, security headers, not to be cached; the request keeps its id."""
        self.request_id = self.request_id or request_id_of(self.request.headers)
        self.__dict__.pop("_headers", None)
        self._write_buffer: list[bytes] = []
        self.set_status(200)
        self.set_default_headers()

    @cached_property
    def _headers(self) -> HTTPHeaders:  # type: ignore[override]
        """Tornado's name for the headers of the answer, made when the first one is read or set."""
        headers = answer_headers(self.request_id)
        for name, value in self.more_headers().items():
            headers[name] = value
        return headers

    def more_headers(self) -> Mapping[str, str]:
        """Return headers that every answer of the handler has, besides those of all answers."""
        return NO_HEADERS

    def compute_etag(self) -> str | None:
        """Return None: answers get no entity tag, unless a handler sets one."""
        return None

    def decode_argument(self, value: bytes, name: str | None = None) -> str:  # noqa: ARG002 - the name is Tornado's
        """Return a part of the path as text. Raises: ApiError 400 when it is not UTF-8."""
        try:
            return value.decode()
        except UnicodeDecodeError:
            raise ApiError(400, "the path is not UTF-8") from None

    @property
    def retry_after(self) -> int | None:
        """The Retry-After of the answer in seconds, None without one."""
        text = self._headers.get("Retry-After", "")
        return int(text) if text.isdigit() else None

    def log_exception(self, typ: Any, value: BaseException | None, tb: Any) -> None:
        """Log an unexpected error with its traceback; errors in `EXPECTED` are not logged."""
        if not isinstance(value, EXPECTED):
            line = "request failed method=%s path=%s request=%s"
            log.error(line, self.request.method, self.request.path, self.request_id, exc_info=(typ, value, tb))  # type: ignore[arg-type]

    def send_error(self, status_code: int = 500, **kwargs: Any) -> None:
        """Answer with the status of the exception, or `status_code` if `status_of` has none for it.

        Without an exception the request was canceled, because the server is shutting down: 503.
        """
        error = _error(kwargs)
        super().send_error(503 if error is None else status_of(error, status_code), **kwargs)

    def finish(self, chunk: str | bytes | dict[str, Any] | None = None) -> "Future[None]":
        """Finish the answer. An error of Tornado's own handlers, plain text or empty, gets a problem body.

        A JSON answer with the default headers is written in one step, without Tornado's output buffer.
        """
        status, write_json = self._status_code, getattr(self.request.connection, "write_json", None)
        if type(chunk) is bytes and write_json and "_headers" not in self.__dict__ and not self._finished:
            return self._finish_json(write_json(status, self.request_id, chunk, self.more_headers()))
        if status >= 400 and (chunk is None or isinstance(chunk, str)) and not self._write_buffer:
            answer = error_body(self.request.path, status, ApiError(status, chunk) if chunk else None)
            self.set_header("Content-Type", answer.media_type)
            chunk = answer.body
        return super().finish(chunk)

    def _finish_json(self, written: "Future[None]") -> "Future[None]":
        """End a request whose answer is written, with the steps of Tornado's `finish`."""
        self._headers_written = self._finished = True
        connection = cast(HTTPConnection, self.request.connection)
        connection.finish()
        self._log()
        self.on_finish()
        self._break_cycles()
        return written

    def write_error(self, status_code: int, **kwargs: Any) -> None:
        """Write the error body of the address."""
        error = _error(kwargs)
        answer = error_body(self.request.path, status_code, error)
        self.set_status(answer.status)
        headers = self.admission.cors_headers(self.request.headers) | {"Content-Type": answer.media_type}
        if isinstance(error, ApiError):
            headers |= error.headers
        for name, value in headers.items():
            self.set_header(name, value)
        self.finish(answer.body)


def _error(kwargs: dict[str, Any]) -> BaseException | None:
    """Return the exception that Tornado passes to `send_error` and `write_error`."""
    error: BaseException | None = kwargs["exc_info"][1] if "exc_info" in kwargs else None
    return error


class ApiHandler(BaseHandler):
    """Base of the REST handlers.

    Attributes:
        needs: The required permission: none, a token, or a token with the admin scope.
        is_read_only: Whether its unsafe methods only read, so that they do not count as commands.
        takes_forms: Whether its bodies may be forms beside JSON.
        caller: The client and its permissions, set by `prepare`.
    """

    needs: ClassVar[Literal["nothing", "token", "admin"]] = "token"
    is_read_only: ClassVar[bool] = False
    takes_forms: ClassVar[bool] = False
    caller: Caller = ANYONE
    _is_active = False

    def initialize(self, services: Services) -> None:
        """Store the services, and count the request as active."""
        self.services = services
        self.engine = services.engine
        self._is_active = True
        services.admission.active += 1

    def set_default_headers(self) -> None:
        """Set the CORS headers, with which pages of listed origins can read the answer."""
        if self.admission.origins:
            for name, value in self.admission.cors_headers(self.request.headers).items():
                self.set_header(name, value)

    def prepare(self) -> Awaitable[None] | None:
        """Check the caller and the rate of commands. Raises: ApiError 401, 403, 429 or 503."""
        if self.needs != "nothing":
            self.caller = self.services.admission.caller(self.request.headers)
            if self.needs == "admin":
                decide(self.caller, None, Action.CONTROL)
        if not (self.is_read_only or self.request.method in SAFE_METHODS):
            self.services.admission.count_command(self.caller, self.request)
        return None

    def on_finish(self) -> None:
        """Stop counting the request as active: it is answered."""
        self._leave()

    def on_connection_close(self) -> None:
        """Stop counting the request as active: its client has disconnected."""
        self._leave()

    def _leave(self) -> None:
        if self._is_active:
            self._is_active = False
            self.services.admission.active -= 1

    # Reading

    @cached_property
    def arguments(self) -> dict[str, str]:
        """The fields of the query; the last of repeated values counts. Raises: ApiError 400."""
        query = self.request.query
        if not query:
            return {}
        try:
            pairs = parse_qsl(query, keep_blank_values=True, errors="strict", max_num_fields=MAX_ARGUMENTS)
        except ValueError:
            raise ApiError(400, f"the query is not UTF-8, or has more than {MAX_ARGUMENTS} fields") from None
        return dict(pairs)

    @classmethod
    def account_of(cls, services: Services, request: HTTPServerRequest) -> str | None:
        """Return the account of the query, else that of the token, else the default one."""
        if request.query and (named := parse_qs(request.query).get("accountId")):
            return named[-1]
        try:
            return decide(services.admission.caller(request.headers), None, Action.READ) or DEFAULT_ACCOUNT
        except (ApiError, Denied):
            return None

    @property
    def account_id(self) -> str | None:
        """The account that the request names, None for the default one. Raises: Missing UNKNOWN_ACCOUNT."""
        is_named = bool(self.request.query) and "accountId" in self.arguments
        return self.permitted(self.query(AccountQuery).accountId if is_named else None)

    @property
    def account(self) -> Account:
        """The account that the request names, or the default one. Raises: Missing UNKNOWN_ACCOUNT."""
        return self.engine.account(self.account_id)

    def permitted(self, account_id: str | None) -> str | None:
        """Check the permission for an account and return the id to use; an account of the token is opened if needed.

        Raises: Missing UNKNOWN_ACCOUNT; and the errors of `open_named_account`.
        """
        action = Action.READ if self.request.method in SAFE_METHODS else Action.TRADE
        permitted = decide(self.caller, account_id, action)
        open_named_account(self.services, self.caller, permitted)
        return permitted

    def query(self, model: type[M]) -> M:
        """Return the validated query. Raises: pydantic.ValidationError; ApiError 400."""
        return model.model_validate(self.arguments)

    @property
    def has_body(self) -> bool:
        """Whether the request has a body."""
        return bool(self.request.body)

    def read(self, model: type[M]) -> M:
        """Return the validated body. Raises: pydantic.ValidationError; ApiError 415."""
        if not self.request.body:
            self.admission.check_type(self.request.headers)
        return model.model_validate_json(self.request.body)

    # Answering

    def reply(self, value: Any) -> None:
        """Answer with JSON."""
        self.finish(orjson.dumps(value))

    def reply_compressed(self, value: Any) -> None:
        """Answer with JSON, compressed if it is long and the client accepts gzip."""
        body = orjson.dumps(value)
        self.set_header("Vary", "Accept-Encoding")
        if len(body) >= MIN_COMPRESSED_BYTES and "gzip" in self.request.headers.get("Accept-Encoding", ""):
            self.set_header("Content-Encoding", "gzip")
            body = gzip.compress(body, COMPRESSION_LEVEL, mtime=0)
        self.finish(body)

    async def show(self, read: Callable[[], Any]) -> None:
        """Answer with the value of `read` once its state is durable; call `read` again when that state is discarded."""
        value = read()
        while (settled := self.services.publisher.settled()) is not None and not await settled:
            value = read()
        self.reply(value)

    async def commit(self, result: CommandResult, value: Any) -> None:
        """Store and publish the result of a command, then answer with `value` as JSON.

        Raises: Unavailable: the result could not be stored; nothing was published.
        """
        self.services.wake()
        stored = self.services.publisher.commit(result, self.request_id)
        # Encoded after the commit: an encoding error must not leave the state ahead of the journal.
        body = orjson.dumps(value)
        if stored is not None:
            await stored
        self.finish(body)
