"""A recording that is replayed has the same events; a changed byte is found and named."""

import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.main import main
from server.recording.lines import BadRecording
from server.recording.replay import Replay, replay
from server.settings import Settings
from tests.properties import examples
from tests.server.recording.script import Script

RECORDINGS = sorted((Path(__file__).parents[2] / "recordings").glob("*.ndjson"))


def replayed(path: Path, data: bytes, **settings: int) -> Replay:
    """Write a recording into a file and replay it."""
    path.write_bytes(data)
    return replay(path, Settings(**settings))


@pytest.fixture(scope="module")
def recording() -> bytes:
    """A recording with most kinds of inputs."""
    return Script(4).run(30)


@given(seed=st.integers(0, 10_000))
@examples(32)
def test_random_script_is_repeated_with_the_same_hash(seed: int, tmp_path_factory: pytest.TempPathFactory) -> None:
    data = Script(seed).run(30)
    outcome = replayed(tmp_path_factory.getbasetemp() / "script.ndjson", data)
    assert outcome.difference is None, outcome.text()
    assert outcome.has_end and data.endswith(f'"hash":"{outcome.hash}"}}\n'.encode())


def test_where_ticks_decide_they_are_inputs(tmp_path: Path) -> None:
    script = Script(3, feed="external")
    data = script.run(25)
    assert b'"do":"step"' in data
    assert replayed(tmp_path / "external.ndjson", data).difference is None


@pytest.mark.parametrize("place", [0.0, 0.13, 0.31, 0.52, 0.77, 0.93, 1.0])
def test_changed_byte_is_found_and_its_line_is_named(recording: bytes, tmp_path: Path, place: float) -> None:
    at = int(place * (len(recording) - 1))
    changed = bytearray(recording)
    changed[at] ^= 1
    line = recording[:at].count(b"\n") + 1
    try:
        outcome = replayed(tmp_path / "changed.ndjson", bytes(changed))
    except BadRecording as error:
        assert f"line {line}" in str(error)
    else:
        assert outcome.difference is not None and f"line {line}" in outcome.text()


def test_difference_shows_input_and_fields_of_both_events(recording: bytes, tmp_path: Path) -> None:
    found = re.search(rb'"price":(\d+)', recording)
    assert found is not None
    changed = recording[: found.start(1)] + b"1" + recording[found.start(1) :]
    text = replayed(tmp_path / "changed.ndjson", changed).text()
    recorded, own = f"1{found[1].decode()}", found[1].decode()
    assert re.search(rf"price +{recorded} +{own}", text), text
    assert "input" in text and "was changed after it was recorded" in text


def test_recording_without_end_is_repeated_up_to_its_last_whole_line(recording: bytes, tmp_path: Path) -> None:
    outcome = replayed(tmp_path / "torn.ndjson", recording[: recording.rindex(b'"faults"') - 300])
    assert outcome.difference is None and not outcome.has_end and outcome.inputs > 5


def test_until_stops_there_with_a_paused_clock(recording: bytes, tmp_path: Path) -> None:
    outcome = replayed(tmp_path / "until.ndjson", recording, until=5)
    assert outcome.inputs == 5
    services = outcome.server.services
    assert services.control is not None
    clock = services.control.clock.state()
    assert (clock["mode"], clock["now"]) == ("paused", services.engine.now_ms())


def test_recording_of_other_instruments_is_refused(recording: bytes, tmp_path: Path) -> None:
    catalogue = tmp_path / "one.json"
    catalogue.write_text('[{"name": "ONE", "description": "One", "type": "stock", "exchange": "X", "price": 5}]')
    (tmp_path / "recording.ndjson").write_bytes(recording)
    with pytest.raises(ValueError, match=r"instruments|ONE"):
        replay(tmp_path / "recording.ndjson", Settings(instruments=catalogue))


@pytest.mark.parametrize("path", RECORDINGS, ids=lambda path: path.stem)
def test_kept_recording_has_the_same_events_as_when_it_was_made(path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["replay", str(path)]) == 0
    assert re.fullmatch(r"same: [\d,]+ inputs, [\d,]+ events, [0-9a-f]{32}\n", capsys.readouterr().out)


@pytest.mark.parametrize("data", [b"", b"{}\n", b"no json\n", b'{"recording":99}\n'])
def test_file_that_is_no_recording_is_refused(data: bytes, tmp_path: Path) -> None:
    with pytest.raises(BadRecording):
        replayed(tmp_path / "file.ndjson", data)
