"""From settings to the admission that every request passes: names, limits and the keeper of tokens."""

import logging
import signal
from asyncio import AbstractEventLoop
from collections.abc import Callable

from engine.clock import Clock
from handlers.admission import LOOPBACK, Admission
from handlers.errors import CloseCode
from handlers.permissions import Verifier
from handlers.stream.hub import Hub
from server.security.rate_limits import Buckets
from server.settings import Settings

log = logging.getLogger("trading")

ORDER_RATE = 50.0
MAX_CONNECTIONS = 50
EVERYWHERE = frozenset(("0.0.0.0", "::", ""))


def make_admission(settings: Settings, clock: Clock) -> Admission:
    """Return the admission that the settings ask for.

    Raises:
        ValueError: the key cannot be used.
        OSError: the key file cannot be read.
    """
    is_guarded = settings.auth == "jwt"
    rate = settings.order_rate
    if rate is None:
        rate = ORDER_RATE if is_guarded else 0.0
    burst = settings.order_burst or max(1, round(2 * rate))
    limit = settings.max_connections
    if limit is None:
        limit = MAX_CONNECTIONS if is_guarded else 0
    return Admission(
        hosts=LOOPBACK | _own_name(settings.host) | frozenset(settings.allow_host),
        origins=frozenset(settings.allow_origin),
        proxies=frozenset(settings.trusted_proxy),
        verify=make_keeper(settings) if is_guarded else None,
        commands=Buckets(rate, burst, clock.monotonic) if rate else None,
        max_connections=limit or None,
    )


def make_keeper(settings: Settings) -> Verifier:
    """Return what verifies tokens. Raises: ValueError; OSError."""
    # Imported by those who use it: a demo without tokens starts sooner.
    from server.security.tokens import Keeper

    assert settings.jwt_key_file is not None
    keeper = Keeper(settings.jwt_key_file, settings.jwt_algorithm, settings.jwt_issuer, settings.jwt_audience)
    if keeper.can_mint_for_others:
        raise ValueError(f"{settings.jwt_key_file} is a private key; the server verifies with the public one")
    return keeper


def reload_on_hangup(admission: Admission, hub: Hub, loop: AbstractEventLoop) -> None:
    """Read the key again at SIGHUP."""
    if admission.verify is not None:
        loop.add_signal_handler(signal.SIGHUP, read_key_again, admission, hub)


def read_key_again(admission: Admission, hub: Hub) -> None:
    """Read the key again; when it is another one, close the sockets that came in with the old one.

    They may come back (4005): who gets fresh tokens does so with one of the new key, who has only the old one is
    refused at the door (4500).
    """
    reload: Callable[[], bool] | None = getattr(admission.verify, "reload", None)
    if reload is not None and reload():
        hub.close_all(CloseCode.EXPIRED, "the key was changed; come back with a fresh token")


def warn(settings: Settings) -> None:
    """Say loudly what is open."""
    if settings.auth == "none" and (settings.insecure or settings.trusted_proxy):
        log.warning("no authentication: everybody who reaches host=%s may trade and see everything", settings.host)


def _own_name(host: str) -> frozenset[str]:
    if host in EVERYWHERE:
        return frozenset()
    return frozenset((f"[{host}]" if ":" in host else host,))
