"""Telegram's side of a connection: whose the token is, and where the bot's updates go."""

import secrets as randomness
from collections.abc import Mapping, Sequence
from typing import Any

import aiohttp

from services.ingest.channels.contract import Account, AccountRefusedError, Identity, Paste, ProviderAwayError

ALLOWED_UPDATES = ["message", "edited_message", "callback_query", "my_chat_member"]
TIMEOUT = aiohttp.ClientTimeout(total=10)
_UNAUTHORISED = (401, 404)
"""How Telegram says that a token is nobody's."""


class TelegramAccounts:
    """Calls the Bot API for connections. `base` is https://api.telegram.org, or the sandbox's address."""

    needs = frozenset({"token"})
    may_have: frozenset[str] = frozenset()
    settings: frozenset[str] = frozenset()

    def __init__(self, base: str) -> None:
        self._base = base.rstrip("/")

    def made_secrets(self) -> Mapping[str, str]:
        return {"secret": randomness.token_urlsafe(32)}

    async def who_is(self, secrets: Mapping[str, str], settings: Mapping[str, Any]) -> Identity:  # noqa: ARG002 - others have some
        try:
            me = await self._call(secrets["token"], "getMe", {})
        except BotApiError as error:
            if error.code in _UNAUTHORISED:
                words = "Telegram does not know this token; copy it again from @BotFather"
                raise AccountRefusedError("token", words) from error
            raise ProviderAwayError(f"Telegram answered {error.description}") from error
        return Identity(str(me["id"]), me.get("first_name", ""), me.get("username"))

    async def point_here(self, account: Account, url: str) -> bool:
        body = {
            "url": url,
            "secret_token": account.secrets["secret"],
            "allowed_updates": ALLOWED_UPDATES,
            "max_connections": 40,
        }
        try:
            await self._call(account.secrets["token"], "setWebhook", body)
        except BotApiError as error:
            words = f"{error.description}. Telegram needs a public https address: set KITH_PUBLIC_URL."
            raise ProviderAwayError(words) from error
        return True

    def to_paste(self, account: Account, url: str) -> Sequence[Paste]:  # noqa: ARG002 - Telegram is told by us
        return ()

    async def _call(self, token: str, method: str, body: dict[str, Any]) -> dict[str, Any]:
        try:
            async with (
                aiohttp.ClientSession(timeout=TIMEOUT) as session,
                session.post(f"{self._base}/bot{token}/{method}", json=body, allow_redirects=False) as response,
            ):
                answer: dict[str, Any] = await response.json(content_type=None)
        except (aiohttp.ClientError, TimeoutError, ValueError):
            # the address holds the token, so the error itself is not told
            raise ProviderAwayError("Telegram could not be reached. Switch the connection on again to retry.") from None
        if not answer.get("ok"):
            raise BotApiError(int(answer.get("error_code", 0)), str(answer.get("description", "")))
        result = answer.get("result")
        return result if isinstance(result, dict) else {}


class BotApiError(Exception):
    """Telegram answered with an error of its own; the words are Telegram's."""

    def __init__(self, code: int, description: str) -> None:
        super().__init__(f"{code} {description}")
        self.code = code
        self.description = description
