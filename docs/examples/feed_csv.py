"""Feed a CSV of trades to a server that was started with `--feed external`.

Usage: python docs/examples/feed_csv.py trades.csv [http://127.0.0.1:8000] [seconds between rows, 0.2]

The file has the header `symbol,price,size`. Each row is sent as a trade of now; what the server refuses is printed.
A server that asks for tokens takes one with the admin scope from TRADING_TOKEN.
"""

import csv
import json
import os
import sys
import time
import urllib.error
import urllib.request


def publish(base: str, ticks: list[dict[str, object]]) -> None:
    """Send ticks; all of them are taken, or none."""
    headers = {"Content-Type": "application/json"}
    if token := os.environ.get("TRADING_TOKEN"):
        headers["Authorization"] = f"Bearer {token}"
    body = json.dumps({"ticks": ticks}).encode()
    request = urllib.request.Request(f"{base}/api/v1/datafeed/ticks", body, headers)
    try:
        urllib.request.urlopen(request, timeout=10).close()
    except urllib.error.HTTPError as error:
        print(json.load(error)["detail"], file=sys.stderr)


def main(path: str, base: str = "http://127.0.0.1:8000", pause_s: str = "0.2") -> None:
    """Send the file, row by row."""
    with open(path, newline="", encoding="utf-8") as file:  # noqa: PTH123
        for row in csv.DictReader(file):
            trade = {"symbol": row["symbol"], "price": float(row["price"]), "size": float(row["size"])}
            publish(base, [trade | {"time": time.time_ns() // 1_000_000}])
            time.sleep(float(pause_s))


if __name__ == "__main__":
    main(*sys.argv[1:])
