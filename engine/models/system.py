"""Health and versions, of the server and of each module."""

from typing import Literal

from engine.models.common import TimeMs, WireModel


class ModuleHealth(WireModel):
    """Health of one module; `timestamp` is ISO 8601."""

    status: Literal["ok", "degraded", "starting"]
    message: str
    timestamp: str
    module_name: str
    api_version: str


class ClockHealth(WireModel):
    """Market time in epoch milliseconds, and the market seconds in one second; 0 while the clock stands still."""

    now: TimeMs
    speed: float


class LedgerHealth(WireModel):
    """The ledger audit: checks and violations since the start, and the last violation."""

    checks: int
    violations: int
    last: str | None


class StorageHealth(WireModel):
    """Kind of the storage, number of its events, and whether it can be written."""

    kind: str
    events: int
    writable: bool


class TickHealth(WireModel):
    """The ticker: whether it runs, its ticks, and the periods that it skipped."""

    running: bool
    ticks: int
    skipped: int


class LintHealth(WireModel):
    """The linter of `--lint`: checks and violations since the start, and the last violation."""

    checks: int
    violations: int
    last: str | None


class FeedHealth(WireModel):
    """Kind of the feed and of the sessions, and the symbols whose price is overdue, with the seconds."""

    kind: Literal["synthetic", "replay", "external"]
    sessions: Literal["24x7", "exchange"]
    stale: dict[str, int]


class BusHealth(WireModel):
    """The connection of a core or an edge to the bus.

    Attributes:
        status: `away` without a connection, `catching-up` while older updates are sent or received.
        lag: Updates that the other side does not have yet.
        lag_ms: Age of the oldest of them, in milliseconds.
        core: URL of the core, as an edge knows it; null at the core.
    """

    role: Literal["core", "edge"]
    status: Literal["connected", "catching-up", "away"]
    lag: int
    lag_ms: int
    core: str | None


class ServerHealth(ModuleHealth):
    """Health of the whole server; `uptime` is seconds, `lint` is null without `--lint`, `bus` without `--bus`."""

    uptime: float
    version: str
    modules: list[str]
    clock: ClockHealth
    feed: FeedHealth
    ledger: LedgerHealth | None
    storage: StorageHealth
    ticker: TickHealth
    lint: LintHealth | None
    bus: BusHealth | None


class ApiVersion(WireModel):
    """One version of the contract; `breaking_changes` says what differs from the version before, one change a text."""

    version: str
    release_date: str
    status: Literal["stable", "beta", "deprecated"]
    breaking_changes: list[str]
    deprecation_notice: str | None
    sunset_date: str | None


class Versions(WireModel):
    """All versions of the contract by name, and the recommended one.

    Attributes:
        documentation_url: Address of the pages about the contract, a path on the same server.
        support_contact: Who answers questions about the server.
    """

    current_version: str
    available_versions: dict[str, ApiVersion]
    documentation_url: str
    support_contact: str
