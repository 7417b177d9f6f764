"""A proxy between the script and a server: it passes everything on, changed by one planted fault."""

import asyncio
import json

from tornado.httpclient import AsyncHTTPClient, HTTPRequest
from tornado.web import Application, RequestHandler
from tornado.websocket import WebSocketClientConnection, WebSocketHandler, websocket_connect

from tests.server.conformance.planting import Answer, Change, Json, Link

Recording = list[list[Json]]
"""The messages of each connection, in the order of the connections."""


class CallHandler(RequestHandler):
    """Passes a REST call on."""

    def initialize(self, upstream: str, change: Change) -> None:
        self._upstream, self._change = upstream, change

    async def _pass(self) -> None:
        method, path = str(self.request.method), self.request.uri or ""
        request = HTTPRequest(
            f"http://{self._upstream}{path}",
            method=method,
            headers={"Content-Type": "application/json"},
            body=self.request.body or None,
            allow_nonstandard_methods=True,
        )
        found = await AsyncHTTPClient().fetch(request, raise_error=False)
        media_type = found.headers.get("Content-Type", "")
        status, media_type, body = self._change.answer(
            method, path, Answer(found.code, media_type, json.loads(found.body))
        )
        self.set_status(status)
        self.set_header("Content-Type", media_type)
        await self.finish(json.dumps(body))

    get = post = put = delete = _pass


class StreamProxy(WebSocketHandler):
    """Passes the messages of one connection on."""

    def initialize(self, upstream: str, change: Change, recording: Recording) -> None:
        self._upstream, self._change, self._recording = upstream, change, recording
        self._link, self._messages = Link(), list[Json]()
        self._server: WebSocketClientConnection | None = None

    async def open(self, *_: str, **__: str) -> None:
        self._recording.append(self._messages)
        url = f"ws://{self._upstream}/api/v1/ws"
        self._server = await websocket_connect(url, on_message_callback=self._pass_down)

    async def on_message(self, message: str | bytes) -> None:
        while self._server is None:
            await asyncio.sleep(0)
        await self._server.write_message(message)

    def on_close(self) -> None:
        if self._server is not None:
            self._server.close()

    def _pass_down(self, text: str | bytes | None) -> None:
        if text is None:
            self.close()
            return
        message = json.loads(text)
        self._messages.append(message)
        for one in self._change.passed(self._link, message):
            if self.ws_connection is not None:
                self.write_message(json.dumps(one))


def make_proxy(upstream: str, change: Change, recording: Recording) -> Application:
    """Return the application of a proxy for the server at `host:port`."""
    options = {"upstream": upstream, "change": change}
    return Application([("/api/v1/ws", StreamProxy, options | {"recording": recording}), ("/.*", CallHandler, options)])
