"""Ready settings for each client of Alpaca's interface, so that none of them reaches the real venue by mistake.

A part of a map of addresses that is left out goes to the real venue, so every map is whole. `GET /alpaca/clients.json`
shows them; the launcher (`server/launcher.py`) uses them.
"""

from typing import Any

from handlers.base import ApiHandler

ANY_SECRET = "any"


def clients(host: str, is_secure: bool, key_id: str) -> dict[str, Any]:
    """Return the settings by client, for a server at `host`, such as "127.0.0.1:8000"."""
    base = f"{'https' if is_secure else 'http'}://{host}/alpaca"
    stream = f"{'wss' if is_secure else 'ws'}://{host}/alpaca"
    return {
        "alpaca-py": {
            "api_key": key_id,
            "secret_key": ANY_SECRET,
            "url_override": {
                **dict.fromkeys(("TradingClient", "StockHistoricalDataClient", "CryptoHistoricalDataClient"), base),
                "TradingStream": f"{stream}/stream",
                "StockDataStream": f"{stream}/v2/iex",
                "CryptoDataStream": f"{stream}/v1beta3/crypto/us",
            },
        },
        "alpaca-trade-api": {
            "environment": {
                "APCA_API_KEY_ID": key_id,
                "APCA_API_SECRET_KEY": ANY_SECRET,
                "APCA_API_BASE_URL": base,
                "APCA_API_DATA_URL": base,
                "APCA_API_STREAM_URL": stream,
            }
        },
        "ccxt": {
            "apiKey": key_id,
            "secret": ANY_SECRET,
            "urls": {
                "api": {
                    **dict.fromkeys(("trader", "market", "broker"), base),
                    "ws": {"crypto": f"{stream}/v1beta2/crypto", "trading": f"{stream}/stream"},
                }
            },
        },
    }


class ClientsHandler(ApiHandler):
    """`/alpaca/clients.json`: the key is the default account; with tokens, the secret is one of them."""

    needs = "nothing"

    def get(self) -> None:
        """Show the settings for the address that the client used."""
        host = self.request.headers.get("Host", "")
        key_id = self.engine.account(None).id
        self.reply(clients(host, self.request.protocol == "https", key_id))
