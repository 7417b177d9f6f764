"""The documents that the code describes, each built at its first use."""

import functools
from collections.abc import Callable
from typing import Any

from server.settings import MODULES
from server.specs import asyncapi, openapi

Json = dict[str, Any]
Build = Callable[[str | None], Json]
PARTS = (None, *MODULES)
"""Subjects of a document: the whole server, or one module."""


@functools.cache
def rest_document(part: str | None) -> Json:
    """The OpenAPI document of a part."""
    return openapi.build(MODULES, part)


@functools.cache
def stream_document(part: str | None) -> Json:
    """The AsyncAPI document of a part."""
    return asyncapi.build(MODULES, part)
