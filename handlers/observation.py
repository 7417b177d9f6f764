"""Observation of requests with `--control`: they may meet faults, and they are listed with their outcome.

`routing.py` calls it before a handler runs and after it answered. `request_faults.py` lets faults act, `activity.py` is
the list.
"""

from collections.abc import Callable
from typing import Any, NamedTuple

from tornado.httputil import HTTPServerRequest
from tornado.web import RequestHandler
from tornado.websocket import WebSocketHandler

from handlers.activity import Sent, order_key
from handlers.answers import request_id_of
from handlers.base import BaseHandler
from handlers.control.control import Control
from handlers.request_faults import FaultyRequest, HeldReply
from handlers.services import Services

WITH_RETRY_AFTER = (429, 503)


class Outcome(NamedTuple):
    """The outcome of a request; see `Sent`."""

    status: int | None
    fault: str | None = None
    is_lost: bool = False
    retry_after_s: int | None = None


class Observation(NamedTuple):
    """Observation of the requests of one route."""

    handler: type[BaseHandler]
    services: Services
    control: Control

    def begin(self, request: HTTPServerRequest, run: Callable[[], None]) -> None:
        """Run the handler of a request when its world has no time to process, unless a fault acts in its place."""
        missed = self.control.clock.catch_up()
        if missed is None:
            self._begin(request, run)
        else:
            missed.add_done_callback(lambda _: self._begin(request, run))

    def _begin(self, request: HTTPServerRequest, run: Callable[[], None]) -> None:
        faults = self.control.faults
        if not (faults.requests or faults.connections):
            run()
            return
        account, address = self._client_of(request)
        case = {"method": request.method, "path": request.path, "account": account, "address": address}
        rule = FaultyRequest(faults, request, case, run, issubclass(self.handler, WebSocketHandler)).begin()
        if rule is not None and rule.action.latency is None:
            status = rule.action.status
            outcome = Outcome(None, rule.id)
            if status is not None:
                outcome = Outcome(status.code, rule.id, retry_after_s=status.retryAfter)
            self.log(request, request_id_of(request.headers), outcome)

    def log(self, request: HTTPServerRequest, request_id: str, outcome: Outcome) -> None:
        """List a request that is answered, or that a fault leaves without an answer."""
        account, address = self._client_of(request)
        client_id, digest = order_key(request)
        sent = Sent(
            "request",
            request.method or "",
            request.path,
            account=account,
            address=address,
            request_id=request_id,
            status=outcome.status,
            ms=1000 * request.request_time(),
            fault=outcome.fault,
            is_lost=outcome.is_lost,
            client_order_id=client_id,
            digest=digest,
            retry_after_s=outcome.retry_after_s,
        )
        self.control.activity.add(sent)

    def _client_of(self, request: HTTPServerRequest) -> tuple[str | None, str]:
        """Return account and address of a request's client."""
        return self.handler.account_of(self.services, request), self.services.admission.client_address(request)


def observation_of(handler: type[RequestHandler], options: dict[str, Any]) -> Observation | None:
    """Return the observation of a route; None without `--control`, and for routes that are not observed."""
    services = options.get("services")
    control = services.control if isinstance(services, Services) else None
    if control is None or services is None or not issubclass(handler, BaseHandler) or not handler.is_observed:
        return None
    return Observation(handler, services, control)


def log_answer(handler: RequestHandler, services: Services) -> None:
    """List an answered request of an observed route; sockets list themselves."""
    observation = observation_of(type(handler), {"services": services})
    if observation is None or not isinstance(handler, BaseHandler) or isinstance(handler, WebSocketHandler):
        return
    status, held = handler.get_status(), handler.request.connection
    wait = handler.retry_after if status in WITH_RETRY_AFTER else None
    outcome = Outcome(status, None, False, wait)
    if isinstance(held, HeldReply):
        outcome = Outcome(status, held.fault, held.is_lost, held.retry_after_s or wait)
    observation.log(handler.request, handler.request_id, outcome)
