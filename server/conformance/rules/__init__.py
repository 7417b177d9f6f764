"""The rules of the kit, one file per subject; each file ends with the table of its rules.

`RULES` has all of them, in the order of reports.
"""

from server.conformance.rule import Rule
from server.conformance.rules import brackets, cascade, commands, executions, market, money, orders, positions, stream

RULES: dict[str, Rule] = {
    rule.id: rule
    for file in (stream, commands, orders, brackets, executions, positions, money, cascade, market)
    for rule in file.RULES
}
"""All rules by id."""
