"""Shared parts of the wire models: strict number and text types, the base class, success and problem bodies.

Wire numbers are strict: no strings, no booleans, no NaN or infinity, nothing beyond 1e15. Integers are fine where a
decimal number is expected. Fields may be null or absent on the way in and unknown names are ignored.
"""

from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, Strict, StringConstraints

NUMBER_LIMIT = 1e15

Number = Annotated[float, Strict(), Field(ge=-NUMBER_LIMIT, le=NUMBER_LIMIT, allow_inf_nan=False)]
"""A finite JSON number of at most 1e15 in size."""


def whole(value: object) -> object:
    """Return 5 for 5.0: JSON has one type of numbers."""
    return int(value) if isinstance(value, float) and value.is_integer() else value


WHOLE = BeforeValidator(whole)
"""Mark of a strict integer that may be written as 5.0. It follows the bounds, so that they stay in the schema."""


def integer_code(value: object) -> object:
    """Return the integer of a code of an enumeration. Raises: ValueError for booleans, strings and fractions."""
    if type(value) is not int:
        value = whole(value)
        if isinstance(value, (bool, float, str)):
            raise ValueError("must be one of the integer codes")
    return value


CODE = BeforeValidator(integer_code)
"""Mark of an integer enumeration in a body: Python would take true for 1."""

TimeMs = Annotated[int, Strict(), Field(ge=0, le=int(NUMBER_LIMIT)), WHOLE]
"""Epoch milliseconds."""

Name = Annotated[str, Strict(), StringConstraints(min_length=1, max_length=64)]
"""An identifier: a symbol, an account id, an order id."""

Text = Annotated[str, Strict(), StringConstraints(max_length=512)]
"""Free text of a bounded length."""


class WireModel(BaseModel):
    """Base of all wire models: immutable, unknown fields are ignored."""

    model_config = ConfigDict(frozen=True, extra="ignore", allow_inf_nan=False, defer_build=True)


def fields_of(model: BaseModel) -> dict[str, Any]:
    """Return the values of a model by field, to be read only.

    Reading an attribute of a pydantic model takes ten times as long as reading a dictionary, because its class has a
    `__getattr__`. Use it where every order reads several fields.
    """
    return model.__dict__


class SuccessResponse(WireModel):
    """Answer to a command without a result of its own."""

    success: bool
    message: str | None


class ValidationIssue(WireModel):
    """One field that does not validate; `loc` is the path to it."""

    loc: list[str | int]
    msg: str
    type: str


class Problem(WireModel):
    """Error body of every refused request. Source: RFC 9457; `code` and `errors` are our extension members."""

    type: str = "about:blank"
    title: str
    status: int
    detail: str
    code: str
    errors: list[ValidationIssue] | None = None
