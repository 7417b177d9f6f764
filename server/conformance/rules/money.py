"""Rules of money: equity, balance and margin of an account, and the realised profit of its executions."""

from server.conformance.rule import EQUITY, INDIVIDUAL_PL, PL, TRADING, TRADINGVIEW, Rule, Verdict, demand
from server.conformance.state import Json, Step

CENT = 0.0101
RELATIVE_ERROR = 1e-9


def is_same_money(one: float, other: float) -> bool:
    """Whether two amounts are equal but for a cent."""
    return abs(one - other) <= CENT + RELATIVE_ERROR * abs(other)


def has_all(payload: Json, *names: str) -> bool:
    """Whether optional fields are numbers."""
    return all(payload.get(name) is not None for name in names)


def equity_is_balance_and_profit(step: Step) -> Verdict:
    """Apply `equity-sum`."""
    money = step.payload
    if not has_all(money, "unrealizedPL"):
        return None
    wanted = money["balance"] + money["unrealizedPL"]
    return demand(is_same_money(money["equity"], wanted), f"equity {money['equity']} is not {wanted:.2f}")


def balance_changes_by_profit_and_commission(step: Step) -> Verdict:
    """Apply `balance-sum`."""
    money, before = step.payload, step.account.equity
    names = ("realizedPL", "commission")
    if before is None or not has_all(money, *names) or not has_all(before, *names) or not step.account.has_sums:
        return None
    deposits = [one["balance"] - one["realizedPL"] + one["commission"] for one in (before, money)]
    fault = f"balance - realizedPL + commission changed from {deposits[0]:.2f} to {deposits[1]:.2f}"
    return demand(is_same_money(deposits[1], deposits[0]), fault)


def commission_is_that_of_executions(step: Step) -> Verdict:
    """Apply `commission-of-executions`."""
    money, account = step.payload, step.account
    before = account.equity
    if before is None or not account.follows("executions", "equity"):
        return None
    if not has_all(money, "commission") or not has_all(before, "commission"):
        return None
    change = money["commission"] - before["commission"]
    fault = f"commission changed by {change:.2f}, and that of the executions is {account.commission:.2f}"
    return demand(is_same_money(change, account.commission), fault)


def realised_profit_is_that_of_executions(step: Step) -> Verdict:
    """Apply `realised-of-executions`."""
    money, account = step.payload, step.account
    before = account.equity
    if before is None or account.realised is None or not account.follows("executions", "equity"):
        return None
    if not has_all(money, "realizedPL") or not has_all(before, "realizedPL"):
        return None
    change = money["realizedPL"] - before["realizedPL"]
    fault = f"realizedPL changed by {change:.2f}, and the executions realised {account.realised:.2f}"
    return demand(is_same_money(change, account.realised), fault)


def available_margin_is_within_equity(step: Step) -> Verdict:
    """Apply `margin-sum`."""
    money = step.payload
    if not has_all(money, "marginUsed", "marginAvailable"):
        return None
    free = money["equity"] - money["marginUsed"]
    fault = f"marginAvailable {money['marginAvailable']} is above equity - marginUsed, {free:.2f}"
    return demand(money["marginUsed"] >= 0 and money["marginAvailable"] <= free + CENT, fault)


def unrealised_profit_is_that_of_positions(step: Step) -> Verdict:
    """Apply `unrealised-sum`. Positions with individual ones fix profit at a net quantity of 0: those are added up."""
    equity = step.account.equity
    if step.route == "pl" and step.account.individual:
        return None
    if equity is None or not has_all(equity, "unrealizedPL", "updateTime") or not step.account.follows("equity"):
        return None
    if equity["updateTime"] != step.payload.get("time"):
        return None
    rows = step.payload["positions"]
    total, error = sum(row["pl"] for row in rows), CENT * (1 + len(rows))
    fault = f"unrealizedPL is {equity['unrealizedPL']}, and the profit of the positions adds up to {total:.2f}"
    return demand(abs(total - equity["unrealizedPL"]) <= error, fault)


RULES = (
    Rule("equity-sum", "equity = balance + unrealizedPL.", TRADINGVIEW, EQUITY, equity_is_balance_and_profit),
    Rule(
        "balance-sum",
        "The balance changes by realised profit minus commission.",
        TRADING,
        EQUITY,
        balance_changes_by_profit_and_commission,
    ),
    Rule(
        "commission-of-executions",
        "The commission of the account is that of its executions.",
        TRADING,
        EQUITY,
        commission_is_that_of_executions,
    ),
    Rule(
        "realised-of-executions",
        "The realised profit is that of the netted executions.",
        TRADING,
        EQUITY,
        realised_profit_is_that_of_executions,
    ),
    Rule(
        "margin-sum",
        "Available margin is not above equity - used margin.",
        TRADING,
        EQUITY,
        available_margin_is_within_equity,
    ),
    Rule(
        "unrealised-sum",
        "unrealizedPL is the profit of the positions.",
        TRADING,
        PL | INDIVIDUAL_PL,
        unrealised_profit_is_that_of_positions,
    ),
)
