"""Commits as followers get them: the position of each, and the same content from the group and from the database."""

from contextlib import closing
from pathlib import Path

from engine.topics import Update
from server.storage.commits import (
    ChannelUpdates,
    CommitContent,
    CommitReader,
    Position,
    content_of,
    last_position,
    position_after,
)
from server.storage.data_directory import connect
from server.storage.group_commit import KEPT_UPDATES, CommitGroup
from tests.server.storage.journals import OpenJournal

START = Position(0, 0)


class Follower:
    """Keeps the content of each commit."""

    def __init__(self) -> None:
        self.position = START
        self.contents: list[CommitContent] = []

    def committed(self, group: CommitGroup) -> None:
        """Keep the content of a group."""
        self.position = position_after(self.position, group)
        self.contents.append(content_of(self.position, group))


def order(channel: str, number: int, size: int = 1) -> Update:
    return Update(channel, {"status": 6, "n": number, "note": "x" * size})


def bodies(contents: list[CommitContent]) -> dict[str, list[bytes]]:
    """The updates of each channel; their numbers have no gap."""
    found: dict[str, list[bytes]] = {}
    for content in contents:
        for channel, first_seq, listed in content.updates:
            earlier = found.setdefault(channel, [])
            assert first_seq == len(earlier) + 1
            earlier += listed
    return found


def pages(reader: CommitReader, after: Position, until: Position) -> list[CommitContent]:
    """Every page between two positions."""
    found: list[CommitContent] = []
    while after < until:
        found.append(reader.read(after, until))
        assert found[-1].end > after
        after = found[-1].end
    return found


async def test_a_group_keeps_the_order_of_its_updates_and_the_database_that_of_each_channel(tmp_path: Path) -> None:
    follower = Follower()
    one = OpenJournal(tmp_path, follower=follower)
    one.append(1, order("orders:A", 1), order("positions:A", 2), order("orders:A", 3), order("orders:A", 4))
    one.append(2, order("orders:B", 5))
    await one.wait(2)
    one.append(3)
    await one.wait(3)
    runs = [(channel, first_seq, len(listed)) for channel, first_seq, listed in follower.contents[0].updates]
    assert runs == [("orders:A", 1, 1), ("positions:A", 1, 1), ("orders:A", 2, 2), ("orders:B", 1, 1)]
    assert [content.end for content in follower.contents] == [Position(2, 3), Position(3, 3)]
    assert [len(content.market) for content in follower.contents] == [2, 1]
    reader = CommitReader(one.directory.database, one.connection)
    read = pages(reader, START, follower.position)
    assert bodies(read) == bodies(follower.contents)
    assert [event for content in read for event in content.market] == [
        event for content in follower.contents for event in content.market
    ]
    assert pages(reader, follower.contents[0].end, follower.position)[0].updates == []
    one.close()


async def test_a_long_history_is_read_in_pages(tmp_path: Path) -> None:
    follower = Follower()
    one = OpenJournal(tmp_path, follower=follower)
    for number in range(1, 5):
        await one.store(number, *(order("orders:A", each, 2000) for each in range(150)))
    read = pages(CommitReader(one.directory.database, one.connection), START, follower.position)
    assert len(read) > 2
    assert bodies(read) == bodies(follower.contents)
    assert [content.market for content in read[1:]] == [[]] * (len(read) - 1)
    one.close()


async def test_positions_stay_those_of_the_rows_when_old_updates_are_deleted(tmp_path: Path) -> None:
    follower = Follower()
    one = OpenJournal(tmp_path, numbers={"orders:A": KEPT_UPDATES + 1995}, follower=follower)
    for number in range(1, 8):
        await one.store(number, order("orders:A", number), order("orders:B", number))
    with closing(connect(one.directory.database, is_read_only=True)) as connection:
        assert last_position(connection) == follower.position
    page = CommitReader(one.directory.database, one.connection).read(follower.contents[-2].end, follower.position)
    assert [update.first_seq for update in page.updates] == [KEPT_UPDATES + 2002, 7]
    assert isinstance(page.updates[0], ChannelUpdates)
    one.close()


async def test_a_group_that_cannot_be_stored_has_no_position(tmp_path: Path) -> None:
    follower = Follower()
    one = OpenJournal(tmp_path, follower=follower)
    await one.store(1, order("orders:A", 1))
    one.append(2, Update("orders:A", {"status": object()}))
    await one.wait(2)
    assert follower.position == Position(1, 1)
    one.close()
