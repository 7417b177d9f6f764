"""Parses bytes into events of HTTP/1.1 requests: llhttp's parser (through httptools) with size limits. No sockets.

An ambiguous request (two lengths, two hosts) is refused. Read `protocol.py` next: it decides when each event is
handled. Source: RFC 9112.
"""

from collections.abc import Callable
from typing import Any, NamedTuple

import httptools
from tornado.httputil import HTTPHeaders, HTTPInputError, RequestStartLine

from handlers.errors import ApiError
from handlers.http.limits import HttpLimits

HEAD_END = b"\r\n\r\n"
MAX_KNOWN_BYTES = 2048
MAX_KNOWN_HEADS = 1024

MAX_DIGITS = 18
"""Digits of a Content-Length that fits into 64 bits."""

SEPARATORS = 4
"""Bytes of a field line in addition to its name and value."""


class RequestHeaders(HTTPHeaders):
    """The header fields of a request. A cached head has the same object each time, so nobody may change it.

    Attributes:
        known: What the application keeps with the head, because it depends on nothing else.
    """

    known: Any = None


class RequestHead(NamedTuple):
    """A request line with its header fields.

    Attributes:
        keeps_alive: Whether the connection stays open after the answer.
        length: The Content-Length in bytes, 0 without one, -1 for more than this server accepts.
        expects_continue: Whether the client sends its body only after `100 Continue`. RFC 9110, section 10.1.1.
    """

    start_line: RequestStartLine
    headers: HTTPHeaders
    keeps_alive: bool
    length: int
    expects_continue: bool


class RequestEnd(NamedTuple):
    """The end of a request, after the last piece of its body."""


END = RequestEnd()

Event = RequestHead | bytes | RequestEnd | ApiError
"""A head, a piece of the body, the end of the request, or the error after which nothing can be parsed."""


class HeadCache(dict[bytes, RequestHead]):
    """Cache of parsed heads by their bytes, because clients repeat the same heads on a connection.

    The same bytes always parse to the same head. Tokens, rates and bodies are still checked for every request.
    """

    def learn(self, lines: bytes, head: RequestHead) -> None:
        """Add a head; a full cache is cleared first."""
        if len(self) >= MAX_KNOWN_HEADS:
            self.clear()
        self[lines] = head


class RequestParser:
    """Parses one client's requests. A head with the same bytes as an earlier one is taken from the cache.

    Args:
        emit: Called with each event, in order.
        limits: Limits of the connection.
        known: Cache of parsed heads, shared by all clients.

    Attributes:
        is_in_head: Whether a head has begun and is not complete.
    """

    def __init__(self, emit: Callable[[Event], None], limits: HttpLimits, known: HeadCache) -> None:
        self._parser: httptools.HttpRequestParser | None = httptools.HttpRequestParser(self)
        self._emit = emit
        self._limits = limits
        self._known = known
        self._target = b""
        self._headers = RequestHeaders()
        self._head_bytes = self._field_bytes = self._body_bytes = 0
        self._head: RequestHead | None = None
        self._is_between = True
        """Whether the next byte begins a request."""
        self.is_in_head = False

    def feed(self, data: bytes) -> bytes | None:
        """Parse more bytes. Returns those after a request to switch protocols, None without such a request.

        Raises:
            ApiError: the request is not valid; nothing can be parsed after it.
        """
        if not self._is_between:
            return self._parse(data)
        lines, end, body = data.partition(HEAD_END)
        head = self._known.get(lines) if end else None
        if head is not None and len(body) == head.length:
            self._head_bytes = 0
            self._emit(head)
            if body:
                self._emit(body)
            self._emit(END)
            return None
        self._head = None
        rest = self._parse(data)
        if self._is_between and self._head is not None and _is_alone(self._head, lines, body):
            self._known.learn(lines, self._head)
        return rest

    def stop(self) -> None:
        """Release the parser, which breaks the reference cycle with this object."""
        self._parser = None

    def _parse(self, data: bytes) -> bytes | None:
        self._head_bytes += len(data)
        assert self._parser is not None
        try:
            self._parser.feed_data(data)
        except httptools.HttpParserUpgrade as upgrade:
            self._is_between = False
            return data[upgrade.args[0] :]
        except httptools.HttpParserCallbackError as error:
            raise _refusal(error) from None
        except httptools.HttpParserError:
            raise ApiError(400, "this is not HTTP/1.1") from None
        if self._head_bytes > self._limits.head_bytes:
            raise self._too_large()
        return None

    # Called by the parser

    def on_message_begin(self) -> None:
        """Reset the state for a new head."""
        self.is_in_head, self._is_between = True, False
        self._head_bytes = self._field_bytes = self._body_bytes = 0
        self._target = b""
        self._headers = RequestHeaders()

    def on_url(self, part: bytes) -> None:
        """Append a part of the request target."""
        self._target += part

    def on_header(self, name: bytes, value: bytes) -> None:
        """Add a header field. Raises: ApiError 400 or 431."""
        self._field_bytes += len(name) + len(value) + SEPARATORS
        if self._field_bytes > self._limits.head_bytes:
            raise self._too_large()
        if not self.is_in_head:  # a trailer: its size counts, its value is not used
            return
        headers, key, text = self._headers, name.decode("latin-1"), value.decode("latin-1").strip(" \t")
        if key not in headers:
            headers[key] = text
        elif key.lower() == "host":
            raise ApiError(400, "a request has one Host")
        else:
            headers.add(key, text)

    def on_headers_complete(self) -> None:
        """Emit the head. Raises: ApiError 400 or 431."""
        self.is_in_head = False
        headers, parser = self._headers, self._parser
        assert parser is not None
        if self._field_bytes + len(self._target) > self._limits.head_bytes:
            raise self._too_large()
        _check_framing(headers, parser.get_http_version(), parser.should_upgrade())
        target = self._target.decode("latin-1")
        if not target.startswith("/"):
            target = _origin_form(target, headers)
        line = RequestStartLine(parser.get_method().decode(), target, f"HTTP/{parser.get_http_version()}")
        expects = line.version == "HTTP/1.1" and headers.get("Expect", "").lower() == "100-continue"
        self._head = RequestHead(line, headers, parser.should_keep_alive(), _length(headers), expects)
        self._emit(self._head)

    def on_body(self, chunk: bytes) -> None:
        """Emit a piece of the body. Raises: ApiError 413."""
        self._head_bytes = 0
        self._body_bytes += len(chunk)
        if self._body_bytes > self._limits.dropped_bytes:
            raise body_too_large(self._limits.dropped_bytes)
        self._emit(chunk)

    def on_message_complete(self) -> None:
        """Emit the end of the request."""
        self._head_bytes, self._is_between = 0, self._head is not None and self._head.keeps_alive
        self._emit(END)

    def _too_large(self) -> ApiError:
        return ApiError(431, f"the head of a request may have {self._limits.head_bytes} bytes")


def body_too_large(limit: int) -> ApiError:
    """Return the error 413 for a body of more than `limit` bytes."""
    return ApiError(413, f"body is larger than {limit} bytes")


def _length(headers: HTTPHeaders) -> int:
    digits = headers.get("Content-Length", "0")
    return int(digits) if len(digits) <= MAX_DIGITS else -1


def _is_alone(head: RequestHead, lines: bytes, body: bytes) -> bool:
    """Whether the bytes are exactly one complete request, so that its head can be cached."""
    if len(lines) > MAX_KNOWN_BYTES or not lines.startswith(head.start_line.method.encode() + b" "):
        return False
    is_plain = "Transfer-Encoding" not in head.headers and "Expect" not in head.headers
    return is_plain and len(body) == head.length


def _refusal(error: httptools.HttpParserCallbackError) -> Exception:
    """Return the error that a callback of the parser raised; an invalid header becomes an ApiError 400."""
    cause = error.__context__
    if isinstance(cause, HTTPInputError):
        return ApiError(400, str(cause))
    return cause if isinstance(cause, Exception) else error


def _check_framing(headers: HTTPHeaders, version: str, is_upgrade: bool) -> None:
    """Refuse a head with an ambiguous end of its request, or of another HTTP version. Raises: ApiError 400."""
    has_chunks = "Transfer-Encoding" in headers
    if is_upgrade and (has_chunks or headers.get("Content-Length", "0") != "0"):
        raise ApiError(400, "a request for another protocol has no body here")
    if version not in ("1.0", "1.1"):
        raise ApiError(400, "this server speaks HTTP/1.1")
    if has_chunks and (version, headers["Transfer-Encoding"].lower()) != ("1.1", "chunked"):
        raise ApiError(400, "a body comes with its length or, from HTTP/1.1 on, in chunks")


def _origin_form(target: str, headers: HTTPHeaders) -> str:
    """Return the path and query of an absolute target; its authority replaces the Host field.

    Source: RFC 9112, section 3.2.2.
    """
    scheme, separator, rest = target.partition("://")
    if not separator or scheme.lower() not in ("http", "https"):
        return target
    authority, slash, path = rest.partition("/")
    headers["Host"] = authority.partition("?")[0]
    return slash + path if slash else "/"
