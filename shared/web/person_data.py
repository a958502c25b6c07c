"""What each service answers when all that is kept of a person is gathered."""

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from typing import Annotated, Any

from bson import ObjectId
from fastapi import Query
from fastapi.encoders import jsonable_encoder
from pydantic import BaseModel, Field

from shared.contracts.topics import Service

MAX_CHATS = 200
ChatContactIds = Annotated[
    list[Annotated[str, Field(min_length=1, max_length=64)]], Query(alias="chat_contact_id", max_length=MAX_CHATS)
]
"""The person's chats, by the ids of their chat contacts."""


class PersonDataOut(BaseModel):
    """All that one service keeps of a person."""

    service: Service
    gathered_at: datetime
    parts: dict[str, list[dict[str, Any]]]
    """By what it is; documents as they are kept, what was sealed is opened."""


def person_data(service: Service, parts: Mapping[str, Iterable[Mapping[str, Any]]]) -> PersonDataOut:
    """Write documents as JSON; `_id` is `id`, and whose workspace it is is left out."""
    return PersonDataOut(
        service=service,
        gathered_at=datetime.now(UTC),
        parts={name: [_plain(one) for one in documents] for name, documents in parts.items()},
    )


def _plain(document: Mapping[str, Any]) -> dict[str, Any]:
    found = {"id" if name == "_id" else name: value for name, value in document.items() if name != "workspace_id"}
    encoded: dict[str, Any] = jsonable_encoder(found, custom_encoder={ObjectId: str})
    return encoded
