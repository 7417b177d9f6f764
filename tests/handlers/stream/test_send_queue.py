"""The send queue of a slow client: exact frames in order, one slot per conflated state, whole frames always."""

from hypothesis import given
from hypothesis import strategies as st

from handlers.stream.send_queue import ConflationKey, Frame, SendQueue

QUOTE = ConflationKey("quotes:{}", "AAPL", False)
OTHER = ConflationKey("quotes:{}", "MSFT", False)
EQUITY = ConflationKey("equity:{}", "", True)


def taken(queue: SendQueue) -> list[bytes]:
    """Take everything that waits; frames of these tests end with a semicolon."""
    data = b""
    while piece := queue.next_chunk():
        data += piece
    return [each + b";" for each in data.split(b";")[:-1]]


def filled(*frames: Frame) -> SendQueue:
    queue = SendQueue()
    for each in frames:
        queue.add(each)
    return queue


def test_exact_frames_and_replies_keep_their_order() -> None:
    queue = filled(Frame(b"1;"), Frame(b"2;"))
    queue.add_reply(b"reply;")
    queue.add(Frame(b"3;"))
    assert (queue.exact_frames, queue.exact_bytes, queue.reply_bytes) == (3, 6, 6)
    assert taken(queue) == [b"1;", b"2;", b"reply;", b"3;"]
    assert (queue.exact_frames, queue.exact_bytes, queue.reply_bytes, queue.is_empty) == (0, 0, 0, True)


def test_a_newer_quote_takes_the_place_of_the_older() -> None:
    queue = filled(Frame(b"a1;", QUOTE), Frame(b"m1;", OTHER), Frame(b"exact;"), Frame(b"a2;", QUOTE))
    assert taken(queue) == [b"a2;", b"m1;", b"exact;"]


def test_a_newer_equity_stays_behind_the_trade_that_it_sums_up() -> None:
    queue = filled(Frame(b"execution1;"), Frame(b"equity1;", EQUITY), Frame(b"execution2;"), Frame(b"equity2;", EQUITY))
    assert taken(queue) == [b"execution1;", b"execution2;", b"equity2;"]


def test_a_closed_bar_is_not_conflated_away_by_the_next_one() -> None:
    first, second = ConflationKey("bars:{}", "60000", False), ConflationKey("bars:{}", "120000", False)
    queue = filled(
        Frame(b"forming;", first), Frame(b"closed;", first), Frame(b"new;", second), Frame(b"newer;", second)
    )
    assert taken(queue) == [b"closed;", b"newer;"]


def test_a_new_book_ends_the_changes_of_the_one_before() -> None:
    book, changes = ConflationKey("depth:{}", "snapshot", False, "changes"), ConflationKey("depth:{}", "changes", False)
    queue = filled(Frame(b"book1;", book), Frame(b"changes1;", changes), Frame(b"book2;", book))
    assert queue.state_bytes == len(b"book2;")
    queue.add(Frame(b"changes2;", changes))
    assert taken(queue) == [b"book2;", b"changes2;"]
    assert queue.state_bytes == 0


def test_a_topic_that_is_subscribed_anew_gives_up_its_places() -> None:
    queue = filled(Frame(b"a1;", QUOTE), Frame(b"e1;", EQUITY), Frame(b"exact;"))
    queue.discard_topic(QUOTE.topic)
    queue.add_reply(b"response;")
    queue.add(Frame(b"a2;", QUOTE))
    assert taken(queue) == [b"e1;", b"exact;", b"response;", b"a2;"]


def test_adding_says_whether_something_was_replaced() -> None:
    queue = SendQueue()
    assert [queue.add(Frame(b"x;", QUOTE)), queue.add(Frame(b"y;", QUOTE)), queue.add(Frame(b"z;"))] == [
        False,
        True,
        False,
    ]


def test_a_half_sent_piece_is_completed_first_and_control_frames_come_next() -> None:
    queue = SendQueue(memoryview(b"rest;"))
    queue.add(Frame(b"update;"))
    queue.add_control(9, b"ping;")
    assert taken(queue) == [b"rest;", b"ping;", b"update;"]


def test_dropping_keeps_only_what_must_go_out() -> None:
    queue = SendQueue(memoryview(b"rest;"))
    queue.add(Frame(b"update;"))
    queue.add_reply(b"reply;")
    queue.discard_all()
    queue.add_control(8, b"close;")
    assert taken(queue) == [b"rest;", b"close;"]


steps = st.lists(st.tuples(st.sampled_from(("exact", "quote", "other", "take")), st.integers(0, 7)), max_size=60)


@given(steps)
def test_no_exact_frame_is_lost_and_the_last_state_always_arrives(steps: list[tuple[str, int]]) -> None:
    """Against a model: the kernel takes any number of bytes at any time."""
    queue, wire = SendQueue(), b""
    exact: list[bytes] = []
    last: dict[ConflationKey, bytes] = {}
    for number, (what, size) in enumerate(steps):
        if what == "exact":
            exact.append(b"e%d;" % number)
            queue.add(Frame(exact[-1]))
        elif what == "take":
            piece = bytes(queue.next_chunk())
            wire += piece[:size]
            queue.put_back(memoryview(piece)[size:])
        else:
            slot = QUOTE if what == "quote" else OTHER
            last[slot] = b"%b%d;" % (slot.state.encode(), number)
            queue.add(Frame(last[slot], slot))
    frames = (wire + b"".join(taken(queue))).split(b";")[:-1]
    arrived = [each + b";" for each in frames]
    assert [each for each in arrived if each.startswith(b"e")] == exact
    for slot, data in last.items():
        assert [each for each in arrived if each.startswith(slot.state.encode())][-1] == data
    assert (queue.exact_frames, queue.exact_bytes, queue.state_bytes) == (0, 0, 0)
