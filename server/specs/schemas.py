"""JSON schemas of the wire models, for both specs.

A request is described by its validation schema, a reply by its serialization schema. A component has the name of its
model; where the two schemas of a model differ, pydantic's suffixes `Input` and `Output` follow.
"""

import inspect
import json
import re
from collections.abc import Iterable
from enum import Enum
from typing import Any, Literal

from pydantic import BaseModel
from pydantic.json_schema import GenerateJsonSchema

Json = dict[str, Any]
Mode = Literal["validation", "serialization"]
Use = tuple[type[BaseModel], Mode]
"""A model and the mode of its schema."""

REF = "#/components/schemas/{model}"
KINDS = ("string", "number", "boolean", "null", "array", "object")
JSON_VALUE: Json = {"description": "Any JSON value.", "anyOf": [{"type": kind} for kind in KINDS]}
"""Schema of pydantic's `JsonValue`, for which pydantic writes a schema without a type.

It has no parts and no list of types: openapi-typescript cannot write a type that contains itself, and the clients of
openapi-generator cannot read nested choices.
"""

ATTRIBUTE = re.compile(r"(\w+(?:, \w+)*): (.+)")


class WireSchema(GenerateJsonSchema):
    """Pydantic's generator, without titles of fields and with the names of enumeration members."""

    def __init__(self) -> None:
        super().__init__(ref_template=REF)
        self.models: dict[str, type[BaseModel]] = {}

    def field_title_should_be_set(self, _schema: Any) -> bool:
        """Leave titles out; they repeat the names of the fields."""
        return False

    def enum_schema(self, schema: Any) -> Json:
        """Add the names of the members, for code generators."""
        members: list[Enum] = schema["members"]
        return super().enum_schema(schema) | {"x-enum-varnames": [member.name for member in members]}

    def model_schema(self, schema: Any) -> Json:
        """Record the model, because `_describe` needs its docstring."""
        self.models[schema["cls"].__name__] = schema["cls"]
        return super().model_schema(schema)


class Schemas:
    """The schemas of the models of one spec.

    Attributes:
        definitions: Schemas by component name, sorted by name.
    """

    def __init__(self, uses: Iterable[Use]) -> None:
        ordered = sorted(set(uses), key=lambda use: (use[0].__name__, use[1]))
        generator = WireSchema()
        found, made = generator.generate_definitions([(*use, use[0].__pydantic_core_schema__) for use in ordered])
        for name, definition in made.items():
            if model := generator.models.get(name.partition("-")[0]):
                _describe(definition, model)
        # `Name-Input` becomes `NameInput`: generated clients use the names of components as names of types.
        definitions = json.loads(re.sub(r"(#/components/schemas/\w+)-", r"\1", json.dumps(made)))
        if "JsonValue" in definitions:
            definitions["JsonValue"] = JSON_VALUE
        self.definitions: Json = {name.replace("-", ""): definitions[name] for name in sorted(definitions)}
        self._names = {use: found[use]["$ref"].rpartition("/")[2].replace("-", "") for use in ordered}

    def ref(self, model: type[BaseModel], mode: Mode) -> Json:
        """Return the reference to a model's schema."""
        return {"$ref": REF.format(model=self._names[model, mode])}

    def resolved(self, model: type[BaseModel], mode: Mode) -> Json:
        """Return the schema that `ref` refers to."""
        found: Json = self.definitions[self._names[model, mode]]
        return found


def _describe(definition: Json, model: type[BaseModel]) -> None:
    """Copy the docstring of a model into its schema: the text, and a description of each attribute."""
    text, _, attributes = inspect.cleandoc(model.__doc__ or "").partition("\n\nAttributes:\n")
    definition["description"] = one_line(text)
    for line in re.sub(r"\n {8,}", " ", attributes).splitlines():
        if match := ATTRIBUTE.match(line.strip()):
            for name in match[1].split(", "):
                field = model.model_fields.get(name)
                key = field.alias if field and field.alias else name
                if key in definition.get("properties", {}):
                    definition["properties"][key]["description"] = match[2]


def one_line(text: str) -> str:
    """Return a text without its line breaks."""
    return " ".join(text.split())
