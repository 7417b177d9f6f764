"""`python run.py token`: makes a token and prints it."""

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from server.settings import BadSettings, Settings, read_settings

DEFAULT_TTL_S = 3600


def build_parser() -> argparse.ArgumentParser:
    """Return the parser of the subcommand; what it does not know are settings of the server."""
    parser = argparse.ArgumentParser(
        prog="run.py token",
        description="Make a token. The key is --jwt-key-file, for EdDSA the private one; other settings as for serve.",
        exit_on_error=False,
    )
    parser.add_argument("--account", action="append", help="an account it may use; may be repeated")
    parser.add_argument("--subject", help="whom it is for (the first account)")
    parser.add_argument("--scope", action="append", default=[], choices=["admin"], help="what it may do besides")
    parser.add_argument("--ttl", type=int, default=DEFAULT_TTL_S, help="seconds until it expires, at most 86400 (3600)")
    return parser


def token(arguments: Sequence[str]) -> int:
    """Run the subcommand; returns its exit status: 0, or 2 when no such token can be made."""
    try:
        options, rest = build_parser().parse_known_args(list(arguments))
        settings = read_settings(["serve", "--auth", "jwt", *rest])
        if not options.account:
            raise BadSettings("--account says whom the token is for")
        assert settings.jwt_key_file is not None
        print(_mint(settings.jwt_key_file, settings, options))
    except (argparse.ArgumentError, BadSettings, ValueError, OSError) as error:
        print(f"run.py token: {error}", file=sys.stderr)
        return 2
    return 0


def _mint(key_file: Path, settings: Settings, options: argparse.Namespace) -> str:
    from server.security.tokens import Keeper

    keeper = Keeper(key_file, settings.jwt_algorithm, settings.jwt_issuer, settings.jwt_audience)
    return keeper.mint(options.subject or options.account[0], options.account, options.scope, options.ttl)
