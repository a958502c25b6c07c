"""What a workspace has names for, and what a row of names means by that."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from services.identity.domain.contact_row import ContactRow, FieldWrong
from services.identity.domain.definitions import AdditionalField, BadValueError, read_value
from services.identity.domain.facets import folded
from services.identity.domain.profile import FieldValue

Names = Mapping[str, str]
"""Ids by themselves and by their folded names."""


@dataclass(frozen=True, slots=True)
class Catalog:
    """Everything that rows may name. Only what some row names need be in it."""

    tags: Names = field(default_factory=dict[str, str])
    groups: Names = field(default_factory=dict[str, str])
    segments: Names = field(default_factory=dict[str, str])
    categories: Names = field(default_factory=dict[str, str])
    fields: Mapping[str, AdditionalField] = field(default_factory=dict[str, AdditionalField])
    """By id and by key."""


@dataclass(frozen=True, slots=True)
class Meant:
    """What a row says, its names resolved to ids."""

    row: ContactRow
    tags: tuple[str, ...] = ()
    off_tags: tuple[str, ...] = ()
    groups: tuple[str, ...] = ()
    off_groups: tuple[str, ...] = ()
    segments: tuple[str, ...] = ()
    off_segments: tuple[str, ...] = ()
    fields: Mapping[str, FieldValue] = field(default_factory=dict[str, FieldValue])
    subscriptions: Mapping[str, bool] = field(default_factory=dict[str, bool])


def name_key(name: str) -> str:
    """Fold a name as those of tags, groups, segments and categories are."""
    return folded(" ".join(name.split()))


def names_of(labels: Iterable[tuple[str, str]]) -> dict[str, str]:
    """Return ids by themselves and by their folded names; an id wins over somebody's name."""
    listed = list(labels)
    return {key: id_ for id_, key in listed} | {id_: id_ for id_, _ in listed}


def meant_by(row: ContactRow, catalog: Catalog) -> Meant | list[FieldWrong]:
    """Return what a row means, or what of it this workspace does not know."""
    reading = _Reading()
    meant = Meant(
        row=row,
        tags=reading.ids("tags", row.tags, catalog.tags),
        # a tag that nobody has made is on nobody
        off_tags=tuple(id_ for name in row.remove_tags if (id_ := _id_of(name, catalog.tags))),
        groups=reading.ids("groups", row.groups, catalog.groups),
        off_groups=reading.ids("remove_groups", row.remove_groups, catalog.groups),
        segments=reading.ids("segments", row.segments, catalog.segments),
        off_segments=reading.ids("remove_segments", row.remove_segments, catalog.segments),
        fields=reading.fields(row, catalog.fields) if row.fields else {},
        subscriptions=reading.subscriptions(row, catalog.categories) if row.subscriptions else {},
    )
    return reading.wrong or meant


class _Reading:
    def __init__(self) -> None:
        self.wrong: list[FieldWrong] = []

    def ids(self, part: str, names: Iterable[str], known: Names) -> tuple[str, ...]:
        return tuple(id_ for name in names if (id_ := self._known(part, name, known)))

    def subscriptions(self, row: ContactRow, known: Names) -> dict[str, bool]:
        found = {self._known("subscriptions", name, known): wanted for name, wanted in row.subscriptions.items()}
        return {id_: wanted for id_, wanted in found.items() if id_ is not None}

    def fields(self, row: ContactRow, known: Mapping[str, AdditionalField]) -> dict[str, FieldValue]:
        found: dict[str, FieldValue] = {}
        for name, given in row.fields.items():
            definition = known.get(name)
            if definition is None:
                self._unknown(f"fields.{name}", "additional field", name, "fields")
                continue
            try:
                value = read_value(definition, given)
            except BadValueError as error:
                self.wrong.append(FieldWrong(field=f"fields.{name}", message=str(error)))
                continue
            if value is not None:
                found[definition.id] = value
        return found

    def _known(self, part: str, name: str, known: Names) -> str | None:
        id_ = _id_of(name, known)
        if id_ is None:
            what = _CALLED[part.removeprefix("remove_")]
            self._unknown(part, what[0], name, what[1])
        return id_

    def _unknown(self, part: str, what: str, name: str, path: str) -> None:
        message = f"your workspace has no {what} {name}; GET /api/identity/{path} lists them"
        self.wrong.append(FieldWrong(field=part, message=message))


_CALLED = {
    "tags": ("tag", "tags"),
    "groups": ("contact group", "groups"),
    "segments": ("segment that is kept by hand", "segments"),
    "subscriptions": ("subscription category", "categories"),
}


def _id_of(name: str, known: Names) -> str | None:
    return known.get(name) or known.get(name_key(name))
