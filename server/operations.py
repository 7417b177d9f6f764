"""The form of the route tables: an address has a handler, and one operation for each of its methods.

`routes.py` and `control_routes.py` have the tables.
"""

from dataclasses import dataclass
from typing import Any

from pydantic import BaseModel

from handlers.base import ApiHandler

BASE = "/api/v1"


@dataclass(frozen=True, slots=True)
class Operation:
    """One method of one address.

    Attributes:
        id: `operationId` in the specs; the generated clients name their functions after it.
        module_id: `operationId` in the module's own document; by default `id`. Two modules may have the same one.
        reply: Model of the response body, or of its items if `is_list`.
        request: Model of the request body.
        query: Model of the query string. Operations of the broker also take `AccountQuery` if `takes_account`.
        needs_body: Whether the request body is required.
        also: Further statuses with the same body as `status`.
        status: HTTP status of success.
        media_type: Media type of the response body.
    """

    id: str
    summary: str
    reply: type[BaseModel] | type[int] | type[str]
    request: type[BaseModel] | None = None
    query: type[BaseModel] | None = None
    is_list: bool = False
    needs_body: bool = True
    takes_account: bool = True
    also: tuple[int, ...] = ()
    status: int = 200
    module_id: str = ""
    media_type: str = "application/json"


@dataclass(frozen=True, slots=True)
class Address:
    """A path, its handler and its operations.

    Attributes:
        path: Path below `base`, with parameters as in OpenAPI: `/orders/{orderId}`.
        operations: By HTTP method.
        arguments: Arguments of the handler's `initialize`, besides the services.
        module: Module of the address; None for the server itself.
    """

    path: str
    handler: type[ApiHandler]
    operations: dict[str, Operation]
    arguments: dict[str, Any]
    module: str | None = None
    base: str = BASE

    @property
    def full_path(self) -> str:
        """The path from the root."""
        return self.base + self.path

    @property
    def is_debug(self) -> bool:
        """Whether it is served only with `--debug`."""
        return self.path.startswith("/debug/")


def at(
    path: str, handler: type[ApiHandler], arguments: dict[str, Any] | None = None, **operations: Operation
) -> Address:
    """Return one entry of a table below; the keywords are HTTP methods."""
    return Address(path, handler, operations, arguments or {})
