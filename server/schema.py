"""The tables of the journal's database, and the steps from older ones to these."""

APPLICATION_ID = 0x54524450
"""`TRDP`."""

SCHEMA_VERSION = 1

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
    # What clients were told on exact channels, under the numbers they were told: the newest of each channel.
    """CREATE TABLE updates (
        channel TEXT NOT NULL,
        seq INTEGER NOT NULL,
        body BLOB NOT NULL,
        PRIMARY KEY (channel, seq)
    ) STRICT, WITHOUT ROWID""",
    # Orders as they ended, by the time they did.
    """CREATE TABLE orders (
        account TEXT NOT NULL,
        ended_ms INTEGER NOT NULL,
        number INTEGER NOT NULL,
        body BLOB NOT NULL,
        PRIMARY KEY (account, ended_ms, number)
    ) STRICT, WITHOUT ROWID""",
    "CREATE TABLE meta (name TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT, WITHOUT ROWID",
    "CREATE TABLE probe (body BLOB NOT NULL) STRICT",
)

MIGRATIONS: dict[int, tuple[str, ...]] = {}
"""By schema version: the statements that make it the next one."""
