"""The words of a visitor's stream, as server-sent events (the WHATWG's HTML standard, §9.2)."""

import json
from collections.abc import Sequence
from datetime import datetime

from shared.contracts.sending import Button

HEARTBEAT = b": still here\n\n"
BYE = b"event: bye\ndata: {}\n\n"


def ready(newest: int) -> bytes:
    """Say that the line is open, and the newest number so far."""
    return b'event: ready\ndata: {"n": %d}\n\n' % newest


def message(n: int, id_: str, at: datetime, text: str, buttons: Sequence[Button]) -> bytes:
    """Tell one message. Its number is the event's id: a line that breaks is taken up after it."""
    shown = [button.model_dump() for button in buttons]
    data = json.dumps({"n": n, "id": id_, "at": at.isoformat(), "text": text, "buttons": shown})
    return f"id: {n}\nevent: message\ndata: {data}\n\n".encode()
