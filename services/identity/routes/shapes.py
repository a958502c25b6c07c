"""What goes in and out over HTTP. In and out are separate, and nothing unknown gets in."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from pydantic import BaseModel

from services.identity.domain.client import Client, Holding
from services.identity.domain.people import ChatContact, Kind, LinkedBy, Mark
from services.identity.domain.tags import Tag, TagColor
from services.identity.routes.profile_shapes import NamedOut, ProfileOut, profile_out
from services.identity.store.connections import Connections
from services.identity.usecases.show_client import WholeClient
from shared.contracts.chat import Channel, Strength


class MessageOut(BaseModel):
    """A message in short."""

    at: datetime
    text: str
    """At most 280 characters of it, or what was attached, in words."""


class ChatContactOut(BaseModel):
    """A person as one connection sees them."""

    id: str
    contact_id: str
    """The Chat ID: the person's id on the channel. It never changes."""
    channel: Channel
    connection_id: str
    connection_name: str | None
    connection_username: str | None
    bot_id: str | None
    """The provider's id of our account: a Telegram bot's id."""
    name: str | None
    username: str | None
    language: str | None
    external_code: str | None
    proactive: bool
    reactive: bool
    blocked: bool
    registered: bool
    client_id: str | None
    first_message: MessageOut | None
    last_message: MessageOut | None
    created_at: datetime
    rev: int


class ChatContactsOut(BaseModel):
    """A page of chat contacts."""

    items: list[ChatContactOut]
    next_cursor: str | None
    total: int
    total_is_exact: bool


class ConnectionOut(BaseModel):
    """An account of the workspace on a channel, in short."""

    id: str
    channel: Channel
    name: str
    username: str | None
    enabled: bool


class ConnectionsOut(BaseModel):
    """All connections of the workspace, by channel and name."""

    items: list[ConnectionOut]


class ClientChatOut(BaseModel):
    """A channel of a client, in short."""

    id: str
    channel: Channel
    connection_id: str
    contact_id: str
    registered: bool


class ClientTagOut(BaseModel):
    """A tag of a client."""

    id: str
    name: str
    color: TagColor


class ClientOut(BaseModel):
    """A person with a profile."""

    id: str
    name: str
    surname: str | None
    email: str | None
    email_verified: bool
    phone: str | None
    phone_verified: bool
    contact_key: str | None
    source: Channel | None
    tags: list[ClientTagOut]
    registered: bool
    chat_contacts: list[ClientChatOut]
    created_at: datetime
    rev: int


class ListedClientOut(ClientOut):
    """A client as lists show it."""

    language: str | None
    groups: list[NamedOut]
    segments: list[NamedOut]
    """Those kept by hand."""


class ClientsOut(BaseModel):
    """A page of clients."""

    items: list[ListedClientOut]
    next_cursor: str | None
    total: int
    total_is_exact: bool


class CountsOut(BaseModel):
    """How many clients there are, exactly."""

    all: int
    registered: int
    not_registered: int


class LinkedOut(BaseModel):
    """Why a channel belongs to a client."""

    how: LinkedBy
    strength: Strength | None
    """None where nothing was given: the first message made the client."""
    value: str | None
    at: datetime


class ChannelOut(BaseModel):
    """A channel of a client."""

    chat_contact: ChatContactOut
    linked: LinkedOut | None


class ClaimOut(BaseModel):
    """A value that was given in a chat, and that the profile does not show as its own."""

    kind: Kind
    value: str
    strength: Strength
    chat_contact_id: str
    at: datetime


class WholeClientOut(ClientOut, ProfileOut):
    """A client with all that is known of it, its channels and claims."""

    channels: list[ChannelOut]
    claims: list[ClaimOut]


def chat_contact_out(contact: ChatContact, connections: Connections) -> ChatContactOut:
    """Show a chat contact, with what its connection is called now."""
    connection = connections.get(contact.workspace_id, contact.connection_id)
    return ChatContactOut(
        id=contact.id,
        contact_id=contact.contact_id,
        channel=contact.channel,
        connection_id=contact.connection_id,
        connection_name=connection.name if connection else None,
        connection_username=connection.username if connection else None,
        bot_id=connection.account_id if connection else None,
        name=contact.name,
        username=contact.username,
        language=contact.language,
        external_code=contact.external_code,
        proactive=contact.proactive,
        reactive=contact.reactive,
        blocked=contact.blocked,
        registered=contact.registered,
        client_id=contact.client_id,
        first_message=_message_out(contact.first_message),
        last_message=_message_out(contact.last_message),
        created_at=contact.created_at,
        rev=contact.rev,
    )


def _message_out(mark: Mark | None) -> MessageOut | None:
    return None if mark is None else MessageOut(at=mark.at, text=mark.text)


def client_out(client: Client, contacts: Sequence[ChatContact], tags: Mapping[str, Tag]) -> ClientOut:
    """Show a client with its channels in short; `tags` are by id, those of others among them."""
    email, phone = client.shown("email"), client.shown("phone")
    return ClientOut(
        id=client.id,
        name=client.name,
        surname=client.surname,
        email=email.value if email else None,
        email_verified=_is_verified(email),
        phone=phone.value if phone else None,
        phone_verified=_is_verified(phone),
        contact_key=client.contact_key,
        source=client.origin,
        tags=[ClientTagOut(id=tag, name=tags[tag].name, color=tags[tag].color) for tag in client.tags if tag in tags],
        registered=client.registered,
        chat_contacts=[
            ClientChatOut(
                id=contact.id,
                channel=contact.channel,
                connection_id=contact.connection_id,
                contact_id=contact.contact_id,
                registered=contact.registered,
            )
            for contact in contacts
        ],
        created_at=client.created_at,
        rev=client.rev,
    )


def listed_client_out(
    client: Client,
    contacts: Sequence[ChatContact],
    tags: Mapping[str, Tag],
    groups: Mapping[str, str],
    segments: Mapping[str, str],
) -> ListedClientOut:
    """Show a client in a list; `groups` and `segments` are names by id, those of others among them."""
    return ListedClientOut(
        **client_out(client, contacts, tags).model_dump(),
        language=client.language,
        groups=[NamedOut(id=id_, name=groups[id_]) for id_ in client.groups if id_ in groups],
        segments=[NamedOut(id=id_, name=segments[id_]) for id_ in client.segments if id_ in segments],
    )


def _is_verified(holding: Holding | None) -> bool:
    return holding is not None and holding.strength == "verified"


def whole_client_out(whole: WholeClient, connections: Connections) -> WholeClientOut:
    """Show a client with everything that is known of its channels."""
    return WholeClientOut(
        **client_out(whole.client, whole.chat_contacts, whole.tags).model_dump(),
        **profile_out(whole).model_dump(),
        channels=[
            ChannelOut(
                chat_contact=chat_contact_out(contact, connections),
                linked=None
                if contact.link is None
                else LinkedOut(
                    how=contact.link.how,
                    strength=contact.link.strength,
                    value=contact.link.value,
                    at=contact.link.at,
                ),
            )
            for contact in whole.chat_contacts
        ],
        claims=[
            ClaimOut(
                kind=claim.evidence.kind,
                value=claim.evidence.value,
                strength=claim.evidence.strength,
                chat_contact_id=claim.chat_contact_id,
                at=claim.evidence.at,
            )
            for claim in whole.claims
        ],
    )
