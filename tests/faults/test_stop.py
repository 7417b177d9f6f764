"""SIGTERM under load: what was begun is answered and stored, every client is told, and the process ends by itself."""

from contextlib import ExitStack
from pathlib import Path

from tests.faults.program import Load, Program, StartLive, close_code, stored_orders, upgrade

CONNECTIONS = 8
SOCKETS = 20
ORDERS = 150

HANGING = """
import sys, time
from server import main
from server.storage import journal
journal.JournalDatabase.close = lambda self: time.sleep(60)
sys.exit(main.main(sys.argv[1:]))
"""


async def test_a_stop_under_load_answers_stores_and_tells(tmp_path: Path, live: StartLive) -> None:
    program = Program(tmp_path)
    port = int(program.address.rpartition(":")[2])
    with ExitStack() as stack:
        sockets = [stack.enter_context(upgrade(port)) for _ in range(SOCKETS)]
        load = Load(program, first=0, connections=CONNECTIONS)
        load.wait_for(ORDERS)
        stopped = program.stop()
        load.end()
        assert stopped == (0, "")
        assert {close_code(client) for client in sockets} == {1012}
    assert set(load.refused) <= {503}
    found = {row["customFields"]["number"]: row["id"] for row in await stored_orders(live, tmp_path)}
    assert load.acknowledged.items() <= found.items(), "acknowledged, lost"
    assert found.keys() <= load.sent
    assert len(found) - len(load.acknowledged) <= CONNECTIONS, "at most the one that each had begun went unanswered"


def test_a_disk_that_hangs_does_not_hold_up_the_end(tmp_path: Path) -> None:
    program = Program(tmp_path, program=("-c", HANGING))
    assert program.address
    status, said = program.stop()
    assert status == 1
    assert "storage was not closed because the disk hangs" in said
