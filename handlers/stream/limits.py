"""Limits of the stream. Every unit is in the name; times are monotonic."""

from dataclasses import asdict, dataclass


@dataclass(frozen=True, slots=True)
class StreamLimits:
    """What one client may take and do; the welcome message shows it.

    Attributes:
        messages_per_s: Rate at which a client may send frames in the long run.
        message_burst: Frames that it may send at once.
        warned_messages: Refused messages that a warned client is allowed before it is cut.
        refused_topics: Subscriptions beyond `topics` that are refused one by one before the client is cut.
        names: Names in all quotes topics of a client: what each of them costs in every tick.
        malformed_in_a_row: Malformed messages after which it is cut.
        backlog_bytes: Exact updates that wait for a slow client, besides what the kernel holds.
        backlog_frames: The same, counted.
        state_bytes: Conflated updates that wait for a slow client, one per state.
        reply_bytes: Replies (snapshots and recovered updates among them) that wait for a slow client.
        connections: Sockets at a time; more are turned away as overload.
        age_s: How long a connection lives, give or take `age_spread`.
        notice_s: How long before its end it is told.
        silence_s: After this much silence a greeted client gets a heartbeat.
        ping_s: Time between pings, and time in which the pong has to come.
        drop_s: Time that a closing client has for its part.
        history_updates: Updates kept per exact channel.
        history_s: Age up to which they are kept.
        journal_updates: Updates that a client may recover from the journal.
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
    age_s: float = 24 * 3600.0
    age_spread: float = 0.05
    notice_s: float = 60.0
    silence_s: float = 5.0
    ping_s: float = 20.0
    drop_s: float = 1.0
    history_updates: int = 1000
    history_s: float = 120.0
    journal_updates: int = 10_000

    def shown(self) -> dict[str, float | int]:
        """Return what clients are told, in the wire's names."""
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
