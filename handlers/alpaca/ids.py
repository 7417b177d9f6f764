"""The UUIDs of the dialect: made from our own ids and turned back into them, so that no table is kept.

An order's UUID has version 8 (RFC 9562): 48 bits are a digest of the account, 12 bits the revision of the order, 62
bits the kind and the number of the id. It is the same after a restart.
"""

from functools import lru_cache
from hashlib import blake2b
from typing import NamedTuple
from uuid import UUID, uuid5

NAMESPACE = UUID("8b1f3c52-6d0e-5a47-9c35-0f6a2d41e7b9")
MAX_REVISION = (1 << 12) - 1
NUMBER_BITS = 60
ORDER, EXECUTION, EVENT = 0, 1, 2
PREFIXES = ("ORDER-", "EXEC-")


class OrderId(NamedTuple):
    """Our id of an order, and its revision: 0 for the order as it was placed."""

    order_id: str
    revision: int


@lru_cache(maxsize=1024)
def _digest(account_id: str) -> int:
    return int.from_bytes(blake2b(account_id.encode(), digest_size=6).digest())


@lru_cache(maxsize=1024)
def _prefix(account_id: str) -> str:
    """Return the text of the digest in a UUID."""
    text = f"{_digest(account_id):012x}"
    return f"{text[:8]}-{text[8:]}"


def _uuid(account_id: str, kind: int, number: int, revision: int) -> str:
    low = f"{0b10 << 62 | kind << NUMBER_BITS | number:016x}"
    return f"{_prefix(account_id)}-8{revision:03x}-{low[:4]}-{low[4:]}"


def number_of(order_id: str) -> int:
    """Return the number in our id of an order."""
    return int(order_id.removeprefix(PREFIXES[ORDER]))


def order_uuid(account_id: str, order_id: str, revision: int = 0) -> str:
    """Return the UUID of a revision of an order."""
    return _uuid(account_id, ORDER, number_of(order_id), min(revision, MAX_REVISION))


def execution_uuid(account_id: str, execution_id: str) -> str:
    """Return the UUID of a trade."""
    return _uuid(account_id, EXECUTION, int(execution_id.removeprefix(PREFIXES[EXECUTION])), 0)


def event_uuid(account_id: str, number: int) -> str:
    """Return the UUID of an event of an account, by its number."""
    return _uuid(account_id, EVENT, number, 0)


def read_order_uuid(account_id: str, text: str) -> OrderId | None:
    """Return the order of a UUID; None when the text is not the id of an order of this account."""
    try:
        value = UUID(text).int
    except ValueError:
        return None
    low = value & (1 << 62) - 1
    is_ours = value >> 80 == _digest(account_id) and value >> 76 & 15 == 8 and low >> NUMBER_BITS == ORDER
    return OrderId(f"{PREFIXES[ORDER]}{low & (1 << NUMBER_BITS) - 1}", value >> 64 & MAX_REVISION) if is_ours else None


@lru_cache(maxsize=4096)
def named_uuid(kind: str, name: str) -> str:
    """Return the UUID of an account ("account") or an asset ("asset")."""
    return str(uuid5(NAMESPACE, f"{kind} {name}"))
