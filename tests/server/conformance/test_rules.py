"""The page about the kit lists the rules as they are."""

import re

from server.conformance.rules import RULES
from tests.test_house import ROOT


def test_the_page_lists_every_rule_with_its_demand() -> None:
    page = (ROOT / "docs/conformance.md").read_text(encoding="utf-8").partition("## Rules")[2]
    assert re.findall(r"^\| `([a-z-]+)` \| (.+) \|$", page, re.M) == [(rule.id, rule.text) for rule in RULES.values()]
