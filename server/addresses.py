"""What the route table is made of: addresses and their operations, in the words that the specs need."""

from dataclasses import dataclass, field
from typing import Any

from pydantic import BaseModel

from handlers.base import ApiHandler

BASE = "/api/v1"


@dataclass(frozen=True, slots=True)
class Operation:
    """One method of one address.

    Attributes:
        id: Name of the operation in the specs and the generated clients.
        query: Model of the query string; the broker's operations take `AccountQuery` besides, where `takes_account`.
        reply: Model of the answer; a list of it where `is_list`.
        needs_body: Whether a request without its body is wrong.
        also: Statuses besides 200 that carry the same body.
        is_deprecated: Whether the specs say so; what to use instead belongs into the summary.
    """

    id: str
    summary: str
    reply: type[BaseModel] | type[int]
    request: type[BaseModel] | None = None
    query: type[BaseModel] | None = None
    is_list: bool = False
    needs_body: bool = True
    takes_account: bool = True
    also: tuple[int, ...] = ()
    is_deprecated: bool = False


@dataclass(frozen=True, slots=True)
class Address:
    """One address: a path pattern, who answers, and which operations it has.

    Attributes:
        module: The module it belongs to, None for the server's own.
        path: As in OpenAPI, with `{names}`.
        is_at_root: The path is the whole one, outside the API's base and the module's.
        is_debug: Open only when the server runs with `--debug`.
    """

    module: str | None
    path: str
    handler: type[ApiHandler]
    operations: dict[str, Operation]
    arguments: dict[str, Any] = field(default_factory=dict)
    is_debug: bool = False
    is_at_root: bool = False

    @property
    def full_path(self) -> str:
        """The whole path, as in OpenAPI."""
        return self.path if self.is_at_root else BASE + (f"/{self.module}" if self.module else "") + self.path
