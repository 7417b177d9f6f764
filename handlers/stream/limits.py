"""Limits of the stream: for the resources of one client, and for the work in one pass of the loop.

Every unit is in the name. Set by `server/settings.py`; used by every file of this package.
"""

from dataclasses import asdict, dataclass


@dataclass(frozen=True, slots=True)
class StreamLimits:
    """Limits of the stream; the welcome message shows those that concern a client."""

    # Messages of a client
    messages_per_s: float = 20.0  # frames that it may send per second in the long run
    message_burst: int = 300  # frames that it may send at once
    warned_messages: int = 20  # frames beyond the rate that are refused before the client is closed
    message_bytes: int = 16 * 1024  # size of one message
    malformed_in_a_row: int = 20  # malformed messages in a row after which the client is closed

    # Subscriptions of a client
    topics: int = 256
    refused_topics: int = 1000  # subscriptions beyond the limits that are refused before the client is closed
    names: int = 2000  # names in all its quotes topics; each of them costs time in every tick

    # Bytes that wait for a slow client, besides those in the kernel
    backlog_bytes: int = 1 << 20  # exact updates
    backlog_frames: int = 2000  # number of exact updates
    state_bytes: int = 16 << 20  # conflated updates
    reply_bytes: int = 16 << 20  # replies, snapshots and replayed updates
    send_buffer_bytes: int = 64 * 1024  # SO_SNDBUF of the socket: bytes that wait in the kernel

    # Life of a connection
    connections: int = 10_000  # open ones; further ones are closed as overload
    auth_timeout_s: float = 10.0  # for the token, where one is needed
    age_s: float = 24 * 3600.0  # longest life, varied by `age_spread` of it
    age_spread: float = 0.05
    notice_s: float = 60.0  # between the notice and the end of a connection
    silence_s: float = 5.0  # after which a client that said hello gets a heartbeat
    ping_s: float = 20.0  # between two pings, and for the pong
    drop_s: float = 1.0  # for the client's answer to the close frame

    # History
    history_updates: int = 1000  # updates kept in memory per exact channel
    history_s: float = 120.0  # age up to which they are kept
    journal_updates: int = 10_000  # updates that a client may resume from the journal
    replay_page: int = 100  # updates of a long replay that one pass of the loop reads: about 1 ms from the journal

    # Fan-out
    slice_sends: int = 100  # sends between two checks of the time: about 0.5 ms; a pass does at least one slice
    pass_s: float = 0.0025  # time for sending in one pass of the loop; the rest is sent in the next pass

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
