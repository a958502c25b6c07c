"""POST /api/identity/chat-contacts, and the connections that it may name."""

from fastapi import APIRouter

from services.identity.domain.contact_ids import BadContactIdError, contact_id_of
from services.identity.routes.asked import ChatContactAsked
from services.identity.routes.chat_contacts import not_told
from services.identity.routes.shapes import (
    ChatContactOut,
    ConnectionOut,
    ConnectionsOut,
    chat_contact_out,
)
from services.identity.store.connections import Connections
from services.identity.usecases.add_chat_contact import AddChatContact, AlreadyThereError, NewChatContact
from services.identity.usecases.change_chat_contact import NotToldError
from shared.web.access import ReadsPeople, WritesPeople
from shared.web.problems import FieldError, ProblemError, invalid


def adding(add: AddChatContact, connections: Connections) -> APIRouter:
    """Make the routes."""
    router = APIRouter(tags=["chat contacts"])

    @router.post("/chat-contacts", status_code=201)
    async def add_chat_contact(who: WritesPeople, asked: ChatContactAsked) -> ChatContactOut:
        """Add somebody by hand. A switch that is off has reached every sender's list when this answers."""
        connection = connections.get(who.workspace_id, asked.connection_id)
        if connection is None:
            raise invalid(
                "connection_id", "your workspace has no such connection; GET /api/identity/connections lists them"
            )
        try:
            contact_id = contact_id_of(connection.channel, asked.contact_id)
            new = NewChatContact(
                contact_id, asked.name, asked.external_code, asked.language, asked.proactive, asked.reactive
            )
            return chat_contact_out(await add(connection, new), connections)
        except BadContactIdError as error:
            raise invalid("contact_id", str(error)) from error
        except AlreadyThereError as error:
            message = "This connection has a contact with this id already. Change that one, or check the id."
            current = chat_contact_out(error.current, connections).model_dump(mode="json")
            raise ProblemError(
                409,
                "already-there",
                message,
                errors=[FieldError(field="contact_id", message=message)],
                more={"current": current},
            ) from error
        except NotToldError as error:
            raise not_told("They are told as soon as it is back; nothing need be sent again.") from error

    @router.get("/connections")
    async def list_connections(who: ReadsPeople) -> ConnectionsOut:
        """List where people may be found: the workspace's connections, by their names alone."""
        return ConnectionsOut(
            items=[
                ConnectionOut(
                    id=connection.id,
                    channel=connection.channel,
                    name=connection.name,
                    username=connection.username,
                    enabled=connection.enabled,
                )
                for connection in connections.of(who.workspace_id)
            ]
        )

    return router
