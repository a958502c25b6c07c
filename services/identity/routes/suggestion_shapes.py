"""What suggestions are asked with, and how they are shown."""

from datetime import datetime
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, StringConstraints

from services.identity.domain.client import Client
from services.identity.domain.decisions import Reason
from services.identity.domain.inputs import Id
from services.identity.domain.merging_by_hand import Warned
from services.identity.routes.asked import Limit
from services.identity.routes.merge_shapes import Choices, EvidenceOut, PersonOut, person_out
from services.identity.store.suggestions import Suggestion


class _Asked(BaseModel):
    model_config = ConfigDict(extra="forbid", hide_input_in_errors=True)


class AcceptAsked(_Asked):
    """How the two are merged; by default into the client whose value it is."""

    survivor: Id | None = None
    choices: Choices = {}
    accepts: list[Warned] = []


class SuggestionsAsked(_Asked):
    """With `client_id`: all about that client."""

    status: Literal["waiting", "accepted", "declined", "merged", "closed"] = "waiting"
    client_id: Id | None = None
    limit: Limit = 50
    cursor: Annotated[str, StringConstraints(max_length=1_000)] | None = None


class AboutOut(EvidenceOut):
    """Why the question came up."""

    reason: Reason
    chat_contact_id: str


class SuggestionOut(BaseModel):
    """Two clients that may be one person. `other` is who holds the value that was given in a chat of `client`."""

    id: str
    client: PersonOut
    other: PersonOut
    about: list[AboutOut]
    status: Literal["waiting", "accepted", "declined", "merged", "closed"]
    at: datetime


class SuggestionsOut(BaseModel):
    """A page of suggestions."""

    items: list[SuggestionOut]
    next_cursor: str | None
    total: int
    total_is_exact: bool


def suggestion_out(suggestion: Suggestion, client: Client, other: Client) -> SuggestionOut:
    """Show a suggestion with the two as they are now."""
    return SuggestionOut(
        id=suggestion.id,
        client=person_out(client),
        other=person_out(other),
        about=[
            AboutOut(
                kind=one.evidence.kind,
                value=one.evidence.value,
                strength=one.evidence.strength,
                how=one.evidence.how,
                at=one.evidence.at,
                reason=one.reason,
                chat_contact_id=one.chat_contact_id,
            )
            for one in suggestion.about
        ],
        status=suggestion.status,
        at=suggestion.at,
    )
