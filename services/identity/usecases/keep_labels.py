"""Users make, rename and describe tags, contact groups and segments. Clients hold ids: none of it touches a client."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any, Generic, TypeVar

from services.identity.domain.labels import Label
from services.identity.store.labels import Labels
from services.identity.usecases.keep_contacts import now_in_millis
from shared.storage.transactions import StaleError

L = TypeVar("L", bound=Label)
ATTEMPTS = 20


class UnknownLabelError(Exception):
    """There is none with this id in this workspace."""


class MergedLabelError(Exception):
    """This label was merged into another one; `into` says which."""

    def __init__(self, into: str) -> None:
        super().__init__(into)
        self.into = into


class LabelChangedError(Exception):
    """Somebody changed the label since the caller read it; `current` is how it stands."""

    def __init__(self, current: Label) -> None:
        super().__init__(current.id)
        self.current = current


class KeepLabels(Generic[L]):
    """Stores labels of one kind."""

    def __init__(self, labels: Labels[L], clock: Callable[[], datetime] = now_in_millis) -> None:
        self._labels = labels
        self.clock = clock

    async def make(self, label: L) -> tuple[L, bool]:
        """Return the label, and whether it is new. Two who make the same one at once get one."""
        kept = await self._labels.add(label)
        return kept, kept.id == label.id

    async def get(self, workspace_id: str, id_: str) -> L:
        """Return one. Raises `UnknownLabelError`, `MergedLabelError`."""
        found = await self._labels.get(workspace_id, id_)
        if found is not None:
            return found
        into = await self._labels.merged_into(workspace_id, id_)
        raise UnknownLabelError(id_) if into is None else MergedLabelError(into)

    async def change(self, workspace_id: str, id_: str, edit: Mapping[str, Any], expected_rev: int | None) -> L:
        """Change what `edit` names. Raises the errors above and `NameTakenError`."""
        for attempt in range(ATTEMPTS):
            before = await self.get(workspace_id, id_)
            if expected_rev is not None and before.rev != expected_rev:
                raise LabelChangedError(before)
            after = replace(before, **edit)
            if after == before:
                return before
            after = replace(after, rev=before.rev + 1)
            try:
                await self._labels.write(after)
            except StaleError:
                if attempt == ATTEMPTS - 1:
                    raise
                continue
            return after
        raise AssertionError("unreachable: the last attempt returns or raises")
