"""The checker: takes the messages of a broker, and keeps the violations of the rules.

It is pure: no socket, no clock. A `Conversation` is one connection; its messages come in the order in which they were
sent. The rules are in `rules/`, the state that they see is in `state.py`.
"""

import json
from collections import Counter, defaultdict, deque
from typing import Any, NamedTuple

from server.conformance.rule import SETTLED, Rule, Verdict
from server.conformance.rules import RULES
from server.conformance.rules.stream import FORM
from server.conformance.state import AccountState, Json, Step, Topic

MAX_VIOLATIONS = 1_000
"""Largest number of violations in memory; the oldest are forgotten, their counts stay."""

MAX_EVIDENCE = 2_000
"""Characters of a message in a violation."""

UPDATE, RESPONSE = ".update", ".response"

UNREADABLE = (KeyError, TypeError, AttributeError, IndexError)
"""Errors of a rule on an update whose optional fields have another form than the interface says."""


class Violation(NamedTuple):
    """A broken rule.

    Attributes:
        rule: Id of the rule.
        text: The fault, one sentence.
        evidence: The message that broke it, as JSON; "" at a quiet moment.
        number: Number of the message on its connection, from 1.
        connection: Name of the connection.
    """

    rule: str
    text: str
    evidence: str
    number: int
    connection: str


class Checker:
    """The verdicts on a broker.

    Attributes:
        checks: How often each rule applied.
        broken: How often each rule was broken.
        violations: The newest violations.
        instruments: InstrumentInfo by symbol; rules about grids and money need it.
    """

    def __init__(self) -> None:
        self.checks: Counter[str] = Counter()
        self.broken: Counter[str] = Counter()
        self.violations: deque[Violation] = deque(maxlen=MAX_VIOLATIONS)
        self.instruments: dict[str, Json] = {}

    def record(
        self, rule: str, verdict: Verdict, evidence: Any = "", number: int = 0, connection: str = "REST"
    ) -> None:
        """Count a verdict, and keep a violation with its evidence (a text, or a message)."""
        if verdict is None:
            return
        self.checks[rule] += 1
        if verdict:
            self.broken[rule] += 1
            text = evidence if isinstance(evidence, str) else json.dumps(evidence, ensure_ascii=False)
            self.violations.append(Violation(rule, verdict, text[:MAX_EVIDENCE], number, connection))


def rules_on() -> dict[str, list[Rule]]:
    """Return the rules with functions by what they check: a route, or SETTLED; those about the form come first."""
    table: dict[str, list[Rule]] = defaultdict(list)
    for rule in RULES.values():
        for subject in rule.on:
            table[subject].append(rule)
    return table


RULES_ON = rules_on()


class Conversation:
    """The messages of one connection.

    Args:
        checker: Gets the verdicts.
        name: Name of the connection in violations.
        always_followed: Routes that need no subscription, for all accounts.
    """

    def __init__(self, checker: Checker, name: str, always_followed: frozenset[str] = frozenset()) -> None:
        self._checker = checker
        self._name = name
        self._always_followed = always_followed
        self._topics: dict[str, Topic] = {}
        self._accounts: dict[str, AccountState] = {}
        self._touched: set[str] = set()
        self._has_sums = True
        self.received = 0

    def account(self, name: str) -> AccountState:
        """Return the state of an account."""
        if name not in self._accounts:
            self._accounts[name] = AccountState(followed=set(self._always_followed), has_sums=self._has_sums)
        return self._accounts[name]

    def forget(self, account: str) -> None:
        """Forget an account: it is reset, and its next updates start anew."""
        self._accounts.pop(account, None)
        self._touched.discard(account)

    def ignore_sums(self) -> None:
        """Check no sums of executions any longer: an account is reset, and the moment is not known."""
        self._has_sums = False
        for account in self._accounts.values():
            account.has_sums = False

    def receive(self, message: Any) -> None:
        """Check a message and continue with it."""
        self.received += 1
        kind = message.get("type") if isinstance(message, dict) else None
        payload = message.get("payload") if isinstance(message, dict) else None
        if not isinstance(kind, str) or not isinstance(payload, dict | None):
            self._record("message-form", "a message has no type, or its payload is no object", message)
            return
        if kind.endswith(UPDATE):
            self._receive_update(kind.removesuffix(UPDATE), payload or {}, message)
        elif kind.endswith(RESPONSE) and payload is not None:
            self._receive_response(kind, payload)

    def settle(self) -> None:
        """Check the accounts that were told about since the last time; all updates of all commands have arrived."""
        touched, self._touched = self._touched, set()
        for name in touched:
            account = self._accounts[name]
            step = Step(None, SETTLED, {}, None, account, self._checker.instruments)
            for rule in RULES_ON[SETTLED]:
                self._apply(rule, step, "")
            account.settled()

    def _receive_response(self, kind: str, response: Json) -> None:
        route, _, operation = kind.removesuffix(RESPONSE).rpartition(".")
        text = response.get("topic")
        if response.get("status") != "ok" or not isinstance(text, str):
            return
        if operation == "unsubscribe":
            topic = self._topics.pop(text, None)
            if topic is not None and topic.account:
                self.account(topic.account).unsubscribed(route)
            return
        topic = self._topics[text] = Topic.of(text)
        topic.seq = response.get("seq")
        if topic.account:
            try:
                self.account(topic.account).subscribed(route, response)
            except UNREADABLE as error:
                fault = f"the snapshot has another form than that of {route}: {error!r}"
                self._record("required-fields", fault, response)

    def _receive_update(self, route: str, update: Json, message: Json) -> None:
        text, payload = update.get("topic"), update.get("payload")
        if not isinstance(text, str) or not isinstance(payload, dict):
            self._record("message-form", "an update has no topic or no payload", message)
            return
        self._record("message-form", "", message)
        if self._always_followed and text not in self._topics:
            self._topics[text] = Topic.of(text)
        topic = self._topics.get(text)
        account = self.account(topic.account) if topic is not None and topic.account else AccountState()
        step = Step(topic, route, payload, update.get("seq"), account, self._checker.instruments)
        verdicts = [(rule.id, self._apply(rule, step, message)) for rule in RULES_ON[route] if rule.id in FORM]
        if any(verdict for _, verdict in verdicts):
            return
        for rule in RULES_ON[route]:
            if rule.id not in FORM:
                self._apply(rule, step, message)
        if topic is not None:
            self._continue(topic, step)

    def _continue(self, topic: Topic, step: Step) -> None:
        """Store an update in the state."""
        topic.seq = step.seq
        if topic.account:
            self._touched.add(topic.account)
        match step.route:
            case "executions":
                step.account.tell_execution(step.payload, step.point_value())
            case "orders":
                step.account.tell_order(step.payload)
            case "positions":
                step.account.tell_position(step.payload)
            case "individual-positions":
                step.account.tell_individual(step.payload)
            case "pl":
                step.account.pl = step.payload
            case "equity":
                step.account.tell_equity(step.payload)
            case "bars":
                topic.last_time = step.payload["time"]

    def _apply(self, rule: Rule, step: Step, evidence: Any) -> Verdict:
        assert rule.check is not None
        try:
            verdict = rule.check(step)
        except UNREADABLE as error:
            verdict = f"the update has another form than that of {step.route}: {error!r}"
        self._record(rule.id, verdict, evidence)
        return verdict

    def _record(self, rule: str, verdict: Verdict, evidence: Any) -> None:
        self._checker.record(rule, verdict, evidence, self.received, self._name)
