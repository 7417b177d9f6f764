"""Ends of an answer that break HTTP, for faults: a cut, a reset, silence. On our connection and on Tornado's."""

import socket

from tornado.http1connection import HTTP1Connection
from tornado.httputil import HTTPConnection

from handlers.http.connection import CLOSE_WITH_RESET
from handlers.http.exchange import Exchange


def cut(connection: HTTPConnection, is_reset: bool = False) -> None:
    """Close the connection of a request without the answer or its rest; with `is_reset` the client sees a reset."""
    if isinstance(connection, Exchange):
        connection.cut(is_reset)
    elif isinstance(connection, HTTP1Connection) and connection.stream is not None:
        stream = connection.stream
        if is_reset and not stream.closed():
            stream.socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, CLOSE_WITH_RESET)
        stream.close()


def stall(connection: HTTPConnection) -> None:
    """Leave the client of a request without an answer, on an open connection; Tornado's needs nothing for that."""
    if isinstance(connection, Exchange):
        connection.stall()
