"""What differs between the committed contract and the code's, in words; and which of it would break a client."""

from typing import Any

SILENT = frozenset(("description", "summary", "title", "example", "examples", "tags"))
"""Prose: no client depends on it."""

NARROWER_UP = frozenset(("minimum", "exclusiveMinimum", "minLength", "minItems"))
NARROWER_DOWN = frozenset(("maximum", "exclusiveMaximum", "maxLength", "maxItems"))


def differences(committed: Any, code: Any, path: str = "") -> list[str]:
    """Return a line for each difference: place, what was, what is, and whether it breaks clients of this version."""
    if isinstance(committed, dict) and isinstance(code, dict):
        found = []
        for key in sorted({*committed, *code}):
            place = f"{path}/{key}"
            if key not in code:
                found.append(f"{place}: removed{_mark(key not in SILENT | NARROWER_UP | NARROWER_DOWN)}")
            elif key not in committed:
                found.append(f"{place}: added{_mark(key in NARROWER_UP | NARROWER_DOWN)}")
            else:
                found += differences(committed[key], code[key], place)
        return found
    if committed == code:
        return []
    key = path.rpartition("/")[2]
    if isinstance(committed, list) and isinstance(code, list) and key in ("required", "enum"):
        return _members(committed, code, path, key)
    if isinstance(committed, list) and isinstance(code, list) and len(committed) == len(code):
        pairs = enumerate(zip(committed, code, strict=True))
        return [line for at, (old, new) in pairs for line in differences(old, new, f"{path}/{at}")]
    return [f"{path}: {committed!r} became {code!r}{_mark(_is_breaking(key, path, committed, code))}"]


def _members(committed: list[Any], code: list[Any], path: str, key: str) -> list[str]:
    gone, come = [one for one in committed if one not in code], [one for one in code if one not in committed]
    lines = [f"{path}: no longer has {one!r}{_mark(True)}" for one in gone]
    lines += [f"{path}: now has {one!r}{_mark(key == 'required')}" for one in come]
    return lines or [f"{path}: another order"]


def _is_breaking(key: str, path: str, committed: Any, code: Any) -> bool:
    if SILENT & set(path.split("/")):
        return False
    if key in NARROWER_UP:
        return bool(code > committed)
    if key in NARROWER_DOWN:
        return bool(code < committed)
    return True


def _mark(is_breaking: bool) -> str:
    return "  <- BREAKS clients of this version" if is_breaking else ""
