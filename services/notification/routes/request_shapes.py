"""Contact requests as the API takes and shows them."""

from datetime import datetime
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StringConstraints

from services.notification.domain.request import CountsAs
from shared.contracts.chat import Channel
from shared.contracts.event import UtcTime
from shared.contracts.queues import FormVia

Id = Annotated[str, StringConstraints(min_length=1, max_length=64)]


class _In(BaseModel):
    model_config = ConfigDict(extra="forbid", hide_input_in_errors=True)


class RequestsAsked(_In):
    """Which requests, of those that the caller sees.

    `search` is an exact email or phone, a number of the log (`#12`), a Chat ID, or a word of what was chosen: what
    people wrote is not searched.
    """

    id: Annotated[list[Id], Field(max_length=200)] = []
    """These alone, as far as the caller sees them: to read again what has changed."""
    queue_id: Id | None = None
    status: Id | None = None
    handler: Id | None = None
    """A user's id, `me`, or `none`."""
    search: Annotated[str, StringConstraints(max_length=320)] = ""
    unseen: bool = False
    """Only what nobody has acknowledged."""
    since: Annotated[UtcTime | None, Field(alias="from")] = None
    before: Annotated[UtcTime | None, Field(alias="to")] = None
    """Up to, and without, this moment."""
    sort: Literal["newest", "oldest"] = "newest"
    limit: Annotated[int, Field(ge=1, le=200)] = 50
    cursor: Annotated[str, StringConstraints(max_length=1_000)] | None = None


class PersonOut(BaseModel):
    """A user, or an API key; without a name where it is gone."""

    id: str
    name: str | None


class LastComment(BaseModel):
    """The newest comment."""

    at: datetime
    by: PersonOut
    text: str


class EscalationOut(BaseModel):
    """How far the escalation is, while nobody has looked."""

    step: int
    next_at: datetime | None


class RequestOut(BaseModel):
    """An entry of the log. What the form says is not in it: that is viewed."""

    id: str
    n: int
    """Its number in the workspace's log."""
    at: datetime
    """When it was left."""
    queue_id: str
    queue_name: str | None
    """None where nobody knows the queue."""
    channel: Channel
    connection_id: str
    chat_contact_id: str
    client_id: str | None
    via: FormVia
    language: str | None
    while_closed: bool
    status: str
    handler: PersonOut | None
    last_comment: LastComment | None
    comments: int
    seen: bool
    """Whether somebody has acknowledged it."""
    seen_at: datetime | None
    seen_by: PersonOut | None
    viewed_by_me: bool
    escalation: EscalationOut | None
    rev: int
    """Counts changes of status and handler: who sends one that is old is told of the newer."""


class RequestList(BaseModel):
    """A page of the log."""

    items: list[RequestOut]
    next_cursor: str | None
    total: int
    total_is_exact: bool


class ChosenOut(BaseModel):
    """One answer that was chosen."""

    id: str
    label: str


class AnswerOut(BaseModel):
    """What was answered to one question; both are empty where nothing was."""

    field: str
    label: str
    kind: str
    value: str | None = None
    choices: list[ChosenOut] | None = None
    """Of a choice and a consent."""


class Viewed(BaseModel):
    """What a form says."""

    request: RequestOut
    answers: list[AnswerOut]


class HappeningOut(BaseModel):
    """One line of a request's history. `what` depends on the kind: ids and marks, and the text of a comment."""

    at: datetime
    kind: str
    by: PersonOut | None
    what: dict[str, Any]


class History(BaseModel):
    """What happened to a request, the newest first."""

    items: list[HappeningOut]
    next_cursor: str | None


def _speaks(text: str) -> str:
    if any(ord(character) < ord(" ") and character not in "\n\t" for character in text):
        raise ValueError("this has control characters; leave them out")
    return text


class CommentIn(_In):
    """Words for the colleagues."""

    text: Annotated[
        str, StringConstraints(strip_whitespace=True, min_length=1, max_length=4_000), AfterValidator(_speaks)
    ]


class StatusIn(_In):
    """How far it is. `rev` is that of the request as the caller read it."""

    status: Id
    rev: int


class TakeIn(_In):
    """Nothing needs to be said: what is nobody's becomes the caller's."""

    rev: int | None = None


class GiveIn(_In):
    """To whom it goes; null puts it back for all."""

    user_id: Id | None
    rev: int


class SeenIn(_In):
    """Requests that a person acknowledged."""

    ids: Annotated[list[Id], Field(min_length=1, max_length=500)]


class SeenOut(BaseModel):
    """How many of them nobody had acknowledged before."""

    seen: int


class UnseenOut(BaseModel):
    """What nobody has acknowledged, of all that the caller sees."""

    total: int
    by_queue: dict[str, int]


class StatusOut(BaseModel):
    """A status."""

    id: str
    label: dict[str, str]
    counts_as: CountsAs
    built_in: bool
    removed: bool
    """It is set no more; requests may still have it."""


class StatusList(BaseModel):
    """All statuses, built-in ones first."""

    items: list[StatusOut]
    next_cursor: None = None
    total: int
    total_is_exact: bool = True
    rev: int
    """Of the workspace's own ones."""


Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=80)]
Tag = Annotated[str, StringConstraints(pattern=r"^[a-z]{2,3}(-[a-z0-9]{2,8})*$", max_length=35)]


class OwnStatusIn(_In):
    """A status of the workspace's own; without an id it is new."""

    id: Id | None = None
    label: Annotated[dict[Tag, Text], Field(min_length=1, max_length=30)]
    counts_as: CountsAs = "open"


class StatusesIn(_In):
    """The workspace's own statuses, as they shall be. What is left out is removed."""

    own: Annotated[list[OwnStatusIn], Field(max_length=50)]
    rev: int
