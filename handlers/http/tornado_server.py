"""Tornado's own HTTP server with limits like ours, for the same application.

Chosen by `--http tornado`. `listener.py` is the server that runs by default.
"""

from tornado.httpserver import HTTPServer
from tornado.httputil import HTTPServerConnectionDelegate

from handlers.http.limits import HttpLimits
from handlers.http.listener import Listener


class TornadoServer(HTTPServer):
    """Tornado's HTTPServer. It has one time limit for idleness and head together, and none for writing."""

    is_answering = False
    """Not available in this server; `Admission.active` counts the API requests."""

    def initialize(self, site: HTTPServerConnectionDelegate, limits: HttpLimits | None = None) -> None:  # type: ignore[override]
        """Configure the server with the application and the limits of a connection."""
        limits = limits or HttpLimits()
        super().initialize(
            site,
            idle_connection_timeout=limits.idle_s,
            body_timeout=limits.body_s,
            max_header_size=limits.head_bytes,
            max_body_size=limits.body_bytes,
            max_buffer_size=limits.dropped_bytes,
        )


HttpServer = Listener | TornadoServer
