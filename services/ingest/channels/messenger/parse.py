"""From Messenger's updates to what happened. Pure. What cannot be read is kept as unknown, beside all that can."""

from collections.abc import Callable
from datetime import datetime

from services.ingest.channels.contract import Account
from services.ingest.channels.meta.direct import take_messaging
from services.ingest.channels.meta.envelope import Read, Reader, entries, objects

OBJECT = "page"


def read_messenger(account: Account, body: bytes, now: Callable[[], datetime]) -> Read:
    """Read one webhook. Raises `MalformedError` where the envelope is not Meta's."""
    reader = Reader(account, "messenger", now)
    for entry in entries(body, OBJECT):
        if not isinstance(entry, dict):
            reader.unknown("entry", entry)
            continue
        if str(entry.get("id")) != account.account_id:
            reader.read.foreign += 1
            continue
        for item in objects(entry, "messaging"):
            take_messaging(reader, item)
        for change in objects(entry, "changes"):
            reader.unknown(str(change.get("field")) if isinstance(change, dict) else "change", change)
        if "messaging" not in entry and "changes" not in entry:
            reader.unknown("entry", entry)
    return reader.read
