"""Account activities: `/v2/account/activities`, the trades of the account. It has no activities of other types."""

from datetime import UTC, datetime
from typing import Annotated, Any, Literal

from pydantic import Field

from engine.broker import events as ev
from engine.broker.account import Account
from handlers.alpaca.assets import symbol_of
from handlers.alpaca.base import AlpacaHandler
from handlers.alpaca.formats import DAY_MS, Lower, decimal_text, read_time, time_text
from handlers.alpaca.ids import execution_uuid, named_uuid, order_uuid
from handlers.alpaca.order_shapes import SIDES
from handlers.alpaca.requests import Body

FILL = "FILL"


class ActivitiesQuery(Body):
    """Query of the activities; `page_token` is the id of the last activity of the page before."""

    activity_types: str | None = None
    category: str | None = None
    order_id: str | None = None
    date: str | None = None
    after: str | None = None
    until: str | None = None
    direction: Annotated[Literal["asc", "desc"], Lower] = "desc"
    page_size: Annotated[int, Field(ge=1, le=100)] = 100
    page_token: str | None = None


def activities(account: Account) -> list[dict[str, Any]]:
    """Return the kept trades as TradeActivity, oldest first."""
    filled: dict[str, int] = {}
    found = []
    for event in account.executions:
        order = account.working.get(event.order_id) or account.final.get(event.order_id)
        if order is None:
            continue
        before = filled.get(event.order_id, 0)
        filled[event.order_id] = before + event.qty
        leaves = order.terms.qty - filled[event.order_id]
        found.append(activity(account, event, filled[event.order_id], max(0, leaves), order.revision))
    return found


def activity(account: Account, event: ev.OrderExecuted, filled: int, leaves: int, revision: int) -> dict[str, Any]:
    """Return a TradeActivity.

    Args:
        account: The account.
        event: The trade.
        filled: Quantity that its order had traded with it, in quantity units.
        leaves: Quantity that its order still had to trade.
        revision: Newest revision of its order.
    """
    instrument = account.instruments[event.symbol]
    stamp = datetime.fromtimestamp(event.time_ms / 1000, UTC)
    kind = "partial_fill" if leaves else "fill"
    scale = instrument.qty_scale
    return {
        "id": f"{stamp:%Y%m%d%H%M%S}{event.time_ms % 1000:03d}::{execution_uuid(account.id, event.execution_id)}",
        "account_id": named_uuid("account", account.id),
        "activity_type": FILL,
        "transaction_time": time_text(event.time_ms),
        "type": kind,
        "price": decimal_text(event.price, instrument.pricescale),
        "qty": decimal_text(event.qty, scale),
        "side": SIDES[event.side],
        "symbol": symbol_of(instrument),
        "leaves_qty": decimal_text(leaves, scale),
        "cum_qty": decimal_text(filled, scale),
        "order_id": order_uuid(account.id, event.order_id, revision),
        "order_status": "partially_filled" if leaves else "filled",
    }


class ActivitiesHandler(AlpacaHandler):
    """`/v2/account/activities` and `/v2/account/activities/{type}`."""

    async def get(self, kind: str | None = None) -> None:
        """List activities; the newest come first."""
        query = self.query(ActivitiesQuery)
        kinds = kind or query.activity_types
        is_wanted = (not kinds or FILL in kinds.upper().split(",")) and query.category != "non_trade_activity"
        await self.show(lambda: self._page(query) if is_wanted else [])

    def _page(self, query: ActivitiesQuery) -> list[dict[str, Any]]:
        after, until, date_ms = (read_time(name, getattr(query, name)) for name in ("after", "until", "date"))
        low = "" if after is None else time_text(after)
        high = "9" if until is None else time_text(until)
        if date_ms is not None:
            low, high = time_text(date_ms - 1), time_text(date_ms + DAY_MS)
        found = [
            one
            for one in activities(self.account)
            if low < one["transaction_time"] < high and query.order_id in (None, one["order_id"])
        ]
        if query.direction == "desc":
            found.reverse()
        ids = [one["id"] for one in found]
        first = ids.index(query.page_token) + 1 if query.page_token in ids else 0
        return found[first : first + query.page_size]
