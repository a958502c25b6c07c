"""Which banners somebody sees: by the queue's lead as it is now, so that none hangs for a user who left."""

from collections.abc import Callable

from services.notification.store.banners import Banner, Banners
from services.notification.usecases.circles import leads_of
from shared.contracts.queues import QueueStateV1
from shared.web.access import AccessBook


class MyBanners:
    """Reads one user's."""

    def __init__(self, banners: Banners, access: AccessBook, queue: Callable[[str, str], QueueStateV1 | None]) -> None:
        self._banners = banners
        self._access = access
        self._queue = queue

    async def of(self, workspace_id: str, user_id: str) -> tuple[list[tuple[Banner, str]], int]:
        """Return somebody's banners, each with its queue's name, and how many there are."""
        names: dict[str, str] = {}
        for queue_id in await self._banners.queues(workspace_id):
            queue = self._queue(workspace_id, queue_id)
            leads = leads_of(self._access, queue) if queue else self._access.admins_of(workspace_id)
            if user_id in leads:
                names[queue_id] = queue.name if queue else queue_id
        if not names:
            return [], 0
        found, total = await self._banners.of(workspace_id, list(names))
        return [(banner, names[banner.queue_id]) for banner in found], total
