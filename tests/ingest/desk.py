"""Keeps conversations on a real database, with a broker that can be told to fail, and shows what an agent would see."""

import secrets
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from services.ingest.domain.conversation import StoredMessage
from services.ingest.domain.scenario import Scenario
from services.ingest.domain.scenario_check import read_scenario
from services.ingest.settings import IngestSettings
from services.ingest.store.conversations import Conversations, Messages, UnknownUpdates
from services.ingest.usecases.keep_conversations import KeepConversations
from services.ingest.usecases.note_deliveries import NoteDeliveries
from shared.contracts import chat
from shared.contracts.event import Event
from shared.contracts.people import PermissionStateV1
from shared.contracts.permissions import PermissionBook
from shared.contracts.topics import Topic
from shared.messaging.publisher import BrokerAwayError, Publisher
from shared.storage.erased import ErasedChats
from shared.storage.mongo import Client, database
from tests.ingest.dialog import Document, ask, end, say, scenario

START = datetime(2026, 1, 1, tzinfo=UTC)
REACH = scenario(
    {"hi": say("Hi", "name"), "name": ask("text", "how", save_as="n"), "how": ask("contact", "bye"), "bye": end("Bye")}
)


class Broker(Publisher):
    """Notes what is published; fails as often as it is told to."""

    def __init__(self, settings: IngestSettings) -> None:
        super().__init__(settings, "ingest")
        self.published: list[Event] = []
        self.fails = 0

    async def publish(self, topic: Topic, events: Iterable[Event]) -> None:  # noqa: ARG002 - Publisher's own form
        waiting = list(events)
        if waiting and self.fails:
            self.fails -= 1
            raise BrokerAwayError("away, as the test wants it")
        self.published += waiting


class Person:
    """Somebody in one chat; makes the events of what they do."""

    def __init__(self, number: int = 5551) -> None:
        self.workspace = f"ws_{secrets.token_hex(4)}"
        self.chat = chat.ChatRef(
            channel="telegram", connection_id=f"con_{secrets.token_hex(6)}", contact_id=str(number)
        )
        self._updates = 0

    @property
    def id(self) -> str:
        return self.says("").chat_contact_id

    def _event(self, after: int | None = None) -> dict[str, Any]:
        self._updates += 1
        seconds = self._updates if after is None else after
        return {
            "id": f"{self.chat.connection_id}/{self._updates:012d}",
            "time": START + timedelta(seconds=seconds),
            "workspace_id": self.workspace,
            "chat": self.chat,
        }

    def says(self, text: str, number: int | None = None) -> chat.MessageReceivedV1:
        made = self._event()
        sender = chat.Sender(name="Ann", language="en")
        message_id = str(number if number is not None else self._updates)
        return chat.MessageReceivedV1(**made, sender=sender, message_id=message_id, text=text)

    def edits(self, message: chat.MessageReceivedV1, text: str, after: int) -> chat.MessageEditedV1:
        made = self._event(after)
        sent = message.time.isoformat()
        return chat.MessageEditedV1(
            **made, sender=message.sender, message_id=message.message_id, text=text, sent_at=sent
        )

    def presses(self, data: str) -> chat.ButtonPressedV1:
        return chat.ButtonPressedV1(**self._event(), sender=chat.Sender(), press_id=secrets.token_hex(4), data=data)


class Desk:
    """Ingest's reading of its own stream, put together as its composition root does."""

    def __init__(self, settings: IngestSettings, client: Client) -> None:
        ours = database(client, settings, "ingest")
        self.client = client
        self.database = ours
        self.client = client
        self.broker = Broker(settings)
        self.permissions = PermissionBook()
        self.document: Document | None = REACH
        self.conversations = Conversations(ours)
        self.messages = Messages(ours)
        self.note = NoteDeliveries(self.messages)
        self.keep = KeepConversations(
            client=client,
            conversations=self.conversations,
            messages=self.messages,
            unknown=UnknownUpdates(ours),
            scenarios=self,
            permissions=self.permissions,
            publisher=self.broker,
            erased=ErasedChats(ours),
        )

    async def scenario(self, connection_id: str) -> Scenario | None:  # noqa: ARG002 - every connection has the same
        return read_scenario(self.document) if self.document is not None else None

    def forbid(self, person: Person, **switches: bool) -> None:
        """Take in a fact about what may be sent."""
        fact: dict[str, Any] = {"proactive": True, "reactive": True} | switches
        state = PermissionStateV1(
            id="f", time=START, workspace_id=person.workspace, rev=1, chat_contact_id=person.id, fact="switches", **fact
        )
        self.permissions.take(state)

    async def shown(self, person: Person) -> list[tuple[str, str]]:
        """Return the chat as an agent reads it, the oldest first."""
        return [(one.direction, one.text) for one in await self.stored(person)]

    async def stored(self, person: Person) -> list[StoredMessage]:
        page = await self.messages.page(person.workspace, person.id, before=None, limit=1000)
        return page[::-1]

    def said(self) -> list[tuple[str, str]]:
        """Return what was published, once per id: order is each topic's own."""
        seen: dict[str, Event] = {}
        for event in self.broker.published:
            assert seen.setdefault(event.id, event) == event, "the same id must say the same"
        return sorted((event.id.split("/", 1)[1], getattr(event, "text", event.type)) for event in seen.values())


def in_batches(events: Sequence[Event], size: int) -> list[Sequence[Event]]:
    return [events[at : at + size] for at in range(0, len(events), size)]
