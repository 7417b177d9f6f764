"""Changes of the messages between a broker and its client: edits, losses, additions, delays, other replies.

Where a message is lost or added, the sequence numbers behind it are corrected, so that only one rule is broken.
"""

import copy
from collections import Counter
from collections.abc import Callable
from typing import Any, NamedTuple

Json = dict[str, Any]
Edit = Callable[[Json], object]
When = Callable[[Json], bool]


class Link:
    """The state of a change on one connection: corrections of sequence numbers, matches so far, held messages."""

    def __init__(self) -> None:
        self.shift: Counter[str] = Counter()
        self.matches = 0
        self.held: list[Json] = []
        self.is_resumed = False


class Answer(NamedTuple):
    """The answer to a REST call."""

    status: int
    media_type: str
    body: Any


class Change:
    """A change; this one changes nothing."""

    def messages(self, link: Link, message: Json) -> list[Json]:
        """Return the messages to send in the place of one."""
        return [message]

    def answer(self, method: str, path: str, answer: Answer) -> Answer:
        """Return the answer to send."""
        return answer

    def passed(self, link: Link, message: Json) -> list[Json]:
        """Return the messages to send in the place of one, numbered."""
        return [numbered(link, one) for one in self.messages(link, message)]


def numbered(link: Link, message: Json) -> Json:
    """Return a message with the corrected number of its topic."""
    body = message.get("payload")
    if not is_update(message) or not isinstance(body, dict) or not link.shift[body.get("topic", "")]:
        return message
    return message | {"payload": body | {"seq": body["seq"] + link.shift[body["topic"]]}}


def is_update(message: Json, route: str | None = None) -> bool:
    """Whether a message is an update, of a route if one is given."""
    kind = str(message.get("type"))
    return kind.endswith(".update") if route is None else kind == f"{route}.update"


def always(_payload: Json) -> bool:
    return True


class Updates(Change):
    """Base of changes of the updates of one route that match; `only` is the number of the match that is changed."""

    def __init__(self, route: str, edit: Edit = always, when: When = always, only: int | None = None) -> None:
        self.route, self.edit, self.when, self.only = route, edit, when, only

    def matches(self, link: Link, message: Json) -> bool:
        """Whether to change a message."""
        if not is_update(message, self.route) or not self.when(message["payload"]["payload"]):
            return False
        link.matches += 1
        return self.only is None or link.matches == self.only

    def edited(self, message: Json) -> Json:
        """Return a copy with an edited payload."""
        made = copy.deepcopy(message)
        self.edit(made["payload"]["payload"])
        return made


class Edited(Updates):
    """Edits payloads."""

    def messages(self, link: Link, message: Json) -> list[Json]:
        return [self.edited(message) if self.matches(link, message) else message]


class Message(Updates):
    """Edits whole messages."""

    def messages(self, link: Link, message: Json) -> list[Json]:
        if not self.matches(link, message):
            return [message]
        made = copy.deepcopy(message)
        self.edit(made)
        return [made]


class Lost(Updates):
    """Loses updates."""

    def messages(self, link: Link, message: Json) -> list[Json]:
        if not self.matches(link, message):
            return [message]
        link.shift[message["payload"]["topic"]] -= 1
        return []


class Added(Updates):
    """Sends an edited copy behind an update."""

    def messages(self, link: Link, message: Json) -> list[Json]:
        if not self.matches(link, message):
            return [message]
        first = numbered(link, message)
        link.shift[message["payload"]["topic"]] += 1
        # `passed` corrects the numbers of both, and the first one has its number already.
        first = first | {"payload": first["payload"] | {"seq": message["payload"]["seq"] - 1}}
        return [first, self.edited(message)]


class Delayed(Updates):
    """Holds updates back until an update of another route was sent."""

    def __init__(self, route: str, until: str, when: When = always, until_when: When = always) -> None:
        super().__init__(route, when=when)
        self.until, self.until_when = until, until_when

    def messages(self, link: Link, message: Json) -> list[Json]:
        if self.matches(link, message):
            link.held.append(message)
            return []
        if is_update(message, self.until) and self.until_when(message["payload"]["payload"]):
            held, link.held = link.held, []
            return [message, *held]
        return [message]


class Responses(Change):
    """Edits the responses to subscriptions of a route."""

    def __init__(self, route: str, edit: Edit) -> None:
        self.route, self.edit = route, edit

    def messages(self, link: Link, message: Json) -> list[Json]:
        if message.get("type") != f"{self.route}.subscribe.response":
            return [message]
        made = copy.deepcopy(message)
        self.edit(made["payload"])
        return [made]


class LostOnResume(Change):
    """Loses the updates of a resumed subscription."""

    def messages(self, link: Link, message: Json) -> list[Json]:
        if (message.get("payload") or {}).get("recovered"):
            link.is_resumed = True
        return [] if link.is_resumed and is_update(message) else [message]


class Answers(Change):
    """Changes the answers to some REST calls."""

    def __init__(self, call: str, path: str, make: Callable[[Answer], Answer], status: int | None = None) -> None:
        self.call, self.path, self.make, self.status = call, path, make, status

    def answer(self, method: str, path: str, answer: Answer) -> Answer:
        is_meant = method == self.call and self.path in path and self.status in (None, answer.status)
        return self.make(answer) if is_meant else answer


class AddedAfterRefusal(Change):
    """Sends an update after a refused order."""

    def __init__(self) -> None:
        self.is_due = False

    def messages(self, link: Link, message: Json) -> list[Json]:
        if not self.is_due or message.get("type") != "notifications.subscribe.response":
            return [message]
        self.is_due = False
        order = {"id": "ORDER-0", "symbol": "AAPL", "type": 2, "side": 1, "qty": 10, "status": 6, "filledQty": 0}
        topic = message["payload"]["topic"].replace("notifications", "orders")
        update = {"topic": topic, "payload": order, "seq": 0}
        return [{"type": "orders.update", "payload": update}, message]

    def answer(self, method: str, path: str, answer: Answer) -> Answer:
        self.is_due |= answer.status == 400
        return answer
