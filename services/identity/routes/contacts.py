"""The contacts API, for a shop or a CRM: POST /api/identity/contacts."""

from typing import Annotated

from fastapi import APIRouter, Request
from pydantic import BaseModel, ConfigDict, Field

from services.identity.domain.contact_row import AT_ONCE, DedupeOn, LenientRow
from services.identity.routes.telling import IdempotencyKey, ToldRowsOut, ledger_of, other_call, rows_out
from services.identity.store.answers import OtherCallError
from services.identity.usecases.answer_once import AnswerOnce
from services.identity.usecases.upsert_contacts import Said, UpsertContacts
from shared.web.access import WritesPeople


class ContactsAsked(BaseModel):
    """People to add or update, and what tells whether somebody is there already."""

    model_config = ConfigDict(
        extra="forbid",
        hide_input_in_errors=True,
        json_schema_extra={
            "examples": [
                {
                    "dedupe_on": "email",
                    "contacts": [
                        {"email": "ann@example.com", "name": "Ann", "surname": "Example", "tags": ["newsletter"]},
                        {"email": "bo@example.com", "name": "Bo", "contact_key": "customer-1002"},
                    ],
                }
            ]
        },
    )

    dedupe_on: DedupeOn
    """What of each row tells who it is about. An email or a phone that a visitor merely claimed tells nobody."""
    contacts: Annotated[list[LenientRow], Field(min_length=1, max_length=AT_ONCE)]


def contacts(upsert: UpsertContacts, once: AnswerOnce) -> APIRouter:
    """Make the route."""
    router = APIRouter(tags=["contacts API"])

    @router.post("/contacts")
    async def upsert_contacts(
        who: WritesPeople, asked: ContactsAsked, request: Request, idempotency_key: IdempotencyKey = None
    ) -> ToldRowsOut:
        """Add or update people, up to 500 in one call.

        Each row is taken or refused by itself, and the answer says which: a row that is wrong changes nothing, and
        stops no other. What you say counts as stated: known to you, neither claimed by the person nor proved.
        """
        ledger = await ledger_of(once, who.workspace_id, idempotency_key, request)
        try:
            outcomes = await upsert(Said(who.workspace_id, asked.dedupe_on, "api"), asked.contacts, ledger=ledger)
        except OtherCallError:
            raise other_call() from None
        return rows_out(outcomes)

    return router
