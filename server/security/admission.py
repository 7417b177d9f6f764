"""Makes the `Admission` that checks every request, from the settings: hosts, origins, limits and tokens.

Called by `server/main.py`. The checks are in `handlers/admission.py`, the verification of tokens in `tokens.py`.
"""

import logging
import signal
from asyncio import AbstractEventLoop
from collections.abc import Callable
from urllib.parse import urlsplit

from engine.clock import Clock
from handlers.admission import LOOPBACK, Admission
from handlers.errors import CloseCode
from handlers.permissions import Verify
from handlers.rate_limits import ClientBuckets
from handlers.stream.hub import Hub
from server.settings import ANY_ADDRESS, Settings

log = logging.getLogger("trading")

ORDER_RATE = 50.0
MAX_CONNECTIONS = 50


def make_admission(settings: Settings, clock: Clock) -> Admission:
    """Return the admission of these settings.

    Raises:
        ValueError: The key cannot be used.
        OSError: The key file cannot be read.
    """
    has_tokens, host = settings.auth == "jwt", settings.host
    rate, limit = (ORDER_RATE, MAX_CONNECTIONS) if has_tokens else (0.0, 0)
    rate = rate if settings.order_rate is None else settings.order_rate
    limit = limit if settings.max_connections is None else settings.max_connections
    burst = settings.order_burst or max(1, round(2 * rate))
    own = frozenset() if host in ANY_ADDRESS else frozenset((f"[{host}]" if ":" in host else host,))
    if settings.core_url is not None:
        own |= {urlsplit(settings.core_url).netloc.lower()}
    return Admission(
        hosts=LOOPBACK | own | frozenset(settings.allow_host),
        origins=frozenset(settings.allow_origin),
        proxies=frozenset(settings.trusted_proxy),
        verify=make_verifier(settings) if has_tokens else None,
        commands=ClientBuckets(rate, burst, clock.monotonic) if rate else None,
        max_connections=limit or None,
    )


def make_verifier(settings: Settings) -> Verify:
    """Return the verifier of tokens. Raises: ValueError; OSError."""
    # PyJWT takes long to import; a server without tokens starts sooner without it.
    from server.security.tokens import authority_of

    authority = authority_of(settings)
    if authority.has_private_key:
        raise ValueError(f"{settings.jwt_key_file} is a private key; the server needs the public key")
    return authority


def reload_on_hangup(admission: Admission, hub: Hub, loop: AbstractEventLoop) -> None:
    """Register a SIGHUP handler that reads the key file again."""
    if admission.verify is not None:
        loop.add_signal_handler(signal.SIGHUP, read_key_again, admission, hub)


def read_key_again(admission: Admission, hub: Hub) -> None:
    """Read the key file again; when the key has changed, close all WebSockets with 4005.

    Clients may reconnect. A token of the new key is accepted; a token of the old key is refused with 4500.
    """
    reload: Callable[[], bool] | None = getattr(admission.verify, "reload", None)
    if reload is not None and reload():
        hub.close_all(CloseCode.EXPIRED, "the key has changed; reconnect with a new token")


def warn_if_open(settings: Settings) -> None:
    """Log a warning when clients of other machines may trade without authentication."""
    if settings.auth == "none" and (settings.insecure or settings.trusted_proxy):
        log.warning("no authentication: everyone may trade and read all accounts host=%s", settings.host)
