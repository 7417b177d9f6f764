"""The planted faults: the rule that each one breaks, the part of the script that shows it, and the change."""

from typing import NamedTuple

from tests.server.conformance.planting import (
    Added,
    AddedAfterRefusal,
    Answer,
    Answers,
    Change,
    Delayed,
    Edit,
    Edited,
    Json,
    Lost,
    LostOnResume,
    Message,
    Responses,
)

MARKET, WORKING, BRACKETS = "market-orders", "working-orders", "brackets"
LEVELS, INDIVIDUAL = "exit-levels", "individual-positions"
REFUSALS, RECONNECTS, DATA, SIMULATED, ROWS = (
    "refusals",
    "reconnects",
    "market-data",
    "one-cancels-other",
    "worked-rows",
)


class Fault(NamedTuple):
    """A planted fault.

    Attributes:
        rule: The rule that it breaks.
        part: Part of the script that shows it.
        change: The change.
        name: What distinguishes it from other faults of the rule.
    """

    rule: str
    part: str
    change: Change
    name: str = ""

    @property
    def id(self) -> str:
        """Its name in the results of a test."""
        return f"{self.rule} {self.name}".strip()


def setting(**fields: object) -> Edit:
    """Return an edit that sets fields."""
    return lambda payload: payload.update(fields)


def adding(amount: float, *names: str) -> Edit:
    """Return an edit that adds an amount to fields."""
    return lambda payload: payload.update({name: payload[name] + amount for name in names})


def flip(payload: Json) -> None:
    payload["side"] = -payload["side"]


def is_filled(order: Json) -> bool:
    return bool(order["status"] == 2)


def is_canceled(order: Json) -> bool:
    return bool(order["status"] == 1)


def is_working(order: Json) -> bool:
    return bool(order["status"] == 6)


def is_limit(order: Json) -> bool:
    return bool(order["type"] == 1)


def is_child(order: Json) -> bool:
    return order["parentId"] is not None and order["status"] in (3, 6)


def is_child_of_order(order: Json) -> bool:
    return bool(order["parentType"] == 1 and order["status"] == 3)


def is_canceled_child(order: Json) -> bool:
    return order["parentId"] is not None and is_canceled(order)


def is_child_of_position(order: Json) -> bool:
    return bool(order["parentType"] == 2 and order["status"] == 6)


def is_child_of_individual(order: Json) -> bool:
    return bool(order["parentType"] == 3 and order["status"] == 6)


def is_level(order: Json) -> bool:
    return order["exitLevelId"] is not None and order["status"] in (3, 6)


def has_levels(row: Json) -> bool:
    return bool(row["exitLevels"])


def with_one_id(row: Json) -> None:
    row["exitLevels"] = [level | {"id": "1"} for level in row["exitLevels"]]


def named_after_order(row: Json) -> None:
    row["id"] = row["orderId"]


def is_flat(position: Json) -> bool:
    return not position["qty"]


def is_open(position: Json) -> bool:
    return bool(position["qty"])


def accepted(answer: Answer) -> Answer:
    return Answer(200, "application/json", {"success": True, "orderId": "ORDER-0", "message": ""})


def changed_first(answer: Answer) -> Answer:
    first, *others = answer.body
    return answer._replace(body=[first | {"qty": first["qty"] + 1}, *others])


def row_edit(**fields: object) -> Edit:
    return lambda payload: [row.update(fields) for row in payload["positions"]]


def crossed(depth: Json) -> None:
    depth["asks"] = [level | {"price": level["price"] / 2} for level in depth["asks"]]


def turned(depth: Json) -> None:
    depth["bids"].reverse()


LIVE = (
    Fault("message-form", MARKET, Message("equity", lambda message: message["payload"].pop("topic"))),
    Fault("response-before-updates", MARKET, Message("orders", lambda one: one["payload"].update(topic="orders:{}"))),
    Fault("sequence-without-holes", MARKET, Message("orders", lambda one: adding(1, "seq")(one["payload"])), "skips"),
    Fault("sequence-rises", MARKET, Message("equity", lambda one: one["payload"].update(seq=1))),
    Fault("required-fields", MARKET, Edited("orders", lambda order: order.pop("status"))),
    Fault("known-codes", WORKING, Edited("orders", setting(status=9))),
    Fault("command-accepted", MARKET, Answers("POST", "/close", lambda answer: answer._replace(status=500))),
    Fault("confirmed-in-time", WORKING, Lost("orders", when=is_canceled, only=1)),
    Fault("off-tick-refused", REFUSALS, Answers("POST", "/orders", accepted, 400)),
    Fault("off-step-refused", REFUSALS, Answers("POST", "/orders", accepted, 400)),
    Fault("unknown-order-refused", REFUSALS, Answers("DELETE", "/orders/CONFORM", accepted)),
    Fault("final-order-refused", WORKING, Answers("DELETE", "/orders/", accepted, 409)),
    Fault("errors-are-problems", REFUSALS, Answers("POST", "/orders", lambda _: Answer(400, "text/html", "no"), 400)),
    Fault("refused-changes-nothing", REFUSALS, AddedAfterRefusal()),
    Fault("snapshot-is-rest", MARKET, Responses("orders", lambda one: one.update(snapshot=one["snapshot"][1:]))),
    Fault("told-is-rest", MARKET, Answers("GET", "/orders", changed_first)),
    Fault("present-after-reconnect", RECONNECTS, Responses("orders", setting(snapshot=[]))),
    Fault("resume-without-holes", RECONNECTS, LostOnResume()),
    Fault(
        "worked-rows",
        ROWS,
        Answers("GET", "/state", lambda one: one._replace(body=one.body | {"balance": one.body["balance"] + 0.01})),
    ),
    Fault("final-status-stays", WORKING, Added("orders", setting(status=6), is_canceled)),
    Fault("tick-grid", WORKING, Edited("orders", adding(0.001, "limitPrice"), is_limit)),
    Fault("ids-not-mixed", MARKET, Edited("orders", setting(id="AAPL"))),
    Fault("parent-told", BRACKETS, Edited("orders", setting(parentId="ORDER-0"), is_child_of_order)),
    Fault("brackets-end-with-parent", BRACKETS, Lost("orders", when=is_canceled_child)),
    Fault("one-cancels-other", SIMULATED, Lost("orders", when=is_canceled_child)),
    Fault("execution-once", MARKET, Added("executions")),
    Fault("execution-before-order", MARKET, Delayed("executions", "orders")),
    Fault("position-is-executions", MARKET, Edited("positions", adding(1, "qty"))),
    Fault("close-keeps-id", MARKET, Edited("positions", setting(id="AAPL-1"), is_flat)),
    Fault("snapshot-is-rest", INDIVIDUAL, Responses(INDIVIDUAL, setting(snapshot=[])), "of individual positions"),
    Fault(
        "told-is-rest", INDIVIDUAL, Answers("GET", "/individual-positions", changed_first), "of individual positions"
    ),
    Fault("individual-close-keeps-id", INDIVIDUAL, Edited(INDIVIDUAL, setting(id="POSITION-0"), is_flat)),
    Fault("individual-sum-quantity", INDIVIDUAL, Lost(INDIVIDUAL, when=is_flat)),
    Fault("exit-levels-within-position", LEVELS, Edited("orders", adding(5, "qty"), is_level)),
    Fault("brackets-end-with-parent", INDIVIDUAL, Lost("orders", when=is_canceled_child), "of individual positions"),
    Fault("one-cancels-other", LEVELS, Lost("orders", when=is_canceled_child), "in an exit level"),
    Fault("close-is-told", MARKET, Lost("positions", when=is_flat)),
    Fault("equity-sum", MARKET, Edited("equity", adding(1, "equity"))),
    Fault("order-before-position", MARKET, Delayed("orders", "positions", is_filled)),
    Fault("quote-sides", DATA, Edited("quotes", lambda quote: quote["v"].update(bid=quote["v"]["ask"] + 1))),
)
"""Faults that a proxy between the script and a real server plants."""

RECORDED = (
    Fault("topic-of-route", WORKING, Message("orders", setting(type="notifications.update"))),
    Fault(
        "sequence-without-holes",
        MARKET,
        Message("executions", lambda one: adding(-1, "seq")(one["payload"])),
        "repeats",
    ),
    Fault("known-codes", MARKET, Edited("executions", setting(side=0)), "of executions"),
    Fault("filled-never-falls", SIMULATED, Added("orders", setting(filledQty=1), is_filled)),
    Fault("filled-within-quantity", MARKET, Edited("orders", adding(10, "filledQty"))),
    Fault("filled-means-all", MARKET, Edited("orders", setting(status=6), is_filled)),
    Fault("identity-stays", WORKING, Edited("orders", flip, is_canceled), "side"),
    Fault("identity-stays", WORKING, Edited("orders", setting(type=4, stopPrice=150.0), is_canceled), "type"),
    Fault("price-of-type", WORKING, Edited("orders", setting(limitPrice=None), is_limit)),
    Fault("lot-grid", WORKING, Edited("orders", adding(0.5, "qty"))),
    Fault("rejected-says-why", WORKING, Edited("orders", setting(message=None))),
    Fault("update-time-rises", WORKING, Edited("orders", setting(updateTime=0), is_canceled)),
    Fault("parent-type", BRACKETS, Edited("orders", setting(parentType=None), is_child)),
    Fault("parent-told", BRACKETS, Edited("orders", setting(parentId="MSFT"), is_child_of_position), "of a position"),
    Fault("bracket-side", BRACKETS, Edited("orders", flip, is_child_of_order)),
    Fault("bracket-status", BRACKETS, Edited("orders", setting(status=6), is_child_of_order)),
    Fault("execution-positive", MARKET, Edited("executions", setting(price=0))),
    Fault("execution-tick-grid", MARKET, Edited("executions", adding(0.001, "price"))),
    Fault("execution-of-order", SIMULATED, Edited("executions", flip)),
    Fault("net-amount", MARKET, Edited("executions", adding(1, "netAmount"))),
    Fault("filled-is-executions", MARKET, Edited("orders", setting(filledQty=1, status=6), is_filled)),
    Fault("average-of-executions", MARKET, Edited("orders", adding(0.01, "avgPrice"), is_filled)),
    Fault("execution-within-limit", SIMULATED, Edited("executions", adding(5, "price"), only=1)),
    Fault("position-quantity", MARKET, Edited("positions", lambda one: one.update(qty=-one["qty"]), is_open)),
    Fault("position-average", MARKET, Edited("positions", adding(0.01, "avgPrice"), is_open)),
    Fault("one-position-per-symbol", MARKET, Edited("positions", setting(id="AAPL-2"), is_open, only=2)),
    Fault("profit-of-position", BRACKETS, Edited("pl", row_edit(pl=7000))),
    Fault("profit-of-open-positions", BRACKETS, Edited("pl", setting(positions=[]))),
    Fault("individual-identity-stays", INDIVIDUAL, Edited(INDIVIDUAL, setting(date=0), is_open, only=4)),
    Fault("individual-of-order", INDIVIDUAL, Edited(INDIVIDUAL, setting(symbol="MSFT"), is_open, only=1)),
    Fault("individual-sum-quantity", INDIVIDUAL, Edited(INDIVIDUAL, adding(1, "qty"), is_open), "by an update"),
    Fault("individual-sum-average", INDIVIDUAL, Edited(INDIVIDUAL, adding(1, "price"), is_open)),
    Fault("individual-sum-profit", INDIVIDUAL, Edited("individual-pl", row_edit(pl=7000))),
    Fault(
        "individual-has-brackets",
        INDIVIDUAL,
        Edited("orders", setting(parentType=2, parentId="AAPL"), is_child_of_individual),
    ),
    Fault("position-before-individual", INDIVIDUAL, Delayed("positions", INDIVIDUAL)),
    Fault("position-quantity", INDIVIDUAL, Edited(INDIVIDUAL, setting(qty=-1), is_open), "of individual positions"),
    Fault("profit-of-position", INDIVIDUAL, Edited("individual-pl", row_edit(pl=7000)), "of individual positions"),
    Fault(
        "profit-of-open-positions",
        INDIVIDUAL,
        Edited("individual-pl", setting(positions=[])),
        "of individual positions",
    ),
    Fault("ids-not-mixed", INDIVIDUAL, Edited(INDIVIDUAL, setting(id="AAPL"), is_open), "of individual positions"),
    Fault("ids-not-mixed", INDIVIDUAL, Edited(INDIVIDUAL, named_after_order, is_open), "of orders"),
    Fault(
        "parent-told",
        INDIVIDUAL,
        Edited("orders", setting(parentId="POSITION-0"), is_child_of_individual),
        "of individual positions",
    ),
    Fault("bracket-side", INDIVIDUAL, Edited("orders", flip, is_child_of_individual), "of individual positions"),
    Fault(
        "position-before-brackets",
        INDIVIDUAL,
        Delayed(INDIVIDUAL, "orders", is_open, is_child_of_individual),
        "of individual positions",
    ),
    Fault("exit-level-ids", LEVELS, Edited("orders", with_one_id, has_levels)),
    Fault("exit-level-ids", INDIVIDUAL, Edited(INDIVIDUAL, with_one_id, has_levels), "of individual positions"),
    Fault("exit-levels-within-position", LEVELS, Edited("orders", adding(5, "qty"), is_level), "in a session"),
    Fault("exit-levels-shown", LEVELS, Edited("positions", setting(exitLevels=None))),
    Fault("exit-levels-shown", INDIVIDUAL, Edited(INDIVIDUAL, with_one_id, has_levels), "of individual positions"),
    Fault("balance-sum", MARKET, Edited("equity", adding(1, "equity", "balance"), only=2)),
    Fault("commission-of-executions", MARKET, Edited("equity", adding(1, "commission"), only=2)),
    Fault("realised-of-executions", MARKET, Edited("equity", adding(1, "realizedPL", "balance", "equity"), only=2)),
    Fault("margin-sum", MARKET, Edited("equity", adding(1e5, "marginAvailable"))),
    Fault("unrealised-sum", BRACKETS, Edited("equity", adding(50, "unrealizedPL", "equity"))),
    Fault("equity-before-position", MARKET, Delayed("equity", "positions")),
    Fault("position-before-brackets", BRACKETS, Delayed("positions", "orders", is_open, is_child_of_position)),
    Fault("order-after-execution", MARKET, Lost("orders", when=is_filled, only=1)),
    Fault("bar-extremes", DATA, Edited("bars", setting(high=1))),
    Fault("bars-go-forward", DATA, Edited("bars", adding(-3_600_000, "time"), only=2)),
    Fault("depth-ascending", DATA, Edited("depth", turned)),
    Fault("depth-sides", DATA, Edited("depth", crossed)),
)
"""Faults that are planted in the messages of recorded sessions."""
