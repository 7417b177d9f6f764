"""Every route of the stream: what it takes and gives. Generated from the specs: change the server's models."""

from collections.abc import Callable
from typing import Any, Literal, overload

from trading_pro_client.generated.models import (
    Bar,
    BarsSubscriptionRequest,
    BrokerConnectionStatus,
    BrokerConnectionSubscriptionRequest,
    ClockState,
    ClockSubscription,
    DOMData,
    DepthSubscriptionRequest,
    EquityData,
    EquitySubscriptionRequest,
    Execution,
    ExecutionSubscriptionRequest,
    Notification,
    NotificationSubscriptionRequest,
    OrderSubscriptionRequest,
    PLSubscriptionRequest,
    PLUpdate,
    PlacedOrder,
    Position,
    PositionSubscriptionRequest,
    QuoteData,
    QuoteDataSubscriptionRequest,
)
from trading_pro_client.subscription import Subscription

EXACT = frozenset(("broker-connection", "clock", "executions", "notifications", "orders", "positions"))
"""Routes of which every update comes, once and in order; of the others the newest state does."""

OnReset = Callable[[Any], None]


class Routes:
    """Subscriptions by route."""

    async def _subscribe(self, route: str, payload: Any, on_reset: OnReset | None) -> Subscription[Any]:
        raise NotImplementedError

    @overload
    async def subscribe(
        self,
        route: Literal["bars"],
        payload: BarsSubscriptionRequest,
        on_reset: OnReset | None = None,
    ) -> Subscription[Bar]: ...

    @overload
    async def subscribe(
        self,
        route: Literal["broker-connection"],
        payload: BrokerConnectionSubscriptionRequest,
        on_reset: OnReset | None = None,
    ) -> Subscription[BrokerConnectionStatus]: ...

    @overload
    async def subscribe(
        self,
        route: Literal["clock"],
        payload: ClockSubscription,
        on_reset: OnReset | None = None,
    ) -> Subscription[ClockState]: ...

    @overload
    async def subscribe(
        self,
        route: Literal["depth"],
        payload: DepthSubscriptionRequest,
        on_reset: OnReset | None = None,
    ) -> Subscription[DOMData]: ...

    @overload
    async def subscribe(
        self,
        route: Literal["equity"],
        payload: EquitySubscriptionRequest,
        on_reset: OnReset | None = None,
    ) -> Subscription[EquityData]: ...

    @overload
    async def subscribe(
        self,
        route: Literal["executions"],
        payload: ExecutionSubscriptionRequest,
        on_reset: OnReset | None = None,
    ) -> Subscription[Execution]: ...

    @overload
    async def subscribe(
        self,
        route: Literal["notifications"],
        payload: NotificationSubscriptionRequest,
        on_reset: OnReset | None = None,
    ) -> Subscription[Notification]: ...

    @overload
    async def subscribe(
        self,
        route: Literal["orders"],
        payload: OrderSubscriptionRequest,
        on_reset: OnReset | None = None,
    ) -> Subscription[PlacedOrder]: ...

    @overload
    async def subscribe(
        self,
        route: Literal["pl"],
        payload: PLSubscriptionRequest,
        on_reset: OnReset | None = None,
    ) -> Subscription[PLUpdate]: ...

    @overload
    async def subscribe(
        self,
        route: Literal["positions"],
        payload: PositionSubscriptionRequest,
        on_reset: OnReset | None = None,
    ) -> Subscription[Position]: ...

    @overload
    async def subscribe(
        self,
        route: Literal["quotes"],
        payload: QuoteDataSubscriptionRequest,
        on_reset: OnReset | None = None,
    ) -> Subscription[QuoteData]: ...

    async def subscribe(
        self, route: Any, payload: Any, on_reset: OnReset | None = None
    ) -> Subscription[Any]:
        """Follow a topic; returns when the server confirmed it.

        Args:
            route: The kind of topic.
            payload: What to follow.
            on_reset: Called with the state (None where the server sent none) when updates were missed that
                cannot be had any more.

        Raises:
            SubscriptionError: the server refused.
        """
        return await self._subscribe(route, payload, on_reset)
