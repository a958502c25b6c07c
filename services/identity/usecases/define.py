"""An admin says what profiles hold besides: additional fields, and subscription categories."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from services.identity.domain.definitions import (
    CATEGORIES_KEPT,
    FIELDS_KEPT,
    AdditionalField,
    Category,
    Choice,
    FieldType,
    key_from,
)
from services.identity.domain.facets import folded
from services.identity.store.stores import Stores
from services.identity.usecases.keep_contacts import now_in_millis
from shared.contracts.ids import new_id


class UnknownDefinitionError(Exception):
    """There is none with this id in this workspace."""


class DefinitionChangedError(Exception):
    """Somebody changed it since the caller read it; `current` is how it stands."""

    def __init__(self, current: AdditionalField | Category) -> None:
        super().__init__(current.id)
        self.current = current


class BadDefinitionError(Exception):
    """Something of it cannot be; `field` says what."""

    def __init__(self, field: str, message: str) -> None:
        super().__init__(message)
        self.field = field


@dataclass(frozen=True, slots=True)
class GivenChoice:
    """A choice as somebody wrote it: one that is there already by its id, a new one without."""

    id: str | None
    label: str


class DefineFields:
    """The workspace's additional fields. Raises `TakenError` where another one has the key or the name."""

    def __init__(self, stores: Stores, clock: Callable[[], datetime] = now_in_millis) -> None:
        self._fields = stores.fields
        self._clock = clock

    async def all(self, workspace_id: str) -> list[AdditionalField]:
        return await self._fields.all(workspace_id)

    async def add(
        self, workspace_id: str, name: str, key: str | None, type_: FieldType, choices: Sequence[GivenChoice]
    ) -> AdditionalField:
        """Make a field; it comes last. Raises `BadDefinitionError`."""
        there = await self._fields.all(workspace_id)
        if len(there) >= FIELDS_KEPT:
            raise BadDefinitionError("name", f"a workspace has at most {FIELDS_KEPT} fields; delete one first")
        field = AdditionalField(
            id=new_id("fd"),
            workspace_id=workspace_id,
            key=key or _free_key(name, {one.key for one in there}),
            name=name,
            type=type_,
            order=max((one.order for one in there), default=-1) + 1,
            created_at=self._clock(),
        )
        field = replace(field, choices=_choices(field, choices))
        await self._fields.add(field)
        return field

    async def change(
        self,
        workspace_id: str,
        id_: str,
        *,
        name: str | None,
        choices: Sequence[GivenChoice] | None,
        retired: bool | None,
        rev: int | None,
    ) -> AdditionalField:
        """Change what is not None. Raises `UnknownDefinitionError`, `DefinitionChangedError`, `BadDefinitionError`."""
        before = await self._fields.get(workspace_id, id_)
        if before is None:
            raise UnknownDefinitionError(id_)
        if rev is not None and rev != before.rev:
            raise DefinitionChangedError(before)
        after = replace(
            before,
            name=before.name if name is None else name,
            choices=before.choices if choices is None else _choices(before, choices),
            retired=before.retired if retired is None else retired,
        )
        if after == before:
            return before
        after = replace(after, rev=before.rev + 1)
        await self._fields.write(after)
        return after

    async def reorder(self, workspace_id: str, ids: Sequence[str]) -> list[AdditionalField]:
        """Put all fields into this order. Raises `BadDefinitionError` where it does not name each of them once."""
        there = [field.id for field in await self._fields.all(workspace_id)]
        if sorted(there) != sorted(ids):
            raise BadDefinitionError("ids", "name every field of the workspace once; GET /api/identity/fields has them")
        if there != list(ids):
            await self._fields.reorder(workspace_id, ids)
        return await self._fields.all(workspace_id)

    async def delete(self, workspace_id: str, id_: str) -> None:
        """Delete a field: what it held is shown nowhere any more. Raises `UnknownDefinitionError`."""
        if not await self._fields.end(workspace_id, id_):
            raise UnknownDefinitionError(id_)


class DefineCategories:
    """The workspace's subscription categories. Raises `TakenError` where another one has the name."""

    def __init__(self, stores: Stores, clock: Callable[[], datetime] = now_in_millis) -> None:
        self._categories = stores.categories
        self._clock = clock

    async def all(self, workspace_id: str) -> list[Category]:
        return await self._categories.all(workspace_id)

    async def add(self, workspace_id: str, name: str, description: str, *, by_default: bool) -> Category:
        """Make a category. Raises `BadDefinitionError`."""
        if len(await self._categories.all(workspace_id)) >= CATEGORIES_KEPT:
            message = f"a workspace has at most {CATEGORIES_KEPT} categories; delete one first"
            raise BadDefinitionError("name", message)
        category = Category(new_id("sc"), workspace_id, name, description, by_default, self._clock())
        await self._categories.add(category)
        return category

    async def change(
        self,
        workspace_id: str,
        id_: str,
        *,
        name: str | None,
        description: str | None,
        by_default: bool | None,
        rev: int | None,
    ) -> Category:
        """Change what is not None. Raises `UnknownDefinitionError`, `DefinitionChangedError`."""
        before = await self._categories.get(workspace_id, id_)
        if before is None:
            raise UnknownDefinitionError(id_)
        if rev is not None and rev != before.rev:
            raise DefinitionChangedError(before)
        after = replace(
            before,
            name=before.name if name is None else name,
            description=before.description if description is None else description,
            by_default=before.by_default if by_default is None else by_default,
        )
        if after == before:
            return before
        after = replace(after, rev=before.rev + 1)
        await self._categories.write(after)
        return after

    async def delete(self, workspace_id: str, id_: str) -> None:
        """Delete a category. Raises `UnknownDefinitionError`."""
        if not await self._categories.end(workspace_id, id_):
            raise UnknownDefinitionError(id_)


def _choices(field: AdditionalField, given: Sequence[GivenChoice]) -> tuple[Choice, ...]:
    """Keep the ids of choices that stay: whoever has one goes on having it under its new label."""
    if not field.has_choices:
        if given:
            raise BadDefinitionError("choices", f"a field of type {field.type} has no choices; leave them out")
        return ()
    if not given:
        raise BadDefinitionError("choices", f"a field of type {field.type} needs at least one choice")
    there = {choice.id for choice in field.choices}
    seen: set[str] = set()
    for place, one in enumerate(given):
        if one.id is not None and one.id not in there:
            raise BadDefinitionError(f"choices.{place}.id", "this field has no such choice; leave out a new one's id")
        for mark in (f"label {folded(one.label)}", *((f"id {one.id}",) if one.id else ())):
            if mark in seen:
                raise BadDefinitionError(f"choices.{place}.label", "this choice is there twice")
            seen.add(mark)
    return tuple(Choice(one.id or new_id("ch"), one.label) for one in given)


def _free_key(name: str, taken: set[str]) -> str:
    key = key_from(name)
    if key not in taken:
        return key
    return next(f"{key}_{number}" for number in range(2, FIELDS_KEPT + 3) if f"{key}_{number}" not in taken)
