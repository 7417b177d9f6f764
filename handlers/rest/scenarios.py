"""Scenarios of the synthetic market over REST. Their list tells what is to come, so all of it is the operator's."""

from engine.models.market.scenarios import ScenarioRequest
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
        """End a scenario at once, or let one that has not begun never happen."""
        kept, result = self.engine.end_scenario(scenario_id)
        await self.commit(
            result, {"success": True, "message": f"{scenario_id} {'ends' if kept else 'will not happen'}"}
        )
