"""The faults of a world over REST. `engine/faults.py` has the rules."""

from typing import Any

from engine.faults import Rule
from engine.models.control.faults import FaultList, FaultRequest
from handlers.control.base import ControlHandler


def shown(rule: Rule) -> dict[str, Any]:
    """Return a rule as Fault; fields that are not set are left out of `match` and `do`."""
    fault = rule.shown()
    parts = {name: getattr(fault, name).model_dump(mode="json", exclude_none=True) for name in ("match", "do")}
    return fault.model_dump(mode="json") | parts


class FaultsHandler(ControlHandler):
    """`/faults`."""

    def get(self) -> None:
        """List the rules in their order."""
        self.reply([shown(rule) for rule in self.control.faults.rules()])

    def put(self) -> None:
        """Replace the list; a rule that stays the same keeps its counts."""
        self.control.fault_changes.replace(self.read(FaultList).faults)
        self.control.sockets.rules_changed()
        self.get()

    def post(self) -> None:
        """Add a rule at the end of the list."""
        rule = self.control.fault_changes.add(self.read(FaultRequest))
        self.control.sockets.rules_changed()
        self.reply(shown(rule))


class FaultHandler(ControlHandler):
    """`/faults/{id}`."""

    def get(self, fault_id: str) -> None:
        """Show a rule and its counts."""
        self.reply(shown(self.control.faults.rule(fault_id)))

    def delete(self, fault_id: str) -> None:
        """Remove a rule; the answer has its last counts."""
        self.reply(shown(self.control.fault_changes.remove(fault_id)))


class ResetFaultsHandler(ControlHandler):
    """`/faults/reset`."""

    def post(self) -> None:
        """Set the counts of all rules to zero; their draws begin again."""
        self.control.fault_changes.reset()
        self.reply({"success": True, "message": "the counts of all faults are zero"})
