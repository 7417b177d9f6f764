"""The command `conform`: its exit statuses, its files, and the whole script against a server."""

import json
from pathlib import Path

import pytest

from server.conformance.rules import RULES
from server.main import main
from tests.server.program import ServerProcess


def test_this_server_keeps_all_rules_and_each_was_tried(
    server: ServerProcess, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    report, junit = tmp_path / "report.json", tmp_path / "junit.xml"
    assert main(["conform", server.address, "--json", str(report), "--junit", str(junit)]) == 0
    assert capsys.readouterr().out.endswith(f"{len(RULES)} kept, 0 BROKEN, 0 not tried\n")
    assert json.loads(report.read_text())["conforms"]
    assert junit.read_text().startswith("<?xml")


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["127.0.0.1:8000"], "127.0.0.1:8000 is no URL such as http://127.0.0.1:8000"),
        (["http://127.0.0.1:1"], "http://127.0.0.1:1/api/v1: "),
        (["{server}", "--symbol", "NOSUCH"], "no instrument NOSUCH (404); choose one with --symbol"),
        (["{server}", "--token-file", "no-such-file"], "No such file or directory: 'no-such-file'"),
    ],
)
def test_a_broker_or_a_command_line_that_cannot_be_used_ends_with_status_2(
    arguments: list[str], message: str, server: ServerProcess, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["conform", *(one.format(server=server.address) for one in arguments)]) == 2
    assert message in capsys.readouterr().err


def test_an_account_that_was_named_is_used_and_a_broken_rule_ends_with_status_1(
    server: ServerProcess, capsys: pytest.CaptureFixture[str]
) -> None:
    arguments = ["conform", server.address, "--only", "market-orders", "--account"]
    assert main([*arguments, "DEMO-ACCOUNT"]) == 0
    profile = {"suspended": True}
    server.call("POST", "/broker/accounts", {"id": "SUSPENDED", "name": "only closing", "profile": profile})
    assert main([*arguments, "SUSPENDED", "--confirm-s", "0.1"]) == 1
    assert "command-accepted: A valid command is accepted." in capsys.readouterr().out
