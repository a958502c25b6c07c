"""Everything under /api/identity/chat-contacts."""

from typing import Annotated

from fastapi import APIRouter, Depends, Header, Query, Request

from services.identity.domain.cursors import BadCursorError
from services.identity.domain.editing import EDITABLE, Editable
from services.identity.routes.asked import ChatContactEdit, ChatContactsAsked
from services.identity.routes.shapes import ChatContactOut, ChatContactsOut, chat_contact_out
from services.identity.store.chat_contact_lists import Kind
from services.identity.store.connections import Connections
from services.identity.usecases.browse import BrowseChatContacts
from services.identity.usecases.change_chat_contact import (
    ChangeChatContact,
    ChangedMeanwhileError,
    NotToldError,
    UnknownChatContactError,
)
from shared.web.access import ReadsPeople, WritesPeople
from shared.web.problems import FieldError, ProblemError, invalid, not_found

_OFFERED = frozenset({"profile", "search", "limit", "cursor", "id"})


def _only_what_the_page_offers(request: Request) -> None:
    """Without Contacts is for viewing and for Chat ID search; any other filter is refused, not passed over."""
    if request.query_params.get("profile") != "none":
        return
    foreign = [name for name in request.query_params if name not in _OFFERED]
    if foreign:
        message = "Without Contacts offers viewing and Chat ID search alone. Leave this out, or use profile=any."
        raise ProblemError(
            422, "invalid", f"{foreign[0]}: {message}", errors=[FieldError(field=n, message=message) for n in foreign]
        )


def chat_contacts(browse: BrowseChatContacts, change: ChangeChatContact, connections: Connections) -> APIRouter:
    """Make the routes."""
    router = APIRouter(tags=["chat contacts"])

    @router.get("/chat-contacts", dependencies=[Depends(_only_what_the_page_offers)])
    async def list_chat_contacts(who: ReadsPeople, asked: Annotated[ChatContactsAsked, Query()]) -> ChatContactsOut:
        """List chat contacts, the newest message first; a search comes in the order of what it matched."""
        if asked.id:
            page = await browse.named(who.workspace_id, asked.id, profile=asked.profile)
        else:
            try:
                page = await browse(
                    who.workspace_id,
                    profile=asked.profile,
                    search=asked.search,
                    limit=asked.limit,
                    cursor=asked.cursor,
                    kind=Kind(asked.channel, asked.proactive, asked.reactive),
                )
            except BadCursorError as error:
                raise invalid("cursor", str(error)) from error
        return ChatContactsOut(
            items=[chat_contact_out(contact, connections) for contact in page.items],
            next_cursor=page.next_cursor,
            total=page.total,
            total_is_exact=page.total_is_exact,
        )

    @router.get("/chat-contacts/{id}")
    async def get_chat_contact(who: ReadsPeople, id: str) -> ChatContactOut:  # noqa: A002 - the path's own word
        """Return one chat contact: this is what View JSON shows."""
        found = await browse.named(who.workspace_id, [id], profile="any")
        if not found.items:
            raise not_found("chat contact")
        return chat_contact_out(found.items[0], connections)

    @router.patch("/chat-contacts/{id}")
    async def change_chat_contact(
        who: WritesPeople,
        id: str,  # noqa: A002 - the path's own word
        edit: ChatContactEdit,
        if_match: Annotated[str | None, Header(pattern=r'^(W/)?"?\d+"?$')] = None,
    ) -> ChatContactOut:
        """Change a chat contact. A switch has reached every sender's list when this answers."""
        rev = edit.rev if if_match is None else int(if_match.removeprefix("W/").strip('"'))
        sent: dict[Editable, str | bool | None] = {
            field: getattr(edit, field) for field in EDITABLE if field in edit.model_fields_set
        }
        try:
            contact = await change(who.workspace_id, id, sent, rev)
        except UnknownChatContactError:
            raise not_found("chat contact") from None
        except ChangedMeanwhileError as error:
            current = chat_contact_out(error.current, connections).model_dump(mode="json")
            raise ProblemError(
                409,
                "changed-meanwhile",
                "Somebody changed this chat contact since you read it. Look at `current`, and send your change again "
                "with its rev.",
                more={"current": current, "yours": {"rev": rev, **sent}},
            ) from error
        except NotToldError as error:
            raise not_told("They are told as soon as it is back; send this again to be sure.") from error
        return chat_contact_out(contact, connections)

    return router


def not_told(what_now: str) -> ProblemError:
    """Say that a change is stored, and that those who must obey it do not know of it yet."""
    return ProblemError(
        503,
        "not-told-yet",
        f"This is saved, but the senders have not been told yet: the broker is away. {what_now}",
        headers={"Retry-After": "2"},
    )
