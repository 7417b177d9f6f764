"""Ticks of an external feed over a socket: what `POST /datafeed/ticks` does, one reply per message."""

from engine.errors import Denied
from engine.models.market.ticks import TicksRequest
from engine.topics import Payload
from handlers.errors import CODES, ApiError
from handlers.services import Services
from handlers.stream.identity import Identity

PUBLISH = "ticks.publish"
MODULE = "datafeed"


def publish(services: Services, identity: Identity, request: TicksRequest) -> Payload:
    """Take the ticks of a message, all or none; returns a PublishResponsePayload."""
    try:
        identity.control()
        accepted = services.engine.publish_ticks(request.ticks)
    except Denied as denied:
        return _refused(denied.reason.value, denied.message)
    except ApiError as refusal:
        return _refused(CODES[refusal.status], str(refusal))
    return {"status": "ok", "message": "Published", "accepted": accepted, "code": None}


def _refused(code: str, message: str) -> Payload:
    return {"status": "error", "message": message, "accepted": 0, "code": code}
