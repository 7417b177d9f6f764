"""Import rules: layers, independent packages, no import cycles, third parties, and a pure engine."""

import ast
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pytest

ROOT = Path(__file__).parents[1]

LEVELS = {
    "run": 0,
    "trading_pro": 0,
    "server": 1,
    **{f"server.{name}": 1 for name in ("bus", "conformance", "edge", "monitoring", "security", "specs", "storage")},
    "handlers": 2,
    "handlers.rest": 2,
    "handlers.stream": 2,
    "handlers.http": 2,
    **{f"handlers.{name}": 2 for name in ("alpaca", "control", "edge")},
    "engine": 3,  # the package itself re-exports names of the core
    "engine.core": 3,
    "engine.portfolio": 3,
    "engine.settings": 3,
    "engine.pip_values": 3,
    "engine.exact_time": 3,
    **dict.fromkeys(("engine.broker", "engine.faults", "engine.market"), 4),
    "engine.topics": 5,
    "engine.errors": 5,
    "engine.clock": 5,
    "engine.journal": 3,
    "engine.models": 6,
}
"""A module may import modules of its own level and of higher ones, as drawn in docs/architecture.md."""

OUTER_PARTS = {f"server.{name}" for name in ("main", "routes", "starting", "ticker", "world", "world_time", "worlds")}

FORBIDDEN = {
    "engine.broker": {"engine.market"},
    "engine.market": {"engine.broker"},
    "handlers.errors": {"handlers"},
    "handlers.http": {"engine", "handlers.alpaca", "handlers.rest", "handlers.stream"},
    "handlers.base": {"handlers.alpaca", "handlers.control", "handlers.rest", "handlers.stream"},
    "handlers.rest": {"handlers.alpaca", "handlers.stream"},
    "handlers.alpaca": {"handlers.rest"},
    "handlers.stream": {"engine.broker", "engine.market", "handlers.alpaca", "handlers.rest"},
    "server.storage": {"server.app", "server.monitoring", "server.security", "server.specs", *OUTER_PARTS},
    "server.specs": {"server.app", "server.monitoring", "server.security", "server.storage"},
    "server.security": {"server.app", "server.monitoring", "server.specs", "server.storage", *OUTER_PARTS},
    "server.conformance": {"engine", "handlers", "server.app", "server.monitoring", "server.storage", *OUTER_PARTS},
    "server.monitoring": {"server.app", "server.specs", "server.storage", *OUTER_PARTS},
}
"""Packages that a package or module may not import, although their level allows it."""

RUN_IMPORTS_ONLY = "server"

THIRD_PARTIES = {
    "run": set[str](),
    "trading_pro": {"pytest", "trading_pro_client"},
    "engine": {"pydantic", "numpy"},
    "handlers": {"pydantic", "numpy", "tornado", "orjson", "httptools", "msgpack"},
    "server": {
        "pydantic",
        "numpy",
        "tornado",
        "orjson",
        "apispec",
        "jwt",
        "cryptography",
        "platformdirs",
        "prometheus_client",
        "uvloop",
    },
}

EXCEPTIONS = {
    ("engine.topics", "orjson"): "a topic is compact JSON, and engine and hub must write the same bytes",
    ("engine.models.broker.orders", "orjson"): "custom fields must be readable from the JSON that the server writes",
    **{
        (f"server.{name}", "nats"): "the client of NATS is an extra, imported with --bus only"
        for name in ("bus.client", "bus.core", "bus.outbox", "bus.registration", "bus.stream", "edge.connection")
    },
}

HIDDEN_IMPORTS = {"__import__", "importlib.import_module", "importlib.__import__"}
"""Functions whose imports these tables cannot check."""

IMPURE_MODULES = {
    *("time", "secrets", "uuid"),
    *("asyncio", "concurrent", "multiprocessing", "select", "selectors", "socket", "ssl", "subprocess", "threading"),
}
"""Modules for clocks, randomness, sockets and concurrency, which the engine does not use."""

IMPURE_NAMES = {
    *("datetime.datetime.now", "datetime.datetime.utcnow", "datetime.datetime.today", "datetime.date.today"),
    *("os.urandom", "os.getrandom"),
}

RANDOM_TYPES = {"numpy.random.Generator", "numpy.random.BitGenerator"}

SEEDED = {
    "random.Random",
    *(f"numpy.random.{name}" for name in ("default_rng", "SeedSequence", "Philox", "PCG64", "PCG64DXSM", "SFC64")),
}
"""Random sources that the engine may make from a seed."""


class Import(NamedTuple):
    """One imported name: for `from engine.models import Order as O`, `name` is engine.models.Order and `local` is O."""

    line: int
    name: str
    local: str
    stands_for: str


def unit_of(name: str) -> str | None:
    """Return the row of `LEVELS` for a dotted name; None for a third party."""
    top, *rest = name.split(".")
    submodule = f"{top}.{rest[0]}" if rest else top
    if submodule in LEVELS:
        return submodule
    return top if top in LEVELS else None


def imports(tree: ast.AST, module: str, is_package: bool) -> Iterator[Import]:
    """Yield all imports of a file, also those in functions, with absolute names."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            for alias in node.names:
                top = alias.name.partition(".")[0]
                yield Import(node.lineno, alias.name, alias.asname or top, alias.name if alias.asname else top)
        elif isinstance(node, ast.ImportFrom):
            package = module.split(".") if is_package else module.split(".")[:-1]
            base = package[: len(package) - node.level + 1] if node.level else []
            for alias in node.names:
                name = ".".join([*base, *filter(None, [node.module]), alias.name])
                yield Import(node.lineno, name, alias.asname or alias.name, name)


def uses(tree: ast.AST, names: dict[str, str]) -> Iterator[tuple[ast.expr, str]]:
    """Yield expressions such as `np.random.normal` with their full names; import aliases are resolved."""

    def full_name(node: ast.AST) -> str | None:
        if isinstance(node, ast.Name):
            return names.get(node.id)
        if isinstance(node, ast.Attribute) and (base := full_name(node.value)):
            return f"{base}.{node.attr}"
        return None

    for node in ast.walk(tree):
        if isinstance(node, ast.Name | ast.Attribute) and (name := full_name(node)):
            yield node, name


def seeded(tree: ast.AST) -> set[ast.AST]:
    """Return the allowed uses of random sources: calls with a first argument other than None, and annotations."""
    found: set[ast.AST] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            values = [*node.args, *(keyword.value for keyword in node.keywords)]
            if values and not (isinstance(values[0], ast.Constant) and values[0].value is None):
                found.add(node.func)
        annotation = node.returns if isinstance(node, ast.FunctionDef) else getattr(node, "annotation", None)
        if annotation:
            found.update(ast.walk(annotation))
    return found


def import_fault(module: str, name: str) -> str | None:
    """Return the reason why `module` may not import the dotted `name`, or None."""
    importer, imported = unit_of(module), unit_of(name)
    top = name.partition(".")[0]
    if importer is None or (importer == "engine" and module != "engine"):
        return f"{module} has no level: give it one in LEVELS"
    if imported is None:
        allowed = THIRD_PARTIES[module.partition(".")[0]]
        is_known = top in sys.stdlib_module_names or top in allowed or (module, top) in EXCEPTIONS
        return None if is_known else f"{module} may not import {top}"
    if importer == "run" and imported != RUN_IMPORTS_ONLY:
        return f"run may import {RUN_IMPORTS_ONLY} only, not {imported}"
    if LEVELS[imported] < LEVELS[importer]:
        return f"{importer} may not import {imported}"
    for package, others in FORBIDDEN.items():
        other = next((one for one in others if is_within(name, one)), None)
        if other is not None and is_within(module, package) and not is_within(name, package):
            return f"{package} may not import {other}"
    return None


def is_within(name: str, package: str) -> bool:
    """Whether a dotted name is a package or in it."""
    return name == package or name.startswith(package + ".")


def circles(graph: dict[str, set[str]]) -> list[list[str]]:
    """Return the import cycles: the strongly connected components of the graph."""

    def reached(start: str) -> set[str]:
        found, waiting = set[str](), [start]
        while waiting:
            for one in graph.get(waiting.pop(), set()) - found:
                found.add(one)
                waiting.append(one)
        return found

    reachable = {module: reached(module) for module in graph}
    parts = {tuple(sorted(one for one in reachable[m] if m in reachable[one])) for m in graph if m in reachable[m]}
    return [list(part) for part in sorted(parts)]


def import_graph(paths: dict[str, Path]) -> dict[str, set[str]]:
    """Return the modules that each module imports anywhere in its file, without itself."""

    def module_of(name: str) -> str:
        while name and name not in paths:
            name = name.rpartition(".")[0]
        return name

    return {
        module: {
            module_of(entry.name) for entry in imports(ast.parse(path.read_text()), module, path.name == "__init__.py")
        }
        - {"", module}
        for module, path in paths.items()
    }


def impurity(name: str, is_seeded: bool) -> str | None:
    """Return the reason why the engine may not use the dotted `name`, or None."""
    if name in SEEDED:
        return None if is_seeded else f"{name} needs a seed"
    is_global_random = name.startswith(("random.", "numpy.random.")) and name not in RANDOM_TYPES
    is_impure = name in IMPURE_NAMES or name.partition(".")[0] in IMPURE_MODULES or is_global_random
    return f"the engine may not use {name}" if is_impure else None


def faults(source: str, module: str, is_package: bool = False) -> list[str]:
    """Return the breaches of a file as "line: reason"."""
    tree = ast.parse(source)
    is_engine = module.partition(".")[0] == "engine"
    with_seed = seeded(tree)
    names = {"__import__": "__import__"}
    found: set[tuple[int, str | None]] = set()
    for entry in imports(tree, module, is_package):
        names[entry.local] = entry.stands_for
        found.add((entry.line, import_fault(module, entry.name)))
        if is_engine:
            found.add((entry.line, impurity(entry.name, is_seeded=True)))
    for node, name in uses(tree, names):
        if name in HIDDEN_IMPORTS:
            found.add((node.lineno, f"{name} hides an import"))
        if is_engine:
            found.add((node.lineno, impurity(name, is_seeded=node in with_seed)))
    return [f"{line}: {reason}" for line, reason in sorted((line, why) for line, why in found if why)]


def modules() -> dict[str, Path]:
    """Return the modules of the product by dotted name."""
    paths = [path for top in ("server", "handlers", "engine", "trading_pro") for path in (ROOT / top).rglob("*.py")]
    paths += [path for path in [ROOT / "run.py"] if path.exists()]
    return {".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__"): path for path in paths}


def test_product_breaks_no_import_rule() -> None:
    found = [
        f"{path.relative_to(ROOT)}:{fault}"
        for module, path in modules().items()
        for fault in faults(path.read_text(), module, path.name == "__init__.py")
    ]
    assert found == []


def test_no_modules_import_each_other_in_a_circle() -> None:
    assert circles(import_graph(modules())) == []


def test_every_package_is_checked() -> None:
    assert {"server", "handlers", "engine", "engine.topics", "engine.models.common"} <= modules().keys()


@pytest.mark.parametrize(("module", "package"), EXCEPTIONS)
def test_exception_is_still_needed(module: str, package: str) -> None:
    tree = ast.parse(modules()[module].read_text())
    assert package in {entry.name.partition(".")[0] for entry in imports(tree, module, is_package=False)}


@pytest.mark.parametrize(
    ("module", "source", "fault"),
    [
        # layers
        ("run", "import handlers.stream.handler", "run may import server only, not handlers"),
        ("run", "from engine.core import Engine", "run may import server only, not engine.core"),
        ("run", "import tornado", "run may not import tornado"),
        ("server.app", "import run", "server may not import run"),
        ("handlers.rest.orders", "from server.settings import Settings", "handlers.rest may not import server"),
        ("engine.core", "import handlers", "engine.core may not import handlers"),
        ("engine.broker.account", "from engine.core import Engine", "engine.broker may not import engine.core"),
        ("engine.broker.account", "from engine import Engine", "engine.broker may not import engine"),
        ("engine.broker.fill_models", "import engine.market.quotes", "engine.broker may not import engine.market"),
        ("engine.market.feeds.feed", "from engine import broker", "engine.market may not import engine.broker"),
        ("engine.topics", "from engine.broker import ledger", "engine.topics may not import engine.broker"),
        ("engine.models.common", "from engine.errors import Denied", "engine.models may not import engine.errors"),
        ("engine.models.common", "def late():\n    from ..errors import Denied", "engine.models may not import"),
        ("engine.broker", "from ..market import feeds", "engine.broker may not import engine.market"),
        ("engine.utils", "import math", "engine.utils has no level"),
        ("engine.core", "import tests.support", "engine.core may not import tests"),
        # independent packages
        ("handlers.errors", "from handlers.base import ApiHandler", "handlers.errors may not import handlers"),
        ("handlers.base", "from handlers.rest import orders", "handlers.base may not import handlers.rest"),
        ("handlers.rest.orders", "from handlers.stream.hub import Hub", "handlers.rest may not import handlers.stream"),
        ("handlers.stream.hub", "import engine.broker.order", "handlers.stream may not import engine.broker"),
        ("handlers.http.parser", "from engine.errors import Denied", "handlers.http may not import engine"),
        ("server.storage.journal", "from server.specs import pages", "server.storage may not import server.specs"),
        ("server.monitoring.logs", "import server.main", "server.monitoring may not import server.main"),
        # third parties
        ("engine.core", "import tornado.ioloop", "engine.core may not import tornado"),
        ("engine.core", "import orjson", "engine.core may not import orjson"),
        ("handlers.base", "from apispec import APISpec", "handlers.base may not import apispec"),
        ("server.main", "if True:\n    import pandas", "server.main may not import pandas"),
        ("server.main", "import importlib\nimportlib.import_module('pandas')", "hides an import"),
        ("server.main", "__import__('pandas')", "hides an import"),
        # clocks
        ("engine.core", "import time", "may not use time"),
        ("engine.core", "from time import monotonic", "may not use time.monotonic"),
        ("engine.core", "def f():\n    import datetime as d\n    return d.datetime.now()", "datetime.datetime.now"),
        ("engine.core", "from datetime import datetime as dt\ndt.utcnow()", "datetime.datetime.utcnow"),
        ("engine.core", "from datetime import date\nfactory = date.today", "datetime.date.today"),
        # randomness
        ("engine.core", "import random\nrandom.choice([1])", "may not use random.choice"),
        ("engine.core", "from random import shuffle", "may not use random.shuffle"),
        ("engine.core", "import random\nrandom.Random()", "random.Random needs a seed"),
        ("engine.core", "import numpy as np\nnp.random.normal()", "may not use numpy.random.normal"),
        ("engine.core", "import numpy.random\nnumpy.random.seed(1)", "may not use numpy.random.seed"),
        ("engine.core", "import numpy as np\nnp.random.default_rng()", "default_rng needs a seed"),
        ("engine.core", "from numpy.random import default_rng as rng\nrng(None)", "default_rng needs a seed"),
        ("engine.core", "import numpy as np\nnp.random.default_rng(seed=None)", "default_rng needs a seed"),
        ("engine.core", "import numpy as np\nmake = np.random.default_rng", "default_rng needs a seed"),
        ("engine.core", "from numpy import random\nrandom.Philox()", "Philox needs a seed"),
        ("engine.core", "import random\nx: random.Random = random.Random()", "random.Random needs a seed"),
        ("engine.core", "import os\nos.urandom(8)", "may not use os.urandom"),
        ("engine.core", "import uuid", "may not use uuid"),
        ("engine.core", "import secrets", "may not use secrets"),
        # concurrency
        ("engine.core", "import asyncio", "may not use asyncio"),
        ("engine.core", "from concurrent.futures import Future", "may not use concurrent.futures.Future"),
        ("engine.core", "import socket", "may not use socket"),
        ("engine.core", "import threading", "may not use threading"),
    ],
)
def test_breach_is_refused(module: str, source: str, fault: str) -> None:
    is_package = module in {"engine.broker", "engine.market"}
    assert any(fault in found for found in faults(source, module, is_package))


@pytest.mark.parametrize(
    ("graph", "expected"),
    [
        ({"a": {"b"}, "b": {"c"}, "c": set()}, []),
        ({"a": {"b"}, "b": {"a"}, "c": {"a"}}, [["a", "b"]]),
        ({"a": {"b"}, "b": {"c"}, "c": {"a"}, "d": {"e"}, "e": {"d"}}, [["a", "b", "c"], ["d", "e"]]),
    ],
)
def test_circle_is_found(graph: dict[str, set[str]], expected: list[list[str]]) -> None:
    assert circles(graph) == expected


@pytest.mark.parametrize(
    ("module", "source"),
    [
        ("run", "import sys\nfrom server.main import main"),
        (
            "server.app",
            "import jwt, prometheus_client\nfrom engine.models.common import Side\nimport handlers.stream.hub",
        ),
        ("server.main", "import time, asyncio, uuid\ntry:\n    import uvloop\nexcept ImportError:\n    pass"),
        (
            "handlers.rest.orders",
            "import orjson\nfrom tornado.web import RequestHandler\nfrom engine.core import Engine",
        ),
        (
            "engine.core",
            "from engine.broker import ledger\nfrom engine.market.feeds.feed import Feed\nfrom . import topics",
        ),
        ("engine.topics", "import orjson\nfrom .errors import Denied\nfrom .models.common import Side"),
        ("engine.broker.fill_models", "import numpy as np\ndef f(g: np.random.Generator):\n    return g.normal()"),
        (
            "engine.broker.fill_models",
            "import random\ndef f(g: random.Random | None) -> random.Random:\n    x: random.Random",
        ),
        ("engine.market.bars", "from numpy.random import Philox, Generator\nGenerator(Philox(key=7))"),
        ("engine.market.bars", "from datetime import datetime, time, UTC\ndatetime.fromtimestamp(0, UTC)"),
        ("engine.models.common", "class Bar:\n    time: int\nbar = Bar()\nprint(bar.time, bar.now)"),
    ],
)
def test_usual_import_is_allowed(module: str, source: str) -> None:
    assert faults(source, module) == []
