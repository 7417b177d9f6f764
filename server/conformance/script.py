"""The script of the kit: commands to a real broker, in parts that can run alone.

The messages that come back go through the checker; what the parts themselves check is in `rules/commands.py`. `run.py`
has the commands, `worked_rows.py` the figures.
"""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from typing import NamedTuple

from server.conformance.checker import Checker
from server.conformance.client import BrokerClient, Unreachable
from server.conformance.rule import demand
from server.conformance.run import ACCOUNT, BALANCE, INDIVIDUAL, Run, by_id, prepare_account
from server.conformance.state import Json
from server.conformance.worked_rows import ROWS, WorkedRow

LIMIT, MARKET, STOP, STOP_LIMIT = range(1, 5)
BUY, SELL = 1, -1
BELOW, FAR_BELOW, ABOVE = 0.985, 0.97, 1.015
"""Factors of a price for orders that shall not trade now; they are within the usual price bands."""

REFUSED = frozenset((400, 404, 409, 422))
UNKNOWN = frozenset((404,))
CONFLICT = frozenset((400, 409))

PRICES_OF_ROWS = (20.0, 250.0)
"""Market prices at which the accounts of the worked rows have the margin for all their trades."""

SIMULATED: Json = {"fillModel": "simulator", "executionDelay": 0, "marginCall": None, "stopOut": None, "leverage": 100}
"""Profile of an account whose orders trade at their own prices."""


HEDGING: Json = {"fillModel": "market", "hedging": True}
"""Profile of an account with individual positions."""


class Plan(NamedTuple):
    """What a run of the kit does.

    Attributes:
        url: Address of the broker.
        token: Bearer token, if it needs one.
        account: Account to trade on; None opens or resets one with the name CONFORM.
        symbol: Instrument to trade.
        parts: Names of the parts to run.
        confirm_s: Longest wait for a confirmation, in seconds.
    """

    url: str
    token: str | None = None
    account: str | None = None
    symbol: str = "AAPL"
    parts: tuple[str, ...] = ()
    confirm_s: float = 10.0


async def refusals(run: Run) -> None:
    """Send commands that have to be refused."""
    bid = run.near((await run.price()).bid, BELOW)
    order = {"symbol": run.symbol, "type": LIMIT, "side": BUY, "qty": run.lot, "limitPrice": bid}
    off_tick = order | {"limitPrice": bid + run.instrument["minTick"] / 2}
    off_step = order | {"qty": run.lot + run.instrument["qty"]["step"] / 2}
    await run.refused("off-tick-refused", ("POST", "/orders", off_tick), REFUSED)
    await run.refused("off-step-refused", ("POST", "/orders", off_step), REFUSED)
    await run.refused("unknown-order-refused", ("DELETE", "/orders/CONFORM-NONE", None), UNKNOWN)


async def market_orders(run: Run) -> None:
    """Open a position, add to it, close a part, reverse it, close it."""
    position = f"positions:{run.symbol}"
    await run.trade(side=BUY)
    await run.trade(side=BUY)
    await run.command("POST", f"/positions/{run.symbol}/close", {"amount": run.lot}, position)
    await run.command("POST", f"/positions/{run.symbol}/reverse", {}, position)
    await run.compare_snapshots()
    await run.compare()
    await close_position(run)
    await run.compare()


async def close_position(run: Run) -> None:
    """Close the whole position and wait until it is told as closed."""
    await run.command("DELETE", f"/positions/{run.symbol}", None, f"positions:{run.symbol}")
    await run.connection.wait(lambda: not run.state.positions.get(run.symbol, {}).get("qty"))
    await run.settle()


async def working_orders(run: Run) -> None:
    """Place, modify and cancel orders of each type that do not trade."""
    bid, ask = await run.price()
    order = {"symbol": run.symbol, "type": LIMIT, "side": BUY, "qty": run.lot, "limitPrice": run.near(bid, BELOW)}
    order_id = await run.place(**order)
    changed = order | {"limitPrice": run.near(bid, FAR_BELOW)}
    for body in (changed, changed):
        await run.command("PUT", f"/orders/{order_id}", body, f"orders:{order_id}")
    await run.command("DELETE", f"/orders/{order_id}", None, f"orders:{order_id}")
    await run.refused("final-order-refused", ("DELETE", f"/orders/{order_id}", None), CONFLICT)
    stop_price = run.near(ask, ABOVE)
    await run.place(type=STOP, side=BUY, stopPrice=stop_price)
    last = await run.place(type=STOP_LIMIT, side=BUY, stopPrice=stop_price, limitPrice=stop_price)
    await run.compare()
    await run.command("DELETE", f"/orders?symbol={run.symbol}", None, f"orders:{last}")
    await run.place(type=LIMIT, side=BUY, qty=run.instrument["qty"]["max"], limitPrice=run.near(bid, BELOW))
    await run.compare()


async def bracket_orders(run: Run) -> None:
    """Place orders with brackets, change the brackets of a position, and let orders and positions end with them."""
    bid, ask = await run.price()
    brackets = {"takeProfit": run.near(ask, ABOVE), "stopLoss": run.near(bid, FAR_BELOW)}
    waiting = await run.place(type=LIMIT, limitPrice=run.near(bid, BELOW), **brackets)
    await run.command("DELETE", f"/orders/{waiting}", None, f"orders:{waiting}")
    await run.trade(side=BUY, **brackets)
    changed = {"brackets": {"takeProfit": run.near(ask, ABOVE + 0.005)}, "customFields": None}
    await run.command("PUT", f"/positions/{run.symbol}/brackets", changed, f"positions:{run.symbol}")
    await run.compare()
    await close_position(run)
    await run.compare()


async def reconnects(run: Run) -> None:
    """Lose the connection with a position and a working order; resume, and look for both."""
    owner = {"accountId": run.account}
    await run.trade(side=BUY)
    lost = await run.client.connect("lost")
    response = await lost.ask("orders.subscribe", owner)
    bid = (await run.price()).bid
    kept, canceled = [await run.place(type=LIMIT, limitPrice=run.near(bid, BELOW)) for _ in range(2)]
    await lost.wait(lambda: f"orders:{canceled}" in lost.told)
    topic_seq = response.get("seq", 0) + 2
    lost.close()
    await run.command("DELETE", f"/orders/{canceled}", None, f"orders:{canceled}")
    again = await run.client.connect("resumed")
    recover = {"epoch": response.get("epoch"), "seq": topic_seq}
    resumed = await again.ask("orders.subscribe", owner, recover=recover, snapshot=True)
    if resumed.get("recovered"):
        is_whole = await again.wait(lambda: f"orders:{canceled}" in again.told)
        run.checker.record("resume-without-holes", demand(is_whole, "a missed update was not sent"), resumed)
    else:
        is_whole = kept in by_id(resumed.get("snapshot"))
        run.checker.record("resume-without-holes", demand(is_whole, "neither updates nor a snapshot"), resumed)
    again.close()
    await run.follow("reconnected")
    order, position = run.state.orders.get(kept), run.state.positions.get(run.symbol)
    fault = f"after a reconnect order {kept} is {order}, and position {run.symbol} is {position}"
    is_there = order is not None and position is not None and position["qty"] > 0
    run.checker.record("present-after-reconnect", demand(is_there, fault))
    await run.command("DELETE", f"/orders/{kept}", None, f"orders:{kept}")
    await close_position(run)


async def market_data(run: Run) -> None:
    """Subscribe to quotes, bars and depth, and wait for two updates of each."""
    name = run.symbol
    subscriptions: dict[str, Json] = {
        "quotes": {"symbols": [], "fast_symbols": [name]},
        "bars": {"symbol": name, "resolution": "1"},
        "depth": {"symbol": name},
    }
    for route, payload in subscriptions.items():
        response = await run.connection.ask(f"{route}.subscribe", payload)
        if response.get("status") == "ok":
            for _ in range(2):
                await run.connection.next_update(route)
            await run.connection.ask(f"{route}.unsubscribe", payload)


async def one_cancels_other(run: Run) -> None:
    """On an account of the simulator, let an entry and one of its brackets trade."""
    other = await simulated(run, "SIMULATED")
    if other is None:
        return
    bid, ask = await other.price()
    brackets = {"takeProfit": run.near(ask, ABOVE), "stopLoss": run.near(bid, FAR_BELOW)}
    await other.trade(type=LIMIT, limitPrice=run.near(bid, BELOW), **brackets)
    await wait_until_flat(other)
    await other.compare()


async def simulated(run: Run, name: str) -> Run | None:
    """Open an account of the simulator and follow it; returns None if the broker refuses it."""
    account = f"{ACCOUNT}-{name}"
    if not (await prepare_account(run.client, account, BALANCE, SIMULATED)).is_ok:
        return None
    other = Run(run.client, run.checker, account, run.instrument)
    await other.follow(name.lower())
    return other


async def wait_until_flat(run: Run) -> None:
    """Wait until the position is told as closed."""
    state = run.state
    await run.connection.wait(lambda: not state.positions.get(run.symbol, {"qty": 1})["qty"])
    await run.settle()


async def exit_levels(run: Run) -> None:
    """Place orders with exit levels, close a part, change the levels of the position; let levels trade."""
    if not await run.supports("supportMultipleExitLevels"):
        return
    bid, ask = await run.price()
    waiting = await run.place(type=LIMIT, limitPrice=run.near(bid, BELOW), exitLevels=levels_of(run, bid, ask))
    await run.command("DELETE", f"/orders/{waiting}", None, f"orders:{waiting}")
    for _ in range(2):
        await run.trade(side=BUY, exitLevels=levels_of(run, bid, ask))
    await run.compare()
    await run.command("POST", f"/positions/{run.symbol}/close", {"amount": run.lot * 1.5}, f"positions:{run.symbol}")
    changed = {"brackets": {"exitLevels": levels_of(run, bid, ask)[1:]}, "customFields": None}
    await run.command("PUT", f"/positions/{run.symbol}/brackets", changed, f"positions:{run.symbol}")
    await run.compare_snapshots()
    await close_position(run)
    await run.compare()
    other = await simulated(run, "LEVELS")
    if other is not None:
        await other.trade(type=LIMIT, limitPrice=run.near(bid, BELOW), exitLevels=levels_of(run, bid, ask))
        await wait_until_flat(other)
        await other.compare()


def levels_of(run: Run, bid: float, ask: float) -> list[Json]:
    """Return two exit levels of half a lot each."""
    half = run.lot / 2
    return [
        {"qty": half, "takeProfit": run.near(ask, ABOVE), "stopLoss": run.near(bid, FAR_BELOW)},
        {"qty": half, "takeProfit": run.near(ask, ABOVE + 0.005), "stopLoss": run.near(bid, FAR_BELOW - 0.005)},
    ]


async def individual_positions(run: Run) -> None:
    """On a hedging account, open long and short positions, give one brackets and levels, close parts, close all."""
    account = f"{ACCOUNT}-HEDGING"
    if not (await prepare_account(run.client, account, BALANCE, HEDGING)).is_ok:
        return
    own = Run(run.client, run.checker, account, run.instrument)
    if not await own.supports("supportPositionNetting"):
        return
    await own.follow("hedging")
    await own.follow_individual()
    bid, ask = await own.price()
    brackets = {"takeProfit": run.near(ask, ABOVE), "stopLoss": run.near(bid, FAR_BELOW)}
    first, second = [await own.trade(side=BUY, **more) for more in (brackets, {})]
    short = await own.trade(side=SELL)
    paths = [f"{INDIVIDUAL}/{own.individual_id(order)}" for order in (first, second, short)]
    told = [path.replace("/", ":") for path in paths]
    body = {"exitLevels": levels_of(own, bid, ask)} if await own.supports("supportMultipleExitLevels") else brackets
    await own.command("PUT", f"/{paths[1]}/brackets", {"brackets": body, "customFields": None}, told[1])
    await own.connection.next_update("individual-pl")
    await own.compare_snapshots()
    await own.command("POST", f"/{paths[2]}/close", {"amount": run.lot / 2}, told[2])
    await own.command("DELETE", f"/{paths[0]}", None, told[0])
    await own.compare()
    await close_position(own)
    await own.connection.wait(lambda: not own.state.individual)
    await own.compare()
    own.connection.close()


async def worked_rows(run: Run) -> None:
    """Trade the worked rows at their prices, each on an account of the simulator; only if the instrument fits."""
    bid = (await run.price()).bid
    is_simple = run.instrument.get("currency") == "USD" and run.instrument.get("baseCurrency") is None
    if not is_simple or not PRICES_OF_ROWS[0] <= bid <= PRICES_OF_ROWS[1]:
        return
    await asyncio.gather(*(worked_row(run, number, row) for number, row in enumerate(ROWS, start=1)))


async def worked_row(run: Run, number: int, row: WorkedRow) -> None:
    """Trade one worked row."""
    account = f"{ACCOUNT}-ROW-{number}"
    profile = SIMULATED | {"commission": {"perTrade": row.commission}}
    if not (await prepare_account(run.client, account, row.start, profile)).is_ok:
        return
    own = Run(run.client, run.checker, account, run.instrument)
    await own.follow(f"row {number}", has_marks=False)
    for trade in row.trades:
        order_id = await own.trade(type=LIMIT, side=trade.side, qty=trade.qty, limitPrice=trade.price)
        state, positions = await own.call("GET", "/account/state"), await own.call("GET", "/positions")
        position = by_id(positions.body).get(run.symbol)
        shown = None if position is None else (position["side"] * position["qty"], round(position["avgPrice"], 6))
        money = state.body or {}
        found = (money.get("balance"), money.get("realizedPL"), shown)
        fault = f"row {number}, {order_id}: balance, profit and position are {found}, not {trade[3:]}"
        run.checker.record("worked-rows", demand(found == trade[3:], fault), state.evidence)
    own.connection.close()


PARTS: Mapping[str, Callable[[Run], Awaitable[None]]] = {
    "refusals": refusals,
    "market-orders": market_orders,
    "working-orders": working_orders,
    "brackets": bracket_orders,
    "reconnects": reconnects,
    "market-data": market_data,
    "one-cancels-other": one_cancels_other,
    "exit-levels": exit_levels,
    "individual-positions": individual_positions,
    "worked-rows": worked_rows,
}
"""Parts of the script, in their order."""


async def check_broker(plan: Plan) -> Checker:
    """Run the parts of a plan against a broker; returns the verdicts. Raises: Unreachable."""
    checker = Checker()
    client = BrokerClient(plan.url, plan.token, checker, plan.confirm_s)
    try:
        run = Run(client, checker, await account_of(plan, client), await instrument_of(plan, client))
        checker.instruments[run.symbol] = run.instrument
        await run.follow("account")
        for name in plan.parts or PARTS:
            await PARTS[name](run)
    finally:
        client.close()
    return checker


async def account_of(plan: Plan, client: BrokerClient) -> str:
    """Return the account to trade on. Raises: Unreachable: none was named, and none can be opened."""
    if plan.account is not None:
        return plan.account
    reply = await prepare_account(client, ACCOUNT, BALANCE, {"fillModel": "market"})
    if not reply.is_ok:
        raise Unreachable(f"no account can be opened ({reply.status}); name one to trade on with --account")
    return ACCOUNT


async def instrument_of(plan: Plan, client: BrokerClient) -> Json:
    """Return the InstrumentInfo of the plan's symbol. Raises: Unreachable: there is none."""
    reply = await client.call("GET", f"/broker/symbols/{plan.symbol}")
    if not reply.is_ok or not isinstance(reply.body, dict):
        raise Unreachable(f"{plan.url}: no instrument {plan.symbol} ({reply.status}); choose one with --symbol")
    return dict(reply.body)
