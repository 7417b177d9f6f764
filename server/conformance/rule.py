"""A rule of the kit, and its verdict on one update.

The rules are functions in `rules/`; each file ends with the table of its rules. The state that they see is in
`state.py`.
"""

from collections.abc import Callable
from typing import NamedTuple

from server.conformance.state import Step

Verdict = str | None
"""Result of a rule: None when it does not apply, "" when it is kept, else a sentence about the fault."""

Check = Callable[[Step], Verdict]

SETTLED = "settled"
"""In `Rule.on`: a moment at which all updates of all commands have arrived."""

TRADINGVIEW = "TradingView, broker API"
TROUBLE_LIST = "TradingView, trouble list of broker integrations"
CONTRACT = "docs/protocol.md"
TRADING = "docs/trading.md"


class Rule(NamedTuple):
    """One rule.

    Attributes:
        id: Its name in reports.
        text: What it demands, one sentence.
        source: Where it comes from.
        on: Routes whose updates it checks, or SETTLED. Empty: the script in `script.py` checks it.
        check: The function.
    """

    id: str
    text: str
    source: str
    on: frozenset[str] = frozenset()
    check: Check | None = None


def demand(is_kept: bool, fault: str) -> str:
    """Return the verdict of a rule that applies."""
    return "" if is_kept else fault


ORDERS, POSITIONS = frozenset(("orders",)), frozenset(("positions",))
EXECUTIONS, EQUITY, PL = frozenset(("executions",)), frozenset(("equity",)), frozenset(("pl",))
INDIVIDUAL, INDIVIDUAL_PL = frozenset(("individual-positions",)), frozenset(("individual-pl",))
QUOTES, BARS, DEPTH = frozenset(("quotes",)), frozenset(("bars",)), frozenset(("depth",))
AT_REST = frozenset((SETTLED,))
