"""Random numbers of the accounts: each is a function of the seed, the account, a purpose and a counter.

Nothing is kept between two draws. The counters are part of the account's state, so that a restart changes no number.
"""

from hashlib import blake2b


class RandomSource:
    """The random numbers of one account."""

    def __init__(self, seed: int, account_id: str) -> None:
        self._key = f"{seed}:{account_id}".encode()

    def draw(self, purpose: str, number: int) -> float:
        """Return the number of a purpose and counter: at least 0, below 1, the same on every machine."""
        digest = blake2b(b"%b:%b:%d" % (self._key, purpose.encode(), number), digest_size=8).digest()
        return (int.from_bytes(digest, "little") >> 11) / (1 << 53)
