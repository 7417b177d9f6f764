"""Logs: one line for each record, as text or as JSON, written by a thread so that a blocked pipe cannot block the loop.

Messages have the form `words key=%s key=%s`. The JSON form takes keys from the template and values from the arguments.
Tokens and request bodies are never arguments. Called by `server/main.py`.
"""

import logging
import re
import sys
import time
from functools import cache
from queue import SimpleQueue
from threading import Thread
from typing import Any, TextIO

import orjson

MAX_WAITING = 20_000
MAX_LINES = 500
STOP_TIMEOUT_S = 1.0
PAIR = re.compile(r"(\w+)=(%[-+# 0]*[\d.]*[sdrfaxg])")
CONTROL = {code: f"\\x{code:02x}" for code in [*range(32), 127, *range(128, 160)]} | {10: "\\n", 13: "\\r", 9: "\\t"}
CONTROL |= {0x2028: "\\u2028", 0x2029: "\\u2029"}
JSON_CONTROL = {code: f"\\u{code:04x}" for code in [*range(127, 160), 0x2028, 0x2029]}


@cache
def parts_of(template: str) -> tuple[str, tuple[str, ...]] | None:
    """Return the words and the keys of a template; None when an argument has no key."""
    keys = tuple(match[1] for match in PAIR.finditer(template))
    if template.replace("%%", "").count("%") != len(keys):
        return None
    return PAIR.sub("", template).replace("%%", "%").strip().rstrip(":").strip(), keys


class TextFormatter(logging.Formatter):
    """`TIME LEVEL logger words key=value`, with control characters escaped; a traceback follows on separate lines."""

    converter = staticmethod(time.gmtime)
    default_time_format = "%Y-%m-%dT%H:%M:%S"
    default_msec_format = "%s.%03d+00:00"

    def __init__(self) -> None:
        super().__init__("%(asctime)s %(levelname)s %(name)s %(message)s")

    def formatMessage(self, record: logging.LogRecord) -> str:  # noqa: N802 - the name is logging's
        """Return the line of a record without its traceback."""
        return super().formatMessage(record).translate(CONTROL)


class JsonFormatter(TextFormatter):
    """One JSON object on each line: time, level, logger, message, and the keys of the message."""

    def format(self, record: logging.LogRecord) -> str:
        """Return the line of a record."""
        entry: dict[str, Any] = {"time": self.formatTime(record), "level": record.levelname, "logger": record.name}
        parts = parts_of(record.msg) if isinstance(record.msg, str) else None
        if parts is not None and isinstance(record.args, tuple) and len(record.args) == len(parts[1]):
            entry["message"] = parts[0]
            entry |= {key: value for key, value in zip(parts[1], record.args, strict=True) if key not in entry}
        else:
            entry["message"] = record.getMessage()
        if record.exc_info:
            entry["traceback"] = self.formatException(record.exc_info)
        return orjson.dumps(entry, default=str, option=orjson.OPT_NON_STR_KEYS).decode().translate(JSON_CONTROL)


class Writer(logging.Handler):
    """Queues records for a thread that formats and writes them.

    Args:
        stream: Output of the thread.
        max_waiting: Records that may wait for a slow reader; more are dropped.
        stop_timeout_s: Longest wait of `close` for the thread.

    Attributes:
        dropped: Number of records that were dropped.
    """

    def __init__(self, stream: TextIO, max_waiting: int = MAX_WAITING, stop_timeout_s: float = STOP_TIMEOUT_S) -> None:
        super().__init__()
        self._stream = stream
        self._max_waiting = max_waiting
        self._stop_timeout_s = stop_timeout_s
        self._waiting: SimpleQueue[logging.LogRecord | None] = SimpleQueue()
        self.dropped = 0
        self._thread = Thread(target=self._run, name="logs", daemon=True)
        self._thread.start()

    def emit(self, record: logging.LogRecord) -> None:
        """Queue a record."""
        if self._waiting.qsize() < self._max_waiting:
            self._waiting.put(record)
        else:
            self.dropped += 1

    def close(self) -> None:
        """Write the waiting records, but wait no longer than the timeout."""
        self._waiting.put(None)
        self._thread.join(self._stop_timeout_s)
        super().close()

    def _run(self) -> None:
        lines: list[str] = []
        while (record := self._waiting.get()) is not None:
            lines.append(self._line(record))
            if len(lines) == MAX_LINES or self._waiting.empty():
                self._write(lines)
                lines.clear()
        self._write(lines)

    def _line(self, record: logging.LogRecord) -> str:
        try:
            return self.format(record) + "\n"
        except Exception:
            return f"{record.levelname} {record.name} a record cannot be written msg={record.msg!r}\n"

    def _write(self, lines: list[str]) -> None:
        try:
            self._stream.write("".join(lines))
            self._stream.flush()
        except (OSError, ValueError):
            self.dropped += len(lines)


def configure(level: str, log_format: str) -> Writer:
    """Send all logs to standard error; returns the writer, which the caller closes at the end."""
    # No format uses these fields, so logging does not collect them.
    logging.logThreads = logging.logProcesses = logging.logMultiprocessing = False
    logging._srcfile = None
    writer = Writer(sys.stderr)
    writer.setFormatter(JsonFormatter() if log_format == "json" else TextFormatter())
    logging.basicConfig(level=level.upper(), handlers=[writer], force=True)
    return writer
