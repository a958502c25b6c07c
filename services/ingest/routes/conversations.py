"""A chat's last steps in the scenario, and its messages."""

from datetime import datetime
from typing import Annotated, Literal

from fastapi import APIRouter, Query
from pydantic import BaseModel

from services.ingest.domain.form_left import form_id_of
from services.ingest.domain.kept_chat import Conversation
from services.ingest.store.conversations import Conversations, Messages
from services.ingest.usecases.connection_book import ConnectionBook
from shared.contracts.ids import request_id
from shared.web.access import AccessBook, ReadsConversations
from shared.web.cursors import read_cursor, write_cursor
from shared.web.problems import not_found

StepKind = Literal["said", "asked", "answered", "not_understood", "gave_up", "ended", "restarted", "branched"]


class StepOut(BaseModel):
    """One step that was taken."""

    at: datetime
    step: str
    """The step's name in the scenario."""
    kind: StepKind
    text: str
    """What was said, asked or answered, in short."""


class ScenarioStateOut(BaseModel):
    """Where the dialog stands."""

    name: str | None
    """None: the connection has no scenario now."""
    state: Literal["not_started", "waiting", "ended"]
    waits_at: str | None


class StepList(BaseModel):
    """The last steps, the newest first; twenty are kept."""

    items: list[StepOut]
    scenario: ScenarioStateOut


class MessageOut(BaseModel):
    """One message, either way."""

    id: str
    at: datetime
    direction: Literal["in", "out"]
    kind: str
    text: str
    status: str | None
    """Of ours: queued, sent, failed or unknown."""
    error: str | None
    """Why it failed."""
    edited_at: datetime | None
    by: str | None
    """The name of the user whose own words it is; None for a person's and a scenario's."""
    request_id: str | None
    """Of a form that was left: the entry in its queue's log."""


class MessageList(BaseModel):
    """A page of messages, the newest first."""

    items: list[MessageOut]
    next_cursor: str | None


def _state(conversation: Conversation) -> Literal["not_started", "waiting", "ended"]:
    if conversation.progress.ended:
        return "ended"
    return "waiting" if conversation.progress.step else "not_started"


def _name(access: AccessBook, workspace_id: str, user_id: str | None) -> str | None:
    user = access.user(workspace_id, user_id) if user_id else None
    return user.name if user else user_id


def router(conversations: Conversations, messages: Messages, book: ConnectionBook, access: AccessBook) -> APIRouter:
    """Make the routes."""
    routes = APIRouter(tags=["conversations"])

    @routes.get("/conversations/{chat_contact_id}/steps")
    async def last_steps(who: ReadsConversations, chat_contact_id: str) -> StepList:
        """Show the last steps that a person took in the scenario."""
        found = await _one(who.workspace_id, chat_contact_id)
        scenario = await book.scenario(found.chat.connection_id)
        return StepList(
            items=[StepOut.model_validate(vars(step)) for step in reversed(found.steps)],
            scenario=ScenarioStateOut(
                name=scenario.name if scenario else None, state=_state(found), waits_at=found.progress.step
            ),
        )

    @routes.get("/conversations/{chat_contact_id}/messages")
    async def list_messages(
        who: ReadsConversations,
        chat_contact_id: str,
        limit: Annotated[int, Query(ge=1, le=200)] = 50,
        cursor: str | None = None,
    ) -> MessageList:
        """List the messages of a chat, both ways, the newest first."""
        await _one(who.workspace_id, chat_contact_id)
        before: tuple[datetime, str] | None = None
        if cursor is not None:
            at, id_ = read_cursor(cursor, datetime, str)
            before = (at, id_)
        found = await messages.page(who.workspace_id, chat_contact_id, before=before, limit=limit + 1)
        more = len(found) > limit
        page = found[:limit]
        return MessageList(
            items=[
                MessageOut(
                    id=one.id,
                    at=one.at,
                    direction="in" if one.direction == "in" else "out",
                    kind=one.kind,
                    text=one.text,
                    status=one.status,
                    error=one.reason,
                    edited_at=one.edited_at,
                    by=_name(access, who.workspace_id, one.by),
                    request_id=request_id(who.workspace_id, form_id_of(one.cause)) if one.kind == "form" else None,
                )
                for one in page
            ],
            next_cursor=write_cursor(page[-1].at, page[-1].id) if more else None,
        )

    async def _one(workspace_id: str, chat_contact_id: str) -> Conversation:
        found = await conversations.one(workspace_id, chat_contact_id)
        if found is None:
            raise not_found("conversation")
        return found

    return routes
