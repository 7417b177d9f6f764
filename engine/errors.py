"""Reason codes and the engine's own errors.

An invalid command is denied: `Denied` is raised and nothing is stored. A valid order that the market or the account
refuses is rejected: a `Refusal` becomes an event. handlers/errors.py chooses HTTP statuses.
"""

from enum import StrEnum
from typing import NamedTuple


class Reason(StrEnum):
    """Why a command was denied, or an order rejected or canceled. It is sent with a message for traders."""

    UNKNOWN_SYMBOL = "UNKNOWN_SYMBOL"
    UNKNOWN_ORDER = "UNKNOWN_ORDER"
    UNKNOWN_POSITION = "UNKNOWN_POSITION"
    UNKNOWN_ACCOUNT = "UNKNOWN_ACCOUNT"
    UNKNOWN_DOCUMENT = "UNKNOWN_DOCUMENT"
    ORDER_FINAL = "ORDER_FINAL"
    REVERSE_WORKING = "REVERSE_WORKING"
    BAD_PRICE_TICK = "BAD_PRICE_TICK"
    BAD_QTY_STEP = "BAD_QTY_STEP"
    QTY_RANGE = "QTY_RANGE"
    NOTIONAL_RANGE = "NOTIONAL_RANGE"
    PRICE_BAND = "PRICE_BAND"
    PRICE_REQUIRED = "PRICE_REQUIRED"
    UNSUPPORTED_COMBINATION = "UNSUPPORTED_COMBINATION"
    OCO_BAD_PRICES = "OCO_BAD_PRICES"
    DUPLICATE_CLIENT_ORDER_ID = "DUPLICATE_CLIENT_ORDER_ID"
    INSUFFICIENT_MARGIN = "INSUFFICIENT_MARGIN"
    MARKET_CLOSED = "MARKET_CLOSED"
    HALTED = "HALTED"
    STOP_PRICE_WOULD_TRIGGER_IMMEDIATELY = "STOP_PRICE_WOULD_TRIGGER_IMMEDIATELY"
    WOULD_MATCH_IMMEDIATELY = "WOULD_MATCH_IMMEDIATELY"
    NO_LIQUIDITY = "NO_LIQUIDITY"
    REDUCE_ONLY_VIOLATION = "REDUCE_ONLY_VIOLATION"
    MAX_OPEN_ORDERS = "MAX_OPEN_ORDERS"
    POSITION_LIMIT = "POSITION_LIMIT"
    DAILY_LOSS_LIMIT = "DAILY_LOSS_LIMIT"
    ACCOUNT_LIMIT = "ACCOUNT_LIMIT"
    ACCOUNT_SUSPENDED = "ACCOUNT_SUSPENDED"
    SHORT_SALE = "SHORT_SALE"
    EXPIRED = "EXPIRED"
    OCO = "OCO"
    PARENT_CANCELED = "PARENT_CANCELED"
    STOP_OUT = "STOP_OUT"
    RATE_LIMIT = "RATE_LIMIT"
    TICK_ORDER = "TICK_ORDER"
    SCENARIO = "SCENARIO"
    FAULT = "FAULT"
    UNKNOWN_WORLD = "UNKNOWN_WORLD"
    CLOCK_TARGET = "CLOCK_TARGET"
    CLOCK_ADVANCING = "CLOCK_ADVANCING"


class Refusal(NamedTuple):
    """Why the market or the account refuses an order; the message is for traders."""

    reason: Reason
    message: str


class Denied(Exception):
    """The command is invalid; nothing was stored.

    Traders can act on the message: "qty 1.5 is not a multiple of 1 for AAPL".
    """

    def __init__(self, reason: Reason, message: str) -> None:
        super().__init__(message)
        self.reason = reason
        self.message = message


def deny_if(refusal: Refusal | None) -> None:
    """Deny a command for the reason of a refusal, if there is one. Raises: Denied."""
    if refusal is not None:
        raise Denied(*refusal)


class Unavailable(Exception):
    """Nothing can be stored now; the command changed nothing."""


class Missing(Denied):
    """The order, position, symbol or account of the address does not exist, or does not belong to the caller."""
