"""Authentication by Alpaca's key and secret. The key id is the account, the secret one of our tokens.

Without authentication any secret is accepted, and a key id that is no account means the default account. Read by
`base.py` for REST and by the streams.
"""

import base64
from typing import NamedTuple

from tornado.httputil import HTTPHeaders

from engine.core import DEFAULT_ACCOUNT
from engine.errors import Missing
from handlers.account_opening import open_named_account
from handlers.permissions import ANYONE, Action, Caller, Unauthorized, decide
from handlers.services import Services

REFUSED = "request is not authorized"


class Credentials(NamedTuple):
    """Key id and secret of a request; None where the client sent none."""

    key_id: str | None
    secret: str | None


class Login(NamedTuple):
    """The caller, and the account that its key names."""

    caller: Caller
    account_id: str


def read_credentials(headers: HTTPHeaders) -> Credentials:
    """Return the credentials of Alpaca's own headers, or of a Bearer or Basic authorization."""
    if "APCA-API-KEY-ID" in headers:
        return Credentials(headers["APCA-API-KEY-ID"], headers.get("APCA-API-SECRET-KEY"))
    if "Authorization" not in headers:
        return Credentials(None, None)
    scheme, _, value = headers["Authorization"].partition(" ")
    if scheme.lower() == "bearer":
        return Credentials(None, value.strip())
    if scheme.lower() == "basic":
        try:
            key_id, _, secret = base64.b64decode(value.strip(), validate=True).decode().partition(":")
        except ValueError:
            return Credentials(None, None)
        return Credentials(key_id, secret)
    return Credentials(None, None)


def log_in(services: Services, credentials: Credentials, action: Action) -> Login:
    """Return the caller and the account of credentials; an account that the token names is opened at its first use.

    Raises:
        Unauthorized: Missing or wrong credentials.
        Denied, Unavailable: As in `open_named_account`.
    """
    engine, admission, (key_id, secret) = services.engine, services.admission, credentials
    if admission.verify is None:
        return Login(ANYONE, key_id if key_id in engine.broker.accounts and key_id else DEFAULT_ACCOUNT)
    if not secret:
        raise Unauthorized(REFUSED)
    caller = admission.verify(secret)
    try:
        permitted = decide(caller, key_id, action)
        open_named_account(services, caller, permitted)
        account_id = engine.account(permitted).id
    except Missing:
        raise Unauthorized(REFUSED) from None
    return Login(caller, account_id)
