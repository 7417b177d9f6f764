"""Errors on the wire: the one place where a reason becomes an HTTP status, and the close codes of the stream.

Source: RFC 9457 for the body; docs/protocol.md for the table.
"""

from collections.abc import Mapping
from enum import IntEnum
from http.client import responses
from typing import Any

import orjson
from pydantic import ValidationError
from tornado.web import HTTPError

from engine.errors import Denied, Missing, Reason, Unavailable

MEDIA_TYPE = "application/problem+json"

STATUS_BY_REASON = {
    Reason.ORDER_FINAL: 409,
    Reason.DUPLICATE_CLIENT_ORDER_ID: 409,
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


class CloseCode(IntEnum):
    """Close codes of the stream. 40xx to 44xx: the client may come back; 45xx to 49xx: it may not.

    Source: RFC 6455, section 7.4.1, up to 1013; docs/protocol.md for the others.
    """

    NORMAL = 1000
    GOING_AWAY = 1001
    PROTOCOL_ERROR = 1002
    UNSUPPORTED_DATA = 1003
    INVALID_TEXT = 1007
    MESSAGE_TOO_BIG = 1009
    INTERNAL = 1011
    RESTARTING = 1012
    OVERLOAD = 1013
    EXPIRED = 4005
    TOO_SLOW = 4008
    RESUBSCRIBE = 4010
    NO_PONG = 4012
    TOO_MANY_REQUESTS = 4013
    BAD_TOKEN = 4500
    MALFORMED = 4501
    NO_AUTH = 4502
    CONNECTION_LIMIT = 4504
    TOO_MANY_TOPICS = 4505
    NOT_PERMITTED = 4507


class ApiError(Exception):
    """A refusal with an HTTP status, made outside the engine.

    Args:
        status: HTTP status.
        message: What the client can do about it.
        headers: To be sent with the answer.
    """

    def __init__(self, status: int, message: str, headers: Mapping[str, str] | None = None) -> None:
        super().__init__(message)
        self.status = status
        self.headers = headers or {}


EXPECTED = (Denied, ValidationError, Unavailable, ApiError)
"""Errors that are an answer, not a defect."""


def status_of(error: BaseException, default: int) -> int:
    """Return the HTTP status of an error that a handler let through."""
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
    """Return the problem body for a status and what led to it."""
    title = responses.get(status, "Error")
    body: dict[str, Any] = {"type": "about:blank", "title": title, "status": status}
    body["detail"] = _detail(error) or title
    body["code"] = error.reason.value if isinstance(error, Denied) else CODES.get(status, "ERROR")
    if isinstance(error, ValidationError):
        body["errors"] = issues(error)
    return orjson.dumps(body)


def issues(error: ValidationError) -> list[dict[str, Any]]:
    """Return what did not validate, field by field: loc (path), msg, type."""
    details = error.errors(include_url=False, include_context=False, include_input=False)
    return [{"loc": list(detail["loc"]), "msg": detail["msg"], "type": detail["type"]} for detail in details]


def first_issue(error: ValidationError) -> str:
    """Return the first thing that did not validate, readable."""
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
