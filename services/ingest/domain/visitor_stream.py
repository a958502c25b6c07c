"""The words of a visitor's stream, as server-sent events (the WHATWG's HTML standard, §9.2)."""

import json
from collections.abc import Sequence
from datetime import datetime
from typing import Literal

from services.ingest.domain.scenario_run import OPEN_FORM
from shared.contracts.sending import Button

HEARTBEAT = b": still here\n\n"
BYE = b"event: bye\ndata: {}\n\n"


def kind_of(buttons: Sequence[Button]) -> Literal["text", "form"]:
    """Tell a message that offers the contact form from any other."""
    return "form" if any(button.data == OPEN_FORM for button in buttons) else "text"


def state(json_text: str) -> bytes:
    """Tell what the site's queue says right now."""
    return f"event: state\ndata: {json_text}\n\n".encode()


def ready(newest: int) -> bytes:
    """Say that the line is open, and the newest number so far."""
    return b'event: ready\ndata: {"n": %d}\n\n' % newest


def message(n: int, id_: str, at: datetime, text: str, buttons: Sequence[Button]) -> bytes:
    """Tell one message. Its number is the event's id: a line that breaks is taken up after it."""
    shown = [button.model_dump() for button in buttons]
    told = {"n": n, "id": id_, "at": at.isoformat(), "kind": kind_of(buttons), "text": text, "buttons": shown}
    data = json.dumps(told)
    return f"id: {n}\nevent: message\ndata: {data}\n\n".encode()
