"""Starts the program: `trading-pro` and `python -m trading_pro`, in the installed package and in a checkout.

The modules of the program are called `engine`, `handlers` and `server`. Only this process has their folder in its
import path, so these names do not collide with those of other packages. `server/main.py` is the program.
"""

import sys
from pathlib import Path

PACKAGE = Path(__file__).parent


def program_folder() -> Path:
    """Return the folder that contains engine, handlers, server and static: of the wheel, or of the checkout."""
    installed = PACKAGE / "program"
    return installed if installed.is_dir() else PACKAGE.parent


def main() -> int:
    """Run the program with the arguments of the process; returns its exit status."""
    sys.path.insert(0, str(program_folder()))
    from server.main import main as run

    return run(sys.argv[1:])


if __name__ == "__main__":
    sys.exit(main())
