"""Updates of the `pip-value` topics at a tick: the value of a pip changes with the rate of the instrument's currency.

Called by core.py. It keeps the value that each subscribed topic was sent last; topics without a subscriber at a tick
are dropped, so the state is bounded by the subscribed topics.
"""

from collections.abc import Callable

from engine.topics import Interest, State, Topic, Update

ROUTE = "pip-value"


class LivePipValues:
    """The `pip-value` topics. Every new subscriber makes the value be sent at the next tick."""

    def __init__(self) -> None:
        self._sent: dict[str, State] = {}

    def joined(self, topic: Topic) -> None:
        """Register a new subscriber of a topic."""
        self._sent.pop(topic.channel, None)

    def updates(self, interest: Interest, state_of: Callable[[Topic], State]) -> list[Update]:
        """Return an update for each topic whose value changed; without a rate there is none."""
        found: dict[str, Update] = {}
        sent: dict[str, State] = {}
        for topic in interest.topics(ROUTE):
            value = sent[topic.channel] = state_of(topic)
            if value is not None and value != self._sent.get(topic.channel):
                found[topic.channel] = Update(topic.channel, value)
        self._sent = sent
        return list(found.values())
