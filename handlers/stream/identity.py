"""The caller of one socket: the token of `hello` or of the subprotocol, its renewal and its expiry.

Without authentication every caller is accepted, and only the number of sockets is limited. With it the token comes in a
`hello` within `auth_timeout_s` of the stream's limits, or as the subprotocol pair `trading.v1, bearer.TOKEN`; never in
the URL. `handlers/permissions.py` decides which accounts the caller may follow.
"""

import asyncio
from collections.abc import Callable, Sequence

from engine.models.broker.account import AccountSubscription
from engine.models.common import WireModel
from handlers.admission import Admission
from handlers.errors import CloseCode
from handlers.permissions import ANYONE, Action, Caller, Unauthorized, decide

PROTOCOL = "trading.v1"
BEARER = "bearer."
NOTICE_S = 60.0


class Identity:
    """The caller of one socket.

    Args:
        admission: Verifies tokens and counts sockets.
        close: Closes the socket with a code and a reason.
        warn: Sends the client a notice that its token expires in the given seconds.

    Attributes:
        caller: The caller; None until it is authenticated.
    """

    __slots__ = ("_admission", "_close", "_counted_keys", "_is_warned", "_timer", "_warn", "caller")

    def __init__(self, admission: Admission, close: Callable[[int, str], None], warn: Callable[[float], None]) -> None:
        self._admission = admission
        self._close: Callable[[int, str], None] | None = close
        self._warn: Callable[[float], None] | None = warn
        self._counted_keys: list[str] = []
        self._timer: asyncio.TimerHandle | None = None
        self._is_warned = False
        self.caller: Caller | None = None if admission.is_guarded else ANYONE

    def open(self, address: str, subprotocols: Sequence[str], auth_timeout_s: float) -> None:
        """Count a new socket and verify the token in its subprotocols. Closes the socket when either is refused.

        If a token is needed and none was offered, the client has to send it within `auth_timeout_s`.
        """
        if not self._count(f"address {address}") or self.caller is not None:
            return
        token = offered_token(subprotocols)
        if token is not None:
            self.authenticate(token)
        else:
            self._set_timer(auth_timeout_s, self._close_socket, CloseCode.NO_AUTH, "no token in time")

    def authenticate(self, token: str | None) -> bool:
        """Verify a first or a renewed token. Returns False when the socket was closed because of it.

        Without a token, an authenticated caller stays the same.
        """
        if self._admission.verify is None or (token is None and self.caller is not None):
            return True
        try:
            if token is None:
                raise Unauthorized("a token is needed")
            caller = self._admission.verify(token)
        except Unauthorized as error:
            self._close_socket(CloseCode.BAD_TOKEN, str(error))
            return False
        if self.caller is None:
            if not self._count(f"subject {caller.subject}"):
                return False
        elif (caller.subject, set(caller.accounts or ())) != (self.caller.subject, set(self.caller.accounts or ())):
            self._close_socket(CloseCode.NOT_PERMITTED, "a connection stays with its subject and accounts")
            return False
        self.caller = caller
        self._is_warned = False
        self.check_expiry()
        return True

    def permit(self, params: WireModel) -> str | None:
        """Return the account of a topic, which the caller may follow; None for a topic without an account.

        Raises: Missing UNKNOWN_ACCOUNT.
        """
        assert self.caller is not None
        return decide(self.caller, params.accountId, Action.FOLLOW) if isinstance(params, AccountSubscription) else None

    def permit_control(self) -> None:
        """Check that the caller may control the server, and count a command. Raises: ApiError 403, 429 or 503."""
        assert self.caller is not None
        decide(self.caller, None, Action.CONTROL)
        self._admission.count(self._counted_keys)

    def check_expiry(self) -> None:
        """Close the socket if the token has expired; else warn the client if due, and set the next timer."""
        self._cancel_timer()
        if self.caller is None or self.caller.expires is None or self._warn is None:
            return
        left_s = self.caller.expires - self._admission.now()
        if left_s <= 0:
            self._close_socket(CloseCode.EXPIRED, "the token has expired")
            return
        if left_s <= NOTICE_S and not self._is_warned:
            self._is_warned = True
            self._warn(left_s)
        next_s = left_s if self._is_warned else left_s - NOTICE_S
        self._set_timer(next_s, self.check_expiry)

    def release(self) -> None:
        """Stop the timer, stop counting the socket, and drop the references to the connection."""
        self._cancel_timer()
        self._close = self._warn = None
        for key in self._counted_keys:
            self._admission.leave(key)
        self._counted_keys.clear()

    def _count(self, key: str) -> bool:
        if not self._admission.enter(key):
            self._close_socket(CloseCode.CONNECTION_LIMIT, "too many connections")
            return False
        self._counted_keys.append(key)
        return True

    def _close_socket(self, code: CloseCode, reason: str) -> None:
        if self._close is not None:
            self._close(code, reason)

    def _set_timer(self, delay_s: float, callback: Callable[..., None], *arguments: object) -> None:
        self._cancel_timer()
        self._timer = asyncio.get_running_loop().call_later(delay_s, callback, *arguments)

    def _cancel_timer(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None


def offered_token(subprotocols: Sequence[str]) -> str | None:
    """Return the token among the subprotocols that a client offers."""
    tokens = [name.removeprefix(BEARER) for name in subprotocols if name.startswith(BEARER)]
    return tokens[0] if PROTOCOL in subprotocols and tokens else None
