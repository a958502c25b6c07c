"""The live stream's words, as server-sent events (the WHATWG's HTML standard, §9.2)."""

import json
from dataclasses import dataclass

from services.notification.domain.changes import Numbered

HEARTBEAT = b": still here\n\n"
RESET = b"event: reset\ndata: {}\n\n"
BYE = b"event: bye\ndata: {}\n\n"


def ready(newest: int) -> bytes:
    """Say that the line is open, and the newest number so far."""
    return b'event: ready\ndata: {"n": %d}\n\n' % newest


def mark(n: int) -> bytes:
    """Say that everything up to a number was told, though the last of it was for others."""
    return b'id: %d\nevent: mark\ndata: {"n": %d}\n\n' % (n, n)


@dataclass(frozen=True, slots=True)
class Line:
    """A change as it is said, made once for all who listen, and whom it is for."""

    n: int
    said: bytes
    queue_id: str | None
    to: tuple[str, ...] | None

    @property
    def is_open(self) -> bool:
        """Whether it is for everybody."""
        return self.queue_id is None and self.to is None


def line(numbered: Numbered) -> Line:
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
            "queue_id": found.queue_id,
        }
    )
    said = f"id: {numbered.n}\nevent: change\ndata: {data}\n\n".encode()
    return Line(numbered.n, said, found.queue_id, found.to)
