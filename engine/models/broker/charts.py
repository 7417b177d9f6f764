"""Saved charts: layouts, study templates and drawing templates of TradingView's chart, kept with the account.

Source: TradingView's save and load REST API, version 1.1, and its published example server. An answer has `status`
"ok" or "error"; the reason of an error is in `message`.
"""

from typing import Annotated, Literal

from pydantic import Field, RootModel

from engine.models.common import WireModel

Owner = Annotated[str, Field(min_length=1, max_length=64)]
Title = Annotated[str, Field(min_length=1, max_length=128)]
Content = Annotated[str, Field(max_length=512 * 1024)]


class ChartsQuery(WireModel):
    """Query of `/charts`: the owner inside the account, and the id of a layout to load, replace or delete."""

    client: Owner = "trading-pro"
    user: Owner = "public"
    chart: Annotated[int, Field(ge=1, le=10**9)] | None = None


class StudyTemplatesQuery(WireModel):
    """Query of `/study_templates`: the owner inside the account, and the name of a template to load or delete."""

    client: Owner = "trading-pro"
    user: Owner = "public"
    template: Title | None = None


class DrawingTemplatesQuery(WireModel):
    """Query of `/drawing_templates`: the owner, the drawing tool, and the name of a template of it."""

    client: Owner = "trading-pro"
    user: Owner = "public"
    tool: Title
    name: Title | None = None


class ChartToSave(WireModel):
    """A layout to save, as a form or as JSON; `content` is that of the chart library."""

    name: Title
    content: Content
    symbol: Annotated[str, Field(max_length=64)] = ""
    resolution: Annotated[str, Field(max_length=16)] = ""


class StudyTemplateToSave(WireModel):
    """A study template to save, as a form or as JSON."""

    name: Title
    content: Content


class DrawingTemplateToSave(WireModel):
    """A drawing template to save, as a form or as JSON; tool and name are in the query."""

    content: Content


class StorageOk(WireModel):
    """Something was saved or deleted."""

    status: Literal["ok"]


class SavedChart(StorageOk):
    """A layout was saved."""

    id: int


class StorageError(WireModel):
    """A request that was refused."""

    status: Literal["error"]
    message: str


class ChartMetaInfo(WireModel):
    """A saved layout without its content; `timestamp` is epoch seconds."""

    id: int
    name: str
    symbol: str
    resolution: str
    timestamp: int


class ChartContent(WireModel):
    """A saved layout; `timestamp` is epoch seconds."""

    id: int
    name: str
    content: str
    timestamp: int


class TemplateName(WireModel):
    """A saved study template without its content."""

    name: str


class Template(WireModel):
    """A saved template."""

    name: str
    content: str


class ChartList(WireModel):
    """The layouts of an owner, oldest first."""

    status: Literal["ok"]
    data: list[ChartMetaInfo]


class LoadedChart(WireModel):
    """One layout."""

    status: Literal["ok"]
    data: ChartContent


class StudyTemplateList(WireModel):
    """The study templates of an owner, oldest first."""

    status: Literal["ok"]
    data: list[TemplateName]


class DrawingTemplateList(WireModel):
    """The names of an owner's templates of one drawing tool, oldest first."""

    status: Literal["ok"]
    data: list[str]


class LoadedTemplate(WireModel):
    """One template."""

    status: Literal["ok"]
    data: Template


class ChartsReply(RootModel[ChartList | LoadedChart | StorageError]):
    """Answer of `GET /charts`."""


class StudyTemplatesReply(RootModel[StudyTemplateList | LoadedTemplate | StorageError]):
    """Answer of `GET /study_templates`."""


class DrawingTemplatesReply(RootModel[DrawingTemplateList | LoadedTemplate | StorageError]):
    """Answer of `GET /drawing_templates`."""


class SavedChartReply(RootModel[SavedChart | StorageError]):
    """Answer of `POST /charts`."""


class StorageReply(RootModel[StorageOk | StorageError]):
    """Answer to another save, or to a delete."""
