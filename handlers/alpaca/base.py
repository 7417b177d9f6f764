"""The base of the dialect's REST handlers: authentication by key and secret, rate headers, stored commands.

Errors have Alpaca's body because of their address; `handlers/errors.py` makes it. Read `orders.py` next.
"""

import math
from typing import Any, TypeVar

from pydantic import BaseModel
from tornado.httputil import HTTPServerRequest

from engine.broker.account import Account
from engine.broker.command_result import CommandResult
from engine.errors import Denied, Unavailable
from engine.market.market_view import MarketView
from handlers.admission import SAFE_METHODS
from handlers.alpaca.auth import log_in, read_credentials
from handlers.base import ApiHandler
from handlers.errors import ApiError
from handlers.permissions import ANYONE, Action
from handlers.services import Services

M = TypeVar("M", bound=BaseModel)

NO_LIMIT = 1_000_000
"""X-RateLimit-Limit while the server has no limit of commands; it is in requests per minute."""


class AlpacaHandler(ApiHandler):
    """Base of the dialect's handlers."""

    _account_id: str | None = None

    @property
    def is_public(self) -> bool:
        """Whether the address needs no credentials."""
        return False

    def prepare(self) -> None:
        """Check the caller and the rate of commands. Raises: ApiError 401, 429 or 503."""
        is_read = self.request.method in SAFE_METHODS
        if self.is_public:
            self.caller = ANYONE
        else:
            action = Action.READ if is_read else Action.TRADE
            login = log_in(self.services, read_credentials(self.request.headers), action)
            self.caller, self._account_id = login
        if not is_read:
            self.services.admission.count_command(self.caller, self.request)

    def more_headers(self) -> dict[str, str]:
        """Return Alpaca's rate headers; a client that reads them sees the limit of commands."""
        limit, admission = NO_LIMIT, self.services.admission
        if admission.commands is not None:
            limit = math.floor(admission.commands.rate * 60)
        return {
            "X-RateLimit-Limit": str(limit),
            "X-RateLimit-Remaining": str(limit),
            "X-RateLimit-Reset": str(math.ceil(admission.now()) + 60),
        }

    @classmethod
    def account_of(cls, services: Services, request: HTTPServerRequest) -> str | None:
        """Return the account of the key."""
        try:
            return log_in(services, read_credentials(request.headers), Action.READ).account_id
        except (ApiError, Denied, Unavailable):
            return None

    @property
    def account_id(self) -> str | None:
        """The account of the key."""
        return self._account_id

    @property
    def account(self) -> Account:
        """The account of the key."""
        return self.engine.account(self._account_id)

    @property
    def view(self) -> MarketView:
        """The market now."""
        return self.engine.view()

    def is_set(self, name: str) -> bool:
        """Whether a flag of the query is true; clients send "true" and "True"."""
        return self.arguments.get(name, "").lower() in ("true", "1")

    async def store(self, result: CommandResult) -> None:
        """Store and publish the result of a command. Raises: Unavailable: nothing was changed."""
        self.services.wake()
        stored = self.services.publisher.commit(result, self.request_id)
        if stored is not None:
            await stored

    def reply_multi_status(self, rows: list[dict[str, Any]]) -> None:
        """Answer 207 with one row for each item."""
        self.set_status(207)
        self.reply(rows)

    def reply_nothing(self) -> None:
        """Answer 204."""
        self.set_status(204)
        self.clear_header("Content-Type")
        self.finish()
