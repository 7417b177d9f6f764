"""One run of the kit: the account and the instrument that it uses, its commands, and the comparison with REST.

The parts of the script in `script.py` are written with these methods.
"""

from decimal import Decimal
from typing import Any, NamedTuple
from urllib.parse import quote

from server.conformance.checker import Checker
from server.conformance.client import BrokerClient, Connection, Reply, Unreachable
from server.conformance.rule import demand
from server.conformance.state import FINAL, AccountState, Json

ACCOUNT = "CONFORM"
BALANCE = 100_000
PROBLEM = "application/problem+json"
MARKS = frozenset(("pl",))
"""Fields of a position that change with each quote."""

TABLES = {"orders": frozenset[str](), "positions": MARKS}
INDIVIDUAL = "individual-positions"

MONEY = ("balance", "realizedPL", "commission")
"""Fields of the money that no quote changes."""


class Price(NamedTuple):
    """The quote of the instrument."""

    bid: float
    ask: float


def differences(one: Json, other: Json, ignored: frozenset[str] = frozenset()) -> str:
    """Return the fields in which two payloads differ, as text; "" if there are none."""
    names = [name for name in one.keys() | other.keys() if name not in ignored and one.get(name) != other.get(name)]
    return ", ".join(f"{name} {one.get(name)} and {other.get(name)}" for name in sorted(names))


def by_id(rows: Any) -> dict[str, Json]:
    """Return payloads by id."""
    return {row["id"]: row for row in rows or ()}


class Run:
    """A run on one account.

    Attributes:
        client, checker, connection: The broker, the verdicts, and the socket of the account's updates.
        account: Id of the account.
        instrument: InstrumentInfo of the instrument that is traded.
        tables: Routes whose updates are compared with REST, each with the fields that are not compared.
    """

    def __init__(self, client: BrokerClient, checker: Checker, account: str, instrument: Json) -> None:
        self.client = client
        self.checker = checker
        self.account = account
        self.instrument = instrument
        self.tables = dict(TABLES)
        self.connection: Connection

    @property
    def symbol(self) -> str:
        """Name of the instrument."""
        return str(self.instrument["symbol"])

    @property
    def state(self) -> AccountState:
        """What was told about the account."""
        return self.connection.conversation.account(self.account)

    @property
    def lot(self) -> float:
        """A small quantity that can be halved."""
        sizes = self.instrument["qty"]
        return float(Decimal(repr(max(sizes["min"], sizes.get("default") or sizes["step"]))) * 10)

    def near(self, price: float, factor: float = 1.0) -> float:
        """Return a price times a factor, on the tick grid."""
        tick = Decimal(repr(self.instrument["minTick"]))
        return float(round(Decimal(repr(price)) * Decimal(repr(factor)) / tick) * tick)

    # Calls

    async def call(self, method: str, path: str, body: Any = None, module: str = "broker") -> Reply:
        """Send a request about the account to a path below the module."""
        separator = "&" if "?" in path else "?"
        return await self.client.call(method, f"/{module}{path}{separator}accountId={quote(self.account)}", body)

    async def price(self) -> Price:
        """Return the current quote. Raises: Unreachable: there is none."""
        reply = await self.client.call("POST", "/datafeed/quotes", {"symbols": [self.symbol]})
        try:
            values = reply.body[0]["v"]
            return Price(float(values["bid"]), float(values["ask"]))
        except (TypeError, KeyError, IndexError, ValueError):
            raise Unreachable(f"{self.symbol} has no quote: {reply.evidence}") from None

    async def command(self, method: str, path: str, body: Any = None, confirmed_by: str = "") -> Reply:
        """Send a command, and check that it is accepted and confirmed by an update of `confirmed_by`.

        Args:
            method: Method of the request.
            path: Path below the module.
            body: Body of the request.
            confirmed_by: "orders:ID" or "positions:ID"; "" is the new order of the reply.
        """
        before, connection = self.connection.conversation.received, self.connection
        reply = await self.call(method, path, body)
        fault = f"{method} {path} was answered with {reply.status}"
        self.checker.record("command-accepted", demand(reply.is_ok, fault), reply.evidence)
        if reply.is_ok:
            key = confirmed_by or f"orders:{(reply.body or {}).get('orderId')}"
            is_confirmed = await connection.wait(lambda: connection.told.get(key, 0) > before)
            fault = f"{method} {path} was accepted, and no update of {key} came in time"
            self.checker.record("confirmed-in-time", demand(is_confirmed, fault), reply.evidence)
        await self.settle()
        return reply

    async def place(self, **fields: Any) -> str:
        """Place an order; returns its id, "" if it was refused."""
        order = {"symbol": self.symbol, "type": 2, "side": 1, "qty": self.lot} | fields
        reply = await self.command("POST", "/orders", order)
        return str(reply.body.get("orderId")) if reply.is_ok else ""

    async def trade(self, **fields: Any) -> str:
        """Place an order and wait until it is final; returns its id."""
        order_id = await self.place(**fields)
        await self.final(order_id)
        return order_id

    async def final(self, order_id: str) -> None:
        """Wait until an order is final."""
        orders = self.state.orders
        if order_id not in orders or orders[order_id]["status"] not in FINAL:
            await self.connection.wait(lambda: order_id in orders and orders[order_id]["status"] in FINAL)
            await self.settle()

    async def refused(self, rule: str, call: tuple[str, str, Any], expected: frozenset[int]) -> None:
        """Send a command that has to be refused: with one of the statuses, a problem body, and without an update."""
        method, path, body = call
        await self.settle()
        before = self.account_messages()
        reply = await self.call(method, path, body)
        await self.settle()
        record, evidence = self.checker.record, reply.evidence
        record(rule, demand(reply.status in expected, f"{method} {path} was answered with {reply.status}"), evidence)
        content = reply.body if isinstance(reply.body, dict) else {}
        is_problem = reply.media_type == PROBLEM and content.get("detail") and content.get("code")
        if not reply.is_ok:
            fault = f"{method} {path} was answered with {reply.media_type} without detail and code"
            record("errors-are-problems", demand(bool(is_problem), fault), evidence)
            fault = f"{method} {path} was refused, and updates of the account came"
            record("refused-changes-nothing", demand(self.account_messages() == before, fault), evidence)

    def account_messages(self) -> tuple[int, ...]:
        """Return the numbers of the last messages about orders, positions and executions."""
        return tuple(self.connection.told.get(route, 0) for route in ("orders", "positions", "executions"))

    # Subscriptions

    async def supports(self, feature: str) -> bool:
        """Return whether the broker's configuration for the account has a feature."""
        reply = await self.call("GET", "/config")
        return reply.is_ok and isinstance(reply.body, dict) and bool(reply.body.get(feature))

    async def follow(self, name: str, has_marks: bool = True) -> None:
        """Connect and subscribe to the account, with snapshots.

        Args:
            name: Name of the connection in reports.
            has_marks: Whether equity and profit are followed, which are told in each tick while a position is open.
        """
        self.connection = await self.client.connect(name)
        owner = {"accountId": self.account}
        await self.connection.ask("executions.subscribe", owner)
        for route in ("orders", "equity", "positions") if has_marks else ("orders", "positions"):
            await self.connection.ask(f"{route}.subscribe", owner, snapshot=True)
        if has_marks:
            await self.connection.ask("pl.subscribe", owner)

    async def follow_individual(self) -> None:
        """Subscribe to the individual positions and their profit, and compare them with REST from now on."""
        owner = {"accountId": self.account}
        await self.connection.ask(f"{INDIVIDUAL}.subscribe", owner, snapshot=True)
        await self.connection.ask("individual-pl.subscribe", owner)
        self.tables[INDIVIDUAL] = MARKS

    def individual_id(self, order_id: str) -> str:
        """Return the id of the open individual position that an order opened; "" without one."""
        return next((one["id"] for one in self.state.individual.values() if one["orderId"] == order_id), "")

    async def settle(self) -> None:
        """Wait until everything that was sent before has arrived, and check the quiet state."""
        await self.connection.ask("notifications.subscribe", {"accountId": self.account})
        self.connection.conversation.settle()

    # Comparisons

    async def compare(self) -> None:
        """Check that the updates of the account have led to its state over REST."""
        await self.settle()
        state = self.state
        places = {"orders": state.orders, "positions": state.positions, INDIVIDUAL: state.individual}
        for route, ignored in self.tables.items():
            reply = await self.call("GET", f"/{route}")
            told = places[route]
            shown = by_id(reply.body)
            faults = [f"{one}: {text}" for one, row in shown.items() if (text := self._difference(told, row, ignored))]
            gone = [one for one, row in told.items() if one not in shown and is_open(row)]
            faults += [f"{one} is missing" for one in gone]
            fault = f"told {route} and those over REST differ: {'; '.join(faults)}"
            self.checker.record("told-is-rest", demand(not faults, fault), reply.evidence)

    def _difference(self, told: dict[str, Json], row: Json, ignored: frozenset[str]) -> str:
        return differences(told[row["id"]], row, ignored) if row["id"] in told else "never told"

    async def compare_snapshots(self) -> None:
        """Check that the snapshots of new subscriptions are the state over REST."""
        connection = await self.client.connect("snapshots")
        for route, ignored in self.tables.items():
            response = await connection.ask(f"{route}.subscribe", {"accountId": self.account}, snapshot=True)
            reply = await self.call("GET", f"/{route}")
            one, other = by_id(response.get("snapshot")), by_id(reply.body)
            faults = [f"{key} is in one of them" for key in sorted(one.keys() ^ other.keys())]
            faults += [
                f"{key}: {text}" for key in one.keys() & other if (text := differences(one[key], other[key], ignored))
            ]
            fault = f"the snapshot of {route} and REST differ: {'; '.join(faults)}"
            self.checker.record("snapshot-is-rest", demand(not faults, fault), response)
        response = await connection.ask("equity.subscribe", {"accountId": self.account}, snapshot=True)
        reply = await self.call("GET", "/account/state")
        money, state = response.get("snapshot") or {}, reply.body or {}
        fault = ", ".join(
            f"{name} {money.get(name)} and {state.get(name)}" for name in MONEY if money.get(name) != state.get(name)
        )
        self.checker.record(
            "snapshot-is-rest", demand(not fault, f"snapshot of equity and REST differ: {fault}"), response
        )
        connection.close()


def is_open(row: Json) -> bool:
    """Whether an order is not final, or a position not closed."""
    return row["status"] not in FINAL if "status" in row else bool(row["qty"])


async def prepare_account(client: BrokerClient, account: str, balance: float, profile: Json | None = None) -> Reply:
    """Open an account of the kit, or reset it if it exists; returns the answer."""
    rules = {} if profile is None else {"profile": profile}
    body = {"id": account, "name": "Conformance kit", "balance": balance, "currency": "USD", **rules}
    opened = await client.call("POST", "/broker/accounts", body)
    if opened.is_ok:
        return opened
    return await client.call("POST", f"/broker/accounts/{quote(account)}/reset", {"balance": balance, **rules})
