"""The tables of the journal's database, and the steps from older ones to these."""

APPLICATION_ID = 0x54524450
"""`TRDP`."""

SCHEMA_VERSION = 3

SCHEMA = (
    # What happened. The authority: everything else can be made from it.
    """CREATE TABLE events (
        seq INTEGER PRIMARY KEY,
        time_ms INTEGER NOT NULL,
        account TEXT NOT NULL,
        kind TEXT NOT NULL,
        version INTEGER NOT NULL,
        txn INTEGER NOT NULL,
        body BLOB NOT NULL,
        crc INTEGER NOT NULL
    ) STRICT""",
    "CREATE INDEX executions ON events (account, time_ms, seq) WHERE kind = 'OrderExecuted'",
    # What clients were told on exact channels: the newest of each channel. A row is what a channel was told in one
    # commit, a line each, under the number of its last line. Rows lie in the order in which they came: a commit fills a
    # few pages at the end, whatever channels it concerns.
    "CREATE TABLE updates (channel TEXT NOT NULL, seq INTEGER NOT NULL, body BLOB NOT NULL) STRICT",
    "CREATE UNIQUE INDEX told ON updates (channel, seq)",
    # Orders as they ended, by the time they did: a line each, those of one commit and millisecond in one row.
    """CREATE TABLE orders (
        number INTEGER PRIMARY KEY,
        account TEXT NOT NULL,
        ended_ms INTEGER NOT NULL,
        body BLOB NOT NULL
    ) STRICT""",
    "CREATE INDEX ended ON orders (account, ended_ms, number)",
    "CREATE TABLE meta (name TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT, WITHOUT ROWID",
    "CREATE TABLE probe (body BLOB NOT NULL) STRICT",
)

MIGRATIONS: dict[int, tuple[str, ...]] = {
    1: (
        "ALTER TABLE updates RENAME TO old_updates",
        "CREATE TABLE updates (channel TEXT NOT NULL, seq INTEGER NOT NULL, body BLOB NOT NULL) STRICT",
        "INSERT INTO updates SELECT channel, seq, body FROM old_updates ORDER BY channel, seq",
        "CREATE UNIQUE INDEX told ON updates (channel, seq)",
        "DROP TABLE old_updates",
        "ALTER TABLE orders RENAME TO old_orders",
        """CREATE TABLE orders (
            number INTEGER PRIMARY KEY,
            account TEXT NOT NULL,
            ended_ms INTEGER NOT NULL,
            body BLOB NOT NULL
        ) STRICT""",
        "INSERT INTO orders SELECT number, account, ended_ms, body FROM old_orders ORDER BY number",
        "CREATE INDEX ended ON orders (account, ended_ms, number)",
        "DROP TABLE old_orders",
    ),
    # Rows with one line are rows. The number keeps older programs away, which know no others.
    2: (),
}
"""By schema version: the statements that make it the next one."""
