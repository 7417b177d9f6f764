"""A request between the connection that reads it and whoever answers it."""

from typing import Protocol

from handlers.http.request import Request


class Exchange(Protocol):
    """Takes a request and answers it through the connection. Its methods raise nothing."""

    def begin(self) -> None:
        """Take the head; may answer already, and is then left alone."""

    def received(self, chunk: bytes) -> None:
        """Take a piece of the body."""

    def complete(self) -> None:
        """Take note that the whole request is there."""

    def cut(self) -> None:
        """Take note that the client was gone before it was answered."""


class Incoming:
    """A request that is being read, waits for its turn, or is being answered.

    Args:
        request: Its head.
        keeps_alive: Whether its sender wants to send more after it.
        body: The whole body, where it is there already.
    """

    __slots__ = ("chunks", "exchange", "has_answer", "is_complete", "keeps_alive", "request")

    def __init__(self, request: Request, keeps_alive: bool, body: bytes | None = None) -> None:
        self.request = request
        self.keeps_alive = keeps_alive
        self.exchange: Exchange | None = None
        self.chunks = [body] if body else []
        self.is_complete = body is not None
        self.has_answer = False
