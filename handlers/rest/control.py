"""Control of the server over REST, for the admin scope: scenarios, ticks of an external feed, debug commands.

The list of scenarios shows future prices, so reading it needs the admin scope too.
"""

from engine.models.broker.account import AccountReset
from engine.models.market.scenarios import ScenarioRequest
from engine.models.market.ticks import TicksRequest
from handlers.base import ApiHandler


class ScenariosHandler(ApiHandler):
    """`/scenarios`."""

    needs = "admin"

    async def get(self) -> None:
        """List the scenarios, oldest first."""
        await self.show(lambda: self.engine.market.scenarios(self.engine.now_ms()))

    async def post(self) -> None:
        """Add a scenario."""
        scenario, result = self.engine.add_scenario(self.read(ScenarioRequest))
        await self.commit(result, scenario)


class ScenarioHandler(ApiHandler):
    """`/scenarios/{id}`."""

    needs = "admin"

    async def delete(self, scenario_id: str) -> None:
        """End a scenario; one that has not begun is canceled."""
        kept, result = self.engine.end_scenario(scenario_id)
        await self.commit(
            result, {"success": True, "message": f"{scenario_id} {'ends' if kept else 'will not happen'}"}
        )


class TicksHandler(ApiHandler):
    """`/ticks`."""

    needs = "admin"

    def post(self) -> None:
        """Publish ticks of an external feed."""
        ticks = self.read(TicksRequest).ticks
        self.reply({"accepted": self.engine.publish_ticks(ticks)})


class DebugResetHandler(ApiHandler):
    """`/debug/reset`."""

    needs = "admin"

    async def post(self) -> None:
        """Reset the caller's account to its opening state."""
        _, result = self.engine.reset_account(self.account_id, AccountReset())
        await self.commit(result, {"success": True, "message": "the account was reset"})


class ExecuteOrdersHandler(ApiHandler):
    """`/debug/execute-orders`."""

    needs = "admin"

    async def post(self) -> None:
        """Execute every working order of the simulator accounts."""
        _, result = self.engine.execute_orders()
        await self.commit(result, {"success": True, "message": None})
