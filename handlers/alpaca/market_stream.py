"""The streams of market data: `/v2/iex`, `/v2/sip`, `/v1beta3/crypto/us` and `/v1beta2/crypto`.

A client subscribes to channels of symbols. Each of them is a topic of the hub, whose group of subscribers frames the
updates of our own topics in Alpaca's shapes, once for all clients with the same encoding.
"""

from typing import Any, Literal

import msgpack
import orjson

from engine.core import Engine
from engine.errors import Denied
from engine.market.feeds.feed import NoPrice
from engine.models.common import WireModel
from engine.models.market.bars import BarsSubscriptionRequest
from engine.models.market.depth import DepthSubscriptionRequest
from engine.models.market.instruments import Instrument
from engine.models.market.quotes import QuoteDataSubscriptionRequest
from engine.topics import ROUTES, Topic
from handlers.alpaca.assets import find_instrument, is_crypto, symbol_of
from handlers.alpaca.formats import MINUTE_MS, time_text
from handlers.alpaca.market_shapes import (
    TAPE,
    WriteTime,
    bar_shape,
    book_shape,
    quote_shape,
    trade_shape,
)
from handlers.alpaca.sockets import AlpacaSocket, BadAction
from handlers.services import Services
from handlers.stream.channels import SubscriberGroup
from handlers.stream.frames import BINARY, TEXT, frame

STOCK_CHANNELS = ("trades", "quotes", "bars", "updatedBars", "dailyBars", "statuses")
CRYPTO_CHANNELS = ("trades", "quotes", "bars", "updatedBars", "dailyBars", "orderbooks")
SILENT_CHANNELS = ("lulds", "corrections", "cancelErrors", "news", "imbalances")
"""Channels that clients may name and that never have a message here."""

BAR_TYPES = {"bars": "b", "updatedBars": "u", "dailyBars": "d"}
ERRORS = {
    400: "invalid syntax",
    401: "not authenticated",
    402: "auth failed",
    403: "already authenticated",
    405: "symbol limit exceeded",
    410: "invalid subscribe action for this feed",
}


def encoded(messages: list[dict[str, Any]], is_msgpack: bool) -> bytes:
    """Return messages as one WebSocket frame."""
    if is_msgpack:
        return frame(msgpack.packb(messages), BINARY)
    return frame(orjson.dumps(messages), TEXT)


def msgpack_time(time_ms: int) -> msgpack.Timestamp:
    """Return epoch milliseconds as the timestamp extension of msgpack."""
    return msgpack.Timestamp(time_ms // 1000, time_ms % 1000 * 1_000_000)


class DialectGroup(SubscriberGroup):
    """The subscribers of one channel of one symbol, with one encoding.

    Args:
        topic: The topic in the hub.
        engine: Source of the current values.
        instrument: The symbol.
        channel: Alpaca's name of the channel.
        is_msgpack: The encoding.
    """

    __slots__ = ("_channel", "_engine", "_instrument", "_is_halted", "_is_msgpack", "_last", "_write_time")

    def __init__(self, topic: Topic, engine: Engine, instrument: Instrument, channel: str, is_msgpack: bool) -> None:
        super().__init__(topic)
        self._engine = engine
        self._instrument = instrument
        self._channel = channel
        self._is_msgpack = is_msgpack
        self._write_time: WriteTime = msgpack_time if is_msgpack else time_text
        self._last: object = None
        self._is_halted = False

    def frame(self, body: bytes, seq: int) -> bytes:  # noqa: ARG002 - the numbers are not shown
        """Return the frame of an update, b"" when there is nothing to send in this channel."""
        try:
            found = self._message(orjson.loads(body))
        except NoPrice:
            return b""
        if found is None:
            return b""
        kind, values = found
        return encoded([{"T": kind, "S": symbol_of(self._instrument), **values}], self._is_msgpack)

    def _message(self, payload: dict[str, Any]) -> tuple[str, dict[str, Any]] | None:
        """Return type and values of the message about an update of our own topic. Raises: NoPrice."""
        if self._channel in BAR_TYPES:
            return self._bar(payload)
        engine, instrument, now_ms = self._engine, self._instrument, self._engine.now_ms()
        if self._channel == "statuses":
            return self._status("halted" in payload.get("v", {}), now_ms)
        if self._channel == "orderbooks":
            book = book_shape(engine.view().depth(instrument.name), instrument, self._write_time)
            return "o", book | {"r": True}
        quote = engine.market.quote(instrument.name, now_ms)
        if self._channel == "quotes":
            return "q", quote_shape(quote, instrument, self._write_time)
        if quote.time_ms == self._last:
            return None
        self._last = quote.time_ms
        return "t", trade_shape(quote, instrument, self._write_time)

    def _bar(self, bar: dict[str, Any]) -> tuple[str, dict[str, Any]] | None:
        """Return a bar: `bars` has those that are complete, the other channels also the forming one."""
        if self._channel == "bars" and bar["time"] + MINUTE_MS > self._engine.now_ms():
            return None
        return BAR_TYPES[self._channel], bar_shape(bar, self._instrument, self._write_time)

    def _status(self, is_halted: bool, now_ms: int) -> tuple[str, dict[str, Any]] | None:
        if is_halted == self._is_halted:
            return None
        self._is_halted = is_halted
        code, text = ("H", "Trading Halt") if is_halted else ("T", "Trading Resumption")
        return "s", {"sc": code, "sm": text, "rc": "", "rm": "", "t": self._write_time(now_ms), "z": TAPE}


class MarketStreamHandler(AlpacaSocket):
    """One client of a market data stream."""

    def initialize(self, services: Services, market: Literal["stocks", "crypto"]) -> None:  # type: ignore[override]
        """Store the services and the market: stocks, or crypto."""
        super().initialize(services)
        self._is_crypto = market == "crypto"
        self._channels = CRYPTO_CHANNELS if self._is_crypto else STOCK_CHANNELS
        self._subscribed: dict[str, list[str]] = {channel: [] for channel in self._channels}

    def open(self, *_args: str, **_kwargs: str) -> None:
        """Register the client and confirm the connection."""
        super().open()
        if self.connection.is_open:
            self._send([{"T": "success", "msg": "connected"}])

    def on_action(self, fields: dict[str, Any]) -> None:
        """Handle `auth`, `subscribe` and `unsubscribe`. Raises: BadAction."""
        action = fields.get("action")
        if action == "auth":
            self._authenticate(fields)
        elif action not in ("subscribe", "unsubscribe"):
            raise BadAction
        elif self.login is None:
            self._error(401)
        else:
            self._change(fields, action == "subscribe")

    def on_malformed(self) -> None:
        """Answer a message that cannot be read."""
        self._error(400)

    def _authenticate(self, fields: dict[str, Any]) -> None:
        if self.login is not None:
            self._error(403)
        elif self.authenticate(fields.get("key"), fields.get("secret")):
            self._send([{"T": "success", "msg": "authenticated"}])
        else:
            self._error(402)

    def _change(self, fields: dict[str, Any], is_subscribing: bool) -> None:
        """Subscribe or unsubscribe, and list all subscriptions. Raises: BadAction."""
        if any(name not in self._channels + SILENT_CHANNELS and name != "action" for name in fields):
            self._error(410)
            return
        for channel in self._channels:
            names = fields.get(channel) or []
            if not isinstance(names, list | tuple) or not all(isinstance(name, str) for name in names):
                raise BadAction
            for instrument in self._instruments(list(names)):
                if not is_subscribing:
                    self._unsubscribe(channel, instrument)
                elif not self._subscribe(channel, instrument):
                    self._error(405)
                    return
        self._send([{"T": "subscription", **self._subscribed, **self._silent()}])

    def _silent(self) -> dict[str, list[str]]:
        return {} if self._is_crypto else {"lulds": [], "corrections": [], "cancelErrors": []}

    def _instruments(self, names: list[str]) -> list[Instrument]:
        """Return the instruments of symbols; `*` means all of the market. Unknown symbols are left out."""
        every = [one for one in self.services.engine.market.instruments.values() if is_crypto(one) == self._is_crypto]
        found: list[Instrument] = []
        for name in names:
            if name == "*":
                found += every
                continue
            try:
                instrument = find_instrument(self.services.engine, name)
            except Denied:
                continue
            if instrument in every:
                found.append(instrument)
        return found

    def _subscribe(self, channel: str, instrument: Instrument) -> bool:
        """Add a subscription. Returns False when the client has too many."""
        engine, hub, is_msgpack = self.services.engine, self.services.hub, self.is_msgpack
        topic = topic_of(channel, instrument, is_msgpack)
        if topic.text in self.connection.topics:
            return True
        if len(self.connection.topics) >= hub.limits.topics:
            return False

        def make_group(new: Topic) -> SubscriberGroup:
            return DialectGroup(new, engine, instrument, channel, is_msgpack)

        subscribed = hub.subscribe(self.connection, topic, make_group=make_group)
        engine.joined(topic, subscribed.is_first)
        self._subscribed[channel].append(symbol_of(instrument))
        return True

    def _unsubscribe(self, channel: str, instrument: Instrument) -> None:
        symbol = symbol_of(instrument)
        if symbol in self._subscribed[channel]:
            self._subscribed[channel].remove(symbol)
            self.services.hub.unsubscribe(self.connection, topic_of(channel, instrument, self.is_msgpack).text)

    def _error(self, code: int) -> None:
        self._send([{"T": "error", "code": code, "msg": ERRORS[code]}])

    def _send(self, messages: list[dict[str, Any]]) -> None:
        self.services.hub.send(self.connection, encoded(messages, self.is_msgpack))


def topic_of(channel: str, instrument: Instrument, is_msgpack: bool) -> Topic:
    """Return the topic in the hub of a channel of a symbol; it has a channel of its own there for each encoding."""
    params: WireModel
    if channel in BAR_TYPES:
        route = "bars"
        params = BarsSubscriptionRequest(symbol=instrument.name, resolution="1D" if channel == "dailyBars" else "1")
    elif channel == "orderbooks":
        route, params = "depth", DepthSubscriptionRequest(symbol=instrument.name)
    else:
        route, params = "quotes", QuoteDataSubscriptionRequest(fast_symbols=[instrument.name])
    text = f"{route}:alpaca:{'msgpack' if is_msgpack else 'json'}:{channel}:{instrument.name}"
    return Topic(text, ROUTES[route], params, text)
