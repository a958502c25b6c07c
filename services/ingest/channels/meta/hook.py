"""Meta's webhooks: an address proves itself by the verify token, an update by a signature with the app's secret."""

import hashlib
import hmac
from collections.abc import Callable, Mapping
from datetime import UTC, datetime

from services.ingest.channels.contract import Account, Headers, Parsed
from services.ingest.channels.meta.envelope import Read
from shared.observability.metrics import PASSED_OVER

SIGNATURE_HEADER = b"x-hub-signature-256"

Reading = Callable[[Account, bytes, Callable[[], datetime]], Read]
"""Reads one body. Pure: the clock is only asked for what Meta does not date."""


def signature(app_secret: str, body: bytes) -> bytes:
    """Return what Meta puts into the header: an HMAC of the raw body."""
    return b"sha256=" + hmac.digest(app_secret.encode(), body, hashlib.sha256).hex().encode()


def _utc_now() -> datetime:
    now = datetime.now(UTC)
    return now.replace(microsecond=now.microsecond // 1000 * 1000)


class MetaHook:
    """The hook of one of Meta's channels; `read` is what sets it apart."""

    asks_by_get = True
    most_bytes = 3 * 1024 * 1024
    """Meta gathers updates up to 3 MB."""

    def __init__(self, read: Reading, now: Callable[[], datetime] = _utc_now) -> None:
        self._read = read
        self._now = now

    def challenge(self, account: Account, query: Mapping[str, str]) -> str | None:
        given = query.get("hub.verify_token", "").encode(errors="replace")
        is_ours = hmac.compare_digest(given, account.secrets["verify_token"].encode())
        if query.get("hub.mode") != "subscribe" or not is_ours:
            return None
        return query.get("hub.challenge")

    def is_genuine(self, account: Account, headers: Headers, body: bytes) -> bool:
        for name, value in headers:
            if name == SIGNATURE_HEADER:
                return hmac.compare_digest(value, signature(account.secrets["app_secret"], body))
        return False

    def parse(self, account: Account, body: bytes) -> Parsed:
        read = self._read(account, body, self._now)
        if read.foreign:
            PASSED_OVER.labels(account.channel, "not_ours").inc(read.foreign)
        if read.echoes:
            PASSED_OVER.labels(account.channel, "echo").inc(read.echoes)
        return Parsed(read.events, read.people)
