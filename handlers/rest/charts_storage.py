"""TradingView's storage of layouts and templates, `/charts_storage/1.1`; they are documents of the account.

The chart library sends forms and reads `status` of the body, so a refusal is a 200 with `{"status": "error", ...}`, as
in the published example server. `client` and `user` of the query separate owners inside one account.
"""

from collections.abc import Iterator
from typing import Any, ClassVar, TypeVar

from pydantic import BaseModel, ValidationError
from tornado.httputil import HTTPFile, HTTPInputError, parse_body_arguments

from engine.broker.account import Account
from engine.broker.events import Document
from engine.errors import Denied, Missing, Reason
from engine.models.broker.charts import (
    ChartsQuery,
    ChartToSave,
    DrawingTemplatesQuery,
    DrawingTemplateToSave,
    StudyTemplatesQuery,
    StudyTemplateToSave,
)
from handlers.base import ApiHandler
from handlers.errors import ApiError, first_issue

M = TypeVar("M", bound=BaseModel)

MAX_LAYOUT_BYTES = 1 << 20
"""Largest body of a layout or a template."""

SEPARATOR = "\n"
"""Between the parts of a document's name; no part of a name has it."""


class StorageHandler(ApiHandler):
    """Base of the addresses of the storage."""

    takes_forms: ClassVar[bool] = True
    max_body_bytes: ClassVar[int] = MAX_LAYOUT_BYTES

    def write_error(self, status_code: int, **kwargs: Any) -> None:
        """Write a refusal in the form of the storage, with status 200; any other error as a problem body."""
        error = kwargs["exc_info"][1] if "exc_info" in kwargs else None
        if isinstance(error, Denied | ValidationError):
            self.set_status(200)
            message = first_issue(error) if isinstance(error, ValidationError) else error.message
            self.reply({"status": "error", "message": message})
        else:
            super().write_error(status_code, **kwargs)

    def read_form(self, model: type[M]) -> M:
        """Return the validated body: a form, or JSON. Raises: pydantic.ValidationError; ApiError 400."""
        media_type = self.request.headers.get("Content-Type", "")
        if media_type.startswith("application/json"):
            return self.read(model)
        fields: dict[str, list[bytes]] = {}
        files: dict[str, list[HTTPFile]] = {}
        try:
            parse_body_arguments(media_type, self.request.body, fields, files)
            values = {name: values[-1].decode() for name, values in fields.items()}
        except (HTTPInputError, UnicodeDecodeError):
            raise ApiError(400, "the form cannot be read") from None
        return model.model_validate(values)

    def document(self, name: str) -> Document:
        """Return a document of the account. Raises: Missing UNKNOWN_DOCUMENT."""
        found = self.account.documents.get(name)
        if found is None:
            raise Missing(Reason.UNKNOWN_DOCUMENT, f"there is no {name.partition(' ')[0]} of this name")
        return found

    async def load(self, name: str, fields: tuple[str, ...]) -> None:
        """Answer with fields of a document."""
        await self.show(lambda: {"status": "ok", "data": {field: self.document(name)[field] for field in fields}})

    async def store(self, name: str, value: Document | None, **more: Any) -> None:
        """Keep a document, or delete it, and answer."""
        if value is None:
            self.document(name)
        _, result = self.engine.store_document(self.account_id, name, value)
        await self.commit(result, {"status": "ok", **more})


def key_of(kind: str, *parts: str) -> str:
    """Return the name of a document: its kind, owner and place. Raises: ApiError 400 for a line break in a part."""
    if any(SEPARATOR in part for part in parts):
        raise ApiError(400, "a name has no line break")
    return f"{kind} {SEPARATOR.join(parts)}"


def documents_of(account: Account, kind: str, *owner: str) -> Iterator[Document]:
    """Yield the documents of a kind and an owner, oldest first."""
    prefix = key_of(kind, *owner, "")
    return (value for name, value in account.documents.items() if name.startswith(prefix))


class ChartsHandler(StorageHandler):
    """`/charts_storage/1.1/charts`."""

    async def get(self) -> None:
        """List the layouts, or load the one of `chart`."""
        query = self.query(ChartsQuery)
        if query.chart is not None:
            await self.load(self._name(query, query.chart), ("id", "name", "content", "timestamp"))
            return
        fields = ("id", "name", "symbol", "resolution", "timestamp")
        await self.show(
            lambda: {"status": "ok", "data": [{field: one[field] for field in fields} for one in self._layouts(query)]}
        )

    async def post(self) -> None:
        """Save a new layout, or replace the one of `chart`."""
        query, body = self.query(ChartsQuery), self.read_form(ChartToSave)
        chart = query.chart
        if chart is None:
            chart = 1 + max((one["id"] for one in self._layouts(query) if isinstance(one["id"], int)), default=0)
        else:
            self.document(self._name(query, chart))
        value = body.model_dump() | {"id": chart, "timestamp": self.engine.now_ms() // 1000}
        await self.store(self._name(query, chart), value, id=chart)

    async def delete(self) -> None:
        """Delete the layout of `chart`."""
        query = self.query(ChartsQuery)
        await self.store(self._name(query, query.chart or 0), None)

    def _name(self, query: ChartsQuery, chart: int) -> str:
        return key_of("chart", query.client, query.user, str(chart))

    def _layouts(self, query: ChartsQuery) -> list[Document]:
        return list(documents_of(self.account, "chart", query.client, query.user))


class StudyTemplatesHandler(StorageHandler):
    """`/charts_storage/1.1/study_templates`."""

    async def get(self) -> None:
        """List the study templates, or load the one of `template`."""
        query = self.query(StudyTemplatesQuery)
        if query.template is not None:
            await self.load(self._name(query, query.template), ("name", "content"))
            return
        owner = query.client, query.user
        await self.show(
            lambda: {
                "status": "ok",
                "data": [{"name": one["name"]} for one in documents_of(self.account, "study_template", *owner)],
            }
        )

    async def post(self) -> None:
        """Save a study template; one of the same name is replaced."""
        query, body = self.query(StudyTemplatesQuery), self.read_form(StudyTemplateToSave)
        await self.store(self._name(query, body.name), body.model_dump())

    async def delete(self) -> None:
        """Delete the study template of `template`."""
        query = self.query(StudyTemplatesQuery)
        await self.store(self._name(query, query.template or ""), None)

    def _name(self, query: StudyTemplatesQuery, name: str) -> str:
        return key_of("study_template", query.client, query.user, name)


class DrawingTemplatesHandler(StorageHandler):
    """`/charts_storage/1.1/drawing_templates`."""

    async def get(self) -> None:
        """List the names of a tool's templates, or load the one of `name`."""
        query = self.query(DrawingTemplatesQuery)
        if query.name is not None:
            await self.load(self._name(query), ("name", "content"))
            return
        owner = query.client, query.user, query.tool
        await self.show(
            lambda: {
                "status": "ok",
                "data": [one["name"] for one in documents_of(self.account, "drawing_template", *owner)],
            }
        )

    async def post(self) -> None:
        """Save a template of a drawing tool; one of the same name is replaced. Raises: ApiError 400."""
        query, body = self.query(DrawingTemplatesQuery), self.read_form(DrawingTemplateToSave)
        if query.name is None:
            raise ApiError(400, "name is missing")
        await self.store(self._name(query), {"name": query.name, "content": body.content})

    async def delete(self) -> None:
        """Delete the template of `name`."""
        await self.store(self._name(self.query(DrawingTemplatesQuery)), None)

    def _name(self, query: DrawingTemplatesQuery) -> str:
        return key_of("drawing_template", query.client, query.user, query.tool, query.name or "")
