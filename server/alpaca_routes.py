"""The table of the Alpaca dialect's addresses: paths with their handlers. `server/app.py` adds them to the routes."""

from handlers.alpaca import accounts, activities, assets, clock, orders, positions
from handlers.alpaca.base import AlpacaHandler

BASE = "/alpaca"

TRADING: dict[str, type[AlpacaHandler]] = {
    "/account": accounts.AccountHandler,
    "/account/configurations": accounts.ConfigurationsHandler,
    "/account/activities": activities.ActivitiesHandler,
    "/account/activities/{type}": activities.ActivitiesHandler,
    "/orders": orders.OrdersHandler,
    "/orders/{order_id}": orders.OrderHandler,
    "/orders:by_client_order_id": orders.OrderByClientIdHandler,
    "/positions": positions.PositionsHandler,
    "/positions/{symbol}": positions.PositionHandler,
    "/positions/{base}/{currency}": positions.PositionHandler,
    "/assets": assets.AssetsHandler,
    "/assets/{symbol}": assets.AssetHandler,
    "/assets/{base}/{currency}": assets.AssetHandler,
    "/clock": clock.ClockHandler,
    "/calendar": clock.CalendarHandler,
}


def alpaca_addresses() -> dict[str, type[AlpacaHandler]]:
    """Return the handlers of the dialect's REST interface by path."""
    return {f"{BASE}/v2{path}": handler for path, handler in TRADING.items()}
