"""Telegram's side of a connection: who the bot is, and where its updates go."""

from dataclasses import dataclass
from typing import Any

import aiohttp

ALLOWED_UPDATES = ["message", "edited_message", "callback_query", "my_chat_member"]
TIMEOUT = aiohttp.ClientTimeout(total=10)


@dataclass(frozen=True)
class Bot:
    """What getMe tells."""

    id: str
    name: str
    username: str | None


class TelegramRefusedError(Exception):
    """Telegram answered with an error of its own; the words are Telegram's."""

    def __init__(self, code: int, description: str) -> None:
        super().__init__(f"{code} {description}")
        self.code = code
        self.description = description


class TelegramAwayError(Exception):
    """Telegram could not be reached."""


class TelegramAccounts:
    """Calls the Bot API for connections. `base` is https://api.telegram.org, or the sandbox's address."""

    def __init__(self, base: str) -> None:
        self._base = base.rstrip("/")

    async def who_is(self, token: str) -> Bot:
        """Ask whose token this is. Raises `TelegramRefusedError` (401: nobody's) or `TelegramAwayError`."""
        me = await self._call(token, "getMe", {})
        return Bot(id=str(me["id"]), name=me.get("first_name", ""), username=me.get("username"))

    async def send_updates_to(self, token: str, url: str, secret: str) -> None:
        """Have updates sent to an address, with a secret that proves they are Telegram's."""
        await self._call(
            token,
            "setWebhook",
            {"url": url, "secret_token": secret, "allowed_updates": ALLOWED_UPDATES, "max_connections": 40},
        )

    async def _call(self, token: str, method: str, body: dict[str, Any]) -> dict[str, Any]:
        try:
            async with (
                aiohttp.ClientSession(timeout=TIMEOUT) as session,
                session.post(f"{self._base}/bot{token}/{method}", json=body, allow_redirects=False) as response,
            ):
                answer: dict[str, Any] = await response.json(content_type=None)
        except (aiohttp.ClientError, TimeoutError, ValueError) as error:
            raise TelegramAwayError(type(error).__name__) from None  # the address holds the token
        if not answer.get("ok"):
            raise TelegramRefusedError(int(answer.get("error_code", 0)), str(answer.get("description", "")))
        result = answer.get("result")
        return result if isinstance(result, dict) else {}
