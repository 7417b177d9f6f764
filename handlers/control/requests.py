"""What the clients of a world sent, and the report about one of them."""

from typing import Any

from engine.faults import text_test
from engine.models.control.requests import ReportQuery, RequestsQuery
from handlers.activity import Record
from handlers.control.base import ControlHandler
from handlers.control.report import report


class RequestsHandler(ControlHandler):
    """`/requests`."""

    def get(self) -> None:
        """List requests and messages of sockets, oldest first."""
        query = self.query(RequestsQuery)
        found = [one for one in self.control.activity.records if _matches(query, one)]
        self.reply([_shown(one) for one in found[-query.limit :]])


class ReportHandler(ControlHandler):
    """`/report`."""

    def get(self) -> None:
        """Report how a client behaved under the faults that it met."""
        query, control = self.query(ReportQuery), self.control
        self.reply(report(control.activity.records, control.faults.applications, query.account, query.session))


def _matches(query: RequestsQuery, record: Record) -> bool:
    sent = record.sent
    expected = ((query.method, sent.method), (query.account, sent.account), (query.status, sent.status))
    return (
        all(one is None or one == value for one, value in expected)
        and (query.path is None or text_test(query.path)(sent.path))
        and record.time_ms >= (query.begin or 0)
    )


def _shown(record: Record) -> dict[str, Any]:
    """Return an entry as RequestRecord."""
    sent = record.sent
    return {
        "number": record.number,
        "time": record.time_ms,
        "kind": sent.kind,
        "method": sent.method,
        "path": sent.path,
        "account": sent.account,
        "address": sent.address,
        "session": sent.session,
        "requestId": sent.request_id,
        "status": sent.status,
        "durationMs": None if sent.ms is None else round(sent.ms, 3),
        "fault": sent.fault,
        "replyLost": sent.is_lost,
    }
