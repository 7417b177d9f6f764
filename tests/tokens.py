"""Valid and invalid tokens, made without the server's own code."""

import time
from pathlib import Path
from typing import Any

import jwt

KEY = b"a secret of more than sixty-four bytes, for the tests and nothing else: HS512"
ALIEN_KEY = b"another secret of more than sixty-four bytes, one that the server never saw"
ALICE, BOB = "ALICE", "BOB"


def token(subject: str = ALICE, key: bytes = KEY, algorithm: str = "HS256", **claims: Any) -> str:
    """A valid token, changed by `claims`; None omits a claim."""
    now = int(time.time())
    whole = {"iss": "trading-pro", "aud": "trading-pro", "sub": subject, "iat": now, "exp": now + 3600} | claims
    wanted = {name: value for name, value in whole.items() if value is not None}
    return jwt.encode(wanted, key if algorithm != "none" else "", algorithm=algorithm)


def bad_tokens() -> dict[str, str | None]:
    """Every kind of invalid token, by its name; None means no token."""
    now = int(time.time())
    header, _, signature = token().split(".")
    bobs = token(BOB).split(".")[1]
    return {
        "none": None,
        "garbage": "garbage",
        "expired": token(iat=now - 7200, exp=now - 3600),
        "not yet valid": token(nbf=now + 600),
        "from the future": token(iat=now + 600, exp=now + 1200),
        "forged": token(key=ALIEN_KEY),
        "another payload": f"{header}.{bobs}.{signature}",
        "no signature": f"{header}.{bobs}.",
        "alg none": token(algorithm="none"),
        "another algorithm": token(algorithm="HS512"),
        "wrong audience": token(aud="somebody-else"),
        "wrong issuer": token(iss="somebody-else"),
        "no subject": token(sub=None),
        "no expiry": token(exp=None),
        "no issue time": token(iat=None),
        "no audience": token(aud=None),
        "no issuer": token(iss=None),
        "lives too long": token(exp=now + 86_400 + 60),
        "wrong accounts": token(accounts="ALICE"),
        "no accounts": token(accounts=[]),
    }


def key_file(folder: Path, key: bytes = KEY) -> Path:
    """A file with the key, readable by its owner only."""
    path = folder / "key"
    path.touch(0o600)
    path.write_bytes(key + b"\n")
    return path


def bearer(value: str | None) -> dict[str, str]:
    """The header that carries a token."""
    return {} if value is None else {"Authorization": f"Bearer {value}"}
