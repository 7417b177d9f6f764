"""kill -9, and a stop, while the main world is recorded: the file has every acknowledged command, and it replays."""

import json
from pathlib import Path

from server.recording.replay import replay
from server.settings import Settings
from tests.faults.program import Load, Program

CONNECTIONS = 4
ORDERS = 40


def recorded_numbers(path: Path) -> set[int]:
    """Return the numbers of the orders in a recording; a last line that is no whole one is left out."""
    lines = [json.loads(line) for line in path.read_bytes().split(b"\n")[1:-1]]
    placed = [line["arguments"]["order"] for line in lines if line.get("do") == "place_order"]
    return {order["customFields"]["number"] for order in placed}


def test_recording_has_every_acknowledged_command_and_replays_after_a_kill_and_a_stop(tmp_path: Path) -> None:
    data_dir = tmp_path / "var"
    for life, is_killed in ((1, True), (2, False)):  # the second one begins in the state that the first one left
        program = Program(data_dir, "--record")
        load = Load(program, first=life * 1_000_000, connections=CONNECTIONS)
        load.wait_for(ORDERS)
        if is_killed:
            program.kill()
        else:
            program.stop()
        load.end()
        path = data_dir / f"recording-{life}.ndjson"
        assert load.acknowledged.keys() <= recorded_numbers(path) <= load.sent
        outcome = replay(path, Settings())
        assert outcome.difference is None, outcome.text()
        assert outcome.has_end is not is_killed and outcome.inputs >= len(load.acknowledged)
