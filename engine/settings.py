"""The settings of an engine; core.py has the engine."""

from dataclasses import dataclass, field

from engine.faults import FaultTable
from engine.models.broker.account import Profile


@dataclass(frozen=True, slots=True)
class EngineSettings:
    """Settings of an engine.

    Attributes:
        seed: Seed of the accounts' random numbers.
        balance, profile: The default account's deposit in US dollars, and its rules.
        faults: Rules of failure that new orders meet; None: there are none.
        is_exact: Whether ticks process every instant at which something may happen, so that events do not depend on
            the times of the ticks; for the synthetic market only.
    """

    seed: int = 1
    balance: float = 100_000.0
    profile: Profile = field(default_factory=Profile)
    faults: FaultTable | None = None
    is_exact: bool = False
