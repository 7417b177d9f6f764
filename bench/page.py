"""Time from a tick until the page has painted it, and growth of the page's memory, measured in a real Chromium.

The page shows 50 symbols that all tick, a chart, the depth ladder and an open position. The figures:

- *event to paint*: from the arrival of a message in the page (`event.timeStamp`) until the frame that shows it has been
  painted, measured by `performance` in the page. Each frame that changed the page is one sample, of its oldest event.
- *tick to paint*: from the arrival of the first message of a tick until the last frame that it caused has been painted,
  with all fifty symbols.
- *server to paint*: from the server's clock at the tick (`updateTime` of the equity) until the frame that shows it has
  been painted. Both clocks are of this machine; the resolution is 1 ms.

- *main thread per tick*: CPU time of the main thread for a tick of all fifty symbols. Other work of the machine
  changes it little, so it is the figure to compare when the machine is busy.
- *busy main thread*: CPU time of the main thread as a share of the time, with seven symbols and nobody at the page.
- *heap*: read after a forced garbage collection, at a tick rate with as many ticks in a minute as 5 Hz in ten. It is
  flat when the second half of the time does not add more than `GOAL_GROWTH_MIB`.

    python -m bench.page            # three minutes
    python -m bench.page --quick    # one minute
    python -m bench.page --hour     # eight minutes; the heap over as many ticks as an hour at 5 Hz has
"""

import argparse
import json
import select
import shutil
import signal
import subprocess
import sys
import tempfile
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import Browser, CDPSession, Page, sync_playwright

ROOT = Path(__file__).parents[1]
CATALOGUE = ROOT / "engine/market/instruments.json"
CHROMIUM_NAMES = ("chromium", "chromium-browser", "google-chrome", "chromium-headless-shell")
GREETING = "listening on "
SYMBOLS = 50
TICK_MS = 200
FAST_TICK_MS = 20
START_TIMEOUT_S = 20
WAIT_MS = 20_000
GOAL_P99_MS = 50
IDLE_SYMBOLS = 7
GOAL_BUSY_SHARE = 0.08
GOAL_GROWTH_MIB = 1
HOUR_S = 3600

MEASURE = """
const PAUSE_MS = 50;
const samples = { page: [], tick: [], server: [], frames: 0 };
window.samples = samples;
let oldest = 0;
let stamp = 0;
let tick = { first: 0, last: 0, painted: 0 };
const channel = new MessageChannel();
channel.port1.onmessage = () => {
  // The task behind the frame's paint; the first of them, where the frame had several callbacks.
  if (!oldest) return;
  samples.page.push(performance.now() - oldest);
  if (stamp) samples.server.push(performance.timeOrigin + performance.now() - stamp);
  tick.painted = performance.now();
  oldest = stamp = 0;
};
const set = Object.getOwnPropertyDescriptor(WebSocket.prototype, "onmessage").set;
Object.defineProperty(WebSocket.prototype, "onmessage", { set(listener) {
  set.call(this, (event) => {
    samples.frames += 1;
    const time = /"topic":"equity:/.test(event.data) && /"updateTime":(\\d+)/.exec(event.data);
    if (time && !stamp) stamp = Number(time[1]);
    if (event.timeStamp - tick.last > PAUSE_MS) {
      if (tick.painted) samples.tick.push(tick.painted - tick.first);
      tick = { first: event.timeStamp, last: 0, painted: 0 };
    }
    tick.last = event.timeStamp;
    listener.call(this, event);
    oldest ||= event.timeStamp;
  });
} });
const written = new MutationObserver(() => {});
written.observe(document, { subtree: true, childList: true, characterData: true });
const request = window.requestAnimationFrame;
window.requestAnimationFrame = (callback) => request.call(window, (time) => {
  callback(time);
  if (oldest && written.takeRecords().length > 0) channel.port2.postMessage(0);
});
"""
"""Runs before the page's own code. A frame shows events if it changed the page. It has been painted when the message
posted from it arrives."""


@dataclass(frozen=True, slots=True)
class Server:
    """A running server, with a method to trade."""

    address: str

    def buy(self, symbol: str) -> None:
        """Open a position, so that every tick publishes profit and equity."""
        body = json.dumps({"symbol": symbol, "type": 2, "side": 1, "qty": 1}).encode()
        request = urllib.request.Request(
            f"{self.address}/api/v1/broker/orders", body, {"Content-Type": "application/json"}
        )
        urllib.request.urlopen(request, timeout=WAIT_MS / 1000).close()


def write_catalogue(folder: Path) -> tuple[Path, list[str]]:
    """Write a catalogue of `SYMBOLS` copies of the first instrument; return it and the names."""
    catalogue = json.loads(CATALOGUE.read_text())
    first = catalogue["instruments"][0]
    names = [f"SYM{number:02d}" for number in range(SYMBOLS)]
    path = folder / "instruments.json"
    instruments = [{**first, "name": name, "description": f"Symbol {name}"} for name in names]
    path.write_text(json.dumps({**catalogue, "instruments": instruments}))
    return path, names


@contextmanager
def running_server(catalogue: Path, tick_ms: int, *more: str) -> Iterator[Server]:
    """Run a separate server with this catalogue and tick, and `more` options."""
    options = ["--port", "0", "--ephemeral", "--instruments", str(catalogue), "--tick-ms", str(tick_ms)]
    options += ["--log-level", "warning", *more]
    command = [sys.executable, "run.py", *options]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout is not None
            is_ready, _, _ = select.select([process.stdout], [], [], START_TIMEOUT_S)
            line = process.stdout.readline() if is_ready else ""
            if not line.startswith(GREETING):
                raise SystemExit(f"the server said {line!r}")
            yield Server(line.removeprefix(GREETING).strip())
        finally:
            process.send_signal(signal.SIGTERM)


@contextmanager
def open_page(browser: Browser, server: Server, names: list[str], is_measured: bool = True) -> Iterator[Page]:
    """Open the page with these symbols in its watchlist, and wait until they are there."""
    context = browser.new_context(viewport={"width": 1440, "height": 900})
    page = context.new_page()
    remembered = {"trading-pro.watchlist": json.dumps(names), "trading-pro.symbol": json.dumps(names[0])}
    for name, value in remembered.items():
        page.add_init_script(f"localStorage.setItem({json.dumps(name)}, {json.dumps(value)})")
    if is_measured:
        page.add_init_script(MEASURE)
    page.goto(server.address)
    server.buy(names[0])
    page.locator("#quotes tr .last", has_text=".").nth(len(names) - 1).wait_for(timeout=WAIT_MS)
    page.locator("#positions tbody tr").wait_for(timeout=WAIT_MS)
    page.locator("#ladder-bids .level:enabled").first.wait_for(timeout=WAIT_MS)
    yield page
    context.close()


def percentile(values: list[float], share: float) -> float:
    """Return the smallest value that `share` of the values do not exceed."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))]


def report_latency(page: Page, seconds: int) -> bool:
    """Measure for `seconds` and print; return whether the goal is met."""
    session = page.context.new_cdp_session(page)
    session.send("Performance.enable", {"timeDomain": "threadTicks"})
    page.evaluate("samples.page.length = samples.tick.length = samples.server.length = samples.frames = 0")
    begun = task_seconds(session)
    page.wait_for_timeout(seconds * 1000)
    samples, busy_s = page.evaluate("samples"), task_seconds(session) - begun
    print(f"{SYMBOLS} symbols at {1000 / TICK_MS:g} Hz, {seconds} s, {samples['frames'] / seconds:.0f} messages/s")
    for name, title in (("page", "event to paint"), ("tick", "tick to paint"), ("server", "server to paint")):
        values = samples[name]
        figures = "  ".join(f"p{share * 100:g} {percentile(values, share):.1f} ms" for share in (0.5, 0.99, 1))
        print(f"{title}: {figures}  ({len(values)} paints)")
    print(f"main thread per tick: {busy_s * TICK_MS / seconds:.1f} ms of CPU time")
    return percentile(samples["page"], 0.99) <= GOAL_P99_MS


def task_seconds(session: CDPSession) -> float:
    """CPU time of the main thread so far; the domain has been enabled with thread ticks."""
    metrics = {one["name"]: one["value"] for one in session.send("Performance.getMetrics")["metrics"]}
    return float(metrics["TaskDuration"])


def report_busy(page: Page, seconds: int) -> bool:
    """Print how busy the main thread is over `seconds`; return whether the goal is met."""
    session = page.context.new_cdp_session(page)
    session.send("Performance.enable", {"timeDomain": "threadTicks"})

    def read() -> tuple[float, float]:
        return task_seconds(session), page.evaluate("performance.now() / 1000")

    page.wait_for_timeout(3000)
    (task, began), _ = read(), page.wait_for_timeout(seconds * 1000)
    task_after, ended = read()
    share = (task_after - task) / (ended - began)
    print(f"busy main thread with {IDLE_SYMBOLS} symbols: {share:.1%} of {ended - began:.0f} s")
    return share <= GOAL_BUSY_SHARE


def report_heap(page: Page, seconds: int, steps: int = 6) -> bool:
    """Print the heap after garbage collection, several times at a high tick rate; return whether it is flat."""
    session = page.context.new_cdp_session(page)
    sizes = []
    for _ in range(steps + 1):
        page.evaluate("samples.page.length = samples.tick.length = samples.server.length = 0")
        session.send("HeapProfiler.collectGarbage")
        sizes.append(session.send("Runtime.getHeapUsage")["usedSize"] / 2**20)
        if len(sizes) <= steps:
            page.wait_for_timeout(seconds * 1000 / steps)
    factor = TICK_MS / FAST_TICK_MS
    print(
        f"heap over {seconds} s at {1000 / FAST_TICK_MS:g} Hz ({seconds * factor / 60:.0f} min at 5 Hz), MiB: ", end=""
    )
    print("  ".join(f"{size:.2f}" for size in sizes))
    growth = sizes[-1] - sizes[steps // 2]
    print(f"growth of the second half: {growth:+.2f} MiB")
    return growth <= GOAL_GROWTH_MIB


def main() -> None:
    """Measure and report; the exit status says whether the goals are met."""
    parser = argparse.ArgumentParser(description="Measure the terminal page in a real Chromium.")
    parser.add_argument("--quick", action="store_true", help="a quarter of the time")
    parser.add_argument("--hour", action="store_true", help="read the heap over an hour's worth of ticks")
    options = parser.parse_args()
    seconds = 15 if options.quick else 60
    heap_seconds = HOUR_S * FAST_TICK_MS // TICK_MS if options.hour else seconds
    path = next(filter(None, map(shutil.which, CHROMIUM_NAMES)), None)
    if path is None:
        raise SystemExit("no Chromium on PATH")
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        catalogue, names = write_catalogue(Path(folder))
        browser = playwright.chromium.launch(executable_path=path, args=["--no-sandbox"])
        with running_server(catalogue, TICK_MS) as server, open_page(browser, server, names) as page:
            is_met = report_latency(page, seconds)
        idle_names = names[:IDLE_SYMBOLS]
        with (
            running_server(catalogue, TICK_MS) as server,
            open_page(browser, server, idle_names, is_measured=False) as page,
        ):
            is_idle = report_busy(page, seconds)
        with running_server(catalogue, FAST_TICK_MS) as server, open_page(browser, server, names) as page:
            page.wait_for_timeout(5000)
            is_flat = report_heap(page, heap_seconds)
        browser.close()
    print(f"p99 of event to paint below {GOAL_P99_MS} ms: {'yes' if is_met else 'NO'}")
    print(f"main thread busy at most {GOAL_BUSY_SHARE:.0%} of the time: {'yes' if is_idle else 'NO'}")
    print(f"heap grows by at most {GOAL_GROWTH_MIB} MiB: {'yes' if is_flat else 'NO'}")
    sys.exit(not (is_met and is_idle and is_flat))


if __name__ == "__main__":
    main()
