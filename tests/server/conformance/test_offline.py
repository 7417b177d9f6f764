"""The offline broker of the page keeps the rules, and its session exercises all of them."""

import json
import shutil
import subprocess
from pathlib import Path

import pytest

from server.conformance.checker import Checker, Conversation
from server.conformance.rules import RULES, exit_levels, individual
from tests.server.program import TIMEOUT_S

NOT_OFFLINE = {rule.id for rule in (*exit_levels.RULES, *individual.RULES)} | {"position-before-individual"}
"""Rules of exit levels and individual positions, which the offline broker does not have."""

SESSION = Path(__file__).parent / "offline.mjs"


@pytest.mark.skipif(shutil.which("node") is None, reason="Node.js is not installed")
def test_the_offline_broker_keeps_every_rule_that_applies_to_it() -> None:
    ran = subprocess.run(["node", SESSION], capture_output=True, text=True, timeout=TIMEOUT_S, check=True)
    checker = Checker()
    conversation = Conversation(checker, "offline")
    for message in map(json.loads, ran.stdout.splitlines()):
        match message["type"]:
            case "instrument":
                checker.instruments[message["payload"]["symbol"]] = message["payload"]
            case "settled":
                conversation.settle()
            case _:
                conversation.receive(message)
    assert list(checker.violations) == []
    untried = {rule.id for rule in RULES.values() if rule.check is not None and not checker.checks[rule.id]}
    assert untried == NOT_OFFLINE
