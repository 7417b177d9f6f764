"""Limits of the stream: what one client may take and do, and how much work one pass of the loop does.

Every unit is in the name; times are monotonic. Set by `server/settings.py`; used by every file of this package.
"""

from dataclasses import asdict, dataclass


@dataclass(frozen=True, slots=True)
class StreamLimits:
    """Limits of the stream; the welcome message shows those that concern a client.

    Attributes:
        messages_per_s: Frames per second that a client may send in the long run.
        message_burst: Frames that it may send at once.
        warned_messages: Frames beyond the rate that are refused before the client is closed.
        topics: Topics that a connection may hold.
        refused_topics: Subscriptions beyond the limits that are refused before the client is closed.
        names: Names in all quotes topics of a client; each of them costs time in every tick.
        message_bytes: Size of a client's message.
        malformed_in_a_row: Malformed messages in a row after which the client is closed.
        backlog_bytes: Bytes of exact updates that wait for a slow client, besides what the kernel holds.
        backlog_frames: Number of exact updates that wait for a slow client.
        state_bytes: Bytes of conflated updates that wait for a slow client.
        reply_bytes: Bytes of replies, snapshots and replayed updates that wait for a slow client.
        send_buffer_bytes: SO_SNDBUF of a client's socket.
        connections: Open connections; further ones are closed as overload.
        auth_timeout_s: Time for a client to authenticate where a token is needed.
        age_s: Life of a connection, varied by `age_spread` of it.
        notice_s: Time between the notice and the end of a connection.
        silence_s: Silence after which a client that said hello gets a heartbeat.
        ping_s: Time between pings, and time for the pong.
        drop_s: Time for a client to answer the close frame.
        history_updates: Updates kept in memory per exact channel.
        history_s: Age up to which they are kept.
        journal_updates: Updates that a client may resume from the journal.
        replay_page: Updates of a long replay that are read in one pass of the loop: about 1 ms from the journal.
        slice_sends: Sends between two looks at the time: about 0.5 ms. One pass of the loop does at least one slice.
        pass_s: Time that one pass of the loop may send; the rest is sent in the next pass.
    """

    messages_per_s: float = 20.0
    message_burst: int = 300
    warned_messages: int = 20
    topics: int = 256
    refused_topics: int = 1000
    names: int = 2000
    message_bytes: int = 16 * 1024
    malformed_in_a_row: int = 20
    backlog_bytes: int = 1 << 20
    backlog_frames: int = 2000
    state_bytes: int = 16 << 20
    reply_bytes: int = 16 << 20
    send_buffer_bytes: int = 64 * 1024
    connections: int = 10_000
    auth_timeout_s: float = 10.0
    age_s: float = 24 * 3600.0
    age_spread: float = 0.05
    notice_s: float = 60.0
    silence_s: float = 5.0
    ping_s: float = 20.0
    drop_s: float = 1.0
    history_updates: int = 1000
    history_s: float = 120.0
    journal_updates: int = 10_000
    replay_page: int = 100
    slice_sends: int = 100
    pass_s: float = 0.0025

    def shown(self) -> dict[str, float | int]:
        """Return the limits of the welcome message by their names on the wire."""
        own = asdict(self)
        times = {"maxAgeMs": self.age_s, "pingMs": self.ping_s}
        return {wire: own[name] for name, wire in SHOWN.items()} | {name: round(s * 1000) for name, s in times.items()}


SHOWN = {
    "messages_per_s": "messagesPerSecond",
    "message_burst": "messageBurst",
    "message_bytes": "messageBytes",
    "topics": "topics",
    "names": "quoteNames",
    "backlog_bytes": "backlogBytes",
    "backlog_frames": "backlogFrames",
    "connections": "connections",
    "history_updates": "resumeUpdates",
}
