"""Admission: the checks that every request passes before it reaches a handler, for page, API and sockets alike.

Allowed hosts and origins, size and type of a body, the caller of a token, rates of commands and numbers of connections,
and whether the server still accepts work. Read `permissions.py` next: what an admitted caller may do.
"""

import ipaddress
import math
import re
import time
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from urllib.parse import urlsplit

from tornado.httputil import HTTPHeaders, HTTPServerRequest

from handlers.answers import JSON
from handlers.errors import ApiError
from handlers.permissions import ANYONE, Caller, Unauthorized, Verify
from handlers.rate_limits import ClientBuckets

LOOPBACK = frozenset(("localhost", "127.0.0.1", "[::1]"))
SAFE_METHODS = frozenset(("GET", "HEAD", "OPTIONS"))
MAX_BODY_BYTES = 64 * 1024
NETLOC = re.compile(r"(?P<name>[a-z0-9._-]{1,253}|\[[0-9a-f:.]{2,45}\])(?::(?P<port>[0-9]{1,5})?)?")

CORS_METHODS = "GET, POST, PUT, DELETE"
CORS_HEADERS = "Authorization, Content-Type, X-Request-ID"
CORS_EXPOSED = "Retry-After, X-Request-ID"
CORS_MAX_AGE_S = 600


@dataclass(slots=True)
class Admission:
    """The rules of admission, and the clients that are connected.

    Attributes:
        hosts: Accepted values of the Host header; one without a port is accepted with any port.
        origins: Origins of other sites whose pages may use the API, exactly as browsers send them.
        proxies: Addresses of proxies whose X-Real-IP is trusted.
        verify: Returns the caller of a token; None: authentication is off.
        commands: Limit of commands per subject and per address; None is no limit.
        max_connections: Sockets per subject and per address; None is no limit.
        is_closing: Whether the server is stopping and refuses commands.
        active: Number of API requests that are not answered yet.
        now: Returns the wall clock in epoch seconds, for the expiry of tokens.
    """

    hosts: frozenset[str] = LOOPBACK
    origins: frozenset[str] = frozenset()
    proxies: frozenset[str] = frozenset()
    verify: Verify | None = None
    commands: ClientBuckets | None = None
    max_connections: int | None = None
    is_closing: bool = False
    active: int = 0
    now: Callable[[], float] = time.time
    _sockets: Counter[str] = field(default_factory=Counter)

    def for_world(self) -> "Admission":
        """Return the same rules with counts of their own, for another world."""
        commands = self.commands and ClientBuckets(self.commands.rate, self.commands.burst, self.commands.monotonic)
        return replace(self, commands=commands, active=0, _sockets=Counter())

    @property
    def is_guarded(self) -> bool:
        """Whether callers need a token."""
        return self.verify is not None

    def check_host(self, headers: HTTPHeaders) -> None:
        """Refuse a Host that is not allowed, as DNS rebinding sends it. Raises: ApiError 421."""
        given = headers.get("Host", "")
        if given.lower() not in self.hosts and host_name(given) not in self.hosts:
            raise ApiError(421, "this server does not answer to that Host; --allow-host adds one")

    def check_origin(self, headers: HTTPHeaders) -> None:
        """Refuse pages of other sites. A client that sends no Origin is not a browser. Raises: ApiError 403."""
        if "Origin" not in headers:
            return
        if not self.is_known_origin(headers.get("Origin", ""), headers.get("Host", "")):
            raise ApiError(403, "pages of that Origin may not use this server; --allow-origin adds one")

    def is_known_origin(self, origin: str, host: str) -> bool:
        """Whether an Origin is that of the Host, a listed one, or a loopback page of a loopback Host."""
        origin = origin.lower()
        if origin in self.origins:
            return True
        scheme, separator, place = origin.partition("://")
        if scheme not in ("http", "https") or not separator or not place:
            return False
        if place == host.lower():
            return True
        return host_name(place) in LOOPBACK and host_name(host) in LOOPBACK

    def cors_headers(self, headers: HTTPHeaders) -> dict[str, str]:
        """Return the headers that let the pages of listed origins read an answer (CORS)."""
        if not self.origins:
            return {}
        origin = headers.get("Origin", "").lower()
        if origin not in self.origins:
            return {"Vary": "Origin"}
        own = {"Access-Control-Allow-Origin": origin, "Access-Control-Expose-Headers": CORS_EXPOSED}
        return {"Vary": "Origin", **own}

    def preflight_headers(self, headers: HTTPHeaders) -> dict[str, str] | None:
        """Return the headers that answer the preflight request of a listed origin, None for any other origin."""
        if headers.get("Origin", "").lower() not in self.origins:
            return None
        return self.cors_headers(headers) | {
            "Access-Control-Allow-Methods": CORS_METHODS,
            "Access-Control-Allow-Headers": CORS_HEADERS,
            "Access-Control-Max-Age": str(CORS_MAX_AGE_S),
        }

    def check_body(self, headers: HTTPHeaders, most: int = MAX_BODY_BYTES) -> None:
        """Refuse a body that is too large or not JSON, before it is read. Raises: ApiError 413 or 415."""
        length = headers.get("Content-Length", "0")
        has_body = length != "0" or "Transfer-Encoding" in headers
        if not has_body:
            return
        if length.isascii() and length.isdigit() and int(length.lstrip("0")[:20] or "0") > most:
            raise ApiError(413, f"body is larger than {most} bytes")
        self.check_type(headers)

    def check_type(self, headers: HTTPHeaders) -> None:
        """Refuse a body that is not JSON. Raises: ApiError 415."""
        media_type = headers.get("Content-Type", "")
        if media_type != JSON and media_type.partition(";")[0].strip().lower() != JSON:
            raise ApiError(415, f"the body must be {JSON}")

    def caller(self, headers: HTTPHeaders) -> Caller:
        """Return the caller of the bearer token, ANYONE while authentication is off. Raises: Unauthorized."""
        if self.verify is None:
            return ANYONE
        scheme, _, token = headers.get("Authorization", "").partition(" ")
        if scheme.lower() != "bearer" or not token.strip():
            raise Unauthorized("a token is needed: Authorization: Bearer TOKEN", "Bearer")
        return self.verify(token.strip())

    def count_command(self, caller: Caller, request: HTTPServerRequest) -> None:
        """Count a command for its subject and its address. Raises: ApiError 429 or 503."""
        self.count(() if self.commands is None else self._keys(caller, request))

    def count(self, keys: Iterable[str]) -> None:
        """Count a command for each key of its client. Raises: ApiError 429 or 503."""
        if self.is_closing:
            raise ApiError(503, "the server is shutting down")
        if self.commands is None:
            return
        for key in keys:
            wait_s = self.commands.take(key)
            if wait_s > 0:
                raise ApiError(429, "too many commands", {"Retry-After": str(math.ceil(wait_s))})

    def client_address(self, request: HTTPServerRequest) -> str:
        """Return the client's address; behind a trusted proxy, the one in X-Real-IP."""
        peer = request.remote_ip or ""
        if peer in self.proxies:
            told = request.headers.get("X-Real-IP", "")
            try:
                return str(ipaddress.ip_address(told.strip()))
            except ValueError:
                return peer
        return peer

    def shown(self) -> dict[str, float | int]:
        """Return the limits by their names on the wire."""
        shown: dict[str, float | int] = {}
        if self.commands is not None:
            shown |= {"commandsPerSecond": self.commands.rate, "commandBurst": self.commands.burst}
        if self.max_connections is not None:
            shown["connectionsPerClient"] = self.max_connections
        return shown

    def enter(self, key: str) -> bool:
        """Count a socket of a subject or an address. Returns False when it has `max_connections` already."""
        if self.max_connections is not None and self._sockets[key] >= self.max_connections:
            return False
        self._sockets[key] += 1
        return True

    def leave(self, key: str) -> None:
        """Release a socket that `enter` counted."""
        self._sockets[key] -= 1
        if self._sockets[key] <= 0:
            del self._sockets[key]

    def _keys(self, caller: Caller, request: HTTPServerRequest) -> list[str]:
        keys = [f"address {self.client_address(request)}"]
        return [f"subject {caller.subject}", *keys] if caller.subject else keys


def host_name(netloc: str) -> str:
    """Return the name in `name`, `name:port` or `[address]:port`, lower case; "" for anything else."""
    found = NETLOC.fullmatch(netloc.lower())
    return found["name"] if found and int(found["port"] or 0) < 65536 else ""


def origin_of(text: str) -> str:
    """Return an origin in lower case, without a slash at its end. Raises: ValueError: the text is not an origin."""
    parts = urlsplit(text.lower())
    if (
        parts.scheme not in ("http", "https")
        or not host_name(parts.netloc)
        or f"{parts.scheme}://{parts.netloc}" != (text.lower().rstrip("/"))
    ):
        raise ValueError(f"{text!r} is not an origin such as https://trade.example.com")
    return f"{parts.scheme}://{parts.netloc}"
