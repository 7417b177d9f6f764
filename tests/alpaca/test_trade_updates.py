"""The newest updates of an account, from which a client can resume."""

import pytest

from handlers.alpaca.trade_updates import KEPT_UPDATES, AccountLog, Update


@pytest.mark.parametrize(
    ("since", "first"),
    [
        (9, None),  # before the first client
        (10, None),
        (11, None),  # one of the two updates of event 12 was dropped
        (12, 13),
        (20, 21),
        (12 + KEPT_UPDATES // 2, None),  # not a number yet
    ],
)
def test_client_resumes_only_where_every_later_update_is_kept(since: int, first: int | None) -> None:
    log = AccountLog(10, 10)
    for seq in (11, *range(12, 12 + KEPT_UPDATES // 2)):
        for _ in range(1 if seq == 11 else 2):
            log.add(Update(seq, b""))
        log.seq = seq
    log.add(Update(log.seq, b""))
    missed = log.since(since)
    assert (missed and missed[0].seq) == first
