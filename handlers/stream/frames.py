"""WebSocket frames of RFC 6455: encodes the frames of a server and decodes those of its clients. No sockets here.

Supported are text, binary and control frames without extensions. Client frames are masked, server frames are not.
Called by `connection.py`, which is the file to read next.
"""

from collections.abc import Iterator
from typing import NamedTuple

from handlers.errors import CloseCode

TEXT, BINARY, CLOSE, PING, PONG = 0x1, 0x2, 0x8, 0x9, 0xA
CONTINUATION = 0x0
DATA = (CONTINUATION, TEXT, BINARY)
FINAL, RESERVED, MASKED = 0x80, 0x70, 0x80
MAX_CONTROL_BYTES = 125

REGISTERED_CLOSE_CODES = frozenset((*range(1000, 1004), *range(1007, 1015)))
"""Codes below 3000 that a client may send. Source: RFC 6455, section 7.4, and the IANA registry."""


class FrameError(Exception):
    """The client violated the protocol; the connection is closed with `code`."""

    def __init__(self, code: CloseCode, reason: str) -> None:
        super().__init__(reason)
        self.code = code
        self.reason = reason


class ClientFrame(NamedTuple):
    """A complete message or control frame of a client, unmasked."""

    opcode: int
    payload: bytes


def frame(payload: bytes, opcode: int = TEXT) -> bytes:
    """Encode a message as one server frame: final, unmasked, uncompressed. Source: RFC 6455, section 5.2."""
    size = len(payload)
    if size < 126:
        return bytes((FINAL | opcode, size)) + payload
    if size < 1 << 16:
        return bytes((FINAL | opcode, 126)) + size.to_bytes(2, "big") + payload
    return bytes((FINAL | opcode, 127)) + size.to_bytes(8, "big") + payload


def close_frame(code: int | None, reason: str = "") -> bytes:
    """Encode a close frame; without a code its payload is empty."""
    if code is None:
        return frame(b"", CLOSE)
    return frame(code.to_bytes(2, "big") + reason.encode()[: MAX_CONTROL_BYTES - 2], CLOSE)


def close_code(payload: bytes) -> int | None:
    """Return the code in a client's close frame, None for an empty payload. Raises: FrameError."""
    if not payload:
        return None
    code = int.from_bytes(payload[:2], "big")
    if len(payload) < 2 or not (code in REGISTERED_CLOSE_CODES or 3000 <= code < 5000):
        raise FrameError(CloseCode.PROTOCOL_ERROR, "close code is not valid")
    decode_text(payload[2:])
    return code


def decode_text(payload: bytes) -> str:
    """Return the payload as text. Raises: FrameError when it is not UTF-8."""
    try:
        return payload.decode()
    except UnicodeDecodeError:
        raise FrameError(CloseCode.INVALID_TEXT, "text is not UTF-8") from None


def unmasked(data: bytes, mask: bytes) -> bytes:
    """Apply a mask of four bytes. Source: RFC 6455, section 5.3."""
    size = len(data)
    key = mask * (size // 4) + mask[: size % 4]
    return (int.from_bytes(data, "little") ^ int.from_bytes(key, "little")).to_bytes(size, "little")


class FrameReader:
    """Decodes the frames of one client. It buffers at most one message and one incomplete frame.

    Args:
        max_message_bytes: Size of the largest message; the fragments of a message count together.
    """

    __slots__ = ("_buffer", "_max_message_bytes", "_message", "_opcode")

    def __init__(self, max_message_bytes: int) -> None:
        self._max_message_bytes = max_message_bytes
        self._buffer = b""
        self._message: bytearray | None = None
        self._opcode = CONTINUATION

    def feed(self, data: bytes) -> Iterator[ClientFrame]:
        """Yield the messages and control frames that are complete now.

        A fragment of an incomplete message is yielded as `ClientFrame(CONTINUATION, b"")`, so that the caller can
        count it.

        Raises:
            FrameError: the client violated the protocol; the bytes after that point are not decoded.
        """
        buffer = self._buffer + data if self._buffer else data
        self._buffer = b""
        start = 0
        while (found := self._next(buffer, start)) is not None:
            complete, start = found
            yield complete
        self._buffer = buffer[start:]

    def _next(self, buffer: bytes, start: int) -> tuple[ClientFrame, int] | None:
        """Return the frame at `start` and the index after it, None when it is not complete."""
        if len(buffer) - start < 2:
            return None
        first, size = buffer[start], buffer[start + 1] & 0x7F
        opcode = first & 0x0F
        self._check_head(first, buffer[start + 1], size)
        mask_at = start + 2
        if size >= 126:
            mask_at += 2 if size == 126 else 8
            if len(buffer) < mask_at:
                return None
            size = int.from_bytes(buffer[start + 2 : mask_at], "big")
        if size + len(self._message or b"") > self._max_message_bytes and opcode < CLOSE:
            reason = f"a message has at most {self._max_message_bytes} bytes"
            raise FrameError(CloseCode.MESSAGE_TOO_BIG, reason)
        end = mask_at + 4 + size
        if len(buffer) < end:
            return None
        payload = unmasked(buffer[mask_at + 4 : end], buffer[mask_at : mask_at + 4])
        if opcode >= CLOSE:
            return ClientFrame(opcode, payload), end
        return self._assemble(opcode, payload, bool(first & FINAL)), end

    def _check_head(self, first: int, second: int, size: int) -> None:
        opcode = first & 0x0F
        if first & RESERVED or not second & MASKED:
            raise FrameError(CloseCode.PROTOCOL_ERROR, "client frames are masked and use no extension")
        if opcode in (CLOSE, PING, PONG):
            if size > MAX_CONTROL_BYTES or not first & FINAL:
                raise FrameError(CloseCode.PROTOCOL_ERROR, "control frames are short and whole")
        elif opcode not in DATA or (opcode == CONTINUATION) != (self._message is not None):
            raise FrameError(CloseCode.PROTOCOL_ERROR, "frame is out of place")

    def _assemble(self, opcode: int, payload: bytes, is_final: bool) -> ClientFrame:
        """Return the message that a data frame completes, an empty continuation when more fragments follow."""
        if self._message is None:
            self._message, self._opcode = bytearray(), opcode
        self._message += payload
        if not is_final:
            return ClientFrame(CONTINUATION, b"")
        message, self._message = bytes(self._message), None
        return ClientFrame(self._opcode, message)
