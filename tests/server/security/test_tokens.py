"""Tokens: what makes one good, what makes one bad, and what a changed key does to all of them."""

import subprocess
import sys
import time
from pathlib import Path

import jwt
import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.rsa import generate_private_key

from handlers.permissions import Caller, Unauthorized
from server.command_line import BadSettings, read_settings
from server.main import main
from server.security.tokens import TokenAuthority
from tests.tokens import ALICE, ALIEN_KEY, BOB, KEY, bad_tokens, key_file, token

ROOT = Path(__file__).parents[3]


def keeper(folder: Path, now: float | None = None) -> TokenAuthority:
    clock = time.time if now is None else lambda: now
    return TokenAuthority(key_file(folder), "HS256", "trading-pro", "trading-pro", clock)


def write_pair(folder: Path) -> tuple[Path, Path]:
    """A new Ed25519 key: files of its private and public half."""
    private = Ed25519PrivateKey.generate()
    files = folder / "private.pem", folder / "public.pem"
    pem, no_password = serialization.Encoding.PEM, serialization.NoEncryption()
    files[0].touch(0o600)
    files[0].write_bytes(private.private_bytes(pem, serialization.PrivateFormat.PKCS8, no_password))
    files[1].write_bytes(private.public_key().public_bytes(pem, serialization.PublicFormat.SubjectPublicKeyInfo))
    return files


def test_a_good_token_speaks_for_its_subject_and_its_own_account(tmp_path: Path) -> None:
    caller = keeper(tmp_path)(token(ALICE))
    assert (caller.subject, caller.accounts, caller.scopes) == (ALICE, (ALICE,), frozenset())


def test_a_token_may_name_accounts_and_scopes(tmp_path: Path) -> None:
    caller = keeper(tmp_path)(token("desk", accounts=[BOB, ALICE], scope="admin reports"))
    assert (caller.accounts, caller.scopes) == ((BOB, ALICE), frozenset(("admin", "reports")))


@pytest.mark.parametrize("kind", [kind for kind, value in bad_tokens().items() if value is not None])
def test_a_bad_token_speaks_for_nobody(kind: str, tmp_path: Path) -> None:
    with pytest.raises(Unauthorized):
        keeper(tmp_path)(bad_tokens()[kind] or "")


@pytest.mark.parametrize(
    "text",
    ["", ".", "..", "a.b.c", "é.é.é", "\x00", "[" * 4096, jwt.utils.base64url_encode(b"[" * 3000).decode() + ".e30.x"],
)
def test_a_text_that_is_no_token_is_refused_and_nothing_else(text: str, tmp_path: Path) -> None:
    with pytest.raises(Unauthorized):
        keeper(tmp_path)(text)


def test_a_remembered_token_still_expires(tmp_path: Path) -> None:
    times = [time.time()]
    one = TokenAuthority(key_file(tmp_path), "HS256", "trading-pro", "trading-pro", lambda: times[0])
    good = token()
    assert one(good).subject == ALICE
    times[0] += 3601
    with pytest.raises(Unauthorized, match="expired"):
        one(good)


def test_another_key_ends_every_token(tmp_path: Path) -> None:
    one = keeper(tmp_path)
    good = token()
    one(good)
    key_file(tmp_path, ALIEN_KEY)
    one.reload()
    with pytest.raises(Unauthorized):
        one(good)
    assert one(token(key=ALIEN_KEY)).subject == ALICE


def test_an_unusable_new_key_leaves_the_old_one(tmp_path: Path) -> None:
    one = keeper(tmp_path)
    key_file(tmp_path, b"short")
    one.reload()
    assert one(token()).subject == ALICE


def test_what_is_minted_is_accepted(tmp_path: Path) -> None:
    one = keeper(tmp_path)
    minted = one.mint("desk", [ALICE, BOB], ["admin"], 60)
    caller = one(minted)
    assert caller == Caller("desk", (ALICE, BOB), frozenset(("admin",)), caller.expires)


@pytest.mark.parametrize(
    ("subject", "accounts", "ttl_s"), [("", [""], 60), (ALICE, [], 60), (ALICE, [ALICE], 0), (ALICE, [ALICE], 86_401)]
)
def test_what_would_not_be_accepted_is_not_minted(
    subject: str, accounts: list[str], ttl_s: int, tmp_path: Path
) -> None:
    with pytest.raises(ValueError):
        keeper(tmp_path).mint(subject, accounts, [], ttl_s)


def test_eddsa_signs_with_one_half_and_verifies_with_the_other(tmp_path: Path) -> None:
    private, public = write_pair(tmp_path)
    minted = TokenAuthority(private, "EdDSA", "trading-pro", "trading-pro").mint(ALICE, [ALICE], [], 60)
    verifier = TokenAuthority(public, "EdDSA", "trading-pro", "trading-pro")
    assert verifier(minted).subject == ALICE
    with pytest.raises(ValueError, match="verify"):
        verifier.mint(ALICE, [ALICE], [], 60)
    with pytest.raises(Unauthorized):
        verifier(token())


def test_a_public_key_is_no_secret(tmp_path: Path) -> None:
    """The classic confusion: a token signed with the public key as if it were a shared secret."""
    _, public = write_pair(tmp_path)
    import hashlib
    import hmac

    head, body = (
        jwt.utils.base64url_encode(part) for part in (b'{"alg":"HS256","typ":"JWT"}', token().split(".")[1].encode())
    )
    signed = head + b"." + body
    mark = jwt.utils.base64url_encode(hmac.new(public.read_bytes(), signed, hashlib.sha256).digest())
    with pytest.raises(Unauthorized):
        TokenAuthority(public, "EdDSA", "trading-pro", "trading-pro")((signed + b"." + mark).decode())


def unusable_keys(folder: Path) -> list[tuple[Path, str]]:
    private, public = write_pair(folder)
    rsa, empty = folder / "rsa.pem", folder / "empty"
    rsa.write_bytes(
        generate_private_key(65537, 2048)
        .public_key()
        .public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo)
    )
    empty.write_bytes(b"")
    short = folder / "short"
    short.write_bytes(b"x" * 31 + b"\n")
    return [(private, "HS256"), (public, "HS256"), (empty, "HS256"), (short, "HS256"), (rsa, "EdDSA"), (short, "EdDSA")]


def test_a_key_of_the_wrong_kind_or_length_is_refused(tmp_path: Path) -> None:
    for path, algorithm in unusable_keys(tmp_path):
        with pytest.raises(ValueError, match=str(path)):
            TokenAuthority(path, algorithm, "trading-pro", "trading-pro")


def test_the_subcommand_prints_a_token_and_nothing_else(tmp_path: Path) -> None:
    path = str(key_file(tmp_path))
    arguments = ["--account", ALICE, "--scope", "admin", "--ttl", "60", "--name", "Alice", "--balance", "2500.5"]
    command = [sys.executable, "run.py", "token", *arguments, "--jwt-key-file", path]
    result = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert (result.returncode, result.stderr) == (0, "")
    claims = jwt.decode(result.stdout.strip(), KEY, ["HS256"], audience="trading-pro", issuer="trading-pro")
    assert (claims["sub"], claims["scope"], claims["exp"] - claims["iat"]) == (ALICE, "admin", 60)
    assert (claims["name"], claims["balance"]) == ("Alice", 2500.5)


def files(folder: Path) -> dict[str, str]:
    """The key files that the tables below name."""
    short = folder / "short"
    short.write_bytes(b"x" * 31)
    short.chmod(0o600)
    return {"KEY": str(key_file(folder)), "SHORT": str(short), "PRIVATE": str(write_pair(folder)[0])}


@pytest.mark.parametrize(
    "arguments",
    [
        ["--account", ALICE],
        ["--account", ALICE, "--jwt-key-file", "KEY", "--ttl", "90000"],
        ["--jwt-key-file", "KEY"],
        ["--account", ALICE, "--jwt-key-file", "no-such-file"],
        ["--account", ALICE, "--jwt-key-file", "KEY", "--scope", "root"],
        ["--account", ALICE, "--jwt-key-file", "KEY", "--balance", "-1"],
    ],
)
def test_a_token_that_cannot_be_made_is_one_line_and_status_2(
    arguments: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    places = files(tmp_path)
    assert main(["token", *(places.get(word, word) for word in arguments)]) == 2
    said = capsys.readouterr()
    assert (said.out, said.err.count("\n")) == ("", 1), said.err


@pytest.mark.parametrize(
    "arguments",
    [
        ["--jwt-key-file", "SHORT"],
        ["--jwt-key-file", "no-such-file"],
        ["--jwt-algorithm", "EdDSA", "--jwt-key-file", "PRIVATE"],
    ],
)
def test_a_start_with_an_unusable_key_is_one_line_and_status_2(
    arguments: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    places = files(tmp_path)
    assert main(["--auth", "jwt", "--port", "0", "--ephemeral", *(places.get(word, word) for word in arguments)]) == 2
    said = capsys.readouterr()
    assert (said.out, said.err.count("\n")) == ("", 1), said.err


@pytest.mark.parametrize(
    "arguments",
    [
        ["--auth", "jwt"],
        ["--auth", "basic"],
        ["--jwt-key-file", "key"],
        ["--host", "0.0.0.0"],
        ["--host", "::"],
        ["--host", ""],
        ["--auth", "jwt", "--jwt-key-file", "key", "--jwt-algorithm", "none"],
        ["--allow-origin", "*"],
        ["--allow-origin", "null"],
        ["--allow-origin", "https://*.example.com"],
        ["--allow-origin", "https://example.com/page"],
        ["--allow-origin", "example.com"],
        ["--allow-host", "*"],
        ["--allow-host", "*.example.com"],
        ["--trusted-proxy", "everybody"],
        ["--order-rate", "-1"],
    ],
)
def test_an_unsafe_combination_does_not_start(arguments: list[str]) -> None:
    with pytest.raises(BadSettings):
        read_settings(arguments, {})


@pytest.mark.parametrize(
    ("arguments", "limits"), [([], (None, None)), (["--order-rate", "5", "--max-connections", "7"], (5.0, 7))]
)
def test_limits_are_off_in_the_demo_unless_set(arguments: list[str], limits: tuple[float | None, int | None]) -> None:
    settings = read_settings(arguments, {})
    assert (settings.order_rate, settings.max_connections) == limits
