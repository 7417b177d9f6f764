"""FastAPI on uvicorn with a handler that does nothing: it reads no body, checks nothing, and answers a constant."""

import sys

import uvicorn
import uvloop
from fastapi import FastAPI

from bench.peers.common import listening, tcp_listener

app = FastAPI()


@app.post("/api/v1/broker/orders")
async def place_order() -> dict[str, str]:
    return {"orderId": "1"}


async def main() -> None:
    listener = tcp_listener()
    listening(listener.getsockname()[1])
    await uvicorn.Server(uvicorn.Config(app, log_level="error")).serve(sockets=[listener])


try:
    uvloop.run(main())
except KeyboardInterrupt:
    sys.exit(0)
