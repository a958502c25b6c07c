"""The live stream's words, as server-sent events (the WHATWG's HTML standard, §9.2)."""

import json

from services.notification.domain.changes import Numbered

HEARTBEAT = b": still here\n\n"
RESET = b"event: reset\ndata: {}\n\n"
BYE = b"event: bye\ndata: {}\n\n"


def ready(newest: int) -> bytes:
    """Say that the line is open, and the newest number so far."""
    return b'event: ready\ndata: {"n": %d}\n\n' % newest


def change(numbered: Numbered) -> bytes:
    """Say what changed. Its number is the event's id: a line that breaks is taken up after it."""
    found = numbered.change
    data = json.dumps(
        {
            "n": numbered.n,
            "kind": found.kind,
            "id": found.id,
            "client_id": found.client_id,
            "registered": found.registered,
            "rev": found.rev,
            "created": found.created,
        }
    )
    return f"id: {numbered.n}\nevent: change\ndata: {data}\n\n".encode()
