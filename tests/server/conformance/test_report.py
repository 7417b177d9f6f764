"""The reports name the broken rule, its message, and every rule that was not tried."""

import json
from xml.etree import ElementTree

from server.conformance.checker import Checker
from server.conformance.report import as_json, as_junit, as_table, outcomes
from server.conformance.rules import RULES

MESSAGE = {"type": "orders.update", "payload": {"note": "\u0001 Zürich"}}


def verdicts() -> Checker:
    """Verdicts with one broken and one kept rule."""
    checker = Checker()
    checker.record("final-status-stays", "order ORDER-1 came back", MESSAGE, 17, "account")
    checker.record("tick-grid", "", MESSAGE)
    checker.record("lot-grid", None, MESSAGE)
    return checker


def test_the_table_shows_the_message_that_broke_a_rule() -> None:
    table = as_table(outcomes(verdicts()))
    lines = [line.split() for line in table.splitlines()]
    assert ["final-status-stays", "BROKEN", "1", "1"] in lines
    assert ["tick-grid", "kept", "1", "0"] in lines
    assert ["lot-grid", "not", "tried", "0", "0"] in lines
    assert "message 17 of connection account" in table
    assert "Zürich" in table
    assert table.splitlines()[-1] == f"{len(RULES)} rules, 2 checks: 1 kept, 1 BROKEN, {len(RULES) - 2} not tried"


def test_json_has_every_rule_and_says_whether_all_are_kept() -> None:
    report = json.loads(as_json(outcomes(verdicts()), "http://broker"))
    assert (report["url"], report["conforms"], len(report["rules"])) == ("http://broker", False, len(RULES))
    broken = next(rule for rule in report["rules"] if rule["broken"])
    assert json.loads(broken["violations"][0]["evidence"]) == MESSAGE
    assert json.loads(as_json(outcomes(Checker()), ""))["conforms"]


def test_junit_has_a_failure_a_pass_and_the_rules_that_were_not_tried() -> None:
    suite = ElementTree.fromstring(as_junit(outcomes(verdicts())))
    cases = {case.get("name"): case for case in suite}
    assert (suite.get("tests"), suite.get("failures")) == (str(len(RULES)), "1")
    failure = cases["final-status-stays"].find("failure")
    assert failure is not None and failure.get("message") == "order ORDER-1 came back"
    assert list(cases["tick-grid"]) == []
    assert cases["lot-grid"].find("skipped") is not None
