"""Native interface and dialect agree: the same commands through both leave the same orders, trades and money."""

from typing import Any, NamedTuple

import requests
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.alpaca.venue import Venue
from tests.support import WAIT_S

SIDES = {"buy": 1, "sell": -1}
TYPES = {"market": 2, "limit": 1, "stop": 3, "stop_limit": 4, "trailing_stop": 3}
OWN = {"id", "parentId", "clientOrderId", "customFields", "orderId", "accountId"}
"""Fields of an order or a trade that two accounts cannot share."""


class Placed(NamedTuple):
    """An order; it waits `distance` dollars away from the market, or trades at once where that is not above 0."""

    symbol: str
    side: str
    kind: str
    qty: int
    tif: str
    distance: int
    has_legs: bool
    is_notional: bool


class Replaced(NamedTuple):
    """The newest open order gets another quantity."""

    qty: int


class Canceled(NamedTuple):
    """The oldest open order is canceled."""


class Closed(NamedTuple):
    """A position is closed."""

    symbol: str


class Stepped(NamedTuple):
    """Time passes."""

    ms: int


symbols = st.sampled_from(("AAPL", "MSFT"))
placed = st.builds(
    Placed,
    symbols,
    st.sampled_from(("buy", "sell")),
    st.sampled_from(tuple(TYPES)),
    st.integers(1, 3000),
    st.sampled_from(("day", "gtc", "ioc", "fok")),
    st.integers(-1, 4),
    st.sampled_from((False, False, True)),
    st.booleans(),
)
resting = placed.map(lambda one: one._replace(kind="limit", qty=10, tif="gtc", distance=3, has_legs=False))
commands = st.one_of(
    placed,
    placed,
    resting,
    st.builds(Replaced, st.integers(1, 50)),
    st.builds(Replaced, st.integers(1, 50)),
    st.just(Canceled()),
    st.builds(Closed, symbols),
    st.builds(Stepped, st.sampled_from((200, 1000, 60_000))),
)


class Script:
    """Runs commands on two accounts: natively on one, through the dialect on the other."""

    def __init__(self, venue: Venue) -> None:
        self.venue = venue
        self.native, self.dialect = venue.open_account(), venue.open_account()

    def ask(self, method: str, path: str, body: Any = None) -> Any:
        """Send a native request for the native account; returns the answer, also of a refusal."""
        joint = "&" if "?" in path else "?"
        url = f"http://{self.venue.address}/api/v1/broker{path}{joint}accountId={self.native}"
        return requests.request(method, url, json=body, timeout=WAIT_S).json()

    def tell(self, method: str, path: str, body: Any = None) -> Any:
        """Send a request of the dialect for the other account."""
        headers = {"APCA-API-KEY-ID": self.dialect, "APCA-API-SECRET-KEY": "any"}
        url = f"{self.venue.url}/v2{path}"
        answer = requests.request(method, url, json=body, headers=headers, timeout=WAIT_S)
        return answer.json() if answer.content else None

    def run(self, command: Any) -> None:
        match command:
            case Placed():
                self.place(command)
            case Replaced(qty):
                own = [one for one in self.ask("GET", "/orders") if one["status"] == 6 and one["parentId"] is None]
                other = [one for one in self.tell("GET", "/orders") if one["status"] in ("new", "partially_filled")]
                other = [one for one in other if one["legs"] is not None or one["order_class"] == "simple"]
                if own and own[-1]["takeProfit"] is None:
                    fields = {name: own[-1][name] for name in ("symbol", "type", "side", "limitPrice", "stopPrice")}
                    more = {name: own[-1][name] for name in ("duration", "stopType", "trailingStopPips")}
                    self.ask("PUT", f"/orders/{own[-1]['id']}", fields | more | {"qty": qty})
                    self.tell("PATCH", f"/orders/{other[0]['id']}", {"qty": qty})
            case Canceled():
                own = [one for one in self.ask("GET", "/orders") if one["status"] in (3, 6)]
                other = self.tell("GET", "/orders?direction=asc")
                if own:
                    self.ask("DELETE", f"/orders/{own[0]['id']}")
                    self.tell("DELETE", f"/orders/{other[0]['id']}")
            case Closed(symbol):
                self.ask("DELETE", f"/positions/{symbol}")
                self.tell("DELETE", f"/positions/{symbol}")
            case Stepped(ms):
                self.venue.step(ms)

    def place(self, order: Placed) -> None:
        """Place the same order through both."""
        bid, ask = self.venue.quote(order.symbol)
        side = SIDES[order.side]
        towards = side if "stop" in order.kind else -side
        price = round((ask if side > 0 else bid) + towards * order.distance, 2)
        native: dict[str, Any] = {"symbol": order.symbol, "side": side, "type": TYPES[order.kind], "qty": order.qty}
        dialect: dict[str, Any] = {"symbol": order.symbol, "side": order.side, "type": order.kind}
        native["duration"], dialect["time_in_force"] = {"type": order.tif.upper()}, order.tif
        if order.is_notional and order.kind == "market":
            native |= {"qty": 0, "notional": order.qty * 10}
            dialect["notional"] = str(order.qty * 10)
        else:
            dialect["qty"] = order.qty
        if "limit" in order.kind:
            native["limitPrice"], dialect["limit_price"] = price, str(price)
        if order.kind in ("stop", "stop_limit"):
            native["stopPrice"], dialect["stop_price"] = price, price
        if order.kind == "trailing_stop":
            native |= {"stopType": 1, "trailingStopPips": 100}
            dialect["trail_price"] = "1"
        if order.has_legs:
            target, stop = round(price + 20 * side, 2), round(price - 20 * side, 2)
            native |= {"takeProfit": target, "stopLoss": stop}
            legs = {"take_profit": {"limit_price": target}, "stop_loss": {"stop_price": stop}}
            dialect |= legs | {"order_class": "bracket"}
        self.ask("POST", "/orders", native)
        self.tell("POST", "/orders", dialect)

    def state(self, account: str) -> dict[str, Any]:
        """Return everything of an account that does not name it."""

        def read(path: str) -> Any:
            joint = "&" if "?" in path else "?"
            return self.venue.native("GET", f"/broker{path}{joint}accountId={account}")

        def without_own(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
            return [{name: value for name, value in row.items() if name not in OWN} for row in rows]

        lists = {path: without_own(read(path)) for path in ("/orders", "/executions", "/positions")}
        return lists | {"money": read("/account/state")}


@settings(max_examples=15)
@given(script=st.lists(commands, min_size=1, max_size=12))
def test_native_and_dialect_leave_the_same_account(venue: Venue, script: list[Any]) -> None:
    both = Script(venue)
    for command in script:
        both.run(command)
    assert both.state(both.dialect) == both.state(both.native)
