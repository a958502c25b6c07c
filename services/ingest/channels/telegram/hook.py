"""Telegram's webhook: its proof is a secret that we gave it."""

import hmac
from collections.abc import Callable, Mapping
from datetime import UTC, datetime

from services.ingest.channels.contract import Account, Headers, Parsed
from services.ingest.channels.telegram.parse import parse_update

SECRET_HEADER = b"x-telegram-bot-api-secret-token"


def _utc_now() -> datetime:
    now = datetime.now(UTC)
    return now.replace(microsecond=now.microsecond // 1000 * 1000)


class TelegramHook:
    """Reads updates. `now` dates what Telegram does not."""

    asks_by_get = False
    most_bytes = 0

    def __init__(self, now: Callable[[], datetime] = _utc_now) -> None:
        self._now = now

    def challenge(self, account: Account, query: Mapping[str, str]) -> str | None:  # noqa: ARG002 - Telegram never asks
        return None

    def is_genuine(self, account: Account, headers: Headers, body: bytes) -> bool:  # noqa: ARG002 - others sign the body
        for name, value in headers:
            if name == SECRET_HEADER:
                return hmac.compare_digest(value, account.secrets["secret"].encode())
        return False

    def parse(self, account: Account, body: bytes) -> Parsed:
        return Parsed(parse_update(account, body, self._now))
