"""The command `token`: makes a token and prints it. The content of a token is described in `tokens.py`."""

import argparse
import sys
from collections.abc import Sequence

from server.command_line import BadSettings, read_settings
from server.installation import COMMAND
from server.settings import Settings

DEFAULT_TTL_S = 3600


def build_parser() -> argparse.ArgumentParser:
    """Return the parser of the command; other arguments are settings of the server."""
    parser = argparse.ArgumentParser(
        prog=f"{COMMAND} token",
        description="Make a token with the key in --jwt-key-file (EdDSA: the private key). Other options as for serve.",
        exit_on_error=False,
    )
    parser.add_argument("--account", action="append", help="account that the token may use; repeat the option for more")
    parser.add_argument("--subject", help="subject of the token (the first account)")
    parser.add_argument("--name", help="name of accounts that are opened at their first use")
    parser.add_argument("--balance", type=float, help="balance of such accounts in USD (100000)")
    parser.add_argument("--scope", action="append", default=[], choices=["admin"], help="scope of the token")
    parser.add_argument("--ttl", type=int, default=DEFAULT_TTL_S, help="seconds of validity, at most 86400 (3600)")
    return parser


def token(arguments: Sequence[str]) -> int:
    """Run the command; returns the exit status: 0, or 2 when the token cannot be made."""
    try:
        options, rest = build_parser().parse_known_args(list(arguments))
        settings = read_settings(["serve", "--auth", "jwt", *rest])
        if not options.account:
            raise BadSettings("--account is needed")
        print(_made(settings, options))
    except (argparse.ArgumentError, BadSettings, ValueError, OSError) as error:
        print(f"{COMMAND} token: {error}", file=sys.stderr)
        return 2
    return 0


def _made(settings: Settings, options: argparse.Namespace) -> str:
    # PyJWT takes long to import; the other commands start sooner without it.
    from server.security.tokens import authority_of

    subject: str = options.subject or options.account[0]
    claims = {name: getattr(options, name) for name in ("name", "balance") if getattr(options, name) is not None}
    return authority_of(settings).mint(subject, options.account, options.scope, options.ttl, claims)
