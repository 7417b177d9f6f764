"""The stream's WebSocketHandler at an edge: topics of the broker come from the core, market data is computed here.

Read `../stream/handler.py` first, then `subscriptions.py`.
"""

from collections import deque

from engine.errors import Denied
from engine.topics import Topic, topic_text
from handlers.edge.core import Core
from handlers.edge.hub import EdgeHub
from handlers.edge.subscriptions import EdgeSubscribeRequest
from handlers.services import Services
from handlers.stream.handler import StreamHandler
from handlers.stream.messages import SubscriptionMessage, response_frame


class EdgeStreamHandler(StreamHandler):
    """One client of the stream at an edge."""

    def initialize(  # type: ignore[override]
        self, services: Services, modules: tuple[str, ...], hub: EdgeHub, core: Core
    ) -> None:
        """Store the services, the modules of the address, the edge's hub and the core."""
        super().initialize(services, modules)
        self._hub = hub
        self._core = core

    def _subscribe(self, message: SubscriptionMessage) -> None:
        if message.route.module != "broker":
            super()._subscribe(message)
            return
        caller, route = self.identity.caller, message.route.name
        assert caller is not None
        try:
            account_id = self.identity.permit(message.params)
        except Denied as error:
            text = topic_text(route, message.params)
            self._send(response_frame(message, "error", str(error), text))
            return
        topic = Topic.of(route, message.params, f"{route}:{account_id}")
        if (refusal := self._topic_limit(topic)) is not None:
            self._refuse_topic(message, topic, refusal)
            return
        opening = None if caller.accounts is None else caller.opening.model_copy(update={"id": account_id})
        parts = self.services, self.connection, message, topic, self._resume
        request = EdgeSubscribeRequest(*parts, hub=self._hub, core=self._core, opening=opening)
        if not request.start():
            self._inbox = deque()
