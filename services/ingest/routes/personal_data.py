"""All that ingest keeps of a person: for a file of their data."""

from fastapi import APIRouter

from services.ingest.store.personal import PersonalData
from shared.web.access import GuardsPrivacy
from shared.web.person_data import ChatContactIds, PersonDataOut, person_data


def router(personal: PersonalData) -> APIRouter:
    """Make the route."""
    routes = APIRouter(tags=["personal data"])

    @routes.get("/people/data")
    async def gather_conversations(who: GuardsPrivacy, chat_contact_ids: ChatContactIds) -> PersonDataOut:
        """Gather conversations, messages and what a website's chat showed, of a person's chats."""
        ids = chat_contact_ids
        return person_data(
            "ingest",
            {
                "conversations": await personal.conversations(who.workspace_id, ids),
                "messages": await personal.messages(who.workspace_id, ids),
                "website_messages": await personal.lines(who.workspace_id, ids),
            },
        )

    return routes
