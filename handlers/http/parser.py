"""From bytes to HTTP/1.1 requests: llhttp's parser (through httptools) with bounds, and nothing of sockets.

Source: RFC 9112. What is ambiguous there (two lengths, two hosts) is refused here.
"""

import logging
from typing import Protocol

import httptools

from handlers.errors import ApiError
from handlers.http.head_cache import HEAD_END, Heads, Known
from handlers.http.request import Headers, Request

log = logging.getLogger("trading.access")

MAX_HEAD_BYTES = 16 * 1024
MAX_UPLOAD_BYTES = 16 * 1024 * 1024
"""What a refused body may have and still be read (and dropped) to its end, so that its sender sees the answer."""


SEPARATORS = 4
"""Bytes of a field line besides its name and value."""


class Failed(Exception):
    """Who takes requests let an error through."""


class Sink(Protocol):
    """Takes what was read, in order."""

    def on_begin(self) -> None:
        """Take note that a request begins."""

    def on_head(self, request: Request, keeps_alive: bool) -> None:
        """Take the head of a request, and whether its sender wants to send more after it."""

    def on_chunk(self, chunk: bytes) -> None:
        """Take a piece of its body."""

    def on_end(self) -> None:
        """Take note that the request is whole."""

    def on_whole(self, request: Request, body: bytes) -> None:
        """Take a whole request, whose sender wants to send more after it, in place of all of the above."""


class RequestReader:
    """Reads one client's requests.

    Args:
        sink: Takes them.
        remote_ip: The other end of the socket.
        heads: What was read from others; what is read here is kept there.

    Attributes:
        is_in_head: Whether a head has begun and is not complete.
    """

    __slots__ = (
        *("_body_bytes", "_field_bytes", "_fields", "_head_bytes", "_heads", "_is_between", "_keeps_alive"),
        *("_parser", "_remote_ip", "_repeatable", "_sink", "_target", "is_in_head"),
    )

    def __init__(self, sink: Sink, remote_ip: str, heads: Heads) -> None:
        self._parser: httptools.HttpRequestParser | None = httptools.HttpRequestParser(self)
        self._sink: Sink | None = sink
        self._remote_ip = remote_ip
        self._heads = heads
        self._is_between = True  # the parser is where it was in the beginning
        self._keeps_alive = False
        self._repeatable: Request | None = None
        self._target = b""
        self._fields = Headers()
        self._head_bytes = self._field_bytes = self._body_bytes = 0
        self.is_in_head = False

    def feed(self, data: bytes) -> bytes | None:
        """Read on; returns what stands behind a request that asks for another protocol, None without one.

        Raises:
            ApiError: this is no request that is served; nothing can be read any more.
            Failed: the sink failed, which is logged; nothing can be read any more.
        """
        if not self._is_between:
            return self._read(data)
        head, end, body = data.partition(HEAD_END)
        known = self._heads.find(self._remote_ip, head)
        if known is not None and end and known.body_bytes == len(body):
            self._take(known.request, body)
            return None
        self._repeatable = None
        rest = self._read(data)
        request = self._repeatable
        if request is not None and self._is_between and self._body_bytes == len(body):
            self._heads.keep(head, Known(request, len(body)))
        return rest

    def _take(self, request: Request, body: bytes) -> None:
        self._head_bytes = 0
        assert self._sink is not None
        try:
            self._sink.on_whole(request, body)
        except Exception:
            log.exception("request failed")
            raise Failed from None

    def _read(self, data: bytes) -> bytes | None:
        self._head_bytes += len(data)
        assert self._parser is not None
        try:
            self._parser.feed_data(data)
        except httptools.HttpParserUpgrade as upgrade:
            self._is_between = False
            return data[upgrade.args[0] :]
        except httptools.HttpParserCallbackError as error:
            if isinstance(error.__context__, ApiError):
                raise error.__context__ from None
            log.error("request failed", exc_info=error.__context__)
            raise Failed from None
        except httptools.HttpParserError:
            raise ApiError(400, "this is not HTTP/1.1") from None
        if self._head_bytes > MAX_HEAD_BYTES:
            raise head_too_large()
        return None

    def stop(self) -> None:
        """Read nothing any more; parser, reader and sink know each other, and only the collector would free them."""
        self._parser = self._sink = None

    # What the parser calls

    def on_message_begin(self) -> None:
        """Begin a head."""
        self.is_in_head = True
        self._is_between = False
        self._head_bytes = self._field_bytes = 0
        self._target = b""
        self._fields = Headers()
        if self._sink is not None:
            self._sink.on_begin()

    def on_url(self, part: bytes) -> None:
        """Take a part of the target."""
        self._target += part

    def on_header(self, name: bytes, value: bytes) -> None:
        """Take a field. Raises: ApiError 400."""
        self._field_bytes += len(name) + len(value) + SEPARATORS
        if self._field_bytes > MAX_HEAD_BYTES:
            raise head_too_large()
        if not self.is_in_head:  # a trailer: counted, and no field of the request
            return
        fields, key, text = self._fields, name.decode("latin-1").lower(), value.decode("latin-1").strip(" \t")
        if dict.__contains__(fields, key):
            if key == "host":
                raise ApiError(400, "a request has one Host")
            text = f"{fields[key]},{text}"
        fields[key] = text

    def on_headers_complete(self) -> None:
        """Hand the head over. Raises: ApiError 400 or 431."""
        self.is_in_head = False
        self._body_bytes = 0
        fields, parser = self._fields, self._parser
        if parser is None or self._sink is None:
            return
        if self._field_bytes + len(self._target) > MAX_HEAD_BYTES:
            raise head_too_large()
        if parser.should_upgrade() and (fields.get("content-length", "0") != "0" or "transfer-encoding" in fields):
            raise ApiError(400, "a request for another protocol has no body here")
        target, version = self._target.decode("latin-1"), parser.get_http_version()
        if version not in ("1.0", "1.1"):
            raise ApiError(400, "this server speaks HTTP/1.1")
        if "transfer-encoding" in fields and (version, fields["transfer-encoding"].lower()) != ("1.1", "chunked"):
            raise ApiError(400, "a body comes with its length or, from HTTP/1.1 on, in chunks")
        if not target.startswith("/"):
            target = _in_origin_form(target, fields)
        request = Request(parser.get_method().decode(), target, version, fields, self._remote_ip)
        self._keeps_alive = parser.should_keep_alive()
        self._repeatable = None if "expect" in fields else request
        self._sink.on_head(request, self._keeps_alive)

    def on_body(self, chunk: bytes) -> None:
        """Hand a piece of the body over. Raises: ApiError 413."""
        self._head_bytes = 0
        self._body_bytes += len(chunk)
        if self._body_bytes > MAX_UPLOAD_BYTES:
            raise ApiError(413, f"body is larger than {MAX_UPLOAD_BYTES} bytes")
        if self._sink is not None:
            self._sink.on_chunk(chunk)

    def on_message_complete(self) -> None:
        """Say that the request is whole."""
        self._head_bytes = 0
        self._is_between = self._keeps_alive
        if self._sink is not None:
            self._sink.on_end()


def _in_origin_form(target: str, fields: Headers) -> str:
    """Return the target of a request as one for this server; an authority in it is the Host, whatever the field says.

    Source: RFC 9112, section 3.2.2.
    """
    scheme, separator, rest = target.partition("://")
    if not separator or scheme.lower() not in ("http", "https"):
        return target
    authority, slash, path = rest.partition("/")
    fields["host"] = authority.partition("?")[0]
    return slash + path if slash else "/"


def head_too_large() -> ApiError:
    """Return the refusal of a head that is too large."""
    return ApiError(431, f"the head of a request may have {MAX_HEAD_BYTES} bytes")
