"""The report about a client: rows of requests and messages, and the part of the report that they decide."""

from typing import Any

import pytest

from engine.faults import FaultApplied
from handlers.activity import Record, Sent
from handlers.control.report import report

ORDERS = "/api/v1/broker/orders"
TOPIC, QUOTES = 'orders:{"accountId":"A"}', 'quotes:{"symbols":["AAPL"]}'


def records(*rows: tuple[float, Sent], faults: int = 0) -> list[Record]:
    return [Record(number, 0, at_s, faults, sent) for number, (at_s, sent) in enumerate(rows, 1)]


def order(client_id: str | None = None, digest: str = "d", **fields: Any) -> Sent:
    return Sent("request", "POST", ORDERS, account="A", client_order_id=client_id, digest=digest, status=200, **fields)


def opened(session: str) -> Sent:
    return Sent("open", "open", "/api/v1/ws", address="a", session=session)


def subscribed(session: str, topic: str = TOPIC, has_resume: bool = False) -> Sent:
    method = f"{topic.partition(':')[0]}.subscribe"
    return Sent("message", method, topic, "A", session=session, status=200, has_resume=has_resume)


def ended(session: str, status: int, *topics: str) -> Sent:
    return Sent("close", "close", "", address="a", session=session, status=status, topics=topics)


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        ([order("1", is_lost=True)], (1, 0, 0)),
        ([order("1", is_lost=True), order("1")], (1, 1, 0)),
        ([order("1", is_lost=True), order("2")], (1, 0, 1)),
        ([order(is_lost=True), order()], (1, 0, 1)),
        ([order(is_lost=True), order(digest="other")], (1, 0, 0)),
        ([order("1"), order("1", is_lost=True)], (1, 0, 0)),
        ([order("1"), order("1")], (0, 0, 0)),
        ([order("1", is_lost=True), order("1", is_lost=True), order("1")], (2, 2, 0)),
    ],
)
def test_orders_sent_again_after_a_lost_reply(rows: list[Sent], expected: tuple[int, int, int]) -> None:
    found = report(records(*((0.0, one) for one in rows)), [], "A", None)["orders"]
    assert tuple(found.values()) == expected


@pytest.mark.parametrize(
    ("times", "expected"), [((0.0,), (0, 0)), ((0.0, 4.9), (0, 1)), ((0.0, 5.0), (1, 0)), ((0.0, 1.0, 9.0), (1, 1))]
)
def test_retry_after_is_kept_or_ignored(times: tuple[float, ...], expected: tuple[int, int]) -> None:
    rows = [(at_s, order(retry_after_s=5)) for at_s in times]
    assert tuple(report(records(*rows), [], None, None)["retryAfter"].values()) == expected


@pytest.mark.parametrize(
    ("rows", "reconnects", "topics"),
    [
        ([ended("1", 1000, TOPIC)], (0, 0, None), (0, [])),
        ([ended("1", 1012, TOPIC)], (1, 0, None), (0, [TOPIC])),
        ([ended("1", 1006, TOPIC), opened("2")], (1, 1, 2000), (0, [TOPIC])),
        ([ended("1", 1006, TOPIC), opened("2"), subscribed("2")], (1, 1, 2000), (0, [TOPIC])),
        ([ended("1", 1006, TOPIC), opened("2"), subscribed("2", has_resume=True)], (1, 1, 2000), (1, [])),
        ([ended("1", 1006, QUOTES), opened("2"), subscribed("2", QUOTES)], (1, 1, 2000), (1, [])),
    ],
)
def test_lost_sockets_and_their_topics(rows: list[Sent], reconnects: Any, topics: Any) -> None:
    rows = [opened("1"), subscribed("1"), *rows]
    found = report(records(*((2.0 * place, one) for place, one in enumerate(rows))), [], None, None)
    assert tuple(found["reconnects"].values()) == reconnects
    assert tuple(found["topics"].values()) == topics


@pytest.mark.parametrize(
    ("rows", "faults", "expected"),
    [
        ([], 1, (1, 0, 1)),
        ([subscribed("1")], 1, (1, 0, 1)),
        ([subscribed("1", has_resume=True)], 0, (1, 0, 1)),
        ([subscribed("1", has_resume=True)], 1, (1, 1, 0)),
    ],
)
def test_gap_is_closed_by_a_later_resumption(rows: list[Sent], faults: int, expected: Any) -> None:
    first, later = records((0.0, subscribed("1"))), records(*((1.0, one) for one in rows), faults=faults)
    drop = FaultApplied(1, 0, "f", "push", "drop", {"topic": TOPIC})
    assert tuple(report([*first, *later], [drop], "A", None)["gaps"].values()) == expected


@pytest.mark.parametrize(("status", "count"), [(200, 0), (404, 0), (409, 1), (422, 1)])
def test_cancel_after_the_end_of_the_order(status: int, count: int) -> None:
    cancel = Sent("request", "DELETE", f"{ORDERS}/ORDER-1", account="A", status=status)
    assert report(records((0.0, cancel)), [], "A", None)["cancelsAfterFill"] == count


def test_report_of_an_account_has_its_requests_and_sockets() -> None:
    rows = [order(), opened("1"), subscribed("1"), opened("2"), Sent("request", "GET", ORDERS, account="B")]
    found = records(*((0.0, one) for one in rows))
    counts = [(one["requests"], one["messages"]) for one in (report(found, [], who, None) for who in ("A", "B", None))]
    assert counts == [(1, 1), (1, 0), (2, 1)]
    assert report(found, [], None, "1")["messages"] == 1
