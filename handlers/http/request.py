"""One HTTP request as the handlers see it: what was asked, by whom, and nothing of how it came.

Built by the connection from parsed bytes; read by the admission and the handlers.
"""

from urllib.parse import parse_qsl

from handlers.admission import given_id
from handlers.errors import ApiError

MAX_ARGUMENTS = 100


class Headers(dict[str, str]):
    """Header fields by their lower-case names; a repeated field is one value, joined by commas.

    Source: RFC 9110, sections 5.1 to 5.3.
    """

    def get(self, name: str, default: str = "") -> str:  # type: ignore[override]
        """Return a field's value, whatever the case of `name`."""
        return super().get(name.lower(), default)

    def __contains__(self, name: object) -> bool:
        """Whether a field is there, whatever the case of `name`."""
        return super().__contains__(name.lower() if isinstance(name, str) else name)


class Request:
    """What a client asked.

    Args:
        method: As on the wire, upper case.
        target: The request target as it came.
        version: "1.0" or "1.1".
        headers: The fields.
        remote_ip: The other end of the socket.

    Attributes:
        path: The target up to its query, still percent-encoded.
        query: The target's query, still encoded.
        given_id: The id that a proxy or client gave it, "" without a plain one.
        admitted_by: The admission that let the head in, once it has: it would do so again, and looks at the rest only.
    """

    __slots__ = (
        *(
            "_arguments",
            "admitted_by",
            "given_id",
            "headers",
            "method",
            "path",
            "query",
            "remote_ip",
            "target",
            "version",
        ),
    )

    def __init__(self, method: str, target: str, version: str, headers: Headers, remote_ip: str) -> None:
        self.method = method
        self.target = target
        self.version = version
        self.headers = headers
        self.remote_ip = remote_ip
        self.path, _, self.query = target.partition("?")
        self.given_id = given_id(headers)
        self.admitted_by: object = None
        self._arguments: dict[str, str] | None = None

    @property
    def is_waiting_for_go(self) -> bool:
        """Whether the client sends its body only when it is told to. Source: RFC 9110, section 10.1.1."""
        return self.version == "1.1" and self.headers.get("Expect").lower() == "100-continue"

    @property
    def arguments(self) -> dict[str, str]:
        """The query's fields; the last of repeated values counts. Raises: ApiError 400 when it cannot be read."""
        if self._arguments is None:
            self._arguments = self._read_query() if self.query else {}
        return self._arguments

    def _read_query(self) -> dict[str, str]:
        try:
            pairs = parse_qsl(self.query, keep_blank_values=True, errors="strict", max_num_fields=MAX_ARGUMENTS)
        except ValueError:
            raise ApiError(400, f"the query is not UTF-8, or has more than {MAX_ARGUMENTS} fields") from None
        return dict(pairs)
