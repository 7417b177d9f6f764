"""Numbers and times as Alpaca writes them: decimals are strings without needless zeros, times are RFC 3339."""

from datetime import UTC, datetime
from functools import lru_cache

from pydantic import BeforeValidator, TypeAdapter

from engine.models.market.instruments import MONEY_SCALE
from handlers.errors import ApiError

MINUTE_MS = 60_000
DAY_MS = 86_400_000
CENT = MONEY_SCALE // 100
Lower = BeforeValidator(lambda value: value.lower() if isinstance(value, str) else value)
"""Validator of words in a query: clients send them in any case."""

_TIME = TypeAdapter(datetime)


def decimal_text(units: int, scale: int) -> str:
    """Return `units / scale` exactly; `scale` is a power of ten."""
    sign, units = "-" if units < 0 else "", abs(units)
    whole, rest = divmod(units, scale)
    digits = str(rest).rjust(len(str(scale)) - 1, "0").rstrip("0") if rest else ""
    return f"{sign}{whole}.{digits}" if digits else f"{sign}{whole}"


def money_text(units: int) -> str:
    """Return money units as dollars, rounded to cents."""
    return decimal_text(round(units / CENT) if units % CENT else units // CENT, 100)


def ratio_text(part: float, whole: float) -> str:
    """Return `part / whole` with up to ten decimals; "0" where `whole` is 0."""
    text = f"{part / whole:.10f}" if whole else "0"
    return text.rstrip("0").rstrip(".") if "." in text else text


@lru_cache(maxsize=4096)
def time_text(time_ms: int) -> str:
    """Return epoch milliseconds as RFC 3339 in UTC, with microseconds."""
    return datetime.fromtimestamp(time_ms / 1000, UTC).isoformat(timespec="microseconds").replace("+00:00", "Z")


def read_time(name: str, text: str | None) -> int | None:
    """Return the epoch milliseconds of a date or time in a query; a time without an offset is UTC.

    Raises:
        ApiError: 422.
    """
    if text is None:
        return None
    try:
        time = _TIME.validate_python(text)
    except ValueError:
        raise ApiError(422, f"Invalid format for parameter {name}: {text[:64]} is not RFC 3339") from None
    time = time.replace(tzinfo=UTC) if time.tzinfo is None else time
    return round(time.timestamp() * 1000)
