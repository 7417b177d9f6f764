"""The report about a client: how it behaved under the faults that it met. A pure function of the two logs.

`handlers/activity.py` has the requests and messages, `engine/faults.py` the applications of faults.
"""

from collections.abc import Iterable, Sequence

from engine.faults import FaultApplied
from engine.topics import EXACT, Payload
from handlers.activity import Record
from handlers.errors import CloseCode

WISHED = (CloseCode.NORMAL, 1001)
"""Close codes with which a client, or the end of its world, ends a socket on purpose."""

FINAL_ORDER = (409, 422)
"""Statuses of a cancel that came after the order's end, native and Alpaca's."""


def report(
    records: Iterable[Record], applications: Iterable[FaultApplied], account: str | None, session: str | None
) -> Payload:
    """Return a ClientReport.

    Args:
        records: Requests and messages of the world, oldest first.
        applications: Applications of faults, oldest first.
        account: Only this account: its requests, and the sockets that follow one of its topics.
        session: Only this socket.
    """
    own = _own(list(records), account, session)
    requests = [one for one in own if one.sent.kind == "request"]
    sockets = [one for one in own if one.sent.kind != "request"]
    topics = {one.sent.path for one in sockets if one.sent.method.endswith(".subscribe")}
    sessions = {one.sent.session for one in sockets}
    met = list(applications)
    pushes = [one for one in met if one.stage == "push" and one.case["topic"] in topics]
    cuts = [one for one in met if one.stage == "connection" and one.case.get("session") in sessions]
    return {
        "account": account,
        "session": session,
        "requests": len(requests),
        "messages": len([one for one in sockets if one.sent.kind == "message"]),
        "faults": len([one for one in own if one.sent.fault is not None]) + len(pushes) + len(cuts),
        **_reconnects(sockets),
        "orders": _resent(requests),
        "retryAfter": _retries(requests),
        "cancelsAfterFill": len([one for one in requests if _is_late_cancel(one)]),
        "gaps": _gaps(sockets, pushes),
    }


def _own(records: list[Record], account: str | None, session: str | None) -> list[Record]:
    """Return the records of a client. A lost socket belongs to it with everything else of its session."""
    if session is not None:
        return [one for one in records if one.sent.session == session]
    if account is None:
        return records
    sessions = {one.sent.session for one in records if one.sent.session and one.sent.account == account}
    return [
        one
        for one in records
        if (one.sent.account == account if one.sent.session is None else one.sent.session in sessions)
    ]


def _reconnects(sockets: Sequence[Record]) -> Payload:
    """Return the parts `reconnects` and `topics`."""
    lost = [one for one in sockets if one.sent.kind == "close" and one.sent.status not in WISHED]
    waits: list[int] = []
    resumed, missing = 0, []
    for end in lost:
        opened = next((one for one in sockets if _follows(one, end)), None)
        if opened is not None:
            waits.append(round(1000 * (opened.at_s - end.at_s)))
        subscriptions = {
            one.sent.path: one.sent.has_resume
            for one in sockets
            if opened is not None and one.sent.session == opened.sent.session and _is_subscription(one)
        }
        for topic in end.sent.topics:
            if subscriptions.get(topic, False) or (topic in subscriptions and not _is_exact(topic)):
                resumed += 1
            else:
                missing.append(topic)
    return {
        "reconnects": {"lost": len(lost), "reconnected": len(waits), "maxMs": max(waits, default=None)},
        "topics": {"resumed": resumed, "lost": missing},
    }


def _follows(one: Record, end: Record) -> bool:
    return one.sent.kind == "open" and one.number > end.number and one.sent.address == end.sent.address


def _is_subscription(one: Record) -> bool:
    return one.sent.kind == "message" and one.sent.method.endswith(".subscribe") and one.sent.status == 200


def _is_exact(topic: str) -> bool:
    return topic.partition(":")[0] in EXACT


def _resent(requests: Sequence[Record]) -> Payload:
    """Return the part `orders`."""
    orders = [one for one in requests if one.sent.digest is not None]
    lost = [one for one in orders if one.sent.is_lost]
    same_id = same_body = 0
    for first in lost:
        later = [one.sent for one in orders if one.number > first.number and one.sent.path == first.sent.path]
        client_id = first.sent.client_order_id
        if client_id is not None and any(one.client_order_id == client_id for one in later):
            same_id += 1
        elif any(one.digest == first.sent.digest for one in later):
            same_body += 1
    return {"repliesLost": len(lost), "sameClientOrderId": same_id, "sameBody": same_body}


def _retries(requests: Sequence[Record]) -> Payload:
    """Return the part `retryAfter`."""
    kept = ignored = 0
    for place, refused in enumerate(requests):
        wait_s, sent = refused.sent.retry_after_s, refused.sent
        if wait_s is None:
            continue
        address = (sent.method, sent.path)
        again = next((one for one in requests[place + 1 :] if (one.sent.method, one.sent.path) == address), None)
        if again is not None and again.at_s - refused.at_s < wait_s:
            ignored += 1
        elif again is not None:
            kept += 1
    return {"kept": kept, "ignored": ignored}


def _is_late_cancel(one: Record) -> bool:
    sent = one.sent
    return sent.method == "DELETE" and "/orders/" in sent.path and sent.status in FINAL_ORDER


def _gaps(sockets: Sequence[Record], pushes: Sequence[FaultApplied]) -> Payload:
    """Return the part `gaps`: dropped updates of exact topics, and the resumptions of their topics after the drop."""
    drops = [one for one in pushes if one.action == "drop" and _is_exact(str(one.case["topic"]))]
    resumed = [
        drop
        for drop in drops
        if any(
            _is_subscription(one)
            and one.sent.has_resume
            and one.sent.path == drop.case["topic"]
            and one.faults >= drop.number
            for one in sockets
        )
    ]
    return {"seen": len(drops), "resumed": len(resumed), "notResumed": len(drops) - len(resumed)}
