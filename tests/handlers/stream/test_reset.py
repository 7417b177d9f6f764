"""A reset account: another history, for its own channels only."""

from tests.conftest import OpenStream, StartLive
from tests.handlers.stream.test_resume import resume


async def test_a_reset_begins_another_history_for_its_account_only(live: StartLive, stream: OpenStream) -> None:
    server = await live()
    await server.call("POST", "/broker/accounts", {"id": "OTHER", "name": "Other"})
    client = await stream(server)
    before = {name: await resume(client, "orders", {"accountId": name}) for name in ("DEMO-ACCOUNT", "OTHER")}
    await server.call("POST", "/broker/accounts/DEMO-ACCOUNT/reset", {})
    again = await stream(server)
    for name, told in before.items():
        place = {"epoch": told["epoch"], "seq": told["seq"]}
        after = await resume(again, "orders", {"accountId": name}, recover=place)
        assert (after["recovered"], after["epoch"] == told["epoch"]) == (name == "OTHER", name == "OTHER")
