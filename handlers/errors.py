"""Errors on the wire: the one place where a reason becomes an HTTP status, and the close codes of the stream.

Source: RFC 9457 for the body; docs/protocol.md for the table. Below `/alpaca` the body is Alpaca's (docs/alpaca.md).
"""

from collections.abc import Mapping
from enum import IntEnum
from http.client import responses
from typing import Any, NamedTuple

import orjson
from pydantic import ValidationError
from tornado.web import HTTPError

from engine.errors import Denied, Missing, Reason, Unavailable

MEDIA_TYPE = "application/problem+json"

STATUS_BY_REASON = {
    Reason.ORDER_FINAL: 409,
    Reason.REVERSE_WORKING: 409,
    Reason.DUPLICATE_CLIENT_ORDER_ID: 409,
    Reason.CLOCK_ADVANCING: 409,
    Reason.RATE_LIMIT: 429,
}

CODES = {
    400: "BAD_REQUEST",
    401: "UNAUTHORIZED",
    403: "FORBIDDEN",
    404: "NOT_FOUND",
    405: "METHOD_NOT_ALLOWED",
    409: "CONFLICT",
    413: "BODY_TOO_LARGE",
    415: "UNSUPPORTED_MEDIA_TYPE",
    421: "WRONG_HOST",
    422: "VALIDATION",
    429: "RATE_LIMIT",
    500: "INTERNAL",
    503: "UNAVAILABLE",
}


ALPACA = "/alpaca/"
"""Begin of the addresses of the Alpaca dialect."""

ALPACA_INPUT = 422, 40010001
ALPACA_REFUSED = 403, 40310000
ALPACA_UNKNOWN = 404, 40410000
ALPACA_UNAUTHORIZED = 401, 40110000
ALPACA_FINAL = 422, 42210000
ALPACA_BUSY = 409, 40910000
ALPACA_ANSWERS = {
    **dict.fromkeys(
        (
            Reason.INSUFFICIENT_MARGIN,
            Reason.POSITION_LIMIT,
            Reason.DAILY_LOSS_LIMIT,
            Reason.MAX_OPEN_ORDERS,
            Reason.REDUCE_ONLY_VIOLATION,
            Reason.NOTIONAL_RANGE,
            Reason.MARKET_CLOSED,
            Reason.HALTED,
            Reason.NO_LIQUIDITY,
            Reason.STOP_OUT,
            Reason.ACCOUNT_SUSPENDED,
            Reason.SHORT_SALE,
        ),
        ALPACA_REFUSED,
    ),
    Reason.UNKNOWN_ACCOUNT: ALPACA_UNAUTHORIZED,
    Reason.ORDER_FINAL: ALPACA_FINAL,
    Reason.CLOCK_ADVANCING: ALPACA_BUSY,
}
"""Status and code of the Alpaca dialect by reason; other reasons are bad input, or 404 where something is missing."""

VALUE_ERROR = "Value error, "
"""Begin of pydantic's message about a rule of ours."""

ALPACA_TEXTS = {
    Reason.INSUFFICIENT_MARGIN: "insufficient buying power: ",
    Reason.NOTIONAL_RANGE: "cost basis must be within the limits of the asset: ",
    Reason.UNKNOWN_SYMBOL: "Invalid symbol: ",
}
"""Begins of messages that clients compare, by reason."""


class ErrorBody(NamedTuple):
    """The answer to an error: status, media type and body."""

    status: int
    media_type: str
    body: bytes


class CloseCode(IntEnum):
    """Close codes of the stream. The client may reconnect after 40xx to 44xx, but not after 45xx to 49xx.

    Source: RFC 6455, section 7.4.1, up to 1013; docs/protocol.md for the others.

    Attributes:
        description: The code's meaning, in one line.
    """

    description: str

    def __new__(cls, code: int, description: str) -> "CloseCode":
        """Make a member from its code and its description."""
        member = int.__new__(cls, code)
        member._value_ = code
        member.description = description
        return member

    NORMAL = 1000, "normal end"
    GOING_AWAY = 1001, "the world was deleted"
    PROTOCOL_ERROR = 1002, "broken WebSocket frame"
    INVALID_TEXT = 1007, "text that is not UTF-8"
    MESSAGE_TOO_BIG = 1009, "message too large"
    INTERNAL = 1011, "internal error"
    RESTARTING = 1012, "the server is restarting"
    OVERLOAD = 1013, "the server has too many connections"
    EXPIRED = 4005, "token expired, or the connection reached its age"
    TOO_SLOW = 4008, "too much waits for the client"
    RESUBSCRIBE = 4010, "the name of an account means another account now"
    NO_PONG = 4012, "no pong in time"
    TOO_MANY_REQUESTS = 4013, "too many messages"
    BAD_TOKEN = 4500, "token not valid"
    MALFORMED = 4501, "too many malformed messages in a row"
    NO_AUTH = 4502, "no token in time"
    CONNECTION_LIMIT = 4504, "too many connections of this client"
    TOO_MANY_TOPICS = 4505, "too many subscriptions beyond the limits"
    NOT_PERMITTED = 4507, "token of another subject or account"


class ApiError(Exception):
    """A refusal with an HTTP status, made outside the engine.

    Args:
        status: HTTP status.
        message: Cause and remedy for the client.
        headers: Additional headers of the answer.
    """

    def __init__(self, status: int, message: str, headers: Mapping[str, str] | None = None) -> None:
        super().__init__(message)
        self.status = status
        self.headers = headers or {}


EXPECTED = (Denied, ValidationError, Unavailable, ApiError)
"""Errors with a defined answer. Every other exception is a defect of the server."""


def status_of(error: BaseException, default: int) -> int:
    """Return the HTTP status of an exception that a handler raised; `default` for an unexpected one."""
    if isinstance(error, Denied):
        return 404 if isinstance(error, Missing) else STATUS_BY_REASON.get(error.reason, 400)
    if isinstance(error, ValidationError):
        return 422
    if isinstance(error, Unavailable):
        return 503
    if isinstance(error, ApiError):
        return error.status
    return default


def problem(status: int, error: BaseException | None) -> bytes:
    """Return the problem body (JSON) for a status and its error."""
    title = responses.get(status, "Error")
    body: dict[str, Any] = {"type": "about:blank", "title": title, "status": status}
    body["detail"] = _detail(error) or title
    body["code"] = error.reason.value if isinstance(error, Denied) else CODES.get(status, "ERROR")
    if isinstance(error, ValidationError):
        body["errors"] = issues(error)
    return orjson.dumps(body)


def error_body(path: str, status: int, error: BaseException | None) -> ErrorBody:
    """Return the answer to an error at an address: a problem body, or Alpaca's below `/alpaca`.

    Args:
        path: Path of the request.
        status: HTTP status, see `status_of`.
        error: The exception; None for an error of Tornado without one.
    """
    if not path.startswith(ALPACA):
        return ErrorBody(status, MEDIA_TYPE, problem(status, error))
    code, text = status * 100_000 + 10_000, _detail(error) or responses.get(status, "Error")
    if isinstance(error, ValidationError):
        status, code = ALPACA_INPUT
        text = text.removeprefix(VALUE_ERROR)
    elif isinstance(error, Denied):
        default = ALPACA_UNKNOWN if isinstance(error, Missing) else ALPACA_INPUT
        status, code = ALPACA_ANSWERS.get(error.reason, default)
        text = ALPACA_TEXTS.get(error.reason, "") + text
    elif status == ALPACA_INPUT[0]:
        code = ALPACA_INPUT[1]
    return ErrorBody(status, "application/json", orjson.dumps({"code": code, "message": text}))


def issues(error: ValidationError) -> list[dict[str, Any]]:
    """Return the validation errors, one for each field: loc (path), msg, type."""
    details = error.errors(include_url=False, include_context=False, include_input=False)
    return [{"loc": list(detail["loc"]), "msg": detail["msg"], "type": detail["type"]} for detail in details]


def first_issue(error: ValidationError) -> str:
    """Return the first validation error as text: `path: message`."""
    issue = issues(error)[0]
    place = ".".join(str(part) for part in issue["loc"])
    return f"{place}: {issue['msg']}" if place else str(issue["msg"])


def _detail(error: BaseException | None) -> str | None:
    if isinstance(error, Denied):
        return error.message
    if isinstance(error, ValidationError):
        return first_issue(error)
    if isinstance(error, Unavailable | ApiError):
        return str(error)
    if isinstance(error, HTTPError) and error.status_code < 500:
        return error.reason
    return None
