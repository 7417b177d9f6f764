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
    """The market's time: epoch milliseconds, and how many market seconds pass in one second."""

    now: TimeMs
    speed: float


class LedgerHealth(WireModel):
    """The ledger proof: checks made, violations found since the start, and the last of them."""

    checks: int
    violations: int
    last: str | None


class StorageHealth(WireModel):
    """Where events are kept, how many, and whether they can be written."""

    kind: str
    events: int
    writable: bool


class TickHealth(WireModel):
    """The ticker: running, ticks made, whole periods that were skipped."""

    running: bool
    ticks: int
    skipped: int


class FeedHealth(WireModel):
    """Where prices come from, and the symbols whose price is overdue: for how many seconds."""

    kind: Literal["synthetic", "replay", "external"]
    sessions: Literal["24x7", "exchange"]
    stale: dict[str, int]


class ServerHealth(ModuleHealth):
    """Health of the whole server; `uptime` is seconds."""

    uptime: float
    version: str
    modules: list[str]
    clock: ClockHealth
    feed: FeedHealth
    ledger: LedgerHealth | None
    storage: StorageHealth
    ticker: TickHealth


class ApiVersion(WireModel):
    """One version of the contract."""

    version: str
    release_date: str
    status: Literal["stable", "beta", "deprecated"]
    deprecation_notice: str | None
    sunset_date: str | None


class Versions(WireModel):
    """All versions of the contract, and the one a new client should use."""

    current_version: str
    available_versions: list[ApiVersion]
