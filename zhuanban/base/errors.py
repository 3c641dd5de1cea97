"""The expected ways of saying no. Anything else that is raised is a bug."""


class Refusal(Exception):
    """The request was understood and is declined.

    `code` is stable and meant for machines and tests; `status` is what HTTP says; the message is Chinese and
    meant for the person at the screen. Only base.ui.http and trail.gate.asgi turn a refusal into HTTP.
    """

    code = "REFUSED"
    status = 409


class NotFound(Refusal):
    """No such row, or one that is not the asker's to see: both look alike."""

    code = "NOT_FOUND"
    status = 404


class Forbidden(Refusal):
    """The asker may not do this at all, whatever the row."""

    code = "FORBIDDEN"
    status = 403


class SignInFirst(Refusal):
    """Nobody is signed in, or the sign-in has run out."""

    code = "SIGN_IN_FIRST"
    status = 401


class Busy(Refusal):
    """More is asked than can be done now; try again after `retry_after` seconds."""

    code = "BUSY"
    status = 503

    def __init__(self, message: str, *, retry_after: int = 2) -> None:
        super().__init__(message)
        self.retry_after = retry_after
