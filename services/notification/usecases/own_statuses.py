"""A workspace's own statuses."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from services.notification.domain.request import CountsAs, Status
from services.notification.store.statuses import Statuses
from shared.contracts.ids import new_id

MOST = 50


@dataclass(frozen=True, slots=True)
class WantedStatus:
    """One that somebody wants; without an id it is new."""

    id: str | None
    label: Mapping[str, str]
    counts_as: CountsAs


class UnknownStatusError(Exception):
    """There is no own status with this id; the argument says which of those given it was."""

    def __init__(self, place: int) -> None:
        super().__init__(place)
        self.place = place


class OwnStatuses:
    """Reads and replaces them as a whole."""

    def __init__(self, statuses: Statuses) -> None:
        self._statuses = statuses

    async def of(self, workspace_id: str) -> tuple[list[Status], int]:
        return await self._statuses.of(workspace_id)

    async def replace(self, workspace_id: str, wanted: Sequence[WantedStatus], rev: int) -> tuple[list[Status], int]:
        """Make these the own ones. What is not among them is kept as removed: requests may still have it.

        Raises `UnknownStatusError`, and `StaleError` where somebody was faster.
        """
        known = {one.id: one for one in (await self._statuses.of(workspace_id))[0] if not one.built_in}
        own: dict[str, Status] = {}
        for place, one in enumerate(wanted):
            if one.id is not None and (one.id not in known or one.id in own):
                raise UnknownStatusError(place)
            id_ = one.id or new_id("st")
            own[id_] = Status(id_, dict(one.label), one.counts_as)
        removed = [replace(one, removed=True) for id_, one in known.items() if id_ not in own]
        await self._statuses.save(workspace_id, [*own.values(), *removed], rev)
        return await self._statuses.of(workspace_id)
