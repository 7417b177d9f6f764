"""Settings: command line over environment over defaults, as one frozen model. The unit is in the name or beside it."""

import argparse
import os
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from ipaddress import ip_address
from pathlib import Path
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator, model_validator

from handlers.admission import host_name, origin_of

PREFIX = "TRADING_"
MODULES = ("broker", "datafeed")
FIRST_START = datetime(1991, 1, 1, tzinfo=UTC)
"""Synthetic history begins in 1990: a market that starts a year later has some to show."""
LAST_START = datetime(2200, 1, 1, tzinfo=UTC)
LOOPBACK = frozenset(("127.0.0.1", "::1", "localhost"))


class Settings(BaseModel):
    """How the server runs.

    Attributes:
        port: 0 is any free one.
        seed: Seed of the market and of all other randomness.
        speed: Market seconds in one second.
        start: Market time at the start; None is now.
        execution_delay: Seconds between executions of the simulator; None is random between 1 and 2.
        feed: Where prices come from; None is synthetic, or replay where there is a folder for it.
        replay: Folder of the files that are replayed, one for each symbol.
        sessions: Whether markets are open around the clock or keep their own hours.
        instruments: Catalogue file; None is the one that comes with the program.
        allow_origin: Origins of other sites whose pages may use the server.
        allow_host: Names or name:port pairs that the server answers to, besides loopback and `host`.
        trusted_proxy: Addresses of proxies whose X-Real-IP is taken.
        order_rate: Commands per second of one subject and of one address; 0 is no limit, None 50 with authentication.
        order_burst: Commands at once; None is two seconds' worth.
        max_connections: Sockets of one subject and of one address; 0 is no limit, None 50 with authentication.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)

    host: str = "127.0.0.1"
    port: Annotated[int, Field(ge=0, le=65535)] = 8000
    seed: Annotated[int, Field(ge=0, le=2**63 - 1)] = 1
    speed: Annotated[float, Field(ge=0.1, le=1000)] = 1.0
    start: datetime | None = None
    tick_ms: Annotated[int, Field(ge=10, le=60_000)] = 200
    fill_model: Literal["market", "simulator"] = "market"
    execution_delay: Annotated[float, Field(ge=0, le=3600)] | Literal["manual"] | None = None
    modules: tuple[str, ...] = MODULES
    feed: Literal["synthetic", "replay", "external"] | None = None
    replay: Path | None = None
    sessions: Literal["24x7", "exchange"] = "24x7"
    instruments: Path | None = None
    auth: Literal["none", "jwt"] = "none"
    jwt_key_file: Path | None = None
    jwt_algorithm: Literal["HS256", "EdDSA"] = "HS256"
    jwt_issuer: Annotated[str, Field(min_length=1, max_length=256)] = "trading-pro"
    jwt_audience: Annotated[str, Field(min_length=1, max_length=256)] = "trading-pro"
    allow_origin: tuple[str, ...] = ()
    allow_host: tuple[str, ...] = ()
    trusted_proxy: tuple[str, ...] = ()
    order_rate: Annotated[float, Field(ge=0, le=1e6)] | None = None
    order_burst: Annotated[int, Field(ge=1, le=1_000_000)] | None = None
    max_connections: Annotated[int, Field(ge=0, le=1_000_000)] | None = None
    insecure: bool = False
    debug: bool = False
    log_level: Literal["debug", "info", "warning", "error"] = "info"
    log_format: Literal["text", "json"] = "text"

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
        if value is None:
            return None
        value = value.replace(tzinfo=UTC) if value.tzinfo is None else value
        if not FIRST_START <= value < LAST_START:
            raise ValueError(f"the market can start between {FIRST_START:%Y-%m-%d} and {LAST_START:%Y-%m-%d}")
        return value

    @field_validator("allow_origin", "allow_host", "trusted_proxy", mode="before")
    @classmethod
    def _split_list(cls, value: object) -> object:
        if isinstance(value, str):
            return tuple(part.strip() for part in value.split(",") if part.strip())
        return value

    @field_validator("allow_origin")
    @classmethod
    def _origins_are_exact(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        return tuple(origin_of(origin) for origin in value)

    @field_validator("allow_host")
    @classmethod
    def _hosts_are_names(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        for host in value:
            if not host_name(host):
                raise ValueError(f"{host!r} is not a host name such as trade.example.com")
        return tuple(host.lower() for host in value)

    @field_validator("trusted_proxy")
    @classmethod
    def _proxies_are_addresses(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        return tuple(str(ip_address(address)) for address in value)

    @model_validator(mode="after")
    def _replay_has_its_files(self) -> "Settings":
        if (self.feed == "replay" and self.replay is None) or (self.feed not in (None, "replay") and self.replay):
            raise ValueError("--feed replay and --replay DIR go together")
        return self

    @model_validator(mode="after")
    def _open_doors_are_meant(self) -> "Settings":
        if self.auth == "none" and self.host not in LOOPBACK and not self.insecure:
            raise ValueError(
                f"without authentication the server listens on loopback only, not on {self.host}; "
                "--insecure says that this is meant"
            )
        if self.auth == "jwt" and self.jwt_key_file is None:
            raise ValueError("--auth jwt needs --jwt-key-file")
        if self.auth == "none" and self.jwt_key_file is not None:
            raise ValueError("--jwt-key-file without --auth jwt would leave the server open")
        return self


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
    parser.add_argument("command", nargs="?", choices=["serve"], default="serve")
    add = parser.add_argument
    _add_market(parser)
    add("--host", help="address to listen on (127.0.0.1)")
    add("--port", help="port, 0 for any free one (8000)")
    add("--ephemeral", action="store_true", default=None, help="keep nothing on disk (the only way so far)")
    add("--fill-model", help="market or simulator (market)")
    add("--execution-delay", help="simulator: seconds between executions, or manual (random, 1 to 2)")
    add("--modules", help="modules to switch on (broker,datafeed)")
    add("--auth", help="none or jwt (none)")
    add("--jwt-key-file", help="secret of at least 32 bytes, or Ed25519 public key in PEM")
    add("--jwt-algorithm", help="HS256 or EdDSA (HS256)")
    add("--jwt-issuer", help="who makes the tokens (trading-pro)")
    add("--jwt-audience", help="whom the tokens are for (trading-pro)")
    add("--allow-origin", help="origins of other sites whose pages may use the server, with commas")
    add("--allow-host", help="host names that the server answers to besides loopback, with commas")
    add("--trusted-proxy", help="addresses of proxies whose X-Real-IP is taken, with commas")
    add("--order-rate", help="commands per second of a subject and an address, 0 for no limit (50 with --auth jwt)")
    add("--order-burst", help="commands at once (two seconds' worth)")
    add("--max-connections", help="sockets of a subject and an address, 0 for no limit (50 with --auth jwt)")
    add(
        "--insecure",
        action="store_true",
        default=None,
        help="allow other addresses than loopback without authentication",
    )
    add("--debug", action="store_true", default=None, help="open the debug addresses, reload when a file changes")
    add("--log-level", help="debug, info, warning or error (info)")
    add("--log-format", help="text or json (text)")
    return parser


def _add_market(parser: argparse.ArgumentParser) -> None:
    add = parser.add_argument
    add("--seed", help="seed of the market (1)")
    add("--speed", help="market seconds in one second, 0.1 to 1000 (1)")
    add("--start", help="market time at the start, ISO 8601 (now)")
    add("--tick-ms", help="milliseconds between ticks (200)")
    add("--feed", help="where prices come from: synthetic, replay or external (synthetic)")
    add("--replay", help="folder of SYMBOL.csv or SYMBOL.csv.gz files to replay")
    add("--sessions", help="24x7, or exchange for the markets' own hours (24x7)")
    add("--instruments", help="catalogue of instruments, a JSON file")


def read_settings(arguments: Sequence[str], environment: Mapping[str, str] = os.environ) -> Settings:
    """Return the settings of a command line and an environment. Raises: BadSettings."""
    parser = build_parser()
    try:
        options, rest = parser.parse_known_args(list(arguments))
    except argparse.ArgumentError as error:
        raise BadSettings(str(error)) from None
    if rest:
        raise BadSettings(f"unknown argument {rest[0]}")
    values: dict[str, object] = {}
    for name in Settings.model_fields:
        given = getattr(options, name)
        if given is None:
            given = environment.get(PREFIX + name.upper())
        if given is None and name == "modules":
            given = environment.get("ENABLED_MODULES")
        if given is not None:
            values[name] = given
    try:
        return Settings.model_validate(values)
    except ValidationError as error:
        issue = error.errors(include_url=False)[0]
        name = "--" + str(issue["loc"][0]).replace("_", "-") + ": " if issue["loc"] else ""
        raise BadSettings(f"{name}{issue['msg']}".replace("\n", " ")) from None
