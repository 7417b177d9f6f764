"""Examples for the specs, read from `examples.json`. Tests hold each of them against its model.

A model without an example is shown with a small value that `schemas.sample` makes from its schema.
"""

import json
from pathlib import Path
from typing import Any

_DATA: dict[str, dict[str, Any]] = json.loads(Path(__file__).with_suffix(".json").read_text(encoding="utf-8"))

EXAMPLES = _DATA["models"]
"""Wire models by name."""

QUERIES = _DATA["queries"]
"""Values of query parameters, by the name of the query's model."""

PATHS = _DATA["paths"]
"""Values of path parameters."""

PROBLEMS: dict[int, dict[str, str]] = {int(status): value for status, value in _DATA["problems"].items()}
"""Reason code and detail of a problem body, by status."""
