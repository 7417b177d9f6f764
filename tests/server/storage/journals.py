"""A journal on a real file for tests: it collects its answers, and its database can be made to fail."""

import asyncio
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from engine.broker.command_result import CommandResult
from engine.market.instruments import Catalogue
from engine.models.market.scenarios import ScenarioAdded
from engine.topics import Update
from server.storage import data_directory
from server.storage.commits import CommitFollower
from server.storage.data_directory import Directory
from server.storage.journal import JournalDatabase, JournalLimits, SqliteJournal
from server.storage.recovery import open_storage

INSTRUMENTS = Catalogue.load().by_name
NO_LIMIT = 1 << 30
WAIT_S = 30.0


def result(number: int, *updates: Update) -> CommandResult:
    """One event at a market time, and updates."""
    event = ScenarioAdded(number, f"SCENARIO-{number}", "AAPL", "halt", 1.0, number, None)
    return CommandResult("test", number, (event,), list(updates))


def note(size: int) -> Update:
    """An update of so many bytes."""
    return Update("orders:A", {"status": 6, "note": "x" * size})


class OpenJournal:
    """A journal on a data directory.

    Args:
        path: The directory.
        numbers: The last number of each exact channel.
        limits: Bounds of the journal.
        database: Class of its database.
        follower: Gets each durable group.

    Attributes:
        answers: Number and success of each result, in the order of the answers.
    """

    def __init__(
        self,
        path: Path,
        numbers: Mapping[str, int] | None = None,
        limits: JournalLimits | None = None,
        database: type[JournalDatabase] = JournalDatabase,
        follower: CommitFollower | None = None,
    ) -> None:
        recovered = open_storage(path, INSTRUMENTS, 1)
        assert recovered.directory is not None
        self.directory: Directory = recovered.directory
        self.connection = recovered.connection
        own = database(recovered.connection, recovered.directory, recovered.state.head)
        last = recovered.state.numbers | dict(numbers or {})
        self.journal = SqliteJournal(own, last, asyncio.get_running_loop(), limits, follower)
        self.answers: list[tuple[int, bool]] = []
        self._answered = asyncio.Event()

    def append(self, number: int, *updates: Update) -> None:
        """Append a result without waiting for it."""
        self.journal.append(result(number, *updates), lambda error: self._answer(number, error))

    async def store(self, number: int, *updates: Update) -> None:
        """Append a result and wait for its answer."""
        count = len(self.answers)
        self.append(number, *updates)
        await self.wait(count + 1)

    async def wait(self, count: int) -> None:
        """Wait until so many results are answered."""
        async with asyncio.timeout(WAIT_S):
            while len(self.answers) < count:
                self._answered.clear()
                await self._answered.wait()

    def rows(self, statement: str) -> list[Any]:
        """Read with a connection of its own."""
        reader = data_directory.connect(self.directory.database, is_read_only=True)
        found = reader.execute(statement).fetchall()
        reader.close()
        return found

    def limit_pages(self, pages: int) -> None:
        """Let the database grow no further than so many pages."""
        self.connection.execute(f"PRAGMA max_page_count={pages}")

    def close(self) -> None:
        """Store everything pending and close the directory."""
        self.journal.close()
        self.directory.unlock()

    def _answer(self, number: int, error: Exception | None) -> None:
        self.answers.append((number, error is None))
        self._answered.set()
