"""What merges and suggestions are asked with, and how they are shown."""

from collections.abc import Sequence
from datetime import datetime
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from services.identity.domain.client import Client
from services.identity.domain.inputs import Id
from services.identity.domain.merging_by_hand import Side, Warned
from services.identity.domain.people import Given, Kind
from services.identity.domain.profile import Address, Location
from services.identity.usecases.merge_clients import Preview
from services.identity.usecases.merge_history import PastMerge
from shared.contracts.chat import Channel, Strength

WARNINGS: dict[Warned, str] = {
    "two_external_ids": "They signed in to the same site as two different people.",
    "two_contact_keys": "Each has a contact key of its own; only one of the keys is kept.",
    "both_verified": "Both have proved an email or a phone of their own.",
    "kept_apart": "Somebody said before that these are two people.",
}
Choices = Annotated[dict[Annotated[str, StringConstraints(min_length=1, max_length=80)], Side], Field(max_length=200)]


class _Asked(BaseModel):
    model_config = ConfigDict(extra="forbid", hide_input_in_errors=True)


class PreviewAsked(_Asked):
    """Which other client would be merged into this one."""

    other: Id
    choices: Choices = {}
    """Whose value wins, field by field; what is left out is as the merge decides."""


class MergeAsked(PreviewAsked):
    """As the preview showed it."""

    accepts: list[Warned] = []
    """The preview's warnings that you merge them in spite of."""
    rev: int | None = None
    other_rev: int | None = None
    """The revs that the preview showed, if the merge may only be made of those: 409 otherwise."""


class PersonOut(BaseModel):
    """A client in short."""

    id: str
    name: str
    surname: str | None
    email: str | None
    phone: str | None
    source: Channel | None
    registered: bool
    created_at: datetime
    rev: int


class RowOut(BaseModel):
    """One field of both, and what is left of it."""

    field: str
    survivor: str | None
    other: str | None
    after: str | None
    wins: Side
    differs: bool
    """Whether there is something to choose between."""


class WarningOut(BaseModel):
    """What speaks against their being one person."""

    code: Warned
    message: str


class PreviewOut(BaseModel):
    """Two clients, and what they would be as one. Tags, groups, segments and channels are put together."""

    survivor: PersonOut
    other: PersonOut
    rows: list[RowOut]
    warnings: list[WarningOut]
    chat_contacts: int
    """How many channels the client has then."""


class EvidenceOut(BaseModel):
    """A value that was given in a chat."""

    kind: Kind
    value: str
    strength: Strength
    how: Given
    at: datetime


class MergeOut(BaseModel):
    """A merge, as it is remembered."""

    id: str
    survivor_id: str
    absorbed_id: str
    absorbed_name: str | None
    """None once the people were deleted."""
    evidence: EvidenceOut | None
    """None where a person merged them."""
    by: str | None
    at: datetime
    undone_at: datetime | None
    undone_by: str | None
    may_be_undone: bool
    """Only the newest one that stands."""


class MergesOut(BaseModel):
    """All merges of a client, the newest first."""

    items: list[MergeOut]
    next_cursor: str | None
    total: int
    total_is_exact: bool


class MergedOut(BaseModel):
    """A merge that was just made."""

    id: str
    survivor: PersonOut
    absorbed_id: str


class UndoneOut(BaseModel):
    """Who they are again."""

    survivor: PersonOut
    restored: PersonOut


def person_out(client: Client) -> PersonOut:
    """Show a client in short."""
    email, phone = client.shown("email"), client.shown("phone")
    return PersonOut(
        id=client.id,
        name=client.name,
        surname=client.surname,
        email=email.value if email else None,
        phone=phone.value if phone else None,
        source=client.origin,
        registered=client.registered,
        created_at=client.created_at,
        rev=client.rev,
    )


def preview_out(preview: Preview) -> PreviewOut:
    """Show what a merge would come to."""
    return PreviewOut(
        survivor=person_out(preview.survivor),
        other=person_out(preview.other),
        rows=[
            RowOut(
                field=row.field,
                survivor=_text(row.survivor),
                other=_text(row.other),
                after=_text(row.after),
                wins="survivor" if row.after == row.survivor else "other",
                differs=row.differs,
            )
            for row in preview.rows
        ],
        warnings=warnings_out(preview.warnings),
        chat_contacts=len(preview.after.chat_contact_ids),
    )


def warnings_out(said: Sequence[Warned]) -> list[WarningOut]:
    """Say in words what speaks against a merge."""
    return [WarningOut(code=one, message=WARNINGS[one]) for one in said]


def merge_out(past: PastMerge) -> MergeOut:
    """Show a merge of the past."""
    kept, merge = past.kept, past.kept.merge
    evidence = merge.evidence if merge is not None else None
    absorbed = merge.absorbed if merge is not None else None
    return MergeOut(
        id=kept.id,
        survivor_id=kept.survivor_id,
        absorbed_id=kept.absorbed_id,
        absorbed_name=" ".join(filter(None, (absorbed.name, absorbed.surname))) if absorbed else None,
        evidence=None
        if evidence is None
        else EvidenceOut(
            kind=evidence.kind, value=evidence.value, strength=evidence.strength, how=evidence.how, at=evidence.at
        ),
        by=kept.by,
        at=kept.at,
        undone_at=kept.undone_at,
        undone_by=kept.undone_by,
        may_be_undone=past.may_be_undone,
    )


def _text(value: object) -> str | None:
    match value:
        case None:
            return None
        case Address():
            city = " ".join(filter(None, (value.postcode, value.city)))
            return ", ".join(filter(None, (value.street, city, value.region, value.country)))
        case Location():
            place = ", ".join(filter(None, (value.city, value.region, value.country)))
            return place or f"{value.latitude}, {value.longitude}"
        case tuple():
            return ", ".join(map(str, value))  # pyright: ignore[reportUnknownArgumentType] - choices' ids
        case bool():
            return "yes" if value else "no"
        case _:
            return str(value)
