"""The one register of topics: documentation, creation and tests come from here.

A topic is an ordered stream: everything that happens in a chat shares one, and the event's type says what it is.
"""

import functools
import operator
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from functools import cached_property
from typing import Annotated, Any, Literal

from pydantic import Field, TypeAdapter

from shared.contracts import accounts, chat, erasure, people, queues, sending
from shared.contracts.event import Event, StateEvent

SEGMENT = timedelta(days=1)
"""A file of a log is closed after so long: what lies in an open one is neither deleted nor compacted."""
COMPACTION_LAG = timedelta(days=1)
TOMBSTONES_KEPT = timedelta(days=7)

Service = Literal["ingest", "identity", "notification", "broadcast", "console"]


@dataclass(frozen=True)
class Topic:
    """One stream: what it carries, who writes it, who reads it, and how long it is kept."""

    name: str
    events: tuple[type[Event], ...]
    key: str
    """What orders it, in words."""
    producers: tuple[Service, ...]
    consumers: tuple[Service, ...] = ()
    """Services that read it in a group of their own, `<service>.<topic>`."""
    tails: tuple[Service, ...] = ()
    """Services whose every process reads it whole, from the start, into memory."""
    hot: bool = False
    """Hot topics get the larger number of partitions (settings; fixed when the topic is made)."""
    retention: timedelta | None = None
    """None: a state topic, compacted; the newest of each key stays."""

    @property
    def compacted(self) -> bool:
        return self.retention is None

    @property
    def gone_after(self) -> timedelta:
        """How long after something is not wanted any more its log holds nothing of it.

        A segment is closed after a day. Then retention counts; of a state topic a cleaner comes within another day, and
        tombstones go after seven.
        """
        if self.retention is not None:
            return SEGMENT + self.retention
        return SEGMENT + COMPACTION_LAG + TOMBSTONES_KEPT

    @cached_property
    def adapter(self) -> TypeAdapter[Event]:
        """Parse the JSON of any event of this topic, told apart by `type`."""
        if len(self.events) == 1:
            return TypeAdapter(self.events[0])
        union: Any = functools.reduce(operator.or_, self.events)
        told_apart: Any = Annotated[union, Field(discriminator="type")]
        return TypeAdapter(told_apart)


_RAW = timedelta(days=3)
_FORMS = timedelta(days=7)
_DEAD_LETTERS = timedelta(days=30)

CONVERSATION = Topic(
    name="conversation.v1",
    events=(
        chat.MessageReceivedV1,
        chat.MessageEditedV1,
        chat.ButtonPressedV1,
        chat.DetailsProvidedV1,
        chat.SignedInV1,
        chat.FormLeftV1,
        chat.MarketingStoppedV1,
        chat.MarketingResumedV1,
        chat.ChatBlockedV1,
        chat.ChatUnblockedV1,
        chat.UpdateUnknownV1,
    ),
    key="workspace/connection/contact id",
    producers=("ingest",),
    consumers=("ingest", "identity"),
    hot=True,
    retention=_RAW,
)
CONTACT_FORM = Topic(
    name="contact-form.v1",
    events=(queues.ContactFormReceivedV1,),
    key="workspace/connection/contact id",
    producers=("ingest",),
    consumers=("notification",),
    retention=_FORMS,
)
OUTBOUND = Topic(
    name="outbound.v1",
    events=(sending.MessageRequestedV1,),
    key="workspace/connection/contact id",
    producers=("ingest",),
    consumers=("broadcast",),
    hot=True,
    retention=_RAW,
)
RECEIPT = Topic(
    name="receipt.v1",
    events=(sending.ReceiptReceivedV1,),
    key="workspace/connection/contact id",
    producers=("ingest",),
    consumers=("broadcast",),
    hot=True,
    retention=_RAW,
)
DELIVERY = Topic(
    name="delivery.v1",
    events=(sending.DeliveryUpdatedV1,),
    key="workspace/connection/contact id",
    producers=("broadcast",),
    consumers=("ingest", "identity"),
    hot=True,
    retention=_RAW,
)
CHAT_CONTACT = Topic(
    name="chat-contact.v1",
    events=(people.ChatContactStateV1,),
    key="chat contact's id",
    producers=("identity",),
    consumers=("notification",),
    hot=True,
)
CLIENT = Topic(
    name="client.v1",
    events=(people.ClientStateV1,),
    key="client's id",
    producers=("identity",),
    consumers=("notification",),
    hot=True,
)
PERMISSION = Topic(
    name="permission.v1",
    events=(people.PermissionStateV1,),
    key="chat contact's id, or the keyed hash of an address / fact",
    producers=("ingest", "identity", "broadcast"),
    tails=("ingest", "broadcast"),
)
CONNECTION = Topic(
    name="connection.v1",
    events=(accounts.ConnectionStateV1,),
    key="connection's id",
    producers=("ingest",),
    tails=("ingest", "identity", "notification", "broadcast"),
)
QUEUE = Topic(
    name="queue.v1",
    events=(queues.QueueStateV1,),
    key="queue's id",
    producers=("notification",),
    tails=("ingest", "notification"),
)
ACCESS = Topic(
    name="access.v1",
    events=(accounts.SigningKeyStateV1, accounts.UserStateV1, accounts.ApiKeyStateV1),
    key="kind / id",
    producers=("console",),
    tails=("ingest", "identity", "notification", "broadcast", "console"),
)
KEY_USE = Topic(
    name="key-use.v1",
    events=(accounts.ApiKeyUsedV1,),
    key="API key's id",
    producers=("ingest", "identity", "notification", "broadcast", "console"),
    tails=("console",),
)
ERASURE = Topic(
    name="erasure.v1",
    events=(erasure.ErasureRequestedV1, erasure.ErasureDoneV1),
    key="erasure's id",
    producers=("identity", "ingest", "notification", "broadcast"),
    consumers=("identity", "ingest", "notification", "broadcast"),
    retention=_FORMS,
)
DEAD_LETTER = Topic(
    name="dead-letter.v1",
    events=(),
    key="the record's own",
    producers=("ingest", "identity", "notification", "broadcast"),
    retention=_DEAD_LETTERS,
)

TOPICS: tuple[Topic, ...] = (
    CONVERSATION,
    CONTACT_FORM,
    OUTBOUND,
    RECEIPT,
    DELIVERY,
    CHAT_CONTACT,
    CLIENT,
    PERMISSION,
    CONNECTION,
    QUEUE,
    ACCESS,
    KEY_USE,
    ERASURE,
    DEAD_LETTER,
)
BY_NAME: Mapping[str, Topic] = {topic.name: topic for topic in TOPICS}


def is_state(event: type[Event]) -> bool:
    """Tell whether an event carries the full state of a thing."""
    return issubclass(event, StateEvent)
