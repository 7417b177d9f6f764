"""The command `conform URL`: checks a broker against the rules, and says which message broke which rule.

Exit statuses: 0 all rules are kept, 1 a rule is broken, 2 the command line or the broker cannot be used.
"""

import argparse
import asyncio
import sys
from collections.abc import Sequence
from pathlib import Path

from server.conformance.client import Unreachable
from server.conformance.report import as_json, as_junit, as_table, outcomes
from server.conformance.script import PARTS, Plan, check_broker
from server.installation import COMMAND

CONFORMS, BREAKS, UNUSABLE = 0, 1, 2


def conform(arguments: Sequence[str]) -> int:
    """Run `conform`; returns the exit status."""
    options = parser().parse_args(arguments)
    if not options.url.startswith(("http://", "https://")):
        return refuse(f"{options.url} is no URL such as http://127.0.0.1:8000")
    try:
        token = None if options.token_file is None else options.token_file.read_text(encoding="utf-8").strip()
        parts = tuple(options.only or ())
        plan = Plan(options.url, token, options.account, options.symbol, parts, options.confirm_s)
        rows = outcomes(asyncio.run(check_broker(plan)))
        for path, text in ((options.junit, as_junit(rows)), (options.json, as_json(rows, options.url))):
            if path is not None:
                path.write_text(text, encoding="utf-8")
    except (Unreachable, OSError) as error:
        return refuse(str(error))
    print(as_table(rows))
    return BREAKS if any(row.broken for row in rows) else CONFORMS


def parser() -> argparse.ArgumentParser:
    """Return the parser of the command line."""
    made = argparse.ArgumentParser(
        prog=f"{COMMAND} conform",
        description="Check a broker that speaks the contract of Trading Pro against TradingView's rules. "
        "It trades on an account of its own, which it opens.",
        allow_abbrev=False,
    )
    made.add_argument("url", help="address of the broker, such as http://127.0.0.1:8000")
    made.add_argument("--junit", type=Path, metavar="FILE", help="write the results as JUnit XML")
    made.add_argument("--json", type=Path, metavar="FILE", help="write the results as JSON")
    made.add_argument("--symbol", default=Plan("").symbol, help="instrument to trade (%(default)s)")
    made.add_argument("--account", help="account to trade on, instead of one that the kit opens")
    made.add_argument("--token-file", type=Path, metavar="FILE", help="file with the bearer token")
    made.add_argument("--only", action="append", choices=PARTS, metavar="PART", help=f"one of {', '.join(PARTS)}")
    text = "longest wait for a confirmation in seconds (%(default)g)"
    made.add_argument("--confirm-s", type=float, default=Plan("").confirm_s, metavar="S", help=text)
    return made


def refuse(text: str) -> int:
    """Print an error as one line on standard error; returns the exit status."""
    print(f"{COMMAND}: {text}", file=sys.stderr)
    return UNUSABLE
