"""Data of the specs: the fixed parts of each document, and the examples. Tests check each example against its model.

A model that an operation or a route uses needs an example in `examples.json`.
"""

import json
from pathlib import Path
from typing import Any


def load(name: str) -> dict[str, Any]:
    """Return the content of a JSON file in this folder."""
    data: dict[str, Any] = json.loads((Path(__file__).parent / name).read_text(encoding="utf-8"))
    return data


_EXAMPLES = load("examples.json")
EXAMPLES: dict[str, Any] = _EXAMPLES["models"]
"""Example of each wire model, by the name of the model."""

QUERIES: dict[str, dict[str, Any]] = _EXAMPLES["queries"]
"""Values of query parameters, by the name of the query's model."""

PATHS: dict[str, str] = _EXAMPLES["paths"]
"""Values of path parameters."""
