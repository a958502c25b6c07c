"""An agent in a conversation: how it stands, answers, taking over and giving back."""

from collections.abc import Mapping
from datetime import datetime
from typing import Annotated, Literal

from fastapi import APIRouter
from pydantic import BaseModel, ConfigDict, StringConstraints

from services.ingest.domain.kept_chat import Hold
from services.ingest.domain.speaking import LONGEST
from services.ingest.usecases.speak_as_agent import (
    HeldByAnotherError,
    MayNotSpeakError,
    NoConversationError,
    SpeakAsAgent,
    TooLongError,
    WhyNot,
)
from shared.contracts.chat import ChatRef
from shared.web.access import AccessBook, ReadsConversations, WritesConversations
from shared.web.problems import ProblemError, invalid, not_found

WHY_NOT: Mapping[WhyNot, str] = {
    "connection": "The connection is gone or switched off. An admin can switch it on under Channels → Connections.",
    "forbidden": "This person has blocked the connection, so nothing can be sent to them.",
    "window": "The channel takes no free text now: too long ago has this person last written. Wait until they do.",
}


class HoldOut(BaseModel):
    """Who speaks in the scenario's place."""

    user_id: str
    name: str | None
    until: datetime
    """Then the scenario speaks again, unless an agent says something before."""


class StandingOut(BaseModel):
    """How a conversation stands for an agent."""

    id: str
    chat: ChatRef
    hold: HoldOut | None
    may_answer: bool
    why_not: WhyNot | None
    window_until: datetime | None
    """Until when the channel takes an agent's words; None: for ever."""
    longest_text: int
    longest_unit: Literal["characters", "bytes"]


class WordsIn(BaseModel):
    """What an agent says."""

    model_config = ConfigDict(extra="forbid")

    id: Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_-]{8,64}$")]
    """The caller's own: the same one twice is said once."""
    text: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=4096)]


class WordsOut(BaseModel):
    """What will be sent."""

    id: str
    at: datetime
    text: str
    status: str | None


class _Words:
    """Says why not, with the names of users."""

    def __init__(self, access: AccessBook) -> None:
        self._access = access

    def hold(self, workspace_id: str, hold: Hold) -> HoldOut:
        user = self._access.user(workspace_id, hold.user_id)
        return HoldOut(user_id=hold.user_id, name=user.name if user else None, until=hold.until)

    def problem(self, workspace_id: str, error: Exception) -> ProblemError:
        match error:
            case HeldByAnotherError():
                held = self.hold(workspace_id, error.hold)
                name = held.name or "Somebody else"
                words = f"{name} has taken over this conversation. Ask them to give it back, or give it back yourself."
                return ProblemError(409, "taken-over", words, more={"hold": held.model_dump(mode="json")})
            case MayNotSpeakError():
                return ProblemError(409, f"no-answer-{error.why}", WHY_NOT[error.why])
            case TooLongError():
                longest = error.longest
                return invalid("text", f"the channel takes at most {longest.most} {longest.unit}: shorten it")
            case _:
                return not_found("conversation")


def router(speak: SpeakAsAgent, access: AccessBook) -> APIRouter:
    """Make the routes."""
    routes = APIRouter(prefix="/conversations/{chat_contact_id}", tags=["conversations"])
    words_of = _Words(access)

    @routes.get("")
    async def standing(who: ReadsConversations, chat_contact_id: str) -> StandingOut:
        """Show who holds a conversation, and whether the channel takes an answer now."""
        try:
            found = await speak.standing(who.workspace_id, chat_contact_id)
        except NoConversationError as error:
            raise words_of.problem(who.workspace_id, error) from error
        longest = LONGEST[found.conversation.chat.channel]
        return StandingOut(
            id=found.conversation.id,
            chat=found.conversation.chat,
            hold=words_of.hold(who.workspace_id, found.hold) if found.hold else None,
            may_answer=found.why_not is None,
            why_not=found.why_not,
            window_until=found.window.of_a_person_until,
            longest_text=longest.most,
            longest_unit="bytes" if longest.unit == "bytes" else "characters",
        )

    @routes.post("/messages", status_code=201)
    async def say(who: WritesConversations, chat_contact_id: str, words: WordsIn) -> WordsOut:
        """Answer as an agent, and take the conversation over from the scenario.

        The scenario stays silent until it is given back, or for four hours after the last answer. The contact's
        reactive switch stops automated answers alone, never these.
        """
        try:
            said = await speak.say(who.workspace_id, chat_contact_id, who.id, words.id, words.text)
        except (NoConversationError, HeldByAnotherError, MayNotSpeakError, TooLongError) as error:
            raise words_of.problem(who.workspace_id, error) from error
        return WordsOut(id=said.id, at=said.at, text=said.text, status=said.status)

    @routes.put("/hold")
    async def take_over(who: WritesConversations, chat_contact_id: str) -> HoldOut:
        """Take the conversation over from the scenario, which is silent then."""
        try:
            hold = await speak.take_over(who.workspace_id, chat_contact_id, who.id)
        except (NoConversationError, HeldByAnotherError) as error:
            raise words_of.problem(who.workspace_id, error) from error
        return words_of.hold(who.workspace_id, hold)

    @routes.delete("/hold", status_code=204)
    async def give_back(who: WritesConversations, chat_contact_id: str) -> None:
        """Give the conversation back to the scenario, whoever held it: it goes on where it waited."""
        try:
            await speak.give_back(who.workspace_id, chat_contact_id)
        except NoConversationError as error:
            raise words_of.problem(who.workspace_id, error) from error

    return routes
