"""The option `--lint`: the updates of the hub go through the rules of the conformance kit.

The linter sees every exact update, and conflated ones while somebody subscribes to them. `/health` and `/metrics` show
its counts. The rules are in `server/conformance/rules/`.
"""

import logging
from collections.abc import Iterable

from engine.models.market.instruments import Instrument
from engine.models.system import LintHealth
from engine.topics import Payload
from server.conformance.checker import Checker, Conversation
from server.conformance.state import Json

log = logging.getLogger("trading.lint")

ALWAYS = frozenset(("executions", "orders", "positions", "individual-positions"))
"""Routes whose updates are published with and without subscribers."""

MAX_LOGGED = 10
"""Number of violations of one rule in the log; all are counted."""


class Linter:
    """An observer of the hub that checks its updates.

    Args:
        instruments: The catalogue.
    """

    def __init__(self, instruments: Iterable[Instrument]) -> None:
        self._checker = Checker()
        self._checker.instruments.update((one.name, instrument_info(one)) for one in instruments)
        self._conversation = Conversation(self._checker, "hub", ALWAYS)
        self._logged = 0

    def published(self, channel: str, payload: Payload, seq: int) -> None:
        """Check an update. Those for one symbol are in the account's channel, too."""
        route, _, rest = channel.partition(":")
        if route == "executions" and ":" in rest:
            return
        update = {"topic": channel, "payload": payload, "seq": seq}
        self._conversation.receive({"type": f"{route}.update", "payload": update})

    def settled(self) -> None:
        """Check the state after a publication, and log new violations."""
        self._conversation.settle()
        total = self._checker.broken.total()
        new, self._logged = total - self._logged, total
        for one in list(self._checker.violations)[-new:] if new else ():
            if self._checker.broken[one.rule] <= MAX_LOGGED:
                log.error("conformance violation rule=%s fault=%r", one.rule, one.text)

    def cleared(self, account_id: str) -> None:
        """Start anew with an account that is reset."""
        self._conversation.forget(account_id)

    def health(self) -> LintHealth:
        """Return the counts for `/health`."""
        checker = self._checker
        last = f"{checker.violations[-1].rule}: {checker.violations[-1].text}" if checker.violations else None
        return LintHealth(checks=checker.checks.total(), violations=checker.broken.total(), last=last)


def instrument_info(instrument: Instrument) -> Json:
    """Return the fields of InstrumentInfo that the rules need."""
    return {
        "minTick": instrument.price_out(instrument.minmov),
        "variableMinTick": instrument.variable_tick,
        "qty": {"step": float(instrument.qty.step)},
        "bigPointValue": float(instrument.point_value),
        "currency": instrument.currency,
        "baseCurrency": instrument.base_currency,
    }
