"""The common parts of all HTTP answers: security headers, date, request id, and the answer to an error.

Used by the handlers (`base.py`), by the application for requests refused before their body is read (`routing.py`), and
by the HTTP connection for invalid requests. Read `errors.py` next for statuses and problem bodies.
"""

import re
import time
from collections.abc import Mapping
from email.utils import formatdate
from functools import lru_cache
from http.client import responses
from itertools import count
from secrets import token_hex
from typing import NamedTuple

from tornado.httputil import HTTPConnection, HTTPHeaders, ResponseStartLine

from handlers.errors import ApiError, error_body

JSON = "application/json"
REQUEST_ID = re.compile(r"[A-Za-z0-9._-]{1,64}")

SECURITY_HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Content-Security-Policy": "default-src 'self'; frame-ancestors 'none'",
}
DEFAULT_HEADERS = {"Content-Type": JSON, **SECURITY_HEADERS, "Cache-Control": "no-store"}

_PREFIX = token_hex(4)
_COUNTER = count(1)


class Answer(NamedTuple):
    """A complete answer.

    Attributes:
        headers: Every header but Content-Length.
    """

    status: int
    headers: Mapping[str, str]
    body: bytes


def answer_headers(request_id: str) -> HTTPHeaders:
    """Return the headers of a JSON answer; the caller may change them."""
    headers = HTTPHeaders()
    for name, value in DEFAULT_HEADERS.items():
        headers[name] = value
    headers["Date"] = _date(int(time.time()))
    headers["X-Request-ID"] = request_id
    return headers


def error_answer(error: ApiError, headers: Mapping[str, str] | None = None, path: str = "") -> Answer:
    """Return the answer to a request that was refused before a handler was made for it.

    Args:
        error: The refusal.
        headers: Headers in addition to those of the error.
        path: Path of the request; the body depends on it.
    """
    status, media_type, body = error_body(path, error.status, error)
    return Answer(status, {"Content-Type": media_type, **error.headers, **(headers or {})}, body)


def write_answer(connection: HTTPConnection, method: str, request_id: str, answer: Answer) -> None:
    """Write and finish a complete answer; `HEAD` gets no body."""
    headers = answer_headers(request_id)
    for name, value in answer.headers.items():
        headers[name] = value
    if answer.status != 204:
        headers["Content-Length"] = str(len(answer.body))
    line = ResponseStartLine("HTTP/1.1", answer.status, responses.get(answer.status, "Unknown"))
    connection.write_headers(line, headers, b"" if method == "HEAD" else answer.body)
    connection.finish()


def request_id_of(headers: HTTPHeaders) -> str:
    """Return the X-Request-ID of a proxy or client if it matches `REQUEST_ID`, else a new id."""
    given = headers.get("X-Request-ID", "")
    return given if given and REQUEST_ID.fullmatch(given) else new_request_id()


def new_request_id() -> str:
    """Return an id that no other request of this process has."""
    return f"{_PREFIX}-{next(_COUNTER):x}"


def json_lines(request_id: str, length: int) -> bytes:
    """Return the header lines of a JSON answer: those of `answer_headers`, and the length of the body in bytes."""
    return b"%bX-Request-Id: %b\r\nContent-Length: %d\r\n" % (
        _default_lines(int(time.time())),
        request_id.encode(),
        length,
    )


@lru_cache(maxsize=1)
def _default_lines(now_s: int) -> bytes:
    fields = DEFAULT_HEADERS | {"Date": _date(now_s)}
    return "".join(f"{name}: {value}\r\n" for name, value in fields.items()).encode("ascii")


@lru_cache(maxsize=1)
def _date(now_s: int) -> str:
    return formatdate(now_s, usegmt=True)
