"""What a client did and what was sent to them, the newest first. Merges are read through: they moved nothing."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from services.identity.domain.activity import KINDS, Activity, ActivityKind, Period, wrote_first
from services.identity.store.activities import Place
from services.identity.store.stores import Stores
from services.identity.usecases.show_client import AbsorbedClientError, UnknownClientError

Asked = Literal["all", "campaigns", "events", "orders"]
_KINDS: dict[Asked, tuple[ActivityKind, ...]] = {
    "all": KINDS,
    "campaigns": ("campaign",),
    "events": ("event",),
    "orders": ("order",),
}
MOST_SUBJECTS = 60
"""Clients and chat contacts whose activity one list is put together of: three kinds of each are walked at once."""


@dataclass(frozen=True, slots=True)
class ActivityPage:
    """Some of it, and how much there is."""

    items: list[Activity]
    more: bool
    total: int
    total_is_exact: bool


class ShowActivity:
    """Reads a client's activity, its absorbed clients' and its chat contacts'."""

    def __init__(self, stores: Stores) -> None:
        self._stores = stores

    async def __call__(
        self,
        workspace_id: str,
        client_id: str,
        *,
        kind: Asked,
        since: datetime | None,
        until: datetime | None,
        after: Place | None,
        limit: int,
    ) -> ActivityPage:
        """Return a page. Orders are always those of all time. Raises `UnknownClientError`, `AbsorbedClientError`."""
        client = await self._stores.clients.get(workspace_id, client_id)
        if client is None:
            survivor = await self._stores.merges.survivor_of(workspace_id, client_id)
            if survivor is None:
                raise UnknownClientError(client_id)
            raise AbsorbedClientError(survivor)
        stands_for = (await self._stores.merges.stands_for(workspace_id, [client_id]))[client_id]
        subjects = (client_id, *client.chat_contact_ids, *sorted(stands_for - {client_id}))[:MOST_SUBJECTS]
        if kind == "orders":
            since = until = None
        period = Period(subjects, _KINDS[kind], since, until)
        seen = await self._seen(workspace_id, client.chat_contact_ids, period)
        rest = [one for one in seen if after is None or _place(one) > _order(after)]
        found = await self._stores.activities.page(workspace_id, period, after, limit + 1)
        items = sorted([*found, *rest], key=_place)
        total, is_exact = await self._stores.activities.count(workspace_id, period)
        return ActivityPage(items[:limit], len(items) > limit, total + len(seen), is_exact)

    async def _seen(self, workspace_id: str, ids: tuple[str, ...], period: Period) -> list[Activity]:
        """Return what the chat contacts themselves tell, and what is written nowhere else."""
        contacts = await self._stores.chat_contacts.of(workspace_id, ids) if "event" in period.kinds else []
        return [one for contact in contacts if (one := wrote_first(contact)) and period.holds(one)]


def _place(one: Activity) -> tuple[float, str]:
    return _order((one.at, one.source))


def _order(place: Place) -> tuple[float, str]:
    """Return what sorts the newest first."""
    return -place[0].timestamp(), place[1]
