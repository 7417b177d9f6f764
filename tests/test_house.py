"""Rules of the repository: sizes of files and functions, the top level, pinned dependencies, no local paths."""

import ast
import configparser
import functools
import json
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).parents[1]

MAX_FILE_LINES = 400
MAX_FUNCTION_LINES = 40
MAX_ARGUMENTS = 6

TOP_LEVEL = {
    *("setup.cfg", "server", "handlers", "engine", "static", "tests", "run.py"),  # the owner's
    *("README.md", "CHANGELOG.md", "LICENSE", "Makefile", "pyproject.toml", ".gitignore"),
    *("setup.py", "MANIFEST.in", "trading_pro"),  # the wheel
    *(".ci", "bench", "clients", "deploy", "docs"),
}

SOURCE_SUFFIXES = {".py", ".js", ".mjs", ".html", ".css", ".sh"}
GENERATED = ("clients/",)

REGISTRY_HOST = re.compile(
    r"py[p]i\.org|python[h]osted\.org|npm[j]s\.(?:org|com)|yarn[p]kg\.com|deb[i]an\.org|(?:index|registry)-url", re.I
)
MACHINE_PATH = re.compile(r"(?<![\w.~}-])/(?:home|root|Users)/[\w.]")


@functools.cache
def git(*arguments: str) -> str:
    """Return the output of a git command; skips the test if the root is not the top folder of a checkout."""
    try:
        runs = [
            subprocess.run(["git", *line], cwd=ROOT, capture_output=True, text=True, check=True).stdout
            for line in (("rev-parse", "--show-toplevel"), arguments)
        ]
    except (OSError, subprocess.CalledProcessError) as error:
        pytest.skip(f"not a git checkout: {error}")
    if Path(runs[0].strip()).resolve() != ROOT.resolve():
        pytest.skip("not a git checkout of its own")
    return runs[1]


def files() -> list[Path]:
    """Return the committed and the new files that are not ignored, relative to the root."""
    listed = git("ls-files", "-z", "--cached", "--others", "--exclude-standard", "--", *sorted(TOP_LEVEL))
    return [Path(name) for name in listed.split("\0") if name and (ROOT / name).is_file()]


def texts() -> Iterator[tuple[Path, str]]:
    """Yield the text files."""
    for name in files():
        try:
            yield name, (ROOT / name).read_text(encoding="utf-8")
        except UnicodeDecodeError:
            continue


def sources() -> Iterator[tuple[Path, str]]:
    """Yield the files of source code, without generated ones."""
    return (
        (name, text)
        for name, text in texts()
        if name.suffix in SOURCE_SUFFIXES and not name.as_posix().startswith(GENERATED)
    )


def long_functions(source: str, limit: int = MAX_FUNCTION_LINES) -> list[str]:
    """Return the functions that are too long; the signature counts, decorators and docstring do not."""
    found = []
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            docstring = node.body[0] if ast.get_docstring(node, clean=False) is not None else None
            docstring_lines = docstring.end_lineno - docstring.lineno + 1 if docstring and docstring.end_lineno else 0
            lines = (node.end_lineno or node.lineno) - node.lineno + 1 - docstring_lines
            if lines > limit:
                found.append(f"{node.name} has {lines} lines")
    return found


def wide_functions(source: str, limit: int = MAX_ARGUMENTS) -> list[str]:
    """Return the functions with too many arguments; `self` and `cls` do not count."""
    found = []
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            given = node.args
            every = [*given.posonlyargs, *given.args, *given.kwonlyargs, given.vararg, given.kwarg]
            names = [one.arg for one in every if one is not None]
            count = len(names) - (names[:1] in (["self"], ["cls"]))
            if count > limit:
                found.append(f"{node.name} has {count} arguments")
    return found


def matches(pattern: re.Pattern[str]) -> list[str]:
    """Return the matches of a pattern as "file:line: match"."""
    return [
        f"{name}:{number}: {match[0]}"
        for name, text in texts()
        for number, line in enumerate(text.splitlines(), start=1)
        for match in pattern.finditer(line)
    ]


def test_no_file_is_too_long() -> None:
    too_long = {str(name): lines for name, text in sources() if (lines := len(text.splitlines())) > MAX_FILE_LINES}
    assert too_long == {}


def test_no_function_is_too_long() -> None:
    found = [f"{name}: {why}" for name, text in sources() if name.suffix == ".py" for why in long_functions(text)]
    assert found == []


def test_no_function_has_too_many_arguments() -> None:
    """Tests may have more: a parametrised test has an argument for each column of its table."""
    product = [(name, text) for name, text in sources() if name.suffix == ".py" and name.parts[0] != "tests"]
    assert [f"{name}: {why}" for name, text in product for why in wide_functions(text)] == []


def test_top_level_has_no_other_files() -> None:
    tracked = git("ls-files", "-z").split("\0")
    assert {name.split("/")[0] for name in tracked if name} - TOP_LEVEL == set()


def test_no_file_names_a_registry_host() -> None:
    assert matches(REGISTRY_HOST) == []


def test_no_file_names_a_path_of_one_machine() -> None:
    assert matches(MACHINE_PATH) == []


def test_lock_files_name_no_host() -> None:
    assert "://" not in (ROOT / ".ci/constraints.txt").read_text()
    for folder in ("static", "bench", "clients"):
        packages = json.loads((ROOT / folder / "package-lock.json").read_text())["packages"]
        assert [name for name, package in packages.items() if "resolved" in package] == []


def test_every_dependency_is_pinned_within_its_range() -> None:
    lines = (ROOT / ".ci/constraints.txt").read_text().splitlines()
    pins = dict(line.split("==") for line in lines if not line.startswith("#"))
    config = configparser.ConfigParser()
    config.read(ROOT / "setup.cfg")
    listed = [config["options"]["install_requires"], *config["options.extras_require"].values()]
    requirements = [Requirement(line) for block in listed for line in block.split("\n") if line]
    assert requirements
    assert [
        str(need) for need in requirements if pins.get(canonicalize_name(need.name), "0") not in need.specifier
    ] == []


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("def f():\n    a = 1\n    b = 2\n", ["f has 3 lines"]),
        ("def f(\n    a,\n):\n    return a\n", ["f has 4 lines"]),
        ("class A:\n    async def f(self):\n        await x\n        await y\n", ["f has 3 lines"]),
        ('def f():\n    """One\n\n    two.\n    """\n    return 1\n', []),
        ("@decorated(\n    1,\n    2,\n)\ndef f():\n    return 1\n", []),
    ],
)
def test_function_is_measured_without_docstring_and_decorators(source: str, expected: list[str]) -> None:
    assert long_functions(source, limit=2) == expected


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("def f(a, b, c): ...", ["f has 3 arguments"]),
        ("class A:\n    def f(self, a, b): ...", []),
        ("class A:\n    @classmethod\n    async def f(cls, a, /, *b, c=1, **d): ...", ["f has 4 arguments"]),
    ],
)
def test_arguments_are_counted_without_self(source: str, expected: list[str]) -> None:
    assert wide_functions(source, limit=2) == expected


@pytest.mark.parametrize(
    ("pattern", "text", "is_found"),
    [
        (MACHINE_PATH, "see " + "/".join(["", "home", "ann", "notes"]), True),
        (MACHINE_PATH, 'open("' + "/".join(["", "root", "key"]) + '")', True),
        (MACHINE_PATH, "https://example.com/home/page", False),
        (MACHINE_PATH, "GET /api/v1/broker/orders", False),
        (REGISTRY_HOST, "https://registry." + "npmjs" + ".org/typescript", True),
        (REGISTRY_HOST, "files.python" + "hosted.org", True),
        (REGISTRY_HOST, "playwright comes from PyPI, lightweight-charts from npm", False),
    ],
)
def test_pattern_finds_what_it_is_for(pattern: re.Pattern[str], text: str, is_found: bool) -> None:
    assert bool(pattern.search(text)) == is_found
