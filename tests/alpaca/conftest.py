"""One server for each file of tests; each test has an account of its own."""

from collections.abc import Iterator

import pytest
import requests

from tests.alpaca import replies
from tests.alpaca.venue import Venue, running


@pytest.fixture(scope="module")
def venue() -> Iterator[Venue]:
    """A server whose markets are always open; its clock stands still until the test steps it."""
    with running() as started:
        yield started


@pytest.fixture
def key(venue: Venue) -> str:
    """Key of a new account with 100,000 dollars."""
    return venue.open_account()


@pytest.fixture(autouse=True)
def _every_answer_is_checked() -> Iterator[None]:
    """Check every answer of the dialect, whoever asked for it."""
    with replies.checked():
        yield


@pytest.fixture(autouse=True)
def closed_sessions(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Closes the HTTP sessions that clients leave open; Python would report their sockets in a later test."""
    opened: list[requests.Session] = []
    make = requests.Session.__init__

    def remember(session: requests.Session) -> None:
        opened.append(session)
        make(session)

    monkeypatch.setattr(requests.Session, "__init__", remember)
    yield
    for session in opened:
        session.close()
