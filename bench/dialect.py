"""Cost of an order through the Alpaca dialect, as a ratio to a native one: CPU time of the server.

One server and one connection; rounds of both kinds alternate. Run with `python -m bench.dialect`.
"""

import argparse
import http.client
import json
import os
from pathlib import Path

from bench.running import line, machine, median, python, start, stop, table

TICKS_PER_S = os.sysconf("SC_CLK_TCK")
NATIVE = (
    "/api/v1/broker/orders",
    {"symbol": "AAPL", "type": 1, "side": 1, "qty": 1, "limitPrice": 1.5, "duration": {"type": "GTC"}},
)
DIALECT = (
    "/alpaca/v2/orders",
    {"symbol": "AAPL", "type": "limit", "side": "buy", "qty": "1", "limit_price": "1.5", "time_in_force": "gtc"},
)


def cpu_s(pid: int) -> float:
    """Return the CPU time of a process in seconds."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / TICKS_PER_S


def place(connection: http.client.HTTPConnection, path: str, body: bytes, count: int) -> None:
    """Place orders one after the other, then cancel them."""
    for _ in range(count):
        connection.request("POST", path, body, {"Content-Type": "application/json"})
        answer = connection.getresponse()
        if answer.status != 200:
            raise RuntimeError(answer.read().decode())
        answer.read()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=8)
    parser.add_argument("--orders", type=int, default=400, help="orders of one round, at most 500")
    chosen = parser.parse_args()
    print(machine())
    server = start(python("bench.peers.ours_rest"))
    costs: dict[str, list[float]] = {"native": [], "dialect": []}
    try:
        connection = http.client.HTTPConnection("127.0.0.1", line(server)["port"])
        for _ in range(chosen.rounds):
            for name, (path, order) in (("native", NATIVE), ("dialect", DIALECT)):
                before = cpu_s(server.pid)
                place(connection, path, json.dumps(order).encode(), chosen.orders)
                costs[name].append(1e6 * (cpu_s(server.pid) - before) / chosen.orders)
                connection.request("DELETE", "/api/v1/broker/orders")
                connection.getresponse().read()
    finally:
        stop([server])
    pairs = zip(costs["dialect"], costs["native"], strict=True)
    rows = [[name, f"{median(found):.0f}"] for name, found in costs.items()]
    table("CPU of one order in microseconds", ("interface", "us"), rows)
    print(f"ratio {median(one / other for one, other in pairs):.2f}")


if __name__ == "__main__":
    main()
