"""Changes that are told, and numbered at once, as a process does that is in a hurry."""

from collections.abc import Sequence

from services.notification.domain.changes import Change
from services.notification.store.live import Live


async def add(live: Live, workspace_id: str, changes: Sequence[Change]) -> int | None:
    """Leave what is news, and give it its numbers; None where nothing was, or another took it along."""
    return await live.number(workspace_id) if await live.put_news(workspace_id, changes) else None
