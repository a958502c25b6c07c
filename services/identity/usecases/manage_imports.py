"""What users do with imports: check, run, cancel, undo, delete. The work itself is done in the background."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from services.identity.domain.csv_columns import FIELD, TARGETS
from services.identity.domain.import_rows import KEY_WORDS, DedupeOn, Existing, Plan
from services.identity.domain.imports import CHECKABLE, FORGETTABLE, RUNNABLE, UNDOABLE, Import, Status
from services.identity.store.stores import Stores
from services.identity.usecases.keep_contacts import now_in_millis


class UnknownImportError(Exception):
    """There is none with this id in this workspace."""


class NotNowError(Exception):
    """An import in this state does not take that; the message says what to do."""


class BadPlanError(ValueError):
    """What is wrong with a plan; `field` says where."""

    def __init__(self, field: str, message: str) -> None:
        super().__init__(message)
        self.field = field


@dataclass(frozen=True, slots=True)
class Wanted:
    """How a file is to be read."""

    mapping: Mapping[int, str]
    """What a column is, by its place."""
    dedupe_on: DedupeOn
    existing: Existing
    phone_country: str | None
    tags: Sequence[str]


class ManageImports:
    """Turns imports from one state to the next. Raises the errors above."""

    def __init__(self, stores: Stores, wake: Callable[[], None], clock: Callable[[], datetime] = now_in_millis) -> None:
        self._stores = stores
        self._wake = wake
        self._clock = clock

    async def get(self, workspace_id: str, id_: str) -> Import:
        found = await self._stores.imports.get(workspace_id, id_)
        if found is None:
            raise UnknownImportError(id_)
        return found

    async def check(self, workspace_id: str, id_: str, wanted: Wanted) -> Import:
        """Go through the whole file with a plan and say what it would come to. Nobody is changed."""
        there = await self.get(workspace_id, id_)
        fields = await self._stores.fields.all(workspace_id)
        plan = _plan(there, wanted, (field.id for field in fields if not field.retired))
        known = await self._stores.tags.of(workspace_id, plan.tags)
        if unknown := [tag for tag in plan.tags if tag not in known]:
            raise BadPlanError("tags", f"your workspace has no tag {', '.join(unknown)}")
        news = {"status": "checking", "plan": asdict(plan), "place": 0, "counts": {}, "started_at": self._clock()}
        return await self._turn(there, CHECKABLE, {**news, "finished_at": None, "cancel_asked": False})

    async def run(self, workspace_id: str, id_: str) -> Import:
        """Take the file in, as it was checked; one that was cancelled goes on where it stopped."""
        there = await self.get(workspace_id, id_)
        news: dict[str, Any] = {"status": "running", "cancel_asked": False, "finished_at": None}
        if there.status == "checked":
            news |= {"place": 0, "counts": {}, "started_at": self._clock()}
        return await self._turn(there, RUNNABLE, news)

    async def undo(self, workspace_id: str, id_: str) -> Import:
        """Take out again what it brought in, but for what was changed since."""
        there = await self.get(workspace_id, id_)
        if there.status in UNDOABLE and (there.kept_until is None or there.kept_until <= self._clock()):
            raise NotNowError("What this import changed is not kept any more: it can be undone for 30 days.")
        news = {"status": "undoing", "place": 0, "finished_at": None, "cancel_asked": False, "error": None}
        return await self._turn(there, UNDOABLE, news)

    async def cancel(self, workspace_id: str, id_: str) -> Import:
        """Stop after the chunk that is being written."""
        if not await self._stores.imports.ask_to_cancel(workspace_id, id_):
            there = await self.get(workspace_id, id_)
            raise NotNowError(f"This import is {there.status}: there is nothing to stop.")
        return await self.get(workspace_id, id_)

    async def remove(self, workspace_id: str, id_: str) -> None:
        """Forget a file that was not imported."""
        there = await self.get(workspace_id, id_)
        if not await self._stores.imports.remove(workspace_id, id_, FORGETTABLE):
            raise NotNowError(f"This import is {there.status}: it stays, as the record of what it did.")

    async def _turn(self, there: Import, of: Iterable[Status], fields: Mapping[str, Any]) -> Import:
        if there.status in FORGETTABLE and there.kept_until is not None and there.kept_until <= self._clock():
            raise NotNowError("This file waited for more than seven days and is not kept any more. Upload it again.")
        turned = await self._stores.imports.turn(there.workspace_id, there.id, of, fields)
        if turned is None:
            now = await self.get(there.workspace_id, there.id)
            raise NotNowError(f"This import is {now.status}: it has to be {' or '.join(sorted(of))} for that.")
        self._wake()
        return turned


def _plan(there: Import, wanted: Wanted, field_ids: Iterable[str]) -> Plan:
    known = {*TARGETS, *(f"{FIELD}{id_}" for id_ in field_ids)}
    seen: set[str] = set()
    for place, target in wanted.mapping.items():
        if not 0 <= place < len(there.columns):
            raise BadPlanError("mapping", f"the file has no column {place}; columns count from 0")
        if target not in known:
            raise BadPlanError(
                "mapping", f"{target!r} is nothing that a column can be; use one of {', '.join(TARGETS)}"
            )
        if target in seen and target != "tags":
            raise BadPlanError("mapping", f"two columns cannot both be {target}; leave one out")
        seen.add(target)
    if wanted.dedupe_on not in seen:
        raise BadPlanError(
            "dedupe_on", f"no column is the {KEY_WORDS[wanted.dedupe_on]}; map one, or choose another key"
        )
    return Plan(
        columns=tuple(sorted(wanted.mapping.items())),
        headers=tuple(column.name for column in there.columns),
        dedupe_on=wanted.dedupe_on,
        existing=wanted.existing,
        phone_country=wanted.phone_country,
        tags=tuple(dict.fromkeys(wanted.tags)),
    )
