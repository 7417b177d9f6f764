"""Tokens: JSON Web Tokens made and verified with one key and one algorithm, both fixed by configuration.

A token names its subject (`sub`), the accounts that the subject may use (`accounts`; without it the one account of the
subject's own name) and what it may do besides (`scope`, words separated by spaces). `exp`, `iat`, `aud` and `iss` are
required, and no token lives longer than a day. What a caller may do is decided in handlers/permissions.py.
"""

import logging
import re
import time
from collections import OrderedDict
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import jwt

from handlers.permissions import Caller, Unauthorized

log = logging.getLogger("trading.auth")

MAX_LIFETIME_S = 24 * 3600
MIN_KEY_BYTES = 32
MAX_ACCOUNTS = 64
MAX_TOKEN_LENGTH = 4096
MAX_CACHED = 1024
NAME = re.compile(r"[\x21-\x7e]{1,64}")
REQUIRED = ["exp", "iat", "sub", "aud", "iss"]
EXPIRED = "the token has expired"


class Keeper:
    """Verifies and makes tokens.

    Verified tokens are remembered until they expire or the key changes, so that a busy client costs one verification.

    Args:
        key_file: HS256: at least 32 bytes, a line end at its end does not count. EdDSA: an Ed25519 key in PEM.
        algorithm: HS256 or EdDSA; what a token says of itself does not matter.
        issuer: Who makes the tokens.
        audience: Whom they are for.
        now: The wall clock in seconds.

    Raises:
        ValueError: the key is too short or of another kind.
        OSError: the file cannot be read.
    """

    def __init__(
        self, key_file: Path, algorithm: str, issuer: str, audience: str, now: Callable[[], float] = time.time
    ) -> None:
        self._file = key_file
        self._algorithm = algorithm
        self._issuer = issuer
        self._audience = audience
        self._now = now
        self._key = read_key(key_file, algorithm)
        self._seen: OrderedDict[str, Caller] = OrderedDict()

    @property
    def can_mint_for_others(self) -> bool:
        """Whether the key is the private half of a pair, which a server that only verifies should not have."""
        return self._algorithm != "HS256" and hasattr(self._key, "sign")

    def reload(self) -> bool:
        """Read the key file again; returns whether the key is another one, so that every token of the old one is void.

        A file that cannot be used leaves the old key in place, loudly.
        """
        try:
            key = read_key(self._file, self._algorithm)
        except (OSError, ValueError) as error:
            log.error("the key was not changed error=%r", str(error))
            return False
        if key == self._key:
            log.info("key read again, it is the same")
            return False
        self._key = key
        self._seen.clear()
        log.warning("key read again, tokens of the old key are void")
        return True

    def __call__(self, token: str) -> Caller:
        """Return whom a token speaks for. Raises: Unauthorized."""
        caller = self._seen.get(token)
        if caller is None:
            caller = self._verified(token)
            self._seen[token] = caller
            if len(self._seen) > MAX_CACHED:
                self._seen.popitem(last=False)
        if caller.expires is not None and caller.expires <= self._now():
            self._seen.pop(token, None)
            raise Unauthorized(EXPIRED)
        return caller

    def _verified(self, token: str) -> Caller:
        if len(token) > MAX_TOKEN_LENGTH:
            raise Unauthorized("the token is not good")
        try:
            claims = jwt.decode(
                token,
                self._key,
                algorithms=[self._algorithm],
                audience=self._audience,
                issuer=self._issuer,
                options={"require": REQUIRED},
            )
        except jwt.ExpiredSignatureError:
            raise Unauthorized(EXPIRED) from None
        except (jwt.PyJWTError, ValueError, TypeError, OverflowError, RecursionError) as error:
            log.debug("token refused reason=%s", type(error).__name__)
            raise Unauthorized("the token is not good") from None
        return caller_of(claims)

    def mint(self, subject: str, accounts: Sequence[str], scopes: Sequence[str], ttl_s: int) -> str:
        """Make a token. Raises: ValueError when it could not be used, or the key can only verify."""
        now = int(self._now())
        claims: dict[str, Any] = {"iss": self._issuer, "aud": self._audience, "sub": subject}
        claims |= {"iat": now, "exp": now + ttl_s}
        if list(accounts) != [subject]:
            claims["accounts"] = list(accounts)
        if scopes:
            claims["scope"] = " ".join(scopes)
        try:
            caller_of(claims)
        except Unauthorized as error:
            raise ValueError(str(error)) from None
        try:
            return jwt.encode(claims, self._key, algorithm=self._algorithm)
        except (jwt.PyJWTError, TypeError, AttributeError):
            raise ValueError("tokens are made with the private key; this one can only verify them") from None


def caller_of(claims: dict[str, Any]) -> Caller:
    """Return whom verified claims speak for. Raises: Unauthorized for claims that are not ours."""
    subject, issued, expires = claims["sub"], claims["iat"], claims["exp"]
    if not isinstance(subject, str) or not NAME.fullmatch(subject):
        raise Unauthorized("the token's subject is not a name of 1 to 64 characters")
    is_timed = all(type(value) in (int, float) for value in (issued, expires))
    if not is_timed or not 0 < expires - issued <= MAX_LIFETIME_S:
        raise Unauthorized("a token lives for at most 24 hours")
    accounts = claims.get("accounts", [subject])
    if not isinstance(accounts, list) or not 0 < len(accounts) <= MAX_ACCOUNTS:
        raise Unauthorized(f"the token's accounts are a list of 1 to {MAX_ACCOUNTS} names")
    if not all(isinstance(name, str) and NAME.fullmatch(name) for name in accounts):
        raise Unauthorized("an account in the token is not a name of 1 to 64 characters")
    scope = claims.get("scope", "")
    if not isinstance(scope, str):
        raise Unauthorized("the token's scope is not a text")
    return Caller(subject, tuple(accounts), frozenset(scope.split()), float(expires))


def read_key(path: Path, algorithm: str) -> Any:
    """Return the key in a file, ready for PyJWT. Raises: ValueError; OSError."""
    data = path.read_bytes()
    is_pem = b"-----BEGIN" in data
    if algorithm == "HS256":
        secret = data.rstrip(b"\r\n")
        if is_pem:
            raise ValueError(f"{path} is a key in PEM; HS256 takes a secret")
        if len(secret) < MIN_KEY_BYTES:
            raise ValueError(f"{path} has {len(secret)} bytes; a secret has at least {MIN_KEY_BYTES}")
        if path.stat().st_mode & 0o077:
            log.warning("the secret can be read by others file=%s", path)
        return secret
    if not is_pem:
        raise ValueError(f"{path} is not a key in PEM")
    return _ed25519(path, data)


def _ed25519(path: Path, data: bytes) -> Any:
    # Imported by those who use it: it takes longer than the rest of the program's start.
    from cryptography.exceptions import UnsupportedAlgorithm
    from cryptography.hazmat.primitives import serialization
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

    try:
        if b"PRIVATE KEY" in data:
            key: object = serialization.load_pem_private_key(data, password=None)
        else:
            key = serialization.load_pem_public_key(data)
    except (ValueError, TypeError, UnsupportedAlgorithm):
        raise ValueError(f"{path} is not a key that can be read") from None
    if not isinstance(key, Ed25519PrivateKey | Ed25519PublicKey):
        raise ValueError(f"{path} is not an Ed25519 key")
    return key
