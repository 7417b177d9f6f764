"""Topics of the stream: the routes, their subscription and update models, and the text of a topic.

A topic is the subscription of a client, a channel is the source of its data: several topics (an account and its
aliases) may share one channel. The engine builds both and publishes updates to channels; the hub finds the subscribers.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, NamedTuple, Protocol

import orjson

from engine.models.broker.account import (
    BrokerConnectionStatus,
    BrokerConnectionSubscriptionRequest,
    EquityData,
    EquitySubscriptionRequest,
    Notification,
    NotificationSubscriptionRequest,
)
from engine.models.broker.executions import Execution, ExecutionSubscriptionRequest
from engine.models.broker.orders import OrderSubscriptionRequest, PlacedOrder
from engine.models.broker.positions import PLSubscriptionRequest, PLUpdate, Position, PositionSubscriptionRequest
from engine.models.common import WireModel
from engine.models.control.clock import ClockState, ClockSubscription
from engine.models.market.bars import Bar, BarsSubscriptionRequest
from engine.models.market.depth import DepthSubscriptionRequest, DOMData
from engine.models.market.quotes import QuoteData, QuoteDataSubscriptionRequest

Payload = dict[str, Any]
"""An update in wire form: plain values, unchanged after publication."""

State = Any
"""The state of a topic in the shapes of REST: a list of payloads, one payload, or None where there is no state."""


@dataclass(frozen=True, slots=True)
class Route:
    """One kind of topic.

    Attributes:
        module: The module that serves it ("broker", "datafeed"), "control" for those that need `--control`.
        is_exact: Whether every update is delivered once and in order (else only the newest state matters).
        subscription: Model of the subscribe payload.
        update: Model of the update payload.
        is_status: Whether a new subscriber gets the newest update, however old it is.
    """

    name: str
    module: str
    is_exact: bool
    subscription: type[WireModel]
    update: type[WireModel]
    is_status: bool = False


ROUTES: dict[str, Route] = {
    route.name: route
    for route in (
        Route("bars", "datafeed", False, BarsSubscriptionRequest, Bar),
        Route("quotes", "datafeed", False, QuoteDataSubscriptionRequest, QuoteData),
        Route("depth", "datafeed", False, DepthSubscriptionRequest, DOMData),
        Route("executions", "broker", True, ExecutionSubscriptionRequest, Execution),
        Route("orders", "broker", True, OrderSubscriptionRequest, PlacedOrder),
        Route("equity", "broker", False, EquitySubscriptionRequest, EquityData),
        Route("positions", "broker", True, PositionSubscriptionRequest, Position),
        Route("pl", "broker", False, PLSubscriptionRequest, PLUpdate),
        Route("notifications", "broker", True, NotificationSubscriptionRequest, Notification),
        Route("broker-connection", "broker", True, BrokerConnectionSubscriptionRequest, BrokerConnectionStatus, True),
        Route("clock", "control", True, ClockSubscription, ClockState, True),
    )
}

EXACT = frozenset(route.name for route in ROUTES.values() if route.is_exact)
"""Names of the exact routes: every update is delivered once and in order."""


@dataclass(frozen=True, slots=True)
class Topic:
    """A subscription of a client, and the channel of its data."""

    text: str
    route: Route
    params: WireModel
    channel: str

    @property
    def names(self) -> int:
        """Number of names in a quotes topic; 0 for other routes."""
        params = self.params
        return len({*params.symbols, *params.fast_symbols}) if isinstance(params, QuoteDataSubscriptionRequest) else 0

    @property
    def account_name(self) -> str | None:
        """The account id that the client sent, None for routes without one."""
        return getattr(self.params, "accountId", None)

    @property
    def alias_of(self) -> str | None:
        """The default account if the client sent an unknown account id, which is an alias of it; else None."""
        account = self.channel.split(":", 2)[1]
        return None if self.account_name in (None, account) else account

    @classmethod
    def of(cls, route: str, params: WireModel, channel: str | None = None) -> "Topic":
        """Return the topic of a validated payload; by default its text is its channel."""
        text = topic_text(route, params)
        return cls(text, ROUTES[route], params, text if channel is None else channel)


class Update(NamedTuple):
    """One update of a channel.

    Attributes:
        key: Key of the state that it replaces ("" where there is only one state).
        ends: Key of the state that it makes obsolete ("" where there is none).
    """

    channel: str
    payload: Payload
    key: str = ""
    ends: str = ""


class Interest(Protocol):
    """The current subscriptions. The hub implements it, and only the hub stores the subscribers."""

    def wants(self, channel: str) -> bool:
        """Whether the channel has a subscriber."""

    def topics(self, route: str) -> Iterable[Topic]:
        """Return the topics of a route that have subscribers."""


def topic_text(route: str, params: WireModel) -> str:
    """Return a topic's text: the route, a colon, and the payload as compact JSON, keys sorted, without absent options.

    Source: docs/protocol.md; clients written for the original build the same string.
    """
    payload = params.model_dump(mode="json", exclude_unset=True, exclude_none=True)
    return f"{route}:{orjson.dumps(payload, option=orjson.OPT_SORT_KEYS).decode()}"
