"""JSON schemas of the wire models, for both specs.

A request is described by its validation schema, a reply by its serialization schema. A component has the name of its
model; where the two schemas of a model differ, pydantic's suffixes `Input` and `Output` follow.
"""

import inspect
import re
from collections.abc import Iterable, Mapping
from enum import Enum
from typing import Any, Literal

from pydantic import BaseModel
from pydantic.json_schema import GenerateJsonSchema, models_json_schema

Json = dict[str, Any]
Mode = Literal["validation", "serialization"]
Use = tuple[type[BaseModel], Mode]
"""A model, and which of its schemas is meant."""

REF = "#/components/schemas/{model}"
ATTRIBUTE = re.compile(r"(\w+(?:, \w+)*): (.+)")


class WireSchema(GenerateJsonSchema):
    """Pydantic's generator, without titles of fields and with the names of enumeration members."""

    def field_title_should_be_set(self, _schema: Any) -> bool:
        """Leave titles out; they repeat the names of the fields."""
        return False

    def enum_schema(self, schema: Any) -> Json:
        """Add the names of the members, for code generators."""
        members: list[Enum] = schema["members"]
        return super().enum_schema(schema) | {"x-enum-varnames": [member.name for member in members]}


class Schemas:
    """The schemas of the models of one spec.

    Attributes:
        definitions: Schemas by component name, sorted by name.
    """

    def __init__(self, uses: Iterable[Use]) -> None:
        ordered = sorted(set(uses), key=lambda use: (use[0].__name__, use[1]))
        found, document = models_json_schema(ordered, ref_template=REF, schema_generator=WireSchema)
        definitions: Json = document.get("$defs", {})
        described = {model.__name__: model for model in _with_parts(model for model, _ in ordered)}
        for name, definition in definitions.items():
            _describe(definition, described.get(name.partition("-")[0]))
        self.definitions: Json = {_clean(name): _renamed(definitions[name]) for name in sorted(definitions)}
        self._refs = {use: _renamed(found[use]) for use in ordered}

    def ref(self, model: type[BaseModel], mode: Mode) -> Json:
        """Return the reference to a model's schema."""
        return dict(self._refs[model, mode])

    def resolved(self, model: type[BaseModel], mode: Mode) -> Json:
        """Return the schema that `ref` refers to."""
        name = self._refs[model, mode]["$ref"].rpartition("/")[2]
        found: Json = self.definitions[name]
        return found


def _clean(name: str) -> str:
    return name.replace("-", "")


def _renamed(node: Any) -> Any:
    """Replace `Name-Input` by `NameInput`; generated clients use component names as type names."""
    if isinstance(node, Mapping):
        return {
            key: _clean(value) if key == "$ref" and isinstance(value, str) else _renamed(value)
            for key, value in node.items()
        }
    return [_renamed(item) for item in node] if isinstance(node, list) else node


def _with_parts(models: Iterable[type[BaseModel]]) -> set[type[BaseModel]]:
    """Return the models and all models of their fields."""
    found: set[type[BaseModel]] = set()
    waiting: list[Any] = list(models)
    while waiting:
        kind = waiting.pop()
        if isinstance(kind, type) and issubclass(kind, BaseModel) and kind not in found:
            found.add(kind)
            waiting += [field.annotation for field in kind.model_fields.values()]
        waiting += getattr(kind, "__args__", ())
    return found


def _describe(definition: Json, model: type[BaseModel] | None) -> None:
    """Copy the docstring of a model into its schema: the text, and a description of each attribute."""
    if model is None:
        return
    text, _, attributes = inspect.cleandoc(model.__doc__ or "").partition("\n\nAttributes:\n")
    definition["description"] = one_line(text)
    joined = re.sub(r"\n {8,}", " ", attributes)
    for line in joined.splitlines():
        if match := ATTRIBUTE.match(line.strip()):
            for name in match[1].split(", "):
                if name in definition.get("properties", {}):
                    definition["properties"][name]["description"] = match[2]


def one_line(text: str) -> str:
    """Return a text without its line breaks."""
    return " ".join(text.split())


def sample(schema: Json, definitions: Json) -> Any:
    """Return a small value that is valid for a schema."""
    if "$ref" in schema:
        return sample(definitions[schema["$ref"].rpartition("/")[2]], definitions)
    for key in ("default", "const"):
        if key in schema and schema[key] is not None:
            return schema[key]
    if "enum" in schema:
        return schema["enum"][0]
    if "anyOf" in schema:
        first = schema["anyOf"][0]
        if "properties" not in schema:
            return sample(first, definitions)
        # The choices name fields that are required together; take the first choice.
        required = [*schema.get("required", ()), *first["required"]]
        schema = schema | {"required": required, "properties": schema["properties"] | first["properties"]}
    kind = schema.get("type")
    if kind == "object":
        required = schema.get("required", ())
        return {name: sample(schema["properties"][name], definitions) for name in required}
    if kind == "array":
        return [sample(schema["items"], definitions)] * max(1, schema.get("minItems", 1)) if "items" in schema else []
    if kind == "string":
        return "text".ljust(schema.get("minLength", 0), "x")[: schema.get("maxLength")]
    if kind in ("integer", "number"):
        least = max(1, schema.get("minimum", 1), schema.get("exclusiveMinimum", 0) + 1)
        return min(least, schema.get("maximum", least))
    return True if kind == "boolean" else None
