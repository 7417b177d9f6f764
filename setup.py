"""The wheel: package `trading_pro` that contains the program, so that no generic folder name lands in site-packages.

The folders of the checkout become `trading_pro/program/...` without a change in any file; `trading_pro/__main__.py`
starts them. Everything else about the distribution is in setup.cfg.
"""

from setuptools import find_packages, setup
from setuptools.command.build_py import build_py

FOLDERS = ("engine", "handlers", "server")
CHART = "node_modules/lightweight-charts"
PAGE = [
    *("*.html", "*.svg", "NOTICE", "css/*.css", "specs/*", "js/**/*.js", "js/**/*.mjs", "dist/*"),
    *(f"{CHART}/LICENSE", f"{CHART}/package.json", f"{CHART}/dist/lightweight-charts.standalone.production.mjs"),
]


class BuildProgram(build_py):
    """Copies the modules; this file is not one of them, although it lies beside `run.py`."""

    def find_package_modules(self, package: str, package_dir: str) -> list[tuple[str, str, str]]:
        """Return package, name and file of each module of a package."""
        return [found for found in super().find_package_modules(package, package_dir) if found[1] != "setup"]


program = [f"trading_pro.program.{name}" for name in find_packages(include=[f"{folder}*" for folder in FOLDERS])]

setup(
    cmdclass={"build_py": BuildProgram},
    packages=[*find_packages(include=["trading_pro*"]), "trading_pro.program", *program, "trading_pro.program.static"],
    package_dir={"trading_pro.program": "."},
    package_data={
        "trading_pro": ["py.typed"],
        "trading_pro.program.engine": ["**/*.json"],
        "trading_pro.program.server": ["**/*.json", "**/*.html", "bot_site/*.py"],
        "trading_pro.program.static": PAGE,
    },
)
