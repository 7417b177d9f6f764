"""The command `run -- COMMAND`: runs a bot for Alpaca unchanged against a server, and shows its trades at the end.

Without `--server URL` it starts a server of its own on a free port, with the options before `--`; it stores nothing on
disk unless they name a `--data-dir`. `bot_site/sitecustomize.py` redirects the bot's clients to the server.
"""

import json
import os
import signal
import subprocess
import sys
import urllib.request
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple

from engine.core import DEFAULT_ACCOUNT
from handlers.alpaca.clients import clients
from server.command_line import BadSettings, read_settings
from server.installation import COMMAND, ROOT

SITE = Path(__file__).parent / "bot_site"
PROGRAM = "import sys; from server.main import main; sys.exit(main(sys.argv[1:]))"
UNUSABLE = 2
TIMEOUT_S = 10.0
USAGE = f"{COMMAND} run [--server URL] [OPTION of the server ...] -- python bot.py"


class Plan(NamedTuple):
    """A command line of `run`: address of a running server or None, options of a new one, the bot's command."""

    server: str | None
    options: list[str]
    command: list[str]


def run(arguments: Sequence[str]) -> int:
    """Run the command; returns the exit status of the bot, 2 when the command line cannot be used."""
    if arguments and arguments[0] in ("-h", "--help"):
        print(f"usage: {USAGE}\n\nThe options are those of {COMMAND} --help, such as --speed 60 --seed 7.")
        return 0
    try:
        plan = read_plan(arguments)
        with running_server(plan) as address:
            before = equity(address)
            status = run_bot(plan.command, address)
            print(report(address, before), flush=True)
            return status
    except (BadSettings, OSError) as error:
        print(f"{COMMAND}: {error}", file=sys.stderr)
        return UNUSABLE


def read_plan(arguments: Sequence[str]) -> Plan:
    """Return the plan of a command line. Raises: BadSettings."""
    given = list(arguments)
    if "--" not in given or given[-1] == "--":
        raise BadSettings(f"run needs a command: {USAGE}")
    split = given.index("--")
    options, command = given[:split], given[split + 1 :]
    server = None
    if options[:1] == ["--server"]:
        server = "".join(options[1:2]).rstrip("/")
        if not server.startswith(("http://", "https://")) or len(options) != 2:
            raise BadSettings("--server needs a URL, and no other option")
        options = []
    elif not any(one.startswith(("--data-dir", "--ephemeral")) for one in options):
        options.append("--ephemeral")
    read_settings(options)
    return Plan(server, options, command)


@contextmanager
def running_server(plan: Plan) -> Iterator[str]:
    """Yield the address of the server; one of its own is stopped at the end. Raises: OSError: it does not start."""
    if plan.server is not None:
        yield plan.server
        return
    options = ["--port", "0", *plan.options]
    environment = os.environ | {"PYTHONPATH": joined_path(str(ROOT), os.environ)}
    with subprocess.Popen(
        [sys.executable, "-c", PROGRAM, *options], stdout=subprocess.PIPE, text=True, env=environment
    ) as process:
        assert process.stdout is not None
        try:
            first = process.stdout.readline()
            if not first.startswith("listening on "):
                raise OSError("the server did not start")
            yield first.removeprefix("listening on ").strip()
        finally:
            process.terminate()
            process.communicate(timeout=TIMEOUT_S)


def run_bot(command: Sequence[str], address: str) -> int:
    """Run the bot until its end; returns its exit status. Ctrl+C and SIGTERM end the bot, not the launcher."""
    host, is_secure = address.partition("://")[2], address.startswith("https:")
    variables: dict[str, str] = clients(host, is_secure, DEFAULT_ACCOUNT)["alpaca-trade-api"]["environment"]
    environment = variables | os.environ | {name: variables[name] for name in variables if name.endswith("_URL")}
    environment |= {"TRADING_PRO_ALPACA": f"{address}/alpaca", "PYTHONPATH": joined_path(str(SITE), os.environ)}
    with subprocess.Popen(list(command), env=environment) as process:
        before = signal.signal(signal.SIGTERM, lambda number, _frame: process.send_signal(number))
        try:
            while True:
                try:
                    status = process.wait()
                    break
                except KeyboardInterrupt:
                    continue
        finally:
            signal.signal(signal.SIGTERM, before)
    return status if status >= 0 else 128 - status


def joined_path(first: str, environment: Mapping[str, str]) -> str:
    """Return a PYTHONPATH that begins with a folder."""
    return os.pathsep.join(filter(None, (first, environment.get("PYTHONPATH"))))


def report(address: str, before: float) -> str:
    """Return the trades of the default account, and its profit since the equity `before`."""
    trades = ask(address, "/executions")
    rows = [
        f"{'buy ' if one['side'] > 0 else 'sell'} {one['qty']:<12.12g} {one['symbol']:<8} at {one['price']:.12g}"
        for one in trades
    ]
    now = equity(address)
    return "\n".join([*rows, f"{len(rows)} trades, profit {now - before:+.2f}, equity {now:.2f} USD"])


def equity(address: str) -> float:
    """Return the equity of the default account."""
    value: float = ask(address, "/account/state")["equity"]
    return value


def ask(address: str, path: str) -> Any:
    """Return the answer to a query of the broker. Raises: OSError."""
    with urllib.request.urlopen(f"{address}/api/v1/broker{path}", timeout=TIMEOUT_S) as answer:
        return json.load(answer)
