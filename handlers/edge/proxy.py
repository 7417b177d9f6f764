"""Requests that an edge passes on to the core with the caller's headers and token: commands, and reads of accounts.

The edge checks Host, Origin and token; the core checks them again, and counts the command for the client's address. It
trusts the X-Real-IP of an edge that its option `--trusted-proxy` names.
"""

import logging
from typing import ClassVar, Literal

from tornado.httpclient import AsyncHTTPClient, HTTPClientError, HTTPResponse
from tornado.httputil import HTTPHeaders

from handlers.base import ApiHandler
from handlers.edge.core import RETRY_S, Core
from handlers.errors import ApiError
from handlers.rest.charts_storage import MAX_LAYOUT_BYTES
from handlers.services import Services

log = logging.getLogger("trading.edge")

CONNECT_S = 2.0
ANSWER_S = 30.0

HOP_BY_HOP = frozenset(
    ("connection", "keep-alive", "proxy-authenticate", "proxy-authorization", "te", "trailer", "transfer-encoding")
) | {"upgrade", "expect", "content-length", "proxy-connection"}
"""Headers of one connection. Source: RFC 9110, section 7.6.1."""

OWN = frozenset(("date", "server", "x-request-id"))
"""Headers of an answer that the edge writes itself, like those that begin with `CORS`."""

CORS = "access-control-"


class ProxyHandler(ApiHandler):
    """An address of the core. The core counts its commands, and limits its bodies."""

    is_read_only: ClassVar[bool] = True
    takes_forms: ClassVar[bool] = True
    max_body_bytes: ClassVar[int] = MAX_LAYOUT_BYTES

    def initialize(self, services: Services, core: Core, client: AsyncHTTPClient) -> None:  # type: ignore[override]
        """Store the services, the core and the HTTP client."""
        super().initialize(services)
        self._core = core
        self._client = client

    async def get(self, *_arguments: str) -> None:
        """Answer with the core's answer."""
        await self._pass_on()

    async def post(self, *_arguments: str) -> None:
        """Answer with the core's answer."""
        await self._pass_on()

    async def put(self, *_arguments: str) -> None:
        """Answer with the core's answer."""
        await self._pass_on()

    async def patch(self, *_arguments: str) -> None:
        """Answer with the core's answer."""
        await self._pass_on()

    async def delete(self, *_arguments: str) -> None:
        """Answer with the core's answer."""
        await self._pass_on()

    async def _pass_on(self) -> None:
        if self.admission.is_closing:
            raise ApiError(503, "the server is shutting down")
        response = await self._fetch()
        self.set_status(response.code, response.reason)
        for name, value in response.headers.get_all():
            if is_passed_on(name):
                self.set_header(name, value)
        if response.code == 204:
            self.clear_header("Content-Type")
        await self.finish(response.body or b"")

    async def _fetch(self) -> HTTPResponse:
        """Return the answer of the core. Raises: ApiError 503."""
        address, request = self._core.address, self.request
        if address is None:
            raise away()
        try:
            return await self._client.fetch(
                address + (request.uri or "/"),
                method=request.method or "GET",
                headers=self._forwarded(),
                body=request.body or None,
                connect_timeout=CONNECT_S,
                request_timeout=ANSWER_S,
                follow_redirects=False,
                decompress_response=False,
                allow_nonstandard_methods=True,
                raise_error=False,
            )
        except (HTTPClientError, OSError) as error:
            log.warning("the core did not answer path=%s request=%s error=%r", request.path, self.request_id, error)
            raise away() from None

    def _forwarded(self) -> HTTPHeaders:
        """Return the headers for the core: those of the caller, and its address."""
        request, headers = self.request, HTTPHeaders()
        for name, value in request.headers.get_all():
            if name.lower() not in HOP_BY_HOP:
                headers.add(name, value)
        client = self.admission.client_address(request)
        headers["X-Real-IP"] = client
        headers["X-Forwarded-For"] = ", ".join(filter(None, (request.headers.get("X-Forwarded-For"), client)))
        headers["X-Forwarded-Proto"] = request.headers.get("X-Forwarded-Proto", request.protocol)
        headers["X-Forwarded-Host"] = request.headers.get("X-Forwarded-Host", request.host)
        headers["X-Request-ID"] = self.request_id
        return headers


class OpenProxyHandler(ProxyHandler):
    """An address of the core that checks its callers in its own way: the Alpaca dialect."""

    needs: ClassVar[Literal["nothing", "token", "admin"]] = "nothing"


def is_passed_on(name: str) -> bool:
    """Whether a header of the core's answer belongs to the edge's answer."""
    lower = name.lower()
    return lower not in HOP_BY_HOP and lower not in OWN and not lower.startswith(CORS)


def away() -> ApiError:
    """Return the error of a request without an answer of the core."""
    text = "the core cannot be reached; repeat a command with its clientOrderId, which the core executes once"
    return ApiError(503, text, {"Retry-After": RETRY_S})
