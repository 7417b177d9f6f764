"""The command line: parses it, and says where each setting comes from when its value cannot be used.

A flag outranks a variable of the environment, which outranks the settings file, which outranks the default. The
settings are in `settings.py`, their help and groups in `options.py`. `main.py` runs the commands.
"""

import argparse
import os
import tomllib
from collections.abc import Iterable, Mapping, Sequence
from difflib import get_close_matches
from pathlib import Path
from typing import Any, NamedTuple

from pydantic import ValidationError

from server.installation import COMMAND
from server.options import GROUPS, MOST_USED, SUBCOMMANDS, flag_of, help_of, is_switch, metavar_of, takes, variable_of
from server.settings import Settings

EPILOG = f"""Each option is also a variable, shown in brackets, and a name in the settings file: tick-ms = 100. A flag
outranks the variable, which outranks the file. {COMMAND} COMMAND --help shows the options of a command."""
OTHER_VARIABLES = {"modules": "ENABLED_MODULES", "data_dir": "STATE_DIRECTORY"}
CONFIG_FLAG, CONFIG_VARIABLE = "--config", "TRADING_CONFIG"


class Command(NamedTuple):
    """A command line: the command, its file (of backup and restore), the settings."""

    name: str
    file: Path | None
    settings: Settings


class BadSettings(Exception):
    """A setting cannot be used; the message is one line that names it and the values that it takes."""


class Given(NamedTuple):
    """A value, and the name under which it was given: "--port", "TRADING_PORT" or "port in FILE"."""

    value: object
    source: str


def build_parser(command: str = "serve", has_help: bool = True) -> argparse.ArgumentParser:
    """Return the parser of a command. Every command accepts every option; its help shows those that it uses.

    Args:
        command: Name of the command.
        has_help: Whether the help shows the values that each option takes. These texts take 50 ms, so only a call
            for help makes them.
    """
    used = SUBCOMMANDS[command].options
    parser = argparse.ArgumentParser(
        prog=COMMAND if command == "serve" else f"{COMMAND} {command}",
        usage=f"%(prog)s {SUBCOMMANDS[command].argument}".rstrip() + " [OPTION ...]",
        description=description_of(command),
        epilog=EPILOG,
        formatter_class=lambda prog: argparse.RawDescriptionHelpFormatter(prog, max_help_position=28),
        exit_on_error=False,
        allow_abbrev=False,
    )
    parser.add_argument("command", nargs="?", default="serve", help=argparse.SUPPRESS)
    parser.add_argument("file", nargs="?", help=argparse.SUPPRESS)
    for title, names in GROUPS.items():
        group = parser.add_argument_group(title)
        if title == MOST_USED:
            text = f"settings file in TOML with the names of these options [{CONFIG_VARIABLE}]"
            group.add_argument(CONFIG_FLAG, metavar="FILE", help=text)
        for name in names:
            text = help_of(name) if used is None or name in used else argparse.SUPPRESS
            kind: dict[str, Any] = {"action": "store_true", "default": None}
            if not is_switch(name):
                kind = {"metavar": metavar_of(name)} if has_help else {}
            group.add_argument(flag_of(name), help=text, **kind)
    return parser


def description_of(command: str) -> str:
    """Return the text above the options: the commands for the server, else what the command does."""
    if command != "serve":
        return SUBCOMMANDS[command].text.capitalize() + "."
    rows = ((f"{name} {one.argument}".strip(), one.text) for name, one in SUBCOMMANDS.items())
    lines = "\n".join(f"  {name:<18}{text}" for name, text in rows)
    return f"A paper broker and a synthetic market in one real-time trading server.\n\ncommands:\n{lines}"


def read_command(arguments: Sequence[str], environment: Mapping[str, str] = os.environ) -> Command:
    """Return the command of a command line and an environment; prints the help and ends the process for `--help`.

    Raises:
        BadSettings: A flag, a variable or a line of the settings file is unknown or has a value that it does not take.
    """
    named = next((one for one in arguments if one in SUBCOMMANDS), "serve")
    try:
        has_help = not {"-h", "--help"}.isdisjoint(arguments)
        options, rest = build_parser(named, has_help).parse_known_args(list(arguments))
    except argparse.ArgumentError as error:
        raise BadSettings(explained(error)) from None
    if rest:
        raise BadSettings(f"unknown argument {rest[0]}{suggestion(rest[0], map(flag_of, Settings.model_fields))}")
    name: str = options.command
    if name not in SUBCOMMANDS:
        raise BadSettings(f"unknown command {name}; the commands are {', '.join(SUBCOMMANDS)}")
    if name in ("token", "run", "conform"):
        raise BadSettings(f"{name} has options of its own, so it has to be the first argument")
    wanted = SUBCOMMANDS[name].argument
    if (options.file is None) == bool(wanted):
        raise BadSettings(f"{name} needs a {wanted}" if wanted else f"unknown argument {options.file}")
    if options.ephemeral and options.data_dir is not None:
        raise BadSettings("--data-dir and --ephemeral cannot be combined")
    return Command(name, options.file and Path(options.file), settings_of(given(options, environment)))


def read_settings(arguments: Sequence[str], environment: Mapping[str, str] = os.environ) -> Settings:
    """Return the settings of a command line and an environment. Raises: BadSettings."""
    return read_command(arguments, environment).settings


def explained(error: argparse.ArgumentError) -> str:
    """Return a parser's error as a sentence that says which value the flag takes."""
    flag = error.argument_name or ""
    name = flag.removeprefix("--").replace("-", "_")
    if name not in Settings.model_fields:
        return f"{flag} takes a file" if flag == CONFIG_FLAG else str(error)
    return f"{flag} takes no value" if is_switch(name) else f"{flag} needs a value: {takes(name)}"


def suggestion(word: str, known: Iterable[str]) -> str:
    """Return "; did you mean ...?" when a known name is similar, else ""."""
    similar = get_close_matches(word.partition("=")[0], list(known), n=1)
    return f"; did you mean {similar[0]}?" if similar else ""


def given(options: argparse.Namespace, environment: Mapping[str, str]) -> dict[str, Given]:
    """Return the value of each setting that is given anywhere, from the source that outranks the others."""
    file = options.config or environment.get(CONFIG_VARIABLE)
    found = {} if file is None else in_file(Path(file))
    for name in Settings.model_fields:
        for variable in filter(None, (OTHER_VARIABLES.get(name), variable_of(name))):
            if variable in environment:
                found[name] = Given(environment[variable], variable)
        if (value := getattr(options, name)) is not None:
            found[name] = Given(value, flag_of(name))
    return found


def in_file(path: Path) -> dict[str, Given]:
    """Return the settings in a TOML file; names are written as flags (`tick-ms`) or fields. Raises: BadSettings."""
    try:
        read = tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise BadSettings(f"{CONFIG_FLAG} {path}: {error.strerror}") from None
    except ValueError as error:
        raise BadSettings(f"{CONFIG_FLAG} {path} is not TOML: {error}") from None
    found = {key.replace("-", "_"): Given(value, f"{key} in {path}") for key, value in read.items()}
    for name, (_, source) in found.items():
        if name not in Settings.model_fields:
            raise BadSettings(f"unknown setting {source}{suggestion(name, Settings.model_fields)}")
    return found


def settings_of(values: Mapping[str, Given]) -> Settings:
    """Return the settings with these values. Raises: BadSettings."""
    try:
        return Settings.model_validate({name: one.value for name, one in values.items()})
    except ValidationError as error:
        raise BadSettings(fault(error.errors(include_url=False)[0], values)) from None


def fault(issue: Mapping[str, Any], values: Mapping[str, Given]) -> str:
    """Return a validation error as one line: the source of the value, and what the setting takes."""
    own = str(issue.get("ctx", {}).get("error", "")) if issue["type"] == "value_error" else ""
    if not issue["loc"]:
        return own
    name = str(issue["loc"][0])
    value, source = values[name]
    return f"{source}: {own}" if own else f"{source} takes {takes(name)}, not {value!r}"
