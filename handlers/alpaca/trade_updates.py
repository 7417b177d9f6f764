"""Trade updates: each event of an order as Alpaca's `trade_updates` message, numbered by the events of the account.

The stream of a client is in `trading_stream.py`. An update is made when its event is durable, from the order as it was
at the event: trades that happened later are taken out of its figures.
"""

from collections import OrderedDict, deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, NamedTuple
from uuid import uuid4

import orjson

from engine.broker import events as ev
from engine.broker.account import Account
from engine.broker.market_view import MarketView
from engine.broker.order import Order
from engine.core import Engine
from engine.errors import Reason
from engine.models.broker.orders import ParentType
from handlers.alpaca.formats import decimal_text, time_text
from handlers.alpaca.ids import event_uuid, execution_uuid
from handlers.alpaca.order_shapes import REPLACED, Version, current, earlier, order_shape
from handlers.publisher import Follower
from handlers.result_feed import ResultFeed

KEPT_UPDATES = 500
"""Updates of an account that a client can resume from."""

KEPT_LOGS = 64
"""Accounts without a client whose updates are kept."""

STREAM = "trade_updates"
CANCEL_REJECTED, REPLACE_REJECTED = "order_cancel_rejected", "order_replace_rejected"

Send = Callable[[bytes], None]


class Traded(NamedTuple):
    """Quantity and sum of quantity * price of some trades of an order."""

    qty: int = 0
    value: int = 0


class Update(NamedTuple):
    """A numbered message."""

    seq: int
    body: bytes


@dataclass(slots=True)
class AccountLog:
    """The newest updates of one account and its clients.

    Attributes:
        seq: Number of the last event, also of one that is no update.
        began: Number of the event after which every update is kept.
        clients: By client: the function that sends a message to it.
    """

    seq: int
    began: int
    updates: deque[Update] = field(default_factory=lambda: deque(maxlen=KEPT_UPDATES))
    clients: dict[object, Send] = field(default_factory=dict)

    def since(self, seq: int) -> list[Update] | None:
        """Return the updates after a number, None when some of them are not kept."""
        return [one for one in self.updates if one.seq > seq] if self.began <= seq <= self.seq else None

    def add(self, update: Update) -> None:
        """Keep an update and send it to every client; the oldest one is dropped when too many are kept."""
        if len(self.updates) == KEPT_UPDATES:
            self.began = self.updates[0].seq  # the other update of the same event may still be kept
        self.updates.append(update)
        self.send(update.body)

    def send(self, body: bytes) -> None:
        """Send a message to every client."""
        for send in list(self.clients.values()):
            send(body)


class TradeUpdates:
    """The updates of all accounts that have, or recently had, a client.

    Args:
        engine: Source of the orders.
        feed: Source of the durable events.
    """

    def __init__(self, engine: Engine, feed: ResultFeed) -> None:
        self._engine = engine
        self._feed = feed
        self._logs: OrderedDict[str, AccountLog] = OrderedDict()

    def join(self, account_id: str, client: object, send: Send, event_count: int, since: int | None) -> bool:
        """Send an account's updates to a client from now on.

        Args:
            account_id: The account.
            client: Names the client in `leave`.
            send: Called with the body of each update.
            event_count: Events of the account that are durable now.
            since: Number of the last update that the client has; later ones are sent at once.

        Returns:
            Whether every update after `since` was sent.
        """
        log = self._logs.get(account_id)
        if log is None:
            log = self._logs[account_id] = AccountLog(event_count, event_count)
            self._feed.follow(account_id, lambda events: self._publish(account_id, log, events))
        log.clients[client] = send
        self._logs.move_to_end(account_id)
        missed = None if since is None else log.since(since)
        for update in missed or ():
            send(update.body)
        return since is None or missed is not None

    def leave(self, account_id: str, client: object) -> None:
        """Stop sending to a client; drop the updates of the oldest accounts without a client."""
        if account_id in self._logs:
            self._logs[account_id].clients.pop(client, None)
        unused = [name for name, log in self._logs.items() if not log.clients]
        for name in unused[: max(0, len(unused) - KEPT_LOGS)]:
            del self._logs[name]
            self._feed.leave(name)

    def refusal(self, event: str, version: Version, account: Account, view: MarketView) -> Follower | None:
        """Return the message about a refused change of an order, as a function that sends it; None without a client.

        The account has no event of a refusal, so the message has the number of the update before it, and is not kept.

        Args:
            event: CANCEL_REJECTED or REPLACE_REJECTED.
            version: The order as it stays.
            account: Its account.
            view: The market now.
        """
        log = self._logs.get(account.id)
        if log is None or not log.clients:
            return None
        data = _data_of(event, str(uuid4()), view.now_ms, order_shape(version, account, view))
        return lambda _is_stored, _was_late: log.send(_body(log.seq, data))

    def _publish(self, account_id: str, log: AccountLog, events: Sequence[ev.Event]) -> None:
        account, view = self._engine.account(account_id), self._engine.view()
        first, log.seq = log.seq + 1, log.seq + len(events)
        for seq, event in enumerate(events, first):
            data = _data(account, event, seq, view)
            for one in data:
                log.add(Update(seq, _body(seq, one)))


STATUSES = {"new": "new", "accepted": "accepted", "held": "held", "fill": "filled", "partial_fill": "partially_filled"}
"""Status of the order after an event, by the name of its message; after other events it has its current one."""


def _data(account: Account, event: ev.Event, seq: int, view: MarketView) -> list[dict[str, Any]]:
    """Return the `data` of the messages about an event: none, one, or two for a replacement."""
    if isinstance(event, ev.ACCOUNT_EVENTS):
        return []
    order = account.working.get(event.order_id) or account.final.get(event.order_id)
    if order is None:  # the account was reset since, or the order is no longer kept
        return []
    found = []
    for name in _names(event, order, account, view):
        version = _version(name, order, event, account, view)
        found.append(_message(name, version, account, event, seq, view))
    return found


def _names(event: ev.OrderEvent, order: Order, account: Account, view: MarketView) -> tuple[str, ...]:
    """Return the names of the messages about an event, in order."""
    match event:
        case ev.OrderAccepted():
            is_held = event.parent is not None and event.parent.type == ParentType.ORDER
            is_waiting = event.eligible_ms > event.time_ms or not view.is_open(order.symbol)
            return ("held" if is_held else "accepted" if is_waiting else "new",)
        case ev.OrderRejected():
            return ("rejected",)
        case ev.OrderArrived():
            return ("new",)
        case ev.OrderModified(is_revision=True):
            return (REPLACED, "new")
        case ev.BracketMoved() if event.parent.type != ParentType.ORDER and order.arrival_ms == event.time_ms:
            return ("new",)
        case ev.OrderExecuted():
            return ("fill" if _at(order, event, account).qty == order.terms.qty else "partial_fill",)
        case ev.OrderCanceled():
            return ("expired" if event.reason is Reason.EXPIRED and not order.is_immediate else "canceled",)
    return ()


def _version(name: str, order: Order, event: ev.OrderEvent, account: Account, view: MarketView) -> Version:
    """Return the order as it was after an event; before it for the message "replaced"."""
    now = current(order, view)
    if name == REPLACED:
        return next((one for one in reversed(earlier(order)) if one.update_time == event.time_ms), now)
    if name not in STATUSES:
        return now
    traded = _at(order, event, account)
    status = "partially_filled" if name == "new" and traded.qty else STATUSES[name]
    return replace(now, status=status, filled=traded.qty, value=traded.value, update_time=event.time_ms)


def _at(order: Order, event: ev.OrderEvent, account: Account) -> Traded:
    """Return what an order had traded right after an event; trades that happened later are taken out."""
    qty, value = order.filled, order.value
    for later in reversed(account.executions):
        if later.time_ms < event.time_ms or later is event:
            break
        if isinstance(event, ev.OrderExecuted) and later.execution_id == event.execution_id:
            break
        if later.order_id == order.id:
            qty, value = qty - later.qty, value - later.qty * later.price
    return Traded(qty, value)


def _message(
    name: str, version: Version, account: Account, event: ev.OrderEvent, seq: int, view: MarketView
) -> dict[str, Any]:
    """Return the `data` of one message; a trade has its price and quantity, and the position after it."""
    data = _data_of(name, event_uuid(account.id, seq), event.time_ms, order_shape(version, account, view))
    if isinstance(event, ev.OrderExecuted):
        instrument = version.order.instrument
        position = account.signed_qty(event.symbol) - _traded_after(account, event)
        data |= {
            "execution_id": execution_uuid(account.id, event.execution_id),
            "price": decimal_text(event.price, instrument.pricescale),
            "qty": decimal_text(event.qty, instrument.qty_scale),
            "position_qty": decimal_text(position, instrument.qty_scale),
        }
    return data


def _data_of(name: str, execution_id: str, time_ms: int, order: dict[str, Any]) -> dict[str, Any]:
    """Return the `data` that every message has."""
    return {"event": name, "execution_id": execution_id, "timestamp": time_text(time_ms), "order": order}


def _body(seq: int, data: dict[str, Any]) -> bytes:
    return orjson.dumps({"stream": STREAM, "seq": seq, "data": data})


def _traded_after(account: Account, event: ev.OrderExecuted) -> int:
    """Return the signed quantity of a symbol that was traded after a trade."""
    total = 0
    for later in reversed(account.executions):
        if later.execution_id == event.execution_id:
            break
        if later.symbol == event.symbol:
            total += later.side * later.qty
    return total
