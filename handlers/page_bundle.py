"""The bundle of the page: a few files with content names in `static/dist`, made by `static/bundle.mjs`.

It is served in place of the source as long as it was made from the source as it is. `page.py` serves the files.
"""

import hashlib
import json
from pathlib import Path

PAGES = ("index.html", "tradingview.html")
ICON = "favicon.svg"
FOLDER = "dist"


def source_digest(static: Path) -> str:
    """Return a digest of all source files of the page, by their names and contents; `bundle.mjs` computes the same."""
    folders = (path for kind in ("css", "js") for path in (static / kind).rglob("*") if path.suffix in (".css", ".js"))
    names = [path.relative_to(static).as_posix() for path in folders]
    digest = hashlib.sha256()
    for name in sorted([*names, *PAGES, ICON]):
        digest.update(f"{name}\n".encode())
        digest.update((static / name).read_bytes())
    return digest.hexdigest()


def has_current_bundle(static: Path) -> bool:
    """Whether the folder has a bundle that was made from its source."""
    try:
        made_from = json.loads((static / FOLDER / "bundle.json").read_bytes())["source"]
        return bool(made_from == source_digest(static))
    except (OSError, ValueError, KeyError):
        return False


def bundled_pages(static: Path) -> dict[str, str]:
    """Return the path of each bundled page by its path on the server; empty without a current bundle."""
    if not has_current_bundle(static):
        return {}
    pages = {name: f"{FOLDER}/{name}" for name in PAGES}
    return pages | {"": pages["index.html"]}
