"""Data of the specs: the fixed parts of each document, and the examples, of which tests hold each against its model.

A model that an operation or a route uses needs an example in `examples.json`.
"""

import json
from pathlib import Path
from typing import Any


def load(name: str) -> dict[str, Any]:
    """Return what a JSON file of this folder contains."""
    data: dict[str, Any] = json.loads((Path(__file__).parent / name).read_text(encoding="utf-8"))
    return data


_EXAMPLES = load("examples.json")
EXAMPLES: dict[str, Any] = _EXAMPLES["models"]
"""Wire models by name."""

QUERIES: dict[str, dict[str, Any]] = _EXAMPLES["queries"]
"""Values of query parameters, by the name of the query's model."""

PATHS: dict[str, str] = _EXAMPLES["paths"]
"""Values of path parameters."""
