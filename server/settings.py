"""Settings: command line over environment over defaults, as one frozen model. The unit is in the name or beside it."""

import argparse
import os
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from ipaddress import ip_address
from pathlib import Path
from typing import Annotated, Literal, NamedTuple

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator, model_validator

from handlers.admission import host_name, origin_of
from handlers.stream.limits import StreamLimits

PREFIX = "TRADING_"
OTHER_NAMES = {"modules": "ENABLED_MODULES", "data_dir": "STATE_DIRECTORY"}
MODULES = ("broker", "datafeed")
COMMANDS = ("serve", "verify", "backup", "restore", "snapshot")
WITH_FILE = ("backup", "restore")
FIRST_START = datetime(1991, 1, 1, tzinfo=UTC)
"""Synthetic history begins in 1990: a market that starts a year later has some to show."""
LAST_START = datetime(2200, 1, 1, tzinfo=UTC)
LOOPBACK = frozenset(("127.0.0.1", "::1", "localhost"))
STREAM = StreamLimits()


class Settings(BaseModel):
    """How the server runs.

    Attributes:
        port: 0 is any free one.
        http: HTTP connection under Tornado's handlers: ours on the llhttp parser, or Tornado's own.
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
        message_rate: Messages per second that one socket may send in the long run.
        message_burst: Messages that it may send at once.
        message_bytes: The largest one.
        max_topics: Topics that one socket may hold.
        max_names: Names that the quotes topics of one socket may have in all.
        max_sockets: Sockets of all clients together.
        queue_bytes: Exact updates that wait for a slow client; beyond it the client is cut.
        queue_frames: The same, counted.
        ping_s: Time between pings, and time in which the pong has to come.
        heartbeat_s: Silence after which a client that said hello hears that the server is there.
        max_age_s: How long a socket lives, give or take 5 %.
        resume_updates: Updates of each exact channel that are kept in memory for clients that come back.
        resume_s: Age up to which they are kept there.
        data_dir: Where the journal lies; unused when `ephemeral`.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)

    host: str = "127.0.0.1"
    port: Annotated[int, Field(ge=0, le=65535)] = 8000
    http: Literal["llhttp", "tornado"] = "llhttp"
    data_dir: Path = Path("var")
    ephemeral: bool = False
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
    message_rate: Annotated[float, Field(ge=1, le=1e6)] = STREAM.messages_per_s
    message_burst: Annotated[int, Field(ge=1, le=1_000_000)] = STREAM.message_burst
    message_bytes: Annotated[int, Field(ge=1024, le=1 << 20)] = STREAM.message_bytes
    max_topics: Annotated[int, Field(ge=1, le=100_000)] = STREAM.topics
    max_names: Annotated[int, Field(ge=1, le=1_000_000)] = STREAM.names
    max_sockets: Annotated[int, Field(ge=1, le=1_000_000)] = STREAM.connections
    queue_bytes: Annotated[int, Field(ge=1 << 14, le=1 << 28)] = STREAM.backlog_bytes
    queue_frames: Annotated[int, Field(ge=10, le=1_000_000)] = STREAM.backlog_frames
    ping_s: Annotated[float, Field(ge=1, le=3600)] = STREAM.ping_s
    heartbeat_s: Annotated[float, Field(ge=0.5, le=3600)] = STREAM.silence_s
    max_age_s: Annotated[float, Field(ge=2 * STREAM.notice_s, le=30 * 86_400)] = STREAM.age_s
    resume_updates: Annotated[int, Field(ge=1, le=100_000)] = STREAM.history_updates
    resume_s: Annotated[float, Field(ge=0, le=86_400)] = STREAM.history_s
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


def stream_limits(settings: Settings) -> StreamLimits:
    """Return what one client of the stream may take and do."""
    return StreamLimits(
        messages_per_s=settings.message_rate,
        message_burst=settings.message_burst,
        message_bytes=settings.message_bytes,
        topics=settings.max_topics,
        names=settings.max_names,
        connections=settings.max_sockets,
        backlog_bytes=settings.queue_bytes,
        backlog_frames=settings.queue_frames,
        ping_s=settings.ping_s,
        silence_s=settings.heartbeat_s,
        age_s=settings.max_age_s,
        history_updates=settings.resume_updates,
        history_s=settings.resume_s,
    )


class Command(NamedTuple):
    """What the command line asks for: a subcommand, its file where it has one, and the settings."""

    name: str
    file: Path | None
    settings: Settings


class BadSettings(Exception):
    """A setting that cannot be used; the message is one line."""


FLAGS = {
    "--host": "address to listen on (127.0.0.1)",
    "--port": "port, 0 for any free one (8000)",
    "--http": "HTTP server: llhttp, or tornado for Tornado's own (llhttp)",
    "--data-dir": "directory of the journal (var, or $STATE_DIRECTORY)",
    "--seed": "seed of the market (1)",
    "--speed": "market seconds in one second, 0.1 to 1000 (1)",
    "--start": "market time at the start, ISO 8601 (now)",
    "--tick-ms": "milliseconds between ticks (200)",
    "--fill-model": "market or simulator (market)",
    "--execution-delay": "simulator: seconds between executions, or manual (random, 1 to 2)",
    "--modules": "modules to switch on (broker,datafeed)",
    "--feed": "where prices come from: synthetic, replay or external (synthetic)",
    "--replay": "folder of SYMBOL.csv or SYMBOL.csv.gz files to replay",
    "--sessions": "24x7, or exchange for the markets' own hours (24x7)",
    "--instruments": "catalogue of instruments, a JSON file",
    "--auth": "none or jwt (none)",
    "--jwt-key-file": "secret of at least 32 bytes, or Ed25519 public key in PEM",
    "--jwt-algorithm": "HS256 or EdDSA (HS256)",
    "--jwt-issuer": "who makes the tokens (trading-pro)",
    "--jwt-audience": "whom the tokens are for (trading-pro)",
    "--allow-origin": "origins of other sites whose pages may use the server, with commas",
    "--allow-host": "host names that the server answers to besides loopback, with commas",
    "--trusted-proxy": "addresses of proxies whose X-Real-IP is taken, with commas",
    "--order-rate": "commands per second of a subject and an address, 0 for no limit (50 with --auth jwt)",
    "--order-burst": "commands at once (two seconds' worth)",
    "--max-connections": "sockets of a subject and an address, 0 for no limit (50 with --auth jwt)",
    "--message-rate": "messages per second of one socket (20)",
    "--message-burst": "messages of one socket at once (300)",
    "--message-bytes": "bytes of the largest message of a client (16384)",
    "--max-topics": "topics of one socket (256)",
    "--max-names": "names in the quotes of one socket (2000)",
    "--max-sockets": "sockets of all clients together (10000)",
    "--queue-bytes": "bytes of exact updates that may wait for a slow client (1048576)",
    "--queue-frames": "exact updates that may wait for a slow client (2000)",
    "--ping-s": "seconds between pings, and for the pong (20)",
    "--heartbeat-s": "seconds of silence before a heartbeat (5)",
    "--max-age-s": "seconds that a socket lives, give or take 5 % (86400)",
    "--resume-updates": "updates of each exact channel kept in memory for who comes back (1000)",
    "--resume-s": "seconds that they are kept there (120)",
    "--log-level": "debug, info, warning or error (info)",
    "--log-format": "text or json (text)",
}
"""Options with a value, and what they say in the help."""

SWITCHES = {
    "--ephemeral": "keep nothing on disk",
    "--insecure": "allow other addresses than loopback without authentication",
    "--debug": "open the debug addresses, reload when a file changes",
}
"""Options without a value."""


def build_parser() -> argparse.ArgumentParser:
    """Return the command line's parser; every option is also `TRADING_<NAME>` in the environment."""
    parser = argparse.ArgumentParser(
        prog="run.py",
        description="A paper broker and a market in one real-time trading server.",
        epilog="Besides serve: export-specs DIR writes the OpenAPI and AsyncAPI documents, token makes a token.",
        exit_on_error=False,
    )
    parser.add_argument("command", nargs="?", choices=COMMANDS, default="serve")
    parser.add_argument("file", nargs="?", help="of backup and restore")
    for flag, text in FLAGS.items():
        parser.add_argument(flag, help=text.replace("%", "%%"))
    for flag, text in SWITCHES.items():
        parser.add_argument(flag, action="store_true", default=None, help=text)
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
