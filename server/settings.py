"""Settings of a server, as one frozen model.

`Settings` lists every option with its bounds and its help text. `command_line.py` reads them from the command line, the
environment and a file. The limits of the stream and their meaning are in `handlers/stream/limits.py`.
"""

import re
from datetime import UTC, date, datetime
from ipaddress import ip_address
from pathlib import Path
from typing import Annotated, Literal

from pydantic import AfterValidator, AwareDatetime, BaseModel, BeforeValidator, ConfigDict, Field, model_validator

from engine.market.feeds.csv_values import time_of
from handlers.admission import host_name, origin_of
from handlers.stream.limits import StreamLimits
from server.installation import default_data_dir

MODULES = ("broker", "datafeed")
ALPACA = "alpaca"
"""The module of the Alpaca dialect; it has its own addresses, outside `/api`."""

ALL_MODULES = (*MODULES, ALPACA)
FIRST_START = datetime(1991, 1, 1, tzinfo=UTC)
"""Synthetic history begins in 1990, so a market that starts a year later has history."""
LOOPBACK = frozenset(("127.0.0.1", "::1", "localhost"))
ANY_ADDRESS = ("0.0.0.0", "::", "")
"""Values of `--host` that listen on every address of the machine."""

STREAM = StreamLimits()


def split(value: object) -> object:
    """Return the parts of a text between its commas; any other value is returned as it is."""
    return tuple(filter(None, map(str.strip, value.split(",")))) if isinstance(value, str) else value


def known_modules(value: tuple[str, ...]) -> tuple[str, ...]:
    """Return the modules in their usual order. Raises: ValueError for an unknown module, or none at all."""
    if not value or not set(value) <= set(ALL_MODULES):
        raise ValueError(f"modules must be a list of {', '.join(ALL_MODULES)}")
    return tuple(name for name in ALL_MODULES if name in value)


def read_start(value: object) -> object:
    """Return a start of the market. A text is read as a time in a file of a replay; without a zone it is in UTC.

    Raises:
        ValueError: The text is no time, or an ambiguous one.
    """
    text = value.isoformat() if isinstance(value, date) else value
    return datetime.fromtimestamp(time_of(text) / 1000, UTC) if isinstance(text, str) else value


def host_of(text: str) -> str:
    """Return a host name in lower case. Raises: ValueError when the text is none."""
    if not host_name(text):
        raise ValueError(f"{text!r} is not a host name such as trade.example.com")
    return text.lower()


def address_of(text: str) -> str:
    """Return an IP address in its usual form. Raises: ValueError when the text is none."""
    return str(ip_address(text))


Delay = Annotated[float, Field(ge=0, le=3600)] | Literal["manual"]
Modules = Annotated[tuple[str, ...], BeforeValidator(split), AfterValidator(known_modules)]
Start = Annotated[AwareDatetime, BeforeValidator(read_start)]
Origins = Annotated[tuple[Annotated[str, AfterValidator(origin_of)], ...], BeforeValidator(split)]
Hosts = Annotated[tuple[Annotated[str, AfterValidator(host_of)], ...], BeforeValidator(split)]
Addresses = Annotated[tuple[Annotated[str, AfterValidator(address_of)], ...], BeforeValidator(split)]


def bus_url_of(text: str) -> str:
    """Return the URL of a NATS server. Raises: ValueError when the text is none."""
    if not re.fullmatch(r"(nats|tls|ws|wss)://[^\s/,]+", text):
        raise ValueError(f"{text!r} is not the URL of a NATS server such as nats://127.0.0.1:4222")
    return text


def core_url_of(text: str) -> str:
    """Return the URL of a server, without a path. Raises: ValueError when the text is none."""
    if not re.fullmatch(r"https?://[^\s/,@]+/?", text):
        raise ValueError(f"{text!r} is not the URL of a server such as http://10.0.0.5:8000")
    return text.rstrip("/")


BusUrls = Annotated[tuple[Annotated[str, AfterValidator(bus_url_of)], ...], BeforeValidator(split)]
CoreUrl = Annotated[str, AfterValidator(core_url_of)]


class Settings(BaseModel):
    """The options of the server.

    Each field is an option of the command line (`--tick-ms`), a variable of the environment (`TRADING_TICK_MS`) and a
    name in a settings file (`tick-ms`). Its description is the help text; its place in the help is in `GROUPS` of
    `options.py`. Units are in the name or the description.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)

    # fmt: off
    host: str = Field("127.0.0.1", description="address to listen on")
    port: int = Field(8000, ge=0, le=65535, description="port, 0 for any free port")
    port_file: Path | None = Field(None, description="file that gets the port when the server is ready")
    http: Literal["llhttp", "tornado"] = Field(
        "llhttp", description="HTTP server: llhttp, or tornado for Tornado's own")
    data_dir: Path = Field(default_data_dir(), description="directory of the journal; $STATE_DIRECTORY is read too")
    ephemeral: bool = Field(False, description="store nothing on disk")
    seed: int = Field(1, ge=0, le=2**63 - 1, description="seed of the market and of all other random numbers")
    speed: float = Field(1.0, ge=0.1, le=1000, description="market seconds per second, 0.1 to 1000")
    start: Start | None = Field(
        None, description="market time at the start, ISO 8601 (now; the first price of a replay)")
    tick_ms: int = Field(200, ge=10, le=60_000, description="milliseconds between ticks")
    fill_model: Literal["market", "simulator"] = Field("market", description="market or simulator")
    execution_delay: Delay | None = Field(
        None, description="simulator: seconds between executions, or manual (random, 1 to 2)")
    modules: Modules = Field(ALL_MODULES, description="modules to serve, separated by commas")
    feed: Literal["synthetic", "replay", "external"] | None = Field(
        None, description="source of prices: synthetic, replay or external (synthetic; replay with --replay)")
    replay: Path | None = Field(None, description="folder of SYMBOL.csv or SYMBOL.csv.gz files to replay")
    sessions: Literal["24x7", "exchange"] = Field(
        "24x7", description="trading sessions: 24x7, or exchange for the sessions of the real markets")
    instruments: Path | None = Field(None, description="catalogue of instruments, a JSON file (the built-in one)")
    auth: Literal["none", "jwt"] = Field("none", description="authentication: none or jwt")
    jwt_key_file: Path | None = Field(
        None, description="file with a secret of at least 32 bytes, or an Ed25519 public key in PEM")
    jwt_algorithm: Literal["HS256", "EdDSA"] = Field("HS256", description="HS256 or EdDSA")
    jwt_issuer: str = Field("trading-pro", min_length=1, max_length=256, description="issuer of the tokens")
    jwt_audience: str = Field("trading-pro", min_length=1, max_length=256, description="audience of the tokens")
    allow_origin: Origins = Field(
        (), description="origins of other sites whose pages may use the server, separated by commas")
    allow_host: Hosts = Field(
        (), description="host names, or name:port, that the server answers to besides loopback, separated by commas")
    trusted_proxy: Addresses = Field(
        (), description="addresses of proxies whose X-Real-IP is used, separated by commas")
    order_rate: float | None = Field(
        None, ge=0, le=1e6, description="commands per second of a subject and an address, 0 for no limit (50 with jwt)")
    order_burst: int | None = Field(
        None, ge=1, le=1_000_000, description="burst of commands (as many as two seconds of --order-rate)")
    max_connections: int | None = Field(
        None, ge=0, le=1_000_000, description="WebSockets of a subject and an address, 0 for no limit (50 with jwt)")
    message_rate: float = Field(
        STREAM.messages_per_s, ge=1, le=1e6, description="messages per second of one WebSocket, in the long run")
    message_burst: int = Field(
        STREAM.message_burst, ge=1, le=1_000_000, description="burst of messages of one WebSocket")
    message_bytes: int = Field(
        STREAM.message_bytes, ge=1024, le=1 << 20, description="bytes of the largest message of a client")
    max_topics: int = Field(STREAM.topics, ge=1, le=100_000, description="topics of one WebSocket")
    max_names: int = Field(
        STREAM.names, ge=1, le=1_000_000, description="names in all quotes topics of one WebSocket together")
    max_sockets: int = Field(
        STREAM.connections, ge=1, le=1_000_000, description="WebSockets of all clients together")
    queue_bytes: int = Field(
        STREAM.backlog_bytes, ge=1 << 14, le=1 << 28,
        description="bytes of exact updates that may wait for a slow client, which is then closed")
    queue_frames: int = Field(
        STREAM.backlog_frames, ge=10, le=1_000_000, description="exact updates that may wait for a slow client")
    ping_s: float = Field(STREAM.ping_s, ge=1, le=3600, description="seconds between pings, and until the pong")
    heartbeat_s: float = Field(
        STREAM.silence_s, ge=0.5, le=3600, description="seconds of silence before a heartbeat, after hello")
    max_age_s: float = Field(
        STREAM.age_s, ge=2 * STREAM.notice_s, le=30 * 86_400, description="seconds that a WebSocket lives, +-5 %")
    resume_updates: int = Field(
        STREAM.history_updates, ge=1, le=100_000, description="updates of each exact channel kept in memory for resume")
    resume_s: float = Field(
        STREAM.history_s, ge=0, le=86_400, description="seconds that these updates are kept in memory")
    control: bool = Field(
        False, description="let admin callers control time, faults and history, and make further worlds")
    worlds: int = Field(50, ge=0, le=1000, description="worlds that callers may have at a time, with --control")
    record: bool = Field(
        False, description="record every input and its events in a file of the data directory")
    until: int | None = Field(
        None, ge=0, le=1_000_000_000, description="replay: number of the input to stop after, to serve that world")
    role: Literal["all", "core", "edge"] = Field(
        "all", description="all; or core for the engine and edge for the clients, connected by --bus")
    bus: BusUrls = Field((), description="URLs of the NATS servers between core and edges, separated by commas")
    bus_name: str = Field(
        "main", pattern=r"^[A-Za-z0-9_-]{1,64}$", description="name of a core on the bus; its edges have the same")
    core_url: CoreUrl | None = Field(
        None, description="URL at which edges reach the core (that of --host and --port)")
    insecure: bool = Field(False, description="allow other addresses than loopback without authentication")
    lint: bool = Field(False, description="check every update against the rules of the conformance kit")
    debug: bool = Field(False, description="serve the debug addresses; restart when a source file changes")
    log_level: Literal["debug", "info", "warning", "error"] = Field(
        "info", description="debug, info, warning or error")
    log_format: Literal["text", "json"] = Field("text", description="text or json")
    # fmt: on

    @property
    def native_modules(self) -> tuple[str, ...]:
        """The modules below `/api`."""
        return tuple(name for name in self.modules if name in MODULES)

    @model_validator(mode="after")
    def _options_agree(self) -> "Settings":
        if (self.feed == "replay" and self.replay is None) or (self.feed not in (None, "replay") and self.replay):
            raise ValueError("--feed replay needs --replay DIR, and --replay DIR allows no other feed")
        if self.start is not None and self.replay is None and self.start < FIRST_START:
            raise ValueError(f"--start is before {FIRST_START:%Y-%m-%d}; only a replay can start earlier")
        if self.auth == "none" and self.host not in LOOPBACK and not self.insecure:
            raise ValueError(
                f"without authentication the server listens on loopback only, not on {self.host}; --insecure allows it"
            )
        if self.auth == "jwt" and self.jwt_key_file is None:
            raise ValueError("--auth jwt needs --jwt-key-file")
        if self.auth == "none" and self.jwt_key_file is not None:
            raise ValueError("--jwt-key-file needs --auth jwt")
        if (self.role == "all") != (not self.bus):
            raise ValueError("--role core and --role edge need --bus, and --bus needs one of them")
        if self.role == "core" and self.host in ANY_ADDRESS and self.core_url is None:
            raise ValueError(f"--role core with --host {self.host} needs --core-url, the URL at which edges reach it")
        return self


def stream_limits(settings: Settings) -> StreamLimits:
    """Return the limits of one client of the stream."""
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
