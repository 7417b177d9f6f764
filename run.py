"""The program; `python run.py --help` lists its options. Everything is in `server/main.py`."""

import sys

from server.main import main

if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
