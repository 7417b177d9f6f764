"""Where the program lies, in a checkout or in the installed package `trading_pro`, and the two things that follow.

These are its name in messages and its default data directory. `trading_pro/__main__.py` starts the installed program.
"""

from pathlib import Path

ROOT = Path(__file__).parents[1]
IS_INSTALLED = ROOT.name == "program" and (ROOT.parent / "__main__.py").exists()
COMMAND = "trading-pro" if IS_INSTALLED else "run.py"


def default_data_dir() -> Path:
    """Return `var` for a checkout, else the user's data directory of the platform."""
    if not IS_INSTALLED:
        return Path("var")
    from platformdirs import user_data_path

    return user_data_path("trading-pro", appauthor=False)
