"""How Tornado's own handlers answer here, page and socket alike: security headers, the request's id, problem bodies.

The REST handlers have a base of their own, base.py, and answer the same.
"""

from functools import cached_property
from typing import Any

from tornado.web import RequestHandler

from handlers.admission import SECURITY_HEADERS, request_id_of
from handlers.errors import EXPECTED, MEDIA_TYPE, ApiError, problem, status_of
from handlers.services import Services


class Answering(RequestHandler):
    """Base of the handlers that Tornado runs.

    Attributes:
        services: What the server composed.
    """

    services: Services

    @cached_property
    def request_id(self) -> str:
        """Names the request in the answer and in the logs."""
        return request_id_of(self.request.headers)

    def set_default_headers(self) -> None:
        """Keep answers out of caches and guesses, and name the request."""
        for name, value in SECURITY_HEADERS.items():
            self.set_header(name, value)
        self.set_header("Cache-Control", "no-store")
        self.set_header("X-Request-ID", self.request_id)
        # The connection writes the one; the other is nobody's business.
        for name in ("Date", "Server"):
            self.clear_header(name)

    def log_exception(self, typ: Any, value: BaseException | None, tb: Any) -> None:
        """Log what is a defect; refusals are not."""
        if not isinstance(value, EXPECTED):
            super().log_exception(typ, value, tb)

    def send_error(self, status_code: int = 500, **kwargs: Any) -> None:
        """Answer with the status that the error calls for."""
        error = kwargs["exc_info"][1] if "exc_info" in kwargs else None
        super().send_error(status_of(error, status_code) if error is not None else status_code, **kwargs)

    def write_error(self, status_code: int, **kwargs: Any) -> None:
        """Write the problem body."""
        error = kwargs["exc_info"][1] if "exc_info" in kwargs else None
        for name, value in self.services.admission.sharing(self.request.headers).items():
            self.set_header(name, value)
        if isinstance(error, ApiError):
            for name, value in error.headers.items():
                self.set_header(name, value)
        if status_code == 405:
            self.set_header("Allow", ", ".join(self.allowed_methods()))
        self.set_header("Content-Type", MEDIA_TYPE)
        self.finish(problem(status_code, error))

    @classmethod
    def allowed_methods(cls) -> list[str]:
        """Return the methods that this address answers."""
        names = cls.SUPPORTED_METHODS
        return [name for name in names if getattr(cls, name.lower()) is not getattr(RequestHandler, name.lower())]
