"""Start and stop of an edge. Called by `server/main.py` for `--role edge`."""

from collections.abc import Callable

from server.settings import Settings


async def serve_edge(settings: Settings, _close_logs: Callable[[], None]) -> int:
    """Run an edge until SIGTERM or SIGINT; returns the exit status.

    Args:
        settings: Settings of the edge.
        _close_logs: Writes the waiting log lines; called before the process ends without returning from here.

    Raises:
        ValueError: The edge cannot be started with these settings.
    """
    raise ValueError(f"--role {settings.role} is not available yet")
