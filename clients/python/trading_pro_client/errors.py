"""What can go wrong, as exceptions."""


class Refused(Exception):
    """The server refused a request.

    Attributes:
        status: HTTP status.
        code: Reason code, such as "BAD_QTY_STEP"; "UNKNOWN" where the answer was no problem body.
    """

    def __init__(self, status: int, code: str, detail: str) -> None:
        super().__init__(detail)
        self.status = status
        self.code = code


class SubscriptionError(Exception):
    """The server refused a subscription, or the stream ended.

    Attributes:
        code: "REFUSED", "CLOSED", or the code of the server's error.
    """

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code


class Overrun(Exception):
    """Exact updates came faster than they were taken, and the bound was reached: the subscription has ended."""
