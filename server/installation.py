"""Where the program lies, in a checkout or in the installed package `trading_pro`, and its name and data directory.

The name is part of messages, and of the page where a token is needed. `trading_pro/__main__.py` starts the installed
program.
"""

from pathlib import Path

ROOT = Path(__file__).parents[1]
IS_INSTALLED = ROOT.name == "program" and (ROOT.parent / "__main__.py").exists()
COMMAND = "trading-pro" if IS_INSTALLED else "run.py"
"""Name of the program in messages."""

SHELL_COMMAND = COMMAND if IS_INSTALLED else f"python {COMMAND}"
"""Words that start the program in a shell."""


def default_data_dir() -> Path:
    """Return `var` for a checkout, else the user's data directory of the platform."""
    if not IS_INSTALLED:
        return Path("var")
    from platformdirs import user_data_path

    return user_data_path("trading-pro", appauthor=False)
