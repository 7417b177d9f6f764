"""The rules of the kit, one file per subject; each file ends with the table of its rules.

`RULES` has all of them, in the order of reports.
"""

from server.conformance.rule import Rule
from server.conformance.rules import (
    brackets,
    cascade,
    commands,
    executions,
    exit_levels,
    individual,
    market,
    money,
    orders,
    positions,
    stream,
)

FILES = (
    stream,
    commands,
    orders,
    brackets,
    exit_levels,
    executions,
    positions,
    individual,
    money,
    cascade,
    market,
)

RULES: dict[str, Rule] = {rule.id: rule for file in FILES for rule in file.RULES}
"""All rules by id."""
