"""The faults of a world: an ordered list of rules, and the decision which of them applies to a case.

A stage describes its case as fields (`Case`) and asks `FaultTable.take`; it applies the action of the returned rule
itself. The table knows no stage. A rule that still lets its first matches pass, that is used up, or that loses its draw
leaves the case to the next rule. Draws are functions of the world's seed, of the rule's id and of its count of matches.
Faults decide about messages and about when orders trade, never about amounts of money. Read next: the models in
`engine/models/control/faults.py`, and the stages: `engine/broker/order_faults.py`, `handlers/faults/`.
"""

import re
from collections import deque
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from engine.broker.random_source import RandomSource
from engine.clock import Clock
from engine.errors import Denied, Missing, Reason
from engine.models.control.faults import (
    MAX_FAULTS,
    Fault,
    FaultAction,
    FaultRequest,
    FaultStats,
    given,
)

KEPT_APPLICATIONS = 10_000

Value = str | int | tuple[str, ...] | None
Case = Mapping[str, Value]
"""A case that a stage asks about, by the names of `FaultMatch`. A tuple matches if one of its texts does."""

Test = Callable[[Value], bool]


class FaultApplied(NamedTuple):
    """An event of the world: a rule was applied to a case.

    Attributes:
        number: Counts the applications of the world from 1.
        time_ms: Market time, in epoch milliseconds.
        action: Kind of the action, such as "drop".
        case: The case, as its stage described it.
    """

    number: int
    time_ms: int
    fault_id: str
    stage: str
    action: str
    case: Case


class RuleState(NamedTuple):
    """A rule with its counts, see `Rule`."""

    fault: FaultRequest
    matched: int
    applied: int


class FaultState(NamedTuple):
    """The rules of a world in their order, for a copy of the world.

    Attributes:
        numbered: Number of the last id that the world has chosen.
    """

    numbered: int
    rules: tuple[RuleState, ...]


@dataclass(slots=True, eq=False)
class Rule:
    """A rule of the table with its counts.

    Attributes:
        fault: The rule as it was sent, with its id.
        matched: Number of cases that it matched.
        applied: Number of cases that it was applied to.
    """

    fault: FaultRequest
    random: RandomSource
    matched: int = 0
    applied: int = 0
    tests: tuple[tuple[str, Test], ...] = field(init=False)

    def __post_init__(self) -> None:
        self.tests = tuple((name, _test(value)) for name, value in given(self.fault.match).items())

    @property
    def id(self) -> str:
        """The id of the rule."""
        assert self.fault.id is not None
        return self.fault.id

    @property
    def action(self) -> FaultAction:
        """The action of the rule."""
        return self.fault.do

    @property
    def is_used_up(self) -> bool:
        """Whether it was applied as often as it may be."""
        return self.fault.times is not None and self.applied >= self.fault.times

    def applies(self, case: Case) -> bool:
        """Whether it applies to a case; counts the match and the application."""
        if self.is_used_up or not all(test(case.get(name)) for name, test in self.tests):
            return False
        self.matched += 1
        rule = self.fault
        if self.matched <= rule.after:
            return False
        if rule.probability < 1 and self.draw("apply") >= rule.probability:
            return False
        self.applied += 1
        return True

    def draw(self, purpose: str) -> float:
        """Return the random number of the last match for a purpose: at least 0, below 1."""
        return self.random.draw(f"{self.id}:{purpose}", self.matched)

    def shown(self) -> Fault:
        """Return the rule in wire form."""
        stats = FaultStats(matched=self.matched, applied=self.applied)
        return Fault(**{**dict(self.fault), "id": self.id, "stats": stats})


class FaultTable:
    """The rules of one world in their order, and the log of their applications.

    Args:
        seed: Seed of the world.
        clock: Market time of the world.

    Attributes:
        requests, orders, pushes, connections: The rules of each stage in order; empty without any, which is all that
            the path of a request, an order or a message reads then.
        applications: The newest applications, oldest first; at most `KEPT_APPLICATIONS`.
        applied: Number of all applications.
    """

    def __init__(self, seed: int, clock: Clock) -> None:
        self._random = RandomSource(seed, "faults")
        self._clock = clock
        self._rules: dict[str, Rule] = {}
        self._numbered = 0
        self.requests: tuple[Rule, ...] = ()
        self.orders: tuple[Rule, ...] = ()
        self.pushes: tuple[Rule, ...] = ()
        self.connections: tuple[Rule, ...] = ()
        self.applications: deque[FaultApplied] = deque(maxlen=KEPT_APPLICATIONS)
        self.applied = 0

    # Stages

    def take(self, rules: tuple[Rule, ...], case: Case, actions: Collection[str] | None = None) -> Rule | None:
        """Return the first rule that applies to a case, None without one; the application is counted and logged.

        Args:
            rules: The rules of the stage.
            case: The case.
            actions: The actions that the stage can take now; None: all of them. Rules with others are skipped.
        """
        for rule in rules:
            if (actions is None or rule.action.kind in actions) and rule.applies(case):
                self.applied += 1
                event = FaultApplied(
                    self.applied, self._clock.now_ms(), rule.id, rule.fault.stage, rule.action.kind, dict(case)
                )
                self.applications.append(event)
                return rule
        return None

    # Commands

    def rules(self) -> list[Rule]:
        """Return the rules in their order."""
        return list(self._rules.values())

    def rule(self, fault_id: str) -> Rule:
        """Return a rule. Raises: Missing FAULT."""
        rule = self._rules.get(fault_id)
        if rule is None:
            raise Missing(Reason.FAULT, f"fault {fault_id} does not exist")
        return rule

    def replace(self, faults: Iterable[FaultRequest]) -> None:
        """Replace the list. A rule that is the same as before keeps its counts. Raises: Denied FAULT."""
        before, self._rules = self._rules, {}
        try:
            for fault in faults:
                self._add(fault, before)
        except Denied:
            self._rules = before
            raise
        self._index()

    def add(self, fault: FaultRequest) -> Rule:
        """Add a rule at the end of the list. Raises: Denied FAULT."""
        rule = self._add(fault, {})
        self._index()
        return rule

    def remove(self, fault_id: str) -> Rule:
        """Remove a rule and return it. Raises: Missing FAULT."""
        rule = self.rule(fault_id)
        del self._rules[fault_id]
        self._index()
        return rule

    def state(self) -> FaultState:
        """Return the rules with their counts."""
        rules = tuple(RuleState(one.fault, one.matched, one.applied) for one in self._rules.values())
        return FaultState(self._numbered, rules)

    def adopt(self, state: FaultState) -> None:
        """Take over the rules of another world with their counts, so that the draws go on as there."""
        self._numbered = state.numbered
        rules = [Rule(one.fault, self._random, one.matched, one.applied) for one in state.rules]
        self._rules = {rule.id: rule for rule in rules}
        self._index()

    def reset(self) -> None:
        """Set the counts of all rules to zero, so that their draws begin again; the rules stay."""
        for rule in self._rules.values():
            rule.matched = rule.applied = 0

    def _add(self, fault: FaultRequest, before: Mapping[str, Rule]) -> Rule:
        if len(self._rules) >= MAX_FAULTS:
            raise Denied(Reason.FAULT, f"there are {MAX_FAULTS} faults, the limit is reached")
        _check_reason(fault)
        if fault.id is None:
            while f"fault-{self._numbered + 1}" in self._rules:
                self._numbered += 1
            self._numbered += 1
            fault = fault.model_copy(update={"id": f"fault-{self._numbered}"})
        assert fault.id is not None
        if fault.id in self._rules:
            raise Denied(Reason.FAULT, f"fault {fault.id} exists already")
        known = before.get(fault.id)
        rule = known if known is not None and known.fault == fault else Rule(fault, self._random)
        self._rules[rule.id] = rule
        return rule

    def _index(self) -> None:
        rules = self._rules.values()
        self.requests, self.orders, self.pushes, self.connections = (
            tuple(rule for rule in rules if rule.fault.stage == stage)
            for stage in ("request", "order", "push", "connection")
        )


def _check_reason(fault: FaultRequest) -> None:
    """Refuse a rejection with an unknown reason code. Raises: Denied FAULT."""
    reject = fault.do.reject
    if reject is not None and reject.reason not in Reason.__members__:
        raise Denied(Reason.FAULT, f"{reject.reason} is not a reason code of this server")


def _test(expected: object) -> Test:
    """Return the test of one field: texts are patterns in which `*` stands for any characters, codes are equal."""
    return text_test(expected) if isinstance(expected, str) else lambda value: value == expected


def text_test(pattern_text: str) -> Test:
    """Return the test of a text, or of several, with a pattern in which `*` stands for any characters."""
    pattern = re.compile(".*".join(map(re.escape, pattern_text.split("*"))), re.DOTALL)

    def matches(value: Value) -> bool:
        values = value if isinstance(value, tuple) else (value,)
        return any(isinstance(text, str) and pattern.fullmatch(text) is not None for text in values)

    return matches
