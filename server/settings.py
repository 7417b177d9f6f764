"""Settings: command line over environment over defaults, as one frozen model. The unit is in the name or beside it."""

import argparse
import os
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Literal, NamedTuple

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator, model_validator

PREFIX = "TRADING_"
OTHER_NAMES = {"modules": "ENABLED_MODULES", "data_dir": "STATE_DIRECTORY"}
MODULES = ("broker", "datafeed")
COMMANDS = ("serve", "verify", "backup", "restore", "snapshot")
WITH_FILE = ("backup", "restore")
LOOPBACK = frozenset(("127.0.0.1", "::1", "localhost"))


class Settings(BaseModel):
    """How the server runs.

    Attributes:
        port: 0 is any free one.
        seed: Seed of the market and of all other randomness.
        speed: Market seconds in one second.
        start: Market time at the start; None is now.
        execution_delay: Seconds between executions of the simulator; None is random between 1 and 2.
        instruments: Catalogue file; None is the one that comes with the program.
        data_dir: Where the journal lies; unused when `ephemeral`.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)

    host: str = "127.0.0.1"
    port: Annotated[int, Field(ge=0, le=65535)] = 8000
    data_dir: Path = Path("var")
    ephemeral: bool = False
    seed: Annotated[int, Field(ge=0, le=2**63 - 1)] = 1
    speed: Annotated[float, Field(ge=0.1, le=1000)] = 1.0
    start: datetime | None = None
    tick_ms: Annotated[int, Field(ge=10, le=60_000)] = 200
    fill_model: Literal["market", "simulator"] = "market"
    execution_delay: Annotated[float, Field(ge=0, le=3600)] | Literal["manual"] | None = None
    modules: tuple[str, ...] = MODULES
    instruments: Path | None = None
    insecure: bool = False
    debug: bool = False
    log_level: Literal["debug", "info", "warning", "error"] = "info"

    @field_validator("modules", mode="before")
    @classmethod
    def _split_modules(cls, value: object) -> object:
        if isinstance(value, str):
            value = tuple(name.strip() for name in value.split(",") if name.strip())
        if not isinstance(value, tuple) or not value or not set(value) <= set(MODULES):
            raise ValueError(f"modules are a list of {', '.join(MODULES)}")
        return tuple(name for name in MODULES if name in value)

    @field_validator("start")
    @classmethod
    def _start_has_a_zone(cls, value: datetime | None) -> datetime | None:
        return value.replace(tzinfo=UTC) if value is not None and value.tzinfo is None else value

    @model_validator(mode="after")
    def _open_doors_are_meant(self) -> "Settings":
        if self.host not in LOOPBACK and not self.insecure:
            raise ValueError(
                f"without authentication the server listens on loopback only, not on {self.host}; "
                "--insecure says that this is meant"
            )
        return self


class Command(NamedTuple):
    """What the command line asks for: a subcommand, its file where it has one, and the settings."""

    name: str
    file: Path | None
    settings: Settings


class BadSettings(Exception):
    """A setting that cannot be used; the message is one line."""


def build_parser() -> argparse.ArgumentParser:
    """Return the command line's parser; every option is also `TRADING_<NAME>` in the environment."""
    parser = argparse.ArgumentParser(
        prog="run.py",
        description="A paper broker and a market in one real-time trading server.",
        epilog="Besides serve: export-specs DIR writes the OpenAPI and AsyncAPI documents.",
        exit_on_error=False,
    )
    parser.add_argument("command", nargs="?", choices=COMMANDS, default="serve")
    parser.add_argument("file", nargs="?", help="of backup and restore")
    add = parser.add_argument
    add("--host", help="address to listen on (127.0.0.1)")
    add("--port", help="port, 0 for any free one (8000)")
    add("--data-dir", help="directory of the journal (var, or $STATE_DIRECTORY)")
    add("--ephemeral", action="store_true", default=None, help="keep nothing on disk")
    add("--seed", help="seed of the market (1)")
    add("--speed", help="market seconds in one second, 0.1 to 1000 (1)")
    add("--start", help="market time at the start, ISO 8601 (now)")
    add("--tick-ms", help="milliseconds between ticks (200)")
    add("--fill-model", help="market or simulator (market)")
    add("--execution-delay", help="simulator: seconds between executions, or manual (random, 1 to 2)")
    add("--modules", help="modules to switch on (broker,datafeed)")
    add("--instruments", help="catalogue of instruments, a JSON file")
    add(
        "--insecure",
        action="store_true",
        default=None,
        help="allow other addresses than loopback without authentication",
    )
    add("--debug", action="store_true", default=None, help="open the debug addresses")
    add("--log-level", help="debug, info, warning or error (info)")
    return parser


def read_command(arguments: Sequence[str], environment: Mapping[str, str] = os.environ) -> Command:
    """Return what a command line and an environment ask for. Raises: BadSettings."""
    parser = build_parser()
    try:
        options, rest = parser.parse_known_args(list(arguments))
    except argparse.ArgumentError as error:
        raise BadSettings(str(error)) from None
    if rest:
        raise BadSettings(f"unknown argument {rest[0]}")
    name: str = options.command
    if (options.file is None) == (name in WITH_FILE):
        raise BadSettings(f"{name} needs a FILE" if options.file is None else f"unknown argument {options.file}")
    if options.ephemeral and options.data_dir is not None:
        raise BadSettings("--data-dir and --ephemeral exclude each other")
    return Command(name, options.file and Path(options.file), _settings(options, environment))


def read_settings(arguments: Sequence[str], environment: Mapping[str, str] = os.environ) -> Settings:
    """Return the settings of a command line and an environment. Raises: BadSettings."""
    return read_command(arguments, environment).settings


def _settings(options: argparse.Namespace, environment: Mapping[str, str]) -> Settings:
    values: dict[str, object] = {}
    for name in Settings.model_fields:
        given = getattr(options, name)
        if given is None:
            given = environment.get(PREFIX + name.upper())
        if given is None and name in OTHER_NAMES:
            given = environment.get(OTHER_NAMES[name])
        if given is not None:
            values[name] = given
    try:
        return Settings.model_validate(values)
    except ValidationError as error:
        issue = error.errors(include_url=False)[0]
        name = "--" + str(issue["loc"][0]).replace("_", "-") + ": " if issue["loc"] else ""
        raise BadSettings(f"{name}{issue['msg']}".replace("\n", " ")) from None
