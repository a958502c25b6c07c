"""What refusals are asked with, and how they are shown."""

from collections.abc import Mapping
from datetime import datetime
from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, StringConstraints, model_validator

from services.identity.domain.inputs import Email, Id, Phone, plain
from services.identity.domain.people import ChatContact
from services.identity.domain.profile import RefusedAs
from services.identity.domain.refusing import Subject, SubjectKind
from services.identity.routes.asked import Limit
from shared.contracts.chat import Channel

Reason = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=500), AfterValidator(plain)]


class _Asked(BaseModel):
    model_config = ConfigDict(extra="forbid", hide_input_in_errors=True)


class RefusalsAsked(_Asked):
    """Without `email`, `phone` or `client_id`: all of them, a page at a time, the newest first."""

    kind: SubjectKind | None = None
    what: RefusedAs | None = None
    email: Email | None = None
    phone: Phone | None = None
    """Only this very one."""
    client_id: Id | None = None
    """Only what is refused of this client: its emails, phones and chats."""
    limit: Limit = 50
    cursor: Annotated[str, StringConstraints(max_length=1_000)] | None = None


class RefusalAsked(_Asked):
    """One email, one phone, or one chat contact, by its id or by its connection and contact id."""

    what: RefusedAs = "blacklisted"
    """Of a chat contact only `blacklisted`: what the person said there, the channel itself tells."""
    email: Email | None = None
    phone: Phone | None = None
    chat_contact_id: Id | None = None
    connection_id: Id | None = None
    contact_id: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=256)] | None = None
    reason: Reason
    """Why: it is shown on the profile."""

    @model_validator(mode="after")
    def _one_of_them(self) -> "RefusalAsked":
        named = [self.email, self.phone, self.chat_contact_id, self.contact_id]
        if sum(one is not None for one in named) != 1:
            raise ValueError("name one: an email, a phone, a chat_contact_id, or a contact_id with its connection_id")
        if (self.contact_id is None) != (self.connection_id is None):
            raise ValueError("a contact_id needs its connection_id: the same id may be known on several connections")
        if self.email is None and self.phone is None and self.what != "blacklisted":
            raise ValueError("a chat contact is blacklisted; what the person said there, the channel itself tells")
        return self


class LiftAsked(_Asked):
    """Why a refusal is taken back: it is kept in its log."""

    what: Literal["blacklisted"] = "blacklisted"
    """Spam and unsubscribed are the person's own to take back."""
    reason: Reason


class SaidOut(BaseModel):
    """One "no"."""

    what: RefusedAs
    reason: str
    at: datetime
    by: str


class ThroughOut(BaseModel):
    """The refusal of a value that reaches a chat contact."""

    refusal_id: str
    what: RefusedAs


class LoggedOut(BaseModel):
    """What was done, by whom, and why."""

    did: Literal["refused", "lifted"]
    what: RefusedAs
    reason: str
    at: datetime
    by: str


class RefusedChatOut(BaseModel):
    """A chat contact in short."""

    id: str
    channel: Channel
    contact_id: str
    name: str | None
    client_id: str | None


class RefusalOut(BaseModel):
    """What must not be written to. `id` is the keyed hash of an email or a phone, or the chat contact's id."""

    id: str
    kind: SubjectKind
    value: str | None
    """The email or the phone; null where the person was deleted: their refusal is kept, they are not."""
    chat_contact: RefusedChatOut | None
    refusals: list[SaidOut]
    through: list[ThroughOut]
    """Of a chat contact: refusals of emails and phones that reach it."""
    log: list[LoggedOut]
    at: datetime
    rev: int


class RefusalsOut(BaseModel):
    """A page of refusals."""

    items: list[RefusalOut]
    next_cursor: str | None
    total: int
    total_is_exact: bool


def refusal_out(subject: Subject, chats: Mapping[str, ChatContact]) -> RefusalOut:
    """Show a refusal; `chats` are chat contacts by id."""
    chat = chats.get(subject.id)
    return RefusalOut(
        id=subject.id,
        kind=subject.kind,
        value=subject.value,
        chat_contact=None
        if chat is None
        else RefusedChatOut(
            id=chat.id, channel=chat.channel, contact_id=chat.contact_id, name=chat.name, client_id=chat.client_id
        ),
        refusals=[SaidOut(what=one.what, reason=one.reason, at=one.at, by=one.by) for one in subject.said],
        through=[ThroughOut(refusal_id=one.subject_id, what=one.what) for one in subject.through],
        log=[LoggedOut(did=one.did, what=one.what, reason=one.reason, at=one.at, by=one.by) for one in subject.log],
        at=subject.at,
        rev=subject.rev,
    )
