"""The core as the handlers of an edge use it: the state of topics, missed updates, and the address for commands.

`server/edge/core_client.py` implements it on the bus. Read `subscriptions.py` next.
"""

from typing import NamedTuple, Protocol

from engine.models.broker.account import AccountCreate
from engine.topics import Payload

RETRY_S = "1"
"""Value of the Retry-After header while the core cannot be reached."""


class CoreAway(Exception):
    """The core did not answer in time."""


class CoreRefusal(Exception):
    """The core refused a request; the text is for the client."""


class TopicState(NamedTuple):
    """The state of a broker topic at the core.

    Attributes:
        channel: Channel of the topic; the core decides which account a name means.
        generation: Number of resets of the account.
        bus_seq: Number of the stream's message up to which the state includes all updates.
        seq: Number of the channel's last update in the state.
        snapshot: The state as JSON; b"null" where none was asked for.
    """

    channel: str
    generation: int
    bus_seq: int
    seq: int
    snapshot: bytes


class TopicRequest(NamedTuple):
    """A question about a broker topic.

    Attributes:
        topic: Text of the topic.
        has_snapshot: Whether the answer contains the state.
        opening: The account to open before, because a token names it; None: none.
    """

    topic: str
    has_snapshot: bool
    opening: AccountCreate | None = None


class Core(Protocol):
    """The core behind the bus."""

    @property
    def address(self) -> str | None:
        """Base of the URLs of the core, None while it is not known."""

    def connection(self) -> Payload:
        """Return the state of the connection to the core, as BrokerConnectionStatus."""

    def known(self, topic: str) -> TopicState | None:
        """Return the channel of a topic from an earlier answer that is still valid; None without one."""

    async def topic_state(self, request: TopicRequest) -> TopicState:
        """Return the state of a topic when this process has received all updates up to it.

        Raises:
            CoreAway: The core did not answer in time, or its updates did not arrive in time.
            CoreRefusal: There is no such topic, or the account cannot be opened.
        """

    async def announce(self, channel: str) -> bool:
        """Tell the core that a conflated channel gets a subscriber; returns False when it knows.

        A state that is asked for afterwards is followed by every later state.
        """

    async def updates(self, channel: str, after_seq: int) -> list[bytes] | None:
        """Return the encoded updates of an exact channel after a number; None when some of them are not stored.

        Raises:
            CoreAway: The core did not answer in time.
        """
