"""JSON Web Tokens: made and verified with one key and one algorithm, both fixed by the settings.

Claims: `sub` is the subject; `accounts` lists the accounts that the subject may use, by default one account with the
subject's name; `scope` is a string of words separated by spaces; `name` and `balance` are those of an account that is
opened at its first use. `exp`, `iat`, `aud` and `iss` are required. A token is valid for at most a day.
`handlers/permissions.py` decides what a subject may do.
"""

import logging
import re
import time
from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any

import jwt
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from pydantic import ValidationError

from engine.models.broker.account import AccountCreate
from handlers.errors import first_issue
from handlers.permissions import Caller, Unauthorized
from server.settings import Settings

log = logging.getLogger("trading.auth")

MAX_LIFETIME_S = 24 * 3600
MIN_KEY_BYTES = 32
MAX_ACCOUNTS = 64
MAX_TOKEN_LENGTH = 4096
MAX_CACHED = 1024
NAME = re.compile(r"[\x21-\x7e]{1,64}")
REQUIRED = ["exp", "iat", "sub", "aud", "iss"]
OPENING_CLAIMS = ("name", "balance")
EXPIRED = "the token has expired"


class TokenAuthority:
    """Verifies and makes tokens.

    Verified tokens are cached until they expire or the key changes: a token is verified once, not at every request.

    Args:
        key_file: HS256: a secret of at least 32 bytes; trailing line ends are ignored. EdDSA: an Ed25519 key in PEM.
        algorithm: HS256 or EdDSA; a token with another algorithm is refused.
        issuer: Issuer of the tokens.
        audience: Audience of the tokens.
        now: Wall clock, in seconds.

    Raises:
        ValueError: The key is too short or of another kind.
        OSError: The file cannot be read.
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
        self._verified = lru_cache(MAX_CACHED)(self._verify)

    @property
    def has_private_key(self) -> bool:
        """Whether the key is the private half of a pair; a server needs the public half only."""
        return isinstance(self._key, Ed25519PrivateKey)

    def reload(self) -> bool:
        """Read the key file again; returns whether the key has changed. If so, all tokens of the old key are invalid.

        When the file cannot be used, the old key is kept and an error is logged.
        """
        try:
            key = read_key(self._file, self._algorithm)
        except (OSError, ValueError) as error:
            log.error("the key file cannot be used, the old key stays error=%r", str(error))
            return False
        if key == self._key:
            log.info("key read again, unchanged")
            return False
        self._key = key
        self._verified.cache_clear()
        log.warning("key read again, changed: tokens of the old key are invalid")
        return True

    def __call__(self, token: str) -> Caller:
        """Verify a token and return its caller. Raises: Unauthorized."""
        caller = self._verified(token)
        if caller.expires is not None and caller.expires <= self._now():
            raise Unauthorized(EXPIRED)
        return caller

    def _verify(self, token: str) -> Caller:
        if len(token) > MAX_TOKEN_LENGTH:
            raise Unauthorized("the token is not valid")
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
            raise Unauthorized("the token is not valid") from None
        return caller_of(claims)

    def mint(
        self,
        subject: str,
        accounts: Sequence[str],
        scopes: Sequence[str],
        ttl_s: int,
        opening: Mapping[str, Any] | None = None,
    ) -> str:
        """Make a token; `opening` has the claims `name` and `balance`, if any.

        Raises: ValueError when a claim is invalid or the key is a public key.
        """
        now = int(self._now())
        claims: dict[str, Any] = {**(opening or {}), "iss": self._issuer, "aud": self._audience, "sub": subject}
        claims |= {"iat": now, "exp": now + ttl_s}
        if list(accounts) != [subject]:
            claims["accounts"] = list(accounts)
        if scopes:
            claims["scope"] = " ".join(scopes)
        try:
            caller_of(claims)
            return jwt.encode(claims, self._key, algorithm=self._algorithm)
        except Unauthorized as error:
            raise ValueError(str(error)) from None
        except (jwt.PyJWTError, TypeError, AttributeError):
            raise ValueError("a token needs the private key; this key can only verify") from None


def authority_of(settings: Settings) -> TokenAuthority:
    """Return the authority of settings with `--auth jwt`. Raises: ValueError; OSError."""
    assert settings.jwt_key_file is not None
    return TokenAuthority(settings.jwt_key_file, settings.jwt_algorithm, settings.jwt_issuer, settings.jwt_audience)


def caller_of(claims: dict[str, Any]) -> Caller:
    """Return the caller of verified claims. Raises: Unauthorized for claims of the wrong form."""
    subject, issued, expires = claims["sub"], claims["iat"], claims["exp"]
    if not isinstance(subject, str) or not NAME.fullmatch(subject):
        raise Unauthorized("the token's subject is not a name of 1 to 64 characters")
    is_timed = all(type(value) in (int, float) for value in (issued, expires))
    if not is_timed or not 0 < expires - issued <= MAX_LIFETIME_S:
        raise Unauthorized("the token is valid for more than 24 hours, or has no valid times")
    accounts = claims.get("accounts", [subject])
    if not isinstance(accounts, list) or not 0 < len(accounts) <= MAX_ACCOUNTS:
        raise Unauthorized(f"the token's accounts are not a list of 1 to {MAX_ACCOUNTS} names")
    if not all(isinstance(name, str) and NAME.fullmatch(name) for name in accounts):
        raise Unauthorized("an account in the token is not a name of 1 to 64 characters")
    scope = claims.get("scope", "")
    if not isinstance(scope, str):
        raise Unauthorized("the token's scope is not a string")
    return Caller(subject, tuple(accounts), frozenset(scope.split()), float(expires), opening_of(claims))


def opening_of(claims: dict[str, Any]) -> AccountCreate:
    """Return name and balance of accounts that are opened for a token. Raises: Unauthorized."""
    given = {name: claims[name] for name in OPENING_CLAIMS if claims.get(name) is not None}
    try:
        return AccountCreate.model_validate(given)
    except ValidationError as error:
        raise Unauthorized(f"the token's {first_issue(error)}") from None


def read_key(path: Path, algorithm: str) -> Any:
    """Return the key in a file, ready for PyJWT. Raises: ValueError; OSError."""
    data = path.read_bytes()
    is_pem = b"-----BEGIN" in data
    if algorithm == "HS256":
        secret = data.rstrip(b"\r\n")
        if is_pem:
            raise ValueError(f"{path} is a key in PEM; HS256 needs a secret")
        if len(secret) < MIN_KEY_BYTES:
            raise ValueError(f"{path} has {len(secret)} bytes; a secret needs at least {MIN_KEY_BYTES}")
        if path.stat().st_mode & 0o077:
            log.warning("other users can read the secret file=%s", path)
        return secret
    try:
        key = jwt.get_algorithm_by_name("EdDSA").prepare_key(data)
    except (jwt.PyJWTError, ValueError, TypeError, UnsupportedAlgorithm):
        key = None
    if not is_pem or not isinstance(key, Ed25519PrivateKey | Ed25519PublicKey):
        raise ValueError(f"{path} is not an Ed25519 key in PEM")
    return key
