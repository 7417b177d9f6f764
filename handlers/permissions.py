"""Who may do what: the one place that decides (subject, account, action), for REST and for every subscription.

It knows callers, not tokens: `server/security/tokens.py` turns a token into a `Caller`.
"""

from dataclasses import dataclass
from enum import Enum
from typing import Protocol

from engine.errors import Missing, Reason
from handlers.errors import ApiError

ADMIN = "admin"


class Action(Enum):
    """What a caller is about to do: look at an account, change, follow or open it, or control the server."""

    READ = "read"
    TRADE = "trade"
    FOLLOW = "follow"
    OPEN = "open"
    CONTROL = "control"


@dataclass(frozen=True, slots=True)
class Caller:
    """Somebody whom the server knows.

    Attributes:
        subject: Whom the token was made for; "" while authentication is off.
        accounts: The accounts it may use, its own first; None is every account.
        scopes: What it may do besides.
        expires: When the token ends, in epoch seconds of the wall clock; None is never.
    """

    subject: str
    accounts: tuple[str, ...] | None
    scopes: frozenset[str] = frozenset()
    expires: float | None = None


ANYONE = Caller("", None, frozenset((ADMIN,)))
"""Whoever calls while authentication is off."""


class Unauthorized(ApiError):
    """No token, or one that is not good: HTTP 401."""

    def __init__(self, message: str, challenge: str = 'Bearer error="invalid_token"') -> None:
        super().__init__(401, message, {"WWW-Authenticate": challenge})


class Verifier(Protocol):
    """Finds out whom a token speaks for."""

    def __call__(self, token: str) -> Caller:
        """Return the caller. Raises: Unauthorized."""


def is_visible(caller: Caller, account_id: str) -> bool:
    """Whether an account appears in the caller's lists."""
    return caller.accounts is None or account_id in caller.accounts


def decide(caller: Caller, account_id: str | None, action: Action) -> str | None:
    """Return the account that the caller gets for the one it named; None asks for its own.

    An account that is somebody else's gets the very answer of one that does not exist. Without authentication the
    name is passed on as it is, and None stays the engine's default account.

    Raises:
        Missing: UNKNOWN_ACCOUNT: the account is not the caller's.
        ApiError: 403: the action needs the admin scope, as opening an account that the token does not name does.
    """
    if action is Action.CONTROL and ADMIN not in caller.scopes:
        raise ApiError(403, "this needs a token with the admin scope")
    if caller.accounts is None:
        return account_id
    if action is Action.OPEN:
        if ADMIN not in caller.scopes and account_id not in caller.accounts:
            raise ApiError(403, "an account that the token does not name needs the admin scope")
        return account_id
    if account_id is None:
        return caller.accounts[0]
    if account_id not in caller.accounts:
        raise Missing(Reason.UNKNOWN_ACCOUNT, f"account {account_id} does not exist")
    return account_id
