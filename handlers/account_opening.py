"""Opens the accounts that a token names, at their first use over REST or on a socket.

`permissions.py` has decided before that the caller may use the account. Called by `base.py`,
`stream/handler.py` and `alpaca/auth.py`.
"""

import logging

from engine.errors import Missing, Reason
from handlers.permissions import Caller
from handlers.services import Services

log = logging.getLogger("trading.auth")


def open_named_account(services: Services, caller: Caller, account_id: str | None) -> bool:
    """Open an account that the caller's token names, if it does not exist. Returns whether it was opened.

    The account exists when this returns, so a second first use finds it. Its event is stored before the events of the
    caller's command; an answer that shows the account has to wait until it is stored.

    Args:
        services: The engine and the publisher.
        caller: The client. While authentication is off, nothing is opened.
        account_id: The account that `decide` returned.

    Raises:
        Missing: UNKNOWN_ACCOUNT for a name with a colon: channels of the stream separate their parts with it.
        Denied: ACCOUNT_LIMIT.
        Unavailable: Nothing can be stored.
    """
    if caller.accounts is None or account_id is None or account_id in services.engine.broker.accounts:
        return False
    if ":" in account_id:
        raise Missing(Reason.UNKNOWN_ACCOUNT, f"account {account_id} does not exist")
    _, result = services.engine.create_account(caller.opening.model_copy(update={"id": account_id}))
    services.publisher.submit(result)
    log.info("account opened at its first use account=%s subject=%s", account_id, caller.subject)
    return True
