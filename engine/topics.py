"""Topics of the stream: which routes exist, what a subscription looks like, how a topic is written, what an update is.

A topic is what a client asked for, a channel is where its data comes from: several topics (an account and its aliases)
may share one channel. The engine builds both and publishes updates to channels; the hub finds the subscribers.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, NamedTuple, Protocol

import orjson

from engine.models.broker.account import EquityData, EquitySubscriptionRequest
from engine.models.broker.connection import BrokerConnectionStatus, BrokerConnectionSubscriptionRequest
from engine.models.broker.executions import Execution, ExecutionSubscriptionRequest
from engine.models.broker.notifications import Notification, NotificationSubscriptionRequest
from engine.models.broker.orders import OrderSubscriptionRequest, PlacedOrder
from engine.models.broker.positions import PLSubscriptionRequest, PLUpdate, Position, PositionSubscriptionRequest
from engine.models.common import WireModel
from engine.models.market.bars import Bar, BarsSubscriptionRequest
from engine.models.market.depth import DepthSubscriptionRequest, DOMData
from engine.models.market.quotes import QuoteData, QuotesSubscriptionRequest

Payload = dict[str, Any]
"""An update as it goes to the wire: plain values, never changed once it is published."""


@dataclass(frozen=True, slots=True)
class Route:
    """One kind of topic.

    Attributes:
        module: The module that serves it ("broker", "datafeed").
        is_exact: Whether every update is delivered once and in order (else only the newest state matters).
        subscription: Model of the subscribe payload.
        update: Model of the update payload.
        is_status: Whether its newest update is told to whoever subscribes, however old it is.
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
        Route("quotes", "datafeed", False, QuotesSubscriptionRequest, QuoteData),
        Route("depth", "datafeed", False, DepthSubscriptionRequest, DOMData),
        Route("executions", "broker", True, ExecutionSubscriptionRequest, Execution),
        Route("orders", "broker", True, OrderSubscriptionRequest, PlacedOrder),
        Route("equity", "broker", False, EquitySubscriptionRequest, EquityData),
        Route("positions", "broker", True, PositionSubscriptionRequest, Position),
        Route("pl", "broker", False, PLSubscriptionRequest, PLUpdate),
        Route("notifications", "broker", True, NotificationSubscriptionRequest, Notification),
        Route("broker-connection", "broker", True, BrokerConnectionSubscriptionRequest, BrokerConnectionStatus, True),
    )
}

EXACT = frozenset(route.name for route in ROUTES.values() if route.is_exact)
"""Names of the routes whose every update is delivered once and in order."""


@dataclass(frozen=True, slots=True)
class Topic:
    """What a client subscribed to, and the channel that feeds it."""

    text: str
    route: Route
    params: WireModel
    channel: str

    @property
    def names(self) -> int:
        """How many names its quotes are of; 0 for other routes."""
        params = self.params
        return len({*params.symbols, *params.fast_symbols}) if isinstance(params, QuotesSubscriptionRequest) else 0

    @property
    def account_name(self) -> str | None:
        """The account as the client named it, None where it named none."""
        return getattr(self.params, "accountId", None)

    @property
    def alias_of(self) -> str | None:
        """The account that is listened to under a name that no account has, None where it is its own."""
        account = self.channel.split(":", 2)[1]
        return None if self.account_name in (None, account) else account

    @classmethod
    def of(cls, route: str, params: WireModel, channel: str | None = None) -> "Topic":
        """Return the topic of a validated payload; without a channel of its own it is one."""
        text = topic_text(route, params)
        return cls(text, ROUTES[route], params, text if channel is None else channel)


class Update(NamedTuple):
    """One piece of news for a channel.

    Attributes:
        key: Names the state that it replaces ("" where there is only one).
        ends: Key of the state that it makes needless ("" where there is none).
    """

    channel: str
    payload: Payload
    key: str = ""
    ends: str = ""


class Interest(Protocol):
    """What somebody listens to right now; the hub's subscriber sets are the only copy of it."""

    def wants(self, channel: str) -> bool:
        """Whether the channel has a subscriber."""

    def topics(self, route: str) -> Iterable[Topic]:
        """Return the topics of a route that have subscribers."""


def topic_text(route: str, params: WireModel) -> str:
    """Write a topic: the route, a colon, and the payload as compact JSON, keys sorted, absent optionals left out.

    Source: docs/protocol.md; clients written for the original build the same string.
    """
    payload = params.model_dump(mode="json", exclude_unset=True, exclude_none=True)
    return f"{route}:{orjson.dumps(payload, option=orjson.OPT_SORT_KEYS).decode()}"
