"""Every command of the engine is an input of recordings."""

from typing import get_origin, get_type_hints

from engine.core import Engine
from engine.journal import Outcome
from server.recording.inputs import COMMANDS


def test_every_command_that_changes_state_is_recorded() -> None:
    public = {
        name: get_type_hints(method) for name, method in vars(Engine).items() if name[0] != "_" and callable(method)
    }
    commands = {name for name, hints in public.items() if get_origin(hints.get("return")) is Outcome}
    assert "place_order" in commands
    assert commands - COMMANDS.keys() == set()
