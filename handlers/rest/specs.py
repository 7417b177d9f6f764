"""The documents that describe the API, and their HTML pages."""

from hashlib import sha256
from typing import Protocol

from handlers.base import ApiHandler
from handlers.services import Services

POLICY = "default-src 'self'; object-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"


class Source(Protocol):
    """The source of a document."""

    async def get(self) -> bytes:
        """Return the document."""


class SpecHandler(ApiHandler):
    """One document at one address; no token is needed."""

    needs = "nothing"

    def initialize(self, services: Services, source: Source | None = None, media_type: str = "") -> None:
        """Store the services, the source of the document, and its media type."""
        super().initialize(services)
        self._source = source
        self._media_type = media_type

    async def get(self) -> None:
        """Show the document."""
        assert self._source is not None
        body = await self._source.get()
        self.set_header("Content-Type", self._media_type)
        self.set_header("Cache-Control", "no-cache")
        self.set_header("Content-Security-Policy", POLICY)
        self.set_header("Etag", f'"{sha256(body).hexdigest()}"')
        if self.check_etag_header():
            self.set_status(304)
        else:
            self.finish(body)
