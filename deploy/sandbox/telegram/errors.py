"""Telegram's refusals, in its own words and form."""

from http import HTTPStatus


class TelegramError(Exception):
    """One refusal of the Bot API."""

    def __init__(self, code: int, description: str, retry_after: int | None = None) -> None:
        super().__init__(description)
        self.code = code
        self.description = description
        self.retry_after = retry_after
        """Seconds to wait before the next request; in a 429 alone."""

    def answer(self) -> dict[str, object]:
        """Write the body of the answer."""
        body: dict[str, object] = {"ok": False, "error_code": self.code, "description": self.description}
        if self.retry_after is not None:
            body["parameters"] = {"retry_after": self.retry_after}
        return body


def bad_request(what: str) -> TelegramError:
    """400, with Telegram's prefix."""
    return TelegramError(HTTPStatus.BAD_REQUEST, f"Bad Request: {what}")


def too_many(retry_after: int) -> TelegramError:
    """429: wait so many seconds."""
    return TelegramError(
        HTTPStatus.TOO_MANY_REQUESTS, f"Too Many Requests: retry after {retry_after}", retry_after=retry_after
    )


def blocked() -> TelegramError:
    """Say that the person blocked the bot."""
    return TelegramError(HTTPStatus.FORBIDDEN, "Forbidden: bot was blocked by the user")


def deactivated() -> TelegramError:
    """Say that the person's account is gone."""
    return TelegramError(HTTPStatus.FORBIDDEN, "Forbidden: user is deactivated")


def chat_not_found() -> TelegramError:
    """Nobody of that id ever wrote to the bot."""
    return bad_request("chat not found")


def unauthorized() -> TelegramError:
    """Say that the token is not (or no longer) a bot's."""
    return TelegramError(HTTPStatus.UNAUTHORIZED, "Unauthorized")


def not_found() -> TelegramError:
    """No such method, or an address that holds no token."""
    return TelegramError(HTTPStatus.NOT_FOUND, "Not Found")
