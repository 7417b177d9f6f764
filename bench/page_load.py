"""Time and traffic of loading the terminal page on a slow network, measured in a real Chromium.

Chromium delays every answer by 400 ms and receives 50 KB/s (`Network.emulateNetworkConditions`); the stream counts too.
The figures, each the median of several loads:

- *prices*: from the start of the navigation until every row of the watchlist shows a price.
- *chart*: the same until the chart shows its history.
- *requests*, *KB*: what the network carried until three seconds after the chart, without what came from the cache.
  Headers are included, and bodies are counted as compressed.

The first load has an empty cache, the reload that of the first load.

    python -m bench.page_load              # the bundle: node static/bundle.mjs
    python -m bench.page_load --source     # the files as they lie in static/
"""

import argparse
import shutil
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from statistics import median

from playwright.sync_api import Browser, CDPSession, Page, sync_playwright

from bench.page import CATALOGUE, CHROMIUM_NAMES, running_server

LATENCY_MS = 400
BYTES_PER_SECOND = 50 * 1024
TICK_MS = 200
QUIET_MS = 3000
FIRST_GOALS = {"prices": 4.0, "chart": 6.0, "requests": 25.0, "KB": 160.0}
RELOAD_GOALS = {"prices": 1.5}

OBSERVE = """
const shownAt = {};
const isShown = {
  prices: () => {
    const cells = [...document.querySelectorAll("#quotes .last")];
    return cells.length > 0 && cells.every((cell) => /\\d/.test(cell.textContent));
  },
  chart: () => /Vol.*\\d/.test(document.getElementById("chart-legend")?.textContent ?? "")
    && performance.getEntriesByType("resource").some(({ name }) => name.includes("/datafeed/bars")),
};
window.shown = new Promise((resolve) => {
  const look = () => {
    for (const [name, test] of Object.entries(isShown)) if (test()) shownAt[name] ??= performance.now() / 1000;
    if ("prices" in shownAt && "chart" in shownAt) resolve(shownAt);
    else requestAnimationFrame(look);
  };
  requestAnimationFrame(look);
});
"""


@dataclass(slots=True)
class Traffic:
    """The answers of one load that the network carried.

    Attributes:
        addresses: Their addresses, in the order of the requests' ids.
        sizes: Bytes of each.
        streamed: Bytes of the frames of the stream.
    """

    addresses: dict[str, str] = field(default_factory=dict)
    sizes: dict[str, float] = field(default_factory=dict)
    streamed: int = 0

    def follow(self, session: CDPSession) -> None:
        """Count from now on."""
        session.send("Network.enable")
        session.on("Network.requestWillBeSent", lambda event: self._sent(event["requestId"], event["request"]["url"]))
        session.on("Network.webSocketCreated", lambda event: self._received(event["requestId"], event["url"], 0))
        session.on("Network.loadingFinished", lambda event: self._finished(event["requestId"], event))
        session.on("Network.webSocketFrameReceived", lambda event: self._streamed(event["response"]["payloadData"]))

    def _sent(self, request: str, address: str) -> None:
        self.addresses[request] = address

    def _finished(self, request: str, event: dict[str, float]) -> None:
        if event["encodedDataLength"] > 0:
            self._received(request, self.addresses.get(request, "?"), event["encodedDataLength"])

    def _received(self, request: str, address: str, size: float) -> None:
        self.addresses[request] = address
        self.sizes[request] = size

    def _streamed(self, frame: str) -> None:
        self.streamed += len(frame)

    def listing(self) -> Iterator[str]:
        """Yield a line for each answer."""
        for request, size in self.sizes.items():
            yield f"{size:8.0f}  {self.addresses[request]}"

    def clear(self) -> None:
        """Forget the load before."""
        self.addresses, self.sizes, self.streamed = {}, {}, 0


def slow_down(session: CDPSession) -> None:
    """Emulate the slow network."""
    rate = BYTES_PER_SECOND
    conditions = {"offline": False, "latency": LATENCY_MS, "downloadThroughput": rate, "uploadThroughput": rate}
    session.send("Network.emulateNetworkConditions", conditions)


def measure(page: Page, traffic: Traffic) -> dict[str, float]:
    """Wait until the load is complete and return its figures; times in seconds."""
    shown: dict[str, float] = page.evaluate("shown")
    page.wait_for_timeout(QUIET_MS)
    traffic_figures = {"requests": len(traffic.sizes), "KB": sum(traffic.sizes.values()) / 1024}
    return shown | traffic_figures | {"KB of the stream": traffic.streamed / 1024}


def load_twice(browser: Browser, address: str, lists_requests: bool) -> tuple[dict[str, float], dict[str, float]]:
    """Load the page in a new profile and reload it; return the figures of both."""
    page = browser.new_context(viewport={"width": 1440, "height": 900}).new_page()
    page.add_init_script(OBSERVE)
    session, traffic = page.context.new_cdp_session(page), Traffic()
    traffic.follow(session)
    slow_down(session)
    figures = []
    for load in (lambda: page.goto(address, wait_until="commit"), lambda: page.reload(wait_until="commit")):
        traffic.clear()
        load()
        figures.append(measure(page, traffic))
        if lists_requests:
            print(*traffic.listing(), "", sep="\n")
    page.context.close()
    return figures[0], figures[1]


def report(title: str, loads: list[dict[str, float]], goals: dict[str, float]) -> bool:
    """Print the medians of several loads; returns whether the goals are met."""
    medians: dict[str, float] = {name: median(load[name] for load in loads) for name in loads[0]}
    times = "  ".join(f"{name} {medians[name]:.2f} s" for name in ("prices", "chart"))
    amounts = "  ".join(f"{medians[name]:.0f} {name}" for name in medians if name not in ("prices", "chart"))
    missed = [f"{name} {goal:g}" for name, goal in goals.items() if medians[name] > goal]
    print(f"{title}: {times}  {amounts}  {'MISSED: ' + ', '.join(missed) if missed else 'all goals met'}")
    return not missed


def main() -> None:
    """Measure and report; the exit status says whether the goals are met."""
    parser = argparse.ArgumentParser(description="Measure loading the terminal page on a slow network.")
    parser.add_argument("--source", action="store_true", help="serve the files as they lie in static/")
    parser.add_argument("--list", action="store_true", help="print every request")
    parser.add_argument("--loads", type=int, default=3, help="loads of which the median is taken (3)")
    options = parser.parse_args()
    path = next(filter(None, map(shutil.which, CHROMIUM_NAMES)), None)
    if path is None:
        raise SystemExit("no Chromium on PATH")
    more = ("--debug",) if options.source else ()
    with sync_playwright() as playwright, running_server(CATALOGUE, TICK_MS, *more) as server:
        browser = playwright.chromium.launch(executable_path=path, args=["--no-sandbox"])
        loads = [load_twice(browser, server.address, options.list) for _ in range(options.loads)]
        browser.close()
    is_first_met = report("first load", [first for first, _ in loads], FIRST_GOALS)
    is_reload_met = report("reload", [again for _, again in loads], RELOAD_GOALS)
    sys.exit(not (is_first_met and is_reload_met))


if __name__ == "__main__":
    main()
