"""What a caller may send, checked field by field."""

from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, StringConstraints
from pydantic.json_schema import SkipJsonSchema

from services.identity.domain.contact_ids import MAX_CHARACTERS
from services.identity.domain.filter import Filter
from services.identity.domain.inputs import Id, Label, Language, plain
from shared.contracts.chat import Channel

MAX_IDS = 200
MAX_FILTERED = 20


Searched = Annotated[str, StringConstraints(strip_whitespace=True, max_length=200), AfterValidator(plain)]
Limit = Annotated[int, Field(ge=1, le=200)]


class Asked(BaseModel):
    """What every body and query is: nothing unknown gets in, and no value is repeated in an error."""

    model_config = ConfigDict(extra="forbid", hide_input_in_errors=True)


class ListAsked(Asked):
    """What every list takes."""

    search: Searched = ""
    limit: Limit = 50
    cursor: Annotated[str, StringConstraints(max_length=1_000)] | None = None
    """`next_cursor` of the page before."""
    id: Annotated[list[Id], Field(max_length=MAX_IDS)] = []
    """Only these, as far as the rest of what is asked holds for them; then nothing is paged."""
    sort: Literal["newest"] | None = None
    """The one order there is."""


class ChatContactsAsked(ListAsked):
    """`search` begins the contact id, or words of the name.

    `profile=none` is Without Contacts: who has written and has no profile. There `search` begins the Chat ID, and
    nothing else is filtered by.
    """

    profile: Literal["none", "any"] = "any"
    channel: Channel | None = None
    proactive: bool | None = None
    reactive: bool | None = None


Ids = Annotated[list[Id], Field(max_length=MAX_FILTERED)]


class FilterAsked(Asked):
    """Which clients are meant: all that is asked must hold."""

    search: Searched = ""
    """Begins a word of the name or the email, or is at either end of the phone's digits."""
    registered: bool | None = None
    source: Annotated[list[Channel], Field(max_length=MAX_FILTERED)] = []
    """Came through one of these channels."""
    tag: Ids = []
    """Has every one of these tags, by id."""
    not_tag: Ids = []
    """Has none of these tags."""
    group: Ids = []
    """Is in every one of these contact groups."""
    segment: Ids = []
    """Is in every one of these segments, by hand or by their filters."""
    refused: bool | None = None
    """Whether the email or the phone is blacklisted, unsubscribed or was reported as spam."""

    def filter(self) -> Filter:
        """Return it as the domain's."""
        return Filter(
            search=self.search,
            registered=self.registered,
            sources=tuple(sorted(set(self.source))),
            tags=tuple(sorted(set(self.tag))),
            not_tags=tuple(sorted(set(self.not_tag))),
            groups=tuple(sorted(set(self.group))),
            segments=tuple(sorted(set(self.segment))),
            refused=self.refused,
        )


class ClientsAsked(FilterAsked, ListAsked):
    """A page of the clients that are meant."""


def _never(_value: object) -> None:
    raise ValueError("this says where the person is found, and is permanent once the contact is saved; leave it out")


Fixed = SkipJsonSchema[Annotated[None, BeforeValidator(_never)]]


def left_out() -> Any:  # noqa: ANN401 - stands for a field that was not sent, and is never read
    """Stand in for a field that may be left out, and must not be null."""
    return None


class ChatContactEdit(Asked):
    """A change; what is left out stays. A name or language that is null is again what the channel says."""

    name: Label | None = None
    language: Language | None = None
    external_code: Label | None = None
    # a switch may be left out, but not be null: what stands as a default is not validated
    proactive: bool = Field(default_factory=left_out)
    reactive: bool = Field(default_factory=left_out)
    rev: int | None = None
    """The rev you saw, if the change may only be made to that: 409 otherwise."""
    contact_id: Fixed = None
    channel: Fixed = None
    connection_id: Fixed = None


class ChatContactAsked(Asked):
    """Somebody on one of the workspace's connections, whether they have written already or not."""

    connection_id: Id
    """Which of `GET /api/identity/connections` they are found on; that says the channel, too."""
    contact_id: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=MAX_CHARACTERS)]
    """Their id on the channel: mandatory, and permanent once it is saved."""
    name: Label | None = None
    external_code: Label | None = None
    language: Language | None = None
    proactive: bool = True
    """Whether messages that nobody asked for may be sent to them."""
    reactive: bool = True
    """Whether their own messages may be answered."""
