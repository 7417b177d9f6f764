"""Scenarios: shocks, halts and wider spreads of the synthetic market, on the wire and in the journal."""

from typing import Annotated, Literal, NamedTuple

from pydantic import ConfigDict, Field, Strict, model_validator
from pydantic.config import JsonDict

from engine.models.common import Name, TimeMs, WireModel

ScenarioKind = Literal["shock", "halt", "spread"]
Factor = Annotated[float, Strict(), Field(ge=0.01, le=100.0, allow_inf_nan=False)]

_HAS_FACTOR: JsonDict = {"type": "object", "required": ["factor"], "properties": {"factor": {"type": "number"}}}
_IS_HALT: JsonDict = {"type": "object", "properties": {"kind": {"type": "string", "const": "halt"}}}
_WITH_OR_WITHOUT_FACTOR: JsonDict = {
    "not": {"anyOf": [{"allOf": [_IS_HALT, _HAS_FACTOR]}, {"not": {"anyOf": [_IS_HALT, _HAS_FACTOR]}}]}
}
"""JSON schema of the rule that the validator of `ScenarioRequest` checks.

It is below `not`: generators of clients ignore that, and cannot read it as `anyOf`.
"""


class ScenarioRequest(WireModel):
    """A scenario of a symbol from `begin` to before `end` (epoch milliseconds of market time).

    A `shock` multiplies prices by `factor`, a `spread` the distance of bid and ask; a `halt` stops trading.
    Without `begin` it starts at once, without `end` it lasts until it is deleted. Times are rounded up to 200 ms.
    """

    model_config = ConfigDict(json_schema_extra=_WITH_OR_WITHOUT_FACTOR)

    symbol: Name
    kind: ScenarioKind
    factor: Factor | None = None
    begin: TimeMs | None = None
    end: TimeMs | None = None

    @model_validator(mode="after")
    def _factor_goes_with_kind(self) -> "ScenarioRequest":
        if (self.factor is None) != (self.kind == "halt"):
            raise ValueError("a shock or a spread has a factor, a halt has none")
        return self


class Scenario(WireModel):
    """A stored scenario; `end` is null while it has no end."""

    id: str
    symbol: str
    kind: ScenarioKind
    factor: float | None
    begin: TimeMs
    end: TimeMs | None
    status: Literal["scheduled", "active", "over"]


class ScenarioAdded(NamedTuple):
    """Event: a scenario was added. It lasts from `begin_ms` to before `end_ms`, without `end_ms` until it is ended.

    Attributes:
        time_ms: Instant of the command; all times are epoch milliseconds.
        begin_ms, end_ms: Multiples of `PRINT_MS`.
        account_id: Always empty; every event in the journal has this field.
    """

    time_ms: int
    scenario_id: str
    symbol: str
    kind: str
    factor: float
    begin_ms: int
    end_ms: int | None
    account_id: str = ""


class ScenarioEnded(NamedTuple):
    """Event: a scenario ends at `end_ms`. When `end_ms` is not after its begin, the scenario is removed."""

    time_ms: int
    scenario_id: str
    end_ms: int
    account_id: str = ""


MarketEvent = ScenarioAdded | ScenarioEnded
MARKET_EVENTS = (ScenarioAdded, ScenarioEnded)
