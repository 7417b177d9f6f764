"""Who is at the other end of a socket: the token of `hello` or of the subprotocol, its renewal and its end.

Without authentication everybody is welcome and nothing here happens, but for the count of sockets. With it, the first
message is a `hello` with a token within `AUTH_TIMEOUT_S`, or the token came as the subprotocol pair
`trading.v1, bearer.TOKEN`; never in the URL. What the caller may follow is decided in access.py.
"""

import asyncio
from collections.abc import Callable

from tornado.httputil import HTTPServerRequest

from engine.core import Engine
from engine.models.broker.account import AccountSubscription
from engine.models.common import WireModel
from handlers.admission import Admission
from handlers.permissions import ANYONE, Action, Caller, Unauthorized, decide

PROTOCOL = "trading.v1"
BEARER = "bearer."
AUTH_TIMEOUT_S = 10.0
NOTICE_S = 60.0

EXPIRED = 4005
BAD_TOKEN = 4500
NO_AUTH = 4502
CONNECTION_LIMIT = 4504
NOT_PERMITTED = 4507


class Identity:
    """The caller behind one socket, and the deadlines of its token.

    Args:
        admission: Rules of admission.
        close: Closes the socket with a code and a reason.
        warn: Tells the client in how many seconds its token ends.
    """

    __slots__ = ("_admission", "_close", "_is_warned", "_keys", "_timer", "_warn", "caller")

    def __init__(
        self,
        admission: Admission,
        close: Callable[[int, str], None],
        warn: Callable[[float], None],
    ) -> None:
        self._admission = admission
        self._close = close
        self._warn = warn
        self._keys: list[str] = []
        self._timer: asyncio.TimerHandle | None = None
        self._is_warned = False
        self.caller: Caller | None = None if admission.is_guarded else ANYONE

    def open(self, request: HTTPServerRequest) -> bool:
        """Take the socket of an upgrade request; False when it was closed at once.

        The request is not kept: with the connection behind it, it is four times as large as all else of a client.
        """
        if not self._enter(f"address {self._admission.client_address(request)}"):
            return False
        if self.caller is not None:
            return True
        token = offered_token(request)
        if token is not None:
            return self.hello(token)
        self._timer = asyncio.get_running_loop().call_later(AUTH_TIMEOUT_S, self._close, NO_AUTH, "no token in time")
        return True

    def hello(self, token: object) -> bool:
        """Take the token of a `hello`, the first or a fresh one; False when the socket was closed for it.

        A `hello` without a token changes nothing once the caller is known.
        """
        if self._admission.verify is None or (token is None and self.caller is not None):
            return True
        try:
            if not isinstance(token, str):
                raise Unauthorized("a token is needed")
            caller = self._admission.verify(token)
        except Unauthorized as error:
            self._close(BAD_TOKEN, str(error))
            return False
        if self.caller is None:
            if not self._enter(f"subject {caller.subject}"):
                return False
        elif (caller.subject, set(caller.accounts or ())) != (self.caller.subject, set(self.caller.accounts or ())):
            self._close(NOT_PERMITTED, "a connection stays with its subject and accounts")
            return False
        self.caller = caller
        self._is_warned = False
        self.check()
        return True

    def permit(self, engine: Engine, params: WireModel) -> None:
        """Let the caller follow what it asks for. Raises: Missing UNKNOWN_ACCOUNT."""
        if self.caller is None or self.caller.accounts is None or not isinstance(params, AccountSubscription):
            return
        # The account has to be there as well: the engine takes an unknown name for the default account.
        engine.account(decide(self.caller, params.accountId, Action.FOLLOW))

    def control(self) -> None:
        """Let the caller control the server, and count that as the command it is. Raises: ApiError 403, 429 or 503."""
        assert self.caller is not None
        decide(self.caller, None, Action.CONTROL)
        self._admission.count(self._keys)

    def check(self) -> None:
        """Warn or close when it is time, else come back then."""
        self._cancel()
        if self.caller is None or self.caller.expires is None:
            return
        left_s = self.caller.expires - self._admission.now()
        if left_s <= 0:
            self._close(EXPIRED, "the token has expired")
            return
        if left_s <= NOTICE_S and not self._is_warned:
            self._is_warned = True
            self._warn(left_s)
        next_s = left_s if self._is_warned else left_s - NOTICE_S
        self._timer = asyncio.get_running_loop().call_later(next_s, self.check)

    def end(self) -> None:
        """Forget the socket, and whom to tell: both know this one, and only the collector would free them."""
        self._cancel()
        self._close = self._warn = _nobody
        for key in self._keys:
            self._admission.leave(key)
        self._keys.clear()

    def _enter(self, key: str) -> bool:
        if not self._admission.enter(key):
            self._close(CONNECTION_LIMIT, "too many connections")
            return False
        self._keys.append(key)
        return True

    def _cancel(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None


def _nobody(*_told: object) -> None:
    """Stand for a client that is gone."""


def offered_token(request: HTTPServerRequest) -> str | None:
    """Return the token among the subprotocols that a client offers."""
    offered = [name.strip() for name in request.headers.get("Sec-WebSocket-Protocol", "").split(",")]
    tokens = [name.removeprefix(BEARER) for name in offered if name.startswith(BEARER)]
    return tokens[0] if PROTOCOL in offered and tokens else None
