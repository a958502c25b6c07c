"""All that broadcast keeps of a person: for a file of their data."""

from fastapi import APIRouter

from services.broadcast.store.personal import PersonalData
from shared.web.access import GuardsPrivacy
from shared.web.person_data import ChatContactIds, PersonDataOut, person_data


def router(personal: PersonalData) -> APIRouter:
    """Make the route."""
    found = APIRouter(tags=["personal data"])

    @found.get("/people/data")
    async def gather_deliveries(who: GuardsPrivacy, chat_contact_ids: ChatContactIds) -> PersonDataOut:
        """Gather what was to be sent to a person's chats, and what became of it."""
        return person_data("broadcast", {"deliveries": await personal.deliveries(who.workspace_id, chat_contact_ids)})

    return found
