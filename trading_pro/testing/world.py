"""What a test sees of a server: an account of its own, or a whole world where the server offers worlds.

`make_world` asks for a world first. A server without control answers 404; then the test gets a new account, which
shares the market with other tests. Blocking calls with the standard library only, for tests of every kind; `client`
returns the typed asynchronous client.
"""

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, NamedTuple
from urllib.error import HTTPError
from urllib.parse import urlencode
from urllib.request import ProxyHandler, Request, build_opener

if TYPE_CHECKING:
    from trading_pro_client import TradingClient

TIMEOUT_S = 30.0
ADVANCE_S = 20
"""Seconds that one request waits for an advance of the clock."""

DEFAULT_ACCOUNT = "DEMO-ACCOUNT"
NOT_FOUND = 404

_opener = build_opener(ProxyHandler({}))


class Refused(Exception):
    """The server refused a call.

    Attributes:
        status: Status of the answer.
        code: Reason code, such as "BAD_QTY_STEP".
    """

    def __init__(self, status: int, code: str, detail: str) -> None:
        super().__init__(f"{status} {code}: {detail}")
        self.status = status
        self.code = code


class AlpacaSettings(NamedTuple):
    """How a client of Alpaca's API reaches an account: `TradingClient(a.key, a.secret, url_override=a.url)`."""

    key: str
    secret: str
    url: str
    stream_url: str


class Clock:
    """The clock of a world; it needs a server with `--control`.

    Args:
        url: Base of the URLs of the world.
    """

    def __init__(self, url: str) -> None:
        self._url = f"{url}/api/v1/clock"

    def state(self) -> dict[str, Any]:
        """Return `now`, `mode`, `speed`, `status` and `target`."""
        found: dict[str, Any] = send("GET", self._url)
        return found

    def pause(self) -> dict[str, Any]:
        """Stop market time; returns the clock."""
        found: dict[str, Any] = send("PUT", self._url, {"mode": "paused"})
        return found

    def run(self, speed: float = 1.0) -> dict[str, Any]:
        """Let market time run, with `speed` market seconds in one second; returns the clock."""
        found: dict[str, Any] = send("PUT", self._url, {"mode": "running", "speed": speed})
        return found

    def advance(self, **target: Any) -> dict[str, Any]:
        """Move market time forward and wait for it; returns the clock.

        Args:
            target: `by=60_000` milliseconds, `to=` an instant, or `until="fill"`, "event", "open", "close" or "bar"
                with `limit=` milliseconds and, for the last three, `symbol=`.

        Raises:
            Refused: The server refused it.
        """
        found: dict[str, Any] = send("POST", f"{self._url}/advance", target, {"Prefer": f"wait={ADVANCE_S}"})
        while found["status"] == "advancing":
            found = self.state()
        return found


class World:
    """An account and the address where it trades.

    Attributes:
        url: Base of the URLs: of the server, or of a world of its own.
        account: Id of the account.
        clock: Moves market time, of a server with `--control`.
    """

    def __init__(self, url: str, account: str) -> None:
        self.url = url
        self.account = account
        self.clock = Clock(url)

    @property
    def alpaca(self) -> AlpacaSettings:
        """Settings for clients of Alpaca's API."""
        base = f"{self.url}/alpaca"
        return AlpacaSettings(self.account, "secret", base, f"ws{base.removeprefix('http')}/stream")

    def client(self) -> "TradingClient":
        """Return a typed client, for `async with`. It needs `trading-pro[clients]`."""
        from trading_pro_client import TradingClient

        return TradingClient(self.url)

    def call(self, method: str, path: str, body: Any = None, **query: Any) -> Any:
        """Send a request to an address below `/api/v1`; returns the decoded answer.

        Args:
            method: HTTP method.
            path: Path such as "/broker/orders".
            body: JSON value to send.
            query: Parameters. `accountId` is that of this world unless it is given.

        Raises:
            Refused: The server answered with an error.
        """
        text = urlencode({"accountId": self.account} | query) if path.startswith("/broker/") else urlencode(query)
        return send(method, f"{self.url}/api/v1{path}{'?' if text else ''}{text}", body)

    def buy(self, symbol: str, qty: float, **fields: Any) -> str:
        """Buy at the market unless `fields` says another type; returns the id of the order. Raises: Refused."""
        return self._place(symbol, qty, 1, fields)

    def sell(self, symbol: str, qty: float, **fields: Any) -> str:
        """Sell at the market unless `fields` says another type; returns the id of the order. Raises: Refused."""
        return self._place(symbol, qty, -1, fields)

    def positions(self) -> list[dict[str, Any]]:
        """Return the open positions."""
        found: list[dict[str, Any]] = self.call("GET", "/broker/positions")
        return found

    def state(self) -> dict[str, Any]:
        """Return the money of the account at current prices."""
        found: dict[str, Any] = self.call("GET", "/broker/account/state")
        return found

    @contextmanager
    def fault(
        self, stage: str, match: Mapping[str, Any], do: Mapping[str, Any], **fields: Any
    ) -> Iterator["ActiveFault"]:
        """Let something go wrong inside a `with` block; the server needs `--control`.

        Args:
            stage: "request", "order", "push" or "connection".
            match: The cases that the rule matches.
            do: The action of the rule: one field.
            fields: Further fields of the rule, such as `times` or `phase`.

        Raises:
            Refused: The server refused the rule, or has no control.
        """
        rule = self.call("POST", "/faults", {"stage": stage, "match": match, "do": do} | fields)
        active = ActiveFault(self, rule["id"])
        try:
            yield active
        finally:
            active.end()

    def report(self) -> dict[str, Any]:
        """Return how the client of this account behaved under the faults that it met. Raises: Refused."""
        found: dict[str, Any] = self.call("GET", "/report", account=self.account)
        return found

    def _place(self, symbol: str, qty: float, side: int, fields: dict[str, Any]) -> str:
        order = {"symbol": symbol, "type": 2, "side": side, "qty": qty} | fields
        placed: dict[str, str] = self.call("POST", "/broker/orders", order)
        return placed["orderId"]


class ActiveFault:
    """A rule of failure that acts until `end`."""

    def __init__(self, world: World, fault_id: str) -> None:
        self.id = fault_id
        self._world = world
        self._last: dict[str, int] | None = None

    @property
    def stats(self) -> dict[str, int]:
        """Return how many cases it `matched`, and how often it was `applied`; also after its end."""
        if self._last is not None:
            return self._last
        stats: dict[str, int] = self._world.call("GET", f"/faults/{self.id}")["stats"]
        return stats

    def end(self) -> None:
        """Remove the rule, unless it was removed before."""
        if self._last is None:
            try:
                self._last = self._world.call("DELETE", f"/faults/{self.id}")["stats"]
            except Refused as error:
                if error.status != NOT_FOUND:
                    raise


def send(method: str, url: str, body: Any = None, headers: Mapping[str, str] | None = None) -> Any:
    """Send a JSON request; returns the decoded answer. Raises: Refused."""
    data = None if body is None else json.dumps(body).encode()
    request = Request(url, data, {"Content-Type": "application/json", **(headers or {})}, method=method)
    try:
        with _opener.open(request, timeout=TIMEOUT_S) as answer:
            return json.load(answer)
    except HTTPError as error:
        with error:
            text = error.read()
        is_problem = error.headers.get_content_type().endswith("json")
        problem = json.loads(text) if is_problem else {}
        raise Refused(error.code, problem.get("code", "UNKNOWN"), problem.get("detail", error.reason)) from None


def make_world(url: str) -> World:
    """Return a new world of a server, or a new account where the server offers no worlds. Raises: Refused."""
    try:
        world = send("POST", f"{url}/api/v1/worlds", {})
    except Refused as error:
        if error.status != NOT_FOUND:
            raise
        return World(url, send("POST", f"{url}/api/v1/broker/accounts", {"name": "Test account"})["id"])
    return World(f"{url}/w/{world['id']}", DEFAULT_ACCOUNT)


def end_world(world: World) -> None:
    """End a world; an account of a server without worlds stays until the server stops."""
    base, separator, name = world.url.rpartition("/w/")
    if separator:
        send("DELETE", f"{base}/api/v1/worlds/{name}")
