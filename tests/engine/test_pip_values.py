"""The `pip-value` topics: a value is sent to new subscribers and when it changed."""

from collections.abc import Iterable

from engine.models.broker.config import PipValueSubscriptionRequest
from engine.pip_values import ROUTE, LivePipValues
from engine.topics import State, Topic, Update

TOPIC = Topic.of(ROUTE, PipValueSubscriptionRequest(accountId="A", symbol="USDJPY"), f"{ROUTE}:A:USDJPY")


class Subscribed:
    """An `Interest` in the given topics."""

    def __init__(self, *topics: Topic) -> None:
        self._topics = topics

    def wants(self, channel: str) -> bool:
        return True

    def topics(self, route: str) -> Iterable[Topic]:
        return self._topics


def test_a_value_is_sent_once_until_it_changes_or_a_subscriber_joins() -> None:
    live = LivePipValues()

    def sent(state: State, *topics: Topic) -> list[Update]:
        return live.updates(Subscribed(*topics), lambda _: state)

    first, other = {"buyPipValue": 6.5}, {"buyPipValue": 6.6}
    assert sent(first, TOPIC) == [Update(TOPIC.channel, first)]
    assert sent(first, TOPIC) == []
    assert sent(other, TOPIC) == [Update(TOPIC.channel, other)]
    live.joined(TOPIC)
    assert sent(other, TOPIC) == [Update(TOPIC.channel, other)]
    assert sent(None, TOPIC) == []
    assert sent(other, TOPIC) == [Update(TOPIC.channel, other)]


def test_a_topic_without_subscribers_is_forgotten() -> None:
    live = LivePipValues()
    for _ in range(2):
        assert len(live.updates(Subscribed(TOPIC, TOPIC), lambda _: {"buyPipValue": 1.0})) == 1
        assert live.updates(Subscribed(), lambda _: {"buyPipValue": 1.0}) == []
