"""Market time and trading days: `/v2/clock` and `/v2/calendar`, for the first stock of the catalogue."""

from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from engine.market.market import Market
from engine.market.sessions import EPOCH, Calendar, TradingDay
from engine.models.market.instruments import Instrument
from handlers.alpaca.base import AlpacaHandler
from handlers.errors import ApiError

MAX_DAYS = 3660
LAST_MINUTE = "23:59"


def reference(market: Market) -> Instrument:
    """Return the instrument whose trading hours are shown: the first stock, else the first instrument."""
    every = list(market.instruments.values())
    return next((one for one in every if one.type == "stock"), every[0])


def local_time(time_ms: int, zone: ZoneInfo) -> str:
    """Return an instant with the offset of a time zone, to the nanosecond, as Alpaca writes it."""
    time = datetime.fromtimestamp(time_ms / 1000, UTC).astimezone(zone).isoformat(timespec="microseconds")
    return f"{time[:26]}000{time[26:]}"


class ClockHandler(AlpacaHandler):
    """`/v2/clock`."""

    def get(self) -> None:
        """Show the time, whether the market is open, and its next open and close."""
        market, now_ms = self.engine.market, self.engine.now_ms()
        instrument = reference(market)
        zone, calendar = ZoneInfo(instrument.timezone), market.calendar(instrument.name)
        start_ms, end_ms = market.session(instrument.name, now_ms)
        is_open = start_ms <= now_ms
        next_open = calendar.next_day(calendar.day_at(now_ms).number).start_ms if is_open else start_ms
        self.reply(
            {
                "timestamp": local_time(now_ms, zone),
                "is_open": is_open,
                "next_open": local_time(next_open, zone),
                "next_close": local_time(end_ms, zone),
            }
        )


class CalendarHandler(AlpacaHandler):
    """`/v2/calendar`."""

    def get(self) -> None:
        """List the trading days from `start` to `end`, both inclusive; by default the year around today."""
        instrument = reference(self.engine.market)
        calendar = self.engine.market.calendar(instrument.name)
        today = calendar.date_of(self.engine.now_ms())
        first, last = self._day("start", today - 182), self._day("end", today + 182)
        if last - first > MAX_DAYS:
            raise ApiError(422, f"the calendar is shown for at most {MAX_DAYS} days")
        zone = ZoneInfo(instrument.timezone)
        self.reply([day_shape(day, zone) for day in trading_days(calendar, first, last)])

    def _day(self, name: str, default: int) -> int:
        """Return the number of a date in the query. Raises: ApiError 422."""
        text = self.arguments.get(name)
        if not text:
            return default
        try:
            return date.fromisoformat(text[:10]).toordinal() - EPOCH
        except ValueError:
            raise ApiError(422, f"Invalid format for parameter {name}: {text[:64]} is not a date") from None


def trading_days(calendar: Calendar, first: int, last: int) -> list[TradingDay]:
    """Return the trading days between two day numbers, both inclusive."""
    found, day = [], calendar.next_day(first - 1)
    while day.number <= last:
        found.append(day)
        day = calendar.next_day(day.number)
    return found


def day_shape(day: TradingDay, zone: ZoneInfo) -> dict[str, Any]:
    """Return a Calendar day; a close at midnight is 23:59, because the field has no 24:00."""
    open_time, close_time = (
        datetime.fromtimestamp(time_ms / 1000, UTC).astimezone(zone) for time_ms in (day.start_ms, day.end_ms)
    )
    day_date = date.fromordinal(day.number + EPOCH)
    opens = f"{open_time:%H:%M}"
    closes = LAST_MINUTE if close_time.date() > day_date else f"{close_time:%H:%M}"
    return {
        "date": day_date.isoformat(),
        "open": opens,
        "close": closes,
        "session_open": opens.replace(":", ""),
        "session_close": closes.replace(":", ""),
        "settlement_date": (day_date + timedelta(days=1)).isoformat(),
    }
