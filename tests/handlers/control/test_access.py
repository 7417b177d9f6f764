"""Control of a simulation is absent without `--control`, and needs the admin scope where tokens are on."""

from pathlib import Path

import pytest

from server.control_routes import control_addresses
from tests.conftest import StartLive
from tests.tokens import ALICE, bearer, key_file, token

CALLS = [(address, method) for address in control_addresses() for method in address.operations]


def path_of(path: str) -> str:
    """Return a path with a value for each of its names."""
    return "/".join("w-1" if part.startswith("{") else part for part in path.split("/"))


async def test_without_the_setting_every_control_address_answers_404(live: StartLive) -> None:
    server = await live()
    for address, method in CALLS:
        reply = await server.fetch(method, path_of(address.path), b"{}" if method in ("POST", "PUT") else None)
        assert reply.code == 404, f"{method} {address.path}"


@pytest.mark.parametrize(("scope", "is_refused"), [(None, True), ("read", True), ("admin", False)])
async def test_with_tokens_control_needs_the_admin_scope(
    live: StartLive, tmp_path: Path, scope: str | None, is_refused: bool
) -> None:
    server = await live(control=True, auth="jwt", jwt_key_file=key_file(tmp_path))
    headers = bearer(token(ALICE, scope=scope))
    for address, method in CALLS:
        body = b"{}" if method in ("POST", "PUT") else None
        reply = await server.fetch(method, path_of(address.path), body, headers=headers)
        assert (reply.code == 403) == is_refused, f"{method} {address.path}: {reply.code}"
