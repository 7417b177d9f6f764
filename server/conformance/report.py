"""Reports of the kit: a table for people, JSON, and JUnit for build servers. Every rule is one test case."""

import json
from typing import NamedTuple
from xml.etree import ElementTree

from server.conformance.checker import Checker, Violation
from server.conformance.rules import RULES

KEPT, BROKEN, NOT_TRIED = "kept", "BROKEN", "not tried"
SHOWN = 3
"""Number of violations of a rule in the table."""

DECLARATION = '<?xml version="1.0" encoding="utf-8"?>\n'
FORBIDDEN = {code: None for code in range(32) if code not in (9, 10, 13)}
"""Characters that XML cannot have."""


class Outcome(NamedTuple):
    """The result of one rule: how often it applied, how often it was broken, and its violations."""

    id: str
    text: str
    source: str
    checks: int
    broken: int
    violations: list[Violation]

    @property
    def result(self) -> str:
        """One word for the table."""
        return BROKEN if self.broken else KEPT if self.checks else NOT_TRIED


def outcomes(checker: Checker) -> list[Outcome]:
    """Return the result of every rule."""
    return [
        Outcome(
            *(rule.id, rule.text, rule.source, checker.checks[rule.id], checker.broken[rule.id]),
            [one for one in checker.violations if one.rule == rule.id],
        )
        for rule in RULES.values()
    ]


def as_table(rows: list[Outcome]) -> str:
    """Return a line for each rule, then the violations with the messages that broke the rules."""
    width = max(len(row.id) for row in rows)
    lines = [f"{'rule':<{width}}  {'result':<9}  checks  broken"]
    lines += [f"{row.id:<{width}}  {row.result:<9}  {row.checks:>6}  {row.broken:>6}" for row in rows]
    for row in rows:
        if row.broken:
            lines += ["", f"{row.id}: {row.text} ({row.source})"]
            lines += [line for one in row.violations[:SHOWN] for line in described(one)]
    return "\n".join([*lines, "", summary(rows)])


def described(one: Violation) -> list[str]:
    """Return a violation as lines."""
    place = f"message {one.number} of connection {one.connection}" if one.number else one.connection
    return [f"  {one.text}", f"    {place}: {one.evidence or 'after the last update'}"]


def summary(rows: list[Outcome]) -> str:
    """Return the result in one line."""
    checks = sum(row.checks for row in rows)
    counts = {word: sum(row.result == word for row in rows) for word in (KEPT, BROKEN, NOT_TRIED)}
    return f"{len(rows)} rules, {checks} checks: " + ", ".join(f"{count} {word}" for word, count in counts.items())


def as_json(rows: list[Outcome], url: str) -> str:
    """Return all results as JSON."""
    rules = [row._asdict() | {"result": row.result, "violations": list_of(row.violations)} for row in rows]
    return json.dumps({"url": url, "conforms": not any(row.broken for row in rows), "rules": rules}, indent=2) + "\n"


def list_of(violations: list[Violation]) -> list[dict[str, object]]:
    """Return violations as objects."""
    return [one._asdict() for one in violations]


def as_junit(rows: list[Outcome]) -> str:
    """Return all results as a JUnit file: a rule is a test case, one that was not tried is skipped."""
    counts = {"failures": sum(bool(row.broken) for row in rows), "skipped": sum(not row.checks for row in rows)}
    attributes = {"name": "conformance", "tests": str(len(rows)), **{name: str(n) for name, n in counts.items()}}
    suite = ElementTree.Element("testsuite", attributes)
    for row in rows:
        case = ElementTree.SubElement(suite, "testcase", {"name": row.id, "classname": "conformance"})
        if row.broken:
            first = row.violations[0].text if row.violations else row.text
            failure = ElementTree.SubElement(case, "failure", {"message": printable(first)})
            failure.text = printable("\n".join(line for one in row.violations[:SHOWN] for line in described(one)))
        elif not row.checks:
            ElementTree.SubElement(case, "skipped", {"message": "not tried"})
    return DECLARATION + ElementTree.tostring(suite, encoding="unicode") + "\n"


def printable(text: str) -> str:
    """Return a text without characters that XML cannot have."""
    return text.translate(FORBIDDEN)
