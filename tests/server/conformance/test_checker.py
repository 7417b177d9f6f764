"""The checker reads whatever a broker sends: a form that the interface does not have is a violation, not an error."""

from typing import Any

import pytest

from server.conformance.checker import Checker, Conversation

TOPIC = 'pl:{"accountId":"A"}'
ORDERS = 'orders:{"accountId":"A"}'


def subscribed(topic: str, **more: Any) -> dict[str, Any]:
    kind = f"{topic.partition(':')[0]}.subscribe.response"
    return {"type": kind, "payload": {"status": "ok", "topic": topic, "seq": 0, **more}}


def update(topic: str, payload: Any, seq: int = 1) -> dict[str, Any]:
    kind = f"{topic.partition(':')[0]}.update"
    return {"type": kind, "payload": {"topic": topic, "payload": payload, "seq": seq}}


@pytest.mark.parametrize(
    ("messages", "rule"),
    [
        (["no object"], "message-form"),
        ([{"payload": {}}], "message-form"),
        ([{"type": "orders.update", "payload": []}], "message-form"),
        ([subscribed(TOPIC), update(TOPIC, [])], "message-form"),
        ([subscribed(TOPIC), update(TOPIC, {"positions": [1]})], "profit-of-position"),
        ([subscribed(ORDERS), update(ORDERS, {"id": 1})], "required-fields"),
        ([subscribed(ORDERS, snapshot=[{"status": 6}])], "required-fields"),
    ],
)
def test_a_message_of_another_form_breaks_a_rule(messages: list[Any], rule: str) -> None:
    checker = Checker()
    conversation = Conversation(checker, "test")
    for message in messages:
        conversation.receive(message)
    assert checker.broken[rule] == 1


@pytest.mark.parametrize("message", [{"type": "heartbeat", "payload": {}}, {"type": "error", "payload": {"code": "X"}}])
def test_other_messages_of_the_protocol_break_none(message: dict[str, Any]) -> None:
    checker = Checker()
    Conversation(checker, "test").receive(message)
    assert checker.broken.total() == 0
