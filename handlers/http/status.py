"""Lines of HTTP answers, as bytes."""

from email.utils import formatdate
from functools import lru_cache
from http.client import responses

CONTINUE = b"HTTP/1.1 100 Continue\r\n\r\n"
LAST_FIELDS = b"Content-Type: %b\r\nConnection: close\r\nContent-Length: %d\r\n\r\n%b"
STATUS_LINES = {status: b"HTTP/1.1 %d %b\r\n" % (status, text.encode()) for status, text in responses.items()}


@lru_cache(maxsize=1)
def date_line(now_s: int) -> bytes:
    """Return the Date field of a second."""
    return b"Date: %b\r\n" % formatdate(now_s, usegmt=True).encode()


def last_answer(status: int, media_type: str, body: bytes) -> bytes:
    """Return the answer behind which a connection ends."""
    return STATUS_LINES[status] + LAST_FIELDS % (media_type.encode(), len(body), body)
