"""Ticks of an external feed over a socket: the same as `POST /datafeed/ticks`, with one reply per message.

Called by `handler.py`.
"""

from engine.errors import Denied
from engine.models.market.ticks import TicksRequest
from engine.topics import Payload
from handlers.errors import CODES, ApiError
from handlers.services import Services
from handlers.stream.identity import Identity

PUBLISH = "ticks.publish"
MODULE = "datafeed"


def publish(services: Services, identity: Identity, request: TicksRequest) -> Payload:
    """Publish the ticks of a message, all or none. Returns a PublishResponsePayload."""
    try:
        identity.permit_control()
        accepted = services.engine.publish_ticks(request.ticks)
    except Denied as denied:
        return _refusal(denied.reason.value, denied.message)
    except ApiError as error:
        return _refusal(CODES[error.status], str(error))
    return {"status": "ok", "message": "Published", "accepted": accepted, "code": None}


def _refusal(code: str, message: str) -> Payload:
    return {"status": "error", "message": message, "accepted": 0, "code": code}
