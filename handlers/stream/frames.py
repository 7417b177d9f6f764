"""WebSocket frames, RFC 6455: bytes in, frames out, and the other way round. No sockets here.

Only what a server needs: text, binary and control frames, no extension, client frames masked, server frames not.
"""

from collections.abc import Iterator

TEXT, BINARY, CLOSE, PING, PONG = 0x1, 0x2, 0x8, 0x9, 0xA
CONTINUATION = 0x0
DATA = (CONTINUATION, TEXT, BINARY)
FINAL, RESERVED, MASKED = 0x80, 0x70, 0x80
MAX_CONTROL_BYTES = 125

PROTOCOL_ERROR, BAD_DATA, TOO_LARGE = 1002, 1007, 1009
CODES_IN_USE = frozenset((*range(1000, 1004), *range(1007, 1015)))


class BadFrame(Exception):
    """The peer broke the protocol; `code` is what the connection is closed with."""

    def __init__(self, code: int, reason: str) -> None:
        super().__init__(reason)
        self.code = code
        self.reason = reason


def frame(text: bytes) -> bytes:
    """Frame a text message as a server sends it: final, unmasked, uncompressed. Source: RFC 6455, section 5.2."""
    size = len(text)
    if size < 126:
        return bytes((FINAL | TEXT, size)) + text
    if size < 1 << 16:
        return b"\x81\x7e" + size.to_bytes(2, "big") + text
    return b"\x81\x7f" + size.to_bytes(8, "big") + text


def control_frame(opcode: int, data: bytes = b"") -> bytes:
    """Frame a ping or pong; at most 125 bytes of data."""
    return bytes((FINAL | opcode, len(data))) + data


def close_frame(code: int | None, reason: str = "") -> bytes:
    """Frame a close; None is a close without a code."""
    if code is None:
        return control_frame(CLOSE)
    return control_frame(CLOSE, code.to_bytes(2, "big") + reason.encode()[: MAX_CONTROL_BYTES - 2])


def close_code(data: bytes) -> int | None:
    """Return the code in a peer's close frame, None when it has none. Raises: BadFrame."""
    if not data:
        return None
    code = int.from_bytes(data[:2], "big")
    if len(data) < 2 or not (code in CODES_IN_USE or 3000 <= code < 5000):
        raise BadFrame(PROTOCOL_ERROR, "close code is not valid")
    decoded(data[2:])
    return code


def decoded(data: bytes) -> str:
    """Return text. Raises: BadFrame when it is not UTF-8."""
    try:
        return data.decode()
    except UnicodeDecodeError:
        raise BadFrame(BAD_DATA, "text is not UTF-8") from None


def unmasked(data: bytes | bytearray | memoryview, mask: bytes) -> bytes:
    """Apply a mask of four bytes. Source: RFC 6455, section 5.3."""
    size = len(data)
    key = mask * (size // 4) + mask[: size % 4]
    return (int.from_bytes(data, "little") ^ int.from_bytes(key, "little")).to_bytes(size, "little")


class FrameReader:
    """Puts the frames of one client together. What it keeps between calls is bounded by one message and one frame.

    Args:
        max_bytes: The largest message; a fragmented one counts as a whole.
    """

    __slots__ = ("_buffer", "_max_bytes", "_message", "_opcode")

    def __init__(self, max_bytes: int) -> None:
        self._max_bytes = max_bytes
        self._buffer: bytes = b""
        self._message: bytearray | None = None
        self._opcode = CONTINUATION

    def feed(self, data: bytes) -> Iterator[tuple[int, bytes]]:
        """Yield the messages and control frames that are complete now, as (opcode, payload).

        A frame that others have to follow is yielded as (CONTINUATION, b""): it says nothing yet, but is one to count.

        Raises:
            BadFrame: the peer broke the protocol; nothing behind that point is looked at.
        """
        buffer = self._buffer + data if self._buffer else data
        self._buffer = b""
        start = 0
        while (found := self._frame(buffer, start)) is not None:
            first, payload, start = found
            opcode = first & 0x0F
            if opcode >= CLOSE:
                yield opcode, payload
            else:
                yield self._assembled(opcode, payload, bool(first & FINAL))
        self._buffer = buffer[start:]

    def _frame(self, buffer: bytes, start: int) -> tuple[int, bytes, int] | None:
        """Return the first byte, the payload and the end of the frame at `start`, None when it is not complete."""
        if len(buffer) - start < 2:
            return None
        first, size = buffer[start], buffer[start + 1] & 0x7F
        self._check_head(first, buffer[start + 1], size)
        mask_at = start + 2
        if size >= 126:
            mask_at += 2 if size == 126 else 8
            if len(buffer) < mask_at:
                return None
            size = int.from_bytes(buffer[start + 2 : mask_at], "big")
        if size + len(self._message or b"") > self._max_bytes and first & 0x0F < CLOSE:
            raise BadFrame(TOO_LARGE, f"a message has at most {self._max_bytes} bytes")
        end = mask_at + 4 + size
        if len(buffer) < end:
            return None
        return first, unmasked(buffer[mask_at + 4 : end], buffer[mask_at : mask_at + 4]), end

    def _check_head(self, first: int, second: int, size: int) -> None:
        opcode = first & 0x0F
        if first & RESERVED or not second & MASKED:
            raise BadFrame(PROTOCOL_ERROR, "client frames are masked and use no extension")
        if opcode in (CLOSE, PING, PONG):
            if size > MAX_CONTROL_BYTES or not first & FINAL:
                raise BadFrame(PROTOCOL_ERROR, "control frames are short and whole")
        elif opcode not in DATA or (opcode == CONTINUATION) != (self._message is not None):
            raise BadFrame(PROTOCOL_ERROR, "frame is out of place")

    def _assembled(self, opcode: int, payload: bytes, is_final: bool) -> tuple[int, bytes]:
        """Return the message that a data frame completes, an empty continuation when more frames belong to it."""
        if self._message is None:
            if is_final:
                return opcode, payload
            self._message, self._opcode = bytearray(payload), opcode
            return CONTINUATION, b""
        self._message += payload
        if not is_final:
            return CONTINUATION, b""
        message, self._message = bytes(self._message), None
        return self._opcode, message
