"""FastAPI on uvicorn that stores each order in SQLite, one commit each, and answers its number; it decides nothing.

Started with a path: SQLite as it comes, with a rollback journal, as a tutorial would write it. With `--wal` behind the
path: a write-ahead log with `synchronous=FULL`, as somebody who has read SQLite's manual would.
"""

import argparse
import sqlite3

import uvicorn
import uvloop
from fastapi import FastAPI
from pydantic import BaseModel

from bench.peers.common import listening, tcp_listener

app = FastAPI()


class Order(BaseModel):
    symbol: str
    type: int
    side: int
    qty: float


@app.post("/api/v1/broker/orders")
async def place_order(order: Order) -> dict[str, str]:
    database: sqlite3.Connection = app.state.database
    row = database.execute("INSERT INTO orders (body) VALUES (?)", (order.model_dump_json(),))
    database.commit()
    return {"orderId": f"ORDER-{row.lastrowid}"}


async def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("path")
    parser.add_argument("--wal", action="store_true")
    chosen = parser.parse_args()
    app.state.database = database = sqlite3.connect(chosen.path)
    if chosen.wal:
        database.execute("PRAGMA journal_mode=WAL")
        database.execute("PRAGMA synchronous=FULL")
    database.execute("CREATE TABLE orders (id INTEGER PRIMARY KEY, body TEXT NOT NULL)")
    listener = tcp_listener()
    listening(listener.getsockname()[1])
    await uvicorn.Server(uvicorn.Config(app, log_level="error", access_log=False)).serve(sockets=[listener])


uvloop.run(main())
