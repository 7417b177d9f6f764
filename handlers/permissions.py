"""Permissions: whether a caller may do an action on an account, for REST and for every subscription.

Tokens are verified elsewhere: `server/security/tokens.py` turns a token into a `Caller`.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from enum import Enum

from engine.errors import Missing, Reason
from engine.models.broker.account import AccountCreate
from handlers.errors import ApiError

ADMIN = "admin"


class Action(Enum):
    """An action that needs permission: read, trade, follow or open an account, or control the server."""

    READ = "read"
    TRADE = "trade"
    FOLLOW = "follow"
    OPEN = "open"
    CONTROL = "control"


@dataclass(frozen=True, slots=True)
class Caller:
    """A client and its permissions.

    Attributes:
        subject: Subject of the token; "" while authentication is off.
        accounts: The accounts it may use, its own first; None is every account.
        scopes: Further permissions, such as `ADMIN`.
        expires: Expiry of the token in epoch seconds of the wall clock; None is never.
        opening: Name and balance of the accounts that are opened at their first use; the id is not set.
    """

    subject: str
    accounts: tuple[str, ...] | None
    scopes: frozenset[str] = frozenset()
    expires: float | None = None
    opening: AccountCreate = field(default_factory=AccountCreate)


ANYONE = Caller("", None, frozenset((ADMIN,)))
"""Every caller while authentication is off."""


class Unauthorized(ApiError):
    """The token is missing or not valid: HTTP 401."""

    def __init__(self, message: str, challenge: str = 'Bearer error="invalid_token"') -> None:
        super().__init__(401, message, {"WWW-Authenticate": challenge})


Verify = Callable[[str], Caller]
"""Returns the caller of a token. Raises: Unauthorized."""


def is_visible(caller: Caller, account_id: str) -> bool:
    """Whether an account appears in the caller's lists."""
    return caller.accounts is None or account_id in caller.accounts


def decide(caller: Caller, account_id: str | None, action: Action) -> str | None:
    """Check a permission and return the id of the account to use; None means the caller's own account.

    An account of another subject gets the same error as one that does not exist. While authentication is off, the id
    is returned unchanged, and None means the engine's default account.

    Raises:
        Missing: UNKNOWN_ACCOUNT: the account is not the caller's.
        ApiError: 403: the action needs the admin scope. So does opening an account that the token does not name.
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
