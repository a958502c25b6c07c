"""What must not be written to: everything under /api/identity/refusals (docs/decisions/0115)."""

from collections.abc import Sequence
from typing import Annotated

from fastapi import APIRouter, Query

from services.identity.domain.cursors import BadCursorError
from services.identity.domain.refusing import Subject
from services.identity.routes.chat_contacts import not_told
from services.identity.routes.refusal_shapes import (
    LiftAsked,
    RefusalAsked,
    RefusalOut,
    RefusalsAsked,
    RefusalsOut,
    refusal_out,
)
from services.identity.usecases.browse import Page
from services.identity.usecases.browse_refusals import BrowseRefusals
from services.identity.usecases.change_chat_contact import NotToldError, UnknownChatContactError
from services.identity.usecases.lift_refusal import LiftRefusal, RefusedThroughError, UnknownRefusalError
from services.identity.usecases.refuse import Named, Refuse
from services.identity.usecases.show_client import UnknownClientError
from shared.contracts.ids import chat_contact_id
from shared.web.access import ReadsPeople, WritesPeople
from shared.web.problems import ProblemError, invalid, not_found


def refusals(browse: BrowseRefusals, refuse: Refuse) -> APIRouter:
    """Make the routes."""
    router = APIRouter(tags=["refusals"])

    @router.get("/refusals")
    async def list_refusals(who: ReadsPeople, asked: Annotated[RefusalsAsked, Query()]) -> RefusalsOut:
        """List what is refused, the newest first."""
        try:
            page = await _asked_for(browse, who.workspace_id, asked)
        except BadCursorError as error:
            raise invalid("cursor", str(error)) from error
        except UnknownClientError:
            raise not_found("client") from None
        return RefusalsOut(
            items=await _shown(browse, who.workspace_id, page.items),
            next_cursor=page.next_cursor,
            total=page.total,
            total_is_exact=page.total_is_exact,
        )

    @router.post("/refusals", status_code=201)
    async def refuse_value(who: WritesPeople, asked: RefusalAsked) -> RefusalOut:
        """Refuse an email, a phone or a chat contact. Every sender knows of it when this answers.

        Refused already, it stays as it was.
        """
        named = _named(who.workspace_id, asked)
        try:
            (subject,) = await refuse(who.workspace_id, [named], asked.what, asked.reason, who.id)
        except (UnknownChatContactError, NotToldError) as error:
            raise _not_refused(error, asked) from error
        return (await _shown(browse, who.workspace_id, [subject]))[0]

    return router


def lifting(browse: BrowseRefusals, lift: LiftRefusal) -> APIRouter:
    """Make the route that takes a blacklisting back."""
    router = APIRouter(tags=["refusals"])

    @router.post("/refusals/{id}/lift")
    async def lift_refusal(who: WritesPeople, id: str, asked: LiftAsked) -> RefusalOut:  # noqa: A002 - the path's own word
        """Take a blacklisting back. A person does that, never a program; who did, and why, is kept."""
        if who.kind != "user":
            raise ProblemError(
                403,
                "needs-a-person",
                "A blacklisting is lifted by a person who signed in, not by an API key. Do it in the console, under "
                "Contacts → Blacklist.",
            )
        try:
            subject = await lift(who.workspace_id, id, asked.what, asked.reason, who.id)
        except (UnknownRefusalError, RefusedThroughError, NotToldError) as error:
            raise _not_lifted(error) from error
        return (await _shown(browse, who.workspace_id, [subject]))[0]

    return router


async def _shown(browse: BrowseRefusals, workspace_id: str, subjects: Sequence[Subject]) -> list[RefusalOut]:
    chats = await browse.chats_of(workspace_id, subjects)
    return [refusal_out(subject, chats) for subject in subjects]


async def _asked_for(browse: BrowseRefusals, workspace_id: str, asked: RefusalsAsked) -> Page[Subject]:
    if asked.client_id is not None:
        return await browse.of_client(workspace_id, asked.client_id)
    if asked.email is not None:
        return await browse.of_value(workspace_id, "email", asked.email)
    if asked.phone is not None:
        return await browse.of_value(workspace_id, "phone", asked.phone)
    return await browse(workspace_id, kind=asked.kind, what=asked.what, limit=asked.limit, cursor=asked.cursor)


def _named(workspace_id: str, asked: RefusalAsked) -> Named:
    if asked.email is not None:
        return Named("email", asked.email)
    if asked.phone is not None:
        return Named("phone", asked.phone)
    if asked.chat_contact_id is not None:
        return Named("chat_contact", asked.chat_contact_id)
    return Named("chat_contact", chat_contact_id(workspace_id, asked.connection_id or "", asked.contact_id or ""))


def _not_refused(error: Exception, asked: RefusalAsked) -> ProblemError:
    if isinstance(error, NotToldError):
        return not_told("They are told as soon as it is back; send this again to be sure.")
    if asked.contact_id is not None:
        message = "this connection has no contact with this id; look at GET /api/identity/chat-contacts"
        return invalid("contact_id", message)
    return invalid("chat_contact_id", "there is no such chat contact in this workspace")


def _not_lifted(error: Exception) -> ProblemError:
    match error:
        case RefusedThroughError():
            through = [one.value or one.id for one in error.subjects]
            return ProblemError(
                409,
                "refused-through",
                f"This chat is refused because its client is: {', '.join(through)}. Lift that instead.",
                more={"refusals": [one.id for one in error.subjects]},
            )
        case NotToldError():
            return not_told("Send this again when it is back.")
        case _:
            return not_found("refusal")
